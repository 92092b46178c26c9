"""Guessing from held-out rows: the split, the guess by hand, the ranking by scikit-learn, and honesty under chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.statistics.contingency import Halves, guess, one_against_rest, split_rows

LEARNT = np.array([[30, 5, 9], [10, 20, 8]])
TRIED = np.array([[25, 6, 10], [12, 22, 7]])


def test_the_halves_are_the_whole_and_differ_by_chance_only() -> None:
    whole = np.full((4, 5), 400)
    halves = split_rows(whole, np.random.default_rng(2))
    assert (halves.learnt + halves.tried == whole).all()
    deviations = (halves.learnt - 200) / 10
    assert stats.kstest(deviations.ravel(), "norm").pvalue > 0.01


def test_the_guess_by_hand() -> None:
    """Column 2 is mostly of the second level, all else of the first, which is also the most frequent."""
    found = guess(Halves(LEARNT, TRIED))
    assert found is not None
    assert found.rows == 82
    assert found.accuracy[0] == pytest.approx((25 + 22 + 10) / 82)
    assert found.gain[0] == pytest.approx((22 - 6) / 82)
    low, high = stats.binomtest(57, 82).proportion_ci(0.95, "exact")
    assert found.accuracy[1:] == pytest.approx((low, high))


def test_the_limits_of_the_gain_are_a_box_of_what_is_won_and_lost() -> None:
    found = guess(Halves(LEARNT, TRIED))
    assert found is not None
    won, lost = (stats.binomtest(x, 82).proportion_ci(0.975, "exact") for x in (22, 6))
    assert found.gain[1:] == pytest.approx((won.low - lost.high, won.high - lost.low))


def test_a_level_that_was_not_seen_is_guessed_as_the_most_frequent() -> None:
    found = guess(Halves(np.array([[9, 0], [2, 0]]), np.array([[4, 3], [1, 2]])))
    assert found is not None
    assert found.accuracy[0] == pytest.approx((4 + 3) / 10)


def test_without_rows_on_either_side_there_is_no_guess() -> None:
    some, none = np.array([[3, 1], [1, 2]]), np.zeros((2, 2), dtype=np.int64)
    assert guess(Halves(some, none)) is None
    assert guess(Halves(none, some)) is None


def test_the_ranking_is_the_auc_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    limits = one_against_rest(Halves(LEARNT, TRIED))
    for level in (0, 1):
        share = (LEARNT[level] + LEARNT[level].sum() / LEARNT.sum()) / (LEARNT.sum(axis=0) + 1)
        cells = [
            (row == level, share[column]) for row in (0, 1) for column in range(3) for _ in range(TRIED[row, column])
        ]
        expected = metrics.roc_auc_score([hit for hit, _ in cells], [score for _, score in cells])
        assert limits.values[level] == pytest.approx(expected)


def test_what_tells_nothing_gains_nothing_however_many_levels_it_has() -> None:
    """Fitted and tried on the same rows, 300 levels of five rows each would seem to give half of the groups away."""
    rng = np.random.default_rng(6)
    whole = rng.multinomial(1500, np.full(600, 1 / 600)).reshape(2, 300)
    halves = split_rows(whole, rng)
    honest = guess(halves)
    assert honest is not None
    fitted = whole.max(axis=0).sum() / whole.sum()
    assert fitted > 0.65
    assert honest.gain[1] < 0 < honest.gain[2]
    limits = one_against_rest(halves)
    assert (limits.lower(0.025) < 0.5).all()
    assert (limits.upper(0.025) > 0.5).all()
