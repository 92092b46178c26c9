"""Spearman's correlation of the values of two explanations, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["row_spearman", "without_noise"]

_NOISE = 1e-9
"""Values below this share of the largest one of their row are 0: the last digits of a sum are no order."""


def without_noise(values: FloatArray) -> FloatArray:
    """Return the values (n, d) rounded to a billionth of the largest of their row."""
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0.0)
    unit = np.where(largest > 0, largest, 1.0) * _NOISE
    return np.asarray(np.round(values / unit) * unit, dtype=np.float64)


def row_spearman(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return Spearman's correlation of each row (n,), ties at their mean rank.

    Where one side has no order it is 0, where neither has one nan.
    """
    one, two = (_centred(stats.rankdata(without_noise(each), axis=1)) for each in (first, second))
    sizes = (one**2).sum(axis=1), (two**2).sum(axis=1)
    # One root of the product: equal ranks then give exactly 1.
    below = np.sqrt(sizes[0] * sizes[1])
    found = np.where(below > 0, (one * two).sum(axis=1) / np.where(below > 0, below, 1.0), 0.0)
    return np.where((sizes[0] == 0) & (sizes[1] == 0), np.nan, np.clip(found, -1.0, 1.0))


def _centred(ranks: FloatArray) -> FloatArray:
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True), dtype=np.float64)
