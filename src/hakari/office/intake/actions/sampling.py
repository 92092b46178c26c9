"""The second look: the office draws from what the lanes below it settled, and reads it without seeing the tier."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from hakari.errors import NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.intake.actions.rules import AlreadyDone, latest_record, locked, refuse_own
from hakari.office.intake.actions.triaging import add_step
from hakari.office.intake.lanes import LANES, Lane, add_working_days
from hakari.office.intake.models import Draw, Notification, Outcome, Reading, Sample, Step, TriageRecord
from hakari.office.intake.sampling import draw, sample_size
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import move_state
from hakari.office.registry.states import State
from hakari.office.registry.visibility import visible

__all__ = ["draw_sample", "read_sample"]

_LANES = tuple(lane for lane, rule in LANES.items() if rule.share)


def draw_sample(*, after: int, by: Person) -> Draw | None:
    """Draw from what was settled since draw number `after`; None if that draw was not the last (a second click)."""
    try:
        return _draw_sample(after=after, by=by)
    except (AlreadyDone, IntegrityError):
        return None


@action("sample.drawn")
def _draw_sample(*, after: int, by: Person) -> Done[Draw]:
    require(by, Permission.SAMPLE)
    last = Draw.objects.order_by("-number").first()
    if (last.number if last else 0) != after:
        raise AlreadyDone(last)
    now, seed = timezone.now(), secrets.token_hex(16)
    settled = Notification.objects.filter(step=Step.SETTLED, settled_in__in=_LANES, settled_at__lte=now)
    if last is not None:
        settled = settled.filter(settled_at__gt=last.until)
    found: dict[str, list[str]] = defaultdict(list)
    for key, lane in settled.values_list("key", "settled_in"):
        found[lane].append(key)
    if not found:
        raise OfficeError(say("office.intake.sample.nothing"))
    taken = {
        lane: draw(keys, sample_size(len(keys), LANES[Lane(lane)].share), seed=seed) for lane, keys in found.items()
    }
    frame = {lane: [len(keys), len(taken[lane])] for lane, keys in sorted(found.items())}
    drawn = Draw.objects.create(number=after + 1, until=now, seed=seed, frame=frame, by=by.key)
    _keep(drawn, {key for keys in taken.values() for key in keys})
    data = {"frame": frame, "number": drawn.number, "seed": seed, "until": now.isoformat()}
    return Done(drawn, about=("draw", drawn.key), data=data)


def _keep(drawn: Draw, keys: set[str]) -> None:
    notifications = Notification.objects.filter(key__in=keys).select_related("use_case").order_by("pk")
    latest: dict[int, TriageRecord] = {}
    for record in TriageRecord.objects.filter(notification__key__in=keys).order_by("round"):
        latest[record.notification_id] = record
    Sample.objects.bulk_create(
        Sample(
            drawn=drawn,
            notification=item,
            record=latest[item.pk],
            lane=item.settled_in,
            level=item.use_case.highest,
            settled_by=item.settled_by,
        )
        for item in notifications
    )


def read_sample(sample: Sample, *, level: str, remark: str, by: Person) -> Reading:
    """Say which tier a sampled case should have; what was settled too low goes to the office.

    Raises:
        NotAllowedError: they settled it, submitted it, or do not see it.
    """
    try:
        return _read_sample(sample, level=level, remark=remark, by=by)
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


@action("sample.read")
def _read_sample(sample: Sample, *, level: str, remark: str, by: Person) -> Done[Reading]:
    found = locked(sample.notification)
    access = require(by, Permission.SAMPLE, found.use_case.unit)
    refuse_own(by, found)
    if sample.settled_by == by.key:
        raise NotAllowedError(say("office.intake.own"))
    if not visible(access).filter(pk=found.use_case_id).exists():
        raise NotAllowedError(say("office.intake.own"))
    before = Reading.objects.filter(sample=sample).first()
    if before is not None:
        raise AlreadyDone(before)
    kept = FreeText.keep(remark.strip()) if remark.strip() else None
    reading = Reading.objects.create(sample=sample, level=level, remark=kept, by=by.key)
    if reading.verdict == "under" and found.step == Step.SETTLED and found.use_case.state == State.TRIAGED:
        _hand_over(found, reading, by=by)
    data = {"level": level, "remark": kept.digest if kept else "", "sample": sample.key, "verdict": reading.verdict}
    return Done(reading, about=("use_case", found.use_case.key), data=data)


def _hand_over(found: Notification, reading: Reading, *, by: Any) -> None:
    add_step(found, latest_record(found), Outcome.RAISED, by=by, level=reading.level, reason=reading.remark)
    change(found.use_case, lowest=reading.level, highest=reading.level)
    move_state(found.use_case, State.NOTIFIED, by=by)
    due = add_working_days(timezone.localdate(), LANES[Lane.OFFICE].days)
    change(found, step=Step.WAITING, lane=Lane.OFFICE, lane_path="", due=due)
