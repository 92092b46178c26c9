"""Exact tests of one and of two proportions, and their mid-p versions.

Two-sided p-values are ambiguous where the distribution is skewed, so each says how it was made. `likely`: all outcomes
no likelier than the one seen (as R and scipy do). `central`: twice the smaller tail, at most 1; it is below α exactly
where the Clopper–Pearson interval leaves the hypothesis out. `mid-p`: twice the smaller tail with only half of the
outcome seen: less cautious, right on average, not guaranteed.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.description.described import checked_counts

__all__ = ["BINOMIAL_TEST", "FISHER_TEST", "TwoSided", "binomial_p", "fisher_p"]

TwoSided = Literal["likely", "central", "mid-p"]

BINOMIAL_TEST = "exact binomial test"
FISHER_TEST = "exact conditional test (Fisher)"
_TIE = 1 + 1e-7
# Probabilities this close are taken as equal, as R's and scipy's tests do.


def binomial_p(successes: int, trials: int, rate: float, *, two_sided: TwoSided = "likely") -> float:
    """The two-sided p-value of x successes of n independent rows under one rate; 1 without rows."""
    checked_counts(successes, trials)
    if not 0 <= rate <= 1:
        raise InputError(say("statistics.description.rate", rate=f"{rate:g}"))
    outcomes = np.arange(trials + 1)
    return _two_sided(np.asarray(stats.binom.pmf(outcomes, trials, rate)), successes, two_sided)


def fisher_p(
    successes: int, trials: int, other_successes: int, other_trials: int, *, two_sided: TwoSided = "likely"
) -> float:
    """The two-sided p-value of equal rates, given all successes of both groups together (Fisher 1935).

    The successes of the first group are then hypergeometric. 1 where either group has no rows.
    """
    checked_counts([successes, other_successes], [trials, other_trials])
    total = successes + other_successes
    first, chances = conditional_chances(trials, other_trials, total)
    return _two_sided(chances, successes - first, two_sided)


def conditional_chances(trials: int, other_trials: int, total: int) -> tuple[int, FloatArray]:
    """The fewest successes that the first group may have given the `total`, and the chances of all numbers from there.

    The hypergeometric distribution by the quotients of neighbours: scipy's takes seconds where tens of thousands of
    rows lie on both sides.
    """
    first, last = max(0, total - other_trials), min(total, trials)
    k = np.arange(first, last, dtype=float)
    steps = np.log(total - k) + np.log(trials - k) - np.log(k + 1) - np.log(other_trials - total + k + 1)
    heights = np.concatenate([[0.0], np.cumsum(steps)])
    chances = np.exp(heights - heights.max())
    return first, np.asarray(chances / chances.sum())


def _two_sided(probabilities: FloatArray, place: int, kind: TwoSided) -> float:
    seen = float(probabilities[place])
    if kind == "likely":
        return min(float(probabilities[probabilities <= seen * _TIE].sum()), 1.0)
    least = min(float(probabilities[: place + 1].sum()), float(probabilities[place:].sum()))
    return min(2 * (least - (seen / 2 if kind == "mid-p" else 0.0)), 1.0)
