"""Limits of means and of smooth numbers, against arithmetic row by row and against samples whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import ClusteredRates
from hakari.statistics.metrics.score_limits import BoundedMeans, EffectiveLimits

NUMBERS = st.lists(st.floats(0, 1), min_size=2, max_size=30)
ERRORS = (0.5, 0.1, 0.025, 1e-4)


def means_of(*groups: list[float]) -> BoundedMeans:
    """Limits of numbers that count once each."""
    n = np.array([len(each) for each in groups], dtype=float)
    total, square = (np.array([sum(x**power for x in each) for each in groups]) for power in (1, 2))
    return BoundedMeans(n, total, n, square, total, n)


def by_rows(numbers: list[float], error: float, adverse: float) -> float:
    """The effective number of rows, with four imagined ones put among the others."""
    rows = np.array([*numbers, *([adverse] * 4)])
    q, n = rows.mean(), len(numbers)
    variance = float(((rows - q) ** 2).sum()) / len(rows) / (len(rows) - 1)
    shrink = (stats.norm.isf(error) / stats.t.isf(error, n - 1)) ** 2 if error < 0.5 else 1.0
    return float(q * (1 - q) / variance * shrink) if variance > 0 else n * shrink


@pytest.mark.parametrize("numbers", [[0.2, 0.4, 0.9], [0.5] * 12, [0.01] * 30 + [1.0], [0.0] * 9, [1.0] * 9])
@pytest.mark.parametrize("error", ERRORS)
def test_limits_of_a_mean_are_those_of_its_rows(numbers: list[float], error: float) -> None:
    found = means_of(numbers)
    p = float(np.mean(numbers))
    n = by_rows(numbers, error, 0.0)
    low = 0.0 if p == 0 else min(float(stats.beta.ppf(error, p * n, n - p * n + 1)), p)
    n = by_rows(numbers, error, 1.0)
    high = 1.0 if p == 1 else max(float(stats.beta.isf(error, p * n + 1, n - p * n)), p)
    assert found.lower(error)[0] == pytest.approx(low, abs=1e-10)
    assert found.upper(error)[0] == pytest.approx(high, abs=1e-10)


@settings(max_examples=50)
@given(NUMBERS)
def test_limits_hold_the_mean_and_widen_as_the_error_falls(numbers: list[float]) -> None:
    found = means_of(numbers)
    lows = [float(found.lower(error)[0]) for error in ERRORS]
    highs = [float(found.upper(error)[0]) for error in ERRORS]
    assert np.all(np.diff(lows) <= 1e-12)
    assert np.all(np.diff(highs) >= -1e-12)
    assert lows[0] <= float(found.values[0]) + 1e-12
    assert float(found.values[0]) <= highs[0]


def test_yes_or_no_numbers_of_clusters_have_the_limits_of_clustered_rates_or_wider_ones() -> None:
    rng = np.random.default_rng(1)
    x, n = rng.integers(0, 4, 60).astype(float), np.full(60, 3.0)
    rates = ClusteredRates(1, np.zeros(60, dtype=np.int64), np.arange(60), x, n)
    sums = (np.array([part.sum()]) for part in (np.ones(60), x, n, x * x, x * n, n * n))
    means = BoundedMeans(*sums, clustered=True)
    assert means.values[0] == pytest.approx(rates.values[0])
    assert means.lower(0.025)[0] == pytest.approx(rates.lower(0.025)[0], abs=1e-12)
    assert means.upper(0.025)[0] == pytest.approx(rates.upper(0.025)[0], abs=1e-12)


def test_fewer_than_fifteen_clusters_are_too_few_and_rows_never_are() -> None:
    ten, one = np.full(1, 10.0), np.ones(1)
    assert BoundedMeans(ten, one, ten, one, one, ten, clustered=True).too_few_clusters
    assert not BoundedMeans(ten, one, ten, one, one, ten).too_few_clusters
    assert EffectiveLimits(one / 2, one / 9, ten, clustered=True).too_few_clusters


@pytest.mark.parametrize("shares", [(0.6, 0.3, 0.1), (0.97, 0.0, 0.03), (0.02, 0.0, 0.98)])
@pytest.mark.parametrize("rows", [30, 300])
def test_a_mean_is_missed_no_more_often_than_stated(shares: tuple[float, ...], rows: int) -> None:
    values: FloatArray = np.array([0.1, 0.4, 1.0])
    drawn = np.random.default_rng(3).multinomial(rows, shares, size=4_000).astype(float)
    n, total, square = np.full(4_000, float(rows)), drawn @ values, drawn @ values**2
    found = BoundedMeans(n, total, n, square, total, n)
    true = float(np.dot(shares, values))
    missed = (found.lower(0.025) > true) | (found.upper(0.025) < true)
    assert missed.mean() <= 0.06


def test_without_rows_nothing_is_known() -> None:
    zero = np.zeros(1)
    for found in (BoundedMeans(zero, zero, zero, zero, zero, zero), EffectiveLimits(zero + np.nan, zero, zero)):
        assert np.isnan(found.values[0])
        assert (found.lower(0.025)[0], found.upper(0.025)[0]) == (0.0, 1.0)


def test_no_spread_at_all_is_not_certainty() -> None:
    found = EffectiveLimits(np.ones(1), np.zeros(1), np.full(1, 20.0))
    assert found.lower(0.025)[0] < 0.95
    assert found.upper(0.025)[0] == 1.0


def test_taking_groups_keeps_what_is_known_of_them() -> None:
    both = EffectiveLimits(np.array([0.2, 0.7]), np.array([0.01, 0.02]), np.array([40.0, 50.0]), "how", spanning=True)
    one = both.take([1])
    assert (one.values[0], one.method, one.spanning) == (0.7, both.method, True)
    assert one.lower(0.01)[0] == both.lower(0.01)[1]
