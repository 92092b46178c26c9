"""Demographic disparity, overall and within strata: by hand, by its limits, and what conditioning does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics.contingency import demographic_disparity

CELL = st.integers(0, 20)


def test_it_is_the_share_of_those_turned_down_less_the_share_of_those_selected() -> None:
    """Of 30 turned down 18 are of the group, of 20 selected 4."""
    found = demographic_disparity(np.array([[[4, 18], [16, 12]]]))
    assert found.value == pytest.approx(18 / 30 - 4 / 20)
    assert found.rows == 50
    assert found.low < found.value < found.high


def test_strata_weigh_by_their_people() -> None:
    found = demographic_disparity(np.array([[[4, 18], [16, 12]], [[5, 5], [5, 5]]]))
    assert found.by_stratum.tolist() == pytest.approx([0.4, 0.0])
    assert found.value == pytest.approx(0.4 * 50 / 70)


def test_strata_where_nobody_or_everybody_is_selected_are_left_out() -> None:
    telling = np.array([[[4, 18], [16, 12]]])
    found = demographic_disparity(np.array([*telling.tolist(), [[0, 9], [0, 9]], [[7, 0], [2, 0]]]))
    assert found.value == demographic_disparity(telling).value
    assert np.isnan(found.by_stratum[1:]).all()
    assert found.rows == 50


def test_without_any_such_stratum_there_is_none() -> None:
    found = demographic_disparity(np.array([[[0, 9], [0, 9]]]))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_a_disparity_of_the_whole_can_vanish_within_strata() -> None:
    """The group stands where fewer are selected; in each place it fares like the others."""
    strata = np.array([[[8, 72], [2, 18]], [[10, 10], [40, 40]]])
    assert demographic_disparity(strata.sum(axis=0, keepdims=True)).value > 0.2
    assert demographic_disparity(strata).value == pytest.approx(0.0)


def test_the_limits_of_one_stratum_are_movers_over_clopper_pearson() -> None:
    found = demographic_disparity(np.array([[[4, 18], [16, 12]]]), 0.9)
    p, q = 18 / 30, 4 / 20
    p_high, q_low = stats.beta.ppf(0.95, 19, 12), stats.beta.ppf(0.05, 4, 17)
    assert found.high == pytest.approx(p - q + np.hypot(p_high - p, q - q_low))


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=4))
def test_what_the_group_has_the_others_lack(cells: list[tuple[int, int, int, int]]) -> None:
    strata = np.array(cells).reshape(-1, 2, 2)
    here, there = demographic_disparity(strata), demographic_disparity(strata[:, ::-1])
    assert here.value == pytest.approx(-there.value, nan_ok=True, abs=1e-12)
    assert here.low == pytest.approx(-there.high, nan_ok=True, abs=1e-12)
    if here.rows:
        assert -1 <= here.low <= here.value + 1e-12
        assert here.value <= here.high + 1e-12 <= 1 + 2e-12
