"""What people fill in before the committee."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from hakari.assessment.model import Plan
from hakari.assessment.reasons import check_name
from hakari.messages import render, say
from hakari.office.committee.actions.voting import ON_ITEM
from hakari.office.committee.models import Choice, Rule
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.language import in_readers_words, reader_language
from hakari.office.lifecycle.models import Outcome

__all__ = [
    "CallForm",
    "ConditionForm",
    "DeclareForm",
    "OpenForm",
    "PassageForm",
    "PutForm",
    "TermsForm",
    "TranslationForm",
    "VoteForm",
    "WithdrawForm",
]

_TEXTS = "office.committee.docket.form."
LANGUAGES = (("en", "English"), ("ja", "日本語"))


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _seen() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PutForm(OfficeForm):
    """Laying a round before the committee."""

    texts = f"{_TEXTS}put"
    proposal = forms.ChoiceField(widget=forms.RadioSelect)
    valid_until = _day()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _proposals(self)


class TermsForm(PutForm):
    """The terms of a decision, with the changes that it would allow in advance."""

    texts = f"{_TEXTS}terms"
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    checks = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    until = _day(required=False)
    seen = _seen()

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["roles"].choices = [(role, role) for role in dict.fromkeys(item.role for item in plan.subjects)]
        fields["checks"].choices = [(check.id, render(check_name(check), reader_language())) for check in plan.checks]

    def clean(self) -> dict[str, Any]:
        """Refuse half a change envelope."""
        cleaned = super().clean() or {}
        if any(cleaned.get(name) for name in ("roles", "checks", "until")):
            for name in ("roles", "until"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, tell("office.committee.docket.envelope_half"))
        return cleaned

    @property
    def envelope(self) -> dict[str, Any]:
        """The change envelope, or nothing."""
        given = self.cleaned_data
        if not given["roles"]:
            return {}
        return {"roles": given["roles"], "checks": given["checks"], "until": given["until"].isoformat()}


class PassageForm(OfficeForm):
    """What stands under one heading."""

    texts = f"{_TEXTS}passage"
    text = forms.CharField(widget=_area(6), max_length=1_200)
    language = forms.ChoiceField(choices=LANGUAGES)
    seen = _seen()


class TranslationForm(OfficeForm):
    """A translation beside the original."""

    texts = f"{_TEXTS}translation"
    text = forms.CharField(widget=_area(6), max_length=1_200)
    seen = _seen()


class ConditionForm(OfficeForm):
    """A condition that the office proposes."""

    texts = f"{_TEXTS}condition"
    text = forms.CharField(widget=_area(3), max_length=1_000)
    language = forms.ChoiceField(choices=LANGUAGES)
    requirement = forms.ChoiceField()
    rule = forms.ChoiceField(widget=forms.RadioSelect)
    check = forms.ChoiceField(required=False)
    due = _day()
    seen = _seen()

    def __init__(self, *args: Any, requirements: Iterable[tuple[str, Any]], plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        titles = [(reference, in_readers_words(title)) for reference, title in requirements]
        fields["requirement"].choices = titles
        fields["rule"].choices = [(rule, tell(f"office.committee.rule.{rule}")) for rule in Rule.values]
        groups = [
            (
                title,
                [
                    (check.id, render(check_name(check), reader_language()))
                    for check in plan.checks
                    if check.requirement == reference
                ],
            )
            for reference, title in titles
        ]
        fields["check"].choices = [("", "–"), *(group for group in groups if group[1])]

    def clean(self) -> dict[str, Any]:
        """Ask for the check where a check closes the condition."""
        cleaned = super().clean() or {}
        if cleaned.get("rule") == Rule.CHECK and not cleaned.get("check") and "check" not in self.errors:
            self.add_error("check", tell("office.committee.docket.check_needed"))
        return cleaned


class WithdrawForm(OfficeForm):
    """Taking an item off the docket."""

    texts = f"{_TEXTS}withdraw"
    reason = forms.CharField(widget=_area(), max_length=2_000)
    seen = _seen()


class DeclareForm(OfficeForm):
    """Whether there is a conflict of interest."""

    texts = f"{_TEXTS}declare"
    conflict = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(widget=_area(3), max_length=1_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["conflict"].choices = [
            (word, tell(f"office.committee.docket.conflict.{word}")) for word in ("no", "yes")
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a conflict."""
        cleaned = super().clean() or {}
        if cleaned.get("conflict") == "yes" and not cleaned.get("reason", "").strip():
            self.add_error("reason", tell("office.committee.docket.conflict_reason"))
        return cleaned


class VoteForm(OfficeForm):
    """A vote; on an item, or on whether a stop stands."""

    texts = f"{_TEXTS}vote"
    choice = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(widget=_area(3), max_length=4_000, required=False)
    dissent = forms.BooleanField(required=False)
    seen = _seen()

    def __init__(self, *args: Any, choices: Sequence[str] = ON_ITEM, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["choice"].choices = [(choice, tell(f"office.choice.{choice}")) for choice in choices]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where one is needed."""
        cleaned = super().clean() or {}
        against = cleaned.get("choice") in (Choice.REJECT, Choice.DEFER, Choice.LIFT)
        if (against or cleaned.get("dissent")) and not cleaned.get("reason", "").strip():
            self.add_error("reason", tell("office.committee.reason_needed"))
        return cleaned


class CallForm(OfficeForm):
    """Calling a circulated resolution to a meeting."""

    texts = f"{_TEXTS}call"
    reason = forms.CharField(widget=_area(3), max_length=2_000)


class OpenForm(OfficeForm):
    """Opening a circulated resolution."""

    texts = f"{_TEXTS}open"
    deadline = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime()
        later = (now + datetime.timedelta(days=5)).replace(hour=17, minute=0, second=0, microsecond=0)
        kwargs.setdefault("initial", {"deadline": later})
        super().__init__(*args, **kwargs)
        self.fields["deadline"].help_text = tell("office.committee.docket.deadline_zone", zone=f"{now:%Z}")


def _proposals(form: OfficeForm) -> None:
    fields: Any = form.fields
    words = [(proposal, render(say(f"office.proposal.{proposal}"), reader_language())) for proposal in Outcome.values]
    fields["proposal"].choices = words
