"""The spread between means without that of chance: by enumeration, by its definition and by seeded coverage."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.evidence import Unmeasured
from hakari.statistics.description import Deviation, choice_of, mean_deviation
from hakari.statistics.metrics.rows import mean_limits


def measured(groups: list[list[float]], *, level: float = 0.95) -> Deviation:
    """The deviation of the means of these rows."""
    values = np.concatenate([np.asarray(rows, dtype=float) for rows in groups])
    index = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    found, side = mean_limits(values, index, len(groups)), (1 - level) / 2
    ends = (found.lower(side), found.upper(side))
    return mean_deviation(found.points, found.errors, found.units, found.skews, ends, level=level)


def square(groups: list[list[float]]) -> float:
    """The noise-corrected variance before it is cut off at 0, by the definition."""
    return float(
        np.var([np.mean(rows) for rows in groups], ddof=1) - np.mean([stats.sem(rows) ** 2 for rows in groups])
    )


def test_the_square_before_truncation_has_the_true_variance_as_its_mean() -> None:
    """Over all outcomes of three groups of two and three rows that take one of two values."""
    sizes, values = [2, 3, 3], [(0.0, 1.0), (1.0, 5.0), (2.0, 2.5)]
    outcomes = [list(product(pair, repeat=n)) for n, pair in zip(sizes, values, strict=True)]
    mean = np.mean([square([list(rows) for rows in groups]) for groups in product(*outcomes)])
    assert mean == pytest.approx(np.var([np.mean(pair) for pair in values], ddof=1), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(0, 3))
def test_the_value_is_the_root_of_the_corrected_square(seed: int, count: int, apart: float) -> None:
    rng = np.random.default_rng(seed)
    groups = [list(rng.gamma(2, 1, int(rng.integers(3, 60))) + apart * place) for place in range(count)]
    found = measured(groups)
    assert float(found.value) == pytest.approx(np.sqrt(max(square(groups), 0.0)), abs=1e-9)
    assert float(found.raw) == pytest.approx(np.std([np.mean(rows) for rows in groups], ddof=1))
    assert 0 <= found.low <= found.value <= found.high


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_another_unit_scales_the_figure_and_another_zero_leaves_it(seed: int, unit: float, zero: float) -> None:
    groups = [list(each) for each in np.random.default_rng(seed).normal(size=(4, 30)) + np.arange(4)[:, None]]
    found, moved = measured(groups), measured([[unit * x + zero for x in rows] for rows in groups])
    for one, other in ((found.value, moved.value), (found.low, moved.low), (found.high, moved.high)):
        assert float(other) == pytest.approx(unit * float(one), rel=1e-4, abs=1e-6 * unit)


@pytest.mark.parametrize("apart", [0.0, 0.15, 0.6])
@pytest.mark.parametrize("skewed", [False, True])
def test_the_intervals_hold_the_truth_as_often_as_they_say(apart: float, skewed: bool) -> None:
    """Five groups of 60, 800 seeded runs: at most 5 % and three standard errors of chance miss."""
    rng, runs, means = np.random.default_rng(9), 800, apart * np.linspace(-1, 1, 5)
    rows = (rng.exponential(size=(runs, 5, 60)) - 1 if skewed else rng.normal(size=(runs, 5, 60))) + means[:, None]
    found = mean_limits(rows.ravel(), np.repeat(np.arange(runs * 5), 60), runs * 5)
    parts = (found.points, found.errors, found.units, found.skews, found.lower(0.025), found.upper(0.025))
    points, errors, units, skews, low, high = (each.reshape(runs, 5) for each in parts)
    seen = mean_deviation(points, errors, units, skews, (low, high))
    truth = np.std(means, ddof=1)
    missed = np.mean((seen.low > truth + 1e-12) | (seen.high < truth - 1e-12))
    assert missed <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


def test_many_equal_groups_spread_by_chance_only() -> None:
    rows = np.random.default_rng(2).normal(size=(50, 40))
    found = measured([list(each) for each in rows])
    assert float(found.raw) > 0.1
    assert float(found.value) < 0.1
    assert float(found.low) == 0


def test_with_many_rows_the_interval_closes_on_the_plain_deviation() -> None:
    rng, means = np.random.default_rng(3), [0.0, 1.0, 1.0, 4.0]
    found = measured([list(rng.normal(mean, 0.01, 5000)) for mean in means])
    assert float(found.low) == pytest.approx(np.std(means, ddof=1), abs=2e-3)
    assert float(found.high) == pytest.approx(np.std(means, ddof=1), abs=2e-3)


def test_a_group_without_a_standard_error_is_left_out_and_one_group_is_too_few() -> None:
    rng = np.random.default_rng(4)
    two = [list(rng.normal(size=20)), list(rng.normal(1, 1, size=20))]
    with_one, alone = measured([*two, [7.0]]), measured(two)
    assert (float(with_one.value), float(with_one.high)) == (float(alone.value), float(alone.high))
    assert with_one.groups == 2
    reason = measured([two[0], [7.0]]).interval()
    assert isinstance(reason, Unmeasured)
    assert "two groups" in str(reason.unmeasured)


def test_the_method_stands_in_the_choice_table() -> None:
    assert getattr(choice_of(measured([[1, 2, 4], [2, 3, 9]]).method), "name", None) == "deviation"
