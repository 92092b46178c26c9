"""Meetings: planned, opened, who is there, closed; at the end everything left on the consent part is decided."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee import letters
from hakari.office.committee.actions.agenda import consent_bar, is_member, may_plan, require_planner, to_discussion
from hakari.office.committee.actions.deciding import decide
from hakari.office.committee.actions.minutes import record
from hakari.office.committee.actions.rules import locked, locked_meeting
from hakari.office.committee.members import eligible, members, standing_of
from hakari.office.committee.models import Agenda, Attendance, Ballot, DocketItem, Form, Meeting
from hakari.office.committee.tallying import Tally, quorum_of
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import is_own, plain_text
from hakari.office.people.access import access_of
from hakari.office.people.models import Person, new_key
from hakari.office.people.permissions import Permission
from hakari.office.registry.numbers import next_number

__all__ = [
    "cancel_meeting",
    "change_meeting",
    "close_meeting",
    "mark_attendance",
    "open_meeting",
    "plan_meeting",
    "present",
]

LONGEST = 480
"""Minutes that a meeting may be planned for."""
FURTHEST = datetime.timedelta(days=366)


def plan_meeting(starts_at: datetime.datetime, minutes: int, place: str = "", *, once: str = "", by: Person) -> Meeting:
    """Plan a meeting; `once` names the form, so that sending it twice plans one.

    Raises:
        NotAllowedError, InputError: neither the chair nor the office; a time or a length out of range.
    """
    key = once or new_key()
    found = Meeting.objects.filter(key=key, called_by=by).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _plan(starts_at, minutes, place, key, by=by)
    except IntegrityError:
        again = Meeting.objects.filter(key=key, called_by=by).first()
        if again is None:
            raise
        return again


@action("meeting.planned")
def _plan(starts_at: datetime.datetime, minutes: int, place: str, key: str, *, by: Person) -> Done[Meeting]:
    if not may_plan(by):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))
    _check_time(starts_at, minutes)
    made = Meeting.objects.create(
        key=key,
        number=next_number("M"),
        starts_at=starts_at,
        minutes_planned=minutes,
        place=_place(place),
        called_by=by,
    )
    letters.meeting_planned(made, members(), moved=False)
    data = {"minutes": minutes, "place": made.place_id or "", "starts_at": starts_at.isoformat()}
    return Done(made, about=("meeting", made.key), data=data)


@action("meeting.changed")
def change_meeting(
    meeting: Meeting, starts_at: datetime.datetime, minutes: int, place: str = "", *, seen: int, by: Person
) -> Done[Meeting]:
    """Move a planned meeting, or say that it is held elsewhere; members are told.

    Raises:
        NotAllowedError, InputError, OfficeError, ConflictError: neither the chair nor the office; a time out of range;
            it has begun; changed by somebody meanwhile.
    """
    now = require_planner(meeting, by, open_too=False)
    _check_time(starts_at, minutes)
    kept = now.place if str(now.place or "") == place.strip() else _place(place)
    change(now, seen=seen, starts_at=starts_at, minutes_planned=minutes, place=kept)
    letters.meeting_planned(now, members(), moved=True)
    data = {"minutes": minutes, "place": now.place_id or "", "starts_at": starts_at.isoformat()}
    return Done(now, about=("meeting", now.key), data=data)


@action("meeting.cancelled")
def cancel_meeting(meeting: Meeting, *, by: Person) -> Done[Meeting]:
    """Say that a planned meeting does not take place; its items wait for another."""
    now = locked_meeting(meeting)
    if now.standing != Meeting.Standing.CANCELLED:
        now = require_planner(meeting, by, open_too=False)
        change(now, standing=Meeting.Standing.CANCELLED)
        letters.meeting_cancelled(now, members())
    return Done(now, about=("meeting", now.key))


def open_meeting(meeting: Meeting, *, by: Person) -> Meeting:
    """Open a meeting; one that is open already stays as it is.

    What cannot be decided by consent (`consent_bar`) comes to the part that is discussed.

    Raises:
        NotAllowedError, OfficeError: not the chair; it was cancelled or has ended.
    """
    now = Meeting.objects.get(pk=meeting.pk)
    if now.standing == Meeting.Standing.OPEN:
        _require_chair(by)
        return now
    try:
        return _open(meeting, by=by)
    except ConflictError:
        return Meeting.objects.get(pk=meeting.pk)


@action("meeting.opened")
def _open(meeting: Meeting, *, by: Person) -> Done[Meeting]:
    _require_chair(by)
    now = locked_meeting(meeting)
    if now.standing == Meeting.Standing.OPEN:
        raise ConflictError(say("office.core.conflict"))
    _require(now, Meeting.Standing.PLANNED)
    moment, moved = timezone.now(), {}
    for entry in _consented(now):
        bar = consent_bar(entry, moment)
        if bar:
            to_discussion(entry)
            moved[entry.item.key] = bar
    change(now, standing=Meeting.Standing.OPEN, opened_at=moment)
    return Done(now, about=("meeting", now.key), data={"discussed": moved})


@action("meeting.attendance_marked")
def mark_attendance(meeting: Meeting, person: Person, *, there: bool, by: Person) -> Done[Attendance]:
    """Say that a member is there, or has left: they themselves, or the chair.

    Raises:
        NotAllowedError: somebody else, or not of a member.
        OfficeError: the meeting is not open.
    """
    now = locked_meeting(meeting)
    if by.pk != person.pk:
        _require_chair(by)
    if not is_member(person):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.vote")))
    _require(now, Meeting.Standing.OPEN)
    row, _ = Attendance.objects.update_or_create(meeting=now, person=person, defaults={"present": there})
    return Done(row, about=("meeting", now.key), data={"person": person.key, "present": there})


def close_meeting(meeting: Meeting, *, by: Person) -> Meeting:
    """Close a meeting: what is left on its consent part is decided as proposed, one item at a time, then it ends.

    Each item is a decision with an event of its own. One without a quorum of present members who may vote on it, one
    whose page changed, or in which the chair took part, stays undecided and waits for another meeting. A meeting that
    is closed already stays as it is, and a closing that broke off is completed by closing again.

    Raises:
        NotAllowedError: not the chair.
        OfficeError: it is not open, or a vote in it is.
    """
    _require_chair(by)
    now = Meeting.objects.get(pk=meeting.pk)
    if now.standing == Meeting.Standing.CLOSED:
        return now
    _require(now, Meeting.Standing.OPEN)
    _refuse_open_votes(now)
    for entry in _consented(now):
        if not consent_bar(entry) and quorate(entry) and not _partial(by, entry.item):
            try:
                _consent(now, entry, by=by)
            except (ConflictError, OfficeError):
                continue  # pulled, withdrawn, or decided by another who closes at the same moment
    try:
        return _close(now, by=by)
    except ConflictError:
        return Meeting.objects.get(pk=meeting.pk)


@action("committee.consented")
def _consent(meeting: Meeting, entry: Agenda, *, by: Person) -> Done[Ballot]:
    now = locked_meeting(meeting)
    item = locked(entry.item)
    found = Agenda.objects.select_related("meeting").filter(pk=entry.pk, consent=True).first()
    waits = item.standing == DocketItem.Standing.WAITING
    if now.standing != Meeting.Standing.OPEN or found is None or not waits:
        raise ConflictError(say("office.core.conflict"))
    found.item = item
    if consent_bar(found) or not quorate(found):
        raise OfficeError(say("office.committee.motion_changed"))
    moment = timezone.now()
    quorum = quorum_of(len(eligible(item)))
    ballot = Ballot.objects.create(
        item=item,
        number=Ballot.objects.filter(item=item).count() + 1,
        form=Form.CONSENT,
        meeting=now,
        motion=found.motion,
        opened_by=by,
        opened_at=moment,
        closed_at=moment,
        ending=Ballot.Ending.DECIDED,
        outcome=item.proposal,
    )
    decision = decide(ballot, item, Tally(votes={}, quorum=quorum, outcome=item.proposal), by=by)
    data = {
        "ballot": ballot.key, "decision": decision.statement, "item": item.key, "meeting": now.key,
        "outcome": item.proposal, "present": len(_voting_here(now, item)), "quorum": quorum,
    }  # fmt: skip
    return Done(ballot, about=("use_case", item.use_case.key), data=data, seal=True)


@action("meeting.closed")
def _close(meeting: Meeting, *, by: Person) -> Done[Meeting]:
    now = locked_meeting(meeting)
    if now.standing == Meeting.Standing.CLOSED:
        raise ConflictError(say("office.core.conflict"))
    _require(now, Meeting.Standing.OPEN)
    _refuse_open_votes(now)
    change(now, standing=Meeting.Standing.CLOSED, closed_at=timezone.now())
    minutes = record(now, by=by)
    data = {"minutes": minutes.document, "present": len(present(now))}
    return Done(now, about=("meeting", now.key), data=data)


def present(meeting: Meeting) -> set[int]:
    """Return the ids of the members who are, or were, there."""
    return set(Attendance.objects.filter(meeting=meeting, present=True).values_list("person_id", flat=True))


def quorate(entry: Agenda) -> bool:
    """Return whether enough of those who may vote on an item are there to decide it by consent."""
    return len(_voting_here(entry.meeting, entry.item)) >= quorum_of(len(eligible(entry.item)))


def _voting_here(meeting: Meeting, item: DocketItem) -> set[int]:
    return {person.pk for person in eligible(item)} & present(meeting)


def _partial(by: Person, item: DocketItem) -> bool:
    """Whether the one who closes took part in a case, or declared a conflict: the moment of closing is a choice."""
    seat = standing_of(by, item)
    return is_own(by, item.round.assessment) or (seat is not None and seat.bar in ("own", "conflict"))


def _consented(meeting: Meeting) -> list[Agenda]:
    rows = Agenda.objects.filter(meeting=meeting, consent=True, item__standing=DocketItem.Standing.WAITING)
    related = ("meeting", "item__round__assessment__use_case__unit", "item__use_case__unit", "item__put_by")
    return list(rows.select_related(*related).order_by("place", "pk"))


def _refuse_open_votes(meeting: Meeting) -> None:
    numbers = Ballot.objects.filter(meeting=meeting, closed_at=None).values_list("item__number", flat=True)
    if numbers:
        raise OfficeError(say("office.committee.votes_open", items=sorted(str(number) for number in numbers)))


def _require(meeting: Meeting, standing: str) -> None:
    if meeting.standing != standing:
        raise OfficeError(say("office.committee.meeting_not_now", standing=say(f"office.meeting.{meeting.standing}")))


def _require_chair(by: Any) -> None:
    if not access_of(by if isinstance(by, Person) else None).may(Permission.CHAIR):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))


def _check_time(starts_at: datetime.datetime, minutes: int) -> None:
    now = timezone.now()
    if not now - datetime.timedelta(hours=1) <= starts_at <= now + FURTHEST:
        raise InputError(say("office.committee.meeting_time"))
    if not 5 <= minutes <= LONGEST:
        raise InputError(say("office.committee.meeting_length", most=LONGEST))


def _place(place: str) -> FreeText | None:
    return FreeText.keep(plain_text(place, field="place", most=300)) if place.strip() else None
