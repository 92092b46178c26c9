"""Confidence sequences: limits that hold at every moment of a growing sample, however often it is looked at.

The likelihood of the rows seen so far, averaged over a Beta prior of rates, over their likelihood at the true rate is a
martingale that starts at 1. So it ever reaches 1/α with probability at most α (Ville 1939), and the rates where it has
not are a confidence sequence: the beta-binomial mixture (Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021). The
prior changes how wide the limits are at which number of rows, never whether they hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.description.described import Described, checked_counts, error_of

__all__ = ["SEQUENCE", "difference_sequence", "proportion_sequence"]

SEQUENCE = "confidence sequence, beta-binomial mixture"
_STEPS = 60
_EDGE = 1e-12
Prior = tuple[float, float]


def proportion_sequence(
    successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95, prior: Prior = (0.5, 0.5)
) -> Described:
    """Limits of a proportion that hold at all times together with probability `level`.

    Args:
        successes: running totals x_t, any shape: one for each moment, or moments × groups.
        trials: running totals n_t of independent rows, same shape.
        level: for one sequence; for G groups together pass 1 − α/G.
        prior: Beta parameters of the mixture, chosen before the first row.
    """
    x, n = checked_counts(successes, trials)
    budget = -np.log(error_of(level))
    low, high = _side(x, n, budget, prior, -1.0), _side(x, n, budget, prior, 1.0)
    return Described(_rate(x, n), low, high, level, SEQUENCE)


def difference_sequence(
    successes: ArrayLike,
    trials: ArrayLike,
    other_successes: ArrayLike,
    other_trials: ArrayLike,
    *,
    level: float = 0.95,
    prior: Prior = (0.5, 0.5),
) -> Described:
    """Limits of p₁ − p₂ of two independent streams that hold at all times together with probability `level`.

    The product of the two martingales is one as well, in whatever order the rows come. The limits are the smallest and
    largest difference in the region where the product stays below 1/α. Arrays that broadcast.
    """
    (x, n), (y, m) = checked_counts(successes, trials), checked_counts(other_successes, other_trials)
    x, n, y, m = (np.array(each) for each in np.broadcast_arrays(x, n, y, m))
    budget = -np.log(error_of(level))
    low = -_furthest(y, m, x, n, budget, prior)
    return Described(_rate(x, n) - _rate(y, m), low, _furthest(x, n, y, m, budget, prior), level, SEQUENCE)


def _rate(x: FloatArray, n: FloatArray) -> FloatArray:
    return np.where(n > 0, x / np.where(n > 0, n, 1.0), np.nan)


def _mixture(x: FloatArray, n: FloatArray, prior: Prior) -> FloatArray:
    """Logarithm of the likelihood averaged over the prior."""
    a, b = prior
    if not (a > 0 and b > 0):
        raise InputError(say("statistics.description.prior", a=f"{a:g}", b=f"{b:g}"))
    return np.asarray(special.betaln(a + x, b + n - x) - special.betaln(a, b))


def _likelihood(p: FloatArray, x: FloatArray, n: FloatArray) -> FloatArray:
    return np.asarray(special.xlogy(x, p) + special.xlog1py(n - x, -p))


def _side(x: FloatArray, n: FloatArray, budget: float, prior: Prior, sign: float) -> FloatArray:
    """The rate on one side of x/n where the martingale reaches its bound; 0 or 1 where it does not."""
    mixture = _mixture(x, n, prior)
    inside = np.where(n > 0, x / np.where(n > 0, n, 1.0), 0.5)
    outside = np.full(inside.shape, 1.0 if sign > 0 else 0.0)
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        keeps = mixture - _likelihood(middle, x, n) < budget
        inside, outside = np.where(keeps, middle, inside), np.where(keeps, outside, middle)
    return outside


def _furthest(x: FloatArray, n: FloatArray, y: FloatArray, m: FloatArray, budget: float, prior: Prior) -> FloatArray:
    """The largest p − q where the product of the martingales stays below its bound."""
    mixture = _mixture(x, n, prior) + _mixture(y, m, prior)
    inside = np.where((n > 0) & (m > 0), x / np.maximum(n, 1.0) - y / np.maximum(m, 1.0), 0.0)
    outside = np.ones(inside.shape)
    for _ in range(_STEPS):
        gap = (inside + outside) / 2
        q = _likeliest(gap, x, n, y, m)
        keeps = mixture - _likelihood(np.clip(q + gap, 0.0, 1.0), x, n) - _likelihood(q, y, m) < budget
        inside, outside = np.where(keeps, gap, inside), np.where(keeps, outside, gap)
    return outside


def _likeliest(gap: FloatArray, x: FloatArray, n: FloatArray, y: FloatArray, m: FloatArray) -> FloatArray:
    """The rate q for which (q + gap, q) is likeliest: the slope of the likelihood falls, so it is found by halving."""
    low, high = np.maximum(-gap, 0.0), np.minimum(1.0 - gap, 1.0)
    for _ in range(_STEPS):
        q = (low + high) / 2
        p = np.clip(q + gap, _EDGE, 1 - _EDGE)
        inner = np.clip(q, _EDGE, 1 - _EDGE)
        slope = x / p - (n - x) / (1 - p) + y / inner - (m - y) / (1 - inner)
        low, high = np.where(slope > 0, q, low), np.where(slope > 0, high, q)
    return (low + high) / 2
