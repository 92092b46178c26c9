"""From prepared counts to a verdict at the levels of the family: the printed figure is never trusted."""

from __future__ import annotations

import math
from dataclasses import replace

from hakari.assessment.model import CheckResult, CheckStatus, GroupLine, PlannedCheck, RowsNeededLine
from hakari.assessment.rules.levels import Levels, budget
from hakari.assessment.rules.prepared import (
    SHARE_OF_SMALL_GROUPS,
    Prepared,
    group_names,
    known_groups,
    rule_of,
    with_trials,
)
from hakari.evidence import Unmeasured
from hakari.messages import Message, say
from hakari.statistics import (
    Decision,
    Limits,
    decide,
    method_for,
    monte_carlo_error,
    noise_floor,
    rows_needed,
    simultaneous,
    stream,
)

__all__ = ["judge", "unmeasured_result"]


_SEARCH_ERRORS_FOR = "rows-needed"


def unmeasured_result(check: PlannedCheck, status: CheckStatus, *reasons: Message) -> CheckResult:
    """Return the result of a check that has no figure."""
    nothing = Unmeasured(unmeasured=reasons[0])
    return CheckResult(
        check=check.id,
        status=status,
        reasons=reasons,
        value=nothing,
        low=nothing,
        high=nothing,
        threshold=check.threshold,
        unacceptable=check.unacceptable,
    )


def judge(prepared: Prepared, levels: Levels | None) -> CheckResult:
    """Return the verdict of one check at the levels of its family."""
    check = prepared.check
    if prepared.figure is not None:
        return _judge_count(prepared)
    if (
        prepared.blocked is not None
        and prepared.limits is not None
        and prepared.rates is not None
        and levels is not None
    ):
        found = _decide_small(prepared, levels)
        if found is not None:
            return found
    if prepared.blocked is not None or prepared.limits is None or prepared.rule is None or levels is None:
        reason = prepared.blocked or say("assessment.check.no_counts", table=check.table)
        blank = unmeasured_result(check, "inconclusive" if prepared.rates is not None else "missing", reason)
        return replace(
            blank,
            evidence=prepared.evidence_id,
            rows=prepared.rows,
            trials=_trials(prepared),
            coverage=_coverage(prepared),
            groups=_lines(prepared, None),
        )
    return _result(prepared, levels, _decide(prepared, levels))


def _decide_small(prepared: Prepared, levels: Levels) -> CheckResult | None:
    """Return `not_met` if groups below min_rows show it by themselves, else None: such groups never give `met`."""
    assert prepared.rule is not None
    assert prepared.limits is not None
    assert prepared.rates is not None
    error = levels.not_met * SHARE_OF_SMALL_GROUPS
    decision = decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=error)
    if decision.verdict != "not_met":
        return None
    known = with_trials(prepared.rates)
    extreme = tuple(known[index] for index in decision.extreme)
    return _result(prepared, levels, replace(decision, reason="small_group", extreme=extreme))


def _result(prepared: Prepared, levels: Levels, decision: Decision) -> CheckResult:
    check = prepared.check
    status, reasons = _status(prepared, decision)
    result = CheckResult(
        check=check.id,
        status=status,
        reasons=reasons,
        evidence=prepared.evidence_id,
        value=decision.value,
        low=decision.lower,
        high=decision.upper,
        threshold=check.threshold,
        unacceptable=check.unacceptable,
        error_met=decision.error_met,
        error_not_met=decision.error_not_met,
        monte_carlo_error=_drawn(prepared, decision),
        method=_method(prepared),
        rows=prepared.rows,
        trials=_trials(prepared),
        coverage=_coverage(prepared),
        groups=_lines(prepared, decision),
        noise_floor=_noise(prepared),
    )
    if status != "inconclusive":
        return result
    bad_end = decision.upper if check.operator == "<=" else decision.lower
    return replace(result, worst_case=bad_end, rows_needed=_rows_needed(prepared, levels))


def _drawn(prepared: Prepared, decision: Decision) -> tuple[float, float] | None:
    """Return the Monte Carlo errors of the decision's two ends, if they were drawn."""
    rule, limits = prepared.rule, prepared.limits
    assert rule is not None
    assert limits is not None
    if decision.reason == "small_group" and prepared.rates is not None:
        kept = with_trials(prepared.rates)
        rule, limits = (
            rule_of(prepared.check, group_names(prepared.rates), kept),
            prepared.rates.limits.take(list(kept)),
        )

    def ends(moved: Limits) -> tuple[float, float]:
        found = decide(rule, moved, error_met=decision.error_met, error_not_met=decision.error_not_met)
        return found.lower, found.upper

    return monte_carlo_error(ends, limits)


def _judge_count(prepared: Prepared) -> CheckResult:
    check, figure = prepared.check, float(prepared.figure or 0.0)
    good = figure <= check.threshold if check.operator == "<=" else figure >= check.threshold
    return CheckResult(
        check=check.id,
        status="met" if good else "not_met",
        evidence=prepared.evidence_id,
        value=figure,
        low=figure,
        high=figure,
        threshold=check.threshold,
        unacceptable=check.unacceptable,
        method="count",
        rows=prepared.rows,
        trials=prepared.rows,
    )


def _decide(prepared: Prepared, levels: Levels) -> Decision:
    assert prepared.rule is not None
    assert prepared.limits is not None
    rates, check = prepared.rates, prepared.check
    if rates is None or len(prepared.in_scope) == known_groups(rates):
        return decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=levels.not_met)
    share = SHARE_OF_SMALL_GROUPS
    main = decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=levels.not_met * (1 - share))
    kept = with_trials(rates)
    rule = rule_of(check, group_names(rates), kept)
    wide = decide(rule, rates.limits.take(list(kept)), error_met=levels.met, error_not_met=levels.not_met * share)
    if wide.verdict == "not_met" and main.verdict != "not_met":
        return replace(wide, reason="small_group", extreme=tuple(kept[index] for index in wide.extreme))
    return replace(main, extreme=tuple(prepared.in_scope[index] for index in main.extreme))


def _status(prepared: Prepared, decision: Decision) -> tuple[CheckStatus, tuple[Message, ...]]:
    check = prepared.check
    if check.reused and check.candidates == 1:
        return "inconclusive", (say("assessment.check.reused"),)
    reasons: list[Message] = []
    status: CheckStatus = decision.verdict
    if decision.reason == "within_margin":
        reasons.append(say("assessment.check.within_margin", threshold=check.threshold, line=check.unacceptable))
    elif decision.reason == "small_group":
        reasons.append(say("assessment.check.small_group", least=check.min_rows))
    elif decision.reason:
        reasons.append(say(f"assessment.check.{decision.reason}_reason"))
    coverage = _coverage(prepared)
    if status == "met" and coverage < check.coverage_min:
        status = "inconclusive"
        reasons.append(say("assessment.check.coverage", share=coverage, least=check.coverage_min))
    return status, tuple(reasons)


def _coverage(prepared: Prepared) -> float:
    rates = prepared.rates
    if rates is None or not prepared.rows:
        return 1.0
    return sum(rates.rows[index] for index in prepared.in_scope) / prepared.rows


def _trials(prepared: Prepared) -> int:
    if prepared.rates is None:
        return prepared.rows
    return round(sum(float(prepared.rates.trials[index]) for index in prepared.in_scope))


def _method(prepared: Prepared) -> str:
    assert prepared.limits is not None
    check, method = prepared.check, prepared.limits.method
    if check.aggregation in ("difference", "ratio"):
        method = f"{method_for(prepared.limits, check.method)}, {method}"
    if prepared.rates is not None and len(prepared.in_scope) < known_groups(prepared.rates):
        method += f"; groups below {check.min_rows} rows at {SHARE_OF_SMALL_GROUPS:g} of the level"
    return method


def _lines(prepared: Prepared, decision: Decision | None) -> tuple[GroupLine, ...]:
    rates = prepared.rates
    if rates is None or not prepared.check.columns:
        return ()
    alpha = 1.0 - prepared.check.confidence
    low, high = simultaneous(rates.limits, alpha)
    drawn = monte_carlo_error(lambda limits: simultaneous(limits, alpha), rates.limits)
    extreme = set() if decision is None else set(decision.extreme)
    empty = Unmeasured(unmeasured=say("assessment.group.no_trials"))
    measured = set(with_trials(rates))
    lines = []
    for index, name in enumerate(group_names(rates)):
        known = index in measured
        successes = float(rates.successes[index])
        lines.append(
            GroupLine(
                name=name,
                rows=int(rates.rows[index]),
                successes=successes if math.isfinite(successes) else None,
                trials=float(rates.trials[index]),
                value=float(rates.limits.values[index]) if known else empty,
                low=float(low[index]) if known else empty,
                high=float(high[index]) if known else empty,
                monte_carlo_error=None
                if drawn is None or not known
                else (float(drawn[0][index]), float(drawn[1][index])),
                in_scope=index in prepared.in_scope,
                extreme=index in extreme,
            )
        )
    return tuple(lines)


def _plain_counts(prepared: Prepared) -> bool:
    return (
        prepared.rates is not None
        and prepared.rates.method.startswith("clopper-pearson")
        and (not prepared.rates.approximate)
    )


def _noise(prepared: Prepared) -> float | None:
    if not prepared.check.columns or not _plain_counts(prepared) or prepared.rates is None or prepared.rule is None:
        return None
    if prepared.rule.reference == "rest":
        return None  # the floor is defined between groups, not between a group and all others
    kept = list(prepared.in_scope)
    return float(
        noise_floor(
            prepared.rule,
            prepared.rates.successes[kept],
            prepared.rates.trials[kept],
            rng=stream(0, "noise-floor", prepared.check.id),
        )
    )


def _rows_needed(prepared: Prepared, levels: Levels) -> RowsNeededLine | None:
    if not _plain_counts(prepared) or prepared.rates is None or prepared.rule is None or prepared.check.reused:
        return None
    kept, check = list(prepared.in_scope), prepared.check
    spent = budget(check, look=check.look + 1) / budget(check)
    found = rows_needed(
        prepared.rule,
        prepared.rates.successes[kept],
        prepared.rates.trials[kept],
        error_met=levels.met,
        error_not_met=levels.not_met,
        error_met_next=levels.met * spent,
        error_not_met_next=levels.not_met * spent,
        rng=stream(0, _SEARCH_ERRORS_FOR, check.id),
    )
    names = group_names(prepared.rates)
    limiting = tuple(names[kept[index]] for index in found.limiting)
    if found.sure is None and found.likely is None:
        return RowsNeededLine(groups=limiting)
    return RowsNeededLine(groups=limiting, sure=found.sure, likely=found.likely)
