"""Scores: metrics that are no proportions, and their variances, from counts.

Each but the AUC, which has limits of its own, takes the distinct scores in rising order with the rows of label 0 and of
label 1 at each, and returns its value and the variance of that (delta method); nan where a class that it needs is not
there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["SCORE_METRICS", "Measure", "ScoreMetric", "ranking_parts"]

_BINS = 10

Numbers = Sequence[float]
Measure = Callable[[Numbers, Numbers, Numbers], tuple[float, float]]
"""(scores, negatives, positives) → (value, variance), or what the noise needs."""


@dataclass(frozen=True)
class ScoreMetric:
    """A metric that is no proportion."""

    axis: str
    """What it reads beside the label: score or prediction."""
    measure: Measure | None
    """What the studentised bootstrap draws; None for the ranking, whose limits are a formula."""
    logit: bool = True
    """Limits are made on the logit scale."""
    unit_scores: bool = False
    """Scores must lie in [0, 1]."""
    both_classes: bool = False
    noise: Measure | None = None
    """Σσ and √Σσ² of the parts of a sum of absolute values, which noise pushes up."""


def ranking_parts(negatives: Numbers, positives: Numbers) -> tuple[float, float, float]:
    """Return the AUC, and Σ(c - AUC)² over negatives and over positives; nan without both classes.

    The AUC is P(score of a positive > score of a negative) + half of the ties; c, by DeLong et al. 1988, the share of
    the other class over which a row is ranked rightly.
    """
    n, p = sum(negatives), sum(positives)
    if n <= 0 or p <= 0:
        return math.nan, math.nan, math.nan
    pairs = seen = 0.0
    below = []
    for neg, pos in zip(negatives, positives, strict=True):
        seen += neg
        below.append(seen - neg / 2)
        pairs += pos * below[-1]
    value = pairs / (n * p)
    of_positives = of_negatives = seen = 0.0
    for neg, pos, under in zip(negatives, positives, below, strict=True):
        seen += pos
        if pos:
            of_positives += pos * (under / n - value) ** 2
        if neg:
            of_negatives += neg * (1 - (seen - pos / 2) / p - value) ** 2
    return value, of_negatives, of_positives


def _brier(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float]:
    """Mean squared distance of the score from the label."""
    n = sum(negatives) + sum(positives)
    if n <= 0:
        return math.nan, math.nan
    squares = fourths = 0.0
    for score, neg, pos in zip(scores, negatives, positives, strict=True):
        bad, good = score * score, (1 - score) * (1 - score)
        squares += neg * bad + pos * good
        fourths += neg * bad * bad + pos * good * good
    value = squares / n
    return value, max(fourths / n - value**2, 0.0) / max(n - 1, 1)


def _calibration(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float]:
    """Σ n_b/n · |mean label - mean score in bin b| over ten bins [0, .1), …, [.9, 1]; each sign is held."""
    n = sum(negatives) + sum(positives)
    if n <= 0:
        return math.nan, math.nan
    excess, squares = [0.0] * _BINS, 0.0
    for score, neg, pos in zip(scores, negatives, positives, strict=True):
        excess[min(int(score * _BINS), _BINS - 1)] += pos * (1 - score) - neg * score
        squares += neg * score**2 + pos * (1 - score) ** 2
    value = sum(abs(part) for part in excess) / n
    # The sum of sign times excess over the bins is the sum of the absolute excesses.
    return value, max(squares / n - value**2, 0.0) / max(n - 1, 1)


def _calibration_noise(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float]:
    """Σσ/n and √Σσ²/n over the bins that are used; σ² of Σ(label - score) in a bin.

    It is the larger of Σ(y-s)² and Σs(1-s), and half a row more.
    """
    n = sum(negatives) + sum(positives)
    if n <= 0:
        return math.nan, math.nan
    rows, seen, calibrated = [0.0] * _BINS, [0.0] * _BINS, [0.0] * _BINS
    for score, neg, pos in zip(scores, negatives, positives, strict=True):
        place = min(int(score * _BINS), _BINS - 1)
        rows[place] += neg + pos
        seen[place] += neg * score**2 + pos * (1 - score) ** 2
        calibrated[place] += (neg + pos) * score * (1 - score)
    squares = [max(pair) + 0.5 for pair, used in zip(zip(seen, calibrated, strict=True), rows, strict=True) if used]
    return sum(math.sqrt(square) for square in squares) / n, math.sqrt(sum(squares)) / n


def _cells(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float, float, float]:
    """Return true negatives, false positives, false negatives, true positives."""
    found = [[0.0, 0.0], [0.0, 0.0]]
    for score, neg, pos in zip(scores, negatives, positives, strict=True):
        found[0][int(score)], found[1][int(score)] = neg, pos
    return found[0][0], found[0][1], found[1][0], found[1][1]


def _f1(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float]:
    """2TP / (2TP + FP + FN); the variance adds half a row to each side of TP / (TP + FP + FN)."""
    _, wrong, missed, hits = _cells(scores, negatives, positives)
    rows = hits + wrong + missed
    if rows <= 0:
        return math.nan, math.nan
    jaccard = (hits + 0.5) / (rows + 1)
    return 2 * hits / (2 * hits + wrong + missed), 4 * jaccard * (1 - jaccard) / (1 + jaccard) ** 4 / rows


def _balanced_accuracy(scores: Numbers, negatives: Numbers, positives: Numbers) -> tuple[float, float]:
    """(TPR + TNR) / 2; the variance adds half a row to each side of both."""
    true_negatives, wrong, missed, hits = _cells(scores, negatives, positives)
    n, p = true_negatives + wrong, missed + hits
    if n <= 0 or p <= 0:
        return math.nan, math.nan
    rates = ((true_negatives + 0.5) / (n + 1), (hits + 0.5) / (p + 1))
    variance = rates[0] * (1 - rates[0]) / n + rates[1] * (1 - rates[1]) / p
    return (hits / p + true_negatives / n) / 2, variance / 4


SCORE_METRICS: Mapping[str, ScoreMetric] = {
    "auc": ScoreMetric("score", None),
    "brier": ScoreMetric("score", _brier, unit_scores=True),
    "calibration_error": ScoreMetric("score", _calibration, logit=False, unit_scores=True, noise=_calibration_noise),
    "f1": ScoreMetric("prediction", _f1),
    "balanced_accuracy": ScoreMetric("prediction", _balanced_accuracy, both_classes=True),
}
