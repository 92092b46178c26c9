"""Noise floor: what the aggregate would be by chance alone, if all groups had one rate."""

from __future__ import annotations

import numpy as np
from scipy import stats

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.verdict import Rule, plug_in

_EXACT_WORK = 3_000_000  # distribution function values
_NOTHING = 1e-18  # tail of a binomial that is left out: far below the digits of a mean
_DRAWN_WORK = 4_000_000  # binomial draws
_MANY = 4_000  # groups
_FINE = 10_000  # rows of a group from which on its rates are taken as smooth
_POINTS = 2_000  # of a distribution function: an 18-sigma range in steps of less than a hundredth of one


def noise_floor(
    rule: Rule, successes: FloatArray, trials: FloatArray, *, rng: np.random.Generator, draws: int = 4000
) -> float:
    """The mean of the rule's aggregate if every group had the pooled rate Σx/Σn.

    Exact for max − min and for the worst group, whose means need only the distributions of the maximum and the
    minimum; by Monte Carlo for ratios, for named references and where the exact sum is long (`draws` is lowered when
    groups × draws passes 4 million). Groups without trials are left out; nan without any.
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    if x.shape != n.shape or np.any(x > n):
        raise InputError(say("statistics.limits.pairs", successes=len(x), trials=len(n)))
    if rule.reference == "rest" or (isinstance(rule.reference, int) and n[rule.reference] <= 0):
        raise InputError(say("statistics.noise.reference"))
    if not np.any(n > 0):
        return float("nan")
    pooled = float(x.sum() / n.sum())
    if rule.reference is None:
        n = n[n > 0]
        sizes = np.unique(n)
        if rule.aggregation != "ratio" and len(sizes) ** 2 <= _EXACT_WORK:
            first, last = _reach(sizes, pooled)
            if float(np.sum((last - first) * sizes + 1)) * len(sizes) <= _EXACT_WORK:
                return _exact(rule, n, pooled)
    return _drawn(rule, n, pooled, rng, draws)


def _reach(sizes: FloatArray, pooled: float) -> tuple[float, float]:
    """The rates between which groups of these sizes lie, but for a probability that does not matter."""
    lowest = float(np.min(stats.binom.ppf(_NOTHING, sizes, pooled) / sizes))
    # By the mirrored distribution: so close to 1 the upper quantile itself has no digits.
    highest = 1.0 - float(np.min(stats.binom.ppf(_NOTHING, sizes, 1.0 - pooled) / sizes))
    return min(max(lowest, 0.0), 1.0), min(max(highest, 0.0), 1.0)


def _exact(rule: Rule, trials: FloatArray, pooled: float) -> float:
    sizes, repeats = np.unique(trials, return_counts=True)
    first, last = _reach(sizes, pooled)
    points = np.unique(np.concatenate([np.arange(np.floor(first * n), np.ceil(last * n) + 1) / n for n in sizes]))
    points = np.unique(np.clip(points, 0.0, 1.0))
    thinned = len(points) > _POINTS and sizes.min() >= _FINE
    if thinned:
        # Rates move in steps far below the digits that are shown: between the points they are taken as smooth.
        points = points[np.linspace(0, len(points) - 1, _POINTS).astype(np.int64)]
    below, above = np.zeros(len(points)), np.zeros(len(points))
    for n, repeat in zip(sizes, repeats, strict=True):
        k = np.floor(points * n + 1e-9)
        below += repeat * stats.binom.logcdf(k, n, pooled)
        above += repeat * stats.binom.logsf(k, n, pooled)
    steps = np.diff(points)
    # E[max] = ∫ P(max > t) dt and E[min] = ∫ P(min > t) dt over [0, 1].
    # Below the first point both probabilities are 1. Between points that leave none out they are constant.
    over, under = -np.expm1(below), np.exp(above)
    if thinned:
        over, under = ((each[:-1] + each[1:]) / 2 for each in (over, under))
    largest = float(points[0] + np.sum(steps * over[: len(steps)]))
    smallest = float(points[0] + np.sum(steps * under[: len(steps)]))
    if rule.aggregation == "difference":
        return largest - smallest
    return largest if rule.operator == "<=" else smallest


def _drawn(rule: Rule, trials: FloatArray, pooled: float, rng: np.random.Generator, draws: int) -> float:
    # The extremes of thousands of groups hardly differ from draw to draw.
    count = max(min(draws, _DRAWN_WORK // len(trials)), 100 if len(trials) < _MANY else 40)
    sizes = trials.astype(np.int64)
    values = rng.binomial(sizes, pooled, size=(count, len(sizes))) / np.where(trials > 0, trials, np.nan)
    if isinstance(rule.reference, int):
        return float(np.mean([plug_in(rule, each) for each in values]))
    low, high = np.nanmin(values, axis=1), np.nanmax(values, axis=1)
    if rule.aggregation == "difference":
        return float(np.mean(high - low))
    if rule.aggregation == "ratio":
        return float(np.mean(np.divide(low, high, out=np.ones(count), where=high > 0)))
    return float(np.mean(high if rule.operator == "<=" else low))
