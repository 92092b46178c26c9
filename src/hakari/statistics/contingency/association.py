"""Association: how much the levels of one column tell about the levels of another, as one number with limits."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import optimize, special

from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["METHOD", "Association", "cramers_v", "theils_u"]

METHOD = "non-central chi-square with delta method, asymptotic"

_MOST_EXACT = 2_000.0
# Above this the non-central chi-square is as good as the square of a normal number.


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A measure of association from 0 (independent) to 1."""

    value: float
    """Corrected for what chance alone adds, and never below 0."""
    low: float
    high: float
    plain: float
    """Without the correction."""


def cramers_v(counts: IntArray, alpha: float = 0.05) -> Association | None:
    """Return Cramér's V of counts (R, C); None where one side has a single level.

    V = √(χ²/(n·min(R−1, C−1))), corrected as Bergsma (2013) does. Limits: the wider of the non-central chi-square's and
    the delta method's.
    """
    table = _filled(counts)
    if min(table.shape) < 2:
        return None
    n, most = float(table.sum()), min(table.shape) - 1
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / n
    statistic = float(((table - expected) ** 2 / expected).sum())
    degrees = (table.shape[0] - 1) * (table.shape[1] - 1)
    if n < 2:
        return None
    corrected = max(statistic / n - degrees / (n - 1), 0.0)
    sides = [size - (size - 1) ** 2 / (n - 1) for size in table.shape]
    value = sqrt(min(corrected / (min(sides) - 1), 1.0)) if min(sides) > 1 else 0.0
    limits = [sqrt(each / (n * most)) for each in _excess(statistic, degrees, alpha)]
    reach = _reach(table, _chi_square_slopes(table) / (2 * most * value), alpha) if value else 0.0
    return _held(value, limits, reach, sqrt(statistic / (n * most)))


def theils_u(counts: IntArray, alpha: float = 0.05) -> Association | None:
    """Return Theil's U of counts (R, C): the share of the uncertainty about the row that the column takes away.

    U = I/H (Theil 1970), I the mutual information of row and column, H the entropy of the rows. 2nI is a likelihood
    ratio, so chance alone adds its degrees of freedom, which are taken off (Miller 1955); limits as for V, with H as
    seen. None where one side has a single level.
    """
    table = _filled(counts)
    if min(table.shape) < 2:
        return None
    n = float(table.sum())
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / n
    statistic = max(2 * float(special.rel_entr(table, expected).sum()), 0.0)
    entropy = float(special.entr(table.sum(axis=1) / n).sum())
    degrees = (table.shape[0] - 1) * (table.shape[1] - 1)
    scale = 2 * n * entropy
    value = max(statistic - degrees, 0.0) / scale
    slopes = (_logarithm(table / expected) + value * _logarithm(table.sum(axis=1, keepdims=True) / n)) / entropy
    limits = [each / scale for each in _excess(statistic, degrees, alpha)]
    return _held(value, limits, _reach(table, slopes, alpha) if value else 0.0, min(statistic / scale, 1.0))


def _held(value: float, limits: list[float], reach: float, plain: float) -> Association:
    """The wider of two limits on each side: the non-central ones are too narrow where margins are uneven and the
    association is strong, those of the delta method where it is weak.
    """
    low, high = min(limits[0], value - reach), max(limits[1], value + reach)
    return Association(value=value, low=max(low, 0.0), high=min(high, 1.0), plain=plain)


def _reach(table: FloatArray, slopes: FloatArray, alpha: float) -> float:
    """How far the limits of the delta method lie from the value, from its slopes (R, C) in the cells' shares."""
    shares = table / table.sum()
    spread = float((shares * slopes**2).sum()) - float((shares * slopes).sum()) ** 2
    return -float(special.ndtri(alpha / 2)) * sqrt(max(spread, 0.0) / float(table.sum()))


def _chi_square_slopes(table: FloatArray) -> FloatArray:
    """Slopes (R, C) of χ²/n = Σp²/(p_r p_c) − 1."""
    shares = table / table.sum()
    rows, columns = shares.sum(axis=1, keepdims=True), shares.sum(axis=0)
    part = shares**2 / (rows * columns)
    lost = part.sum(axis=1, keepdims=True) / rows + part.sum(axis=0) / columns
    return np.asarray(2 * shares / (rows * columns) - lost, dtype=float)


def _logarithm(numbers: FloatArray) -> FloatArray:
    """The logarithm, 0 where there is no row to weigh it."""
    return np.log(np.where(numbers > 0, numbers, 1.0))


def _filled(counts: IntArray) -> FloatArray:
    """The table without empty rows and columns."""
    table = np.asarray(counts, dtype=float)
    return np.asarray(table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0], dtype=float)


def _excess(statistic: float, degrees: int, alpha: float) -> tuple[float, float]:
    """Limits, each at alpha/2, of the non-centrality that a chi-square shows.

    Of a statistic below its expectation the upper limit is that of the expectation: a fit that is better than chance
    makes it would otherwise pass for certainty.
    """
    return _limit(statistic, degrees, 1 - alpha / 2), _limit(max(statistic, float(degrees)), degrees, alpha / 2)


def _limit(statistic: float, degrees: int, p: float) -> float:
    """The non-centrality at which the statistic is the p-quantile; 0 where even none is too much."""
    if statistic > _MOST_EXACT or degrees > _MOST_EXACT:
        # √χ² is nearly normal with variance 1 around √(non-centrality + degrees − 1/2).
        centre = sqrt(max(statistic - (degrees - 1) / 2, 0.0))
        return max(max(centre - float(special.ndtri(p)), 0.0) ** 2 - (degrees - 1) / 2, 0.0)
    if statistic <= 0 or special.chdtr(degrees, statistic) <= p:
        return 0.0
    most = statistic + degrees + 50.0
    while special.chndtr(statistic, degrees, most) > p:
        most *= 2
    return float(optimize.brentq(lambda each: special.chndtr(statistic, degrees, each) - p, 0.0, most, xtol=1e-9))
