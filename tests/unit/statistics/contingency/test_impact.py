"""The four-fifths rule: ratios, limits that hold, and how many selections the ratio rests on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.statistics.contingency import FOUR_FIFTHS, Pair, impact_ratios, selections_to_flip
from hakari.statistics.limits import ClopperPearson, simultaneous

SIZE = st.integers(1, 60)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    rows, other = draw(SIZE), draw(SIZE)
    return Pair(draw(st.integers(0, rows)), rows, draw(st.integers(0, other)), other)


def test_question_21_of_the_agencies_one_more_selected_turns_the_comparison() -> None:
    """80 and 20 people, 16 and 3 selected: 15 % to 20 % is .75; one selection moved makes it 20 % to 18.75 %."""
    value, _, _ = impact_ratios(ClopperPearson(np.array([16.0, 3.0]), np.array([80.0, 20.0])), 0.05)
    assert value.tolist() == pytest.approx([1.0, 0.75])
    assert selections_to_flip(Pair(3, 20, 16, 80)) == 1


@given(pairs())
def test_so_many_selections_lift_the_ratio_and_one_less_does_not(pair: Pair) -> None:
    found = selections_to_flip(pair)
    assert found is not None

    def reached(moved: int) -> bool:
        own = Fraction(pair.selected + moved, pair.rows)
        return own >= FOUR_FIFTHS * Fraction(pair.other_selected - moved, pair.other_rows)

    assert reached(found)
    assert found == 0 or not reached(found - 1)


def test_exactly_four_fifths_is_not_below() -> None:
    assert selections_to_flip(Pair(4, 50, 5, 50)) == 0
    assert selections_to_flip(Pair(0, 0, 5, 50)) is None


def test_a_single_group_has_a_ratio_of_one_to_itself() -> None:
    value, low, high = impact_ratios(ClopperPearson(np.array([5.0]), np.array([9.0])), 0.05)
    assert (value[0], low[0], high[0]) == (1.0, 1.0, 1.0)


def test_without_any_selection_there_is_no_ratio() -> None:
    parts = impact_ratios(ClopperPearson(np.zeros(3), np.array([5.0, 9.0, 0.0])), 0.05)
    assert all(np.isnan(part).all() for part in parts)


def test_a_group_without_people_has_no_ratio_and_disturbs_none() -> None:
    value, low, high = impact_ratios(ClopperPearson(np.array([5.0, 0.0, 8.0]), np.array([9.0, 0.0, 9.0])), 0.05)
    assert np.isnan([value[1], low[1], high[1]]).all()
    assert value[[0, 2]].tolist() == pytest.approx([5 / 8, 1.0])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=2, max_size=6))
def test_wherever_the_rates_lie_inside_their_limits_the_ratios_do(counts: list[tuple[int, int]]) -> None:
    """Corners and points inside the box of the simultaneous limits are tried for each group."""
    selected, rows = (np.array(part, dtype=float) for part in zip(*counts, strict=True))
    limits = ClopperPearson(np.minimum(selected, rows), rows)
    if not limits.values.max() > 0:
        return
    low, high = simultaneous(limits, 0.05)
    _, lower, upper = impact_ratios(limits, 0.05)
    rng = np.random.default_rng(len(counts))
    for share in (*np.eye(len(counts)), *(1 - np.eye(len(counts))), *rng.random((5, len(counts)))):
        rates = low + share * (high - low)
        ratios = rates / rates.max()
        assert (ratios >= lower - 1e-12).all()
        assert (ratios <= upper + 1e-12).all()
