"""Meetings, decisions, conditions, stops and tasks in the navigation, on the home page and on a use case's page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from hakari.messages import Message, say
from hakari.office.committee.actions.minutes import last_minutes
from hakari.office.committee.actions.stopping import may_resume, unratified
from hakari.office.committee.models import Condition, Decision, Meeting, MinutesApproval, Stop, Task, Vote
from hakari.office.committee.showing.reading import known_cases, reads
from hakari.office.committee.views.conditions import documents_waiting, own_conditions, seen_conditions
from hakari.office.core.forms import tell
from hakari.office.core.home import Need, Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.core.templatetags.office import day as written_day
from hakari.office.intake.lanes import due_state
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.panels import Panel, add_panel
from hakari.office.registry.states import NEXT, State
from hakari.office.registry.visibility import title_for

__all__: list[str] = []

MOST: Final = 10
_AHEAD: Final = datetime.timedelta(days=14)
"""How early a meeting stands on the home page."""
_UNSEEN: Final = datetime.timedelta(days=60)
"""How long minutes that nobody approved stand there."""
_GROUP: Final = "office.navigation.committee"
"""Below the docket in the navigation, for those who read it."""


def _meetings(access: Access) -> Iterator[Need]:
    """Meetings that are open or near, and minutes that wait for the chair."""
    soon = timezone.now() + _AHEAD
    rows = Meeting.objects.filter(standing__in=("planned", "open"), starts_at__lte=soon)
    for row in rows.order_by("starts_at")[:MOST]:
        url, day = reverse("committee:meeting", args=[row.key]), timezone.localdate(row.starts_at)
        yield Need(
            title=_title(row), number=row.number, does=say(f"office.meeting.need.{row.standing}"), url=url, due=day
        )
    if access.may(Permission.CHAIR):
        closed = Meeting.objects.filter(standing="closed", closed_at__gte=timezone.now() - _UNSEEN)
        for row in closed.order_by("closed_at")[:MOST]:
            last = last_minutes(row)
            if last is not None and not MinutesApproval.objects.filter(minutes=last).exists():
                url = reverse("committee:minutes", args=[row.key])
                yield Need(title=_title(row), number=row.number, does=say("office.minutes.need"), url=url)


def _stops(access: Access) -> Iterator[Need]:
    """Stops on which the committee has not said a word: to every member, also after their day."""
    rows = unratified().filter(use_case__in=known_cases(access).values("pk"))
    voted = set(
        Vote.objects.filter(ballot__stop__in=rows, ballot__closed_at=None, person=access.person).values_list(
            "ballot__stop_id", flat=True
        )
    )
    for row in rows[:MOST]:
        late = row.ratify_by < access.day
        kind = "late" if late else "voted" if row.pk in voted else "vote"
        url = reverse("committee:stop", args=[row.key])
        yield _need(access, row.use_case, say(f"office.stop.need.{kind}"), url, row.ratify_by)


def _tasks(access: Access) -> Iterator[Need]:
    rows = Task.objects.filter(person=access.person, done_at=None).select_related("text", "stop")
    for row in rows.order_by("due", "pk")[:MOST]:
        yield Need(
            title=str(row.text)[:120],
            does=say("office.stop.need.task", stop=row.stop.number),
            url=reverse("committee:task", args=[row.key]),
            due=row.due,
            state=due_state(row.due, access.day),
        )


def _conditions(access: Access) -> Iterator[Need]:
    """Open conditions of the cases that a person answers for, by due day."""
    for row in own_conditions(access).filter(closed_at=None).order_by("due", "pk")[:MOST]:
        yield _condition(access, row, say("office.condition.need.open", n=row.number, decision=row.decision.number))


def _documents(access: Access) -> Iterator[Need]:
    """Documents that reviewers must read, as they would close a condition."""
    rows = documents_waiting(seen_conditions(access)).filter(use_case__unit__in=access.units(Permission.REVIEW))
    person = access.person
    rows = rows.exclude(use_case__owner=person).exclude(use_case__reporter=person)
    for row in rows.order_by("due", "pk")[:MOST]:
        url = reverse("committee:condition_accept", args=[row.key])
        yield _need(access, row.use_case, say("office.condition.need.document"), url, row.due)


def _overdue(access: Access) -> Iterator[Need]:
    """Conditions that are open past their day, to the office."""
    rows = seen_conditions(access).filter(closed_at=None, due__lt=access.day)
    rows = rows.filter(use_case__unit__in=access.units(Permission.REVIEW))
    for row in rows.order_by("due", "pk")[:MOST]:
        yield _condition(access, row, say("office.condition.need.overdue", n=row.number, decision=row.decision.number))


def _title(meeting: Meeting) -> str:
    return tell("office.meeting.title", day=written_day(meeting.starts_at))


def _condition(access: Access, row: Condition, does: Message) -> Need:
    url = reverse("committee:decision", args=[row.decision.number])
    return _need(access, row.use_case, does, url, row.due)


def _need(access: Access, case: UseCase, does: Message, url: str, due: datetime.date) -> Need:
    return Need(
        title=title_for(access, case),
        does=does,
        url=url,
        number=case.number,
        due=due,
        state=due_state(due, access.day),
    )


def _may_act(access: Access, case: UseCase) -> bool:
    if not access.may(Permission.STOP, case.unit):
        return False
    return State.SUSPENDED in NEXT[State(case.state)] or may_resume(case)


def _stops_of(access: Access, case: UseCase) -> Mapping[str, Any]:
    rows = Stop.objects.filter(use_case=case).select_related("reason", "ratification", "turned_into")
    return {
        "stops": [
            {
                "stop": row,
                "ratification": (ratification := getattr(row, "ratification", None)),
                "late": ratification is None
                and getattr(row, "turned_into", None) is None
                and case.state == State.SUSPENDED
                and row.ratify_by < access.day,
            }
            for row in rows[:MOST]
        ]
    }


def _decisions_of(access: Access, case: UseCase) -> Mapping[str, Any]:
    rows = Decision.objects.filter(use_case=case).select_related("assessment").order_by("-at", "-pk")
    waiting = Condition.objects.filter(use_case=case, closed_at=None)
    return {
        "decisions": list(rows[:MOST]),
        "open": waiting.count(),
        "overdue": waiting.filter(due__lt=access.day).count(),
    }


def _reviews(access: Access) -> bool:
    return bool(access.may(Permission.REVIEW))


def _votes(access: Access) -> bool:
    return bool(access.may(Permission.VOTE))


add_entry(Entry(key="office.navigation.meetings", view="committee:meetings", shown=reads, place=44, under=_GROUP))
add_entry(
    Entry(
        key="office.navigation.precedents",
        view="committee:precedents",
        shown=lambda access: bool(access.held),
        place=46,
        under=_GROUP,
    )
)
add_entry(
    Entry(
        key="office.navigation.conditions",
        view="committee:conditions",
        shown=lambda access: bool(access.held),
        place=47,
        under=_GROUP,
    )
)
add_entry(Entry(key="office.navigation.stops", view="committee:stops", shown=reads, place=48, under=_GROUP))
add_section(Section(key="office.stop.needs", needs=_stops, shown=_votes, place=5))
add_section(Section(key="office.stop.task_needs", needs=_tasks, shown=lambda access: access.signed_in, place=6))
add_section(Section(key="office.condition.needs", needs=_conditions, shown=lambda access: access.signed_in, place=30))
add_section(Section(key="office.condition.document_needs", needs=_documents, shown=_reviews, place=31))
add_section(Section(key="office.condition.overdue_needs", needs=_overdue, shown=_reviews, place=32))
add_section(Section(key="office.meeting.needs", needs=_meetings, shown=reads, place=40))
add_panel(
    Panel(
        key="committee.stop",
        place=90,
        where="action",
        template="committee/_stop_action.html",
        shown=_may_act,
        context=lambda access, case: {"resume": case.state == State.SUSPENDED},
        veiled=True,
    )
)
add_panel(
    Panel(
        key="committee.stops",
        place=5,
        template="committee/_stops_of_case.html",
        context=_stops_of,
        shown=lambda access, case: Stop.objects.filter(use_case=case).exists(),
    )
)
add_panel(
    Panel(
        key="committee.decisions",
        place=27,
        template="committee/_decisions_of_case.html",
        context=_decisions_of,
        shown=lambda access, case: Decision.objects.filter(use_case=case).exists(),
    )
)
