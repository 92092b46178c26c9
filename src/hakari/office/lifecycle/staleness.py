"""When what was decided does not stand any more: marked with the reason, and asked for every day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError
from hakari.messages import Message, say
from hakari.office.core.actions import SYSTEM, Done, action
from hakari.office.core.conflicts import change
from hakari.office.lifecycle.hooks import HOOKS
from hakari.office.lifecycle.models import FindingRow, Projection, StageAssessment, Standing
from hakari.office.lifecycle.showing.called import packs_named, reworded
from hakari.office.registry.actions import move_state
from hakari.office.registry.states import NEXT, State

__all__ = ["STANDS", "expire", "mark_stale", "messages_of", "reasons_on"]

STANDS = (Standing.DECIDED, Standing.CLOSED)


def mark_stale(assessment: StageAssessment, reasons: Iterable[Message], *, by: Any, moves: bool = True) -> None:
    """Say that a decided or closed assessment does not stand any more, with the reasons; inside an action.

    Args:
        assessment: The assessment.
        reasons: Why.
        by: Who acts.
        moves: Whether the use case becomes stale with it: not where a later assessment is under way.
    """
    stored = [{"key": item.key, "arguments": _plain(item.arguments)} for item in reasons]
    change(
        assessment,
        standing=Standing.STALE,
        standing_since=timezone.now(),
        stale_because=[*assessment.stale_because, *stored],
    )
    case = assessment.use_case
    # Of a use that is stopped, what counts is the state to which it would go back.
    if moves and State.STALE in NEXT[State(case.suspended_from or case.state)]:
        move_state(case, State.STALE, by=by)


def messages_of(assessment: StageAssessment) -> list[Message]:
    """Return why an assessment is stale, in the words of its packs."""
    packs = packs_named(assessment.packs) if assessment.stale_because else []
    return [reworded(say(item["key"], **item["arguments"]), packs) for item in assessment.stale_because]


def reasons_on(assessment: StageAssessment, day: datetime.date) -> list[Message]:
    """Return why a decided or closed assessment does not stand on a day; nothing if it does."""
    found: list[Message] = []
    old = Projection.objects.filter(assessment=assessment, stale_from__lte=day).first()
    if old is not None:
        rows = FindingRow.objects.filter(projection=old, stale_from__lte=day).values_list("requirement", flat=True)
        slugs = [reference.rsplit(":", 1)[-1].split("@")[0] for reference in rows]
        found.append(say("office.lifecycle.stale.age", requirements=slugs[:10], since=str(old.stale_from)))
    for use in assessment.use_case.component_uses.select_related("component_version__component"):
        why = use.stale_because(day)
        if why:
            found.append(say(f"office.lifecycle.stale.component.{why}", component=str(use.component_version)))
    for ask in HOOKS.outdated:
        found += ask(assessment, day)
    return found


def expire(day: datetime.date | None = None) -> int:
    """Mark everything that does not stand today as stale; run it every day. Returns how many were marked."""
    today = day or timezone.localdate()
    marked = 0
    live = StageAssessment.objects.filter(standing__in=STANDS).select_related("use_case")
    for assessment in live:
        # Of a closed stage only the last word of the use case counts; earlier stages rest.
        later = StageAssessment.objects.filter(use_case=assessment.use_case, pk__gt=assessment.pk).exists()
        reasons = [] if later else reasons_on(assessment, today)
        if not reasons:
            continue
        try:
            _expire(assessment, reasons, by=SYSTEM)
        except ConflictError:
            continue  # somebody acts on it at this moment; the next run asks again
        marked += 1
    return marked


@action("assessment.stale")
def _expire(assessment: StageAssessment, reasons: list[Message], *, by: Any) -> Done[StageAssessment]:
    mark_stale(assessment, reasons, by=by)
    data = {"assessment": assessment.key, "reasons": [reason.key for reason in reasons]}
    return Done(assessment, about=("use_case", assessment.use_case.key), data=data)


def _plain(arguments: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in dict(arguments).items()}
