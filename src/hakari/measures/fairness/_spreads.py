"""Spreads: one metric in every group, and how far it lies apart over the groups that are large enough to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import group_slice, unmeasured
from hakari.measures.fairness._aggregates import AGGREGATES, METHODS, Aggregate, limits_rule
from hakari.messages import Message, say
from hakari.statistics import Decision, Limits, Rule, Value, decide, method_for
from hakari.statistics._arrays import BoolArray
from hakari.statistics.limits import FEWEST_CLUSTERS

__all__ = ["SPREADS", "TOO_FEW_CLUSTERS", "Direction", "absent", "in_groups", "over_groups", "too_few"]

Direction = Literal["good", "bad", "neutral"]
SPREADS = AGGREGATES
TOO_FEW_CLUSTERS = say("measures.fairness.spreads.too_few_clusters", limit=FEWEST_CLUSTERS)
_TOO_FEW_CLUSTERS = Unmeasured(unmeasured=TOO_FEW_CLUSTERS)


def in_groups(
    metric: str,
    limits: Limits,
    columns: Sequence[str],
    groups: Sequence[Sequence[Value]],
    n: Sequence[int],
    *,
    error: float,
    reason: Message,
    apart: bool,
) -> list[Estimate]:
    """Return one estimate per group; the intervals of all groups hold together at 1 − `error`.

    By Šidák where each group's number comes from its own rows alone (`apart`), else by Bonferroni.
    """
    known = max(int(np.isfinite(limits.values).sum()), 1)
    apart = apart and not getattr(limits, "spanning", False)
    each = float(-np.expm1(np.log1p(-error) / known) if apart else error / known) / 2
    low, high = limits.lower(each), limits.upper(each)
    drawn = _drawn_error(limits, lambda part: (part.lower(each), part.upper(each)))
    method = (
        limits.method if known < 2 else f"{limits.method}, {'šidák' if apart else 'bonferroni'} over {known} groups"
    )
    few = _few_clusters(limits)
    found = []
    for place, (group, value) in enumerate(zip(groups, limits.values.tolist(), strict=True)):
        slice_ = group_slice(columns, group)
        if not np.isfinite(value):
            found.append(unmeasured(metric, reason, slice_=slice_, n=n[place]))
            continue
        errors = None if drawn is None else (float(drawn[0][place]), float(drawn[1][place]))
        interval: Interval | Unmeasured = Interval(
            low=float(low[place]),
            high=float(high[place]),
            level=round(1 - error, 12),
            method=method,
            monte_carlo_error=errors,
        )
        if few is not None and few[place]:
            interval = _TOO_FEW_CLUSTERS
        found.append(Estimate(metric=metric, slice=slice_, value=value, interval=interval, n=n[place]))
    return found


def _few_clusters(limits: Limits) -> BoolArray | None:
    found: BoolArray | None = getattr(limits, "few_clusters", None)
    return found


def over_groups(
    metric: str,
    limits: Limits,
    columns: Sequence[str],
    n: Sequence[int],
    *,
    high_is: Direction,
    min_rows: int,
    error: float,
    spreads: Sequence[Aggregate] = SPREADS,
) -> list[Estimate]:
    """Return difference, ratio and worst group over groups of at least `min_rows`, read as the verdict rule does."""
    slice_ = dict.fromkeys(columns, "*")
    compared = np.flatnonzero(np.isfinite(limits.values) & (np.asarray(n) >= max(min_rows, 1)))
    found = []
    for spread in spreads:
        if spread == "worst_group" and high_is == "neutral":
            continue
        name = f"{metric}_{spread}"
        if len(compared) < (1 if spread == "worst_group" else 2):
            found.append(unmeasured(name, too_few(metric, columns, len(compared), min_rows), slice_=slice_))
            continue
        used, rule = limits.take(compared), limits_rule(spread, high_is)
        decision = _decided(rule, used, error)
        drawn = _drawn_error(used, partial(_reach, rule, error))
        method = METHODS[spread].format(limits=used.method, contrast=method_for(used, rule.method))
        interval: Interval | Unmeasured = Interval(
            low=decision.lower,
            high=decision.upper,
            level=round(1 - error, 12),
            method=method,
            monte_carlo_error=None if drawn is None else (float(drawn[0]), float(drawn[1])),
        )
        if decision.reason == "too_few_clusters":
            interval = _TOO_FEW_CLUSTERS
        rows = int(np.asarray(n)[compared].sum())
        found.append(Estimate(metric=name, slice=slice_, value=decision.value, interval=interval, n=rows))
    return found


def _decided(rule: Rule, limits: Limits, error: float) -> Decision:
    return decide(rule, limits, error_met=error / 2, error_not_met=error / 2)


def _reach(rule: Rule, error: float, limits: Limits) -> tuple[float, float]:
    decision = _decided(rule, limits, error)
    return decision.lower, decision.upper


def _drawn_error(limits: Limits, read: Callable[[Limits], tuple[Any, Any]]) -> tuple[Any, Any] | None:
    """Return the standard errors of two ends that come from draws: half of the way they go with their ranks."""
    shifted: Callable[[float], Limits] | None = getattr(limits, "shifted", None)
    if shifted is None:
        return None
    narrow, wide = read(shifted(1.0)), read(shifted(-1.0))
    return abs(narrow[0] - wide[0]) / 2, abs(narrow[1] - wide[1]) / 2


def absent(metric: str, columns: Sequence[str], reason: Message, *suffixes: str) -> list[Estimate]:
    """Return a metric and its values over groups as unmeasured for `reason`."""
    slice_ = dict.fromkeys(columns, "*")
    names = [metric, *(f"{metric}_{suffix}" for suffix in suffixes)]
    return [unmeasured(name, reason, slice_=slice_) for name in names]


def too_few(metric: str, columns: Sequence[str], compared: int, min_rows: int) -> Message:
    """Return why nothing is compared: no group, or only one, is large enough."""
    if not compared:
        return say("measures.fairness.spreads.no_group", columns=list(columns), metric=metric, rows=min_rows)
    return say("measures.fairness.spreads.one_group", columns=list(columns), metric=metric, rows=min_rows)
