"""Confidence sequences: the martingale by its definition, and what holds at every moment."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from hakari.errors import InputError
from hakari.statistics.description import difference_sequence, proportion_sequence
from hakari.statistics.limits import clopper_pearson


def wealth(p: float, x: int, n: int) -> float:
    """The likelihood averaged over Beta(½, ½), by quadrature, over that at p."""

    def likelihood(rate: float) -> float:
        return float(rate**x * (1 - rate) ** (n - x))

    # sin² turns the prior into a uniform one: its density is infinite at both ends.
    mean, _ = integrate.quad(lambda angle: likelihood(np.sin(angle) ** 2) * 2 / np.pi, 0, np.pi / 2)
    return float(mean / likelihood(p))


@pytest.mark.parametrize(("x", "n"), [(3, 20), (0, 15), (28, 40)])
def test_at_its_ends_the_martingale_reaches_one_over_alpha(x: int, n: int) -> None:
    found = proportion_sequence(x, n, level=0.9)
    for end in (float(found.low), float(found.high)):
        if 0 < end < 1:
            assert wealth(end, x, n) == pytest.approx(10, rel=1e-6)


def test_the_martingale_has_mean_1() -> None:
    chances = stats.binom.pmf(np.arange(13), 12, 0.3)
    assert sum(chance * wealth(0.3, x, 12) for x, chance in enumerate(chances.tolist())) == pytest.approx(1, abs=1e-7)


def test_before_the_first_row_everything_is_possible() -> None:
    found = proportion_sequence([0, 1], [0, 1])
    assert (found.low[0], found.high[0]) == (0.0, 1.0)
    assert np.isnan(found.value[0])


def test_a_sequence_is_wider_than_an_interval_of_one_moment() -> None:
    low, high = clopper_pearson(40, 100, 0.025)
    found = proportion_sequence(40, 100)
    assert found.low < low < high < found.high


def test_in_runs_it_is_hardly_ever_left_at_any_moment() -> None:
    """200 runs of 400 rows: an interval of one moment is left in most, a sequence in at most one of twenty."""
    x = np.cumsum(np.random.default_rng(2).random((200, 400)) < 0.3, axis=1)
    n = np.arange(1, 401)
    found = proportion_sequence(x, n)
    left = ((found.low > 0.3) | (found.high < 0.3)).any(axis=1)
    assert left.mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    wald = 1.96 * np.sqrt(x / n * (1 - x / n) / n)
    assert (np.abs(x / n - 0.3) > wald)[:, 30:].any(axis=1).mean() > 0.2


def test_the_difference_is_the_furthest_one_in_the_joint_region() -> None:
    """By trying a fine grid of both rates."""
    (x, n), (y, m) = (12, 30), (9, 45)
    found = difference_sequence(x, n, y, m, level=0.95)
    grid = np.linspace(0.001, 0.999, 999)

    def log_wealth(successes: int, rows: int) -> np.ndarray:
        likelihood = stats.binom.logpmf(successes, rows, grid) - stats.binom.logpmf(successes, rows, 0.5)
        return np.asarray(np.log(wealth(0.5, successes, rows)) - likelihood)

    inside = log_wealth(x, n)[:, None] + log_wealth(y, m) < np.log(20)
    gaps = (grid[:, None] - grid)[inside]
    assert float(found.low) == pytest.approx(gaps.min(), abs=0.002)
    assert float(found.high) == pytest.approx(gaps.max(), abs=0.002)


def test_exchanging_the_streams_turns_the_difference_round() -> None:
    one, other = difference_sequence(5, 30, 0, 12), difference_sequence(0, 12, 5, 30)
    assert float(one.low) == pytest.approx(-float(other.high))
    assert -1 <= one.low <= one.value <= one.high <= 1


def test_without_rows_a_difference_is_anything() -> None:
    found = difference_sequence(0, 0, 0, 0)
    assert (float(found.low), float(found.high)) == pytest.approx((-1, 1))


def test_a_prior_without_mass_is_refused() -> None:
    with pytest.raises(InputError):
        proportion_sequence(1, 2, prior=(0, 1))
