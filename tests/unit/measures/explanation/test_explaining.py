"""Explaining: the method that fits, the quantity that a model adds up, and the line of the decision in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from hakari.errors import InputError
from hakari.measures.explanation import Features, ask, explain, players_of
from hakari.measures.explanation._explaining import line_in, settled

MATRIX = np.random.default_rng(7).normal(size=(60, 4))
LABEL = (MATRIX[:, 0] + MATRIX[:, 1] * MATRIX[:, 2] > 0).astype(int)
ROWS = Features({name: MATRIX[:, at] for at, name in enumerate("abcd")})
FEW, OTHERS = ROWS.take(slice(0, 5)), ROWS.take(slice(20, 60))
MODELS: dict[str, Any] = {
    "sum": LogisticRegression().fit(MATRIX, LABEL),
    "tree": DecisionTreeClassifier(max_depth=3, random_state=0).fit(MATRIX, LABEL),
    "function": lambda c: 1 / (1 + np.exp(-c["a"] - c["b"] * c["c"])),
}


def quantity_of(name: str) -> str:
    asked = ask(MODELS[name], names=ROWS.names)
    return settled(asked, FEW, OTHERS, players_of(ROWS.names), np.random.default_rng(0)).quantity


@pytest.mark.parametrize(("name", "quantity"), [("sum", "log_odds"), ("tree", "score"), ("function", "score")])
def test_a_model_is_explained_in_what_it_adds_up(name: str, quantity: str) -> None:
    assert quantity_of(name) == quantity


@pytest.mark.parametrize(
    ("name", "method"), [("tree", "tree_shapley"), ("function", "enumerated_shapley"), ("sum", "enumerated_shapley")]
)
def test_an_exact_method_is_taken_where_there_is_one(name: str, method: str) -> None:
    found = explain(ask(MODELS[name], names=ROWS.names), FEW, OTHERS)
    assert found.method == method
    assert np.abs(found.gaps).max() < 1e-9


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("function", {"choice": "tree_shapley"}),
        ("function", {"choice": "additive_shapley"}),
        ("tree", {"choice": "tree_shapley", "correlated": "conditional"}),
        ("function", {"choice": "enumerated_shapley", "correlated": "conditional"}),
    ],
)
def test_a_method_that_was_asked_for_and_does_not_fit_is_refused_and_never_exchanged(
    name: str, options: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=f"{options['choice']} does not fit"):
        explain(ask(MODELS[name], names=ROWS.names), FEW, OTHERS, **options)


@pytest.mark.parametrize(("line", "expected"), [(0.5, 0.0), (0.8, math.log(4)), (0.0, -math.inf), (1.0, math.inf)])
def test_the_line_moves_with_the_quantity(line: float, expected: float) -> None:
    assert line_in("log_odds", line) == pytest.approx(expected)
    assert line_in("score", line) == line
