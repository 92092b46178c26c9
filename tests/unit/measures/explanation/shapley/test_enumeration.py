from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hakari.errors import InputError
from hakari.measures.explanation import Asked, Features, players_of
from hakari.measures.explanation.shapley import enumerated_shapley
from tests.unit.measures.explanation.shapley.games import Floats, asked, by_definition, features, marginal_worth

NUMBERS = st.floats(-5, 5, allow_nan=False, width=32)
MATRICES = arrays(np.float64, (7, 4), elements=NUMBERS)


def crooked(matrix: Floats) -> Any:
    return np.sin(matrix).prod(axis=1) + matrix[:, 0] * (matrix[:, 1] > 0) + matrix[:, -1] ** 2


def explain(function: Any, matrix: Floats, groups: Any = None) -> Any:
    table = features(matrix)
    return enumerated_shapley(
        asked(function), table.take([0, 1]), table.take(slice(2, None)), players_of(table.names, groups)
    )


@settings(max_examples=25, deadline=None)
@given(MATRICES)
def test_values_are_the_sum_that_shapley_defined(matrix: Floats) -> None:
    found = explain(crooked, matrix)
    expected = by_definition(marginal_worth(crooked, matrix[0], matrix[2:]), 4)
    np.testing.assert_allclose(found.values[0], expected, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(MATRICES, arrays(np.float64, 4, elements=NUMBERS))
def test_a_linear_model_gives_weight_times_distance_from_the_mean(matrix: Floats, weights: Floats) -> None:
    found = explain(lambda rows: rows @ weights + 3, matrix)
    np.testing.assert_allclose(found.values, weights * (matrix[:2] - matrix[2:].mean(axis=0)), atol=1e-8)


@settings(max_examples=25, deadline=None)
@given(MATRICES)
def test_an_additive_model_gives_each_part_less_its_mean(matrix: Floats) -> None:
    found = explain(lambda rows: np.cos(rows).sum(axis=1), matrix)
    np.testing.assert_allclose(found.values, np.cos(matrix[:2]) - np.cos(matrix[2:]).mean(axis=0), atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(MATRICES)
def test_base_and_values_sum_to_the_output(matrix: Floats) -> None:
    found = explain(crooked, matrix)
    np.testing.assert_allclose(found.gaps, 0, atol=1e-9)
    np.testing.assert_allclose(found.base, np.mean(crooked(matrix[2:])))
    np.testing.assert_allclose(found.outputs, crooked(matrix[:2]))


@settings(max_examples=25, deadline=None)
@given(MATRICES)
def test_a_player_that_the_model_ignores_gets_nothing(matrix: Floats) -> None:
    found = explain(lambda rows: rows[:, 0] * rows[:, 1] * rows[:, 3], matrix)
    assert (found.values[:, 2] == 0).all() or np.abs(found.values[:, 2]).max() < 1e-9


@settings(max_examples=25, deadline=None)
@given(MATRICES)
def test_players_that_are_alike_get_the_same(matrix: Floats) -> None:
    twins = matrix.copy()
    twins[:, 1] = twins[:, 0]
    found = explain(lambda rows: np.maximum(rows[:, 0], 1) * np.maximum(rows[:, 1], 1) + rows[:, 2], twins)
    np.testing.assert_allclose(found.values[:, 0], found.values[:, 1], atol=1e-9)


def test_exclusive_or_gives_each_half() -> None:
    background = np.array([[0.0, 0, 0], [0, 0, 1]])
    rows = features(np.vstack([[[1.0, 0, 0]], [[1.0, 1, 0]], background]))
    found = enumerated_shapley(
        asked(lambda m: (m[:, 0] != m[:, 1]).astype(float)),
        rows.take([0, 1]),
        rows.take([2, 3]),
        players_of(rows.names),
    )
    np.testing.assert_allclose(found.values, [[1, 0, 0], [0, 0, 0]], atol=1e-12)
    corner = np.array([[0.0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]])
    even = enumerated_shapley(
        asked(lambda m: (m[:, 0] != m[:, 1]).astype(float)),
        features(np.array([[1.0, 0, 0]])),
        features(corner),
        players_of(rows.names),
    )
    np.testing.assert_allclose(even.values, [[0.25, 0.25, 0]], atol=1e-12)


def test_a_group_is_one_player_of_the_smaller_game() -> None:
    matrix = np.random.default_rng(3).normal(size=(9, 4))
    found = explain(crooked, matrix, {"pair": ["f0", "f2"]})

    def worth(coalition: frozenset[int]) -> float:
        columns = [column for player in coalition for column in ((0, 2), (1,), (3,))[player]]
        return marginal_worth(crooked, matrix[0], matrix[2:])(frozenset(columns))

    assert found.names == ("pair", "f1", "f3")
    np.testing.assert_allclose(found.values[0], by_definition(worth, 3), atol=1e-12)


def test_the_price_is_every_coalition_with_the_whole_background() -> None:
    found = explain(crooked, np.random.default_rng(3).normal(size=(9, 4)))
    assert found.cost.model_rows == 2 * (2**4 - 2) * 7 + 2 + 7


def test_texts_and_gaps_reach_the_model_as_they_are() -> None:
    rows = Features({"town": np.array(["a", "b", "a"], dtype=object), "age": np.array([1.0, np.nan, 3.0])})
    model = Asked(lambda f: (f.columns["town"] == "a") + np.isnan(f.columns["age"]).astype(float))
    found = enumerated_shapley(model, rows.take([0]), rows.take([1]), players_of(rows.names))
    np.testing.assert_allclose(found.values, [[1, -1]])


def test_one_player_gets_the_whole_difference() -> None:
    rows = features(np.array([[2.0], [5.0]]))
    found = enumerated_shapley(asked(lambda m: m[:, 0]), rows.take([0]), rows.take([1]), players_of(rows.names))
    assert found.values.tolist() == [[-3.0]]


def test_thirteen_players_are_refused_with_the_limit() -> None:
    rows = features(np.zeros((2, 13)))
    with pytest.raises(InputError, match=r"13 features or groups are too many.*the limit is 12"):
        enumerated_shapley(asked(lambda m: m[:, 0]), rows, rows, players_of(rows.names))


def test_no_background_is_refused() -> None:
    rows = features(np.zeros((2, 2)))
    with pytest.raises(InputError, match="no background rows"):
        enumerated_shapley(asked(lambda m: m[:, 0]), rows, rows.take(slice(0, 0)), players_of(rows.names))


def test_other_columns_in_the_background_are_refused() -> None:
    rows, other = features(np.zeros((2, 2))), Features({"f1": np.zeros(2), "f0": np.zeros(2)})
    with pytest.raises(InputError, match="same columns in the same order"):
        enumerated_shapley(asked(lambda m: m[:, 0]), rows, other, players_of(rows.names))


def test_a_column_without_a_player_is_refused() -> None:
    rows = features(np.zeros((2, 2)))
    with pytest.raises(InputError, match="exactly one player"):
        enumerated_shapley(asked(lambda m: m[:, 0]), rows, rows, {"f0": ("f0",)})
