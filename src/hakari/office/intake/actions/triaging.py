"""From answers to a record of triage and a lane; called by actions, inside their transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from hakari.errors import OfficeError
from hakari.evidence.canonical import canonical_bytes
from hakari.messages import say
from hakari.office.core.actions import SYSTEM
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.intake import letters
from hakari.office.intake.delegates import nearest_delegates
from hakari.office.intake.lanes import LANES, Lane, add_working_days, lane_of
from hakari.office.intake.models import Answer, LaneStep, Notification, Outcome, Step, TriageRecord
from hakari.office.intake.weighing import weigh
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.actions import move_state
from hakari.office.registry.models import UseCase, Visibility
from hakari.office.registry.states import State
from hakari.office.registry.visibility import visible
from hakari.packs.triage.model import LEVELS

__all__ = ["add_step", "enter_lane", "record_triage", "reweigh", "settle", "triage_data"]

_BY_PEOPLE = (Outcome.ACCEPTED, Outcome.RAISED, Outcome.CONFIRMED, Outcome.ASKED_BACK, Outcome.TAKEN)
_ORDER = (Lane.AT_ONCE, Lane.UNIT, Lane.OFFICE)


def record_triage(notification: Notification, *, by: Any) -> TriageRecord:
    """Weigh the answers and write the record; the use case shows its facts and levels."""
    weighed = weigh(notification.answers)
    outcome, packs = weighed.triage, weighed.packs()
    content = {
        "answers": notification.answers,
        "facts": dict(outcome.facts),
        "highest": outcome.highest,
        "lowest": outcome.lowest,
        "packs": packs,
    }
    record = TriageRecord.objects.create(
        notification=notification,
        round=TriageRecord.objects.filter(notification=notification).count() + 1,
        decided=outcome.decided,
        question=outcome.question or "",
        stages=weighed.stages(),
        digest=hashlib.sha256(canonical_bytes(content)).hexdigest(),
        by=by.key,
        **content,
    )
    raised = _raised(notification)
    lowest, highest = (max(level, raised or "low", key=LEVELS.index) for level in (outcome.lowest, outcome.highest))
    change(notification.use_case, facts=dict(outcome.facts), lowest=lowest, highest=highest)
    return record


def reweigh(notification: Notification, *, by: Any) -> TriageRecord | None:
    """After an answer changed: a new record if it was sent before, and the lane that fits it.

    A tier that was settled stands as long as triage gives nothing else; otherwise the case goes back to its lane.
    """
    if notification.step == Step.WRITING:
        return None
    case = notification.use_case
    settled = (case.lowest, case.highest)
    before = TriageRecord.objects.filter(notification=notification).order_by("-round").first()
    record = record_triage(notification, by=by)
    if notification.step == Step.ASKED_BACK:
        return record
    if notification.step == Step.SETTLED:
        found = (record.lowest, record.highest)
        if found == settled or (before is not None and found == (before.lowest, before.highest)):
            change(case, lowest=settled[0], highest=settled[1])
            return record
        if case.state != State.TRIAGED:
            raise OfficeError(say("office.intake.too_late", state=say(f"office.state.{case.state}")))
        move_state(case, State.NOTIFIED, by=by)
        add_step(notification, record, Outcome.REOPENED, by=by)
    enter_lane(notification, record)
    return record


def enter_lane(notification: Notification, record: TriageRecord) -> None:
    """Put a notification into the lane of its highest possible level; what a person had in hand stays with them."""
    case = notification.use_case
    own = {case.reporter.key, case.owner.key, *_answerers(notification)}
    if notification.submitted_by is not None:
        own.add(notification.submitted_by.key)
    path, people = nearest_delegates(case.unit, without=own, sees=_sees(case))
    found = lane_of(case.highest, decided=record.decided, delegate=bool(people))
    lane = max((found, *_lanes_of_people(notification)), key=_ORDER.index)
    if lane == Lane.AT_ONCE:
        settle(notification, record, Outcome.ACKNOWLEDGED, level=record.highest, lane=lane, by=SYSTEM)
        return
    if lane == Lane.UNIT and not people:
        lane = Lane.OFFICE
    if notification.step in (Step.WAITING, Step.TAKEN) and notification.lane == lane:
        return
    change(
        notification,
        step=Step.WAITING,
        lane=lane,
        lane_path=path if lane == Lane.UNIT else "",
        taken_by=None,
        due=add_working_days(timezone.localdate(), LANES[lane].days),
    )
    if lane == Lane.UNIT:
        letters.waits(notification, people)


def settle(
    notification: Notification,
    record: TriageRecord,
    outcome: Outcome,
    *,
    level: str,
    lane: Lane,
    by: Any,
    reason: FreeText | None = None,
) -> None:
    """Let a tier stand: the use case is triaged, and the reporter is told."""
    add_step(notification, record, outcome, by=by, level=level, lane=lane, reason=reason)
    case = change(notification.use_case, lowest=level, highest=level)
    move_state(case, State.TRIAGED, by=by)
    change(
        notification,
        step=Step.SETTLED,
        lane=lane,
        settled_at=timezone.now(),
        settled_in=lane,
        settled_by=by.key,
        taken_by=None,
        due=None,
    )
    if outcome != Outcome.ACKNOWLEDGED:
        letters.settled(notification, level)


def triage_data(record: TriageRecord | None) -> dict[str, Any]:
    """Return what an event says of a triage; nothing if there was none."""
    if record is None:
        return {}
    return {
        "triage": {"digest": record.digest, "highest": record.highest, "lowest": record.lowest, "round": record.round}
    }


def add_step(
    notification: Notification,
    record: TriageRecord,
    outcome: Outcome,
    *,
    by: Any,
    level: str = "",
    lane: str = "",
    reason: FreeText | None = None,
) -> LaneStep:
    """Write down what was done."""
    return LaneStep.objects.create(
        notification=notification,
        record=record,
        lane=lane or notification.lane or Lane.AT_ONCE,
        outcome=outcome,
        level=level,
        reason=reason,
        by=by.key,
    )


def _sees(case: UseCase) -> Callable[[Person], bool] | None:
    """Return whether a delegate is shown the case; only a restricted one is hidden from the delegates of its unit."""
    if case.visibility != Visibility.RESTRICTED:
        return None
    return lambda person: visible(access_of(person)).filter(pk=case.pk).exists()


def _lanes_of_people(notification: Notification) -> Iterable[Lane]:
    # Else an answer could be changed until nobody has to look.
    found = LaneStep.objects.filter(notification=notification, outcome__in=_BY_PEOPLE)
    steps = list(found.values_list("lane", "outcome"))
    return [Lane.OFFICE if outcome == Outcome.RAISED else Lane(lane) for lane, outcome in steps]


def _raised(notification: Notification) -> str:
    last = LaneStep.objects.filter(notification=notification, outcome__in=(Outcome.RAISED, Outcome.CONFIRMED)).last()
    return str(last.level) if last is not None and last.outcome == Outcome.RAISED else ""


def _answerers(notification: Notification) -> set[str]:
    return set(Answer.objects.filter(notification=notification).values_list("by", flat=True))
