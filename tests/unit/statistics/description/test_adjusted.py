"""Adjusted p-values, against scipy, the levels that verdicts use, and their own definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics import holm_levels
from hakari.statistics.description import benjamini_hochberg_adjusted, holm_adjusted

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_benjamini_hochberg_agrees_with_scipy(p: list[float]) -> None:
    assert benjamini_hochberg_adjusted(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_holm_rejects_what_the_levels_of_verdicts_reject(p: list[float]) -> None:
    levels = holm_levels(p, [0.05] * len(p))
    by_levels = [each <= level for each, level in zip(p, levels, strict=True)]
    adjusted = holm_adjusted(p)
    # Apart from the last digits of p·K against α/K.
    clear = np.abs(adjusted - 0.05) > 1e-12
    assert np.array_equal((adjusted <= 0.05)[clear], np.array(by_levels)[clear])


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_adjusting_never_lowers_a_p_value_and_keeps_the_order(p: list[float]) -> None:
    for found in (holm_adjusted(p), benjamini_hochberg_adjusted(p)):
        assert np.all(found >= np.array(p) - 1e-12)
        assert np.all(np.diff(found[np.argsort(p, kind="stable")]) >= 0)
        assert np.all(found <= 1)


@settings(max_examples=25, deadline=None)
@given(P_VALUES)
def test_holm_is_never_below_benjamini_hochberg(p: list[float]) -> None:
    assert np.all(holm_adjusted(p) >= benjamini_hochberg_adjusted(p) - 1e-12)


def test_a_test_that_could_not_be_made_keeps_its_place() -> None:
    assert holm_adjusted([0.01, np.nan]).tolist() == [0.02, 1.0]
    assert benjamini_hochberg_adjusted([0.01, np.nan]).tolist() == [0.02, 1.0]


def test_no_tests_have_no_p_values() -> None:
    assert holm_adjusted([]).tolist() == benjamini_hochberg_adjusted([]).tolist() == []


@pytest.mark.parametrize("p", [[1.2], [-0.1], [[0.1]]])
def test_what_is_not_a_list_of_p_values_is_refused(p: list[float]) -> None:
    with pytest.raises(InputError):
        holm_adjusted(p)
