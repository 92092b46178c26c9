"""From a planned check and its evidence to a verdict: the tally is counted again, never the printed figure trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hakari.assessment.model import CheckResult, CheckStatus, GroupLine, PlannedCheck, RowsNeededLine
from hakari.assessment.rules.levels import Levels, budget
from hakari.errors import EvidenceError, HakariError
from hakari.evidence import Evidence, Unmeasured
from hakari.messages import Message, say
from hakari.statistics import (
    Decision,
    FiringLevels,
    GroupRates,
    Limits,
    Rule,
    Tally,
    decide,
    firing_levels,
    group_rates,
    noise_floor,
    rows_needed,
    simultaneous,
    smooth_limits,
    smooth_rates,
    stream,
)

__all__ = ["Prepared", "judge", "prepare", "unmeasured_result"]

# Out of the error for `not_met`, this share is set aside for pairs with a group below min_rows, when there is one.
# A union bound over the two parts keeps the stated error, and the large groups lose almost no power.
_SHARE_OF_SMALL_GROUPS = 0.1

_SEARCH_ERRORS_FOR = "rows-needed"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One check with its counts read and its p-values known, before the family's levels are."""

    check: PlannedCheck
    evidence_id: str
    rates: GroupRates | None
    limits: Limits | None
    rule: Rule | None
    in_scope: tuple[int, ...]
    rows: int
    firing: FiringLevels
    blocked: Message | None = None
    """Why no verdict is possible although there is evidence."""
    figure: float | None = None
    """The exact figure, for counts."""


def rule_of(check: PlannedCheck, groups: Sequence[str], kept: Sequence[int]) -> Rule:
    """Return the statistical rule of a check over the groups `kept`."""
    reference: int | str | None = None
    if check.reference is not None and check.aggregation in ("difference", "ratio"):
        names = [groups[index] for index in kept]
        if check.reference == "rest":
            reference = "rest"
        elif check.reference in names:
            reference = names.index(check.reference)
        else:
            raise EvidenceError(
                say("assessment.reference.out_of_scope", check=check.id, reference=check.reference, groups=names)
            )
    return Rule(
        aggregation=check.aggregation,
        operator=check.operator,
        threshold=check.threshold,
        margin=check.margin,
        method=check.method,
        reference=reference,  # type: ignore[arg-type]  # "rest" is the only string that reaches this line
    )


def prepare(check: PlannedCheck, evidence_id: str, evidence: Evidence) -> Prepared:
    """Read the counts that a check rests on and find the levels at which its verdicts fire."""
    nothing = FiringLevels(1.0, 1.0)
    blank = Prepared(check, evidence_id, None, None, None, (), 0, nothing)
    if check.basis == "count":
        return _prepare_count(blank, evidence)
    table = next((item for item in evidence.tables if item.name == check.table), None)
    if table is None or not table.rows:
        return replace(blank, blocked=_estimate_reason(check, evidence))
    try:
        tally = Tally.from_rows(_axes(table.columns), table.rows, scale=table.details.get("scale"))
        if check.basis == "smooth":
            return _prepare_smooth(blank, evidence, tally)
        return _prepare_groups(blank, group_rates(tally, check.metric, by=check.columns))
    except HakariError as error:
        problem = error.message if isinstance(error.message, Message) else str(error)
        return replace(blank, blocked=say("assessment.check.cannot", problem=problem))


def _axes(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(columns[: columns.index("n")])


def _estimate_reason(check: PlannedCheck, evidence: Evidence) -> Message:
    for estimate in evidence.estimates:
        if estimate.metric == check.metric and isinstance(estimate.value, Unmeasured):
            return estimate.value.unmeasured
    return say("assessment.check.no_counts", table=check.table)


def _prepare_count(blank: Prepared, evidence: Evidence) -> Prepared:
    found = next((item for item in evidence.estimates if item.metric == blank.check.metric and not item.slice), None)
    if found is None:
        return replace(blank, blocked=say("assessment.check.no_estimate", metric=blank.check.metric))
    if isinstance(found.value, Unmeasured):
        return replace(blank, blocked=found.value.unmeasured, rows=found.n)
    return replace(blank, figure=found.value, rows=found.n)


def _prepare_smooth(blank: Prepared, evidence: Evidence, tally: Tally) -> Prepared:
    check = blank.check
    rng = stream(evidence.seed, "check", check.id)
    if check.columns:
        return _prepare_groups(blank, smooth_rates(tally, check.metric, check.columns, rng=rng))
    limits = smooth_limits(tally, check.metric, rng=rng)
    prepared = replace(blank, limits=limits, rows=tally.total, in_scope=(0,), rule=rule_of(check, ("",), (0,)))
    if tally.total < check.min_rows:
        return replace(prepared, blocked=say("assessment.check.few_rows", rows=tally.total, least=check.min_rows))
    if not math.isfinite(float(limits.values[0])):
        return replace(prepared, blocked=_estimate_reason(check, evidence))
    assert prepared.rule is not None
    return replace(prepared, firing=firing_levels(prepared.rule, limits))


def _prepare_groups(blank: Prepared, rates: GroupRates) -> Prepared:
    check, names = blank.check, group_names(rates)
    known = _with_trials(rates)
    kept = tuple(index for index in known if rates.trials[index] >= check.min_rows)
    prepared = replace(blank, rates=rates, rows=sum(rates.rows), in_scope=kept)
    least = 2 if check.aggregation in ("difference", "ratio") else 1
    try:
        rule = rule_of(check, names, kept)
    except EvidenceError as error:
        return replace(prepared, blocked=say("assessment.check.cannot", problem=error.message))
    if len(kept) < least:
        return _prepare_small(prepared, rates, known, least)
    limits = rates.limits.take(list(kept))
    firing = firing_levels(rule, limits)
    if len(kept) < _known(rates):
        small = firing_levels(rule_of(check, names, _with_trials(rates)), rates.limits.take(list(_with_trials(rates))))
        share = _SHARE_OF_SMALL_GROUPS
        least_p = min(firing.p_not_met / (1 - share), small.p_not_met / share, 1.0)
        firing = FiringLevels(firing.p_met, least_p)
    return replace(prepared, rule=rule, limits=limits, firing=firing)


def _prepare_small(prepared: Prepared, rates: GroupRates, known: tuple[int, ...], least: int) -> Prepared:
    """Too few groups are large enough for `met`; the small ones may still show `not_met`, at their share."""
    check = prepared.check
    blocked = replace(prepared, blocked=_too_few_groups(check, rates, prepared.in_scope))
    if len(known) < least or check.reference is not None:
        return blocked
    limits = rates.limits.take(list(known))
    rule = rule_of(check, group_names(rates), known)
    p = min(firing_levels(rule, limits).p_not_met / _SHARE_OF_SMALL_GROUPS, 1.0)
    return replace(blocked, rule=rule, limits=limits, firing=FiringLevels(1.0, p))


def _too_few_groups(check: PlannedCheck, rates: GroupRates, kept: Sequence[int]) -> Message:
    if not check.columns:
        return say("assessment.check.few_rows", rows=int(rates.trials.sum()), least=check.min_rows)
    if len(rates.groups) == 1:
        return say("assessment.check.one_group", column=list(check.columns), group=group_names(rates)[0])
    return say("assessment.check.few_groups", groups=len(kept), least=check.min_rows)


def _with_trials(rates: GroupRates) -> tuple[int, ...]:
    return tuple(
        index
        for index, trials in enumerate(rates.trials)
        if trials > 0 and math.isfinite(float(rates.limits.values[index]))
    )


def _known(rates: GroupRates) -> int:
    return len(_with_trials(rates))


def group_names(rates: GroupRates) -> tuple[str, ...]:
    """Return the groups' names as they are printed."""
    return tuple(" × ".join(str(level) for level in group) for group in rates.groups)


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
        unacceptable=unacceptable(check),
    )


def unacceptable(check: PlannedCheck) -> float:
    """Return b: the threshold moved by the margin to the bad side."""
    return round(check.threshold + check.margin if check.operator == "<=" else check.threshold - check.margin, 12)


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
    error = levels.not_met * _SHARE_OF_SMALL_GROUPS
    decision = decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=error)
    if decision.verdict != "not_met":
        return None
    known = _with_trials(prepared.rates)
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
        unacceptable=unacceptable(check),
        error_met=decision.error_met,
        error_not_met=decision.error_not_met,
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
        unacceptable=unacceptable(check),
        method="count",
        rows=prepared.rows,
        trials=prepared.rows,
    )


def _decide(prepared: Prepared, levels: Levels) -> Decision:
    assert prepared.rule is not None
    assert prepared.limits is not None
    rates, check = prepared.rates, prepared.check
    if rates is None or len(prepared.in_scope) == _known(rates):
        return decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=levels.not_met)
    share = _SHARE_OF_SMALL_GROUPS
    main = decide(prepared.rule, prepared.limits, error_met=levels.met, error_not_met=levels.not_met * (1 - share))
    kept = _with_trials(rates)
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
        reasons.append(say("assessment.check.within_margin", threshold=check.threshold, line=unacceptable(check)))
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
        method = f"{check.method}, {method}"
    if prepared.rates is not None and len(prepared.in_scope) < _known(prepared.rates):
        method += f"; groups below {check.min_rows} rows at {_SHARE_OF_SMALL_GROUPS:g} of the level"
    return method


def _lines(prepared: Prepared, decision: Decision | None) -> tuple[GroupLine, ...]:
    rates = prepared.rates
    if rates is None or not prepared.check.columns:
        return ()
    low, high = simultaneous(rates.limits, 1.0 - prepared.check.confidence)
    extreme = set() if decision is None else set(decision.extreme)
    empty = Unmeasured(unmeasured=say("assessment.group.no_trials"))
    measured = set(_with_trials(rates))
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


def firing_of(prepared: Mapping[str, Prepared]) -> dict[str, FiringLevels]:
    """Return the p-values by check, for those that could be measured."""
    return {name: item.firing for name, item in prepared.items() if item.limits is not None}
