"""Conflicts between the packs of a case: the same evidence, and one pack content where another is not.

Two kinds. Two checks draw different lines through one figure, so that a value between them meets one pack and fails the
other. And a requirement that rests on another's answers may want them younger or from somebody more independent than
that one does. Both are worked out from what a bundle holds; no finding depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Literal

from hakari.assessment.case import Case
from hakari.assessment.model import CheckResult, Finding, PlannedCheck
from hakari.assessment.rules.evidence_choice import Choice, choose_answer, choose_measurement
from hakari.assessment.rules.given import EngineInput
from hakari.messages import Message
from hakari.packs.model import Check, EvidenceRule, Pack, Requirement
from hakari.packs.overview import answering, conflicts

__all__ = ["Conflicts", "LineConflict", "LineSide", "RuleConflict", "conflicts_of"]

Acceptance = Literal["accepted", "stale", "missing"]
_ASSURANCE = ("self", "pipeline", "second_person", "independent")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSide:
    """One of two checks of the same figure."""

    requirement: str
    """`urn@version`."""
    pack: str
    check: str
    """Id of the planned check."""
    operator: str
    threshold: float
    unacceptable: float
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineConflict:
    """Two packs draw different lines through the same figure."""

    first: LineSide
    second: LineSide

    @property
    def differ(self) -> bool:
        """True if the same evidence gave different results; else a later value may."""
        return self.first.status != self.second.status

    @property
    def stricter(self) -> LineSide | None:
        """The side whose acceptable and unacceptable lines are both the stricter, or None where neither is."""
        sign = 1 if self.first.operator == "<=" else -1
        gaps = [
            sign * (self.first.threshold - self.second.threshold),
            sign * (self.first.unacceptable - self.second.unacceptable),
        ]
        if all(gap <= 0 for gap in gaps):
            return self.first
        return self.second if all(gap >= 0 for gap in gaps) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConflict:
    """A requirement accepts evidence otherwise than the one in another pack whose answers it rests on."""

    requirement: str
    """`urn@version`."""
    pack: str
    other: str
    """`urn@version` of the requirement that it rests on."""
    other_pack: str
    here: Acceptance
    """Whether the evidence of the other is accepted here."""
    there: Acceptance
    """Whether it is by the other's own rule."""
    reasons: tuple[Message, ...] = ()
    """Why one of the two does not accept it."""
    stricter: bool
    """True if this requirement wants younger or more independent evidence than the other."""

    @property
    def differ(self) -> bool:
        """True if the same evidence is accepted by one and not by the other today."""
        return self.here != self.there


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """Everything in which the packs of a case differ; what differs in its result comes first."""

    lines: tuple[LineConflict, ...] = ()
    rules: tuple[RuleConflict, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.rules)


def conflicts_of(case: Case) -> Conflicts:
    """Return where the packs of `case` differ about the same evidence.

    Only requirements that apply count. Lines are those of the plan, so an override that brings two packs to one line
    ends their conflict. A rule that is merely less strict than the other's, with the same result, is no conflict.
    """
    findings = {item.requirement: item for item in case.assessment.findings if item.status != "not_applicable"}
    lines = sorted(_lines(case, findings), key=lambda item: not item.differ)
    rules = sorted(_rules(case, findings), key=lambda item: not item.differ)
    return Conflicts(lines=tuple(lines), rules=tuple(rules))


# ---------------------------------------------------------------- lines


def _lines(case: Case, findings: Mapping[str, Finding]) -> Iterator[LineConflict]:
    planned: dict[tuple[str, str], list[PlannedCheck]] = {}
    for check in case.plan.checks:
        planned.setdefault((check.requirement, _check_of(check)), []).append(check)
    results = {result.check: result for finding in findings.values() for result in finding.checks}
    for found in conflicts([_as_planned(pack, planned) for pack in case.packs]):
        if found.first.pack.reference == found.second.pack.reference:
            continue
        sides = [
            [check for check in planned.get((served.requirement.reference, served.check.id), ()) if check.id in results]
            for served in (found.first, found.second)
        ]
        for first, second in product(*sides):
            if first.columns == second.columns:
                yield LineConflict(
                    first=_side(first, found.first.pack, results), second=_side(second, found.second.pack, results)
                )


def _check_of(planned: PlannedCheck) -> str:
    """Return the id of the pack's check: the plan puts the requirement before it and the columns behind."""
    return planned.id.split("/", 1)[1].split("[", 1)[0]


def _as_planned(pack: Pack, planned: Mapping[tuple[str, str], Sequence[PlannedCheck]]) -> Pack:
    """Return a pack with the lines that the plan fixed, where somebody has overridden the pack's own."""

    def line(requirement: Requirement, check: Check) -> Check:
        fixed = planned.get((requirement.reference, check.id))
        return replace(check, threshold=fixed[0].threshold, margin=fixed[0].margin) if fixed else check

    return replace(
        pack,
        requirements=tuple(
            replace(requirement, checks=tuple(line(requirement, check) for check in requirement.checks))
            for requirement in pack.requirements
        ),
    )


def _side(planned: PlannedCheck, pack: Pack, results: Mapping[str, CheckResult]) -> LineSide:
    return LineSide(
        requirement=planned.requirement,
        pack=pack.reference,
        check=planned.id,
        operator=planned.operator,
        threshold=planned.threshold,
        unacceptable=planned.unacceptable,
        status=results[planned.id].status,
    )


# ---------------------------------------------------------------- rules for evidence


def _rules(case: Case, findings: Mapping[str, Finding]) -> Iterator[RuleConflict]:
    assessment = case.assessment
    given = EngineInput(
        title=assessment.title,
        plan=case.plan,
        plan_digest=assessment.plan,
        packs=case.packs,
        evidence=case.evidence,
        signers=case.signers,
        today=date.fromisoformat(assessment.as_of),
    )
    checks: dict[str, list[PlannedCheck]] = {}
    for check in case.plan.checks:
        checks.setdefault(check.requirement, []).append(check)
    for pack in case.packs:
        for requirement in pack.requirements:
            finding = findings.get(requirement.reference)
            if finding is None or not finding.via:
                continue
            for other_pack, other in answering(case.packs, requirement):
                # Within one pack both rules are by the same hand.
                if other.reference in finding.via and other_pack.reference != pack.reference:
                    yield from _rule(given, (pack, requirement), (other_pack, other), checks.get(other.reference, ()))


def _rule(
    given: EngineInput,
    here: tuple[Pack, Requirement],
    there: tuple[Pack, Requirement],
    checks: Sequence[PlannedCheck],
) -> Iterator[RuleConflict]:
    own, others = here[1].evidence, there[1].evidence
    if own == others:
        return
    pairs = list(zip(_choices(given, there[1], checks, own), _choices(given, there[1], checks, others), strict=True))
    apart = [pair for pair in pairs if pair[0].status != pair[1].status]
    stricter = _stricter(own, others)
    if not apart and not (stricter and any(pair[0].status == "current" for pair in pairs)):
        return
    yield RuleConflict(
        requirement=here[1].reference,
        pack=here[0].reference,
        other=there[1].reference,
        other_pack=there[0].reference,
        here=_worst(mine for mine, _ in apart),
        there=_worst(theirs for _, theirs in apart),
        reasons=tuple(dict.fromkeys(reason for pair in apart for choice in pair for reason in choice.reasons)),
        stricter=stricter,
    )


def _choices(
    given: EngineInput, other: Requirement, checks: Sequence[PlannedCheck], rule: EvidenceRule
) -> Iterator[Choice]:
    """Yield the record that each check and question of `other` has by a rule for evidence, or why it has none."""
    yield from (choose_measurement(check, given, rule) for check in checks)
    yield from (choose_answer(other, question, given, rule) for question in other.questions)


def _worst(found: Iterable[Choice]) -> Acceptance:
    statuses = {choice.status for choice in found}
    return "missing" if "missing" in statuses else "stale" if "stale" in statuses else "accepted"


def _stricter(rule: EvidenceRule, other: EvidenceRule) -> bool:
    """Whether a rule wants younger evidence, or from somebody more independent."""
    least = _ASSURANCE.index(rule.least_assurance), _ASSURANCE.index(other.least_assurance)
    return rule.max_age_days < other.max_age_days or least[0] > least[1]
