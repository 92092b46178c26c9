"""What the committee knows about an assessment: its decision, what keeps the gate shut, the change envelope."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from hakari.assessment.decision import ChangeEnvelope
from hakari.messages import Message, say
from hakari.office.committee.models import Condition, Decision
from hakari.office.lifecycle.models import CarryOver, Outcome, Projection, StageAssessment
from hakari.office.registry.states import State

__all__ = ["blockers", "decision_on", "envelope_of", "outdated", "overdue", "scope_stands"]

STANDING = (Outcome.APPROVE, Outcome.CONDITIONS)


def decision_on(assessment: StageAssessment) -> Decision | None:
    """Return the last decision on an assessment that did not defer it."""
    found: Decision | None = (
        Decision.objects.filter(assessment=assessment).exclude(outcome=Outcome.DEFER).order_by("-pk").first()
    )
    return found


def envelope_of(assessment: StageAssessment) -> ChangeEnvelope | None:
    """Return the change envelope of the decision that stands."""
    decision = decision_on(assessment)
    if decision is None or decision.outcome not in STANDING or not decision.envelope:
        return None
    stated: dict[str, Any] = decision.envelope
    return ChangeEnvelope(roles=tuple(stated["roles"]), checks=tuple(stated["checks"]), until=str(stated["until"]))


def scope_stands(decision: Decision, scope: str) -> bool:
    """Return whether a decision is about the system with this scope digest, or was carried over to it step by step."""
    steps = CarryOver.objects.filter(assessment=decision.assessment).order_by("pk").values_list("before", "after")
    now = decision.scope
    for before, after in steps:
        if before == now:
            now = after
    return now == scope


def overdue(use_case_id: int, day: datetime.date) -> int:
    """Return how many conditions of a use case are open past their day."""
    return Condition.objects.filter(use_case_id=use_case_id, closed_at=None, due__lt=day).count()


def blockers(assessment: StageAssessment) -> list[Message]:
    """Return what keeps the gate of a stage shut, as far as the committee is asked."""
    today, found = timezone.localdate(), []
    decision = decision_on(assessment)
    if decision is None:
        found.append(say("office.committee.gate.undecided"))
    elif decision.outcome not in STANDING:
        found.append(say("office.committee.gate.rejected", number=decision.number))
    else:
        projection = Projection.objects.filter(assessment=assessment).first()
        if projection is None or not scope_stands(decision, projection.scope):
            found.append(say("office.committee.gate.scope", number=decision.number))
        if decision.valid_until < today:
            until = decision.valid_until.isoformat()
            found.append(say("office.committee.gate.ended", number=decision.number, until=until))
    late = overdue(assessment.use_case_id, today)
    if late:
        found.append(say("office.committee.gate.overdue", n=late))
    if assessment.use_case.state == State.SUSPENDED:
        found.append(say("office.committee.gate.stopped"))
    return found


def outdated(assessment: StageAssessment, day: datetime.date) -> list[Message]:
    """Return why a decided or closed assessment does not stand on a day."""
    decision = decision_on(assessment)
    if decision is not None and decision.outcome in STANDING and decision.valid_until < day:
        until = decision.valid_until.isoformat()
        return [say("office.committee.gate.ended", number=decision.number, until=until)]
    return []
