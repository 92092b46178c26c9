"""Limits of scores: means of numbers in [0, 1], and smooth numbers in [0, 1] whose variance is known from their units.

A *unit* is what was drawn independently: a row, or a cluster of rows. Both limits are Clopper–Pearson at an effective
number of units with imagined units on the far side, as `ClusteredRates` and `RankingLimits` have them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import special

from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.limits import (
    ADVERSE_CLUSTERS,
    ADVERSE_ROWS,
    FEWEST_CLUSTERS,
    MOST_PER_ROW,
    Indices,
    clopper_pearson_lower,
    clopper_pearson_upper,
)

__all__ = ["BoundedMeans", "EffectiveLimits"]

_NOTHING = 1e-12
# Below this a value counts as 0: the quantiles of the beta distribution lose their digits there.


def _shrink(units: FloatArray, error: float) -> FloatArray | float:
    """(z/t)² with t on the units less one: how much less they say than if their variance were known."""
    normal = -special.ndtri(error)
    quantile = -special.stdtrit(np.maximum(units - 1, 1.0), error)
    return 1.0 if abs(normal) < 1e-9 else np.minimum((normal / quantile) ** 2, 1.0)


def _ends(values: FloatArray, n: FloatArray, error: float, *, upper: bool) -> FloatArray:
    """The limits (G,) of values that count as proportions of n rows; 0 or 1 where there is no value."""
    known = np.isfinite(values)
    p = np.clip(np.where(known, values, 0.0), 0.0, 1.0)
    p = np.where(p < _NOTHING, 0.0, p)
    if upper:
        return np.where(known & (n > 0), np.maximum(clopper_pearson_upper(p * n, n, error), p), 1.0)
    return np.where(known & (n > 0), np.minimum(clopper_pearson_lower(p * n, n, error), p), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class BoundedMeans:
    """Limits of means of numbers between 0 and 1 (scores, squared errors), from sums over independent units.

    The mean is Σx/Σm, where a unit has the mass m (1, its weight, or the rows of a cluster) and x = Σ mass · number.
    Clopper–Pearson at the effective number p(1−p)/v, where v is the variance of the ratio, estimated as if four more
    units had been drawn with the number 1 for the upper limit and 0 for the lower one: those at hand say nothing of
    rare ones that differ. A yes/no number has the largest variance of all numbers in [0, 1] with the same mean, so the
    effective number may be larger than the units.
    """

    units: FloatArray
    """Units with mass (G,)."""
    totals: FloatArray
    """Σx (G,)."""
    masses: FloatArray
    """Σm (G,)."""
    total_squares: FloatArray
    """Σx² (G,)."""
    products: FloatArray
    """Σxm (G,)."""
    mass_squares: FloatArray
    """Σm² (G,)."""
    clustered: bool = field(default=False, kw_only=True)
    """True where units are clusters: below 15 of them no verdict is given."""
    spanning: bool = field(default=False, kw_only=True)
    """True where some unit has rows in several groups: then the groups are not independent."""

    @property
    def values(self) -> FloatArray:
        found = np.full(len(self.masses), np.nan)
        np.divide(self.totals, self.masses, out=found, where=self.masses > 0)
        return np.asarray(np.clip(found, 0.0, 1.0), dtype=float)

    @property
    def method(self) -> str:
        return "bounded mean, clopper-pearson at effective n" + (", clustered" if self.clustered else "")

    @property
    def approximate(self) -> bool:
        return True

    @property
    def few_clusters(self) -> BoolArray:
        """Groups with too few clusters for a verdict (G,)."""
        return np.asarray(self.units < FEWEST_CLUSTERS if self.clustered else self.units < 0)

    @property
    def too_few_clusters(self) -> bool:
        """True where any group has too few clusters for a verdict."""
        return bool(np.any(self.few_clusters))

    def lower(self, error: float) -> FloatArray:
        return _ends(self.values, self._effective(error, adverse=0.0), error, upper=False)

    def upper(self, error: float) -> FloatArray:
        return _ends(self.values, self._effective(error, adverse=1.0), error, upper=True)

    def take(self, indices: Indices) -> BoundedMeans:
        parts = (self.units, self.totals, self.masses, self.total_squares, self.products, self.mass_squares)
        return BoundedMeans(*(part[indices] for part in parts), clustered=self.clustered, spanning=self.spanning)

    def _effective(self, error: float, adverse: float) -> FloatArray:
        some = self.masses > 0
        mass = np.where(some, self.masses, 1.0)
        size = np.where(some, self.mass_squares, 1.0) / mass
        units, imagined = mass / size, ADVERSE_CLUSTERS
        total = mass + imagined * size
        q = (self.totals + adverse * imagined * size) / total
        spread = self.total_squares - 2 * q * self.products + q * q * self.mass_squares
        squares = np.maximum(spread, 0.0) + imagined * (size * (adverse - q)) ** 2
        variance = (units + imagined) / (units + imagined - 1) * squares / total**2
        found = np.where(variance > 0, q * (1 - q) / np.where(variance > 0, variance, 1.0), units)
        return np.where(some & (units > 1), found * _shrink(units, error), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveLimits:
    """Limits of smooth numbers in [0, 1] (areas, average precision, F1) from the variance over their units.

    The variance is the sum of the squared influences of the units (infinitesimal jackknife). As in `RankingLimits` one
    more unit is imagined on the far side, and the effective number is at most three times the units that matter: those
    with rows of the rarer class, or with positives.
    """

    points: FloatArray
    """Plain values (G,); nan where there is none."""
    variances: FloatArray
    """Their variances (G,)."""
    units: FloatArray
    """Units that matter (G,)."""
    detail: str = ""
    """How the variance was found, for the method."""
    clustered: bool = False
    """True where units are clusters: below 15 of them no verdict is given."""
    spanning: bool = False
    """True where the groups are not independent of each other."""

    @property
    def values(self) -> FloatArray:
        return self.points

    @property
    def method(self) -> str:
        return ", ".join(part for part in (self.detail, "clopper-pearson at effective n, asymptotic") if part)

    @property
    def approximate(self) -> bool:
        return True

    @property
    def few_clusters(self) -> BoolArray:
        """Groups with too few clusters for a verdict (G,)."""
        return np.asarray(self.units < FEWEST_CLUSTERS if self.clustered else self.units < 0)

    @property
    def too_few_clusters(self) -> bool:
        """True where any group has too few clusters for a verdict."""
        return bool(np.any(self.few_clusters))

    def lower(self, error: float) -> FloatArray:
        return _ends(self.points, self._effective(error, adverse=0.0), error, upper=False)

    def upper(self, error: float) -> FloatArray:
        return _ends(self.points, self._effective(error, adverse=1.0), error, upper=True)

    def take(self, indices: Indices) -> EffectiveLimits:
        parts = (self.points[indices], self.variances[indices], self.units[indices])
        return EffectiveLimits(*parts, self.detail, self.clustered, self.spanning)

    def _effective(self, error: float, adverse: float) -> FloatArray:
        known = np.isfinite(self.points) & (self.units > 0)
        p, units = np.where(known, self.points, adverse), np.where(known, self.units, 1.0)
        total = units + ADVERSE_ROWS
        q = (p * units + adverse * ADVERSE_ROWS) / total
        squares = np.where(known, self.variances, 0.0) * units * np.maximum(units - 1, 1.0)
        squares = squares + units * ADVERSE_ROWS / total * (p - adverse) ** 2
        variance = squares / (total * (total - 1))
        found = np.where(variance > 0, q * (1 - q) / np.where(variance > 0, variance, 1.0), units)
        return np.where(known, np.minimum(found, MOST_PER_ROW * units) * _shrink(units, error), 0.0)
