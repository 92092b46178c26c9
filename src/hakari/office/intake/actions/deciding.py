"""What delegates and the office do with a notification in their lane. Nobody judges what they submitted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError, InputError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.intake import letters
from hakari.office.intake.actions.rules import AlreadyDone, latest_record, locked, refuse_own
from hakari.office.intake.actions.triaging import add_step, settle
from hakari.office.intake.lanes import LANES, Lane, add_working_days, levels_from
from hakari.office.intake.models import LaneStep, Notification, Outcome, Step, TriageRecord
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["JUDGES", "accept_tier", "ask_back", "confirm_tier", "raise_tier", "take_up"]

JUDGES = {Lane.UNIT: Permission.DECIDE_MIDDLE, Lane.OFFICE: Permission.REVIEW}
"""What lets somebody act in a lane."""


def accept_tier(notification: Notification, *, seen: int, by: Person) -> Notification:
    """Let the tier of triage stand (the highest that is possible, while something is open); a delegate does."""
    return _once(_accept_tier, notification, seen=seen, by=by)


@action("notification.accepted")
def _accept_tier(notification: Notification, *, seen: int, by: Person) -> Done[Notification]:
    found, record = _begin(notification, Lane.UNIT, Outcome.ACCEPTED, seen=seen, by=by)
    level = found.use_case.highest
    settle(found, record, Outcome.ACCEPTED, level=level, lane=Lane.UNIT, by=by)
    return _done(found, record, level=level)


def raise_tier(notification: Notification, *, reason: str, seen: int, by: Person) -> Notification:
    """Hand a notification to the office as one of the high tier; a delegate does."""
    return _once(_raise_tier, notification, reason=_given(reason), seen=seen, by=by)


@action("notification.raised")
def _raise_tier(notification: Notification, *, reason: str, seen: int, by: Person) -> Done[Notification]:
    found, record = _begin(notification, Lane.UNIT, Outcome.RAISED, seen=seen, by=by)
    kept = FreeText.keep(reason)
    add_step(found, record, Outcome.RAISED, by=by, level="high", lane=Lane.UNIT, reason=kept)
    change(found.use_case, lowest="high", highest="high")
    due = add_working_days(timezone.localdate(), LANES[Lane.OFFICE].days)
    change(found, lane=Lane.OFFICE, lane_path="", step=Step.WAITING, due=due)
    return _done(found, record, level="high", reason=kept.digest)


def ask_back(notification: Notification, *, reason: str, seen: int, by: Person) -> Notification:
    """Ask the reporter something; the case waits until they send it again."""
    return _once(_ask_back, notification, reason=_given(reason), seen=seen, by=by)


@action("notification.asked_back")
def _ask_back(notification: Notification, *, reason: str, seen: int, by: Person) -> Done[Notification]:
    found, record = _begin(notification, None, Outcome.ASKED_BACK, seen=seen, by=by)
    kept = FreeText.keep(reason)
    add_step(found, record, Outcome.ASKED_BACK, by=by, reason=kept)
    change(found, step=Step.ASKED_BACK, taken_by=None, due=None)
    letters.asked_back(found)
    return _done(found, record, reason=kept.digest)


def take_up(notification: Notification, *, seen: int, by: Person) -> Notification:
    """Say that one of the office looks at it, so that no two do; also one that is stuck in a unit's lane."""
    return _once(_take_up, notification, seen=seen, by=by)


@action("notification.taken_up")
def _take_up(notification: Notification, *, seen: int, by: Person) -> Done[Notification]:
    found, record = _begin(notification, None, Outcome.TAKEN, seen=seen, by=by, needs=Permission.REVIEW)
    if found.lane == Lane.UNIT:
        due = add_working_days(timezone.localdate(), LANES[Lane.OFFICE].days)
        change(found, lane=Lane.OFFICE, lane_path="", due=due)
    add_step(found, record, Outcome.TAKEN, by=by)
    change(found, step=Step.TAKEN, taken_by=by)
    return _done(found, record)


def confirm_tier(notification: Notification, *, level: str, reason: str, seen: int, by: Person) -> Notification:
    """Let a tier stand for the office; one that differs from what triage gave at most needs a reason.

    Raises:
        InputError: the tier lies below what rules that hold give, or the reason is missing.
    """
    return _once(_confirm_tier, notification, level=level, reason=reason.strip(), seen=seen, by=by)


@action("notification.confirmed")
def _confirm_tier(notification: Notification, *, level: str, reason: str, seen: int, by: Person) -> Done[Notification]:
    found, record = _begin(notification, Lane.OFFICE, Outcome.CONFIRMED, seen=seen, by=by)
    if level not in levels_from(record.lowest):
        lowest = say(f"office.level.{record.lowest}")
        raise InputError(say("office.intake.below", lowest=lowest))
    told = reason if level == found.use_case.highest else _given(reason)
    kept = FreeText.keep(told) if told else None
    settle(found, record, Outcome.CONFIRMED, level=level, lane=Lane.OFFICE, by=by, reason=kept)
    return _done(found, record, level=level, reason=kept.digest if kept else "")


def _begin(
    notification: Notification,
    lane: Lane | None,
    outcome: Outcome,
    *,
    seen: int,
    by: Person,
    needs: Permission | None = None,
) -> tuple[Notification, TriageRecord]:
    """Check that this person may do this now, in this lane (any that they judge in, if none is named)."""
    found = locked(notification)
    record = latest_record(found)
    last = LaneStep.objects.filter(notification=found).last()
    if last is not None and last.outcome == outcome and last.by == by.key:
        raise AlreadyDone(found)
    wanted = lane or (Lane(found.lane) if found.lane in JUDGES else Lane.OFFICE)
    require(by, needs or JUDGES[wanted], found.use_case.unit)
    refuse_own(by, found)
    if found.version != seen or found.lane != wanted or found.step not in (Step.WAITING, Step.TAKEN):
        raise ConflictError(say("office.core.conflict"))
    return found, record


def _once(act: Any, notification: Notification, **options: Any) -> Notification:
    try:
        return act(notification, **options)  # type: ignore[no-any-return]  # one of the actions above
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


def _done(found: Notification, record: TriageRecord, **data: str) -> Done[Notification]:
    return Done(found, about=("use_case", found.use_case.key), data={"round": record.round, **data})


def _given(reason: str) -> str:
    if not reason.strip():
        raise InputError(say("office.intake.reason_missing"))
    return reason.strip()
