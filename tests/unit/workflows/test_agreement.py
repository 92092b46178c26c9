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
        ({"method": "studentised bootstrap", "low": 0.70}, {"method": "studentised bootstrap", "low": 0.705}),
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
        ({"method": "studentised bootstrap", "value": 0.70}, {"method": "studentised bootstrap", "value": 0.705}),
        ({"method": "studentised bootstrap", "low": 0.7}, {"method": "studentised bootstrap", "low": 0.8}),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"rows": [1]}, {"rows": [1, 1]}),
        ({"flag": True}, {"flag": 1}),
        ({"noise_floor": 0.05}, {"noise_floor": 0.08}),
    ],
)
def test_anything_else_is(first: Any, second: Any) -> None:
    assert not agree(first, second)
    assert not agree(second, first)
