"""The engine: a pure function of (evidence, packs, facts, today). No clock, disk, database or measure is reached.

What it reads from a record are counts, subjects and dates; every interval and verdict is derived here again, so that a
stranger who holds the bundle gets the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hakari.assessment.model import (
    Assessment,
    CheckResult,
    Finding,
    PlannedCheck,
    Status,
)
from hakari.assessment.rules.checks import judge, unmeasured_result
from hakari.assessment.rules.evidence_choice import Choice, choose_measurement
from hakari.assessment.rules.exceptions import accepted
from hakari.assessment.rules.gate import gate
from hakari.assessment.rules.given import EngineInput
from hakari.assessment.rules.levels import family_levels
from hakari.assessment.rules.parts import Parts, combined, mapped_parts, parts_of
from hakari.assessment.rules.prepared import firing_of, prepare
from hakari.evidence import Evidence, digest_json
from hakari.messages import Message, say
from hakari.packs import applies
from hakari.packs.model import Pack, Requirement

__all__ = ["EngineInput", "assess", "judge_checks", "judging_key"]


def assess(given: EngineInput, *, judged: Mapping[str, CheckResult] | None = None) -> Assessment:
    """Return the assessment of one use case at the plan's stage.

    `judged` is what `judge_checks` gave for the same `judging_key`, where somebody kept it: deriving intervals takes
    almost all of the time, and an answer to a question changes none of them.
    """
    results = _check_results(given, judged)
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


def judging_key(given: EngineInput) -> str:
    """Return a digest of everything on which the results of measured checks depend: the plan, and which record counts.

    The packs' rules and the day are in it by what they choose.
    """
    current = {check.id: choice.identifier for check, choice in _current(given)}
    return digest_json({"current": current, "plan": given.plan_digest})


def judge_checks(given: EngineInput) -> dict[str, CheckResult]:
    """Return the results of the checks whose measurement counts today."""
    prepared = {
        check.id: prepare(check, choice.identifier, given.evidence[choice.identifier])
        for check, choice in _current(given)
    }
    levels = family_levels(given.plan, firing_of(prepared))
    return {name: judge(item, levels.get(name)) for name, item in prepared.items()}


def _current(given: EngineInput) -> list[tuple[PlannedCheck, Choice]]:
    choices = [(check, choose_measurement(check, given)) for check in given.plan.checks]
    return [(check, choice) for check, choice in choices if choice.status == "current" and choice.identifier]


def _check_results(given: EngineInput, judged: Mapping[str, CheckResult] | None) -> dict[str, CheckResult]:
    known = judge_checks(given) if judged is None else judged
    return {
        check.id: known[check.id] if check.id in known else _without(check, choose_measurement(check, given))
        for check in given.plan.checks
    }


def _without(check: PlannedCheck, choice: Choice) -> CheckResult:
    result = unmeasured_result(check, "stale" if choice.status == "stale" else "missing", *choice.reasons)
    # The record that went stale is cited: without it a verifier could not tell stale from missing.
    return replace(result, evidence=choice.identifier or None)


def _finding(given: EngineInput, pack: Pack, requirement: Requirement, results: Mapping[str, CheckResult]) -> Finding:
    day = given.today.isoformat()
    if not requirement.in_force(day):
        start, end = requirement.effective.get("from", ""), requirement.effective.get("until", "")
        early = say("assessment.not_in_force.yet", day=day, start=start)
        late = say("assessment.not_in_force.any_more", day=day, end=end)
        return _blank(pack, requirement, "not_applicable", (early if day < start else late,))
    verdict = applies(requirement, given.plan.facts, pack)
    if verdict.applies is None:
        reasons = tuple(say("assessment.fact.unstated", fact=fact) for fact in verdict.unstated)
        return _blank(pack, requirement, "missing", reasons)
    if not verdict.applies:
        reason = say("assessment.not_applicable", rule=requirement.applies_when or "")
        return _blank(pack, requirement, "not_applicable", (reason,))
    own = parts_of(given, pack, requirement, results, requirement.evidence)
    others = mapped_parts(given, requirement, results)
    status, reasons = _status(pack, requirement, own, others)
    finding = Finding(
        requirement=requirement.reference,
        pack=pack.reference,
        group=requirement.group,
        severity=requirement.severity,
        roles=requirement.roles,
        stages=requirement.stages,
        status=status,
        reasons=(*_reasons(given, requirement, own.checks), *reasons),
        checks=own.checks,
        answers=own.answers,
        evidence=tuple(sorted({identifier for parts in (own, *others) for identifier in parts.evidence})),
        stale_from=min(filter(None, [own.stale_from, *(parts.stale_from for parts in others)]), default=None),
        via=tuple(parts.requirement for parts in others) or None,
    )
    return accepted(finding, given)


def _status(
    pack: Pack, requirement: Requirement, own: Parts, others: Sequence[Parts]
) -> tuple[Status, tuple[Message, ...]]:
    """Return the status, and what must be said because it rests on other requirements."""
    statuses = [*own.statuses, *(parts.status for parts in others)]
    rests = [mapping for mapping in requirement.mappings if mapping.answers]
    if not statuses:
        if own.neutral:
            return "met", ()
        # A law's own condition says whether it applies; everywhere else a requirement ends where its answers end.
        if rests and not others and pack.authority != "law":
            return "not_applicable", (say("assessment.mapped.none"),)
        return "missing", ((say("assessment.mapped.none"),) if rests else ())
    drafts = [mapping.to for mapping in rests if mapping.status == "draft"] if others else []
    reasons = [say("assessment.mapped.draft", requirements=drafts)] if drafts else []
    if len(others) < len(rests):
        # A broad requirement must not look fully answered by the one narrow thing that happens to apply.
        reasons.append(say("assessment.mapped.part", n=len(others), of=len(rests)))
    return combined(requirement.evidence.rule, statuses), tuple(reasons)


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
    unverified = [pack.reference for pack in given.packs if pack.unverified is not None]
    if unverified:
        notices.append(say("assessment.notice.unverified", packs=unverified))
    unsigned = sum(identifier not in given.signers for identifier in cited)
    if unsigned:
        notices.append(say("assessment.notice.unsigned", records=unsigned))
    notices.append(say("assessment.notice.genuine"))
    return (*notices, *plan.warnings)
