"""The named functions against plain arithmetic on the rows, and against each other."""

from __future__ import annotations

import math
import pickle  # a figure must survive what joblib and multiprocessing do with it
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hakari.errors import InputError
from hakari.measures.fairness import functions
from hakari.measures.fairness.functions import Figure, rate_by_group, rate_gap
from hakari.statistics import Rule, Tally, decide, group_rates
from hakari.statistics.metrics import FAMILIAR
from tests.unit.measures.lending import loans

LOANS = loans()
TRUE, PRED = LOANS["approve"], LOANS["prediction"]


def by_group(frame: pd.DataFrame, rate: Callable[[pd.DataFrame], float]) -> dict[Any, float]:
    return {group: rate(part) for group, part in frame.groupby("white")}


RATE: dict[str, Callable[[pd.DataFrame], float]] = {
    "selection_rate": lambda part: float(part["prediction"].mean()),
    "accuracy": lambda part: float((part["prediction"] == part["approve"]).mean()),
    "error_rate": lambda part: float((part["prediction"] != part["approve"]).mean()),
    "true_positive_rate": lambda part: float(part.loc[part["approve"] == 1, "prediction"].mean()),
    "false_positive_rate": lambda part: float(part.loc[part["approve"] == 0, "prediction"].mean()),
    "positive_predictive_value": lambda part: float(part.loc[part["prediction"] == 1, "approve"].mean()),
}


@pytest.mark.parametrize("rate", RATE)
def test_differences_and_ratios_are_those_of_the_rows(rate: str) -> None:
    values = by_group(LOANS, RATE[rate]).values()
    difference = getattr(functions, f"{rate}_difference")(TRUE, PRED, sensitive_features=LOANS["white"])
    ratio = getattr(functions, f"{rate}_ratio")(TRUE, PRED, sensitive_features=LOANS["white"])
    assert difference == pytest.approx(max(values) - min(values))
    assert ratio == pytest.approx(min(values) / max(values))
    assert difference.low <= difference <= difference.high
    assert ratio.low <= ratio <= ratio.high


@pytest.mark.parametrize("name", FAMILIAR)
def test_familiar_names_give_the_same_as_the_rate_they_stand_for(name: str) -> None:
    if not hasattr(functions, name):
        pytest.fail(f"{name} is in the table but is no function")
    known = FAMILIAR[name]
    kind: Any = known.aggregate
    plain = rate_gap(known.rate, TRUE, PRED, aggregate=kind, sensitive_features=LOANS["white"])
    named = getattr(functions, name)(TRUE, PRED, sensitive_features=LOANS["white"])
    assert named == pytest.approx(plain * known.factor)
    assert (named.low, named.high) == pytest.approx((plain.low * known.factor, plain.high * known.factor))


def test_the_interval_is_that_of_the_verdict_rule() -> None:
    found = functions.demographic_parity_difference(TRUE, PRED, sensitive_features=LOANS["white"], confidence=0.9)
    cells = LOANS.groupby(["white", "prediction"]).size().reset_index().itertuples(index=False)
    tally = Tally.from_cells(("white", "prediction"), [tuple(cell) for cell in cells])
    limits = group_rates(tally, "selection_rate", ("white",)).limits
    rule = Rule(aggregation="difference", operator="<=", threshold=0.0)
    expected = decide(rule, limits, error_met=0.05, error_not_met=0.05)
    assert (found.low, found.high, found.level) == (expected.lower, expected.upper, 0.9)


def test_equalised_odds_is_wider_than_either_rate_below_and_as_wide_above() -> None:
    features = LOANS["white"]
    odds = functions.equalized_odds_difference(TRUE, PRED, sensitive_features=features)
    tpr, fpr = (
        rate_gap(rate, TRUE, PRED, sensitive_features=features)
        for rate in ("true_positive_rate", "false_positive_rate")
    )
    assert odds == max(tpr, fpr)
    assert odds.high == max(tpr.high, fpr.high)
    assert odds.low <= max(tpr.low, fpr.low)
    mean = functions.average_odds_difference(TRUE, PRED, sensitive_features=features)
    assert mean == pytest.approx((tpr + fpr) / 2)
    assert mean.low <= mean <= mean.high
    ratio = functions.equalized_odds_ratio(TRUE, PRED, sensitive_features=features)
    assert ratio.low <= ratio <= ratio.high <= 1


def test_every_kind_of_array_gives_the_same() -> None:
    expected = functions.selection_rate_difference(None, PRED, sensitive_features=LOANS["white"])
    for kind in (
        LOANS["white"].astype("category"),
        LOANS["white"].astype(str),
        LOANS["white"].astype(float),
        LOANS["white"].to_numpy(),
        LOANS["white"].tolist(),
        LOANS[["white"]],
        {"white": LOANS["white"].astype(bool)},
        pl.Series("white", LOANS["white"].tolist()),
        LOANS[["white"]].to_numpy(),
    ):
        found = functions.selection_rate_difference(None, PRED.tolist(), sensitive_features=kind)
        assert (found, found.low, found.high, found.n) == (expected, expected.low, expected.high, expected.n)


def test_missing_groups_are_a_group_and_columns_are_crossed() -> None:
    found = rate_by_group("selection_rate", None, PRED, sensitive_features=LOANS[["white", "male"]])
    assert set(found) == {(w, m) for w in ("0", "1") for m in ("0.0", "1.0", "0", "1", "missing")} & set(found)
    assert sum(figure.n for figure in found.values()) == len(LOANS)
    assert ("0", "missing") in found
    part = LOANS[(LOANS["white"] == 1) & (LOANS["male"] == 0)]
    assert found[("1", "0")] == pytest.approx(part["prediction"].mean())


def test_weights_change_the_value_and_are_said() -> None:
    weight = np.where(LOANS["prediction"] == 1, 2.0, 1.0)
    found = rate_by_group("selection_rate", None, PRED, sensitive_features=LOANS["white"], sample_weight=weight)
    for group, figure in found.items():
        part = LOANS["white"].astype(str) == group[0]
        assert figure == pytest.approx(np.average(PRED[part], weights=weight[part]))
        assert "weighted" in figure.method


def test_classes_of_any_name_are_taken_with_pos_label() -> None:
    spelt = PRED.map({0: "いいえ", 1: "はい"})
    found = functions.selection_rate_difference(None, spelt, sensitive_features=LOANS["white"], pos_label="はい")
    assert found == functions.selection_rate_difference(None, PRED, sensitive_features=LOANS["white"])


def test_a_feature_named_like_an_axis_and_right_to_left_names_do_no_harm() -> None:
    names = np.where(LOANS["white"] == 1, "‏עברית", "label")
    found = rate_by_group("accuracy", TRUE, PRED, sensitive_features={"label": names})
    assert set(found) == {("‏עברית",), ("label",)}
    assert sum(figure.n for figure in found.values()) == len(LOANS)


def test_one_group_and_no_denominator_are_nan_with_a_reason() -> None:
    alone = functions.accuracy_difference([1, 0], [1, 1], sensitive_features=["a", "a"])
    assert math.isnan(alone)
    assert "two groups" in alone.why
    empty = rate_by_group("recall", [0, 1], [1, 1], sensitive_features=["a", "b"])[("a",)]
    assert math.isnan(empty)
    assert empty.why


def test_groups_below_min_rows_are_left_out() -> None:
    features = ["a"] * 50 + ["b"] * 50 + ["c"] * 2
    decided = [1] * 25 + [0] * 25 + [1] * 30 + [0] * 20 + [0, 0]
    found = functions.selection_rate_difference(None, decided, sensitive_features=features, min_rows=10)
    assert found == pytest.approx(0.1)
    assert found.n == 100


TWO = {"y_true": [0, 1], "y_pred": [0, 1], "sensitive_features": ["a", "b"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"y_true": [0, 1], "y_pred": [0, 2], "sensitive_features": ["a", "b"]}, "y_pred holds 2"),
        ({"y_true": [0, None], "y_pred": [0, 1], "sensitive_features": ["a", "b"]}, "y_true has 1 missing value"),
        ({"y_true": [0, 1], "y_pred": [0, 1], "sensitive_features": ["a"]}, "group has 1 value, expected 2"),
        ({"y_true": [0], "y_pred": [0, 1], "sensitive_features": ["a", "b"]}, "y_true has 1 value, expected 2"),
        ({"y_true": None, "y_pred": [0, 1], "sensitive_features": ["a", "b"]}, "accuracy needs y_true"),
        ({"y_true": [0, 1], "y_pred": [0, 1], "sensitive_features": None}, "sensitive_features is empty"),
        ({"y_true": [0, 1], "y_pred": [0, 1], "sensitive_features": [["a"], ["b", "c"]]}, "holds lists"),
        ({**TWO, "sample_weight": [1, -1]}, "-1"),
        (
            {**TWO, "sample_weight": [1, math.inf]},
            "1 value",
        ),
        ({**TWO, "pos_label": "yes"}, "yes"),
        ({**TWO, "confidence": 1.5}, "1.5"),
    ],
)
def test_bad_input_gets_one_line(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises((InputError, ValueError), match=said) as caught:
        functions.accuracy_difference(arguments.pop("y_true"), arguments.pop("y_pred"), **arguments)
    assert "\n" not in str(caught.value)


def test_a_figure_is_a_number_that_says_how_sure_it_is() -> None:
    figure = Figure(0.25, low=0.1, high=0.4, n=1200)
    assert figure <= 0.3
    assert f"{figure:.2f}" == "0.25"
    assert repr(figure) == "0.25 [0.1, 0.4] (n = 1,200)"
    again = pickle.loads(pickle.dumps(figure))  # made on the line before
    assert (again, again.low, again.high, again.n) == (0.25, 0.1, 0.4, 1200)
    assert repr(Figure(0.5, n=3)) == "0.5 (n = 3)"
