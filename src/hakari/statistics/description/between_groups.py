"""Between groups: how far the rates of all groups spread, without the spread that chance alone makes.

The variance of the observed rates is on average the variance of the true ones plus the mean of the rates' own sampling
variances. That mean is known without any model, so it is taken off. The limits invert a test of the spread near 0,
where the groups may all be equal, and follow the single groups' limits (MOVER) away from it; the wider of both is
given, because each alone was found to miss where the other holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from hakari.evidence import Interval, Unmeasured
from hakari.messages import Message, say
from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.description.described import Described, checked_counts, error_of
from hakari.statistics.limits import clopper_pearson_lower, clopper_pearson_upper

__all__ = ["DEVIATION", "Deviation", "deviation", "furthest_rejected", "gamma_below"]

DEVIATION = "noise-corrected moments, test inversion and MOVER, approximate"
_STEPS = 26
_LARGEST = 0.5
# The variance (over G − 1) of rates in [0, 1] is at most one half.
_PRIOR = 1.0
# Rows with the pooled rate that are added to each group before its sampling variance is read off its rate.


@dataclass(frozen=True, slots=True, eq=False)
class Deviation:
    """Standard deviations of the groups' true rates, one for each leading index."""

    value: FloatArray
    """With the spread by chance taken off; 0 where the groups spread no more than by chance."""
    low: FloatArray
    """Lower limits; 0 where equal groups may show as much."""
    high: FloatArray
    """Upper limits."""
    raw: FloatArray
    """The plain standard deviation of the observed rates, chance included."""
    groups: FloatArray
    """How many groups count: those with two rows or more."""
    level: float
    """Two-sided confidence of each interval."""
    method: str = DEVIATION
    """The method in words, as `Interval.method` takes it."""
    why: Mapping[int, Message] = field(default_factory=dict)
    """Why one of them (by its place in the flattened arrays) has no value."""

    def interval(self, place: int = 0) -> Interval | Unmeasured:
        """The interval of one of them, as an estimate takes it."""
        return Described(self.value, self.low, self.high, self.level, self.method, None, self.why).interval(place)


def deviation(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> Deviation:
    """How far the true rates of the groups spread: their standard deviation (over G − 1), with limits.

    The value is √max(0, s² − mean of p̂(1−p̂)/(n−1)); what stands under the root before the truncation has the true
    variance as its mean, exactly. Rows are independent and count once.

    Args:
        successes: x_g (..., G); leading axes are separate rates.
        trials: n_g, broadcasting. Groups with fewer than two rows are left out.
        level: two-sided confidence.
    """
    x, n = checked_counts(successes, trials)
    tail = error_of(level) / 2
    spread = _Spread.of(x, n)
    less, more = spread.reaches(x, tail)
    largest = np.full(spread.square.shape, _LARGEST)
    tested = furthest_rejected(lambda true: spread.chance_of_less(true) >= 1 - tail, largest)
    low = np.sqrt(np.minimum(tested, np.maximum(spread.moment - less, 0.0)))
    high = np.sqrt(np.minimum(np.maximum(spread.moment, 0.0) + more, _LARGEST))
    value, raw = np.sqrt(np.maximum(spread.moment, 0.0)), np.sqrt(spread.square)
    few = spread.used.sum(axis=-1) < 2
    value, low, high, raw = (np.where(few, np.nan, each) for each in (value, low, high, raw))
    why = {int(place): say("statistics.description.few_groups") for place in np.flatnonzero(few)}
    groups = spread.used.sum(axis=-1).astype(float)
    return Deviation(value, low, high, raw, groups, level, why=why)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """The moments of the observed rates; `gap` and `used` are (..., G), the rest (...)."""

    used: BoolArray
    n: FloatArray
    p: FloatArray
    groups: FloatArray
    gap: FloatArray
    """Distances of the rates from their plain mean."""
    square: FloatArray
    """Variance of the rates."""
    moment: FloatArray
    """Variance less the mean of the rates' own sampling variances."""
    pooled: FloatArray
    """All successes over all rows."""
    tilt: FloatArray
    """Mean of the distances, weighted with the rows."""

    @classmethod
    def of(cls, x: FloatArray, n: FloatArray) -> _Spread:
        used = n > 1
        rows = np.where(used, n, 2.0)
        groups = np.maximum(used.sum(axis=-1), 2).astype(float)
        p = np.where(used, x / rows, 0.0)
        gap = np.where(used, p - (p.sum(axis=-1) / groups)[..., None], 0.0)
        square = np.sum(gap**2, axis=-1) / (groups - 1)
        noise = np.sum(p * (1 - p) / (rows - 1), axis=-1) / groups
        weight = np.where(used, rows, 0.0)
        share = weight / np.maximum(weight.sum(axis=-1, keepdims=True), 1.0)
        pooled, tilt = np.sum(share * p, axis=-1), np.sum(share * gap, axis=-1)
        return cls(used, rows, p, groups, gap, square, square - noise, pooled, tilt)

    def chance_of_less(self, true: FloatArray) -> FloatArray:
        """P(moment ≤ the one seen) where the variance of the true rates is `true`, the smaller of two layouts.

        The distances between the groups are those seen, shrunk or stretched to that variance. Around what, differs: the
        pooled rate, which large groups govern, or the rate of a typical group.
        """
        stretch = np.sqrt(np.divide(true, self.square, out=np.zeros(true.shape), where=self.square > 0))
        moved = stretch[..., None] * self.gap
        near_pooled, plain = self.pooled - stretch * self.tilt, self.pooled - self.tilt
        return np.minimum(
            self._below(true, near_pooled[..., None] + moved), self._below(true, plain[..., None] + moved)
        )

    def _below(self, true: FloatArray, rate: FloatArray) -> FloatArray:
        """P(moment ≤ the one seen) for groups with these rates, by the gamma distribution with the same cumulants.

        Mean and variance of the moment are exact given the rates (its Hoeffding decomposition); the third cumulant is
        that of a quadratic form in normal variables, and of the binomials in its linear part.
        """
        prior = (self.pooled[..., None] * self.n + 0.5) / (self.n + 1)
        rate = (np.clip(rate, 0.0, 1.0) * self.n + _PRIOR * prior) / (self.n + _PRIOR)
        rate = np.where(self.used, rate, 0.0)
        own = rate * (1 - rate) / self.n
        away = np.where(self.used, rate - (rate.sum(axis=-1) / self.groups)[..., None], 0.0)
        weight = self.gap**2 + 1e-12 * self.used
        weight = weight / np.maximum(weight.sum(axis=-1, keepdims=True), 1e-300)
        k, free = self.groups, self.groups - 1
        one, two, three = (np.sum(own**power, axis=-1) for power in (1, 2, 3))
        second = 2 * np.sum(own**2 * self.n / (self.n - 1), axis=-1) / k**2 + 2 * (one**2 - two) / (k * free) ** 2
        second = second + 4 * true * np.sum(weight * own, axis=-1) / free
        trace = three - 3 * three / k + 3 * one * two / k**2 - one**3 / k**3
        third = 8 * trace / free**3 + 24 * true * np.sum(weight * own**2, axis=-1) / free**2
        third = third + 8 * np.sum(away**3 * own * (1 - 2 * rate) / self.n, axis=-1) / free**3
        scale = np.sqrt(np.maximum(second, 1e-300))
        return gamma_below((self.moment - true) / scale, third / scale**3)

    def reaches(self, x: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
        """How far the moment goes down and up when each rate goes to its own limits: the root of the summed squares.

        MOVER (Zou & Donner 2008) for a function of G rates. A rate goes as far as its exact limit or as its normal one,
        whichever is further: over many groups the short sides of skewed limits would add up to too little.
        """
        normal = -special.ndtri(error) * np.sqrt(self.p * (1 - self.p) / self.n)
        rows, hits = np.where(self.used, self.n, 2.0), np.where(self.used, x, 1.0)
        up = np.maximum(clopper_pearson_upper(hits, rows, error) - self.p, normal)
        down = np.maximum(self.p - clopper_pearson_lower(hits, rows, error), normal)
        k, free = self.groups[..., None], self.groups[..., None] - 1
        own = self.p * (1 - self.p) / (self.n - 1)

        def change(move: FloatArray) -> FloatArray:
            rate = np.clip(self.p + move, 0.0, 1.0)
            noise = (own - rate * (1 - rate) / (self.n - 1)) / k
            return np.where(self.used, move**2 / k + 2 * move * self.gap / free + noise, 0.0)

        # The moment is least where the rate lies at the mean of the others.
        level = np.clip(-self.gap * k / free, -down, up)
        ends = np.stack([change(up), change(-down), change(level)])
        less = np.sum(np.minimum(ends.min(axis=0), 0.0) ** 2, axis=-1)
        more = np.sum(np.maximum(ends.max(axis=0), 0.0) ** 2, axis=-1)
        return np.sqrt(less), np.sqrt(more)


def gamma_below(z: FloatArray, skewness: FloatArray) -> FloatArray:
    """P(Z ≤ z) of the gamma distribution with mean 0, variance 1 and this skewness, or of its mirror."""
    skew = np.where(np.abs(skewness) < 1e-6, 1e-6, skewness)
    shape = 4 / skew**2
    found = special.gammainc(shape, np.maximum(shape + np.sign(skew) * z * np.sqrt(shape), 0.0))
    return np.where(skew > 0, found, 1 - found)


def furthest_rejected(rejected: Callable[[FloatArray], BoolArray], largest: FloatArray) -> FloatArray:
    """The largest variance up to `largest` that is still rejected as too small, by halving its root; 0 where none."""
    low, high = np.zeros(largest.shape), np.sqrt(largest)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        too_small = rejected(middle**2)
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    found: FloatArray = low**2
    return found
