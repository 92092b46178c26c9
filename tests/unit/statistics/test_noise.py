from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.noise import noise_floor
from hakari.statistics.verdict import Rule, plug_in

DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.05)
RATIO = Rule(aggregation="ratio", operator=">=", threshold=0.8)
LOWEST = Rule(aggregation="worst_group", operator=">=", threshold=0.8)
HIGHEST = Rule(aggregation="worst_group", operator="<=", threshold=0.8)


def floor(rule: Rule, successes: list[int], trials: list[int], draws: int = 4000) -> float:
    rng = np.random.Generator(np.random.PCG64(1))
    return noise_floor(rule, np.array(successes), np.array(trials), rng=rng, draws=draws)


def enumerated(rule: Rule, pooled: float, trials: list[int]) -> float:
    """The mean over every outcome of every group."""
    total = 0.0
    for outcome in product(*(range(n + 1) for n in trials)):
        chance = float(np.prod([stats.binom.pmf(x, n, pooled) for x, n in zip(outcome, trials, strict=True)]))
        total += chance * plug_in(rule, np.array(outcome) / np.array(trials))
    return total


def test_fifty_groups_of_300_at_a_tenth_differ_by_chance_alone() -> None:
    assert floor(DIFFERENCE, [30] * 50, [300] * 50) == pytest.approx(0.078, abs=0.001)
    assert floor(RATIO, [30] * 50, [300] * 50) == pytest.approx(0.45, abs=0.01)


@pytest.mark.parametrize("rule", [DIFFERENCE, LOWEST, HIGHEST])
def test_means_without_ratios_are_exact(rule: Rule) -> None:
    assert floor(rule, [2, 3, 1], [5, 7, 4]) == pytest.approx(enumerated(rule, 6 / 16, [5, 7, 4]), abs=1e-12)


def test_a_ratio_agrees_with_enumeration_within_its_monte_carlo_error() -> None:
    assert floor(RATIO, [2, 3, 1], [5, 7, 4]) == pytest.approx(enumerated(RATIO, 6 / 16, [5, 7, 4]), abs=0.02)


def test_a_named_reference_is_drawn() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, reference=1)
    assert floor(rule, [2, 3], [5, 7]) == pytest.approx(enumerated(rule, 5 / 12, [5, 7]), abs=0.01)


def test_groups_without_trials_change_nothing() -> None:
    assert floor(DIFFERENCE, [2, 0, 3], [5, 0, 7]) == floor(DIFFERENCE, [2, 3], [5, 7])


def test_without_any_trials_there_is_no_floor() -> None:
    assert np.isnan(floor(DIFFERENCE, [0], [0]))


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(InputError):
        floor(DIFFERENCE, [6], [5])
