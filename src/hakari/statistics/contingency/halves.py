"""Halves: what one column lets a stranger guess about another, learnt on one half of the rows and tried on the other.

A rule that is tried on the rows it was learnt from looks better than it is, most of all where a column has many levels.
So every row goes to one half or the other by the toss of a coin; of a cell of n rows that is a binomial draw, and the
rows themselves are not needed. What is learnt is a fixed rule by the time it meets the other half, so its limits there
are those of any fixed rule; and no rule beats the best one, so its lower limit is one for the best rule too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.limits import RankingLimits, clopper_pearson
from hakari.statistics.score_metrics import auc, auc_squares

__all__ = ["GAIN_METHOD", "GUESS_METHOD", "Guess", "Halves", "guess", "one_against_rest", "split_rows"]

GUESS_METHOD = "clopper-pearson on held-out rows"
GAIN_METHOD = "clopper-pearson box of discordant held-out rows"


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """The counts (R, C) of two random halves: R levels of the column that is guessed, C of the one that tells."""

    learnt: IntArray
    tried: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How often the best guess is right on rows that it was not learnt from; limits are two-sided."""

    accuracy: tuple[float, float, float]
    """Value, low and high."""
    gain: tuple[float, float, float]
    """How much more often right than whoever always says the most frequent level; value, low and high."""
    rows: int
    """Rows that it was tried on."""


def split_rows(counts: IntArray, rng: np.random.Generator) -> Halves:
    """Return the counts of two halves, each row in one or the other with probability ½."""
    whole = np.asarray(counts, dtype=np.int64)
    learnt = rng.binomial(whole, 0.5)
    return Halves(learnt, whole - learnt)


def guess(halves: Halves, alpha: float = 0.05) -> Guess | None:
    """Return the accuracy of the most frequent row level for each column level, and its gain; None without rows.

    The gain is a difference of two shares of the same rows: those where only the guess is right, less those where only
    the constant guess is. Each is bounded at alpha/4 a side, so that the box holds whatever the two have in common.
    """
    n = int(halves.tried.sum())
    if not n or not halves.learnt.sum():
        return None
    usual = int(np.argmax(halves.learnt.sum(axis=1)))
    best = np.where(halves.learnt.sum(axis=0) > 0, np.argmax(halves.learnt, axis=0), usual)
    column = np.arange(halves.tried.shape[1])
    right, constant = halves.tried[best, column], halves.tried[usual, column]
    differs = best != usual
    won, lost = int(right[differs].sum()), int(constant[differs].sum())
    hits = int(right.sum())
    low, high = clopper_pearson(hits, n, alpha / 2)
    won_low, won_high = clopper_pearson(won, n, alpha / 4)
    lost_low, lost_high = clopper_pearson(lost, n, alpha / 4)
    gain = ((won - lost) / n, won_low - lost_high, won_high - lost_low)
    return Guess(accuracy=(hits / n, low, high), gain=gain, rows=n)


def one_against_rest(halves: Halves) -> RankingLimits:
    """Return AUC limits (R,): how well the column ranks the rows of each level above all others, on the tried half.

    The levels of the column are ordered by their share of the level in the learnt half, drawn towards the overall share
    by one row.
    """
    learnt, tried = halves.learnt.astype(float), halves.tried.astype(float)
    total = max(float(learnt.sum()), 1.0)
    overall = learnt.sum(axis=1, keepdims=True) / total
    score = (learnt + overall) / (learnt.sum(axis=0) + 1)
    parts = [_ranked(score[row], tried[row], tried.sum(axis=0) - tried[row]) for row in range(len(tried))]
    areas, negatives, positives, squares, other = (np.array(part, dtype=float) for part in zip(*parts, strict=True))
    return RankingLimits(areas, negatives, positives, squares, other)


def _ranked(score: FloatArray, positives: FloatArray, negatives: FloatArray) -> tuple[float, ...]:
    """AUC, negatives, positives and the squares of both, with equal scores as one."""
    values, place = np.unique(score, return_inverse=True)
    pos = np.bincount(place, weights=positives, minlength=len(values))
    neg = np.bincount(place, weights=negatives, minlength=len(values))
    first, second = auc_squares(neg, pos)
    return float(auc(neg, pos)), float(neg.sum()), float(pos.sum()), float(first), float(second)
