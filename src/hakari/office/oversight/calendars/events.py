"""What stands in a person's calendar, as iCalendar events whose names stay the same from one reading to the next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from icalendar import Event

from hakari.messages import Message, render, say
from hakari.office.committee.members import members
from hakari.office.committee.models import Condition, Decision, DocketItem, Meeting, Task
from hakari.office.core.mail import absolute
from hakari.office.lifecycle.models import Acceptance, Outcome, Responsible
from hakari.office.oversight.figures.votes import of_ballots
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase, Visibility
from hakari.office.registry.visibility import title_for, visible

__all__ = ["events_of", "meeting_event", "sees_meetings"]

_BACK: Final = datetime.timedelta(days=60)
"""How long what is over stays."""
_MOST: Final = 300
"""Events of one kind."""


def events_of(access: Access) -> Iterator[Event]:
    """Yield everything that a person has to keep in mind: of cases that they see, under titles that they may know."""
    if access.person is None:
        return
    yield from _meetings(access)
    yield from _ballots(access)
    yield from _conditions(access)
    yield from _tasks(access)
    yield from _endings(access)


def sees_meetings(access: Access) -> bool:
    """Return whether a person is told of meetings: who votes, leads, prepares or audits."""
    wanted = (Permission.VOTE, Permission.CHAIR, Permission.REVIEW, Permission.AUDIT)
    return any(access.may(permission) for permission in wanted)


def meeting_event(access: Access, meeting: Meeting, seen: set[int] | None = None) -> Event:
    """Return one meeting, with the items on its agenda that the reader sees (`seen`: cases, if that was asked)."""
    ends = meeting.starts_at + datetime.timedelta(minutes=meeting.minutes_planned)
    known = _seen(access, [meeting]) if seen is None else seen
    entries = [entry.item for entry in meeting.agenda.all() if entry.item.use_case_id in known]
    listed = [f"{item.number} {_title(access, item.use_case)}" for item in entries]
    event = _event(
        access,
        f"meeting-{meeting.key}",
        say("office.oversight.calendar.meeting", number=meeting.number),
        meeting.starts_at,
        ends,
        changed=meeting.closed_at or meeting.opened_at,
        lines=listed,
    )
    if meeting.place is not None:
        event.add("location", str(meeting.place))
    event.add("status", "CANCELLED" if meeting.standing == Meeting.Standing.CANCELLED else "CONFIRMED")
    return event


def _meetings(access: Access) -> Iterator[Event]:
    if not (access.may(Permission.VOTE) or access.may(Permission.CHAIR)):
        return
    rows = Meeting.objects.filter(starts_at__gte=timezone.now() - _BACK).select_related("place")
    found = list(rows.prefetch_related("agenda__item__use_case__unit").order_by("starts_at")[:_MOST])
    seen = _seen(access, found)
    for meeting in found:
        yield meeting_event(access, meeting, seen)


def _ballots(access: Access) -> Iterator[Event]:
    person = access.person
    if not access.may(Permission.VOTE) or all(person != member for member in members()):
        return
    keys = visible(access).order_by().values("pk")
    which = Q(item__use_case__in=keys) | Q(stop__use_case__in=keys)
    for found in of_ballots(which & Q(deadline__isnull=False)):
        ballot = found.ballot
        if person in found.people and ballot.deadline is not None:
            matter: Any = ballot.item if ballot.item is not None else ballot.stop
            yield _event(
                access,
                f"ballot-{ballot.key}",
                say("office.oversight.calendar.ballot", number=matter.number, title=_title(access, matter.use_case)),
                ballot.deadline - datetime.timedelta(minutes=15),
                ballot.deadline,
                url=reverse("committee:item", args=[matter.key]) if isinstance(matter, DocketItem) else "",
            )


def _conditions(access: Access) -> Iterator[Event]:
    rows = Condition.objects.filter(_mine(access, "use_case"), closed_at=None)
    for row in rows.select_related("decision", "use_case__unit").order_by("due", "pk")[:_MOST]:
        number = f"{row.decision.number}/{row.number}"
        yield _day(
            access, f"condition-{row.key}", "condition", row.use_case, row.due, number=number,
            url=reverse("committee:decision", args=[row.decision.number]),
        )  # fmt: skip


def _tasks(access: Access) -> Iterator[Event]:
    keys = visible(access).order_by().values("pk")
    rows = Task.objects.filter(person=access.person, done_at=None, stop__use_case__in=keys)
    for row in rows.select_related("stop__use_case__unit").order_by("due", "pk")[:_MOST]:
        yield _day(access, f"task-{row.key}", "task", row.stop.use_case, row.due, number=row.stop.number)


def _endings(access: Access) -> Iterator[Event]:
    """Acceptances and decisions that end: the last decision of a case only, for a later one takes its place."""
    since = access.day - _BACK
    mine = _mine(access, "assessment__use_case")
    own = Q(by=access.person.key) if access.person else Q(pk__in=[])
    seen = Q(assessment__use_case__in=visible(access).order_by().values("pk"))
    accepted = Acceptance.objects.filter(mine | (own & seen), until__gte=since).order_by("until", "pk")
    for row in accepted.select_related("assessment__use_case__unit")[:_MOST]:
        slug = row.requirement.rsplit(":", 1)[-1].partition("@")[0]
        yield _day(
            access, f"acceptance-{row.key}", "acceptance", row.assessment.use_case, row.until, number=slug,
            url=reverse("lifecycle:assessment", args=[row.assessment.key]),
        )  # fmt: skip
    later = Decision.objects.filter(use_case=OuterRef("use_case"), pk__gt=OuterRef("pk")).exclude(outcome=Outcome.DEFER)
    stands = (Outcome.APPROVE, Outcome.CONDITIONS)
    decided = Decision.objects.filter(_mine(access, "use_case"), ~Exists(later), outcome__in=stands)
    decided = decided.filter(valid_until__gte=since).order_by("valid_until", "pk")
    for item in decided.select_related("use_case__unit")[:_MOST]:
        yield _day(
            access, f"decision-{item.key}", "decision", item.use_case, item.valid_until, number=item.number,
            url=reverse("committee:decision", args=[item.number]),
        )  # fmt: skip


def _mine(access: Access, case: str) -> Q:
    """Return the cases that a person answers for, or that they laid before the committee, among those they see."""
    person = access.person
    holds = Responsible.objects.filter(use_case=OuterRef(case), person=person)
    put = DocketItem.objects.filter(use_case=OuterRef(case), put_by=person)
    concerned = Q(**{f"{case}__owner": person}) | Q(**{f"{case}__reporter": person}) | Exists(holds) | Exists(put)
    return concerned & Q(**{f"{case}__in": visible(access).order_by().values("pk")})


def _seen(access: Access, meetings: list[Meeting]) -> set[int]:
    keys = {entry.item.use_case_id for meeting in meetings for entry in meeting.agenda.all()}
    return set(visible(access).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _title(access: Access, case: UseCase) -> str:
    """Return number and title; of a restricted case the number only, for a calendar is often kept somewhere else."""
    if case.visibility == Visibility.RESTRICTED:
        return case.number
    return f"{case.number} {title_for(access, case)}"


def _day(
    access: Access, uid: str, kind: str, case: UseCase, day: datetime.date, *, number: str, url: str = ""
) -> Event:
    summary = say(f"office.oversight.calendar.{kind}", number=number, title=_title(access, case))
    return _event(access, uid, summary, day, day + datetime.timedelta(days=1), url=url)


def _event(
    access: Access, uid: str, summary: Message, start: Any, end: Any, *, url: str = "", changed: Any = None,
    lines: list[str] | None = None,
) -> Event:  # fmt: skip
    person = access.person
    event = Event()
    event.add("uid", f"{uid}@hakari")
    event.add("dtstamp", changed or timezone.now())
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", render(summary, "ja" if person is not None and person.language == "ja" else "en"))
    if lines:
        event.add("description", "\n".join(lines))
    if url:
        event.add("url", absolute(url))
    event.add("transp", "OPAQUE" if isinstance(start, datetime.datetime) else "TRANSPARENT")
    return event
