"""Numbers over the groups, against the verdict rule and by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.statistics import ClopperPearson, Rule, decide
from hakari.statistics.metrics.between import spread_over
from hakari.statistics.metrics.rows import mean_limits, quantile_limits

RATES = ClopperPearson(np.array([30.0, 45.0, 12.0]), np.array([100.0, 90.0, 40.0]))


@pytest.mark.parametrize(
    ("spreading", "rule"),
    [
        ("difference", Rule(aggregation="difference", operator="<=", threshold=0.0)),
        ("ratio", Rule(aggregation="ratio", operator=">=", threshold=1.0)),
        ("highest", Rule(aggregation="worst_group", operator="<=", threshold=1.0)),
        ("lowest", Rule(aggregation="worst_group", operator=">=", threshold=0.0)),
    ],
)
def test_rates_have_the_ends_of_the_verdict_rule(spreading: str, rule: Rule) -> None:
    found = spread_over(RATES, spreading, 0.05)  # type: ignore[arg-type]  # one of the four words
    expected = decide(rule, RATES, error_met=0.025, error_not_met=0.025)
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.lower, expected.upper))


def test_amounts_beyond_one_are_not_cut() -> None:
    values = np.r_[np.linspace(0, 2, 50), np.linspace(40, 42, 50)]
    limits = mean_limits(values, np.repeat([0, 1], 50), 2)
    found = spread_over(limits, "difference", 0.05)
    assert found.value == pytest.approx(40)
    assert 39 < found.low < 40 < found.high < 41


def test_stretching_all_amounts_leaves_their_ratio() -> None:
    rng = np.random.default_rng(1)
    values, group = rng.exponential(size=200) + 1, np.repeat([0, 1], 100)
    one, many = (spread_over(mean_limits(values * by, group, 2, least=0.0), "ratio", 0.05) for by in (1.0, 1000.0))
    assert many[:3] == pytest.approx(one[:3])


def test_groups_that_share_clusters_are_compared_by_bonferroni() -> None:
    rng = np.random.default_rng(2)
    values, group, unit = rng.normal(size=200), np.tile([0, 1], 100), np.repeat(np.arange(50), 4)
    found = spread_over(mean_limits(values, group, 2, unit=unit), "difference", 0.05)
    assert "box" in found.method
    independent = spread_over(mean_limits(values, group, 2), "difference", 0.05)
    assert "mover" in independent.method


def test_an_open_limit_leaves_the_number_without_an_interval() -> None:
    limits = quantile_limits(np.arange(20.0), np.repeat([0, 1], 10), 2, [0.1])[0]
    found = spread_over(limits, "difference", 0.05)
    assert found.value == pytest.approx(10)
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(spread_over(limits, "lowest", 0.05).low)


def test_nothing_but_zeros_has_the_ratio_one() -> None:
    found = spread_over(ClopperPearson(np.zeros(2), np.full(2, 50.0)), "ratio", 0.05)
    assert found.value == 1.0
    assert found.low <= 1.0 <= found.high
