"""Functions of amounts, places, items and neighbours: the same numbers as the measures, in a notebook's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.measures.fairness.functions import individual, items, ranking, regression
from hakari.statistics.metrics import items as item_metrics
from hakari.statistics.metrics import ranking as ranking_metrics
from hakari.statistics.metrics import regression as regression_metrics
from tests.unit.measures.fairness.amounts import pictures, run, salaries, searches
from tests.unit.measures.lending import bounds, value

PAY, LISTS, PICTURES = salaries(), searches(), pictures()
Y, P, G = PAY["salary"], PAY["predicted"], PAY["group"]


@pytest.mark.parametrize(
    "name",
    [
        "residual_mean_difference",
        "residual_quantile_90_difference",
        "mean_absolute_error_ratio",
        "mean_squared_error_worst_group",
        "root_mean_squared_error_difference",
        "bounded_group_loss",
    ],
)
def test_functions_of_amounts_are_the_measure(name: str) -> None:
    figure = getattr(regression, name)(Y, P, sensitive_features=G, min_rows=30)
    columns = {"label": "salary", "prediction": "predicted", "sensitive": ("group",)}
    found = run("fairness.regression", PAY, meaning=columns)
    assert float(figure) == pytest.approx(value(found, name, group="*"))
    assert (figure.low, figure.high) == pytest.approx(bounds(found, name, group="*"))
    assert figure.n == len(PAY)


@pytest.mark.parametrize(
    "name",
    ["exposure_ratio", "exposure_per_merit_ratio", "min_skew_at_k", "max_skew_at_k", "top_k_rate_difference", "ndkl"],
)
def test_functions_of_places_are_the_measure(name: str) -> None:
    options = {} if name == "ndkl" else {"k": 5, "min_rows": 30}
    figure = getattr(ranking, name)(
        LISTS["merit"], LISTS["match"], sensitive_features=LISTS["group"], query=LISTS["search"], **options
    )
    columns = {"label": "merit", "score": "match", "sensitive": ("group",)}
    found = run("fairness.ranking", LISTS, meaning=columns, query="search", k=5)
    assert float(figure) == pytest.approx(value(found, name, group="*"))
    assert (figure.low, figure.high) == pytest.approx(bounds(found, name, group="*"))


@pytest.mark.parametrize("name", ["mean_score_difference", "detection_recall_ratio", "average_recall_worst_group"])
def test_functions_of_items_are_the_measure(name: str) -> None:
    figure = getattr(items, name)(
        None, PICTURES["overlap"], sensitive_features=PICTURES["group"], person=PICTURES["person"], min_rows=30
    )
    columns = {"score": "overlap", "sensitive": ("group",)}
    found = run("fairness.items", PICTURES, meaning=columns, person="person")
    assert float(figure) == pytest.approx(value(found, name, group="*"))
    assert (figure.low, figure.high) == pytest.approx(bounds(found, name, group="*"))


def test_every_group_has_a_figure_under_its_levels() -> None:
    found = regression.amount_by_group("mean_absolute_error", Y, P, sensitive_features=PAY[["group", "sex"]])
    mine = PAY.query("group == 'a' and sex == 'f'")
    assert found[("a", "f")] == pytest.approx((mine["salary"] - mine["predicted"]).abs().mean())
    assert found[("a", "f")].low < found[("a", "f")] < found[("a", "f")].high
    assert len(found) == 6


def test_verification_is_measured_on_pairs() -> None:
    rng = np.random.default_rng(1)
    same, group = rng.integers(0, 2, 3000), rng.choice(["x", "y"], 3000)
    score = rng.normal(0, 1, 3000) + 3 * same
    found = items.item_by_group("verification_rate", same, score, sensitive_features=group, far=0.01)
    threshold = np.sort(score[same == 0])[::-1][int(0.01 * (same == 0).sum())]
    chosen = (group == "x") & (same == 1)
    assert found[("x",)] == pytest.approx((score[chosen] > threshold).mean())
    assert items.false_match_rate_worst_group(same, score, sensitive_features=group, far=0.01) < 0.03


def test_consistency_is_named_as_people_know_it() -> None:
    rng = np.random.default_rng(2)
    features, decisions = rng.normal(size=(100, 2)), rng.integers(0, 2, 100)
    whole = individual.consistency_score(features, decisions)
    groups = individual.consistency_by_group(features, decisions, sensitive_features=np.tile(["a", "b"], 50))
    assert whole == pytest.approx((groups[("a",)] + groups[("b",)]) / 2)
    assert whole.low < whole < whole.high


def test_flips_are_counted() -> None:
    before, after = np.tile([0, 1], 50), np.r_[np.ones(10), np.tile([0, 1], 45)]
    assert individual.flip_rate(before, after) == pytest.approx(0.05)
    groups = np.repeat(["a", "b"], 50)
    each = individual.flip_rate_by_group(before, after, sensitive_features=groups)
    assert each[("a",)] == pytest.approx(0.1)
    assert each[("b",)] == 0.0
    assert individual.flip_rate_difference(before, after, sensitive_features=groups) == pytest.approx(0.1)


def test_a_group_without_anybody_among_the_first_is_nan_with_a_reason() -> None:
    score = np.where(LISTS["group"] == "b", -1.0, LISTS["match"] + 1)
    figure = ranking.min_skew_at_k(None, score, sensitive_features=LISTS["group"], query=LISTS["search"], k=1)
    each = ranking.skew_at_k(None, score, sensitive_features=LISTS["group"], query=LISTS["search"], k=1)
    assert np.isnan(figure)
    assert "representation_at_k" in figure.why
    assert np.isnan(each[("b",)])
    assert set(each) == {("a",), ("b",)}


def test_one_group_is_compared_with_nothing() -> None:
    figure = regression.residual_mean_difference(Y, P, sensitive_features=np.repeat("a", len(PAY)))
    assert np.isnan(figure)
    assert figure.why


def test_one_list_has_a_value_and_says_why_it_has_no_interval() -> None:
    figure = ranking.exposure_ratio(None, LISTS["match"], sensitive_features=LISTS["group"])
    assert 0 < figure < 1
    assert np.isnan(figure.low)
    assert "15" in figure.why


BAD: dict[str, Callable[[], Any]] = {
    "another length": lambda: regression.bounded_group_loss(Y, P[1:], sensitive_features=G),
    "text": lambda: regression.residual_mean_difference(["a"] * 3, [1, 2, 3], sensitive_features=[1, 2, 3]),
    "an unknown metric": lambda: regression.amount_by_group("mape", Y, P, sensitive_features=G),
    "an unknown loss": lambda: regression.bounded_group_loss(Y, P, sensitive_features=G, loss="cubic"),  # type: ignore[arg-type]
    "weighted quantiles": lambda: regression.residual_quantile_10_difference(
        Y, P, sensitive_features=G, sample_weight=np.ones(len(Y))
    ),
    "a negative weight": lambda: regression.bounded_group_loss(
        [1, 2], [1, 2], sensitive_features=["a", "b"], sample_weight=[-1, 1]
    ),
    "k of zero": lambda: ranking.exposure_ratio(None, [1, 2], sensitive_features=["a", "b"], k=0),
    "no merit": lambda: ranking.exposure_per_merit_ratio(None, [1, 2], sensitive_features=["a", "b"]),
    "negative merit": lambda: ranking.exposure_per_merit_ratio([-1, 1], [1, 2], sensitive_features=["a", "b"]),
    "an unknown place": lambda: ranking.place_by_group("ndcg", None, [1, 2], sensitive_features=["a", "b"]),
    "too few pairs": lambda: items.verification_rate_ratio([0, 1], [1, 2], sensitive_features=["a", "b"]),
    "pairs without truth": lambda: items.verification_rate_ratio(None, [1, 2], sensitive_features=["a", "b"]),
    "a rate of one": lambda: items.verification_rate_ratio([0, 1], [1, 2], sensitive_features=["a", "b"], far=1.0),
    "an unknown item": lambda: items.item_by_group("iou", None, [1, 2], sensitive_features=["a", "b"]),
    "a flat X": lambda: individual.consistency_score([1, 2], [0, 1]),
    "a word in X": lambda: individual.consistency_score([["a"], ["b"]], [0, 1]),
    "decisions beyond one": lambda: individual.consistency_score([[1], [2]], [0, 5]),
    "no neighbour": lambda: individual.consistency_score([[1], [2]], [0, 1], n_neighbors=0),
    "flips of another length": lambda: individual.flip_rate([0, 1], [0]),
}


@pytest.mark.parametrize("mistake", BAD.values(), ids=BAD)
def test_a_mistake_is_told_in_one_line(mistake: Callable[[], Any]) -> None:
    with pytest.raises(InputError) as refused:
        mistake()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("module", "definitions"),
    [
        (regression, regression_metrics.DEFINITIONS),
        (ranking, ranking_metrics.DEFINITIONS),
        (items, item_metrics.DEFINITIONS),
    ],
    ids=["regression", "ranking", "items"],
)
def test_functions_over_groups_are_named_as_defined(module: Any, definitions: Any) -> None:
    defined = {definition.name for definition in definitions}
    named = {name for name in module.__all__ if not name.endswith(("_by_group", "Metric"))}
    assert named <= defined
    assert all(getattr(module, name).__doc__ for name in named)
