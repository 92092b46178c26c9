"""Constraints: what may change is checked and priced as written, consequences follow, mistakes are one clear line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.measures._constraints import Constraints, Expression, bind_constraints, read_constraints
from hakari.messages import render

ROWS = {
    "income": np.array([10.0, 20.0, 30.0, np.nan]),
    "debt": np.array([5.0, 5.0, 8.0, 1.0]),
    "share": np.array([0.5, 0.25, 8 / 30, np.nan]),
    "children": np.array([0, 1, 2, 3]),
    "job": np.array(["clerk", "smith", None, "clerk"], dtype=object),
    "rents": np.array([1, 0, 0, 1]),
    "owns": np.array([0, 1, 0, 0]),
}


def _on(**content: Any) -> Constraints:
    return bind_constraints(read_constraints(content), ROWS)


def _after(**changed: Any) -> dict[str, Any]:
    return ROWS | {name: np.array(values, dtype=ROWS[name].dtype) for name, values in changed.items()}


def test_a_column_that_is_not_named_never_changes_unless_others_are_free() -> None:
    after = _after(debt=[4.0, 5.0, 8.0, 1.0])
    assert _on().check(ROWS, after).rows.tolist() == [True, False, False, False]
    assert not _on(others="free").check(ROWS, after).rows.any()


@pytest.mark.parametrize(
    ("rule", "new", "broken"),
    [
        ({"monotone": "down"}, [4.0, 6.0, 8.0, 1.0], [False, True, False, False]),
        ({"monotone": "up"}, [4.0, 6.0, 8.0, 1.0], [True, False, False, False]),
        ({"range": [2, 6]}, [1.0, 6.0, 8.0, 7.0], [True, False, False, True]),
        ({"range": [None, 6]}, [1.0, 6.0, 8.0, 7.0], [False, False, False, True]),
        ({"step": 0.1}, [5.3, 5.05, 8.0, 1.0], [False, True, False, False]),
        ({"integer": "true"}, [4.0, 4.5, 8.0, 1.0], [False, True, False, False]),
        ({"levels": [1, "2"]}, [1.0, 2.0, 8.0, 3.0], [False, False, False, True]),
        ({"action": False}, [5.0, 4.0, 8.0, 1.0], [False, True, False, False]),
        ({}, [np.nan, 5.0, 8.0, 1.0], [True, False, False, False]),
        ({"most_change": 1}, [4.0, 6.5, 8.0, 1.0], [False, True, False, False]),
        ({"most_change": {"amount": 0.2, "per": "value"}}, [4.0, 3.9, 8.0, 1.3], [False, True, False, True]),
        ({"most_change": {"amount": 2, "per": "step"}, "step": 0.5}, [6.0, 6.5, 8.0, 1.0], [False, True, False, False]),
        ({"most_change": {"amount": 1, "per": "level"}, "levels": [1, 5, 8]}, [1.0, 8.0, 1.0, 5.0], [0, 0, 1, 0]),
        ({"most_change": 9}, [np.nan, 5.0, 8.0, 1.0], [True, False, False, False]),
    ],
)
def test_a_change_is_held_against_the_rule_of_its_column(rule: dict[str, Any], new: list[float], broken: Any) -> None:
    found = _on(columns={"debt": rule}).check(ROWS, _after(debt=new))
    assert found.rows.tolist() == broken
    assert all(bool(found.of(row)) == each for row, each in enumerate(broken))


def test_a_limit_in_spreads_is_one_of_the_column_s_own_spread() -> None:
    """The quartiles of 5, 5, 8 and 1 are 4 and 5.75: one spread is 1.75 / 1.349, hence 1.297."""
    on = _on(columns={"debt": {"most_change": {"amount": 1, "per": "spread"}}})
    assert on.check(ROWS, _after(debt=[6.29, 6.31, 8.0, 1.0])).rows.tolist() == [False, True, False, False]


def test_a_text_moves_so_many_places_along_its_levels_and_one_that_is_none_of_them_stays() -> None:
    rule = {"levels": ["clerk", "baker", "smith"], "most_change": {"amount": 1, "per": "level"}}
    on = _on(columns={"job": rule})
    assert on.check(ROWS, _after(job=["baker", "clerk", None, "smith"])).rows.tolist() == [False, True, False, True]
    others = {name: values[:1] for name, values in ROWS.items()} | {"job": np.array(["pilot"], dtype=object)}
    assert on.check(others, others | {"job": np.array(["baker"], dtype=object)}).rows.all()


def test_a_limit_holds_for_consequences_and_its_line_says_how_far() -> None:
    content = {
        "columns": {"debt": {}, "share": {"action": False, "most_change": {"amount": 0.1, "per": "value"}}},
        "derived": {"share": "debt / income"},
    }
    on = _on(**content)
    after = on.project(ROWS, _after(debt=[4.0, 4.9, 8.0, 1.0]))
    found = on.check(ROWS, after)
    assert found.rows.tolist() == [True, False, False, False]
    assert [render(each, "en") for each in found.of(0)] == ["share moved further than 10% of what it was"]


def test_a_text_goes_up_along_its_levels_as_they_are_ordered() -> None:
    on = _on(columns={"job": {"levels": ["clerk", "smith", "judge"], "monotone": "up"}})
    assert on.check(ROWS, _after(job=["judge", "clerk", None, "cook"])).rows.tolist() == [False, True, False, True]


def test_a_value_that_stays_is_never_a_violation_even_outside_its_range() -> None:
    assert not _on(columns={"debt": {"range": [100, 200], "integer": True}}).check(ROWS, ROWS).rows.any()


def test_exactly_one_of_a_group_is_chosen() -> None:
    on = _on(one_hot={"home": ["rents", "owns"]})
    after = _after(rents=[0, 1, 0, 0], owns=[1, 1, 0, 0])
    assert on.check(ROWS, after).rows.tolist() == [False, True, False, True]
    assert not _on(one_hot={"home": {"columns": ["rents", "owns"], "none": True}}).check(ROWS, after).rows[3]


def test_columns_stay_in_order_and_rows_that_were_out_of_order_get_no_worse() -> None:
    rows = {"low": np.array([1.0, 5.0, 5.0]), "high": np.array([2.0, 4.0, 4.0])}
    on = bind_constraints(read_constraints({"others": "free", "ordered": [["low", "high"]]}), rows)
    after = rows | {"low": np.array([3.0, 6.0, 4.5])}
    assert on.check(rows, after).rows.tolist() == [True, True, False]


def test_a_derived_column_follows_and_another_value_is_a_violation() -> None:
    on = _on(columns={"debt": {}}, derived={"share": "was(share) * debt / was(debt)"})
    moved = _after(debt=[4.0, 5.0, 4.0, 1.0])
    after = on.project(ROWS, moved)
    np.testing.assert_allclose(after["share"], [0.4, 0.25, 4 / 30, np.nan])
    assert not on.check(ROWS, after).rows.any()
    assert on.check(ROWS, moved).rows.tolist() == [True, False, True, False]


def test_what_follows_from_what_follows_is_calculated_in_order() -> None:
    rows = {name: np.array([1.0]) for name in "abc"}
    on = bind_constraints(read_constraints({"columns": {"a": {}}, "derived": {"c": "b + 1", "b": "2 * a"}}), rows)
    assert on.project(rows, rows | {"a": np.array([5.0])})["c"].tolist() == [11.0]


def test_costs_are_per_spread_unit_step_or_change_and_consequences_are_free() -> None:
    spread = (np.quantile(ROWS["debt"], 0.75) - np.quantile(ROWS["debt"], 0.25)) / 1.3489795003921634
    after = _after(
        debt=[3.0, 5.0, 8.0, 1.0], job=["cook", "smith", None, "clerk"], rents=[0, 0, 0, 1], owns=[1, 1, 0, 0]
    )
    one_hot = {"home": {"columns": ["rents", "owns"], "cost": 7}}
    for cost, price in (
        (2, 2 * 2 / spread),
        ({"amount": 2, "per": "unit"}, 4.0),
        ({"amount": 2, "per": "step"}, 8.0),
        ({"amount": 2, "per": "change"}, 2.0),
    ):
        columns = {"debt": {"cost": cost, "step": 0.5}, "job": {"cost": 3}}
        on = _on(columns=columns, one_hot=one_hot, derived={"share": "debt"})
        np.testing.assert_allclose(on.cost(ROWS, on.project(ROWS, after)), [price + 3 + 7, 0, 0, 0])


def test_a_spread_of_0_falls_back_to_the_standard_deviation_and_then_to_1() -> None:
    rows = {"rare": np.array([0.0] * 9 + [1.0]), "same": np.full(10, 3.0), "none": np.full(10, np.nan)}
    on = bind_constraints(read_constraints({}), rows)
    assert on.spreads == pytest.approx({"rare": 0.3, "same": 1.0, "none": 1.0})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"column": {}}, "constraints has the key “column”"),
        ({"columns": {"debt": {"rang": [0, 1]}}}, "constraints.columns.debt has the key “rang”"),
        ({"columns": {"debt": {"range": [2, 1]}}}, "constraints.columns.debt.range is “2 … 1”"),
        ({"columns": {"debt": {"range": [0, "many"]}}}, "Expected a finite number"),
        ({"columns": {"debt": {"monotone": "sideways"}}}, "one of up, down"),
        ({"columns": {"debt": {"cost": -1}}}, "0 or more"),
        ({"columns": {"debt": {"cost": {"per": "step"}}}}, "a step beside the cost"),
        ({"columns": {"debt": {"step": 0}}}, "above 0"),
        ({"columns": {"debt": {"immutable": "perhaps"}}}, "true or false"),
        ({"columns": {"debt": {"levels": [1], "range": [0, 1]}}}, "levels and a range"),
        ({"columns": {"debt": {"most_change": 0}}}, "debt.most_change is “0.0”. Expected a number above 0"),
        ({"columns": {"debt": {"most_change": {"per": "value"}}}}, "an amount with a unit"),
        ({"columns": {"debt": {"most_change": {"amount": 1, "per": "step"}}}}, "a step beside"),
        ({"columns": {"debt": {"most_change": {"amount": 1, "per": "level"}}}}, "levels in their order"),
        ({"columns": {"debt": {"most_change": {"amount": 1, "per": "year"}}}}, "one of unit, value"),
        ({"columns": {"job": {"most_change": 1}}}, "“job”, which holds texts"),
        ({"columns": {"depth": {}}}, "names depth, which the rows do not have"),
        ({"columns": {"job": {"range": [0, 1]}}}, "“job”, which holds texts"),
        ({"columns": {"debt": {"levels": ["much"]}}}, "Write the levels as numbers"),
        ({"one_hot": {"home": ["rents"]}}, "two or more different columns"),
        ({"one_hot": {"a": ["rents", "owns"], "b": ["owns", "debt"]}}, "“owns” by two rules"),
        ({"ordered": [["debt"]]}, "two different columns"),
        ({"derived": {"debt": "share", "share": "debt"}}, "in a circle"),
        ({"derived": {"debt": "debt + 1"}}, "in a circle"),
        ({"derived": {"share": "__import__('os')"}}, "cannot be read"),
        ({"derived": {"share": "debt +"}}, "it ends too early"),
        ({"derived": {"share": "min(debt"}}, "“)” is missing"),
        ({"derived": {"share": "debt income"}}, "“income” does not belong there"),
        ({"derived": {"share": "was(1)"}}, "takes the name of one column"),
        ({"derived": {"share": "1+" * 300 + "1"}}, "more than 500"),
        ({"derived": {"share": "(" * 60 + "1" + ")" * 60}}, "nested deeper than 20"),
        ([], "a mapping of names"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_place(content: Any, words: str) -> None:
    with pytest.raises(InputError) as error:
        bind_constraints(read_constraints(content), ROWS)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


_NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))


@given(_NUMBERS, _NUMBERS, _NUMBERS)
def test_expressions_calculate_as_python_does(a: float, b: float, c: float) -> None:
    rows = {name: np.array([value]) for name, value in zip(("a", "b", "`語 1`".strip("`")), (a, b, c), strict=True)}
    text = "-a + b * (`語 1` - 2.5e0) / 4 - max(a, b, 1) + min(b, `語 1`)"
    expected = -a + b * (c - 2.5) / 4 - max(a, b, 1) + min(b, c)
    found = Expression.parse(text, place="here")(rows, rows)
    assert found == pytest.approx([expected], rel=1e-9, abs=1e-9)


def test_a_division_by_0_is_no_number() -> None:
    rows = {"a": np.array([1.0, 1.0]), "b": np.array([0.0, 2.0])}
    np.testing.assert_array_equal(Expression.parse("a / b", place="here")(rows, rows), [np.nan, 0.5])
