"""Pooling: rates of many groups drawn towards their common mean, to be looked at and never decided on.

A verdict on pooled rates hides the very group that an audit looks for. In a long list of small groups they show better
than the plain rates which ones stand out by more than chance; so they are for display only and say so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from hakari.statistics._arrays import FloatArray
from hakari.statistics.description.described import Described, checked_counts, error_of

__all__ = ["POOLED", "partially_pooled"]

POOLED = "beta-binomial empirical Bayes, for display only"
_STRENGTHS = np.geomspace(1.0, 1e5, 101)
_ROUNDS = 40


def partially_pooled(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> Described:
    """Posterior means and central intervals (G,) under a Beta distribution of rates fitted to all groups.

    The mean of the Beta distribution and its strength (how many rows of the mean each group is given) maximise the
    marginal likelihood of the counts; their own uncertainty is left out, so the intervals are too short. A group
    without trials has the common mean.
    """
    x, n = checked_counts(successes, trials)
    tail = error_of(level) / 2
    mean, strength = _fitted(x[n > 0], n[n > 0])
    a, b = mean * strength + x, (1 - mean) * strength + n - x
    low, high = (np.asarray(special.betaincinv(a, b, share), dtype=float) for share in (tail, 1 - tail))
    return Described(a / (a + b), low, high, level, POOLED)


def _fitted(x: FloatArray, n: FloatArray) -> tuple[float, float]:
    """Mean and strength: the likeliest strength on a grid, each with its likeliest mean."""
    if x.sum() == 0 or x.sum() == n.sum() or len(x) < 2:
        rows = max(float(n.sum()), 1.0)
        return (float(x.sum()) + 0.5) / (rows + 1), float(_STRENGTHS[-1])
    strength = _STRENGTHS
    low, high = np.full(len(strength), 1e-9), np.full(len(strength), 1 - 1e-9)
    for _ in range(_ROUNDS):
        third = (high - low) / 3
        left, right = low + third, high - third
        better = _likelihood(left, strength, x, n) < _likelihood(right, strength, x, n)
        low, high = np.where(better, left, low), np.where(better, high, right)
    mean = (low + high) / 2
    best = int(np.argmax(_likelihood(mean, strength, x, n)))
    return float(mean[best]), float(strength[best])


def _likelihood(mean: FloatArray, strength: FloatArray, x: FloatArray, n: FloatArray) -> FloatArray:
    """Logarithm of the marginal likelihood (S,) of all groups, without its constant."""
    a, b = (mean * strength)[:, None], ((1 - mean) * strength)[:, None]
    found: FloatArray = np.sum(special.betaln(a + x, b + n - x) - special.betaln(a, b), axis=1)
    return found
