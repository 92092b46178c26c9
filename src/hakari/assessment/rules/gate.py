"""The stage gate: what stands in the way, under each of the three modes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from hakari.assessment.model import Assessment, Finding, GateMode, GateResult, Status

__all__ = ["PASSING", "gate"]

PASSING: frozenset[Status] = frozenset({"met", "not_applicable", "excepted"})

_RANK: dict[Status, int] = {
    "met": 0,
    "not_applicable": 0,
    "excepted": 1,
    "inconclusive": 2,
    "stale": 3,
    "missing": 3,
    "not_met": 4,
}


def gate(findings: Sequence[Finding], *, mode: GateMode, previous: Assessment | None) -> GateResult:
    """Return whether the stage closes, and whether the gate holds by the rule of `mode`.

    advisory: always holds, and reports. regression: fails on what got worse than in `previous`, the last accepted
    assessment; without one there is nothing to be worse than. full: the whole rule.
    """
    counts = {status: sum(finding.status == status for finding in findings) for status in get_args(Status)}
    blocking = tuple(finding.requirement for finding in findings if finding.status not in PASSING)
    before = {} if previous is None else {finding.requirement: finding.status for finding in previous.findings}
    worse = tuple(
        finding.requirement
        for finding in findings
        if finding.requirement in before and _RANK[finding.status] > _RANK[before[finding.requirement]]
    )
    closes = not blocking
    holds = {"advisory": True, "regression": not worse, "full": closes}[mode]
    return GateResult(
        mode=mode,
        holds=holds,
        closes=closes,
        counts=counts,
        blocking=blocking,
        only_open=counts["not_met"] == 0 and not closes,
        worse=worse,
    )
