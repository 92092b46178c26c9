"""The engine: a pure function of (evidence, packs, facts, today). No clock, disk, database or measure is reached.

What it reads from a record are counts, subjects and dates; every interval and verdict is derived here again, so that a
stranger who holds the bundle gets the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hakari.assessment.model import (
    AnswerResult,
    Assessment,
    CheckResult,
    Finding,
    PlannedCheck,
    Status,
)
from hakari.assessment.rules.answer_effects import judge_answer
from hakari.assessment.rules.checks import judge, unmeasured_result
from hakari.assessment.rules.evidence_choice import Choice, choose_answer, choose_measurement, last_day
from hakari.assessment.rules.exceptions import accepted
from hakari.assessment.rules.gate import gate
from hakari.assessment.rules.given import EngineInput
from hakari.assessment.rules.levels import family_levels
from hakari.assessment.rules.prepared import firing_of, prepare
from hakari.evidence import Evidence
from hakari.messages import Message, say
from hakari.packs import applies, asked
from hakari.packs.model import Pack, Requirement

__all__ = ["EngineInput", "assess"]


def assess(given: EngineInput) -> Assessment:
    """Return the assessment of one use case at the plan's stage."""
    results = _check_results(given)
    findings = tuple(
        _finding(given, pack, requirement, results)
        for pack in given.packs
        for requirement in pack.requirements
        if given.plan.stage in requirement.stages
    )
    plan = given.plan
    # Only what a finding cites has a say, because only that travels in the bundle.
    cited = {name: given.evidence[name] for finding in findings for name in finding.evidence}
    return Assessment(
        use_case=plan.use_case,
        title=given.title,
        system_version=plan.system_version,
        stage=plan.stage,
        as_of=given.today.isoformat(),
        packs=plan.packs,
        facts=plan.facts,
        plan=given.plan_digest,
        plan_registered=_registered(cited),
        scope=plan.scope,
        label_source=plan.label_source,
        selective_labels=plan.selective_labels,
        findings=findings,
        gate=gate(findings, mode=given.mode, previous=given.previous),
        notices=_notices(given, cited),
    )


def _check_results(given: EngineInput) -> dict[str, CheckResult]:
    choices = {check.id: choose_measurement(check, given) for check in given.plan.checks}
    prepared = {
        check.id: prepare(check, choice.identifier, given.evidence[choice.identifier])
        for check in given.plan.checks
        if (choice := choices[check.id]).status == "current" and choice.identifier
    }
    levels = family_levels(given.plan, firing_of(prepared))
    return {
        check.id: judge(prepared[check.id], levels.get(check.id))
        if check.id in prepared
        else _without(check, choices[check.id])
        for check in given.plan.checks
    }


def _without(check: PlannedCheck, choice: Choice) -> CheckResult:
    result = unmeasured_result(check, "stale" if choice.status == "stale" else "missing", *choice.reasons)
    # The record that went stale is cited: without it a verifier could not tell stale from missing.
    return replace(result, evidence=choice.identifier or None)


def _finding(given: EngineInput, pack: Pack, requirement: Requirement, results: Mapping[str, CheckResult]) -> Finding:
    verdict = applies(requirement, given.plan.facts, pack)
    if verdict.applies is None:
        reasons = tuple(say("assessment.fact.unstated", fact=fact) for fact in verdict.unstated)
        return _blank(pack, requirement, "missing", reasons)
    if not verdict.applies:
        reason = say("assessment.not_applicable", rule=requirement.applies_when or "")
        return _blank(pack, requirement, "not_applicable", (reason,))
    checks = tuple(results[check.id] for check in given.plan.checks if check.requirement == requirement.reference)
    answers, stale_from = _answers(given, pack, requirement)
    status = _combined(requirement, checks, answers)
    stale_from = min(filter(None, [stale_from, *_ages(given, requirement, checks)]), default=None)
    finding = Finding(
        requirement=requirement.reference,
        pack=pack.reference,
        group=requirement.group,
        severity=requirement.severity,
        roles=requirement.roles,
        stages=requirement.stages,
        status=status,
        reasons=_reasons(given, requirement, checks),
        checks=checks,
        answers=answers,
        evidence=_cited(checks, answers),
        stale_from=stale_from,
    )
    return accepted(finding, given)


def _blank(pack: Pack, requirement: Requirement, status: Status, reasons: tuple[Message, ...]) -> Finding:
    return Finding(
        requirement=requirement.reference,
        pack=pack.reference,
        group=requirement.group,
        severity=requirement.severity,
        roles=requirement.roles,
        stages=requirement.stages,
        status=status,
        reasons=reasons,
    )


def _answers(given: EngineInput, pack: Pack, requirement: Requirement) -> tuple[tuple[AnswerResult, ...], str | None]:
    """Return the results of a requirement's questions, and the first day on which one of them is too old."""
    values: dict[str, object] = {}
    results: list[AnswerResult] = []
    stale_from: str | None = None
    for question in requirement.questions:
        wanted = asked(question, values, given.plan.facts, requirement=requirement, pack=pack)
        choice = choose_answer(requirement, question, given)
        if wanted is False:
            results.append(AnswerResult(question=question.id, status="not_asked"))
            continue
        if choice.status == "current":
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


def _combined(requirement: Requirement, checks: Sequence[CheckResult], answers: Sequence[AnswerResult]) -> Status:
    parts: list[str] = [check.status for check in checks]
    parts += [answer.status for answer in answers if answer.status not in ("neutral", "not_asked")]
    if not parts:
        # Neutral answers inform and neither meet nor fail; a requirement without any part at all shows nothing.
        return "met" if any(answer.status == "neutral" for answer in answers) else "missing"
    if requirement.evidence.rule == "any" and "met" in parts:
        return "met"
    order: tuple[Status, ...] = ("not_met", "missing", "stale", "inconclusive", "met")
    if requirement.evidence.rule == "any":
        order = ("inconclusive", "stale", "missing", "not_met", "met")
    return next(status for status in order if status in parts)


def _reasons(given: EngineInput, requirement: Requirement, checks: Sequence[CheckResult]) -> tuple[Message, ...]:
    reasons: list[Message] = []
    unconfirmed = [
        check.id for check in given.plan.checks if check.requirement == requirement.reference and not check.confirmed
    ]
    if unconfirmed and given.plan.stage == "release":
        reasons.append(say("assessment.threshold_unconfirmed", checks=unconfirmed))
    if not checks and requirement.checks:
        reasons.append(say("assessment.check.not_bound"))
    return tuple(reasons)


def _ages(given: EngineInput, requirement: Requirement, checks: Sequence[CheckResult]) -> list[str]:
    return [
        last_day(given.evidence[check.evidence], requirement.evidence.max_age_days)
        for check in checks
        if check.evidence is not None
    ]


def _cited(checks: Sequence[CheckResult], answers: Sequence[AnswerResult]) -> tuple[str, ...]:
    found = [check.evidence for check in checks] + [answer.evidence for answer in answers]
    return tuple(sorted({identifier for identifier in found if identifier is not None}))


def _registered(cited: Mapping[str, Evidence]) -> bool:
    plans = [record.plan for record in cited.values() if record.plan is not None]
    return bool(plans) and all(reference.registered for reference in plans)


def _notices(given: EngineInput, cited: Mapping[str, Evidence]) -> tuple[Message, ...]:
    plan = given.plan
    notices = [] if _registered(cited) else [say("assessment.notice.not_registered")]
    if plan.label_source != "outcome":
        notices.append(say(f"assessment.notice.{plan.label_source}"))
    if plan.selective_labels:
        notices.append(say("assessment.notice.selective_labels"))
    unconfirmed = sum(not check.confirmed for check in plan.checks)
    if unconfirmed:
        notices.append(say("assessment.notice.unconfirmed", checks=unconfirmed, of=len(plan.checks)))
    unsigned = sum(identifier not in given.signers for identifier in cited)
    if unsigned:
        notices.append(say("assessment.notice.unsigned", records=unsigned))
    notices.append(say("assessment.notice.genuine"))
    return (*notices, *plan.warnings)
