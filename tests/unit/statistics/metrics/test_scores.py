"""Metrics of scores against scikit-learn, scipy and plain loops over rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, roc_auc_score

from hakari.statistics import score_metrics
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics import scores as metrics

SCORES = np.arange(11) / 10
ROWS = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=2, max_size=60)


def counted(rows: list[tuple[int, bool]]) -> tuple[FloatArray, FloatArray]:
    """Counts per score of negatives and of positives."""
    parts = [[place for place, label in rows if label is wanted] for wanted in (False, True)]
    neg, pos = (np.bincount(part, minlength=11).astype(float) for part in parts)
    return neg, pos


def drawn(seed: int = 4, rows: int = 400) -> tuple[FloatArray, IntArray]:
    rng = np.random.default_rng(seed)
    score = rng.beta(2, 3, rows).round(2)
    return score, (rng.random(rows) < score).astype(np.int64)


def spread(score: FloatArray, label: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Distinct scores and their counts of both labels."""
    distinct, place = np.unique(score, return_inverse=True)
    neg, pos = (np.bincount(place[label == y], minlength=len(distinct)).astype(float) for y in (0, 1))
    return distinct, neg, pos


@settings(max_examples=40)
@given(ROWS)
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    neg, pos = counted(rows)
    found = float(metrics.average_precision(neg, pos))
    if not pos.sum():
        assert np.isnan(found)
        return
    expected = average_precision_score([label for _, label in rows], [place for place, _ in rows])
    assert found == pytest.approx(expected, abs=1e-12)


@settings(max_examples=30)
@given(ROWS)
def test_an_influence_is_the_slope_of_its_metric(rows: list[tuple[int, bool]]) -> None:
    neg, pos = (part + 1.0 for part in counted(rows))  # every count may then move down as well
    pairs = (
        (score_metrics.auc, metrics.auc_influence),
        (metrics.average_precision, metrics.average_precision_influence),
    )
    step = np.eye(11) * 1e-5
    for value, influence in pairs:
        slopes = [
            (value(neg + step, pos) - value(neg - step, pos)) / 2e-5,
            (value(neg, pos + step) - value(neg, pos - step)) / 2e-5,
        ]
        for slope, expected in zip(slopes, influence(neg, pos), strict=True):
            assert slope == pytest.approx(expected, abs=1e-7)


def test_areas_across_groups_are_those_of_their_rows() -> None:
    parts = [drawn(seed, 80) for seed in (1, 2, 3)]
    grid = np.arange(101) / 100
    counts = np.array(
        [[np.bincount((s[y == k] * 100).round().astype(int), minlength=101) for k in (0, 1)] for s, y in parts]
    )
    found = metrics.cross_auc(counts[:, 0], counts[:, 1])
    assert len(grid) == counts.shape[-1]
    for a, (first, y) in enumerate(parts):
        for b, (second, z) in enumerate(parts):
            positives, negatives = first[y == 1], second[z == 0]
            labels = np.r_[np.ones(len(positives)), np.zeros(len(negatives))]
            assert found[a, b] == pytest.approx(roc_auc_score(labels, np.r_[positives, negatives]), abs=1e-12)


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_calibration_errors_are_the_ones_that_scikit_learn_bins(strategy: str) -> None:
    score, label = drawn()
    # On an edge scikit-learn's bins of equal width hold their upper end and these their lower one: no score lies there.
    inside = (score * 100).round() % 10 != 0
    score, label = score[inside], label[inside]
    distinct, neg, pos = spread(score, label)
    equal_width = strategy == "uniform"
    place = metrics.equal_width_bins(distinct) if equal_width else metrics.equal_count_bins(distinct, neg + pos)
    rate, mean = calibration_curve(label, score, n_bins=10, strategy=strategy)
    rows = np.bincount(place, weights=neg + pos, minlength=10)
    expected = float(np.sum(rows[rows > 0] / rows.sum() * np.abs(rate - mean)))
    assert metrics.calibration_error(distinct, neg, pos, place) == pytest.approx(expected, abs=1e-12)


def test_quantile_bins_hold_as_many_rows_as_scikit_learn_gives_them() -> None:
    score, label = drawn(9, 333)
    distinct, neg, pos = spread(score, label)
    edges = np.percentile(score, np.linspace(0, 1, 11) * 100)
    expected = np.bincount(np.searchsorted(edges[1:-1], score), minlength=10)
    place = metrics.equal_count_bins(distinct, neg + pos)
    assert np.bincount(place, weights=neg + pos, minlength=10).tolist() == expected.tolist()


def test_the_calibration_floor_is_near_the_mean_error_of_calibrated_scores() -> None:
    rng = np.random.default_rng(2)
    scores = np.arange(100) / 100 + 0.005
    rows = np.full(100, 30.0)
    place = metrics.equal_width_bins(scores)
    positives = rng.binomial(30, scores, size=(2_000, 100)).astype(float)
    mean = metrics.calibration_error(scores, rows - positives, positives, place).mean()
    assert metrics.calibration_floor(scores, rows, place) == pytest.approx(mean, rel=0.02)


@settings(max_examples=40)
@given(ROWS)
def test_distances_are_those_of_scipy(rows: list[tuple[int, bool]]) -> None:
    first, second = counted(rows)
    if not first.sum() or not second.sum():
        assert np.isnan(metrics.kolmogorov_smirnov(first, second))
        return
    one, other = ([SCORES[place] for place, label in rows if label is wanted] for wanted in (False, True))
    with np.errstate(all="ignore"):
        expected = stats.ks_2samp(one, other, method="asymp").statistic
    assert metrics.kolmogorov_smirnov(first, second) == pytest.approx(expected, abs=1e-12)
    wasserstein = stats.wasserstein_distance(one, other)
    assert metrics.wasserstein_distance(SCORES, first, second) == pytest.approx(wasserstein, abs=1e-12)
    p, q = ((part + 0.5) / (part.sum() + 5.5) for part in (first, second))
    assert metrics.kl_divergence(first, second) == pytest.approx(stats.entropy(p, q), abs=1e-12)


def test_the_largest_gap_over_thresholds_is_the_distance_of_kolmogorov_and_smirnov() -> None:
    score, label = drawn()
    distinct, neg, pos = spread(score, label)
    gaps = [abs((score[label == 1] >= t).mean() - (score[label == 0] >= t).mean()) for t in distinct]
    assert metrics.kolmogorov_smirnov(neg, pos) == pytest.approx(max(gaps), abs=1e-12)


def test_curves_count_the_rows_at_and_above_each_threshold() -> None:
    score, label = drawn()
    distinct, neg, pos = spread(score, label)
    places = metrics.thresholds(neg + pos)
    assert places.tolist() == list(range(len(distinct)))
    expected = [int((score[label == 1] >= threshold).sum()) for threshold in distinct]
    assert metrics.selected_from(pos, places).tolist() == expected


def test_many_thresholds_are_thinned_and_keep_both_ends() -> None:
    rows = np.ones(5_000)
    places = metrics.thresholds(rows, most=100)
    assert len(places) == 100
    assert (places[0], places[-1]) == (0, 4_999)
    assert np.diff(places).max() <= 52


def test_every_definition_has_a_name_of_its_own() -> None:
    names = [each.name for each in metrics.DEFINITIONS]
    assert len(names) == len(set(names))
    assert all(each.family == "scores" and each.formula and each.source for each in metrics.DEFINITIONS)
