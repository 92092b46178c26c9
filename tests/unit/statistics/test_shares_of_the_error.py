"""Who gets which share of the error: the ends of the ranges, and steps of Holm that are easy to get wrong."""

from __future__ import annotations

import pytest

from hakari.statistics.multiplicity import candidates_error, holm_levels, look_error


def test_p_values_of_0_and_1_are_p_values() -> None:
    assert holm_levels([0.0, 1.0], [0.05, 0.05]) == pytest.approx((0.025, 0.05))


def test_equal_checks_share_the_level_of_the_first_of_them() -> None:
    """Three q of .01 / .05 = .2: all below 1/3, so all are rejected, each at a third of the budget."""
    assert holm_levels([0.01, 0.01, 0.01], [0.05] * 3) == pytest.approx((0.05 / 3,) * 3)
    # Sixteenths, so that the quotients are equal to the last digit.
    assert holm_levels([2**-7, 2**-8, 2**-7], [2**-4, 2**-5, 2**-4]) == (2**-4 / 3, 2**-5 / 3, 2**-4 / 3)


def test_a_p_value_at_its_level_is_still_rejected_and_the_next_moves_on() -> None:
    assert holm_levels([0.025, 0.04], [0.05, 0.05]) == pytest.approx((0.025, 0.05))
    assert holm_levels([0.026, 0.04], [0.05, 0.05]) == pytest.approx((0.025, 0.025))


def test_after_a_stop_no_later_check_moves_on_though_it_has_another_budget() -> None:
    assert holm_levels([0.04, 0.5, 0.001], [0.05, 0.5, 0.01]) == pytest.approx((0.05 / 2, 0.5 / 2, 0.01 / 3))


def test_no_check_needs_no_level() -> None:
    assert holm_levels([], []) == ()


def test_the_first_look_spends_one_half_and_one_candidate_keeps_all() -> None:
    assert look_error(0.05, 1) == 0.025
    assert candidates_error(0.05, 1) == 0.05
