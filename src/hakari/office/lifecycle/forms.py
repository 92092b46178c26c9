"""What people fill in about assessments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html

from hakari.assessment.reasons import role_word, stage_word
from hakari.assessment.rules.answer_effects import UNKNOWN
from hakari.messages import render
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.language import in_readers_words, reader_language
from hakari.office.lifecycle.actions.delivering import LARGEST
from hakari.office.lifecycle.files import KINDS
from hakari.office.lifecycle.models import Outcome
from hakari.office.lifecycle.showing.facts import FactLine
from hakari.office.people.models import Person
from hakari.packs import Pack
from hakari.packs.model import Question

__all__ = [
    "AcceptForm",
    "AnswerForm",
    "ChangesForm",
    "CommentForm",
    "DeliverForm",
    "FactsForm",
    "OpenForm",
    "ProposalForm",
    "ReasonForm",
    "ResponsibleForm",
    "ReviewForm",
]

_TEXTS = "office.lifecycle.page.form."


class OpenForm(OfficeForm):
    """At which stage a use case is assessed, against which packs."""

    texts = f"{_TEXTS}open"
    stage = forms.ChoiceField(widget=forms.RadioSelect)
    packs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, stages: Sequence[str], packs: Iterable[Pack], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["stage"].choices = [(stage, render(stage_word(stage), reader_language())) for stage in stages]
        fields["packs"].choices = [(pack.reference, _pack(pack)) for pack in packs]


class AnswerForm(OfficeForm):
    """An answer to one question; "I don't know" is always among the answers."""

    texts = f"{_TEXTS}answer"
    use_required_attribute = False
    answer: Any = forms.CharField()
    unknown = forms.BooleanField(required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: Question, kept: bool = False, **kwargs: Any) -> None:
        self.question = question
        super().__init__(*args, **kwargs)
        field = _answer_field(question)
        field.label = tell(f"{_TEXTS}answer.{question.type}")
        hint = f"{_TEXTS}answer.{question.type}.hint"
        if question.type in ("multi", "file", "text") and (question.type != "text" or question.min_length):
            field.help_text = tell(hint, kinds=sorted(KINDS), least=question.min_length)
        # Whoever does not know, and whoever leaves the file that is there, types nothing.
        field.required = not kept and not (self.is_bound and self.data.get("unknown"))
        field.error_messages["required"] = tell("office.lifecycle.page.no_answer")
        self.fields["answer"] = field
        if question.type in ("yes_no", "single"):
            del self.fields["unknown"]
        self.order_fields(["answer", "unknown"])

    def clean(self) -> dict[str, Any]:
        """Refuse an answer together with "I don't know"."""
        cleaned = super().clean() or {}
        if cleaned.get("unknown") and cleaned.get("answer") not in (None, "", []):
            self.add_error("unknown", tell("office.lifecycle.page.unknown_and_answer"))
        return cleaned

    @property
    def value(self) -> Any:
        """The answer as the action takes it; for a file its name."""
        given: Any = self.cleaned_data.get("answer")
        if self.cleaned_data.get("unknown"):
            return UNKNOWN
        if self.question.type == "date":
            return given.isoformat()
        if self.question.type == "file":
            return given.name if given else ""
        if self.question.type == "number":
            return int(given) if given.is_integer() else given
        return given.replace("\r\n", "\n") if isinstance(given, str) else given

    @staticmethod
    def initial_of(question: Question, value: Any) -> dict[str, Any]:
        """Return what stands in the fields for an answer."""
        if value == UNKNOWN and question.type not in ("yes_no", "single"):
            return {"unknown": True}
        return {} if question.type == "file" else {"answer": value}


class FactsForm(OfficeForm):
    """Facts of the packs, each stated or left open."""

    texts = f"{_TEXTS}facts"
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[FactLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(line.fact.id for line in lines)
        for line in lines:
            field = _fact_field(line)
            field.label = in_readers_words(line.fact.title)
            field.help_text = in_readers_words(line.fact.help)
            self.fields[f"f-{line.fact.id}"] = field

    @staticmethod
    def initial_of(lines: Iterable[FactLine]) -> dict[str, Any]:
        """Return what is stated now."""
        return {
            f"f-{line.fact.id}": ("yes" if line.value else "no") if isinstance(line.value, bool) else line.value
            for line in lines
            if line.text is not None
        }

    @property
    def stated(self) -> dict[str, Any]:
        """The facts as the action takes them; None takes one back."""
        return {name: _fact_value(self.cleaned_data[f"f-{name}"]) for name in self.names}


class DeliverForm(OfficeForm):
    """A case bundle."""

    texts = f"{_TEXTS}deliver"
    file = forms.FileField(widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}))

    def clean_file(self) -> Any:
        """Refuse what is too large before any of it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(tell("office.lifecycle.bundle_large", most=LARGEST // 2**20))
        return file


class CommentForm(OfficeForm):
    """A comment on a question."""

    texts = f"{_TEXTS}comment"
    comment = forms.CharField(max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))


class ReviewForm(OfficeForm):
    """Advice on a round."""

    texts = f"{_TEXTS}advise"
    text = forms.CharField(max_length=8_000, widget=forms.Textarea(attrs={"rows": 5}))


class ChangesForm(ReviewForm):
    """What should change, and in which answers."""

    texts = f"{_TEXTS}changes"
    questions = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["questions"]
        field.choices = choices


class ProposalForm(ReviewForm):
    """What the office proposes to the committee, and why."""

    texts = f"{_TEXTS}propose"
    proposal = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["proposal"]
        field.choices = [(value, tell(f"office.lifecycle.page.outcome.{value}")) for value in Outcome.values]
        self.order_fields(["proposal", "text"])


class ReasonForm(OfficeForm):
    """Why a round is taken back."""

    texts = f"{_TEXTS}take_back"
    reason = forms.CharField(max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(OfficeForm):
    """Until when something is accepted, why, and how it is watched."""

    texts = f"{_TEXTS}accept"
    reason = forms.CharField(max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}))
    condition = forms.CharField(max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


class ResponsibleForm(OfficeForm):
    """Who answers for each role, by address; an empty field leaves it to the owner."""

    texts = f"{_TEXTS}responsible"

    def __init__(self, *args: Any, roles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = {f"role-{role}": role for role in roles}
        for name, role in self.roles.items():
            field = forms.EmailField(required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
            field.label = render(role_word(role), reader_language())
            field.help_text = roles[role]
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Find the people behind the addresses."""
        cleaned = super().clean() or {}
        for name in self.roles:
            address = cleaned.get(name)
            if address:
                person = Person.objects.filter(email__iexact=address, is_active=True, erased_at=None).first()
                if person is None:
                    self.add_error(name, tell("office.registry.no_account", address=address))
                cleaned[name] = person
        return cleaned

    @property
    def people(self) -> dict[str, Person | None]:
        """Who was named for which role."""
        return {role: self.cleaned_data.get(name) or None for name, role in self.roles.items()}


def _pack(pack: Pack) -> Any:
    return format_html(
        '<span><strong>{}</strong> <span class="quiet number">{}</span><span class="other-language">{}</span></span>',
        in_readers_words(pack.title),
        pack.reference,
        in_readers_words(pack.summary),
    )


def _answer_field(question: Question) -> Any:
    kind = question.type
    if kind in ("yes_no", "single", "multi"):
        choices = [
            (choice.id, in_readers_words(choice.text or choice.title or choice.id)) for choice in question.choices
        ]
        if kind == "multi":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
        if kind == "yes_no":
            choices = [(name, tell(f"office.lifecycle.page.{name}")) for name in ("yes", "no")]
        choices.append((UNKNOWN, tell("office.lifecycle.page.unknown")))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
    if kind == "number":
        return _Number(widget=forms.NumberInput(attrs={"step": "any"}))
    if kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    if kind == "file":
        accept = ",".join(f".{ending}" for ending in sorted(KINDS))
        return forms.FileField(max_length=200, widget=forms.FileInput(attrs={"accept": accept}))
    return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))


class _Number(forms.FloatField):
    """A number that has an end."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not math.isfinite(found):
            raise forms.ValidationError(self.error_messages["invalid"])
        return found


def _fact_field(line: FactLine) -> Any:
    fact, open_ = line.fact, ("", tell("office.lifecycle.page.not_stated"))
    if fact.type == "boolean":
        yes_no = [(name, tell(f"office.lifecycle.page.{name}")) for name in ("yes", "no")]
        return _YesNo(choices=[*yes_no, open_], required=False, widget=forms.RadioSelect(attrs={"class": "side"}))
    if fact.type == "choice":
        choices = [(choice.id, in_readers_words(choice.text or choice.title or choice.id)) for choice in fact.choices]
        return forms.ChoiceField(choices=[open_, *choices], required=False)
    if fact.type == "number":
        return _Number(required=False, widget=forms.NumberInput(attrs={"step": "any"}))
    if fact.type == "date":
        return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(required=False, max_length=2_000)


class _YesNo(forms.ChoiceField):
    """Yes, no, or not stated."""

    def clean(self, value: Any) -> Any:
        return {"yes": True, "no": False}.get(super().clean(value))


def _fact_value(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
