"""Between means: how far the means of all groups spread, without the spread that chance alone makes.

The same figure as `between_groups` has for rates, from each group's mean, standard error and skewness. The variance of
the observed means is on average that of the true ones plus the mean of their squared standard errors, which is taken
off. The limits invert a test of the spread and follow the single groups' limits (MOVER); the wider of both is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.description.between_groups import Deviation, furthest_rejected, gamma_below
from hakari.statistics.description.described import error_of

__all__ = ["MEANS_DEVIATION", "mean_deviation"]

MEANS_DEVIATION = "noise-corrected moments of means, test inversion and MOVER, approximate"


def mean_deviation(
    means: ArrayLike,
    errors: ArrayLike,
    rows: ArrayLike,
    skews: ArrayLike,
    limits: tuple[ArrayLike, ArrayLike],
    *,
    level: float = 0.95,
) -> Deviation:
    """How far the true means of the groups spread: their standard deviation (over G − 1), with limits.

    The value is √max(0, s² − mean of e²); what stands under the root before the truncation has the true variance as its
    mean, exactly. Rows are independent and count once.

    Args:
        means: of the groups (..., G); leading axes are separate figures.
        errors: their standard errors s/√n. A group without a finite one is left out.
        rows: their numbers of rows n.
        skews: their skewness, that of one row over √n.
        limits: lower and upper one-sided limits of each mean, each at (1 − `level`) / 2.
        level: two-sided confidence.
    """
    tail = error_of(level) / 2
    parts = (np.asarray(part, dtype=float) for part in (means, errors, rows, skews, *limits))
    spread = _Spread.of(*np.broadcast_arrays(*parts))
    less, more = spread.reaches()
    tested = furthest_rejected(lambda true: spread.chance_of_less(true) >= 1 - tail, spread.square)
    low = np.sqrt(np.minimum(tested, np.maximum(spread.moment - less, 0.0)))
    high = np.sqrt(np.maximum(spread.moment, 0.0) + more)
    value, raw = np.sqrt(np.maximum(spread.moment, 0.0)), np.sqrt(spread.square)
    few = spread.used.sum(axis=-1) < 2
    value, low, high, raw = (np.where(few, np.nan, each) for each in (value, low, high, raw))
    why = {int(place): say("statistics.description.few_groups") for place in np.flatnonzero(few)}
    return Deviation(value, low, high, raw, spread.used.sum(axis=-1).astype(float), level, MEANS_DEVIATION, why)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """The moments of the observed means; arrays are (..., G) but for those of the last five fields (...)."""

    used: BoolArray
    own: FloatArray
    """Sampling variances of the means."""
    third: FloatArray
    """Third cumulants of the means."""
    n: FloatArray
    down: FloatArray
    """Way from each mean to its lower limit."""
    up: FloatArray
    gap: FloatArray
    """Distances of the means from their plain mean."""
    groups: FloatArray
    square: FloatArray
    """Variance of the means."""
    moment: FloatArray
    """Variance less the mean of the sampling variances."""

    @classmethod
    def of(
        cls,
        means: FloatArray,
        errors: FloatArray,
        rows: FloatArray,
        skews: FloatArray,
        lower: FloatArray,
        upper: FloatArray,
    ) -> _Spread:
        used = np.isfinite([means, errors, skews, lower, upper]).all(axis=0) & (rows > 1)
        groups = np.maximum(used.sum(axis=-1), 2).astype(float)

        def kept(numbers: FloatArray) -> FloatArray:
            return np.where(used, numbers, 0.0)

        own = kept(errors) ** 2
        gap = kept(means - (kept(means).sum(axis=-1) / groups)[..., None])
        square = np.sum(gap**2, axis=-1) / (groups - 1)
        return cls(
            used=used,
            own=own,
            third=kept(skews * errors**3),
            n=np.where(used, rows, 2.0),
            down=np.maximum(kept(means - lower), 0.0),
            up=np.maximum(kept(upper - means), 0.0),
            gap=gap,
            groups=groups,
            square=square,
            moment=square - own.sum(axis=-1) / groups,
        )

    def chance_of_less(self, true: FloatArray) -> FloatArray:
        """P(moment ≤ the one seen) where the variance of the true means is `true`.

        By the gamma distribution with the same cumulants; the distances between the groups are those seen, shrunk to
        that variance. The variance of the moment is its Hoeffding decomposition, the third cumulant that of a quadratic
        form in normal variables with the skewness of the means in its linear part.
        """
        shrunk = np.sqrt(np.divide(true, self.square, out=np.zeros(true.shape), where=self.square > 0))
        away = shrunk[..., None] * self.gap
        own, k, free = self.own, self.groups, self.groups - 1
        one, two, three = (np.sum(own**power, axis=-1) for power in (1, 2, 3))
        second = 2 * np.sum(own**2 * self.n / (self.n - 1), axis=-1) / k**2 + 2 * (one**2 - two) / (k * free) ** 2
        second = second + 4 * np.sum(away**2 * own, axis=-1) / free**2
        trace = three - 3 * three / k + 3 * one * two / k**2 - one**3 / k**3
        third = 8 * trace / free**3 + 24 * np.sum(away**2 * own**2, axis=-1) / free**3
        third = third + 8 * np.sum(away**3 * self.third, axis=-1) / free**3
        scale = np.sqrt(np.maximum(second, 1e-300))
        return gamma_below((self.moment - true) / scale, third / scale**3)

    def reaches(self) -> tuple[FloatArray, FloatArray]:
        """How far the moment goes down and up when each mean goes to its limits: the root of the summed squares."""
        k, free = self.groups[..., None], self.groups[..., None] - 1

        def change(move: FloatArray) -> FloatArray:
            return np.where(self.used, move**2 / k + 2 * move * self.gap / free, 0.0)

        # The moment is least where the mean lies at the mean of the others.
        level = np.clip(-self.gap * k / free, -self.down, self.up)
        ends = np.stack([change(self.up), change(-self.down), change(level)])
        less = np.sum(np.minimum(ends.min(axis=0), 0.0) ** 2, axis=-1)
        more = np.sum(np.maximum(ends.max(axis=0), 0.0) ** 2, axis=-1)
        return np.sqrt(less), np.sqrt(more)
