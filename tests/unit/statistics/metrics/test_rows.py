"""Limits from rows, against scipy, against counts, and by what they must hold to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics import ClopperPearson, ClusteredRates, Tally, WeightedRates, group_rates
from hakari.statistics.metrics.rows import mean_limits, quantile_limits, ratio_limits, share_limits

ONE = np.zeros(40, dtype=np.int64)


def symmetric(rows: int = 40) -> np.ndarray:
    half = np.random.default_rng(1).normal(size=rows // 2)
    return np.concatenate([3 + half, 3 - half])


def test_without_skewness_the_limits_are_students() -> None:
    values = symmetric()
    limits = mean_limits(values, ONE, 1)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=stats.sem(values))
    assert limits.lower(0.025) == pytest.approx([low])
    assert limits.upper(0.025) == pytest.approx([high])


def test_halls_limit_turns_its_transformation_back() -> None:
    """The transformed value of (mean − limit) / error is the quantile of t."""
    values = np.random.default_rng(2).exponential(size=40)
    limits = mean_limits(values, ONE, 1)
    skew = stats.skew(values) / np.sqrt(len(values))
    t = (values.mean() - limits.upper(0.025)[0]) / stats.sem(values)
    turned = t + skew * t**2 / 3 + skew**2 * t**3 / 27 + skew / 6
    assert turned == pytest.approx(stats.t.ppf(0.025, 39), rel=1e-9)


def test_an_interval_is_never_shorter_than_students() -> None:
    values = np.random.default_rng(3).exponential(size=40)
    limits = mean_limits(values, ONE, 1)
    low, high = stats.t.interval(0.95, 39, loc=values.mean(), scale=stats.sem(values))
    assert limits.lower(0.025)[0] <= low + 1e-12
    assert limits.upper(0.025)[0] >= high - 1e-12
    assert limits.upper(0.025)[0] > high + 0.02  # the long tail is above


def test_turning_the_sign_turns_the_limits() -> None:
    values = np.random.default_rng(4).exponential(size=40)
    there, back = mean_limits(values, ONE, 1), mean_limits(-values, ONE, 1)
    assert there.lower(0.01) == pytest.approx(-back.upper(0.01))


def test_a_root_and_a_logarithm_are_those_of_the_limits() -> None:
    values = np.random.default_rng(5).exponential(size=40) + 1
    plain = mean_limits(values, ONE, 1, least=0.0)
    for scale, function in (("root", np.sqrt), ("log", np.log)):
        shown = plain.shown_as(scale)  # type: ignore[arg-type]  # one of the two words
        assert shown.values == pytest.approx(function(plain.values))
        assert shown.lower(0.05) == pytest.approx(function(plain.lower(0.05)))
        assert shown.upper(0.05) == pytest.approx(function(plain.upper(0.05)))


def test_a_logarithm_of_nothing_has_no_value() -> None:
    limits = mean_limits(np.zeros(40), ONE, 1).shown_as("log")
    assert np.isnan(limits.values).all()


def test_whole_weights_give_the_value_of_repeated_rows() -> None:
    values, weight = np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 2.0])
    limits = mean_limits(values, np.zeros(3, dtype=np.int64), 1, weight=weight)
    assert limits.values == pytest.approx([np.repeat(values, weight.astype(int)).mean()])


def test_clusters_give_the_error_of_a_ratio_of_cluster_sums() -> None:
    rng = np.random.default_rng(6)
    unit = rng.integers(0, 20, 200)
    values = rng.normal(size=200) + unit
    limits = mean_limits(values, np.zeros(200, dtype=np.int64), 1, unit=unit)
    sums = np.array([[values[unit == c].sum(), (unit == c).sum()] for c in range(20)])
    residual = sums[:, 0] - values.mean() * sums[:, 1]
    effective = 200**2 / np.sum(sums[:, 1] ** 2)
    expected = np.sqrt(effective / (effective - 1) * np.sum(residual**2)) / 200
    assert limits.units == pytest.approx([effective])
    assert limits.errors == pytest.approx([expected])
    assert limits.counted == pytest.approx([20])


def test_copies_of_rows_in_one_cluster_add_nothing() -> None:
    values = np.random.default_rng(7).exponential(size=30)
    once = mean_limits(values, np.zeros(30, dtype=np.int64), 1)
    unit = np.repeat(np.arange(30), 4)
    four = mean_limits(np.repeat(values, 4), np.zeros(120, dtype=np.int64), 1, unit=unit)
    assert four.lower(0.025) == pytest.approx(once.lower(0.025))
    assert four.upper(0.025) == pytest.approx(once.upper(0.025))
    assert four.clustered
    assert not four.spanning


def test_a_cluster_in_two_groups_is_noticed() -> None:
    limits = mean_limits(np.arange(4.0), np.array([0, 0, 1, 1]), 2, unit=np.array([0, 1, 1, 2]))
    assert limits.spanning
    assert limits.too_few_clusters


def test_rows_that_are_all_alike_have_no_limits() -> None:
    limits = mean_limits(np.full(40, 0.1), ONE, 1)
    assert limits.values == pytest.approx([0.1])
    assert np.isnan(limits.lower(0.025)).all()


def test_an_empty_group_has_no_value() -> None:
    limits = mean_limits(np.arange(3.0), np.zeros(3, dtype=np.int64), 2)
    assert np.isnan(limits.values[1])


def test_bounds_hold_the_limits() -> None:
    values = np.r_[np.zeros(38), 1.0, 1.0]
    limits = mean_limits(values, ONE, 1, least=0.0).below(0.06)
    assert limits.lower(1e-6)[0] == 0.0
    assert limits.upper(0.025)[0] == 0.06


def test_a_ratio_of_two_sums_is_their_ratio() -> None:
    above, below = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 1.0, 5.0])
    limits = ratio_limits(above, below, np.array([0, 0, 1, 1]), 2)
    assert limits.values == pytest.approx([3 / 4, 7 / 6])


@settings(max_examples=25)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40), st.floats(-100, 100), st.floats(0.01, 100))
def test_moving_and_stretching_the_amounts_moves_and_stretches_the_limits(
    values: list[float], move: float, stretch: float
) -> None:
    numbers = np.round(np.array(values), 3)
    if np.ptp(numbers) < 1:
        return
    group = np.zeros(len(numbers), dtype=np.int64)
    plain, moved = mean_limits(numbers, group, 1), mean_limits(numbers * stretch + move, group, 1)
    assert moved.upper(0.05) == pytest.approx(plain.upper(0.05) * stretch + move, rel=1e-6, abs=1e-3)


def test_shares_are_the_rates_of_counts() -> None:
    rng = np.random.default_rng(8)
    group, hits = rng.integers(0, 3, 500), rng.integers(0, 2, 500).astype(float)
    limits = share_limits(hits, group, 3)
    expected = ClopperPearson(np.bincount(group, weights=hits).astype(float), np.bincount(group).astype(float))
    assert isinstance(limits, ClopperPearson)
    assert limits.lower(0.01) == pytest.approx(expected.lower(0.01))


@pytest.mark.parametrize("kind", ["weights", "clusters"])
def test_shares_of_weighted_and_clustered_rows_are_those_of_a_tally(kind: str) -> None:
    rng = np.random.default_rng(9)
    group, hits = rng.integers(0, 2, 200), rng.integers(0, 2, 200)
    weight, unit = rng.integers(1, 4, 200).astype(float), rng.integers(0, 30, 200)
    columns = [group, hits] if kind == "weights" else [group, hits, unit]
    axes = ["g", "prediction", *(["cluster"] if kind == "clusters" else [])]
    if kind == "weights":
        rows = [[int(g), int(h), 1, float(w), float(w * w)] for g, h, w in zip(*columns, weight, strict=True)]
        tally = Tally.from_cells(axes, rows, scale=1_000_000)
        limits = share_limits(hits.astype(float), group, 2, weight=weight)
        assert isinstance(limits, WeightedRates)
    else:
        tally = Tally.from_cells(axes, [[*map(int, row), 1] for row in zip(*columns, strict=True)])
        limits = share_limits(hits.astype(float), group, 2, unit=unit)
        assert isinstance(limits, ClusteredRates)
    expected = group_rates(tally, "selection_rate", ["g"]).limits
    assert limits.upper(0.025) == pytest.approx(expected.upper(0.025))


def test_a_quantile_lies_between_the_order_statistics_that_the_binomial_names() -> None:
    values = np.random.default_rng(10).permutation(np.arange(100.0))
    (limits,) = quantile_limits(values, np.zeros(100, dtype=np.int64), 1, [0.5])
    # Largest l with P(binomial < l) ≤ .025 is 40, smallest u with P(binomial ≥ u) ≤ .025 is 61: values count from 0.
    assert limits.lower(0.025) == [39.0]
    assert limits.upper(0.025) == [60.0]
    assert stats.binom.cdf(39, 100, 0.5) <= 0.025 < stats.binom.cdf(40, 100, 0.5)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("rows", [5, 40, 333])
def test_a_quantile_limit_misses_no_more_often_than_stated(share: float, rows: int) -> None:
    """P(X_(l) > ξ) = P(binomial(n, q) < l), exactly, for the l that was chosen; the next one would miss too often."""
    (limits,) = quantile_limits(np.arange(float(rows)), np.zeros(rows, dtype=np.int64), 1, [share])
    for error in (0.1, 0.025, 0.001):
        low, high = limits.lower(error)[0], limits.upper(error)[0]
        if np.isfinite(low):
            assert stats.binom.cdf(low, rows, share) <= error < stats.binom.cdf(low + 1, rows, share)
        else:
            assert stats.binom.cdf(0, rows, share) > error
        if np.isfinite(high):
            assert stats.binom.sf(high, rows, share) <= error < stats.binom.sf(high - 1, rows, share)
        else:
            assert stats.binom.sf(rows - 1, rows, share) > error


def test_a_few_rows_leave_a_far_quantile_open() -> None:
    (limits,) = quantile_limits(np.arange(10.0), np.zeros(10, dtype=np.int64), 1, [0.1])
    assert limits.lower(0.025) == [-np.inf]


def test_quantiles_stay_with_their_groups() -> None:
    values, group = np.array([5.0, 1.0, 4.0, 2.0, 3.0]), np.array([1, 0, 1, 0, 0])
    (limits,) = quantile_limits(values, group, 2, [0.5])
    assert limits.values == pytest.approx([2.0, 4.5])
    assert limits.take([1]).values == pytest.approx([4.5])
