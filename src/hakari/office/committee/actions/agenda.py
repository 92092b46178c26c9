"""The agenda of a meeting: what is discussed, what is decided by consent, in which order, and what members pull."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from hakari.errors import NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions.rules import locked, locked_meeting, motion_of
from hakari.office.committee.members import members, standing_of
from hakari.office.committee.models import Agenda, DocketItem, Meeting, Pull
from hakari.office.core.actions import Done, action
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import plain_text, refuse_own
from hakari.office.lifecycle.models import Outcome
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.visibility import is_veiled, visible

__all__ = [
    "CONSENTED",
    "NOTICE",
    "add_item",
    "consent_bar",
    "last_place",
    "may_plan",
    "move_item",
    "pull_item",
    "put_on_part",
    "remove_item",
    "require_planner",
]

NOTICE = datetime.timedelta(days=1)
"""So long before a meeting opens an item must have stood on the consent part, with the page that members read."""
CONSENTED = (Outcome.APPROVE, Outcome.CONDITIONS)
"""What may be decided by consent; everything else is discussed."""
_BEFORE = (Meeting.Standing.PLANNED, Meeting.Standing.OPEN)


@action("meeting.item_added")
def add_item(meeting: Meeting, item: DocketItem, *, consent: bool = False, by: Person) -> Done[Agenda]:
    """Put a waiting item on the agenda; on the consent part only before the meeting opens.

    Raises:
        NotAllowedError: neither the chair nor the office, or a case that they do not see.
        OfficeError: the item does not wait, stands on another agenda, or cannot be decided by consent.
    """
    now = require_planner(meeting, by)
    found = locked(item)
    access = access_of(by)
    if not visible(access).filter(pk=found.use_case_id).exists() or is_veiled(access, found.use_case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.see")))
    if consent:
        _require_consentable(found, by)
    there = Agenda.objects.filter(meeting=now, item=found).first()
    if there is None:
        other = Agenda.objects.filter(item=found, meeting__standing__in=_BEFORE).select_related("meeting").first()
        if other is not None:
            raise OfficeError(say("office.committee.on_other_agenda", number=other.meeting.number))
        if found.standing != DocketItem.Standing.WAITING:
            standing = say(f"office.committee.item.{found.standing}")
            raise OfficeError(say("office.committee.not_waiting", standing=standing))
        motion = _motion(now, found) if consent else ""
        place = last_place(now) + 1
        there = Agenda.objects.create(meeting=now, item=found, place=place, consent=consent, motion=motion)
    data = {"consent": there.consent, "item": found.key, "motion": there.motion, "place": there.place}
    return Done(there, about=("meeting", now.key), data=data)


@action("meeting.item_removed")
def remove_item(meeting: Meeting, item: DocketItem, *, by: Person) -> Done[Meeting]:
    """Take an item off the agenda before the meeting opens.

    Raises:
        NotAllowedError, OfficeError: neither the chair nor the office; the meeting has begun.
    """
    now = require_planner(meeting, by, open_too=False)
    gone, _ = Agenda.objects.filter(meeting=now, item=item).delete()
    return Done(now, about=("meeting", now.key), data={"gone": gone, "item": item.key})


@action("meeting.item_moved")
def move_item(meeting: Meeting, item: DocketItem, *, up: bool, by: Person) -> Done[Meeting]:
    """Let an item change places with the one before or after it on its part of the agenda."""
    now = require_planner(meeting, by)
    rows = list(Agenda.objects.filter(meeting=now).order_by("consent", "place", "pk"))
    at = next((place for place, row in enumerate(rows) if row.item_id == item.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is not None and to is not None and 0 <= to < len(rows) and rows[to].consent == rows[at].consent:
        rows[at], rows[to] = rows[to], rows[at]
        for place, row in enumerate(rows, 1):
            if row.place != place:
                Agenda.objects.filter(pk=row.pk).update(place=place)
    return Done(now, about=("meeting", now.key), data={"item": item.key, "up": up})


@action("meeting.item_part_changed")
def put_on_part(meeting: Meeting, item: DocketItem, *, consent: bool, by: Person) -> Done[Meeting]:
    """Bring an item to the consent part, or to the part that is discussed, before the meeting opens.

    Raises:
        NotAllowedError, OfficeError: neither the chair nor the office; the meeting has begun; a member pulled the
            item; or it is not proposed to approve it.
    """
    now = require_planner(meeting, by, open_too=False)
    found = locked(item)
    if consent:
        _require_consentable(found, by)
    entry = Agenda.objects.filter(meeting=now, item=found).first()
    if entry is not None and entry.consent != consent:
        motion = _motion(now, found) if consent else ""
        _bring(entry, consent=consent, motion=motion)
    return Done(now, about=("meeting", now.key), data={"consent": consent, "item": found.key})


def pull_item(meeting: Meeting, item: DocketItem, reason: str, *, by: Person) -> Agenda:
    """Take an item off the consent part, so that it is discussed: any member who may vote on it, with the reason.

    One that was pulled already is as the second member wanted it.

    Raises:
        NotAllowedError: not a member, or one who does not vote on this item.
        OfficeError: not on the agenda, or the meeting is closed.
    """
    entry = Agenda.objects.filter(meeting=meeting, item=item).first()
    open_now = Meeting.objects.filter(pk=meeting.pk, standing__in=_BEFORE).exists()
    if entry is not None and not entry.consent and open_now and is_member(by):
        return entry
    return _pull(meeting, item, reason, by=by)


@action("meeting.item_pulled")
def _pull(meeting: Meeting, item: DocketItem, reason: str, *, by: Person) -> Done[Agenda]:
    now = locked_meeting(meeting)
    found = locked(item)
    seat = standing_of(by, found)
    if seat is None:
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.vote")))
    if seat.bar:
        raise NotAllowedError(say(f"office.committee.bar.{seat.bar}"))
    entry = Agenda.objects.filter(meeting=now, item=found).first()
    if entry is None or now.standing not in _BEFORE:
        raise OfficeError(say("office.committee.not_on_agenda"))
    if not entry.consent:
        return Done(entry, about=("meeting", now.key), data={"again": True, "item": found.key})
    if found.standing != DocketItem.Standing.WAITING:
        standing = say(f"office.committee.item.{found.standing}")
        raise OfficeError(say("office.committee.not_waiting", standing=standing))
    kept = FreeText.keep(plain_text(reason, field="reason", most=2_000))
    Pull.objects.create(item=found, meeting=now, reason=kept, by=by.key)
    _bring(entry, consent=False, motion="")
    return Done(entry, about=("meeting", now.key), data={"item": found.key, "reason": kept.digest})


def consent_bar(entry: Agenda, opened_at: datetime.datetime | None = None) -> str:
    """Return why an item cannot be decided by consent: `proposal`, `page` or `notice`; nothing if it can.

    An item is decided by consent if it is proposed to approve it, what is proposed is still exactly what stood there
    when it was put on this part, and it stood there for a day before the meeting opened.
    """
    item = entry.item
    if item.proposal not in CONSENTED:
        return "proposal"
    try:
        if motion_of(item) != entry.motion:
            return "page"
    except OfficeError:
        return "page"
    return "notice" if opened_at is not None and entry.part_since > opened_at - NOTICE else ""


def require_planner(meeting: Meeting, by: Any, *, open_too: bool = True) -> Meeting:
    """Return the meeting, locked, if this person may plan it and it has not ended (or, if asked, begun).

    Raises:
        NotAllowedError, OfficeError: they may not, or it has.
    """
    if not may_plan(by):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))
    now = locked_meeting(meeting)
    if now.standing not in (_BEFORE if open_too else _BEFORE[:1]):
        raise OfficeError(say("office.committee.meeting_not_now", standing=say(f"office.meeting.{now.standing}")))
    return now


def may_plan(by: Any) -> bool:
    """Return whether a person plans meetings: the chair and the office do."""
    access = access_of(by if isinstance(by, Person) else None)
    return access.may(Permission.CHAIR) or access.may(Permission.REVIEW)


def is_member(by: Any) -> bool:
    """Return whether somebody sits on the committee."""
    return isinstance(by, Person) and by.pk in {person.pk for person in members()}


def last_place(meeting: Meeting) -> int:
    """Return the last place on an agenda."""
    return int(Agenda.objects.filter(meeting=meeting).aggregate(last=Max("place"))["last"] or 0)


def to_discussion(entry: Agenda) -> None:
    """Bring an item to the part that is discussed, at its end; inside an action."""
    _bring(entry, consent=False, motion="")


def _require_consentable(item: DocketItem, by: Any) -> None:
    """Refuse the consent part for one's own case, and for what a member wanted to be discussed."""
    refuse_own(by, item.round.assessment)
    if Pull.objects.filter(item=item).exists():
        raise OfficeError(say("office.committee.pulled_stays"))


def _bring(entry: Agenda, *, consent: bool, motion: str) -> None:
    entry.consent, entry.motion = consent, motion
    entry.place, entry.part_since = last_place(entry.meeting) + 1, timezone.now()
    entry.save(update_fields=["consent", "motion", "place", "part_since"])


def _motion(meeting: Meeting, item: DocketItem) -> str:
    if meeting.standing != Meeting.Standing.PLANNED:
        raise OfficeError(say("office.committee.meeting_not_now", standing=say(f"office.meeting.{meeting.standing}")))
    if item.proposal not in CONSENTED:
        raise OfficeError(say("office.committee.consent_approves"))
    return motion_of(item)
