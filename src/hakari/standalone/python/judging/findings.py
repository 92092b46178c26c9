"""Findings: what the evidence gives for each requirement, what was accepted all the same, and the gate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hakari.standalone.python.judging.answers import applies
from hakari.standalone.python.judging.checks import check_results
from hakari.standalone.python.judging.choice import Given, reference_of
from hakari.standalone.python.judging.parts import ANSWERING, Parts, combined, in_force, mapped_parts, parts_of
from hakari.standalone.python.words import Message, plain_message, say

__all__ = ["assess"]

_STATUSES = ("met", "not_met", "inconclusive", "missing", "stale", "excepted", "not_applicable")
_PASSING = ("met", "not_applicable", "excepted")
_RANK = {"met": 0, "not_applicable": 0, "excepted": 1, "inconclusive": 2, "stale": 3, "missing": 3, "not_met": 4}

Record = Mapping[str, Any]
Result = dict[str, Any]


def assess(given: Given) -> Result:
    """Return the assessment that plan, packs and evidence give on a day."""
    plan, results = given.plan, check_results(given)
    findings = [
        _finding(given, pack, requirement, results)
        for pack in given.packs
        for requirement in pack["requirements"]
        if plan["stage"] in requirement["stages"]
    ]
    cited = {name: given.evidence[name] for finding in findings for name in finding["evidence"]}
    copied = ("use_case", "system_version", "stage", "packs", "facts", "scope", "label_source", "selective_labels")
    return {
        **{name: plan[name] for name in copied},
        "schema": 1,
        "title": given.title,
        "as_of": given.today.isoformat(),
        "plan": given.plan_digest,
        "plan_registered": _registered(cited),
        "findings": findings,
        "gate": _gate(findings, given.mode, given.previous),
        "notices": [*(plain_message(notice) for notice in _notices(given, cited)), *plan["warnings"]],
    }


def _finding(given: Given, pack: Record, requirement: Record, results: Mapping[str, Result]) -> Result:
    reference = reference_of(requirement)
    finding = {
        "requirement": reference,
        "pack": f"{pack['urn'].rsplit(':', 1)[-1]}@{pack['version']}",
        **{name: requirement[name] for name in ("group", "severity", "roles", "stages")},
        "checks": [],
        "answers": [],
        "evidence": [],
    }
    day = given.today.isoformat()
    if not in_force(requirement, day):
        start, end = requirement["effective"].get("from", ""), requirement["effective"].get("until", "")
        early = say("assessment.not_in_force.yet", day=day, start=start)
        reason = early if day < start else say("assessment.not_in_force.any_more", day=day, end=end)
        return {**finding, "status": "not_applicable", "reasons": [plain_message(reason)]}
    applied, unstated = applies(requirement, given.plan["facts"], pack)
    if applied is None:
        reasons = [plain_message(say("assessment.fact.unstated", fact=fact)) for fact in unstated]
        return {**finding, "status": "missing", "reasons": reasons}
    if not applied:
        reason = say("assessment.not_applicable", rule=requirement["applies_when"])
        return {**finding, "status": "not_applicable", "reasons": [plain_message(reason)]}
    own = parts_of(given, pack, requirement, results, requirement["evidence"])
    others = mapped_parts(given, requirement, results)
    status, rests = _rested(pack, requirement, own, others)
    everything = [part for parts in (own, *others) for part in (*parts.checks, *parts.answers)]
    stale_from = min((parts.stale_from for parts in (own, *others) if parts.stale_from), default=None)
    finding |= {
        "status": status,
        "reasons": [plain_message(reason) for reason in [*_reasons(given, requirement, own.checks), *rests]],
        "checks": own.checks,
        "answers": own.answers,
        "evidence": sorted({part["evidence"] for part in everything if "evidence" in part}),
        **({"stale_from": stale_from} if stale_from else {}),
        **({"via": [parts.requirement for parts in others]} if others else {}),
    }
    return _accepted(finding, given)


def _rested(pack: Record, requirement: Record, own: Parts, others: Sequence[Parts]) -> tuple[str, list[Message]]:
    """Return the status, and what must be said because it rests on other requirements."""
    statuses = [*own.statuses, *(parts.status for parts in others)]
    rests = [mapping for mapping in requirement["mappings"] if mapping["relation"] in ANSWERING]
    nothing = [say("assessment.mapped.none")] if rests else []
    if not statuses:
        if own.neutral:
            return "met", []
        if rests and not others and pack["authority"] != "law":
            return "not_applicable", nothing
        return "missing", nothing
    drafts = [mapping["to"] for mapping in rests if mapping["status"] == "draft"] if others else []
    said = [say("assessment.mapped.draft", requirements=drafts)] if drafts else []
    if len(others) < len(rests):
        said.append(say("assessment.mapped.part", n=len(others), of=len(rests)))
    return combined(requirement["evidence"]["rule"], statuses), said


def _reasons(given: Given, requirement: Record, checks: Sequence[Result]) -> list[Message]:
    reasons = []
    reference = reference_of(requirement)
    unconfirmed = [
        check["id"] for check in given.plan["checks"] if check["requirement"] == reference and not check["confirmed"]
    ]
    if unconfirmed and given.plan["stage"] == "release":
        reasons.append(say("assessment.threshold_unconfirmed", checks=unconfirmed))
    if not checks and requirement["checks"]:
        reasons.append(say("assessment.check.not_bound"))
    return reasons


# ---- what was accepted until when by whom


def _accepted(finding: Result, given: Given) -> Result:
    """Return the finding as `excepted` if an acceptance in force covers it, else with the reason why it does not."""
    mine = [item for item in given.exceptions if item["requirement"] == finding["requirement"]]
    if finding["status"] in _PASSING or not mine:
        return finding
    newest = max(mine, key=lambda item: (item["created_at"], item["key"]))
    problem = _void(newest, finding, given)
    if problem is not None:
        return {**finding, "reasons": [*finding["reasons"], plain_message(problem)]}
    said = {name: newest[name] for name in ("by", "until", "condition")}
    reasons = [*finding["reasons"], plain_message(say("assessment.excepted", **said))]
    return {**finding, "status": "excepted", "exception": newest, "reasons": reasons}


def _void(exception: Record, finding: Record, given: Given) -> Message | None:
    """Return why an acceptance does not count, or None."""
    if given.today.isoformat() > exception["until"]:
        return say("assessment.exception.expired", until=exception["until"])
    if exception["scope"] != given.plan["scope"]:
        return say("assessment.exception.other_scope")
    if exception["key"] in {given.signers.get(identifier) for identifier in finding["evidence"]}:
        return say("assessment.exception.own_evidence")
    operators = {check["id"]: check["operator"] for check in given.plan["checks"]}
    for check in finding["checks"]:
        if check["status"] != "inconclusive":
            continue
        bound, worst = exception["bounds"].get(check["check"]), check.get("worst_case")
        if bound is None or worst is None or _worse(worst, bound, operators[check["check"]]):
            return say("assessment.exception.worse", check=check["check"], worst=worst)
    return None


def _worse(worst: float, bound: float, operator: str) -> bool:
    """Return whether a worst case is beyond the accepted one; the last digits of the same figure differ by machine."""
    if math.isclose(worst, bound, rel_tol=1e-9, abs_tol=1e-12):
        return False
    return worst > bound if operator == "<=" else worst < bound


# ---- the gate and the notices


def _gate(findings: Sequence[Result], mode: str, previous: Record | None) -> Result:
    counts = {status: sum(finding["status"] == status for finding in findings) for status in _STATUSES}
    blocking = [finding["requirement"] for finding in findings if finding["status"] not in _PASSING]
    before = {} if previous is None else {item["requirement"]: item["status"] for item in previous["findings"]}
    worse = [
        finding["requirement"]
        for finding in findings
        if finding["requirement"] in before and _RANK[finding["status"]] > _RANK[before[finding["requirement"]]]
    ]
    closes = not blocking
    return {
        "mode": mode,
        "holds": {"advisory": True, "regression": not worse, "full": closes}[mode],
        "closes": closes,
        "counts": counts,
        "blocking": blocking,
        "only_open": counts["not_met"] == 0 and not closes,
        "worse": worse,
    }


def _registered(cited: Mapping[str, Record]) -> bool:
    plans = [record["plan"] for record in cited.values() if "plan" in record]
    return bool(plans) and all(reference["registered"] for reference in plans)


def _notices(given: Given, cited: Mapping[str, Record]) -> list[Message]:
    plan = given.plan
    notices = [] if _registered(cited) else [say("assessment.notice.not_registered")]
    if plan["label_source"] != "outcome":
        notices.append(say(f"assessment.notice.{plan['label_source']}"))
    if plan["selective_labels"]:
        notices.append(say("assessment.notice.selective_labels"))
    unconfirmed = sum(not check["confirmed"] for check in plan["checks"])
    if unconfirmed:
        notices.append(say("assessment.notice.unconfirmed", checks=unconfirmed, of=len(plan["checks"])))
    unverified = [f"{pack['urn'].rsplit(':', 1)[-1]}@{pack['version']}" for pack in given.packs if pack["unverified"]]
    if unverified:
        notices.append(say("assessment.notice.unverified", packs=unverified))
    unsigned = sum(identifier not in given.signers for identifier in cited)
    if unsigned:
        notices.append(say("assessment.notice.unsigned", records=unsigned))
    return [*notices, say("assessment.notice.genuine")]
