"""Shift: whether a column is distributed alike in two tables, as a test on counts with an effect size beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from hakari.measures.data._counted import Counted
    from hakari.statistics._arrays import FloatArray

__all__ = ["Shift", "compare", "holm"]

FEW_VALUES = 20
"""Numbers with at most so many different values are compared as categories."""
MOST_LEVELS = 1_000
_LEAST_EXPECTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One column compared between two tables."""

    test: Literal["chi-square", "kolmogorov-smirnov"]
    statistic: float
    p: float
    """Of the two-sided test that both tables are draws from one distribution; missing values included."""
    effect_kind: Literal["total variation", "standardised difference"]
    effect: float


def compare(here: Counted, there: Counted) -> Shift | None:
    """Return how the column differs; None if it holds too many levels to be compared, or nothing in one table."""
    if here.values is not None and there.values is not None:
        if len(np.union1d(here.values, there.values)) > FEW_VALUES:
            return _numbers(here, there)
        return _categories(_named(here, here.values.tolist()), _named(there, there.values.tolist()))
    if here.values is None and there.values is None:
        return _categories(_named(here, here.levels), _named(there, there.levels))
    return None


def holm(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values (Holm 1979): a column is flagged where its own is at most the level of the family."""
    adjusted, largest = [0.0] * len(p_values), 0.0
    for step, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min((len(p_values) - step) * p_values[place], 1.0))
        adjusted[place] = largest
    return adjusted


def _named(counted: Counted, levels: Sequence[object]) -> dict[object, int]:
    found = dict(zip(levels, counted.counts.sum(axis=1).tolist(), strict=True))
    gaps = int(counted.missing.sum())
    return {**found, None: gaps} if gaps else found


def _categories(here: dict[object, int], there: dict[object, int]) -> Shift | None:
    levels = list(dict.fromkeys([*here, *there]))
    if not levels or len(levels) > MOST_LEVELS:
        return None
    table = np.array([[side.get(level, 0) for level in levels] for side in (here, there)], dtype=float)
    statistic, p = _chi_square(table)
    shares = table / table.sum(axis=1, keepdims=True)
    distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
    return Shift(test="chi-square", statistic=statistic, p=p, effect_kind="total variation", effect=distance)


def _chi_square(table: FloatArray) -> tuple[float, float]:
    """Pearson's test of a 2×L table, rare levels pooled until five rows are expected in each cell."""
    pooled = _pooled(table)
    if pooled.shape[1] < 2:
        return 0.0, 1.0
    found = stats.chi2_contingency(pooled, correction=False)
    return float(found.statistic), float(found.pvalue)


def _pooled(table: FloatArray) -> FloatArray:
    sizes = table.sum(axis=1)
    least = _LEAST_EXPECTED * sizes.sum() / sizes.min()
    pools: list[FloatArray] = []
    open_pool = np.zeros(2)
    for place in np.argsort(table.sum(axis=0), kind="stable"):
        open_pool = open_pool + table[:, place]
        if open_pool.sum() >= least:
            pools.append(open_pool)
            open_pool = np.zeros(2)
    if open_pool.sum() and pools:
        pools[-1] = pools[-1] + open_pool
    elif open_pool.sum():
        pools.append(open_pool)
    return np.column_stack(pools)


def _numbers(here: Counted, there: Counted) -> Shift | None:
    assert here.values is not None
    assert there.values is not None
    counts = here.counts.sum(axis=1), there.counts.sum(axis=1)
    sizes = [int(part.sum()) for part in counts]
    if not all(sizes):
        return None
    points = np.union1d(here.values, there.values)
    shares = [
        np.concatenate([[0], np.cumsum(part)])[np.searchsorted(side.values, points, side="right")] / size
        for side, part, size in zip((here, there), counts, sizes, strict=True)
        if side.values is not None
    ]
    distance = float(np.abs(shares[0] - shares[1]).max())
    p = float(stats.kstwo.sf(distance, max(round(sizes[0] * sizes[1] / sum(sizes)), 1)))
    gaps = np.array([[int(side.missing.sum()), size] for side, size in zip((here, there), sizes, strict=True)])
    if gaps[:, 0].any():
        # Two tests of one column, values and gaps: Bonferroni over the two.
        p = min(2 * min(p, _chi_square(gaps.astype(float))[1]), 1.0)
    effect = _standardised(here.values, counts[0].astype(float), there.values, counts[1].astype(float))
    return Shift(
        test="kolmogorov-smirnov", statistic=distance, p=p, effect_kind="standardised difference", effect=effect
    )


def _standardised(x: FloatArray, n: FloatArray, y: FloatArray, m: FloatArray) -> float:
    """(mean of x − mean of y) / √((var x + var y)/2); 0 where neither spreads."""
    means = float(x @ n / n.sum()), float(y @ m / m.sum())
    variances = [
        float((values - mean) ** 2 @ counts / counts.sum())
        for values, counts, mean in ((x, n, means[0]), (y, m, means[1]))
    ]
    spread = (sum(variances) / 2) ** 0.5
    return (means[0] - means[1]) / spread if spread > 0 else 0.0
