"""What changed from one frozen round to the next: statuses, answers, figures, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hakari.assessment.model import Assessment, CheckResult, Finding, Plan, PlannedCheck
from hakari.assessment.reasons import check_name, status_word
from hakari.office.lifecycle.models import Round
from hakari.office.lifecycle.showing.figures import figure_text
from hakari.office.lifecycle.showing.values import value_texts
from hakari.packs import Pack, Requirement

__all__ = ["Change", "Frozen", "changes", "evidence_changes"]

Kind = Literal["status", "answer", "figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A round with what it froze."""

    round: Round
    found: Assessment
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is other than before."""

    kind: Kind
    requirement: Requirement
    what: Any
    """What changed, for the filter `told`; a status needs no more words than its requirement."""
    before: tuple[Any, ...]
    after: tuple[Any, ...]


def changes(before: Frozen, after: Frozen, packs: tuple[Pack, ...]) -> list[Change]:
    """Return what changed, in the order of the packs."""
    old = {finding.requirement: finding for finding in before.found.findings}
    known = {item.reference: item for pack in packs for item in pack.requirements}
    found: list[Change] = []
    for finding in after.found.findings:
        requirement = known.get(finding.requirement)
        if requirement is not None:
            found += _of_finding(requirement, old.get(finding.requirement), finding, before.plan, after.plan)
    return found


def evidence_changes(before: Round, after: Round) -> tuple[int, int]:
    """Return how many records are cited newly, and how many no longer."""
    old, new = set(before.evidence), set(after.evidence)
    return len(new - old), len(old - new)


def _of_finding(
    requirement: Requirement, old: Finding | None, new: Finding, old_plan: Plan, new_plan: Plan
) -> Iterator[Change]:
    if old is None or old.status != new.status:
        before = (status_word(old.status),) if old else ()
        yield Change(kind="status", requirement=requirement, what="", before=before, after=(status_word(new.status),))
    yield from _answers(requirement, old, new)
    yield from _figures(requirement, old, new, _checks(old_plan), _checks(new_plan))


def _answers(requirement: Requirement, old: Finding | None, new: Finding) -> Iterator[Change]:
    before = {item.question: item.value for item in old.answers} if old else {}
    after = {item.question: item.value for item in new.answers}
    for question in requirement.questions:
        one, other = before.get(question.id), after.get(question.id)
        if one != other:
            yield Change(
                kind="answer",
                requirement=requirement,
                what=question.text,
                before=value_texts(question, one),
                after=value_texts(question, other),
            )


def _figures(
    requirement: Requirement,
    old: Finding | None,
    new: Finding,
    old_checks: Mapping[str, PlannedCheck],
    new_checks: Mapping[str, PlannedCheck],
) -> Iterator[Change]:
    before = {item.check: item for item in old.checks} if old else {}
    for result in new.checks:
        planned, last = new_checks[result.check], before.pop(result.check, None)
        one = _figure(old_checks.get(result.check), last)
        other = _figure(planned, result)
        if one != other:
            yield Change(kind="figure", requirement=requirement, what=check_name(planned), before=one, after=other)
    for name, last in before.items():
        one = _figure(old_checks.get(name), last)
        if one:
            yield Change(
                kind="figure", requirement=requirement, what=check_name(old_checks[name]), before=one, after=()
            )


def _figure(planned: PlannedCheck | None, result: CheckResult | None) -> tuple[Any, ...]:
    text = figure_text(planned, result) if planned is not None and result is not None else None
    return () if text is None else (text,)


def _checks(plan: Plan) -> Mapping[str, PlannedCheck]:
    return {check.id: check for check in plan.checks}
