"""Permutation importance against known answers and against scikit-learn on the same draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special
from sklearn.inspection import permutation_importance as of_sklearn
from sklearn.linear_model import LinearRegression

from hakari.errors import InputError
from hakari.measures.explanation import Attributions, Features, ask, players_of
from hakari.measures.explanation.importance import permutation_importance
from hakari.messages import LANGUAGES, render
from tests.unit.measures.explanation.importance.known import Floats, asked, awkward, linear, mixed, plain, rng, xor


def measured(features: Features, labels: Any, model: Any = linear, **options: Any) -> Attributions:
    options = {"loss": "squared", "repeats": 5, **options}
    groups = options.pop("groups", None)
    quantity = options.pop("quantity", "score")
    players = players_of(features.names, groups)
    return permutation_importance(asked(model, quantity=quantity), features, labels, players, rng(7), **options)


def of(found: Attributions, player: str) -> float:
    return float(found.values[0, found.names.index(player)])


def keys(found: Attributions) -> set[str]:
    for limit in found.limits:
        assert all(render(limit, language) for language in LANGUAGES)
    return {limit.key.removeprefix("measures.explanation.importance.") for limit in found.limits}


def test_a_linear_model_rises_by_twice_the_variance_times_the_square_of_its_slope() -> None:
    """E(β(x − x′))² = 2β²·Var x, where x and x′ are two different rows; the label is the model's own output."""
    features = plain(2000)
    found = measured(features, linear(features), repeats=50)
    variance = {name: float(features.columns[name].var(ddof=1)) for name in "ab"}
    assert of(found, "a") == pytest.approx(8 * variance["a"], rel=0.02)
    assert of(found, "b") == pytest.approx(2 * variance["b"], rel=0.02)
    assert found.outputs.tolist() == [0.0]


def test_it_is_what_scikit_learn_says_on_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The orders that scikit-learn draws are given to ours; it is asked for one column, so the first order is known."""
    features = plain(80)
    one = Features({"a": features.columns["a"], "b": features.columns["b"]})
    labels = linear(one) + rng(3).normal(size=80)
    model = LinearRegression().fit(one.matrix(), labels)
    theirs = of_sklearn(model, one.matrix(), labels, scoring="neg_mean_squared_error", n_repeats=4, random_state=5)
    state = np.random.RandomState(np.random.RandomState(5).randint(np.iinfo(np.int32).max + 1))
    orders: list[Any] = []
    order = np.arange(80)
    for _ in range(4):
        state.shuffle(order)
        # They shuffle a column that is shuffled already.
        orders.append(order.copy() if not orders else orders[-1][order])
    monkeypatch.setattr(
        "hakari.measures.explanation.importance._rises.donors_within", lambda *_: np.array(orders, dtype=np.int64)
    )
    players = players_of(one.names)
    ours = permutation_importance(
        asked(lambda each: model.predict(each.matrix())), one, labels, players, rng(), loss="squared", repeats=4
    )
    assert ours.values[0] == pytest.approx(theirs.importances_mean, rel=1e-9)


def test_a_feature_that_the_model_ignores_is_worth_nothing_even_if_it_copies_one_that_counts() -> None:
    features = plain()
    found = measured(features, linear(features))
    assert of(found, "copy") == 0
    assert "limit.unmoved" in keys(found)


def test_a_constant_column_costs_nothing() -> None:
    features = plain(50)
    found = measured(features, linear(features), repeats=3)
    assert of(found, "same") == 0
    assert found.cost.model_rows == 50 + 4 * 3 * 50


def test_xor_leans_on_both_columns_alike() -> None:
    """A value of another row has the other sign half of the time."""
    features = plain(3000)
    found = measured(features, xor(features), xor, loss="zero_one")
    assert of(found, "a") == pytest.approx(0.5, abs=0.04)
    assert of(found, "b") == pytest.approx(0.5, abs=0.04)
    assert of(found, "c") == 0


def test_a_group_of_columns_is_permuted_together() -> None:
    """The sum of a column and its copy moves twice as far if both come from the same other row."""

    def both(features: Features) -> Floats:
        return np.asarray(features.columns["a"] + features.columns["copy"], dtype=np.float64)

    features = plain(1000)
    apart = measured(features, both(features), both)
    together = measured(features, both(features), both, groups={"pair": ["a", "copy"]})
    variance = float(features.columns["a"].var(ddof=1))
    assert of(apart, "a") == pytest.approx(2 * variance, rel=0.05)
    assert of(together, "pair") == pytest.approx(8 * variance, rel=0.05)


def test_log_loss_and_squared_loss_of_log_odds_are_those_of_the_scores() -> None:
    features = plain(200)
    labels = (rng(5).random(200) < special.expit(linear(features))).astype(int)
    for loss in ("log_loss", "squared", "zero_one"):
        scores = measured(features, labels, lambda each: special.expit(linear(each)), loss=loss)
        odds = measured(features, labels, lambda each: special.expit(linear(each)), loss=loss, quantity="log_odds")
        assert odds.values == pytest.approx(scores.values)
    p = special.expit(linear(features))
    found = measured(features, labels, lambda each: special.expit(linear(each)), loss="log_loss")
    assert found.base[0] == pytest.approx(-np.mean(np.where(labels == 1, np.log(p), np.log(1 - p))))


def test_the_loss_output_needs_no_labels() -> None:
    """E|x − x′| of two normal values is 2/√π standard deviations."""
    features = plain(4000)
    found = measured(features, None, loss="output")
    assert of(found, "b") == pytest.approx(2 / np.sqrt(np.pi), rel=0.05)
    assert found.base.tolist() == [0.0]


def test_a_model_with_classes_only_has_an_importance_but_no_log_loss() -> None:
    features = plain()
    labels = xor(features)
    assert of(measured(features, labels, xor, loss="zero_one", quantity="class"), "a") > 0.3
    with pytest.raises(InputError, match="classes only"):
        measured(features, labels, xor, loss="log_loss", quantity="class")


def test_columns_as_they_come_are_no_crash() -> None:
    features = awkward()
    found = measured(features, mixed(features), mixed)
    assert {name for name in found.names if of(found, name) > 0} == {"number", "sex", "count"}
    assert np.isfinite(found.values).all()


def test_rows_without_a_label_are_left_out_and_said() -> None:
    features = plain(100)
    labels = linear(features)
    labels[:40] = np.nan
    found = measured(features, labels)
    known = measured(features.take(slice(40, None)), labels[40:])
    assert found.values.tolist() == known.values.tolist()
    assert "limit.unlabelled" in keys(found)


def test_a_weight_of_nothing_is_a_row_that_is_not_there() -> None:
    features = plain(100)
    labels, weights = linear(features), np.ones(100)
    weights[60:] = 0
    found = measured(features, labels, weights=weights)
    assert found.values.tolist() == measured(features.take(slice(60)), labels[:60]).values.tolist()


def test_players_that_cannot_be_told_from_nothing_are_named() -> None:
    features = plain(60)
    labels = linear(features) + 8 * rng(1).normal(size=60)
    assert "limit.unsure" in keys(measured(features, labels, repeats=1))


def test_the_same_seed_gives_the_same_numbers() -> None:
    features = plain(50)
    first, second = (measured(features, linear(features)) for _ in range(2))
    assert first.values.tobytes() == second.values.tobytes()
    assert first.errors is not None
    assert second.errors is not None
    assert first.errors.tobytes() == second.errors.tobytes()


@pytest.mark.parametrize(
    ("labels", "options", "said"),
    [
        (None, {}, "without a single known label"),
        (np.full(20, np.nan), {}, "without a single known label"),
        (np.zeros(19), {}, "19 labels for 20 rows"),
        (np.full(20, "yes", dtype=object), {}, "yes"),
        (np.full(20, 2.0), {"loss": "zero_one"}, "needs 1 for the positive class"),
        (np.zeros(20), {"loss": "log_loss"}, "needs scores between 0 and 1"),
        (np.zeros(20), {"weights": -np.ones(20)}, "weights cannot be used"),
        (np.zeros(20), {"repeats": 0}, "at least 1"),
        (np.zeros(20), {"threshold": 1.0}, "strictly between"),
        (np.zeros(20), {"confidence": 1.0}, "confidence"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(labels: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        measured(plain(20), labels, **options)


def test_one_row_has_nobody_to_take_values_from() -> None:
    with pytest.raises(InputError, match="at least two rows"):
        measured(plain(1), np.zeros(1))


def test_an_estimator_is_asked_like_a_function() -> None:
    features = Features({name: plain(60).columns[name] for name in "ab"})
    labels = linear(features)
    model = LinearRegression().fit(features.matrix(), labels)
    players = players_of(features.names)
    found = permutation_importance(
        ask(lambda columns: 2 * columns["a"] + columns["b"] - 1, names=features.names),
        features, None, players, rng(7), loss="output", repeats=2,
    )  # fmt: skip
    again = permutation_importance(
        asked(lambda each: model.predict(each.matrix())), features, None, players, rng(7), loss="output", repeats=2
    )
    assert found.values == pytest.approx(again.values)
