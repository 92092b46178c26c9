from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from sklearn.tree import DecisionTreeRegressor

from hakari.errors import InputError
from hakari.measures.explanation import players_of
from hakari.measures.explanation.shapley import enumerated_interactions, sampled_interactions
from hakari.measures.explanation.shapley._coalitions import all_coalitions
from hakari.measures.explanation.shapley.interactions import interaction_weights
from tests.unit.measures.explanation.shapley.games import Floats, asked, features, marginal_worth, subsets
from tests.unit.measures.explanation.shapley.test_trees import path_worth

MATRIX = np.random.default_rng(6).normal(size=(40, 5))
ROWS, BACKGROUND = features(MATRIX[:3]), features(MATRIX[10:])
PLAYERS = players_of(ROWS.names)


def crooked(matrix: Floats) -> Any:
    return np.tanh(matrix[:, 0] * matrix[:, 1] + matrix[:, 2] * (matrix[:, 3] > 0) + matrix.sum(axis=1) / 3)


def by_definition(worth: Any, count: int, i: int, j: int) -> float:
    total = 0.0
    for subset in subsets(set(range(count)) - {i, j}):
        held = frozenset(subset)
        weight = factorial(len(held)) * factorial(count - len(held) - 2) / factorial(count - 1)
        total += weight * (worth(held | {i, j}) - worth(held | {i}) - worth(held | {j}) + worth(held))
    return total


def test_values_are_the_sum_that_grabisch_and_roubens_defined() -> None:
    found = enumerated_interactions(asked(crooked), ROWS, BACKGROUND, PLAYERS)
    worth = marginal_worth(crooked, MATRIX[1], MATRIX[10:])
    for i, j in combinations(range(5), 2):
        assert found.values[1, i, j] == pytest.approx(by_definition(worth, 5, i, j), abs=1e-12)
        assert found.values[1, j, i] == found.values[1, i, j]


def test_half_of_each_equals_shap_on_the_paths_of_a_tree() -> None:
    shap = pytest.importorskip("shap")
    model = DecisionTreeRegressor(max_depth=4, random_state=0).fit(MATRIX, crooked(MATRIX))
    theirs = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent").shap_interaction_values(MATRIX[:1])[
        0
    ]
    value = model.tree_.value[:, 0, 0]
    held = [frozenset(np.flatnonzero(coalition).tolist()) for coalition in all_coalitions(5)]
    worths = np.array([path_worth(model.tree_, value, MATRIX[0], coalition) for coalition in held])
    ours = worths @ interaction_weights(5)
    expected = [2 * theirs[i, j] for i, j in combinations(range(5), 2)]
    np.testing.assert_allclose(ours, expected, atol=1e-8)


def test_an_additive_model_has_none() -> None:
    for explain in (enumerated_interactions, sampled):
        found = explain(asked(lambda m: np.cos(m).sum(axis=1)), ROWS, BACKGROUND, PLAYERS)
        np.testing.assert_allclose(found.values, 0, atol=1e-12)


def test_a_product_of_two_has_one_and_it_is_named_first() -> None:
    found = enumerated_interactions(asked(lambda m: m[:, 1] * m[:, 4]), ROWS, BACKGROUND, PLAYERS)
    other = MATRIX[10:]
    expected = np.mean((MATRIX[0, 1] - other[:, 1]) * (MATRIX[0, 4] - other[:, 4]))
    first, second = found.strongest(0, 2)
    assert first[:2] == ("f1", "f4")
    assert first[2] == pytest.approx(expected)
    assert second[2] == pytest.approx(0, abs=1e-12)


def sampled(*args: Any, most: int = 60_000, seed: int = 0) -> Any:
    model, rows, background, players = args
    return sampled_interactions(model, rows, background, players, np.random.default_rng(seed), most_model_rows=most)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_sampled_values_lie_within_their_errors(count: int) -> None:
    table = features(MATRIX[:, :count])
    rows, background, players = table.take([0, 1]), table.take(slice(10, None)), players_of(table.names)

    def function(matrix: Floats) -> Any:
        return np.tanh(matrix.prod(axis=1) + matrix[:, 0] * matrix[:, 1])

    exact = enumerated_interactions(asked(function), rows, background, players).values
    found = sampled(asked(function), rows, background, players)
    assert found.cost.model_rows <= 60_000
    assert (np.abs(found.values - exact) <= 4 * found.errors + 1e-12).all()
    np.testing.assert_array_equal(found.values, found.values.transpose(0, 2, 1))


def test_standard_errors_shrink_with_the_rows_that_may_be_asked() -> None:
    few = sampled(asked(crooked), ROWS, BACKGROUND, PLAYERS, most=10_000)
    many = sampled(asked(crooked), ROWS, BACKGROUND, PLAYERS, most=160_000)
    assert many.errors.max() < few.errors.max() / 2


def test_too_few_model_rows_are_refused() -> None:
    with pytest.raises(InputError, match="too few to explain 3 rows"):
        sampled(asked(crooked), ROWS, BACKGROUND, PLAYERS, most=100)


def test_thirteen_players_are_refused() -> None:
    rows = features(np.zeros((2, 13)))
    with pytest.raises(InputError, match="the limit is 12"):
        enumerated_interactions(asked(lambda m: m[:, 0]), rows, rows, players_of(rows.names))
