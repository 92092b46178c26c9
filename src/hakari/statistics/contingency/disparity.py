"""Disparity: whether a group makes up more of those turned down than of those selected, also within strata.

Demographic disparity and its conditional form are the figures of Wachter, Mittelstadt & Russell (2021), "Why fairness
cannot be automated"; the mean over strata weighted by their people is how Amazon's Clarify library sums it up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.limits import clopper_pearson_lower, clopper_pearson_upper

__all__ = ["Disparity", "demographic_disparity"]

METHOD = "clopper-pearson, mover over shares"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disparity:
    """The group's share of those turned down less its share of those selected; nan without either."""

    value: float
    """Between −1 and 1; above 0 the group is over-represented among those turned down."""
    low: float
    high: float
    by_stratum: FloatArray
    """The same in each stratum (S,); nan where nobody or everybody was selected."""
    rows: int
    """People in the strata that count."""


def demographic_disparity(tables: IntArray, level: float = 0.95) -> Disparity:
    """Return the disparity of counts (S, 2, 2): [group, others] × [selected, not selected], weighted by people.

    A stratum where nobody or everybody was selected has no disparity and is left out. Given how many were selected in
    each stratum, the shares are independent proportions, and the limits of their weighted sum are MOVER's (Zou & Donner
    2008) over Clopper–Pearson limits of each. Over several strata the larger reach of each share stands on both sides:
    of one or two people selected the share is often 0 or 1, where the reach outwards is nothing, and all such strata
    together would claim more than they know.
    """
    counts = np.asarray(tables, dtype=float).reshape(-1, 2, 2)
    totals = counts.sum(axis=1)
    defined = (totals > 0).all(axis=1)
    shares: FloatArray = np.full((len(counts), 2), np.nan)
    np.divide(counts[:, 0], totals, out=shares, where=defined[:, None])
    by_stratum = shares[:, 1] - shares[:, 0]
    rows = totals.sum(axis=1) * defined
    if not defined.any():
        missing = float("nan")
        return Disparity(value=missing, low=missing, high=missing, by_stratum=by_stratum, rows=0)
    weights = (rows / rows.sum())[defined]
    value = float(weights @ by_stratum[defined])
    down, up = _reaches(counts[defined, 0], totals[defined], shares[defined], (1 - level) / 2)
    if len(weights) > 1:
        down = up = np.maximum(down, up)
    low = value - float(np.sqrt((weights**2) @ (down[:, 1] ** 2 + up[:, 0] ** 2)))
    high = value + float(np.sqrt((weights**2) @ (up[:, 1] ** 2 + down[:, 0] ** 2)))
    return Disparity(value=value, low=max(low, -1.0), high=min(high, 1.0), by_stratum=by_stratum, rows=int(rows.sum()))


def _reaches(x: FloatArray, n: FloatArray, shares: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
    """How far the limits of each share lie below and above it."""
    return shares - clopper_pearson_lower(x, n, error), clopper_pearson_upper(x, n, error) - shares
