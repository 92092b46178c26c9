"""Open work: what still stands in the way, sorted for a person who has to decide what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hakari.assessment.case import Case
from hakari.assessment.model import CheckResult, Finding

__all__ = ["OpenWork", "sort_open"]

_SEVERITIES: Final = ("critical", "major", "minor")
_UNSTATED = "assessment.fact.unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """The open findings, each in the one place where it says most."""

    not_met: tuple[Finding, ...]
    undecided: tuple[Finding, ...]
    """Measured, but the rows do not decide."""
    unmeasured: tuple[Finding, ...]
    """With a check that is missing or stale."""
    facts: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """Unstated fact → what hangs on it."""
    questions: Mapping[tuple[str, ...], tuple[Finding, ...]] = field(default_factory=dict)
    """Roles → requirements whose only open part is an answer."""
    resting: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """Pack → requirements that are open only because others are, which stand in the lists above."""


def sort_open(case: Case) -> OpenWork:
    """Return the open findings of a case, the most severe first."""
    findings = sorted(case.assessment.findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    open_ones = [finding for finding in findings if finding.status in ("not_met", "inconclusive", "missing", "stale")]
    resting: dict[str, list[Finding]] = {}
    for finding in open_ones:
        if finding.rests_on_others:
            resting.setdefault(finding.pack, []).append(finding)
    open_ones = [finding for finding in open_ones if not finding.rests_on_others]
    facts: dict[str, list[Finding]] = {}
    questions: dict[tuple[str, ...], list[Finding]] = {}
    unmeasured: list[Finding] = []
    for finding in open_ones:
        unstated = [str(reason.arguments["fact"]) for reason in finding.reasons if reason.key == _UNSTATED]
        if unstated:
            for fact in unstated:
                facts.setdefault(fact, []).append(finding)
        elif finding.status in ("missing", "stale"):
            if open_checks(finding):
                unmeasured.append(finding)
            else:
                questions.setdefault(finding.roles, []).append(finding)
    return OpenWork(
        not_met=tuple(finding for finding in open_ones if finding.status == "not_met"),
        undecided=tuple(finding for finding in open_ones if finding.status == "inconclusive"),
        unmeasured=tuple(unmeasured),
        facts={fact: tuple(items) for fact, items in facts.items()},
        questions={roles: tuple(items) for roles, items in questions.items()},
        resting={pack: tuple(items) for pack, items in resting.items()},
    )


def open_checks(finding: Finding) -> tuple[CheckResult, ...]:
    """Return the checks of a finding that are not met, worst first."""
    order = ("not_met", "inconclusive", "stale", "missing")
    found = [check for check in finding.checks if check.status in order]
    return tuple(sorted(found, key=lambda check: order.index(check.status)))


def open_answers(finding: Finding) -> tuple[str, ...]:
    """Return the questions of a finding that wait for an answer."""
    return tuple(answer.question for answer in finding.answers if answer.status in ("missing", "stale"))
