"""The noise floor against sums over the binomial distribution, and the draws that stand in for long sums."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.statistics import noise
from hakari.statistics.noise import noise_floor
from hakari.statistics.verdict import Rule

DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.05)
RATIO = Rule(aggregation="ratio", operator=">=", threshold=0.8)
LOWEST = Rule(aggregation="worst_group", operator=">=", threshold=0.8)
HIGHEST = Rule(aggregation="worst_group", operator="<=", threshold=0.8)
OVERALL = Rule(aggregation="overall", operator=">=", threshold=0.8)


class Watched(np.random.Generator):
    """A generator that remembers how many binomials were drawn."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(np.random.PCG64(seed))
        self.sizes: list[Any] = []

    def binomial(self, n: Any, p: Any, size: Any = None) -> Any:
        self.sizes.append(size)
        return super().binomial(n, p, size=size)


def floor(rule: Rule, x: list[int], n: list[int], rng: np.random.Generator | None = None, draws: int = 4000) -> float:
    return noise_floor(rule, np.array(x), np.array(n), rng=rng or Watched(), draws=draws)


def by_pairs(rule: Rule, p: float, n: int, m: int) -> float:
    """The mean for two groups, summed over every pair of outcomes."""
    x, y = np.arange(n + 1) / n, np.arange(m + 1) / m
    chance = stats.binom.pmf(np.arange(n + 1), n, p)[:, None] * stats.binom.pmf(np.arange(m + 1), m, p)
    high, low = np.maximum(x[:, None], y), np.minimum(x[:, None], y)
    value = high - low if rule.aggregation == "difference" else low if rule.operator == ">=" else high
    return float((chance * value).sum())


PAIRS = [
    ((300, 500), (1000, 1500)), ((3, 1), (40, 900)), ((598, 900), (600, 900)), ((0, 0), (7, 9)), ((20, 450), (40, 900)),
    ((2, 40), (12, 300)), ((10, 260), (12, 300)),
]  # fmt: skip


@pytest.mark.parametrize("rule", [DIFFERENCE, LOWEST, HIGHEST])
@pytest.mark.parametrize(("x", "n"), PAIRS)
def test_two_large_groups_equal_the_sum_over_all_outcomes(rule: Rule, x: tuple[int, int], n: tuple[int, int]) -> None:
    watched = Watched()
    expected = by_pairs(rule, sum(x) / sum(n), *n)
    assert floor(rule, list(x), list(n), watched) == pytest.approx(expected, abs=1e-12)
    assert watched.sizes == []


def test_groups_of_a_single_trial_count() -> None:
    assert floor(DIFFERENCE, [1, 0], [1, 1]) == pytest.approx(0.5)
    assert floor(DIFFERENCE, [1, 0, 9], [1, 1, 18]) > floor(DIFFERENCE, [10, 9], [20, 18])


def test_all_successes_and_none_leave_no_noise() -> None:
    assert floor(DIFFERENCE, [7, 9], [7, 9]) == pytest.approx(0, abs=1e-15)
    assert floor(HIGHEST, [7, 9], [7, 9]) == pytest.approx(1)
    assert floor(LOWEST, [0, 0], [7, 9]) == pytest.approx(0, abs=1e-15)


def test_the_floor_of_the_whole_is_its_rate() -> None:
    assert floor(OVERALL, [3], [8]) == pytest.approx(3 / 8)


@pytest.mark.parametrize("rule", [DIFFERENCE, LOWEST, HIGHEST])
def test_a_long_sum_is_drawn_instead(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = floor(rule, [2, 3, 9], [5, 7, 20])
    monkeypatch.setattr(noise, "_EXACT_WORK", 8)  # three sizes, nine comparisons of sizes
    watched = Watched()
    # The standard error of a mean of 4000 is below .5 / √4000; four of them.
    assert floor(rule, [2, 3, 9], [5, 7, 20], watched) == pytest.approx(exact, abs=0.032)
    assert watched.sizes == [(4000, 3)]
    monkeypatch.setattr(noise, "_EXACT_WORK", 9)
    assert floor(rule, [2, 3, 9], [5, 7, 20], watched) == pytest.approx(exact, abs=0.032)
    assert len(watched.sizes) == 2  # the outcomes are too many as well
    assert type(floor(rule, [2, 3, 9], [5, 7, 20])) is float


def test_the_sum_is_long_by_the_outcomes_of_all_sizes_times_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six, eight and twenty-one outcomes, each looked up in three distributions."""
    for work, draws in ((105, 0), (104, 1)):
        monkeypatch.setattr(noise, "_EXACT_WORK", work)
        watched = Watched()
        floor(DIFFERENCE, [2, 3, 9], [5, 7, 20], watched)
        assert len(watched.sizes) == draws


def test_outcomes_too_rare_to_matter_make_no_sum_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of large groups at one half only rates within 8.8 standard deviations, of the smaller group, are looked at."""
    reach = 2 * stats.norm.isf(1e-18) * np.sqrt(0.25 / 500_000)
    for share, draws in ((1.02, 0), (0.98, 1)):
        monkeypatch.setattr(noise, "_EXACT_WORK", share * reach * 1_500_000 * 2)
        watched = Watched()
        floor(DIFFERENCE, [500_000, 250_000], [1_000_000, 500_000], watched)
        assert len(watched.sizes) == draws


@pytest.mark.parametrize(("rule", "expected"), [(DIFFERENCE, 0.6797), (HIGHEST, 0.6836), (LOWEST, 0.0039)])
def test_draws_stand_for_the_mean_and_not_for_the_middle(
    rule: Rule, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four single rows at one quarter: the highest is 1 unless all are 0, the lowest 1 only if all are."""
    means = {DIFFERENCE: (1 - 0.75**4) - 0.25**4, HIGHEST: 1 - 0.75**4, LOWEST: 0.25**4}
    assert means[rule] == pytest.approx(expected, abs=1e-4)
    monkeypatch.setattr(noise, "_EXACT_WORK", 0)
    assert floor(rule, [1, 0, 0, 0], [1] * 4) == pytest.approx(means[rule], abs=0.03)
    if rule is LOWEST:
        assert floor(rule, [1, 1, 1, 0], [1] * 4) == pytest.approx(0.75**4, abs=0.03)


def test_draws_are_as_many_as_asked_for_unless_the_groups_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise, "_DRAWN_WORK", 900)
    for draws, groups, expected in ((250, 3, 250), (4000, 3, 300), (4000, 90, 100), (7, 2, 100)):
        watched = Watched()
        floor(RATIO, [1] * groups, [4] * groups, watched, draws)
        assert watched.sizes == [(expected, groups)]


def test_without_a_number_4000_draws_are_made() -> None:
    watched = Watched()
    noise_floor(RATIO, np.array([1, 2]), np.array([4, 4]), rng=watched)
    assert watched.sizes == [(4000, 2)]


def test_equal_zeros_have_the_ratio_one() -> None:
    assert floor(RATIO, [0, 0], [5, 7]) == 1.0
    assert type(floor(RATIO, [1, 2], [5, 7])) is float
    assert type(floor(DIFFERENCE, [1, 2], [5, 7])) is float


def test_a_named_reference_is_compared_with_the_groups_that_have_trials() -> None:
    """Of two groups with one trial each at one half, half of the pairs differ, by one."""
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, reference=2)
    watched = Watched()
    assert floor(rule, [1, 0, 0], [1, 0, 1], watched, 8000) == pytest.approx(0.5, abs=0.03)
    assert watched.sizes == [(8000, 3)]
    ratio = Rule(aggregation="ratio", operator=">=", threshold=0.8, reference=0)
    assert floor(ratio, [1, 0, 0], [1, 0, 1], draws=8000) == pytest.approx(0.5, abs=0.03)


def test_only_gaps_to_the_reference_count() -> None:
    """Three groups of two rows at one half, over all outcomes; between all pairs the mean gap is larger."""
    rates, chance = (0.0, 0.5, 1.0), (0.25, 0.5, 0.25)
    mean = everyone = 0.0
    for a, b, c in product(range(3), repeat=3):
        p = chance[a] * chance[b] * chance[c]
        mean += p * max(abs(rates[a] - rates[b]), abs(rates[c] - rates[b]))
        everyone += p * (max(rates[a], rates[b], rates[c]) - min(rates[a], rates[b], rates[c]))
    assert everyone - mean > 0.03
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, reference=1)
    assert floor(rule, [1, 1, 1], [2, 2, 2], draws=8000) == pytest.approx(mean, abs=0.013)


def test_one_trial_is_enough_to_be_the_reference() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, reference=0)
    assert floor(rule, [1, 9], [1, 9]) == 0.0


def test_successes_may_equal_the_trials() -> None:
    assert floor(LOWEST, [5, 3], [5, 3]) == pytest.approx(1.0)
