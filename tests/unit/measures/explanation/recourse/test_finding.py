"""Recourse: the cheapest change that the model accepts and the constraints allow, or that there is none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from hakari.errors import InputError
from hakari.measures._constraints import bind_constraints, read_constraints
from hakari.measures.explanation import Asked, Features
from hakari.measures.explanation.recourse import Recourse, find_recourse

Function = Callable[[Features], npt.NDArray[Any]]


def _features(**columns: Any) -> Features:
    return Features({name: np.asarray(values) for name, values in columns.items()})


def _found(function: Function, rows: Features, content: dict[str, Any], **options: Any) -> Recourse:
    background = options.pop("background", rows)
    given: dict[str, Any] = {"threshold": 0.5, "rng": np.random.default_rng(4)} | options
    return find_recourse(Asked(function), rows, background, read_constraints(content), **given)


def _straight(weights: dict[str, float], bias: float = 0.0) -> Function:
    def score(features: Features) -> npt.NDArray[Any]:
        total = bias + sum(weight * features.columns[name].astype(float) for name, weight in weights.items())
        return np.asarray(1 / (1 + np.exp(-total)))

    return score


def _box(rng: np.random.Generator, rows: int) -> Features:
    return _features(**{name: rng.normal(size=rows).round(3) for name in "abcd"})


def test_on_a_straight_model_in_a_box_the_cost_is_that_of_a_linear_programme() -> None:
    rng = np.random.default_rng(1)
    weights = {"a": 1.0, "b": -0.7, "c": 0.4, "d": 0.2}
    rows = _box(rng, 60)
    content = {
        "columns": {name: {"range": [-3, 3], "cost": {"amount": i + 1, "per": "unit"}} for i, name in enumerate("abcd")}
    }
    found = _found(_straight(weights, -1.5), rows, content, count=1)
    values, w = rows.matrix(), np.array(list(weights.values()))
    prices = np.arange(1, 5)
    for row in range(rows.rows):
        need = 1.5 - values[row] @ w
        if need <= 0:
            assert found.statuses[row] == "already"
            continue
        # x = up − down, both at least 0.
        exact = milp(
            np.r_[prices, prices],
            constraints=LinearConstraint([np.r_[w, -w]], [need], [np.inf]),
            bounds=Bounds(0, np.r_[3 - values[row], values[row] + 3]),
        )
        assert exact.fun is not None
        assert found.costs[row] == pytest.approx(exact.fun, rel=0.005)
        assert found.costs[row] >= exact.fun - 1e-9


def test_among_few_settings_the_cheapest_is_found_and_proved() -> None:
    rng = np.random.default_rng(2)
    rows = _features(**{name: rng.integers(0, 4, 30) for name in "abc"})
    table = rng.random((4, 4, 4))

    def score(features: Features) -> npt.NDArray[Any]:
        return np.asarray(table[tuple(features.columns[name] for name in "abc")])

    prices = {"a": 1.0, "b": 1.7, "c": 2.3}
    rule = {"range": [0, 3], "integer": True}
    content = {"columns": {name: {**rule, "cost": {"amount": price, "per": "unit"}} for name, price in prices.items()}}
    found = _found(score, rows, content, threshold=0.8, count=1)
    for row in range(30):
        here = [int(rows.columns[name][row]) for name in "abc"]
        costs = [
            sum(price * abs(new - old) for price, new, old in zip(prices.values(), there, here, strict=True))
            for there in product(range(4), repeat=3)
            if table[there] >= 0.8
        ]
        assert found.costs[row] == pytest.approx(min(costs))
        assert found.optimal[row] or found.statuses[row] == "already"


def test_none_exists_only_where_every_setting_was_tried() -> None:
    rows = _features(a=[0, 0], b=[0.0, 0.5])
    steps = _found(lambda f: f.columns["b"] * 0, rows, {"columns": {"a": {"range": [0, 1], "integer": True}}})
    assert steps.statuses == ("none_exists", "none_exists")
    free = _found(lambda f: f.columns["b"] * 0, rows, {"columns": {"b": {"range": [0, 1]}}})
    assert free.statuses == ("not_found", "not_found")
    held = _found(lambda f: f.columns["b"] * 0, rows, {})
    assert held.statuses == ("none_exists", "none_exists")
    assert np.isinf(held.costs).all()


def test_a_change_that_needs_two_useless_moves_is_found() -> None:
    rng = np.random.default_rng(3)
    rows = _features(**{name: rng.uniform(0.6, 1.0, 10) for name in "abc"})
    content = {"columns": {name: {"range": [-1, 1]} for name in "abc"}}

    def both(features: Features) -> npt.NDArray[Any]:
        return np.asarray(((features.columns["a"] < 0) & (features.columns["b"] < 0)).astype(float))

    found = _found(both, rows, content)
    assert found.found.all()
    assert {each[0].levers for each in found.alternatives} == {("a", "b")}


def test_alternatives_use_different_levers_and_a_dearer_one_never_all_of_a_cheaper_one() -> None:
    rows = _box(np.random.default_rng(5), 40)
    content = {"columns": {name: {"range": [-4, 4]} for name in "abcd"}}
    found = _found(_straight({"a": 1.0, "b": 1.0, "c": 0.8, "d": 0.9}, -3), rows, content, count=3)
    several = [each for each in found.alternatives if len(each) == 3]
    assert len(several) > 20
    for alternatives in several:
        ordered = sorted(alternatives, key=lambda each: each.cost)
        sets = [set(each.levers) for each in ordered]
        assert not any(one <= other for place, one in enumerate(sets) for other in sets[place + 1 :])


def test_everything_shown_is_decided_as_wanted_and_breaks_no_rule() -> None:
    rng = np.random.default_rng(6)
    rows = _features(
        income=rng.normal(30, 8, 50).round(1), debt=rng.normal(10, 3, 50).round(1), cap=np.full(50, 12.0),
        share=np.zeros(50), rents=np.ones(50, dtype=int), owns=np.zeros(50, dtype=int),
        job=np.array(["a", "b"] * 25, dtype=object),
    )  # fmt: skip
    content = {
        "columns": {
            "income": {"monotone": "up", "range": [None, 60], "step": 0.5},
            "debt": {"monotone": "down", "range": [0, None]},
            "job": {"levels": ["a", "b", "c"], "cost": 0.3},
        },
        "one_hot": {"home": ["rents", "owns"]},
        "derived": {"share": "debt / income"},
        "ordered": [["debt", "cap"]],
    }

    def score(features: Features) -> npt.NDArray[Any]:
        c = features.columns
        return np.asarray(0.2 + c["income"] / 100 - c["share"] + 0.1 * c["owns"] + 0.1 * (c["job"] == "c"))

    found = _found(score, rows, content, threshold=0.6, count=3)
    on = bind_constraints(read_constraints(content), rows.columns)
    checked = 0
    for row, alternatives in enumerate(found.alternatives):
        for each in alternatives:
            before = rows.take([row])
            after = before.with_columns(
                {n: np.array([v], dtype=object if n == "job" else None) for n, v in each.values.items()}
            )
            assert score(after)[0] >= 0.6
            assert not on.check(before.columns, after.columns).rows.any()
            assert each.cost == pytest.approx(on.cost(before.columns, after.columns)[0])
            assert {step.column for step in each.steps if step.consequence} <= {"share"}
            checked += 1
    assert checked > 40


def test_a_change_stays_within_reach_of_where_the_row_stands() -> None:
    """At 40, 20 % of the value reach 48, at 45 they reach 54: only the second can get to 50."""
    rows = _features(saved=[40.0, 45.0, 45.0], years=[1.0, 1.0, 9.0])
    content = {"columns": {"saved": {"range": [0, 100], "most_change": {"amount": 0.2, "per": "value"}}}}
    found = _found(lambda features: features.columns["saved"] / 100, rows, content)
    assert found.found.tolist() == [False, True, True]
    assert found.alternatives[1][0].values["saved"] == pytest.approx(50, abs=0.02)


def test_along_levels_and_steps_within_reach_every_setting_is_tried_and_none_exists_is_proved() -> None:
    rows = _features(
        school=np.array(["none", "basic", "high", "other"], dtype=object), hours=np.array([30, 30, 28, 30])
    )
    content = {
        "columns": {
            "school": {"levels": ["none", "basic", "high"], "monotone": "up",
                       "most_change": {"amount": 1, "per": "level"}},
            "hours": {"integer": True, "range": [0, 90], "most_change": 5},
        }
    }  # fmt: skip

    def score(features: Features) -> npt.NDArray[Any]:
        points = {"none": 0.0, "basic": 0.2, "high": 0.4, "other": 0.0}
        return np.array([points[each] for each in features.columns["school"]]) + features.columns["hours"] / 300

    found = _found(score, rows, content, threshold=0.5)
    # 35 hours give 0.117; with "high", two places above "none", that would be enough.
    assert found.statuses == ("none_exists", "found", "found", "none_exists")
    assert dict(found.alternatives[1][0].values) == {"school": "high"}
    assert found.optimal.tolist() == [False, True, True, False]


def test_a_lever_goes_with_the_column_that_follows_and_that_it_may_not_cross() -> None:
    """Debt stays at or above the share that follows from the loan: both go down together, as far as both are needed.

    Loan and debt must add up to 9, debt is cheaper and stops at the loan: 4.5 each, for 5.5 · 2 + 5.5.
    """
    rows = _features(loan=[10.0], share=[10.0], debt=[10.0])
    content = {
        "columns": {
            "loan": {"monotone": "down", "range": [0, None], "cost": {"amount": 2, "per": "unit"}},
            "debt": {"monotone": "down", "range": [0, None], "step": 0.1, "cost": {"amount": 1, "per": "unit"}},
        },
        "derived": {"share": "loan"},
        "ordered": [["share", "debt"]],
    }
    found = _found(lambda f: (20 - f.columns["loan"] - f.columns["debt"]) / 22, rows, content)
    assert found.costs[0] == pytest.approx(16.5, rel=0.01)


def test_a_line_where_a_row_stands_is_not_crossed_by_a_hair() -> None:
    """A tree that decides at exactly 17 would accept 17.00000001: what is shown is a move that somebody can make."""
    rng = np.random.default_rng(2)
    rows = _features(saved=np.r_[17.0, rng.normal(30, 10, 99)], owed=np.r_[9.0, rng.normal(5, 2, 99)])

    def score(f: Features) -> npt.NDArray[Any]:
        return 0.3 * (f.columns["saved"] > 17.0) + 0.3 * (f.columns["owed"] < 8.0) + 0.05

    found = _found(score, rows.take([0]), {"others": "free"}, background=rows)
    (best, *_) = found.alternatives[0]
    after = rows.take([0]).with_columns({name: np.array([new]) for name, new in best.values.items()})
    assert score(after)[0] >= 0.5
    assert best.values["saved"] >= 17.001
    assert best.values["saved"] == round(best.values["saved"], 3)


def test_below_is_the_mirror_of_at_least() -> None:
    rows = _box(np.random.default_rng(8), 20)
    content = {"columns": {name: {"range": [-3, 3]} for name in "ab"}}
    up = _found(_straight({"a": 1.0, "b": 0.5}), rows, content)
    down = _found(_straight({"a": -1.0, "b": -0.5}), rows, content, wanted="below")
    # Where the threshold itself is reached, one counts it as wanted and the other does not.
    np.testing.assert_allclose(up.costs, down.costs, atol=0.01)


def test_a_missing_value_stays_missing_and_other_levers_still_move() -> None:
    rows = _features(a=[np.nan, 0.0], b=[0.0, 0.0], job=np.array([None, "x"], dtype=object))
    content = {"columns": {"a": {"range": [0, 1]}, "b": {"range": [0, 1]}, "job": {"levels": ["x", "y"]}}}
    found = _found(lambda f: f.columns["b"] * 1.0, rows, content)
    assert [each[0].levers for each in found.alternatives] == [("b",), ("b",)]


def test_a_label_is_enough_and_a_threshold_in_it_is_found_closely() -> None:
    rows = _features(a=np.linspace(0, 0.5, 8))
    found = _found(lambda f: (f.columns["a"] > 0.7311).astype(float), rows, {"columns": {"a": {"range": [0, 1]}}})
    values = np.array([each[0].values["a"] for each in found.alternatives])
    assert (values > 0.7311).all()
    assert (values < 0.7311 + 0.001).all()


def test_the_same_seed_gives_the_same_and_the_budget_is_kept() -> None:
    rows = _box(np.random.default_rng(9), 30)
    content = {"columns": {name: {"range": [-3, 3]} for name in "abcd"}}
    model = _straight({"a": 1.0, "b": 0.5, "c": 0.2, "d": 0.1}, -2)
    first, second = (_found(model, rows, content) for _ in range(2))
    assert first.alternatives == second.alternatives
    small = _found(model, rows, content, most_model_rows=900)
    # Asking the rows and the background, and asking again about what is shown, comes on top.
    assert small.cost.model_rows < 900 + 5 * 30 + 3 * 30


def test_a_row_far_from_everybody_who_is_accepted_is_flagged_and_ranked_last() -> None:
    rng = np.random.default_rng(10)
    good = rng.normal(0, 1, (300, 2))
    background = _features(a=np.r_[good[:, 0], -3.0], b=np.r_[good[:, 1] + 10, 0.0])
    content = {"columns": {"a": {"range": [-50, 50], "cost": 0.01}, "b": {"range": [-50, 50], "cost": 1}}}

    def score(features: Features) -> npt.NDArray[Any]:
        return np.asarray(((features.columns["b"] > 8) | (features.columns["a"] > 40)).astype(float))

    (alternatives,) = _found(score, _features(a=[0.0], b=[0.0]), content, background=background).alternatives
    assert [each.implausible for each in alternatives] == [False, True]
    assert alternatives[0].cost > alternatives[1].cost


def test_ten_thousand_categories_cost_no_ten_thousand_tries() -> None:
    words = np.array([f"w{number}" for number in range(10_000)], dtype=object)
    rows = Features({"word": words[:3], "a": np.zeros(3)})
    background = Features({"word": words, "a": np.linspace(0, 1, 10_000)})
    content = {"columns": {"word": {}, "a": {"range": [0, 1]}}}
    found = _found(lambda f: f.columns["a"] * 1.0, rows, content, background=background)
    assert found.found.all()
    assert found.cost.model_rows < 10_000 + 3 * 2_000


def test_one_row_constant_and_empty_columns_are_no_trouble() -> None:
    rows = _features(a=[0.2], same=[1.0], empty=[np.nan])
    found = _found(lambda f: f.columns["a"] * 1.0, rows, {"others": "free", "columns": {"a": {"range": [0, 1]}}})
    assert found.alternatives[0][0].levers == ("a",)


def test_nobody_accepted_makes_every_change_implausible() -> None:
    background = _features(a=[0.0, 0.1, 0.2])
    found = _found(lambda f: f.columns["a"] * 1.0, background, {"columns": {"a": {"range": [0, 1]}}})
    assert all(each[0].distance_rank == 1.0 for each in found.alternatives)


def test_a_count_of_0_is_refused() -> None:
    with pytest.raises(InputError, match="Expected at least 1"):
        _found(lambda f: f.columns["a"], _features(a=[0.0]), {}, count=0)


def test_levels_between_whole_numbers_are_kept_in_a_column_of_whole_numbers() -> None:
    rows = _features(a=np.array([0, 2]))
    found = _found(lambda f: (f.columns["a"] == 0.5).astype(float), rows, {"columns": {"a": {"levels": [0, 0.5, 2]}}})
    assert [each[0].values["a"] for each in found.alternatives] == [0.5, 0.5]
