"""Permutation: the p-value of any difference of groups, from tables with the same margins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray

__all__ = ["PERMUTATION", "largest_gap", "permutation_p"]

PERMUTATION = "permutation test from cell counts"
_CHUNK = 4_000_000  # counts held in memory at once


def largest_gap(cells: FloatArray) -> FloatArray:
    """The largest difference of the groups' rates in tables (..., G, 2) of failures and successes."""
    rows = cells.sum(axis=-1)
    rates = np.where(rows > 0, cells[..., 1] / np.where(rows > 0, rows, 1.0), np.nan)
    return np.asarray(np.nanmax(rates, axis=-1) - np.nanmin(rates, axis=-1))


def permutation_p(
    cells: ArrayLike,
    statistic: Callable[[FloatArray], FloatArray] = largest_gap,
    *,
    rng: np.random.Generator,
    replicates: int = 9_999,
) -> float:
    """The p-value of the hypothesis that rows could change groups: large statistics speak against it.

    Args:
        cells: rows per group and outcome (G, K), for `largest_gap` failures and successes; with strata (H, G, K), where
            rows change groups within their stratum only.
        statistic: tables (..., G, K), with strata (..., H, G, K), → (...).
        rng: source of the tables.
        replicates: random tables B; the p-value is (1 + those at least as large) / (B + 1), so it is never 0 and the
            test keeps its level at any B (Phipson & Smyth 2010).

    The rows must be independent and count once each.
    """
    table = np.asarray(cells)
    if table.ndim not in (2, 3) or np.any(table < 0) or np.any(table != np.floor(table)) or replicates < 1:
        raise InputError(say("statistics.description.table"))
    strata = table.astype(np.int64).reshape(-1, *table.shape[-2:])
    strata = strata[strata.sum(axis=(1, 2)) > 0]
    if len(strata) == 0:
        raise InputError(say("statistics.bootstrap.no_rows"))
    own = float(statistic((strata if table.ndim == 3 else strata[0]).astype(float)))
    beyond, step = 0, max(_CHUNK // strata.size, 1)
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = np.stack([_tables(each, size, rng) for each in strata], axis=1)
        found = statistic(drawn if table.ndim == 3 else drawn[:, 0])
        # Equal tables may differ in the last digits.
        beyond += int(np.sum(found >= own - 1e-12 * max(abs(own), 1.0)))
    return (beyond + 1) / (replicates + 1)


def _tables(table: FloatArray, size: int, rng: np.random.Generator) -> FloatArray:
    """Random tables (size, G, K) with the margins of this one."""
    rows, columns = table.sum(axis=1).astype(np.int64), table.sum(axis=0).astype(np.int64)
    if len(columns) == 2:
        drawn = rng.multivariate_hypergeometric(rows, int(columns[1]), size=size, method="marginals")
        return np.stack([rows - drawn, drawn], axis=-1).astype(float)
    return np.asarray(stats.random_table(rows, columns).rvs(size, random_state=rng), dtype=float)
