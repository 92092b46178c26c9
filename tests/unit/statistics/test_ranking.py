"""Limits of the AUC, against their definition row by row and against samples whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics import score_metrics
from hakari.statistics._arrays import FloatArray
from hakari.statistics.contrasts import Contrasts
from hakari.statistics.limits import RankingLimits
from hakari.statistics.smooth import smooth_limits
from hakari.statistics.tally import Tally

Sample = tuple[list[int], list[int]]
"""Scores of the negatives, scores of the positives."""
SCORES = st.lists(st.integers(0, 6), min_size=1, max_size=25)
SAMPLES: list[Sample] = [
    ([1, 2, 2, 3, 5, 1, 4], [3, 4, 4, 6, 2]),
    ([1, 2, 3], [4, 5, 6, 7]),  # all in order
    ([4, 5, 6, 7], [1, 2]),  # all in the wrong order
    ([3] * 9, [3] * 4),  # nothing in order
    ([1], [2]),
    ([2], [2]),
    ([1] * 40 + [2], [1] * 30 + [2, 2]),
]
ERRORS = (0.5, 0.3, 0.1, 0.025, 0.00125, 1e-6, 1e-12)


def counted(negatives: FloatArray, positives: FloatArray) -> RankingLimits:
    """Limits of counts per score (G, S)."""
    squares = score_metrics.auc_squares(negatives, positives)
    rows = (negatives.sum(axis=-1), positives.sum(axis=-1))
    return RankingLimits(score_metrics.auc(negatives, positives), *rows, *squares)


def limits_of(*samples: Sample) -> RankingLimits:
    cells = [
        (group, label, score, 1)
        for group, sample in enumerate(samples)
        for label, scores in enumerate(sample)
        for score in scores
    ]
    tally = Tally.from_cells(("g", "label", "score"), cells)
    found = smooth_limits(tally, "auc", by=("g",), rng=np.random.default_rng(1))
    assert isinstance(found, RankingLimits)
    return found


def by_rows(sample: Sample, error: float, adverse: float) -> tuple[float, float]:
    """Area and effective number of rows, with the imagined rows put among the others."""
    negatives, positives = (np.array(part, dtype=float) for part in sample)
    won = (positives[:, None] > negatives) + (positives[:, None] == negatives) / 2
    parts = [np.append(won.mean(axis=axis), adverse) for axis in (0, 1)]
    variance = sum(part.var(ddof=1) / len(part) for part in parts)
    rarer = min(len(negatives), len(positives))
    q = (rarer * won.mean() + adverse) / (rarer + 1)
    found = min(q * (1 - q) / variance, 3 * rarer) if variance > 1e-15 else rarer
    shrink = (stats.norm.isf(error) / stats.t.isf(error, max(rarer - 1, 1))) ** 2 if error < 0.5 else 1.0
    return float(won.mean()), float(found * min(shrink, 1.0))


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("error", ERRORS)
def test_limits_are_those_of_the_definition_row_by_row(sample: Sample, error: float) -> None:
    found = limits_of(sample)
    area, n = by_rows(sample, error, 0.0)
    lower = 0.0 if area == 0 else min(float(stats.beta.ppf(error, area * n, n - area * n + 1)), area)
    assert found.lower(error)[0] == pytest.approx(lower, abs=1e-12)
    area, n = by_rows(sample, error, 1.0)
    upper = 1.0 if area == 1 else max(float(stats.beta.isf(error, area * n + 1, n - area * n)), area)
    assert found.upper(error)[0] == pytest.approx(upper, abs=1e-12)


@settings(max_examples=80)
@given(SCORES, SCORES)
def test_limits_hold_the_value_and_widen_as_the_error_falls(negatives: list[int], positives: list[int]) -> None:
    found = limits_of((negatives, positives))
    lower = np.array([found.lower(error)[0] for error in ERRORS])
    upper = np.array([found.upper(error)[0] for error in ERRORS])
    assert np.all((lower >= 0) & (lower <= found.values) & (found.values <= upper) & (upper <= 1))
    assert np.all(np.diff(lower) <= 1e-12)
    assert np.all(np.diff(upper) >= -1e-12)


@settings(max_examples=40)
@given(SCORES, SCORES)
def test_with_the_labels_exchanged_the_interval_is_mirrored(negatives: list[int], positives: list[int]) -> None:
    found = limits_of((negatives, positives), (positives, negatives))
    assert found.lower(0.025)[0] == pytest.approx(1 - found.upper(0.025)[1], abs=1e-9)
    assert found.upper(0.025)[0] == pytest.approx(1 - found.lower(0.025)[1], abs=1e-9)


def test_without_both_classes_nothing_is_known() -> None:
    found = counted(np.array([[0.0, 0], [3, 0], [0, 0], [2, 5]]), np.array([[4.0, 1], [0, 0], [0, 0], [1, 6]]))
    assert np.isnan(found.values).tolist() == [True, True, True, False]
    assert found.effective(0.025, 0.0)[:3].tolist() == [0, 0, 0]
    for error in ERRORS:
        assert found.lower(error)[:3].tolist() == [0, 0, 0]
        assert found.upper(error)[:3].tolist() == [1, 1, 1]


def test_one_row_of_a_class_says_next_to_nothing() -> None:
    found = limits_of(([1] * 50, [2]))
    assert found.values[0] == 1
    assert found.lower(0.025)[0] < 0.001


def test_scores_that_tie_everywhere_count_three_times_the_rarer_class() -> None:
    found = counted(np.array([[700.0]]), np.array([[500.0]]))
    t = stats.norm.isf(0.025) / stats.t.isf(0.025, 499)
    for adverse in (0.0, 1.0):
        assert found.effective(0.025, adverse)[0] == pytest.approx(1500 * t**2)
    assert found.values[0] == 0.5


def test_groups_are_taken_in_the_order_asked_for() -> None:
    whole, chosen = limits_of(*SAMPLES), [5, 0, 2]
    part = whole.take(chosen)
    for error in ERRORS:
        assert np.array_equal(part.lower(error), whole.lower(error)[chosen])
        assert np.array_equal(part.upper(error), whole.upper(error)[chosen])


def test_no_rest_of_the_groups_is_made() -> None:
    """Scores of several groups in one ranking are another question than those of each."""
    with pytest.raises(ValueError, match="rest"):
        Contrasts.of(limits_of(*SAMPLES), reference="rest")


NEAR_PERFECT = (stats.norm.cdf(0.3 - np.arange(10) / 2.0), stats.norm.cdf(3.6 - np.arange(10) / 2.0))
"""Distribution functions over ten levels of the scores of negatives and of positives."""
TRUTHS = {
    "near perfect": tuple(np.diff(np.append(1 - part, 1.0), prepend=0.0) for part in NEAR_PERFECT),
    "one positive in fifty at the bottom": (np.array([1.0, 1, 0, 0]) / 2, np.array([0.02, 0, 0.49, 0.49])),
    "one score holds nearly all": (np.array([0.996, 0.004]), np.array([0.96, 0.04])),
}


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize(("positives", "negatives"), [(10, 100), (100, 1000), (30, 30)])
@pytest.mark.parametrize("error", [0.025, 0.00125])
def test_the_stated_error_holds_where_rankings_are_hard(
    truth: str, positives: int, negatives: int, error: float
) -> None:
    rng, runs = np.random.default_rng(20), 4000
    below, above = TRUTHS[truth]
    true = float(score_metrics.auc(below, above))
    found = counted(
        rng.multinomial(negatives, below, runs).astype(float), rng.multinomial(positives, above, runs).astype(float)
    )
    # With misses at 1.1 times the error this many are passed once in a thousand.
    most = stats.binom.isf(0.001, runs, 1.1 * error)
    assert int(np.sum(found.lower(error) > true)) <= most
    assert int(np.sum(found.upper(error) < true)) <= most
