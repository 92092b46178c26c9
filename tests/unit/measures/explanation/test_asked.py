"""Asked: a model as one number per row, with its price and its mishaps."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from hakari.errors import InputError
from hakari.measures.explanation import explain
from hakari.measures.explanation._asked import Asked
from hakari.measures.explanation._asking import ask
from hakari.measures.explanation._features import Features

ROWS = Features({"a": np.array([0.0, 1.0, 2.0]), "b": np.array([1.0, 1.0, 0.0])})


def test_every_row_that_is_asked_for_is_counted() -> None:
    asked = Asked(lambda features: features.columns["a"])
    asked(ROWS)
    asked(ROWS.take([0]))
    assert asked.rows == 4


def test_one_model_in_two_quantities_has_one_price() -> None:
    asked = Asked(lambda features: np.array([0.5, 0.75, 0.9]))
    log_odds = asked.in_quantity("log_odds")
    assert log_odds(ROWS) == pytest.approx([0.0, np.log(3), np.log(9)])
    assert asked(ROWS) == pytest.approx([0.5, 0.75, 0.9])
    assert asked.rows == log_odds.rows == 6


def test_log_odds_are_those_of_the_score() -> None:
    asked = Asked(lambda features: np.array([0.5, 0.75, 0.9]), quantity="log_odds")
    assert asked(ROWS) == pytest.approx([0.0, np.log(3), np.log(9)])


def test_scores_of_zero_and_one_have_finite_log_odds() -> None:
    asked = Asked(lambda features: np.array([0.0, 1.0, 0.5]), quantity="log_odds")
    assert np.isfinite(asked(ROWS)).all()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda features: 1 / 0, "ZeroDivisionError"),
        (lambda features: np.zeros(2), "shape 2 for 3 rows"),
        (lambda features: np.array(["x", "y", "z"]), "gave “x” where a number was needed"),
        (lambda features: np.array([0.1, np.nan, np.inf]), "2 values that are no finite number"),
    ],
)
def test_what_a_model_does_wrong_is_one_clear_line(answer: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Asked(answer)(ROWS)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_deterministic_is_found_by_asking_twice() -> None:
    turn = itertools.count()
    assert Asked(lambda features: features.columns["a"] + next(turn)).repeat_difference(ROWS) == 1.0
    assert Asked(lambda features: features.columns["a"]).repeat_difference(ROWS) == 0.0


def test_an_estimator_gives_the_scores_of_the_class_that_is_named() -> None:
    x, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array(["no", "no", "yes", "yes"])
    model = LogisticRegression().fit(x, y)
    rows = Features({"a": x[:, 0]})
    found = ask(model, names=("a",), positive="no")(rows)
    assert found == pytest.approx(model.predict_proba(x)[:, list(model.classes_).index("no")])


def test_a_model_of_amounts_gives_its_amounts() -> None:
    x, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
    asked = ask(LinearRegression().fit(x, y), names=("a",))
    assert asked(Features({"a": x[:, 0]})) == pytest.approx(y)


def test_a_model_of_classes_only_gives_one_for_the_positive_class() -> None:
    asked = ask(lambda columns: np.where(columns["a"] > 0.5, "yes", "no"), names=("a", "b"), positive="yes")
    assert asked(ROWS).tolist() == [0.0, 1.0, 1.0]


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(InputError, match="A model of type int was given"):
        ask(3, names=("a",))


def test_odds_that_a_model_adds_up_itself_are_taken_where_its_score_has_lost_them() -> None:
    rows = np.random.default_rng(1).normal(size=(200, 2))
    labels = (rows[:, 0] + 0.3 * rows[:, 1] > 0).astype(int)
    model = LogisticRegression(C=1e6).fit(rows, labels)
    far = np.vstack([rows, [[500.0, 0.0], [-500.0, 0.0]]])
    features = Features({"a": far[:, 0], "b": far[:, 1]})
    assert model.predict_proba(far)[-2, 1] == 1.0
    for positive, sign in (("1", 1), ("0", -1)):
        asked = ask(model, names=("a", "b"), positive=positive, quantity="log_odds")
        np.testing.assert_allclose(asked(features), sign * model.decision_function(far), rtol=1e-12)
        assert asked.rows == 202
    found = explain(ask(model, names=("a", "b"), quantity="log_odds"), features, features)
    assert found.method == "additive_shapley"


def test_what_a_model_decides_by_is_no_odds_unless_its_scores_follow_from_it() -> None:
    class Margins:
        classes_ = np.array([0, 1])

        def predict_proba(self, table: Any) -> Any:
            score = 1 / (1 + np.exp(-table[:, 0]))
            return np.column_stack([1 - score, score])

        def decision_function(self, table: Any) -> Any:
            return 3.0 * table[:, 0]

    features = Features({"a": np.array([-1.0, 0.5, 2.0])})
    np.testing.assert_allclose(ask(Margins(), names=("a",), quantity="log_odds")(features), features.columns["a"])
