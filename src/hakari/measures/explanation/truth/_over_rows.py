"""Over rows: one figure per row becomes one estimate with an interval, the rows being a random sample."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.measures._estimates import error_of, unmeasured
from hakari.messages import Message, say
from hakari.statistics import clopper_pearson
from hakari.statistics.metrics.rows import quantile_limits, ratio_limits

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["hits_table", "mean_estimate", "median_estimate", "ratio_estimate", "share_estimate"]


def ratio_estimate(
    metric: str,
    above: FloatArray,
    below: FloatArray,
    *,
    confidence: float,
    reason: Message,
    least: float = -math.inf,
    most: float = math.inf,
    slice_: Mapping[str, str] | None = None,
) -> Estimate:
    """Return Σ above / Σ below over the rows (n,) with the house's limits of means; `reason` if there is no row."""
    counted = int((below > 0).sum())
    if not counted:
        return unmeasured(metric, reason, slice_=slice_)
    side = error_of(confidence) / 2
    limits = ratio_limits(above, below, np.zeros(len(above), dtype=np.int64), 1, least=least)
    value = min(max(float(limits.values[0]), least), most)
    if math.isfinite(float(limits.errors[0])):
        low, high = float(limits.lower(side)[0]), float(limits.below(most).upper(side)[0])
        found: Interval | Unmeasured = _interval(min(low, value), max(high, value), confidence, limits.method)
    else:
        found = _all_alike(value, counted, side, least, most, confidence)
    return Estimate(metric=metric, slice=dict(slice_ or {}), value=value, interval=found, n=counted)


def mean_estimate(
    metric: str,
    values: FloatArray,
    *,
    confidence: float,
    reason: Message,
    least: float = -math.inf,
    most: float = math.inf,
    slice_: Mapping[str, str] | None = None,
) -> Estimate:
    """Return the mean over the rows (n,) whose value is not nan."""
    known = values[~np.isnan(values)]
    return ratio_estimate(
        metric, known, np.ones(len(known)), confidence=confidence, reason=reason, least=least, most=most, slice_=slice_
    )


def median_estimate(metric: str, values: FloatArray, *, confidence: float, reason: Message) -> Estimate:
    """Return the median over the rows (n,) whose value is not nan, with exact limits by order statistics."""
    known = values[~np.isnan(values)]
    if not len(known):
        return unmeasured(metric, reason)
    side = error_of(confidence) / 2
    (limits,) = quantile_limits(known, np.zeros(len(known), dtype=np.int64), 1, (0.5,))
    low, high = float(limits.lower(side)[0]), float(limits.upper(side)[0])
    few = not (math.isfinite(low) and math.isfinite(high))
    absent = Unmeasured(unmeasured=say("measures.explanation.truth.few_rows", rows=len(known)))
    return Estimate(
        metric=metric,
        value=float(limits.values[0]),
        interval=absent if few else _interval(low, high, confidence, limits.method),
        n=len(known),
    )


def share_estimate(
    metric: str,
    hits: BoolArray,
    *,
    confidence: float,
    reason: Message,
) -> Estimate:
    """Return the share of hits among the rows (n,) with its Clopper–Pearson interval."""
    count, rows = int(hits.sum()), len(hits)
    if not rows:
        return unmeasured(metric, reason)
    low, high = clopper_pearson(count, rows, error_of(confidence) / 2)
    return Estimate(
        metric=metric, value=count / rows, interval=_interval(low, high, confidence, "clopper-pearson"), n=rows
    )


def hits_table(name: str, hits: BoolArray) -> Table:
    """Return the counts behind a share: prediction 1 for a hit, 0 for none."""
    counts = np.bincount(hits.astype(np.int64), minlength=2).tolist()
    return Table(name=name, columns=("prediction", "n"), rows=tuple((value, n) for value, n in enumerate(counts)))


def _all_alike(
    value: float, rows: int, side: float, least: float, most: float, confidence: float
) -> Interval | Unmeasured:
    """Limits where all rows gave one value.

    Then a share of at most 1 − side^(1/n) of all rows may be different, and these may lie at the end of the range.
    """
    if not (math.isfinite(least) and math.isfinite(most)):
        return Unmeasured(unmeasured=say("measures.explanation.truth.all_alike", rows=rows))
    others = -math.expm1(math.log(side) / rows)
    low, high = value - others * (value - least), value + others * (most - value)
    return _interval(low, high, confidence, "all rows equal, exact")


def _interval(low: float, high: float, confidence: float, method: str) -> Interval:
    return Interval(low=low, high=high, level=confidence, method=method)
