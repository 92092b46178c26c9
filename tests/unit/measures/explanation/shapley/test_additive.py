"""Additive models: exact contributions from a few rows, and no answer where the model is no sum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from hakari.measures.explanation import Features, ask, players_of
from hakari.measures.explanation.shapley import enumerated_shapley
from hakari.measures.explanation.shapley.additive import additive_shapley
from tests.unit.measures.explanation.shapley.games import asked, features

MATRIX = np.random.default_rng(4).normal(size=(60, 5))
ROWS, BACKGROUND = features(MATRIX[:8]), features(MATRIX[20:])
PLAYERS = players_of(ROWS.names)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_linear_model_has_its_weights_times_the_distance_from_the_mean() -> None:
    weights = np.arange(1.0, 6.0)
    found = additive_shapley(asked(lambda m: m @ weights), ROWS, BACKGROUND, PLAYERS, rng())
    assert found is not None
    assert found.values == pytest.approx(weights * (MATRIX[:8] - MATRIX[20:].mean(axis=0)))
    assert np.abs(found.gaps).max() < 1e-12
    assert not np.asarray(found.errors).any()


def test_an_additive_model_equals_enumeration_at_a_small_part_of_its_price() -> None:
    model, other = (asked(lambda m: np.sin(m[:, 0]) + m[:, 1] ** 3 - np.abs(m[:, 4])) for _ in range(2))
    found = additive_shapley(model, ROWS, BACKGROUND, PLAYERS, rng())
    exact = enumerated_shapley(other, ROWS, BACKGROUND, PLAYERS)
    assert found is not None
    assert found.values == pytest.approx(exact.values, abs=1e-12)
    assert found.cost.model_rows == model.rows < other.rows


def test_a_logistic_model_is_a_sum_in_log_odds_and_not_in_scores() -> None:
    model = LogisticRegression().fit(MATRIX, (MATRIX[:, 0] + MATRIX[:, 1] > 0).astype(int))
    in_log_odds = ask(model, names=ROWS.names, quantity="log_odds")
    assert additive_shapley(in_log_odds, ROWS, BACKGROUND, PLAYERS, rng()) is not None
    in_scores = ask(model, names=ROWS.names, quantity="score")
    assert additive_shapley(in_scores, ROWS, BACKGROUND, PLAYERS, rng()) is None


@pytest.mark.parametrize(
    "function",
    [lambda m: m[:, 0] * m[:, 1], lambda m: ((m[:, 0] > 0) ^ (m[:, 1] > 0)).astype(float)],
    ids=["product", "exclusive or"],
)
def test_features_that_act_together_are_no_sum(function: Any) -> None:
    assert additive_shapley(asked(function), ROWS, BACKGROUND, PLAYERS, rng()) is None


def test_features_that_act_together_are_a_sum_as_one_player() -> None:
    players = players_of(ROWS.names, {"both": (ROWS.names[0], ROWS.names[1])})
    model, other = (asked(lambda m: m[:, 0] * m[:, 1] + m[:, 2]) for _ in range(2))
    found = additive_shapley(model, ROWS, BACKGROUND, players, rng())
    assert found is not None
    assert found.values == pytest.approx(enumerated_shapley(other, ROWS, BACKGROUND, players).values, abs=1e-12)


def test_texts_and_gaps_are_taken_as_they_are() -> None:
    table = Features({"a": np.array([1.0, np.nan, 3.0, 4.0]), "b": np.array(["x", "y", "x", None], dtype=object)})
    model = ask(lambda c: np.nan_to_num(c["a"], nan=9.0) + np.where(c["b"] == "x", 1.0, 0.0), names=("a", "b"))
    found = additive_shapley(model, table, table, players_of(table.names), rng())
    assert found is not None
    assert found.values[:, 0] == pytest.approx([1 - 4.25, 9 - 4.25, 3 - 4.25, 4 - 4.25])
    assert found.values[:, 1] == pytest.approx([0.5, -0.5, 0.5, -0.5])
