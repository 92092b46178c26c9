"""Aggregates: one number over all groups that are compared, its interval, and its noise floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import unmeasured
from hakari.messages import Message, say
from hakari.statistics import RATES, GroupRates, Rule, decide, method_for
from hakari.statistics._arrays import IntArray
from hakari.statistics.noise import noise_floor
from hakari.statistics.rates import HighIs

__all__ = ["AGGREGATES", "METHODS", "Aggregate", "absent_aggregates", "aggregate_estimates", "limits_rule"]

Aggregate = Literal["difference", "ratio", "worst_group"]
AGGREGATES: tuple[Aggregate, ...] = ("difference", "ratio", "worst_group")

_FLOOR_DRAWS = 400_000
# Rates drawn for one noise floor: 1,000 replicates of up to 400 groups, fewer beyond: 10,000 groups take seconds.

_REFERENCE_FIGURE = say("measures.fairness.groups.reference_figure")
_NO_FLOOR = Unmeasured(unmeasured=say("measures.fairness.groups.no_floor"))
_TOO_FEW_CLUSTERS = say("measures.fairness.groups.too_few_clusters")


def limits_rule(aggregate: Aggregate, high_is: HighIs) -> Rule:
    """Return the rule whose line lies where no verdict can touch the interval: only its limits are read."""
    if aggregate == "difference":
        return Rule(aggregation="difference", operator="<=", threshold=0.0)
    if aggregate == "ratio":
        return Rule(aggregation="ratio", operator=">=", threshold=1.0)
    if high_is == "bad":
        return Rule(aggregation="worst_group", operator="<=", threshold=1.0)
    return Rule(aggregation="worst_group", operator=">=", threshold=0.0)


METHODS: Mapping[str, str] = MappingProxyType(
    {
        "difference": "{limits}, {contrast}, union–intersection below and intersection–union above",
        "ratio": "{limits}, {contrast}, intersection–union below and union–intersection above",
        "worst_group": "{limits}, union–intersection and intersection–union",
    }
)
"""How each aggregate's interval is made, in words."""


def aggregate_estimates(
    rates: GroupRates, *, min_rows: int, error: float, rng: Callable[[str], np.random.Generator]
) -> tuple[Estimate, ...]:
    """Return difference, ratio and worst group over the groups with at least `min_rows` trials, each with its floor.

    The two ends are one-sided limits at error/2, so that they face a line as the verdict rule does.
    """
    compared = np.flatnonzero(rates.trials >= max(min_rows, 1))
    found: list[Estimate] = []
    for aggregate in AGGREGATES:
        if len(compared) < (1 if aggregate == "worst_group" else 2):
            found += absent_aggregates(rates.metric, rates.columns, _too_few(rates, len(compared), min_rows), aggregate)
            continue
        found += _measured(rates, compared, aggregate, error, rng)
    return tuple(found)


def absent_aggregates(metric: str, columns: tuple[str, ...], reason: Message, *only: Aggregate) -> tuple[Estimate, ...]:
    """Return the aggregates of a metric, all or `only` some, as unmeasured for `reason`."""
    return tuple(
        unmeasured(f"{metric}_{aggregate}{suffix}", reason, slice_=dict.fromkeys(columns, "*"))
        for aggregate in only or AGGREGATES
        for suffix in ("", "_noise_floor")
    )


def _too_few(rates: GroupRates, compared: int, min_rows: int) -> Message:
    if not compared:
        return say("measures.fairness.groups.no_group", columns=list(rates.columns), metric=rates.metric, rows=min_rows)
    return say("measures.fairness.groups.one_group", columns=list(rates.columns), metric=rates.metric, rows=min_rows)


def _measured(
    rates: GroupRates,
    compared: IntArray,
    aggregate: Aggregate,
    error: float,
    rng: Callable[[str], np.random.Generator],
) -> list[Estimate]:
    rule, limits = limits_rule(aggregate, RATES[rates.metric].high_is), rates.limits.take(compared)
    trials = rates.trials[compared]
    decision = decide(rule, limits, error_met=error / 2, error_not_met=error / 2)
    method = METHODS[aggregate].format(limits=limits.method, contrast=method_for(limits, rule.method))
    interval: Interval | Unmeasured = Interval(
        low=decision.lower, high=decision.upper, level=round(1 - error, 12), method=method
    )
    if decision.reason == "too_few_clusters":
        interval = Unmeasured(unmeasured=_TOO_FEW_CLUSTERS)
    name = f"{rates.metric}_{aggregate}"
    slice_, n = dict.fromkeys(rates.columns, "*"), int(trials.sum())
    floor = _floor(rule, rates, compared, rng("/".join(("noise floor", name, *rates.columns))))
    return [
        Estimate(metric=name, slice=slice_, value=decision.value, interval=interval, n=n),
        Estimate(
            metric=f"{name}_noise_floor",
            slice=slice_,
            value=floor,
            interval=Unmeasured(unmeasured=_REFERENCE_FIGURE),
            n=n,
        ),
    ]


def _floor(rule: Rule, rates: GroupRates, compared: IntArray, rng: np.random.Generator) -> float | Unmeasured:
    """Return what the aggregate would be on average if every compared group had the pooled rate."""
    if rates.approximate:
        return _NO_FLOOR
    draws = min(1000, _FLOOR_DRAWS // len(compared))
    return noise_floor(rule, rates.successes[compared], rates.trials[compared], rng=rng, draws=draws)
