"""Estimated: estimates of rows as figures, one per group or one over the groups."""

from __future__ import annotations

from typing import Any

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures.fairness._rows import Slicing, codes_of, group_limits, in_order, slicing_estimates
from hakari.measures.fairness.functions.arrays import grouped, numbers
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics.between import Spreading

__all__ = ["by_group", "equally_long", "figure_of", "over_groups", "slicing_by", "units_of"]


def figure_of(estimate: Estimate) -> Figure:
    """Return an estimate as a figure; nan with the reason where there is no number."""
    if isinstance(estimate.value, Unmeasured):
        return Figure(float("nan"), n=estimate.n, why=str(estimate.value.unmeasured))
    interval = estimate.interval
    if not isinstance(interval, Interval):
        return Figure(estimate.value, n=estimate.n, why=str(interval.unmeasured))
    return Figure(
        estimate.value, low=interval.low, high=interval.high, level=interval.level, method=interval.method, n=estimate.n
    )


def by_group(limits: Limits, slicing: Slicing, n: list[int], confidence: float) -> dict[tuple[str, ...], Figure]:
    """Return the figure of every group; the intervals hold together at `confidence`."""
    found = group_limits(limits, slicing, metric="", n=n, confidence=confidence)
    return {group: figure_of(estimate) for group, estimate in zip(slicing.groups, found, strict=True)}


def over_groups(
    limits: Limits, slicing: Slicing, n: list[int], spreading: Spreading, *, min_rows: int, confidence: float
) -> Figure:
    """Return one figure over the groups with at least `min_rows` rows; nan where too few are left."""
    found = slicing_estimates(
        limits, slicing, metric="", n=n, min_rows=max(min_rows, 1), confidence=confidence, over={"over": spreading}
    )
    (estimate,) = [each for each in found if each.metric == "over"]
    if isinstance(estimate.value, Unmeasured):
        return Figure(float("nan"), n=estimate.n, why=str(say("measures.fairness.functions.one_group")))
    return figure_of(estimate)


def slicing_by(sensitive_features: Any, rows: int) -> Slicing:
    """Return the groups of the rows in canonical order."""
    return in_order(grouped(sensitive_features, rows))


def units_of(values: Any, rows: int, *, what: str) -> IntArray | None:
    """Return a number for the cluster of every row (N,), or None without clusters."""
    if values is None:
        return None
    found = codes_of(values)
    if len(found) != rows:
        raise InputError(say("measures.fairness.functions.length", what=what, rows=len(found), expected=rows))
    return found


def equally_long(**arrays: Any) -> list[FloatArray]:
    """Return arrays as finite numbers (N,). InputError where one is longer than another."""
    found = {name: numbers(values, what=name) for name, values in arrays.items()}
    rows = len(next(iter(found.values())))
    for name, values in found.items():
        if len(values) != rows:
            raise InputError(say("measures.fairness.functions.length", what=name, rows=len(values), expected=rows))
    return list(found.values())
