"""Score metrics: metrics that are not proportions, and their variances, from counts.

Every function takes counts with any leading axes and reduces the last one (the S distinct scores, in rising order), so
replicates cost one call. Variances are plug-in (delta method, infinitesimal jackknife), one per leading index.
"""

from __future__ import annotations

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray, divide

CALIBRATION_BINS = 10
NOISE_ROWS = 0.5
"""Rows imagined in each bin for its noise: where all rows of a bin agree, they say nothing of its spread."""

Counts = FloatArray | IntArray


def _floats(counts: Counts) -> FloatArray:
    return np.asarray(counts, dtype=float)


def auc(negatives: Counts, positives: Counts) -> FloatArray:
    """P(score of a positive > score of a negative) + half of the ties (Mann–Whitney); nan without both classes."""
    neg, pos = _floats(negatives), _floats(positives)
    below = np.cumsum(neg, axis=-1) - neg / 2
    return divide(np.sum(pos * below, axis=-1), neg.sum(axis=-1) * pos.sum(axis=-1))


def auc_squares(negatives: Counts, positives: Counts) -> tuple[FloatArray, FloatArray]:
    """Σ(c − AUC)² over the negatives and over the positives; nan without both classes.

    c is a structural component (DeLong, DeLong & Clarke-Pearson 1988, eq. 4 and 5): of a positive the share of
    negatives below it, of a negative the share of positives above it, ties counted half.
    """
    neg, pos = _floats(negatives), _floats(positives)
    of_positive = divide(np.cumsum(neg, axis=-1) - neg / 2, neg.sum(axis=-1)[..., None])
    of_negative = 1 - divide(np.cumsum(pos, axis=-1) - pos / 2, pos.sum(axis=-1)[..., None])
    value = auc(negatives, positives)[..., None]
    return np.sum(neg * (of_negative - value) ** 2, axis=-1), np.sum(pos * (of_positive - value) ** 2, axis=-1)


def auc_variance(negatives: Counts, positives: Counts) -> FloatArray:
    """Variance of the AUC from its structural components (DeLong, DeLong & Clarke-Pearson 1988, eq. 6)."""
    n, p = _floats(negatives).sum(axis=-1), _floats(positives).sum(axis=-1)
    s_negative, s_positive = auc_squares(negatives, positives)
    return divide(s_positive / np.maximum(p - 1, 1), p) + divide(s_negative / np.maximum(n - 1, 1), n)


def brier(scores: FloatArray, negatives: Counts, positives: Counts) -> FloatArray:
    """Mean squared distance of the score from the label (Brier 1950, one class); scores in [0, 1]."""
    neg, pos = _floats(negatives), _floats(positives)
    return divide(neg @ scores**2 + pos @ (1 - scores) ** 2, neg.sum(axis=-1) + pos.sum(axis=-1))


def brier_variance(scores: FloatArray, negatives: Counts, positives: Counts) -> FloatArray:
    """Variance of the Brier score: the spread of the squared distances over n − 1."""
    neg, pos = _floats(negatives), _floats(positives)
    n = neg.sum(axis=-1) + pos.sum(axis=-1)
    fourth = divide(neg @ scores**4 + pos @ (1 - scores) ** 4, n)
    spread: FloatArray = np.maximum(fourth - brier(scores, negatives, positives) ** 2, 0.0)
    return divide(spread, np.maximum(n - 1, 1))


def calibration_error(scores: FloatArray, negatives: Counts, positives: Counts) -> FloatArray:
    """Expected calibration error over ten bins [0, .1), …, [.9, 1]: Σ n_b/n · |mean label − mean score in bin b|.

    Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017, eq. 5. The plain value of a well-calibrated score is above 0,
    the more so the fewer the rows.
    """
    excess, n = _calibration_excess(scores, negatives, positives)
    return divide(np.abs(excess).sum(axis=-1), n)


def calibration_variance(scores: FloatArray, negatives: Counts, positives: Counts) -> FloatArray:
    """Delta-method variance of the calibration error, with the sign of each bin's excess held."""
    neg, pos = _floats(negatives), _floats(positives)
    excess, n = _calibration_excess(scores, negatives, positives)
    sign = np.sign(excess)[..., _bins(scores)]
    # Where an excess is 0 its absolute value has no slope; the rows still spread, so their squares are kept.
    square = np.sum(neg * scores**2 + pos * (1 - scores) ** 2, axis=-1)
    first = np.sum(sign * (pos * (1 - scores) - neg * scores), axis=-1)
    return np.maximum(divide(square, n) - divide(first, n) ** 2, 0.0) / np.maximum(n - 1, 1)


def calibration_noise(scores: FloatArray, negatives: Counts, positives: Counts) -> tuple[FloatArray, FloatArray]:
    """Σ_b σ_b / n and √(Σ_b σ_b²) / n, with σ_b the standard error of the excess Σ(y − s) in bin b; nan without rows.

    σ_b² is the larger of Σ(y − s)² and Σ s(1 − s), and half a row more in each bin that is used. The first bounds the
    variance whatever the truth is; the second is the variance of calibrated scores, also of rare labels not yet seen.
    """
    neg, pos = _floats(negatives), _floats(positives)
    rows, member = neg + pos, (_bins(scores)[:, None] == np.arange(CALIBRATION_BINS)).astype(float)
    seen = pos @ (member * ((1 - scores) ** 2)[:, None]) + neg @ (member * (scores**2)[:, None])
    calibrated = rows @ (member * (scores * (1 - scores))[:, None])
    squares = np.where(rows @ member > 0, np.maximum(seen, calibrated) + NOISE_ROWS, 0.0)
    n = rows.sum(axis=-1)
    return divide(np.sqrt(squares).sum(axis=-1), n), divide(np.sqrt(squares.sum(axis=-1)), n)


def _bins(scores: FloatArray) -> IntArray:
    return np.minimum((scores * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)


def _calibration_excess(scores: FloatArray, negatives: Counts, positives: Counts) -> tuple[FloatArray, FloatArray]:
    """Σ (label − score) per bin (..., B), and n (...)."""
    neg, pos = _floats(negatives), _floats(positives)
    member = (_bins(scores)[:, None] == np.arange(CALIBRATION_BINS)).astype(float)
    excess = pos @ (member * (1 - scores)[:, None]) - neg @ (member * scores[:, None])
    return excess, neg.sum(axis=-1) + pos.sum(axis=-1)


def f1(confusion: Counts) -> FloatArray:
    """2TP / (2TP + FP + FN) of counts (..., 2, 2) indexed [label, prediction]; nan without any of the three."""
    hits, misses = _hits_and_misses(confusion)
    return divide(2 * hits, 2 * hits + misses)


def f1_variance(confusion: Counts) -> FloatArray:
    """Delta-method variance of F1 = 2J/(1+J), J = TP/(TP+FP+FN), with half a row added to each side of J.

    The added half keeps the variance above 0 where J is 0 or 1.
    """
    hits, misses = _hits_and_misses(confusion)
    rows = hits + misses
    jaccard = (hits + 0.5) / (rows + 1)
    return divide(4 * jaccard * (1 - jaccard) / (1 + jaccard) ** 4, rows)


def _hits_and_misses(confusion: Counts) -> tuple[FloatArray, FloatArray]:
    counts = _floats(confusion)
    return counts[..., 1, 1], counts[..., 0, 1] + counts[..., 1, 0]


def balanced_accuracy(confusion: Counts) -> FloatArray:
    """(TPR + TNR) / 2 of counts (..., 2, 2); nan without both classes."""
    counts = _floats(confusion)
    rows = counts.sum(axis=-1)
    return (divide(counts[..., 1, 1], rows[..., 1]) + divide(counts[..., 0, 0], rows[..., 0])) / 2


def balanced_accuracy_variance(confusion: Counts) -> FloatArray:
    """Variance of (TPR + TNR) / 2, two independent proportions, with half a row added to each side of both."""
    counts = _floats(confusion)
    rows = counts.sum(axis=-1)
    rates = (counts[..., [0, 1], [0, 1]] + 0.5) / (rows + 1)
    both: FloatArray = np.sum(divide(rates * (1 - rates), rows), axis=-1)
    return both / 4
