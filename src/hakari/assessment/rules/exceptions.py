"""Exceptions and bounded acceptance: what was accepted until when by whom, and when it stops counting."""

from __future__ import annotations

from dataclasses import replace

from hakari.assessment.model import CheckResult, Exception_, Finding
from hakari.assessment.rules.gate import PASSING
from hakari.assessment.rules.given import EngineInput
from hakari.messages import Message, say

__all__ = ["accepted", "void_reason"]


def accepted(finding: Finding, given: EngineInput) -> Finding:
    """Return the finding as `excepted` if an acceptance in force covers it, else with the reason why it does not."""
    mine = [item for item in given.exceptions if item.requirement == finding.requirement]
    if finding.status in PASSING or not mine:
        return finding
    newest = max(mine, key=lambda item: (item.created_at, item.key))
    problem = void_reason(newest, finding, given)
    if problem is not None:
        return replace(finding, reasons=(*finding.reasons, problem))
    reason = say("assessment.excepted", by=newest.by, until=newest.until, condition=newest.condition)
    return replace(finding, status="excepted", exception=newest, reasons=(*finding.reasons, reason))


def void_reason(exception: Exception_, finding: Finding, given: EngineInput) -> Message | None:
    """Return why an acceptance does not count, or None."""
    if given.today.isoformat() > exception.until:
        return say("assessment.exception.expired", until=exception.until)
    if exception.scope != given.plan.scope:
        return say("assessment.exception.other_scope")
    if exception.key in {given.signers.get(identifier) for identifier in finding.evidence}:
        return say("assessment.exception.own_evidence")
    for check in finding.checks:
        if check.status == "inconclusive" and not _within(check, exception, given):
            return say("assessment.exception.worse", check=check.check, worst=check.worst_case)
    return None


def _within(check: CheckResult, exception: Exception_, given: EngineInput) -> bool:
    """Return whether the present worst case is no worse than the accepted one."""
    bound = exception.bounds.get(check.check)
    if bound is None or check.worst_case is None:
        return False
    planned = next(item for item in given.plan.checks if item.id == check.check)
    return check.worst_case <= bound if planned.operator == "<=" else check.worst_case >= bound
