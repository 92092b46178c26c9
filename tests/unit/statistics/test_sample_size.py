from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.statistics.limits import ClopperPearson
from hakari.statistics.sample_size import RowsNeeded, rows_needed
from hakari.statistics.verdict import Rule, decide

DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05)
NEXT = 0.025 / 6


def needed(rule: Rule, x: list[int], n: list[int], seed: int = 1) -> RowsNeeded:
    rng = np.random.Generator(np.random.PCG64(seed))
    return rows_needed(
        rule, np.array(x), np.array(n), error_met=0.0125, error_not_met=0.0125, error_met_next=NEXT,
        error_not_met_next=NEXT, rng=rng,
    )  # fmt: skip


def assurance(rule: Rule, x: list[int], n: list[int], size: int, runs: int = 250) -> float:
    """The chance of a verdict with `size` trials in each small group, by `decide` itself on fresh samples."""
    rng = np.random.default_rng(99)
    decided = 0
    for _ in range(runs):
        trials = np.maximum(np.array(n), size)
        p = [rng.beta(a + 0.5, b - a + 0.5) for a, b in zip(x, n, strict=True)]
        limits = ClopperPearson(rng.binomial(trials, p).astype(float), trials.astype(float))
        decided += decide(rule, limits, error_met=NEXT, error_not_met=NEXT).verdict != "inconclusive"
    return decided / runs


RULES = [
    DIFFERENCE,
    Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05, method="box"),
    Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.05),
    Rule(aggregation="ratio", operator=">=", threshold=0.8),
    Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05, reference="rest"),
    Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05, reference=0),
    Rule(aggregation="worst_group", operator=">=", threshold=0.5, margin=0.05),
    Rule(aggregation="worst_group", operator="<=", threshold=0.5, margin=0.05),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.aggregation}-{rule.method}-{rule.reference}")
def test_the_likely_rows_give_a_verdict_in_about_eighty_percent(rule: Rule) -> None:
    x, n = [50, 55, 48], [100, 100, 100]
    found = needed(rule, x, n)
    assert found.likely is not None
    # Two Monte Carlo estimates of .8, with standard errors of .014 and .025, and a step of 2 % in the rows.
    assert assurance(rule, x, n, found.likely) == pytest.approx(0.8, abs=0.1)


def test_the_probability_now_is_that_of_a_fresh_sample_of_the_same_size() -> None:
    x, n = [50, 95, 48], [100, 100, 100]
    assert needed(DIFFERENCE, x, n).probability_now == pytest.approx(assurance(DIFFERENCE, x, n, 0), abs=0.1)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.margin], ids=str)
def test_the_sure_rows_give_a_verdict_at_any_rates(rule: Rule) -> None:
    found = needed(rule, [50, 55, 48], [100, 100, 100])
    assert found.sure is not None
    assert found.likely is not None
    assert found.likely <= found.sure
    rng = np.random.default_rng(3)
    for _ in range(50):
        p = rng.uniform(0.36, 0.68, 3)
        limits = ClopperPearson(np.round(p * found.sure), np.full(3, found.sure))
        assert decide(rule, limits, error_met=NEXT, error_not_met=NEXT).verdict != "inconclusive"


def test_sure_is_the_smallest_number_for_one_rate() -> None:
    rule = Rule(aggregation="overall", operator=">=", threshold=0.5, margin=0.05)
    sure = needed(rule, [50], [100]).sure
    assert sure is not None

    def width(n: int) -> float:
        x = n / 2  # widest where the present interval holds one half
        return float(stats.beta.isf(NEXT, x + 1, n - x) - stats.beta.ppf(NEXT, x, n - x + 1))

    assert width(sure) <= 0.05 < width(sure - 1)


def test_without_a_margin_nothing_is_sure() -> None:
    found = needed(Rule(aggregation="difference", operator="<=", threshold=0.05), [50, 55], [100, 100])
    assert found.sure is None
    assert found.likely is not None


def test_only_the_small_group_is_limiting() -> None:
    found = needed(DIFFERENCE, [15, 15_000, 15_100], [30, 30_000, 30_000])
    assert found.limiting == (0,)
    assert found.sure is not None
    assert found.sure < 30_000


def test_a_group_that_is_surely_neither_highest_nor_lowest_is_not_limiting() -> None:
    found = needed(DIFFERENCE, [100, 50, 400], [1000, 200, 1000])
    assert 1 not in found.limiting


def test_groups_without_trials_are_left_out_and_indices_stay() -> None:
    assert needed(DIFFERENCE, [0, 50, 55], [0, 100, 100]).limiting == (1, 2)
    assert needed(DIFFERENCE, [0, 50], [0, 100]) == RowsNeeded((), None, None, 0.0)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert needed(DIFFERENCE, [50, 55], [100, 100], 7) == needed(DIFFERENCE, [50, 55], [100, 100], 7)


def test_many_groups_are_bounded_in_work() -> None:
    rng = np.random.default_rng(4)
    trials = rng.integers(100, 900, 300)
    found = needed(DIFFERENCE, rng.binomial(trials, 0.3).tolist(), trials.tolist())
    assert 0 < len(found.limiting) <= 24
