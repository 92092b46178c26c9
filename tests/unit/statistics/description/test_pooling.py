"""Partially pooled rates: between each group's own rate and the common one, and said to be for display."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from hakari.statistics.description import partially_pooled

X, N = np.array([2, 5, 9, 30, 4, 12]), np.array([20, 25, 30, 60, 40, 31])


def test_mean_and_strength_are_the_likeliest() -> None:
    """Against scipy's beta-binomial and a general minimiser."""

    def against(parts: np.ndarray) -> float:
        mean, strength = 1 / (1 + np.exp(-parts[0])), np.exp(parts[1])
        return -float(np.sum(stats.betabinom.logpmf(X, N, mean * strength, (1 - mean) * strength)))

    best = optimize.minimize(against, [-1.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}).x
    mean, strength = 1 / (1 + np.exp(-best[0])), np.exp(best[1])
    expected = (X + mean * strength) / (N + strength)
    assert partially_pooled(X, N).value == pytest.approx(expected, abs=0.003)


def test_every_group_lies_between_its_own_rate_and_the_common_one() -> None:
    found = partially_pooled(X, N)
    common = float(partially_pooled(np.r_[X, 0], np.r_[N, 0]).value[-1])
    own = X / N
    assert np.all((found.value - own) * (common - own) >= 0)
    assert np.all((found.low < found.value) & (found.value < found.high))


def test_a_group_with_few_rows_moves_further() -> None:
    found = partially_pooled([9, 90, 20, 30, 41], [10, 100, 100, 100, 100])
    assert 0.9 - found.value[0] > 0.9 - found.value[1] > 0


def test_equal_groups_are_drawn_together() -> None:
    x = np.random.default_rng(4).binomial(50, 0.2, 40)
    assert np.std(partially_pooled(x, np.full(40, 50)).value) < 0.3 * np.std(x / 50)


@pytest.mark.parametrize("successes", [[0, 0, 0], [9, 9, 9]])
def test_without_any_spread_there_are_values_all_the_same(successes: list[int]) -> None:
    found = partially_pooled(successes, [9, 9, 9])
    assert np.ptp(found.value) == 0
    assert np.all((found.value > 0) & (found.value < 1))


def test_the_method_says_that_it_is_for_display() -> None:
    assert "for display only" in partially_pooled(X, N).method
