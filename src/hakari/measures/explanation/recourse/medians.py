"""Medians: the middle of numbers some of which are beyond all others, with limits that need no distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import error_of, unmeasured
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["median_estimate"]


def median_estimate(
    metric: str, values: FloatArray, *, slice_: Mapping[str, str], confidence: float, groups: int = 1
) -> Estimate:
    """Return the least value that half of `values` (m,) do not exceed: 0 or more, infinite where there is none.

    The interval is made of two order statistics (Conover 1999, 3.2), at the level with which those of all `groups`
    hold together (Šidák). Its lower end is 0 where the rows are too few for one.
    """
    ordered = np.sort(values)
    rows = len(ordered)
    middle = float(ordered[(rows - 1) // 2]) if rows else math.inf
    if math.isinf(middle):
        return unmeasured(metric, say("measures.explanation.counterfactual.no_median"), slice_=slice_, n=rows)
    error = -math.expm1(math.log1p(-error_of(confidence)) / groups)
    place = int(stats.binom.ppf(error / 2, rows, 0.5))
    low = float(ordered[place - 1]) if place else 0.0
    high = float(ordered[rows - place]) if place else math.inf
    interval: Interval | Unmeasured = Unmeasured(unmeasured=say("measures.explanation.counterfactual.no_upper"))
    if math.isfinite(high):
        method = "order statistics" if groups < 2 else f"order statistics, šidák over {groups} groups"
        interval = Interval(low=low, high=high, level=confidence, method=method)
    return Estimate(metric=metric, slice=dict(slice_), value=middle, interval=interval, n=rows)
