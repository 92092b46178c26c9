"""A check with its counts read and its p-values known, before the family's levels are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hakari.assessment.model import PlannedCheck
from hakari.errors import EvidenceError, HakariError
from hakari.evidence import Evidence, Unmeasured
from hakari.messages import Message, say
from hakari.statistics import (
    FiringLevels,
    GroupRates,
    Limits,
    Rule,
    Tally,
    firing_levels,
    group_rates,
    smooth_limits,
    smooth_rates,
    stream,
)

__all__ = [
    "SHARE_OF_SMALL_GROUPS",
    "Prepared",
    "firing_of",
    "group_names",
    "known_groups",
    "prepare",
    "rule_of",
    "with_trials",
]

# Out of the error for `not_met`, this share is set aside for pairs with a group below min_rows, when there is one.
# A union bound over the two parts keeps the stated error, and the large groups lose almost no power.
SHARE_OF_SMALL_GROUPS = 0.1


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
    check = blank.check
    # Over all groups of a sensitive column a record states a figure for the slice `*`; over everything, for none.
    where = dict.fromkeys(check.columns, "*")
    found = next((item for item in evidence.estimates if item.metric == check.metric and item.slice == where), None)
    if found is None:
        absent = say("assessment.check.no_estimate", metric=check.metric)
        if check.columns:
            absent = say("assessment.check.no_slice_estimate", metric=check.metric, columns=list(check.columns))
        return replace(blank, blocked=absent)
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
    known = with_trials(rates)
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
    if len(kept) < known_groups(rates):
        small = firing_levels(rule_of(check, names, with_trials(rates)), rates.limits.take(list(with_trials(rates))))
        share = SHARE_OF_SMALL_GROUPS
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
    p = min(firing_levels(rule, limits).p_not_met / SHARE_OF_SMALL_GROUPS, 1.0)
    return replace(blocked, rule=rule, limits=limits, firing=FiringLevels(1.0, p))


def _too_few_groups(check: PlannedCheck, rates: GroupRates, kept: Sequence[int]) -> Message:
    if not check.columns:
        return say("assessment.check.few_rows", rows=int(rates.trials.sum()), least=check.min_rows)
    if len(rates.groups) == 1:
        return say("assessment.check.one_group", column=list(check.columns), group=group_names(rates)[0])
    return say("assessment.check.few_groups", groups=len(kept), least=check.min_rows)


def with_trials(rates: GroupRates) -> tuple[int, ...]:
    """Return the groups that have a value at all."""
    return tuple(
        index
        for index, trials in enumerate(rates.trials)
        if trials > 0 and math.isfinite(float(rates.limits.values[index]))
    )


def known_groups(rates: GroupRates) -> int:
    """Return how many groups have a value at all."""
    return len(with_trials(rates))


def group_names(rates: GroupRates) -> tuple[str, ...]:
    """Return the groups' names as they are printed."""
    return tuple(" × ".join(str(level) for level in group) for group in rates.groups)


def firing_of(prepared: Mapping[str, Prepared]) -> dict[str, FiringLevels]:
    """Return the p-values by check, for those that could be measured."""
    return {name: item.firing for name, item in prepared.items() if item.limits is not None}
