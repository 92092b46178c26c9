"""Cramér's V and Theil's U against SciPy and scikit-learn, their corrections and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import contingency

from hakari.statistics.contingency import cramers_v, theils_u


def tables(number: int = 60) -> list[np.ndarray]:
    rng = np.random.default_rng(4)
    return [rng.integers(0, 40, (2 + place % 4, 2 + place % 6)) + 1 for place in range(number)]


def test_the_plain_values_are_those_of_scipy_and_of_the_entropies() -> None:
    for table in tables():
        v, u = cramers_v(table), theils_u(table)
        assert v is not None
        assert u is not None
        assert v.plain == pytest.approx(contingency.association(table, method="cramer"), rel=1e-12)
        rows, cells = table.sum(axis=1), table.ravel()
        told = stats.entropy(rows) + stats.entropy(table.sum(axis=0)) - stats.entropy(cells)
        assert u.plain == pytest.approx(told / stats.entropy(rows), abs=1e-12)


def test_mutual_information_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    table = tables()[7]
    found = theils_u(table)
    assert found is not None
    told = metrics.mutual_info_score(None, None, contingency=table)
    assert found.plain == pytest.approx(told / stats.entropy(table.sum(axis=1)))


def test_a_column_that_tells_everything_tells_everything() -> None:
    table = np.diag([40, 60, 80])
    v, u = cramers_v(table), theils_u(table)
    assert v is not None
    assert u is not None
    assert v.value == pytest.approx(1)
    assert (v.high, u.high, u.plain) == (1.0, 1.0, 1.0)
    assert u.value > 0.98


def test_a_column_that_tells_nothing_is_near_zero_and_its_limit_is_not_zero() -> None:
    v, u = cramers_v(np.full((3, 4), 20)), theils_u(np.full((3, 4), 20))
    assert v is not None
    assert u is not None
    assert (v.value, v.low, u.value, u.low) == (0.0, 0.0, 0.0, 0.0)
    assert 0.05 < v.high < 0.3
    assert 0 < u.high < 0.1


def test_chance_alone_is_taken_off() -> None:
    """A hundred levels and no association: the plain V is far above 0, the corrected one is not."""
    rng = np.random.default_rng(1)
    table = rng.multinomial(1000, np.full(200, 1 / 200)).reshape(2, 100)
    v = cramers_v(table)
    assert v is not None
    assert v.plain > 0.25
    assert v.value < 0.1


def test_empty_levels_do_not_count() -> None:
    table = np.array([[9, 0, 4], [0, 0, 0], [3, 0, 12]])
    assert cramers_v(table) == cramers_v(np.array([[9, 4], [3, 12]]))
    assert theils_u(table) == theils_u(np.array([[9, 4], [3, 12]]))


@pytest.mark.parametrize("table", [[[5, 7, 9]], [[5], [7]], [[0, 0], [3, 4]], [[0, 0], [0, 0]]])
def test_one_level_tells_nothing_and_has_nothing_told(table: list[list[int]]) -> None:
    assert cramers_v(np.array(table)) is None
    assert theils_u(np.array(table)) is None


def test_the_limits_hardly_move_where_the_exact_ones_give_way_to_the_normal() -> None:
    """Just below and above the switch, the limits of one table and a slightly larger one differ slightly."""
    widths = []
    for n in (4980, 5020):
        found = cramers_v(
            np.round(np.array([[0.5 + 0.158, 0.5 - 0.158], [0.5 - 0.158, 0.5 + 0.158]]) * n * 2).astype(int)
        )
        assert found is not None
        widths.append(found.high - found.low)
    assert math.isclose(*widths, rel_tol=0.02)


CELL = st.integers(0, 30)


@given(st.integers(2, 4), st.integers(2, 4), st.data())
def test_limits_hold_the_value_within_bounds(rows: int, columns: int, data: st.DataObject) -> None:
    table = np.array(data.draw(st.lists(CELL, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
    for found in (cramers_v(table), theils_u(table)):
        if found is not None:
            assert 0 <= found.low <= found.value <= found.high <= 1
