"""Checks: from prepared counts to results at the levels of the whole plan. The printed figure is never trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hakari.standalone.python.judging.choice import Choice, Given, choose_measurement
from hakari.standalone.python.judging.prepared import SHARE_OF_SMALL_GROUPS, Prepared, prepare, rule_of
from hakari.standalone.python.numbers.bootstrap import monte_carlo_error
from hakari.standalone.python.numbers.contrasts import method_for
from hakari.standalone.python.numbers.limits import Limits, simultaneous
from hakari.standalone.python.numbers.verdict import Decision, decide, holm_levels
from hakari.standalone.python.words import Refused, plain_message, say

__all__ = ["check_results"]

Record = Mapping[str, Any]
Result = dict[str, Any]
Levels = tuple[float, float]
"""Error of the limit that faces b (for `met`), and of the one that faces a (for `not_met`)."""


def check_results(given: Given) -> dict[str, Result]:
    """Return the result of every planned check."""
    checks = given.plan["checks"]
    choices = {check["id"]: choose_measurement(check, given) for check in checks}
    prepared = {}
    for check in checks:
        choice = choices[check["id"]]
        if choice.status == "current" and choice.identifier:
            prepared[check["id"]] = prepare(check, choice.identifier, given.evidence[choice.identifier])
    levels = _family_levels(checks, prepared)
    return {
        check["id"]: _judge(prepared[check["id"]], levels.get(check["id"]))
        if check["id"] in prepared
        else _without(check, choices[check["id"]])
        for check in checks
    }


def _budget(check: Record) -> float:
    """Return the error of a check: half of 1 - confidence, spent over looks, divided by candidates."""
    look = check["look"]
    if look < 1:
        raise Refused(say("statistics.multiplicity.look", look=look))
    return (1.0 - check["confidence"]) / 2.0 / (look * (look + 1)) / check["candidates"]  # type: ignore[no-any-return]


def _family_levels(checks: Sequence[Record], prepared: Mapping[str, Prepared]) -> dict[str, Levels]:
    """Return the errors of every check but counts.

    `not_met` is held by Holm over all planned checks: one that could not be measured keeps its place with p = 1. `met`
    needs no correction, because all checks are needed, unless the pack asks for it.
    """
    members = [check for check in checks if check["basis"] != "count"]
    budgets = [_budget(check) for check in members]
    fired = [
        prepared[check["id"]].firing if check["id"] in prepared and prepared[check["id"]].limits else (1.0, 1.0)
        for check in members
    ]
    not_met = holm_levels([p for _, p in fired], budgets)
    met = list(budgets)
    if any(check["family_met"] == "holm" for check in members):
        corrected = holm_levels([p for p, _ in fired], budgets)
        for place, check in enumerate(members):
            if check["family_met"] == "holm":
                met[place] = corrected[place]
    return {check["id"]: (met[place], not_met[place]) for place, check in enumerate(members)}


def _unacceptable(check: Record) -> float:
    return float(round(check["threshold"] + (check["margin"] if check["operator"] == "<=" else -check["margin"]), 12))


def _blank(check: Record, status: str, reasons: Sequence[Any]) -> Result:
    """Return the result of a check that has no figure."""
    nothing = {"unmeasured": reasons[0]}
    return {
        "check": check["id"],
        "status": status,
        "reasons": list(reasons),
        "value": nothing,
        "low": nothing,
        "high": nothing,
        "threshold": check["threshold"],
        "unacceptable": _unacceptable(check),
        "method": "",
        "rows": 0,
        "trials": 0,
        "coverage": 1.0,
        "groups": [],
    }


def _without(check: Record, choice: Choice) -> Result:
    result = _blank(check, "stale" if choice.status == "stale" else "missing", choice.reasons)
    return {**result, "evidence": choice.identifier} if choice.identifier else result


def _judge(prepared: Prepared, levels: Levels | None) -> Result:
    check = prepared.check
    if prepared.figure is not None:
        return _count_result(prepared, prepared.figure)
    if prepared.blocked is not None and prepared.limits and prepared.rates and levels:
        found = _small_result(prepared, levels)
        if found is not None:
            return found
    if prepared.blocked is not None or prepared.limits is None or prepared.rule is None or levels is None:
        reason = prepared.blocked or plain_message(say("assessment.check.no_counts", table=check["table"]))
        return {
            **_blank(check, "inconclusive" if prepared.rates is not None else "missing", [reason]),
            "evidence": prepared.evidence_id,
            "rows": prepared.rows,
            "trials": _trials(prepared),
            "coverage": _coverage(prepared),
            "groups": _group_lines(prepared, None),
        }
    return _result(prepared, _decide(prepared, levels))


def _count_result(prepared: Prepared, figure: float) -> Result:
    check = prepared.check
    good = figure <= check["threshold"] if check["operator"] == "<=" else figure >= check["threshold"]
    return {
        **_blank(check, "met" if good else "not_met", [None]),
        "reasons": [],
        "evidence": prepared.evidence_id,
        "value": figure,
        "low": figure,
        "high": figure,
        "method": "count",
        "rows": prepared.rows,
        "trials": prepared.rows,
    }


def _small_result(prepared: Prepared, levels: Levels) -> Result | None:
    """Return `not_met` if groups below min_rows show it by themselves: such groups never give `met`."""
    assert prepared.rule is not None
    assert prepared.limits is not None
    assert prepared.rates is not None
    decision = decide(prepared.rule, prepared.limits, levels[0], levels[1] * SHARE_OF_SMALL_GROUPS)
    if decision.verdict != "not_met":
        return None
    known = prepared.rates.known()
    return _result(prepared, replace(decision, reason="small_group", extreme=[known[g] for g in decision.extreme]))


def _decide(prepared: Prepared, levels: Levels) -> Decision:
    rates, share = prepared.rates, SHARE_OF_SMALL_GROUPS
    assert prepared.rule is not None
    assert prepared.limits is not None
    if rates is None or len(prepared.in_scope) == len(rates.known()):
        return decide(prepared.rule, prepared.limits, *levels)
    main = decide(prepared.rule, prepared.limits, levels[0], levels[1] * (1 - share))
    known = rates.known()
    rule = rule_of(prepared.check, rates.names, known)
    wide = decide(rule, rates.limits.take(known), levels[0], levels[1] * share)
    if wide.verdict == "not_met" and main.verdict != "not_met":
        return replace(wide, reason="small_group", extreme=[known[g] for g in wide.extreme])
    return replace(main, extreme=[prepared.in_scope[g] for g in main.extreme])


def _result(prepared: Prepared, decision: Decision) -> Result:
    check = prepared.check
    status, reasons = _status(prepared, decision)
    drawn = _drawn(prepared, decision)
    bad_end = decision.upper if check["operator"] == "<=" else decision.lower
    return {
        "check": check["id"],
        "status": status,
        "reasons": reasons,
        "evidence": prepared.evidence_id,
        "value": decision.value,
        "low": decision.lower,
        "high": decision.upper,
        "threshold": check["threshold"],
        "unacceptable": _unacceptable(check),
        "error_met": decision.error_met,
        "error_not_met": decision.error_not_met,
        **({} if drawn is None else {"monte_carlo_error": drawn}),
        "method": _method(prepared),
        "rows": prepared.rows,
        "trials": _trials(prepared),
        "coverage": _coverage(prepared),
        "groups": _group_lines(prepared, decision),
        **({"worst_case": bad_end} if status == "inconclusive" else {}),
    }


def _drawn(prepared: Prepared, decision: Decision) -> list[float] | None:
    """Return the Monte Carlo errors of the two ends, if they were drawn."""
    rule, limits, rates = prepared.rule, prepared.limits, prepared.rates
    assert rule is not None
    assert limits is not None
    if decision.reason == "small_group" and rates is not None:
        rule, limits = rule_of(prepared.check, rates.names, rates.known()), rates.limits.take(rates.known())

    def ends(moved: Limits) -> tuple[float, float]:
        found = decide(rule, moved, decision.error_met, decision.error_not_met)
        return found.lower, found.upper

    return monte_carlo_error(ends, limits)


def _status(prepared: Prepared, decision: Decision) -> tuple[str, list[Any]]:
    check = prepared.check
    if check["reused"] and check["candidates"] == 1:
        return "inconclusive", [plain_message(say("assessment.check.reused"))]
    reasons, status = [], decision.verdict
    if decision.reason == "within_margin":
        line = _unacceptable(check)
        reasons.append(say("assessment.check.within_margin", threshold=check["threshold"], line=line))
    elif decision.reason == "small_group":
        reasons.append(say("assessment.check.small_group", least=check["min_rows"]))
    elif decision.reason:
        reasons.append(say(f"assessment.check.{decision.reason}_reason"))
    coverage = _coverage(prepared)
    if status == "met" and coverage < check["coverage_min"]:
        status = "inconclusive"
        reasons.append(say("assessment.check.coverage", share=coverage, least=check["coverage_min"]))
    return status, [plain_message(reason) for reason in reasons]


def _coverage(prepared: Prepared) -> float:
    if prepared.rates is None or not prepared.rows:
        return 1.0
    return sum(prepared.rates.rows[place] for place in prepared.in_scope) / prepared.rows


def _trials(prepared: Prepared) -> int:
    if prepared.rates is None:
        return prepared.rows
    return round(sum(prepared.rates.trials[place] for place in prepared.in_scope))


def _method(prepared: Prepared) -> str:
    check, rates = prepared.check, prepared.rates
    assert prepared.limits is not None
    method = prepared.limits.method
    if check["aggregation"] in ("difference", "ratio"):
        method = f"{method_for(prepared.limits, check['method'])}, {method}"
    if rates is not None and len(prepared.in_scope) < len(rates.known()):
        method += f"; groups below {check['min_rows']} rows at {SHARE_OF_SMALL_GROUPS:g} of the level"
    return method


def _group_lines(prepared: Prepared, decision: Decision | None) -> list[Result]:
    """Return each group: its counts, its rate and its simultaneous interval."""
    rates = prepared.rates
    if rates is None or not prepared.check["columns"]:
        return []
    alpha = 1.0 - prepared.check["confidence"]
    low, high = simultaneous(rates.limits, alpha)
    known = set(rates.known())
    empty = {"unmeasured": plain_message(say("assessment.group.no_trials"))}
    lines = []
    for place, name in enumerate(rates.names):
        drawn = _drawn_line(rates.limits, alpha, place) if place in known else None
        successes = rates.successes[place]
        lines.append(
            {
                "name": name,
                "rows": rates.rows[place],
                **({"successes": successes} if math.isfinite(successes) else {}),
                "trials": rates.trials[place],
                "value": rates.limits.values[place] if place in known else empty,
                "low": low[place] if place in known else empty,
                "high": high[place] if place in known else empty,
                **({} if drawn is None else {"monte_carlo_error": drawn}),
                "in_scope": place in prepared.in_scope,
                "extreme": decision is not None and place in decision.extreme,
            }
        )
    return lines


def _drawn_line(limits: Limits, alpha: float, place: int) -> list[float] | None:
    def ends(moved: Limits) -> tuple[float, float]:
        low, high = simultaneous(moved, alpha)
        return low[place], high[place]

    return monte_carlo_error(ends, limits)
