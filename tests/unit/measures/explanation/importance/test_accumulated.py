"""Accumulated effects: the line of a linear model, the component of an additive one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hakari.measures.explanation import Features
from hakari.measures.explanation.importance import accumulated_effects, partial_dependence
from hakari.messages import render
from tests.unit.measures.explanation.importance.known import Floats, asked, awkward, linear, mixed, plain, rng


def grid_of(found: Any) -> Floats:
    return np.array(found.grid, dtype=float)


def test_a_linear_model_is_its_line_without_error() -> None:
    found = accumulated_effects(asked(linear), plain(), "a", points=9)
    assert np.diff(found.values[0]) == pytest.approx(2 * np.diff(grid_of(found)))
    assert found.errors[0] == pytest.approx(np.zeros(9), abs=1e-9)
    assert found.cost.model_rows == 600


def test_an_additive_model_shows_its_component() -> None:
    def additive(features: Features) -> Floats:
        return np.asarray(np.sin(features.columns["a"]) + features.columns["b"] ** 2, dtype=np.float64)

    found = accumulated_effects(asked(additive), plain(1000), "a")
    assert np.diff(found.values[0]) == pytest.approx(np.diff(np.sin(grid_of(found))))


def test_the_mean_over_the_rows_is_nothing() -> None:
    features = plain(1000)
    found = accumulated_effects(asked(linear), features, "a", points=11)
    along = np.interp(features.columns["a"], grid_of(found), found.values[0])
    assert along.mean() == pytest.approx(0, abs=1e-9)
    assert found.counts[1:].tolist() == [100] * 10


def test_a_rare_value_counts_for_as_few_rows_as_have_it() -> None:
    features = Features({"a": np.array([1.0] * 5 + [0.0] * 95), "b": np.arange(100.0)})
    found = accumulated_effects(asked(lambda rows: 2.0 * rows.columns["a"]), features, "a", points=11)
    assert found.grid == (0.0, 1.0)
    np.testing.assert_allclose(found.values[0], [-0.1, 1.9])


def test_columns_that_go_together_do_not_lend_their_effect() -> None:
    """y = a·b with b a copy of a: only near rows are asked, so the effect of a is a²/2, not 0 as the product says."""

    def product(features: Features) -> Floats:
        return np.asarray(features.columns["a"] * features.columns["copy"], dtype=np.float64)

    features = plain(4000)
    found = accumulated_effects(asked(product), features, "a", points=41)
    expected = grid_of(found) ** 2 / 2
    inner = slice(3, -3)
    moved = found.values[0, inner] - expected[inner]
    assert moved == pytest.approx(np.full(35, moved.mean()), abs=0.08)
    flat = partial_dependence(asked(product), features, "a", points=41)
    assert np.abs(np.diff(flat.values[0, inner])).max() < 0.02


def test_the_standard_error_is_the_spread_over_samples() -> None:
    """The grid is that of two values, so that edges do not move; y = a·b over a in {0, 1}."""

    def product(features: Features) -> Floats:
        return np.asarray(features.columns["a"] * features.columns["b"], dtype=np.float64)

    values, errors = [], []
    for seed in range(300):
        chance = rng(seed)
        features = Features({"a": np.repeat([0.0, 1.0], 50), "b": chance.normal(size=100)})
        found = accumulated_effects(asked(product), features, "a")
        values.append(found.values[0, 1] - found.values[0, 0])
        errors.append(found.errors[0, 1] * 2)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.12)


def test_a_weight_counts_a_row_as_often() -> None:
    features = plain(60)
    counts = rng(3).integers(1, 4, 60)
    again = features.take(np.repeat(np.arange(60), counts))

    def cubic(each: Features) -> Floats:
        return np.asarray(each.columns["a"] ** 2 * each.columns["b"], dtype=np.float64)

    weighted = accumulated_effects(asked(cubic), features, "a", points=5, weights=counts.astype(float))
    repeated = accumulated_effects(asked(cubic), again, "a", points=5)
    assert weighted.grid == repeated.grid
    assert weighted.values == pytest.approx(repeated.values)


def test_levels_are_stepped_between_neighbours_and_differ_as_the_model_says() -> None:
    found = accumulated_effects(asked(mixed), awkward(), "sex")
    woman, man = (float(found.values[0, found.grid.index(level)]) for level in ("f", "m"))
    assert woman - man == pytest.approx(3)
    assert found.errors[0] == pytest.approx(np.zeros(3), abs=1e-9)


def test_levels_stand_in_a_line_by_how_alike_their_rows_are() -> None:
    """Five levels that mark bands of another column, named and counted in another order."""
    chance = rng(9)
    size = chance.normal(size=500)
    band = np.digitize(size, np.quantile(size, [0.2, 0.5, 0.6, 0.9]))
    features = Features({"name": np.array(["k", "a", "z", "c", "m"], dtype=object)[band], "size": size})
    model = asked(lambda each: each.columns["size"])
    found = accumulated_effects(model, features, "name")
    assert found.grid in (("k", "a", "z", "c", "m"), ("m", "c", "z", "a", "k"))
    assert accumulated_effects(model, features, "name", order="frequency").grid == ("a", "c", "k", "m", "z")
    assert any("alike" in render(limit) for limit in found.limits)


def test_missing_numbers_are_left_out_and_said() -> None:
    found = accumulated_effects(asked(mixed), awkward(), "number")
    assert np.diff(found.values[0]) == pytest.approx(np.diff(grid_of(found)))
    assert any("45 rows" in render(limit) for limit in found.limits)


@pytest.mark.parametrize("column", ["gone", "same"])
def test_a_column_with_one_value_has_no_effect(column: str) -> None:
    found = accumulated_effects(asked(mixed), awkward(), column)
    assert found.values.tolist() == [[0.0]]
    assert found.cost.model_rows == 0


def test_ten_thousand_levels_and_one_row_are_no_crash() -> None:
    found = accumulated_effects(asked(mixed), awkward(), "town", points=15)
    assert len(found.grid) == 15
    assert found.values[0] == pytest.approx(np.zeros(15), abs=1e-9)
    assert accumulated_effects(asked(linear), plain(1), "a").values.tolist() == [[0.0]]
