"""The forms of this room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html

from hakari.messages import render, say
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.language import in_readers_words, reader_language
from hakari.office.intake.weighing import UNKNOWN
from hakari.office.people.models import Unit, new_key
from hakari.packs.triage import PreScanQuestion

__all__ = ["AskForm", "LevelForm", "OutsideForm", "QuestionForm", "ReasonForm", "ReplyForm", "StartForm"]

_LONGEST_NOTE = 1_000
_TEXTS = "office.intake.form."


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A unit under its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return in_readers_words(obj.names)


class StartForm(OfficeForm):
    """The first page: what it is called, whose it is, and what it is for."""

    texts = f"{_TEXTS}start"
    title = forms.CharField(max_length=200)
    unit = UnitField(queryset=Unit.objects.none(), empty_label=None)
    purpose = forms.CharField(max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
    once = forms.CharField(widget=forms.HiddenInput, max_length=32, initial=new_key)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units


class QuestionForm(OfficeForm):
    """One question of the pre-scan; "I don't know" is one of its choices."""

    texts = f"{_TEXTS}question"
    answer: Any = forms.ChoiceField()
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: PreScanQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = choice_field(question)
        self.order_fields(["answer"])

    def clean_answer(self) -> Any:
        """Refuse a choice together with "I don't know"."""
        return _one_kind(self.cleaned_data["answer"])


class AskForm(OfficeForm):
    """Whom to ask, what, and how much to tell."""

    texts = f"{_TEXTS}ask"
    which = forms.ChoiceField(widget=forms.RadioSelect)
    email = forms.EmailField(max_length=200)
    language = forms.ChoiceField(choices=[("en", "English"), ("ja", "日本語")])
    shown_title = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=_LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    once = forms.CharField(widget=forms.HiddenInput, max_length=32, initial=new_key)

    def __init__(self, *args: Any, many: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("this", tell("office.intake.ask.this"))]
        if many > 1:
            choices.append(("all", tell("office.intake.ask.all", n=many)))
        field: Any = self.fields["which"]
        field.choices = choices


class OutsideForm(OfficeForm):
    """What somebody outside answers: every question in both languages, a remark, and who they are."""

    texts = f"{_TEXTS}outside"
    name = forms.CharField(max_length=120)
    remark = forms.CharField(max_length=_LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, questions: Sequence[PreScanQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q-{question.id}"] = choice_field(question, both=True)
        self.order_fields([f"q-{question.id}" for question in questions])
        self.asked = tuple(question.id for question in questions)

    def clean(self) -> dict[str, Any]:
        """Refuse a choice together with "I don't know"."""
        cleaned = super().clean() or {}
        for name in self.asked:
            if f"q-{name}" in cleaned:
                try:
                    cleaned[f"q-{name}"] = _one_kind(cleaned[f"q-{name}"])
                except forms.ValidationError as error:
                    self.add_error(f"q-{name}", error)
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by question."""
        return {name: self.cleaned_data[f"q-{name}"] for name in self.asked}


class ReasonForm(OfficeForm):
    """Why something is raised or asked back."""

    texts = f"{_TEXTS}reason"
    reason = forms.CharField(max_length=_LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class ReplyForm(OfficeForm):
    """What the reporter says to what was asked back."""

    texts = f"{_TEXTS}reply"
    reply = forms.CharField(max_length=_LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class LevelForm(OfficeForm):
    """A tier and why."""

    texts = f"{_TEXTS}level"
    level = forms.ChoiceField(widget=forms.RadioSelect)
    remark = forms.CharField(max_length=_LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, levels: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [(level, tell(f"office.intake.level.choice.{level}")) for level in levels]


def choice_field(question: PreScanQuestion, *, both: bool = False) -> Any:
    """Return the field of a question: radios, or checkboxes where several choices fit; "I don't know" comes last."""
    shown = _both if both else in_readers_words
    unknown = _both_said("office.intake.unknown") if both else tell("office.intake.unknown")
    choices = [*((choice.id, shown(choice.text)) for choice in question.choices), (UNKNOWN, unknown)]
    kind: Any = forms.MultipleChoiceField if question.type == "multi" else forms.ChoiceField
    widget: Any = forms.CheckboxSelectMultiple if question.type == "multi" else forms.RadioSelect
    return kind(choices=choices, widget=widget, label=shown(question.text), help_text=shown(question.help))


def _one_kind(value: Any) -> Any:
    if isinstance(value, list):
        if UNKNOWN in value and len(value) > 1:
            raise forms.ValidationError(tell("office.intake.unknown_and_choice"))
        return UNKNOWN if value == [UNKNOWN] else value
    return value


def _both(text: Any) -> str:
    first = reader_language()
    other = "en" if first == "ja" else "ja"
    return format_html(
        '<span>{} <span class="other-language" lang="{}">{}</span></span>', text[first], other, text[other]
    )


def _both_said(key: str) -> str:
    return _both({"en": render(say(key), "en"), "ja": render(say(key), "ja")})
