"""What people fill in for meetings, minutes, stops and tasks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from hakari.office.committee.models import Stop
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.people.models import Person

__all__ = ["MeetingForm", "ReasonForm", "ResultForm", "StopForm", "TaskForm", "WordsForm", "task_rows"]


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MeetingForm(OfficeForm):
    """When and where a meeting is."""

    texts = "office.meeting.form."
    starts_at = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(min_value=5, max_value=480, initial=60)
    place = forms.CharField(max_length=300, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WordsForm(OfficeForm):
    """What the secretary adds to the minutes."""

    texts = "office.minutes.form."
    words = forms.CharField(max_length=20_000, required=False, widget=_area(10))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReasonForm(OfficeForm):
    """Why a stopped use goes on."""

    texts = "office.stop.form."
    reason = forms.CharField(max_length=4_000, widget=_area(5))


class StopForm(ReasonForm):
    """A stop or a recall, and why."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, initial=Stop.Kind.STOP)
    field_order = ("kind", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(kind, tell(f"office.stop.kind.{kind}.means")) for kind in Stop.Kind.values]


class TaskForm(OfficeForm):
    """What somebody has to do after a stop."""

    texts = "office.stop.task."
    person = forms.ChoiceField(required=False)
    text = forms.CharField(max_length=2_000, required=False, widget=_area(2))
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, people: Iterable[Person], due: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(people)
        person: Any = self.fields["person"]
        person.choices = [(item.key, item.name) for item in known]
        person.initial = known[0].key
        self.fields["due"].initial = due

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text") and not cleaned.get("due") and "due" not in self.errors:
            self.add_error("due", tell("office.stop.task.due_missing"))
        return cleaned


def task_rows(data: Any, people: list[Person], due: datetime.date) -> BaseFormSet[Any]:
    """Return the rows in which tasks are given."""
    made: type[BaseFormSet[Any]] = formset_factory(TaskForm, extra=3, max_num=10)
    return made(data, prefix="task", form_kwargs={"people": people, "due": due})


class ResultForm(OfficeForm):
    """What came of a task."""

    texts = "office.stop.result."
    result = forms.CharField(max_length=4_000, widget=_area(5))
    version = forms.IntegerField(widget=forms.HiddenInput)


def tomorrow_at_ten() -> datetime.datetime:
    """Return a time that a planning form can begin with."""
    day = timezone.localdate() + datetime.timedelta(days=7)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
