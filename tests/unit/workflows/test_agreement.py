"""Two machines may differ in the last digits and never in what they say."""

from __future__ import annotations

from typing import Any

import pytest

from hakari.workflows.agreement import agree


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"value": 0.1, "n": 3}, {"value": 0.1 + 1e-15, "n": 3}),
        ({"value": 0.0}, {"value": 1e-13}),
        ({"rows": [1, 2.5, "a", None]}, {"rows": (1, 2.5, "a", None)}),
        ({"low": 0.70, "monte_carlo_error": [0.001, 0.001]}, {"low": 0.705, "monte_carlo_error": [0.001, 0.002]}),
        ({"worst_case": 0.7, "monte_carlo_error": [0.0, 0.01]}, {"worst_case": 0.75, "monte_carlo_error": [0.0, 0.01]}),
        ({"noise_floor": 0.050}, {"noise_floor": 0.051}),
        ({"rows_needed": {"likely": 1000, "groups": ["a"]}}, {"rows_needed": {"likely": 1100, "groups": ["a"]}}),
    ],
)
def test_rounding_and_chance_are_no_difference(first: Any, second: Any) -> None:
    assert agree(first, second)
    assert agree(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"status": "met"}, {"status": "not_met"}),
        ({"n": 3}, {"n": 4}),
        ({"value": 0.1}, {"value": 0.1001}),
        ({"method": "clopper-pearson", "low": 0.70}, {"method": "clopper-pearson", "low": 0.705}),
        ({"method": "studentised bootstrap", "low": 0.7}, {"method": "studentised bootstrap", "low": 0.701}),
        ({"value": 0.70, "monte_carlo_error": [0.1, 0.1]}, {"value": 0.705, "monte_carlo_error": [0.1, 0.1]}),
        ({"low": 0.7, "monte_carlo_error": [0.001, 0.001]}, {"low": 0.71, "monte_carlo_error": [0.001, 0.001]}),
        ({"low": 0.7, "monte_carlo_error": [0.001, 0.001]}, {"low": 0.7, "monte_carlo_error": [0.005, 0.001]}),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"rows": [1]}, {"rows": [1, 1]}),
        ({"flag": True}, {"flag": 1}),
        ({"noise_floor": 0.05}, {"noise_floor": 0.08}),
    ],
)
def test_anything_else_is(first: Any, second: Any) -> None:
    assert not agree(first, second)
    assert not agree(second, first)


def test_a_record_from_before_the_error_was_recorded_still_agrees_within_the_error_that_is_found_now() -> None:
    again = {"low": 0.70, "high": 0.8, "monte_carlo_error": [0.001, 0.001]}
    assert agree({"low": 0.703, "high": 0.8}, again)
    assert not agree({"low": 0.75, "high": 0.8}, again)


def test_nobody_widens_the_tolerance_by_stating_an_error() -> None:
    exact = {"low": 0.70, "high": 0.8}
    assert not agree({**exact, "monte_carlo_error": [0.0, 0.0]}, exact)
    drawn = {**exact, "monte_carlo_error": [0.001, 0.001]}
    assert not agree({"low": 0.60, "high": 0.8, "monte_carlo_error": [1.0, 0.001]}, drawn)
