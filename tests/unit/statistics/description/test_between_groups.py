"""The spread between groups without that of chance, by enumeration and by known cases."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.statistics.description import choice_of, deviation

GROUPS = st.lists(
    st.integers(2, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=8
)


def square(x: list[int], n: list[int]) -> float:
    """The noise-corrected variance before it is cut off at 0, by the definition."""
    p, rows = np.array(x) / n, np.array(n)
    return float(np.var(p, ddof=1) - np.mean(p * (1 - p) / (rows - 1)))


def test_the_square_before_truncation_has_the_true_variance_as_its_mean() -> None:
    """Over all outcomes of three groups, weighted with their probabilities."""
    n, rates = [3, 4, 6], [0.1, 0.45, 0.3]
    mean = 0.0
    for x in product(*(range(size + 1) for size in n)):
        chance = np.prod([stats.binom.pmf(*each) for each in zip(x, n, rates, strict=True)])
        mean += float(chance) * square(list(x), n)
    assert mean == pytest.approx(np.var(rates, ddof=1), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(GROUPS)
def test_the_value_is_the_root_of_the_corrected_square(groups: list[tuple[int, int]]) -> None:
    x, n = [each[0] for each in groups], [each[1] for each in groups]
    found = deviation(x, n)
    assert float(found.value) == pytest.approx(np.sqrt(max(square(x, n), 0.0)), abs=1e-9)
    assert float(found.raw) == pytest.approx(np.std(np.array(x) / n, ddof=1), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= np.sqrt(0.5)


def test_many_small_equal_groups_spread_by_chance_only() -> None:
    """50 groups of 300 at one tenth: the raw figure is the noise, the corrected one and its lower limit near 0."""
    x = np.random.default_rng(1).binomial(300, 0.1, size=(200, 50))
    found = deviation(x, 300)
    assert found.raw.mean() == pytest.approx(np.sqrt(0.09 / 300), rel=0.02)
    assert np.median(found.value) < 0.006
    assert (found.low > 0).mean() <= 0.06


def test_with_many_rows_the_interval_closes_on_the_plain_deviation() -> None:
    n = np.full(4, 4_000_000)
    found = deviation((n * [0.1, 0.2, 0.3, 0.6]).astype(int), n)
    truth = np.std([0.1, 0.2, 0.3, 0.6], ddof=1)
    assert float(found.low) == pytest.approx(truth, abs=1e-3)
    assert float(found.high) == pytest.approx(truth, abs=1e-3)


def test_two_groups_are_told_apart_where_their_difference_is() -> None:
    """The same question as a test of the difference: .21 against .10 of 400 each is far from chance."""
    assert deviation([84, 40], [400, 400]).low > 0
    assert deviation([46, 40], [400, 400]).low == 0


def test_without_any_spread_there_is_still_an_upper_limit() -> None:
    assert deviation([0, 0, 0], [30, 30, 30]).high > 0.05
    assert deviation([30, 30], [30, 30]).high > 0.05


@settings(max_examples=25, deadline=None)
@given(GROUPS)
def test_success_and_failure_may_be_exchanged(groups: list[tuple[int, int]]) -> None:
    x, n = (np.array(each) for each in zip(*groups, strict=True))
    found, turned = deviation(x, n), deviation(n - x, n)
    assert float(found.value) == pytest.approx(float(turned.value), abs=1e-7)
    assert float(found.high) == pytest.approx(float(turned.high), abs=1e-7)
    assert float(found.low) == pytest.approx(float(turned.low), abs=1e-4)


def test_groups_of_one_row_are_left_out_and_counted() -> None:
    found = deviation([10, 20, 1, 0], [40, 40, 1, 0])
    alone = deviation([10, 20], [40, 40])
    assert (float(found.value), float(found.low), float(found.high)) == (
        float(alone.value), float(alone.low), float(alone.high),
    )  # fmt: skip
    assert found.groups == 2


def test_with_fewer_than_two_groups_there_is_a_reason() -> None:
    found = deviation([3, 1], [9, 1])
    reason = found.interval()
    assert isinstance(reason, Unmeasured)
    assert "two groups" in str(reason.unmeasured)
    assert np.isnan(found.value)


def test_leading_axes_are_separate_rates() -> None:
    both = deviation([[10, 20, 15], [1, 2, 9]], [[40, 40, 40], [30, 30, 30]])
    for place, (x, n) in enumerate((([10, 20, 15], [40] * 3), ([1, 2, 9], [30] * 3))):
        alone = deviation(x, n)
        interval = both.interval(place)
        assert isinstance(interval, Interval)
        assert (interval.low, interval.high) == pytest.approx((float(alone.low), float(alone.high)))


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (deviation([10, 20, 15], [40, 40, 40], level=level) for level in (0.8, 0.99))
    assert wide.low <= narrow.low
    assert wide.high > narrow.high


def test_the_method_stands_in_the_choice_table() -> None:
    assert getattr(choice_of(deviation([1, 2], [5, 5]).method), "name", None) == "deviation"


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(InputError):
        deviation([6, 1], [5, 5])
