"""Two proportions of independent rows: limits of their difference and of their ratio.

Newcombe's hybrid score interval takes each proportion's own limits and adds the two distances like the sides of a right
angle (MOVER). Score limits are too short where one side has few successes or few failures, and Newcombe's interval with
them; so a proportion with fewer than `FEWEST` of either has exact limits instead. Above `HIGHEST`, as where many
intervals share one error, both fail in proportion, and the exact limits are followed along the contour instead, as for
verdicts (`statistics.contrasts`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from hakari.statistics._arrays import FloatArray
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.description.described import Described, checked_counts, error_of
from hakari.statistics.limits import clopper_pearson_lower, clopper_pearson_upper

__all__ = [
    "CONTOUR",
    "DIFFERENCE",
    "FEWEST",
    "HIGHEST",
    "RATIO",
    "WILSON",
    "mover_ratio",
    "newcombe_difference",
    "wilson",
]

Counts = tuple[FloatArray, FloatArray]

WILSON = "wilson score"
DIFFERENCE = "hybrid score (Newcombe), exact limits where counts are small"
RATIO = "MOVER ratio of score limits, exact limits where counts are small"
CONTOUR = "clopper-pearson, contour of two groups"
FEWEST = 8
"""Successes, and failures, from which on a proportion's score limits are used."""
HIGHEST = 0.99
"""Level above which the contour of exact limits is used."""


def wilson(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> Described:
    """Score limits of a proportion (Wilson 1927): arrays of any one shape.

    Right on average over rates, too short at some: nothing is claimed of single ones. For the limits that hold, use
    `statistics.limits.ClopperPearson`. nan without trials.
    """
    x, n = checked_counts(successes, trials)
    low, high = score_limits(x, n, error_of(level) / 2)
    return Described(_quotient(x, n), low, high, level, WILSON)


def newcombe_difference(
    successes: ArrayLike, trials: ArrayLike, other_successes: ArrayLike, other_trials: ArrayLike, *, level: float = 0.95
) -> Described:
    """Limits of p₁ − p₂ (Newcombe 1998, method 10): arrays that broadcast; nan where either has no trials.

    The first two are x₁ of n₁, the last two x₂ of n₂, of independent rows that count once.
    """
    (x, n), (y, m) = checked_counts(successes, trials), checked_counts(other_successes, other_trials)
    error = error_of(level) / 2
    p, q = _quotient(x, n), _quotient(y, m)
    if level > HIGHEST:
        pairs = [(l1 - u2, u1 - l2) for (l1, u1), (l2, u2) in _along((x, n), (y, m), error)]
        lows, highs = (np.stack(side) for side in zip(*pairs, strict=True))
        known = (n > 0) & (m > 0)
        low, high = (np.where(known, each, np.nan) for each in (lows.min(axis=0), highs.max(axis=0)))
        return Described(p - q, low, high, level, CONTOUR)
    (l1, u1), (l2, u2) = _limits(x, n, error), _limits(y, m, error)
    low = p - q - np.hypot(p - l1, u2 - q)
    high = p - q + np.hypot(u1 - p, q - l2)
    return Described(p - q, np.maximum(low, -1.0), np.minimum(high, 1.0), level, DIFFERENCE)


def mover_ratio(
    successes: ArrayLike, trials: ArrayLike, other_successes: ArrayLike, other_trials: ArrayLike, *, level: float = 0.95
) -> Described:
    """Limits of p₁ / p₂ (MOVER-R: Donner & Zou 2012): arrays that broadcast.

    The ends are where MOVER's limits of p₁ − φp₂ pass 0, so nothing is divided by a zero count. The upper end is inf
    where x₂ = 0; the value is nan there; all three are nan where either has no trials.
    """
    (x, n), (y, m) = checked_counts(successes, trials), checked_counts(other_successes, other_trials)
    error = error_of(level) / 2
    p, q = _quotient(x, n), _quotient(y, m)
    value, known = np.where(q > 0, p / np.where(q > 0, q, 1.0), np.nan), (n > 0) & (m > 0)
    if level > HIGHEST:
        pairs = [(l1 / u2, _over(u1, l2)) for (l1, u1), (l2, u2) in _along((x, n), (y, m), error)]
        lows, highs = (np.stack(side) for side in zip(*pairs, strict=True))
        low, high = (np.where(known, each, np.nan) for each in (lows.min(axis=0), highs.max(axis=0)))
        return Described(value, low, high, level, CONTOUR)
    (l1, u1), (l2, u2) = _limits(x, n, error), _limits(y, m, error)
    cross = p * q
    # The lower root of u₂(2q−u₂)φ² − 2pqφ + l₁(2p−l₁), written so that a leading coefficient of 0 needs no own case.
    low_end = l1 * (2 * p - l1)
    low = low_end / (cross + np.sqrt(np.maximum(cross**2 - u2 * (2 * q - u2) * low_end, 0.0)) + (low_end == 0))
    leading, last = l2 * (2 * q - l2), u1 * (2 * p - u1)
    root = cross + np.sqrt(np.maximum(cross**2 - leading * last, 0.0))
    low, high = (np.where(known, each, np.nan) for each in (low, _over(root, leading)))
    return Described(value, low, high, level, RATIO)


def score_limits(x: FloatArray, n: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
    """One-sided score limits, each at `error`; exactly 0 and 1 at no successes and no failures; nan without trials."""
    z2 = float(special.ndtri(error)) ** 2
    rows = np.where(n > 0, n, np.nan)
    centre = (x + z2 / 2) / (rows + z2)
    reach = np.sqrt(z2 * (x * (rows - x) / rows + z2 / 4)) / (rows + z2)
    low = np.where(x > 0, np.maximum(centre - reach, 0.0), 0.0 * rows)
    return low, np.where(x < n, np.minimum(centre + reach, 1.0), 1.0 + 0.0 * rows)


def _limits(x: FloatArray, n: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
    """Score limits, exact ones where there are few successes or failures."""
    low, high = score_limits(x, n, error)
    few = (n > 0) & (np.minimum(x, n - x) < FEWEST)
    some, rows = np.where(few, x, 1.0), np.where(few, n, 2.0)
    exact_low, exact_high = clopper_pearson_lower(some, rows, error), clopper_pearson_upper(some, rows, error)
    # Each side the wider of the two: score limits are shorter on the side that the few rows hide.
    return np.where(few, np.minimum(exact_low, low), low), np.where(few, np.maximum(exact_high, high), high)


def _along(one: Counts, other: Counts, error: float) -> Iterator[tuple[Counts, Counts]]:
    """Exact limits of both proportions at every angle of the contour."""
    errors = joint_errors(error)
    for first, second in zip(errors.tolist(), errors[::-1].tolist(), strict=True):
        yield _exact(*one, first), _exact(*other, second)


def _exact(x: FloatArray, n: FloatArray, error: float) -> Counts:
    # At errors near one half a limit can pass its own value: it is held there.
    rows = np.where(n > 0, n, 1.0)
    p = x / rows
    return (
        np.minimum(clopper_pearson_lower(x, rows, error), p),
        np.maximum(clopper_pearson_upper(x, rows, error), p),
    )


def _over(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.inf)


def _quotient(x: FloatArray, n: FloatArray) -> FloatArray:
    return np.where(n > 0, x / np.where(n > 0, n, 1.0), np.nan)
