"""Rows: limits of means, shares and quantiles per group, read from rows that may have weights and come in clusters.

Rates of yes/no decisions are counts and have their own limits. Amounts are not: a mean of squared errors rests on a few
large ones. Its limits here are those of Student's t, or those of Hall's transformation where they are wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.limits import (
    FEWEST_CLUSTERS,
    ClopperPearson,
    ClusteredRates,
    Indices,
    Limits,
    WeightedRates,
)

__all__ = [
    "MeanLimits",
    "QuantileLimits",
    "mean_limits",
    "quantile_limits",
    "ratio_limits",
    "share_limits",
    "units_in",
]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeanLimits:
    """Approximate limits of means, and of ratios of two sums, of independent units (rows, or clusters of rows).

    The studentised mean T has the standard error √(K/(K−1) Σu²) of its linearised units u, with Student's t on K − 1,
    where K = (Σn)²/Σn² is the effective number of units of the sizes n. Hall (1992, Journal of the Royal Statistical
    Society B 54) removes the skewness a = Σu³ / (Σu²)^1.5 by g(T) = T + a T²/3 + a² T³/27 + a/6. On each side the limit
    further from the value is taken, of t and of Hall: the skewness is itself estimated, and never makes an interval
    shorter here.
    """

    points: FloatArray
    """Plain values (G,); nan without a denominator."""
    errors: FloatArray
    """Standard errors (G,); nan where fewer than two units differ."""
    skews: FloatArray
    """Skewness of the sum of the units (G,): that of one unit over the root of their number."""
    units: FloatArray
    """Effective number of independent units (G,)."""
    counted: FloatArray
    """Independent units as they are counted (G,)."""
    least: float = -np.inf
    """Smallest value that the mean can have."""
    scale: Literal["plain", "root", "log"] = "plain"
    """What is shown: the mean, its root, or its natural logarithm."""
    clustered: bool = False
    spanning: bool = False
    """True where some cluster lies in more than one group: then the groups are not independent."""
    most: float = np.inf
    """Largest value that the mean can have."""
    base: str = "student t with hall's skewness"
    """Name of the method."""
    detail: str = ""
    """How rows enter, for the method: clustered, weighted."""

    @property
    def values(self) -> FloatArray:
        if self.scale == "log":
            return np.where(self.points > 0, self._shown(self.points), np.nan)
        return self._shown(self.points)

    @property
    def method(self) -> str:
        return ", ".join(part for part in (self.base, self.detail) if part)

    @property
    def approximate(self) -> bool:
        return True

    @property
    def few_clusters(self) -> BoolArray:
        """Groups with too few clusters for limits (G,)."""
        return np.asarray(self.counted < FEWEST_CLUSTERS) & self.clustered

    @property
    def too_few_clusters(self) -> bool:
        """True where any group has too few clusters for limits."""
        return bool(np.any(self.few_clusters))

    def lower(self, error: float) -> FloatArray:
        return self._shown(np.maximum(self.points - self.errors * self._reach(error, self.skews), self.least))

    def upper(self, error: float) -> FloatArray:
        # An upper limit is the lower one of the values with their sign turned.
        return self._shown(np.minimum(self.points + self.errors * self._reach(error, -self.skews), self.most))

    def take(self, indices: Indices) -> MeanLimits:
        parts = {name: getattr(self, name)[indices] for name in ("points", "errors", "skews", "units", "counted")}
        return replace(self, **parts)

    def shown_as(self, scale: Literal["root", "log"]) -> MeanLimits:
        """Limits of the root or of the natural logarithm of the mean; without a logarithm the value is nan."""
        return replace(self, scale=scale, least=max(self.least, 0.0))

    def below(self, most: float) -> MeanLimits:
        """Limits of a mean that cannot be more than `most`."""
        return replace(self, most=most)

    def _reach(self, error: float, skews: FloatArray) -> FloatArray:
        """Standard errors from the value down to its lower limit (G,)."""
        quantile = -special.stdtrit(np.maximum(self.units - 1, 1.0), error)
        skewed = np.abs(skews) > 1e-6
        a = np.where(skewed, skews, 1.0)
        hall = 3 / a * (np.cbrt(1 + a * (quantile - a / 6)) - 1)
        return np.asarray(np.maximum(quantile, np.where(skewed, hall, quantile)), dtype=float)

    def _shown(self, numbers: FloatArray) -> FloatArray:
        if self.scale == "plain":
            return numbers
        if self.scale == "root":
            return np.sqrt(np.maximum(numbers, 0.0))
        found = np.full(len(numbers), -np.inf)
        np.log(numbers, out=found, where=numbers > 0)
        return np.where(np.isnan(numbers), np.nan, found)


@dataclass(frozen=True, slots=True, eq=False)
class QuantileLimits:
    """Exact limits of a quantile of independent rows that count once: order statistics, by the binomial distribution.

    Whatever the distribution, the number of rows up to its q-quantile is at least binomial(n, q) (Thompson 1936; David
    & Nagaraja 2003, ch. 7). Where no row lies far enough out the limit is infinite.
    """

    ordered: FloatArray
    """Values (N,), those of each group in rising order."""
    starts: IntArray
    """Where each group starts (G,)."""
    sizes: IntArray
    """Rows of each group (G,)."""
    share: float
    """q, between 0 and 1."""

    @property
    def values(self) -> FloatArray:
        some = self.sizes > 0
        place = np.where(some, self.sizes - 1, 0) * self.share
        under = np.floor(place).astype(np.int64)
        low = self._at(np.where(some, under, -1), np.nan)
        high = self._at(np.where(some, np.minimum(under + 1, self.sizes - 1), -1), np.nan)
        return np.asarray(low + (place - under) * (high - low), dtype=float)

    @property
    def method(self) -> str:
        return "order statistics, exact"

    @property
    def approximate(self) -> bool:
        return False

    def lower(self, error: float) -> FloatArray:
        return self._at(self._places(self.share, error), -np.inf)

    def upper(self, error: float) -> FloatArray:
        # Counted from the other end, an upper limit is a lower one.
        place = self._places(1 - self.share, error)
        return self._at(np.where(place < 0, -1, self.sizes - 1 - place), np.inf)

    def take(self, indices: Indices) -> QuantileLimits:
        return replace(self, starts=self.starts[indices], sizes=self.sizes[indices])

    def _places(self, share: float, error: float) -> IntArray:
        """Place in each group (G,), from 0, of the limit; −1 without one. Groups of one size have the same."""
        sizes, index = np.unique(self.sizes, return_inverse=True)
        return np.array([_order_place(n, share, error) for n in sizes.tolist()], dtype=np.int64)[index]

    def _at(self, places: IntArray, otherwise: float) -> FloatArray:
        """The value at a place of each group (G,); `otherwise` where the place is below 0."""
        some = places >= 0
        found = np.full(len(places), otherwise)
        found[some] = self.ordered[(self.starts + places)[some]]
        return found


def _order_place(rows: int, share: float, error: float) -> int:
    """Largest place l, from 0, with P(binomial(n, q) ≤ l) ≤ `error`; −1 without one."""
    if rows == 0 or special.bdtr(0, rows, share) > error:
        return -1
    found = int(special.bdtrik(error, rows, share))
    # The inverse may be off by its last digits at a step.
    while found > 0 and special.bdtr(found, rows, share) > error:
        found -= 1
    while found + 1 < rows and special.bdtr(found + 1, rows, share) <= error:
        found += 1
    return found


def ratio_limits(
    above: FloatArray,
    below: FloatArray,
    group: IntArray,
    groups: int,
    *,
    unit: IntArray | None = None,
    least: float = -np.inf,
    detail: Sequence[str] = (),
) -> MeanLimits:
    """Limits of Σabove / Σbelow over the rows (N,) of every group (G,); rows of one `unit` are one draw.

    With `below` = 1 it is the mean, with weights below and weighted values above the weighted mean.
    """

    def per_group(numbers: FloatArray, index: IntArray) -> FloatArray:
        return np.bincount(index, weights=numbers, minlength=groups).astype(float)

    spanning = False
    if unit is not None:
        group, owner, (above, below) = _by_unit(group, groups, unit, (above, below))
        used = owner[below > 0]
        spanning = len(used) > 0 and int(np.bincount(used).max()) > 1
    total = per_group(below, group)
    known = total > 0
    safe = np.where(known, total, 1.0)
    points = np.where(known, per_group(above, group) / safe, np.nan)
    moved = (above - np.nan_to_num(points)[group] * below) / safe[group]
    counted = per_group((below > 0).astype(float), group)
    squares = per_group(moved * moved, group)
    # Differences of equal numbers leave digits that are no spread.
    size = per_group(np.abs(above), group) / safe
    units = np.where(known, total**2 / np.where(known, per_group(below * below, group), 1.0), 0.0)
    spread = (counted > 1) & (squares > (1e-12 * size) ** 2)
    some = np.where(spread, squares, 1.0)
    return MeanLimits(
        points=points,
        errors=np.where(spread, np.sqrt(some * units / np.where(spread, units - 1, 1.0)), np.nan),
        skews=np.where(spread, per_group(moved**3, group) / some**1.5, np.nan),
        units=units,
        counted=counted,
        least=least,
        clustered=unit is not None,
        spanning=spanning,
        detail=", ".join((*(["clustered"] if unit is not None else []), *detail)),
    )


_MOST_CELLS = 2**24
# Groups times units of a histogram: above this the pairs that occur are looked up instead.


def _by_unit(
    group: IntArray, groups: int, unit: IntArray, numbers: Sequence[FloatArray]
) -> tuple[IntArray, IntArray, list[FloatArray]]:
    """Sums of the rows of every unit in every group: group and unit of each pair that occurs (M,), and its sums."""
    width = int(unit.max(initial=0)) + 1
    pairs = group * width + unit
    if groups * width <= _MOST_CELLS:
        present = np.flatnonzero(np.bincount(pairs, minlength=groups * width))
        sums = [np.bincount(pairs, weights=each, minlength=groups * width)[present] for each in numbers]
    else:
        present, slot = np.unique(pairs, return_inverse=True)
        sums = [np.bincount(slot, weights=each, minlength=len(present)) for each in numbers]
    return present // width, present % width, [each.astype(float) for each in sums]


def units_in(group: IntArray, groups: int, unit: IntArray) -> IntArray:
    """Number of different units in every group (G,)."""
    held, _, _ = _by_unit(group, groups, unit, ())
    return np.bincount(held, minlength=groups)


def mean_limits(
    values: FloatArray,
    group: IntArray,
    groups: int,
    *,
    weight: FloatArray | None = None,
    unit: IntArray | None = None,
    least: float = -np.inf,
) -> MeanLimits:
    """Limits of the mean of the rows (N,) of every group (G,), weighted and by clusters where they are given."""
    below = np.ones(len(values)) if weight is None else weight
    detail = () if weight is None else ("weighted",)
    return ratio_limits(values * below, below, group, groups, unit=unit, least=least, detail=detail)


def share_limits(
    hits: FloatArray,
    group: IntArray,
    groups: int,
    *,
    weight: FloatArray | None = None,
    unit: IntArray | None = None,
) -> Limits:
    """Limits of the share of hits (N,), each between 0 and 1, in every group (G,): the house's limits of rates."""

    def per_group(numbers: FloatArray) -> FloatArray:
        return np.bincount(group, weights=numbers, minlength=groups).astype(float)

    amounts = np.ones(len(hits)) if weight is None else weight
    if unit is not None:
        place, owner, (x, n) = _by_unit(group, groups, unit, (amounts * hits, amounts))
        return ClusteredRates(groups, place, owner, np.minimum(x, n), n, weighted=weight is not None)
    if weight is None:
        return ClopperPearson(per_group(hits), per_group(amounts))
    squares = amounts * amounts
    return WeightedRates(
        per_group(np.asarray(amounts > 0, dtype=float)),
        per_group(amounts * hits),
        per_group(amounts),
        per_group(squares * hits),
        per_group(squares),
    )


def quantile_limits(values: FloatArray, group: IntArray, groups: int, shares: Sequence[float]) -> list[QuantileLimits]:
    """Limits of several quantiles of the rows (N,) of every group (G,), which are sorted once."""
    order = np.argsort(values)
    # Small whole numbers are sorted by their digits, which is far faster.
    order = order[np.argsort(group[order].astype(np.min_scalar_type(groups)), kind="stable")]
    sizes = np.bincount(group, minlength=groups)
    return [QuantileLimits(values[order], np.cumsum(sizes) - sizes, sizes, share) for share in shares]
