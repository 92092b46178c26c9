"""Which record answers a check or a question today: current, stale with its reason, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from hakari.assessment.model import PlannedCheck, PlannedMeasurement
from hakari.assessment.rules.given import EngineInput
from hakari.errors import EvidenceError
from hakari.evidence import Evidence
from hakari.messages import Message, say
from hakari.packs.model import EvidenceRule, Question, Requirement

__all__ = ["Choice", "choose_answer", "choose_measurement", "last_day"]

_ASSURANCE = {"self": 0, "pipeline": 1, "second_person": 2, "independent": 3}


@dataclass(frozen=True, slots=True)
class Choice:
    """The record that counts, or why none does."""

    status: Literal["current", "stale", "missing"]
    identifier: str = ""
    reasons: tuple[Message, ...] = ()
    stale_from: str | None = None


def last_day(record: Evidence, days: int) -> str:
    """Return the first day on which `record` is too old."""
    try:
        return (datetime.fromisoformat(record.effective_at).date() + timedelta(days=days + 1)).isoformat()
    except (ValueError, OverflowError):
        raise EvidenceError(say("assessment.evidence.time", value=record.effective_at[:80])) from None


def choose_measurement(check: PlannedCheck, given: EngineInput, rule: EvidenceRule | None = None) -> Choice:
    """Return the newest record for a planned check, or what changed since there was one.

    `rule` is whose demands on evidence it must meet: those of the check's own requirement, or of one that rests on it.
    """
    if check.impossible is not None:
        return Choice("missing", reasons=(check.impossible,))
    planned = next((item for item in given.plan.measurements if item.id == check.measurement), None)
    if planned is None:
        raise EvidenceError(say("assessment.plan.broken", check=check.id, missing=check.measurement[:80]))
    rule = rule or _requirement(given, check.requirement).evidence
    of_measure = [
        (identifier, record)
        for identifier, record in given.evidence.items()
        if record.measure is not None and record.measure.id == planned.measure
    ]
    exact = [
        (identifier, record)
        for identifier, record in of_measure
        if record.plan is not None
        and record.plan.digest == given.plan_digest
        and record.plan.measurement == planned.id
        and record.subjects == planned.subjects
    ]
    if exact:
        return _by_age(exact, rule, given.today, given)
    if of_measure:
        identifier, record = max(of_measure, key=lambda item: (item[1].collected_at, item[0]))
        return Choice("stale", identifier, _changes(planned, record))
    return Choice("missing", reasons=(say("assessment.check.not_measured", measure=planned.measure),))


def choose_answer(
    requirement: Requirement, question: Question, given: EngineInput, rule: EvidenceRule | None = None
) -> Choice:
    """Return the newest answer to a question, by the requirement's own rule for evidence or by `rule`."""
    mine = [
        (identifier, record)
        for identifier, record in given.evidence.items()
        if record.answer is not None
        and record.answer.question == question.id
        and record.answer.requirement.rsplit("@", 1)[0] == requirement.urn
    ]
    current = [
        (identifier, record)
        for identifier, record in mine
        if record.answer is not None and record.answer.requirement == requirement.reference
    ]
    if current:
        return _by_age(current, rule or requirement.evidence, given.today, given)
    if mine:
        identifier, _ = max(mine, key=lambda item: (item[1].collected_at, item[0]))
        return Choice("stale", identifier, (say("assessment.answer.other_version"),))
    return Choice("missing", reasons=(say("assessment.answer.missing"),))


def _by_age(found: Iterable[tuple[str, Evidence]], rule: EvidenceRule, today: date, given: EngineInput) -> Choice:
    identifier, record = max(found, key=lambda item: (item[1].collected_at, item[0]))
    if _ASSURANCE[record.assurance] < _ASSURANCE[rule.least_assurance]:
        return Choice(
            "missing", identifier, (say("assessment.assurance", found=record.assurance, least=rule.least_assurance),)
        )
    changed = {name: value for name, value in record.facts.items() if given.plan.facts.get(name) != value}
    if changed:
        return Choice("stale", identifier, (say("assessment.stale.fact", facts=sorted(changed)),))
    first = last_day(record, rule.max_age_days)
    if today.isoformat() >= first:
        return Choice("stale", identifier, (say("assessment.stale.age", since=first, days=rule.max_age_days),))
    return Choice("current", identifier, stale_from=first)


def _changes(planned: PlannedMeasurement, record: Evidence) -> tuple[Message, ...]:
    assert record.measure is not None
    reasons: list[Message] = []
    before = {subject.role: subject.digest for subject in record.subjects}
    after = {subject.role: subject.digest for subject in planned.subjects}
    changed = sorted(role for role in before.keys() | after.keys() if before.get(role) != after.get(role))
    if changed:
        reasons.append(say("assessment.stale.subject", subjects=changed))
    if record.measure.version.split(".")[0] != planned.version.split(".")[0]:
        reasons.append(say("assessment.stale.measure", before=record.measure.version, after=planned.version))
    if not reasons:
        reasons.append(say("assessment.stale.plan"))
    return tuple(reasons)


def _requirement(given: EngineInput, reference: str) -> Requirement:
    for pack in given.packs:
        for requirement in pack.requirements:
            if requirement.reference == reference:
                return requirement
    raise EvidenceError(say("assessment.plan.broken", check="", missing=reference[:80]))
