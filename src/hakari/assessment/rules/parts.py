"""Parts: the answers and checks of a requirement, and of those in other packs that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hakari.assessment.model import AnswerResult, CheckResult, Status
from hakari.assessment.rules.answer_effects import judge_answer
from hakari.assessment.rules.evidence_choice import choose_answer, choose_measurement, last_day
from hakari.assessment.rules.given import EngineInput
from hakari.packs import applies, asked
from hakari.packs.model import EvidenceRule, Pack, Requirement
from hakari.packs.overview import answering

__all__ = ["Parts", "combined", "mapped_parts", "parts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a requirement has to show, judged by one rule for evidence."""

    requirement: str
    """`urn@version`."""
    rule: Literal["all", "any"]
    checks: tuple[CheckResult, ...]
    answers: tuple[AnswerResult, ...]
    stale_from: str | None

    @property
    def statuses(self) -> Sequence[Status]:
        """Statuses of the parts that count."""
        found: list[Status] = [check.status for check in self.checks]
        said = (answer.status for answer in self.answers)
        found += [status for status in said if status != "neutral" and status != "not_asked"]
        return found

    @property
    def neutral(self) -> bool:
        """True if there are answers, and none of them meets or fails."""
        return not self.statuses and any(answer.status == "neutral" for answer in self.answers)

    @property
    def status(self) -> Status:
        """All parts in one status; without any part nothing is shown."""
        if not self.statuses:
            return "met" if self.neutral else "missing"
        return combined(self.rule, self.statuses)

    @property
    def evidence(self) -> Iterator[str]:
        """Ids of the records that the parts cite."""
        yield from (check.evidence for check in self.checks if check.evidence is not None)
        yield from (answer.evidence for answer in self.answers if answer.evidence is not None)


def combined(rule: Literal["all", "any"], statuses: Sequence[Status]) -> Status:
    """Return one status for several: all must hold, or any one is enough."""
    order: tuple[Status, ...] = ("not_met", "missing", "stale", "inconclusive", "met")
    if rule == "any":
        order = ("met", "inconclusive", "stale", "missing", "not_met")
    return next(status for status in order if status in statuses)


def parts_of(
    given: EngineInput, pack: Pack, requirement: Requirement, results: Mapping[str, CheckResult], rule: EvidenceRule
) -> Parts:
    """Return the parts of `requirement`, its evidence judged by `rule`."""
    planned = [check for check in given.plan.checks if check.requirement == requirement.reference]
    checks = []
    for check in planned:
        result = results[check.id]
        if rule != requirement.evidence and result.status not in ("missing", "stale"):
            choice = choose_measurement(check, given, rule)
            if choice.status != "current":
                result = replace(result, status=choice.status, reasons=choice.reasons)
        checks.append(result)
    answers, stale_from = _answers(given, pack, requirement, rule)
    ages = [last_day(given.evidence[check.evidence], rule.max_age_days) for check in checks if check.evidence]
    return Parts(
        requirement=requirement.reference,
        rule=requirement.evidence.rule,
        checks=tuple(checks),
        answers=answers,
        stale_from=min(filter(None, [stale_from, *ages]), default=None),
    )


def mapped_parts(given: EngineInput, requirement: Requirement, results: Mapping[str, CheckResult]) -> tuple[Parts, ...]:
    """Return the parts of the requirements that answer this one, without those that do not apply or are not in force.

    A requirement that applies only if an unstated fact is true counts: what it asks is missing until the fact is there.
    """
    found = []
    for other_pack, other in answering(given.packs, requirement):
        applied = applies(other, given.plan.facts, other_pack).applies
        if applied is not False and other.in_force(given.today.isoformat()):
            found.append(parts_of(given, other_pack, other, results, requirement.evidence))
    return tuple(found)


def _answers(
    given: EngineInput, pack: Pack, requirement: Requirement, rule: EvidenceRule
) -> tuple[tuple[AnswerResult, ...], str | None]:
    """Return the results of a requirement's questions, and the first day on which one of them is too old."""
    values: dict[str, object] = {}
    results: list[AnswerResult] = []
    stale_from: str | None = None
    for question in requirement.questions:
        wanted = asked(question, values, given.plan.facts, requirement=requirement, pack=pack)
        choice = choose_answer(requirement, question, given, rule)
        if wanted is False:
            results.append(AnswerResult(question=question.id, status="not_asked"))
        elif choice.status == "current":
            record = given.evidence[choice.identifier]
            assert record.answer is not None
            values[question.id] = record.answer.value
            results.append(judge_answer(question, record.answer.value, evidence=choice.identifier))
            stale_from = min(filter(None, [stale_from, choice.stale_from]), default=None)
        else:
            results.append(
                AnswerResult(
                    question=question.id,
                    status=choice.status,
                    evidence=choice.identifier or None,
                    reasons=choice.reasons,
                )
            )
    return tuple(results), stale_from
