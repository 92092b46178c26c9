"""Variances of score metrics by their definitions, row by row, for the smallest samples too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hakari.statistics import score_metrics as m
from hakari.statistics._arrays import FloatArray

SCORES = np.array([0.0, 0.05, 0.1, 0.25, 0.5, 0.85, 0.95, 1.0])
SAMPLES = [
    ([0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0]),
    ([0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0]),
    ([0, 0, 1, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0]),
    ([1, 0, 0, 0, 1, 1, 0, 0], [0, 1, 0, 0, 1, 0, 0, 1]),
    ([3, 2, 1, 1, 0, 1, 0, 1], [0, 1, 0, 2, 2, 4, 3, 5]),
]
Sample = tuple[list[int], list[int]]


def rows(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Labels and scores, one row each."""
    labels = np.r_[np.zeros(sum(sample[0])), np.ones(sum(sample[1]))]
    return labels, np.r_[np.repeat(SCORES, sample[0]), np.repeat(SCORES, sample[1])]


def arrays(sample: Sample) -> tuple[FloatArray, FloatArray, FloatArray]:
    return SCORES, np.array(sample[0], dtype=float), np.array(sample[1], dtype=float)


def of_a_mean(values: FloatArray) -> float:
    """The variance of a mean; 0 of one value, which has no spread."""
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_variance_of_the_brier_score_is_that_of_a_mean_of_squares(sample: Sample) -> None:
    y, s = rows(sample)
    assert m.brier(*arrays(sample)) == pytest.approx(((y - s) ** 2).mean())
    assert m.brier_variance(*arrays(sample)) == pytest.approx(of_a_mean((y - s) ** 2), abs=1e-15)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_variance_of_the_calibration_error_is_that_of_a_mean_of_signed_gaps(sample: Sample) -> None:
    """With the sign of each bin held the error is a mean over the rows; where a bin has none its squares stay."""
    y, s = rows(sample)
    bins = np.minimum((s * 10).astype(int), 9)
    excess = np.array([(y - s)[bins == place].sum() for place in range(10)])
    assert m.calibration_error(*arrays(sample)) == pytest.approx(np.abs(excess).sum() / len(y))
    signed = np.sign(excess)[bins] * (y - s)
    expected = max(((y - s) ** 2).mean() - signed.mean() ** 2, 0.0) / max(len(y) - 1, 1)
    assert m.calibration_variance(*arrays(sample)) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sum(sample[0])])
def test_the_variance_of_the_auc_is_a_sum_over_both_classes_however_small(sample: Sample) -> None:
    y, s = rows(sample)
    won = (s[y == 1][:, None] > s[y == 0]) + (s[y == 1][:, None] == s[y == 0]) / 2
    assert m.auc(*arrays(sample)[1:]) == pytest.approx(won.mean())
    expected = of_a_mean(won.mean(axis=1)) + of_a_mean(won.mean(axis=0))
    assert m.auc_variance(*arrays(sample)[1:]) == pytest.approx(expected, abs=1e-15)


TABLES = [np.array(table, dtype=float) for table in ([[5, 2], [1, 7]], [[9, 0], [0, 4]], [[3, 1], [2, 0]])]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_variance_of_f1_is_the_slope_squared_times_that_of_the_jaccard_index(table: FloatArray) -> None:
    (_, fp), (fn, tp) = table.tolist()
    jaccard, h = (tp + 0.5) / (tp + fp + fn + 1), 1e-6
    slope = (2 * (jaccard + h) / (1 + jaccard + h) - 2 * (jaccard - h) / (1 + jaccard - h)) / (2 * h)
    expected = slope**2 * jaccard * (1 - jaccard) / (tp + fp + fn)
    assert m.f1(table) == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert m.f1_variance(table) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_variance_of_balanced_accuracy_is_a_quarter_of_two_binomial_ones(table: FloatArray) -> None:
    (tn, fp), (fn, tp) = table.tolist()
    expected = 0.0
    for right, rows in ((tn, tn + fp), (tp, tp + fn)):
        p = (right + 0.5) / (rows + 1)
        expected += p * (1 - p) / rows / 4
    assert m.balanced_accuracy_variance(table) == pytest.approx(expected)


@pytest.mark.parametrize("metric", [m.f1, m.f1_variance, m.balanced_accuracy, m.balanced_accuracy_variance])
def test_metrics_of_decisions_take_replicates_one_by_one(metric: Callable[[FloatArray], FloatArray]) -> None:
    many = np.stack(TABLES).reshape(3, 1, 2, 2)
    assert metric(many).shape == (3, 1)
    for place, table in enumerate(TABLES):
        assert metric(many)[place, 0] == pytest.approx(float(metric(table)))


def test_without_any_row_every_metric_is_nan() -> None:
    none, table = np.zeros(8), np.zeros((2, 2))
    for scored in (m.brier, m.brier_variance, m.calibration_error, m.calibration_variance):
        assert np.isnan(scored(SCORES, none, none))
    for ranked in (m.auc, m.auc_variance):
        assert np.isnan(ranked(none, none))
    for counted in (m.f1, m.f1_variance, m.balanced_accuracy, m.balanced_accuracy_variance):
        assert np.isnan(counted(table))


def test_scores_on_an_edge_belong_to_the_bin_above_and_one_to_the_last() -> None:
    """Gaps of opposite sign cancel in one bin and add up in two."""
    for low, high, together in ((0.05, 0.1, False), (0.1, 0.15, True), (0.95, 1.0, True)):
        scores = np.array([low, high])
        gap = abs((1 - low) + (0 - high)) if together else (1 - low) + high
        assert m.calibration_error(scores, np.array([0, 1]), np.array([1, 0])) == pytest.approx(gap / 2)
