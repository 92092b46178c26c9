"""Limits of a difference and a ratio of two proportions, against published figures, scipy and exact enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.statistics.contrasts import Contrasts
from hakari.statistics.description import mover_ratio, newcombe_difference, wilson
from hakari.statistics.description.two_proportions import CONTOUR, FEWEST, HIGHEST
from hakari.statistics.limits import ClopperPearson

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_score_limits_agree_with_scipy() -> None:
    for x, n in ((0, 7), (3, 30), (15, 30), (30, 30), (199, 2_000)):
        expected = stats.binomtest(x, n).proportion_ci(0.9, method="wilson")
        found = wilson(x, n, level=0.9)
        assert (float(found.low), float(found.high)) == pytest.approx(tuple(expected), abs=1e-12)


def test_a_single_score_interval_covers_as_badly_as_the_choice_table_says() -> None:
    """Exact coverage of a rate of .0059 at 30 rows."""
    x = np.arange(31)
    found = wilson(x, 30)
    covers = (found.low <= 0.0059) & (found.high >= 0.0059)
    assert stats.binom.pmf(x, 30, 0.0059)[covers].sum() == pytest.approx(0.837, abs=0.001)


def test_the_published_example_of_newcombe_is_met() -> None:
    """Newcombe 1998, table II, (a), method 10: 56/70 − 48/80."""
    found = newcombe_difference(56, 70, 48, 80)
    assert (round(float(found.low), 4), round(float(found.high), 4)) == (0.0524, 0.3339)


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS)
def test_exchanging_the_groups_turns_the_difference_round(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, turned = newcombe_difference(*one, *other), newcombe_difference(*other, *one)
    assert float(found.low) == pytest.approx(-float(turned.high), abs=1e-12)
    assert -1 <= found.low <= found.value <= found.high <= 1


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS)
def test_the_ends_of_the_ratio_are_where_the_limits_of_the_contrast_pass_zero(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    (x, n), (y, m) = one, other
    found = mover_ratio(x, n, y, m)
    p, q = x / n, y / m
    l1, u1 = _own_limits(x, n)
    l2, u2 = _own_limits(y, m)
    low, high = float(found.low), float(found.high)
    at_low = p - low * q - math.hypot(p - l1, low * (u2 - q))
    assert at_low == pytest.approx(0, abs=1e-9)
    if y == 0:
        assert math.isinf(high)
        assert np.isnan(found.value)
    else:
        at_high = p - high * q + math.hypot(u1 - p, high * (q - l2))
        assert at_high == pytest.approx(0, abs=1e-9 * max(high, 1))
        assert low <= found.value <= high


def _own_limits(x: int, n: int) -> tuple[float, float]:
    """Score limits, or the wider of score and exact ones where counts are small, by scipy."""
    score = stats.binomtest(x, n).proportion_ci(0.95, method="wilson")
    if min(x, n - x) >= FEWEST:
        return score.low, score.high
    exact = stats.binomtest(x, n).proportion_ci(0.95, method="exact")
    return min(score.low, exact.low), max(score.high, exact.high)


def test_without_rows_there_is_no_interval_and_a_reason() -> None:
    for found in (newcombe_difference(0, 0, 3, 10), mover_ratio(3, 10, 0, 0)):
        assert np.isnan(found.low)
        assert isinstance(found.interval(), Unmeasured)


def test_a_ratio_over_no_successes_says_its_lower_end_only() -> None:
    reason = mover_ratio(8, 20, 0, 20).interval()
    assert isinstance(reason, Unmeasured)
    assert f"{float(mover_ratio(8, 20, 0, 20).low):.3f}" in str(reason.unmeasured)


def test_an_interval_is_made_for_each_place_of_an_array() -> None:
    found = newcombe_difference([3, 40], [30, 80], [9, 10], [30, 20])
    second = found.interval(1)
    assert isinstance(second, Interval)
    assert (second.low, second.high, second.level) == (found.low[1], found.high[1], 0.95)


@pytest.mark.parametrize(("n", "m"), [(30, 30), (30, 300), (100, 100)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99, 0.999])
def test_both_intervals_miss_at_most_one_point_more_than_stated(n: int, m: int, level: float) -> None:
    """Exact: the probabilities of all outcomes whose interval leaves the truth out are added up."""
    x, y = np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij")
    gap, quotient = newcombe_difference(x, n, y, m, level=level), mover_ratio(x, n, y, m, level=level)
    for p in (0.02, 0.1, 0.3, 0.5):
        for q in (0.02, 0.1, 0.3, 0.5):
            chance = np.outer(stats.binom.pmf(np.arange(n + 1), n, p), stats.binom.pmf(np.arange(m + 1), m, q))
            for found, truth in ((gap, p - q), (quotient, p / q)):
                missed = (found.low > truth + 1e-12) | (found.high < truth - 1e-12)
                assert chance[missed].sum() <= (1 - level + 0.01 if level <= HIGHEST else 1 - level)


@pytest.mark.parametrize(("one", "other"), [((3, 30), (40, 90)), ((0, 12), (5, 40)), ((30, 30), (99, 100))])
def test_at_high_levels_the_interval_is_the_one_of_a_verdict_on_both_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    """The gap of a pair in `contrasts` is an upper limit of the larger rate less the smaller one."""
    found, quotient = newcombe_difference(*one, *other, level=0.999), mover_ratio(*one, *other, level=0.999)
    pair = ClopperPearson(np.array([one[0], other[0]], dtype=float), np.array([one[1], other[1]], dtype=float))
    upper = Contrasts.of(pair).upper(0.0005)
    assert max(-float(found.low), float(found.high)) == pytest.approx(upper(1.0), abs=1e-12)
    if quotient.low > 0:
        only = Contrasts((pair,), np.array([0]), np.array([1]), 1, "mover").upper(0.0005)
        assert only(float(quotient.low)) == pytest.approx(0, abs=1e-12)
    assert found.method == quotient.method == CONTOUR


def test_the_level_is_the_quantile_that_is_used() -> None:
    """The one-sided level at which the upper limit of 40 of 100 against 30 of 100 is 0, found by search."""
    at_zero = optimize.brentq(lambda level: float(newcombe_difference(30, 100, 40, 100, level=level).high), 0.5, 0.99)
    assert at_zero == pytest.approx(0.86, abs=0.01)
    assert stats.fisher_exact(np.array([[30, 70], [40, 60]])).pvalue > 1 - at_zero


@pytest.mark.parametrize("counts", [(5, 4, 1, 2), (-1, 4, 1, 2), (1, 4, 3, math.inf)])
def test_impossible_counts_are_refused(counts: tuple[float, ...]) -> None:
    x, n, y, m = counts
    with pytest.raises(InputError):
        newcombe_difference(x, n, y, m)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_impossible_levels_are_refused(level: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        wilson(1, 2, level=level)
