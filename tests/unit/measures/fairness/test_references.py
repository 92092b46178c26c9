"""Each group against a named one or all others, in every family: pandas, scipy and Welch beside the product."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Measured
from hakari.measures.fairness._references import pair_limits
from hakari.statistics.description import choice_of, deviation, newcombe_difference
from hakari.statistics.metrics.rows import mean_limits
from tests.unit.measures.fairness.amounts import pictures, run, salaries, searches
from tests.unit.measures.fairness.test_strata import CASES, every_case, jobs
from tests.unit.measures.fairness.test_strata import run as run_case
from tests.unit.measures.lending import bounds, find, inputs_of, measure, synthetic, value, why

AMOUNTS = {"label": "salary", "prediction": "predicted", "sensitive": ("group",)}


def amounts(rows: pd.DataFrame | None = None, *, meaning: dict[str, Any] | None = None, **parameters: Any) -> Measured:
    frame = salaries() if rows is None else rows
    return run("fairness.regression", frame, meaning={**AMOUNTS, **(meaning or {})}, **parameters)


def referred(measured: Measured) -> list[Estimate]:
    return [each for each in measured.estimates if each.metric.endswith(("_to_rest", "_to_reference"))]


def test_means_are_compared_with_a_named_group() -> None:
    found, rows = amounts(reference="b"), salaries()
    mean = rows.groupby("group")["salary"].mean()
    error = ((rows["salary"] - rows["predicted"]) ** 2).groupby(rows["group"]).mean()
    for group in "ac":
        assert value(found, "mean_target_difference_to_reference", group=group) == pytest.approx(
            mean[group] - mean["b"]
        )
        ratio = "mean_squared_error_ratio_to_reference"
        assert value(found, ratio, group=group) == pytest.approx(error[group] / error["b"])
    assert not [each for each in referred(found) if each.slice == {"group": "b"}]


def test_the_rest_are_all_other_rows_also_for_quantiles() -> None:
    found, rows = amounts(reference="rest"), salaries()
    residual = rows["salary"] - rows["predicted"]
    for group in "abc":
        mine = rows["group"] == group
        expected = {
            "mean_absolute_error_difference_to_rest": residual[mine].abs().mean() - residual[~mine].abs().mean(),
            "residual_quantile_90_difference_to_rest": residual[mine].quantile(0.9) - residual[~mine].quantile(0.9),
            "root_mean_squared_error_ratio_to_rest": np.sqrt(
                (residual[mine] ** 2).mean() / (residual[~mine] ** 2).mean()
            ),
        }
        for metric, number in expected.items():
            assert value(found, metric, group=group) == pytest.approx(number)
            low, high = bounds(found, metric, group=group)
            assert low < number < high


def test_with_many_rows_the_interval_of_a_difference_is_welchs() -> None:
    """Two groups, so one comparison: the contour of two t intervals is MOVER, which is Welch's reach."""
    rng = np.random.default_rng(2)
    one, two = rng.normal(0, 1, 4000), rng.normal(0.2, 3, 1500)
    mine, theirs = (mean_limits(each, np.zeros(len(each), dtype=np.int64), 1) for each in (one, two))
    found = pair_limits(mine, theirs, 0.95)[0]
    welch = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95)
    reach = welch.high - welch.low
    assert float(found.low[0]) == pytest.approx(welch.low, abs=0.02 * reach)
    assert float(found.high[0]) == pytest.approx(welch.high, abs=0.02 * reach)


def test_the_intervals_of_all_comparisons_hold_together() -> None:
    """Bonferroni: two comparisons at .95 are each the one of .975 of two groups alone."""
    rows = salaries()
    both = amounts(reference="b", confidence=0.95)
    alone = amounts(rows[rows["group"] != "c"].reset_index(drop=True), reference="b", confidence=0.975)
    name = "residual_mean_difference_to_reference"
    assert bounds(both, name, group="a") == pytest.approx(bounds(alone, name, group="a"))
    interval = find(both, name, group="a").interval
    assert isinstance(interval, Interval)
    assert interval.level == 0.95
    assert interval.method.endswith("contour of two groups, bonferroni over 2")


def test_rates_of_items_have_newcombes_interval() -> None:
    rows = pictures(300).assign(person=lambda each: np.arange(len(each)))
    meaning = {"score": "overlap", "sensitive": ("group",)}
    found = run("fairness.items", rows, meaning=meaning, reference="x", overlap=0.7)
    hit = (rows["overlap"] >= 0.7).groupby(rows["group"]).agg(["sum", "count"])
    expected = newcombe_difference(*hit.loc["y"], *hit.loc["x"])
    low, high = bounds(found, "detection_recall_difference_to_reference", group="y")
    assert (low, high) == pytest.approx((float(expected.low), float(expected.high)))


def test_clustered_items_are_compared_by_persons() -> None:
    rows = pictures()
    meaning = {"score": "overlap", "sensitive": ("group",)}
    found = run("fairness.items", rows, meaning=meaning, reference="rest", person="person")
    mean = rows.groupby("group")["overlap"].mean()
    assert value(found, "mean_score_difference_to_rest", group="x") == pytest.approx(mean["x"] - mean["y"])
    for metric in ("mean_score", "detection_recall"):
        interval = find(found, f"{metric}_difference_to_rest", group="x").interval
        assert isinstance(interval, Interval)
        assert "clustered, contour of two groups" in interval.method
    few = rows[rows["person"] < 20].reset_index(drop=True)
    thin = run("fairness.items", few, meaning=meaning, reference="rest", person="person")
    reason = find(thin, "mean_score_difference_to_rest", group="x").interval
    assert isinstance(reason, Unmeasured)
    assert reason.unmeasured.key == "measures.fairness.items.few_persons"


def test_persons_of_the_reference_make_groups_dependent_only_where_they_are_shared() -> None:
    """Three groups: nobody has items in two of them, or one person of the reference has."""
    rows = pictures(150).assign(group=lambda each: each["person"].map(lambda person: "xyz"[person % 3]))
    shared = rows.assign(person=rows["person"].replace(1, 0))
    meaning = {"score": "overlap", "sensitive": ("group",)}
    for frame, words in ((rows, "contour of two groups"), (shared, "bonferroni of two groups")):
        found = run("fairness.items", frame, meaning=meaning, reference="x", person="person")
        interval = find(found, "detection_recall_difference_to_reference", group="z").interval
        assert isinstance(interval, Interval)
        assert words in interval.method


def test_groups_in_the_same_lists_get_both_limits_at_half_of_the_error() -> None:
    meaning = {"label": "merit", "score": "match", "sensitive": ("group",)}
    rows = searches()
    plain = run("fairness.ranking", rows, meaning=meaning, query="search", confidence=0.95)
    found = run("fairness.ranking", rows, meaning=meaning, query="search", reference="a", confidence=0.95)
    (a_low, a_high), (b_low, b_high) = (bounds(plain, "exposure", group=group) for group in "ab")
    # Bonferroni over two groups asks of each what one comparison asks of each of its two sides.
    low, high = bounds(found, "exposure_difference_to_reference", group="b")
    assert (low, high) == pytest.approx((b_low - a_high, b_high - a_low))
    interval = find(found, "exposure_difference_to_reference", group="b").interval
    assert isinstance(interval, Interval)
    assert "bonferroni of two groups" in interval.method
    assert why(
        run("fairness.ranking", rows, meaning=meaning, query="search", deviation=True), "exposure_deviation", group="*"
    ) == "measures.fairness.decisions.dependent_rows"  # fmt: skip


@pytest.mark.parametrize("reference", ["north", "rest"])
def test_scores_are_compared_with_a_reference(reference: str) -> None:
    rows = synthetic(700)
    named = rows["region"].fillna("missing")
    measured = measure("fairness.scores", inputs_of(rows, sensitive=("region",), prediction=None), reference=reference)
    suffix = "to_rest" if reference == "rest" else "to_reference"
    for group in ("south", "east"):
        mine = rows[named == group]
        other = rows[named != group] if reference == "rest" else rows[named == reference]
        areas = [roc_auc_score(each["approve"], each["score"]) for each in (mine, other)]
        assert value(measured, f"auc_difference_{suffix}", region=group) == pytest.approx(areas[0] - areas[1])
        ratio = mine["score"].mean() / other["score"].mean()
        assert value(measured, f"average_score_ratio_{suffix}", region=group) == pytest.approx(ratio)
        low, high = bounds(measured, f"calibration_error_difference_{suffix}", region=group)
        assert low <= value(measured, f"calibration_error_difference_{suffix}", region=group) <= high
        if reference != "rest":
            distance = stats.ks_2samp(mine["score"], other["score"]).statistic
            assert value(measured, "kolmogorov_smirnov_to_reference", region=group) == pytest.approx(distance)


@pytest.mark.parametrize("reference", ["a", "rest"])
def test_classes_are_compared_with_a_reference(reference: str) -> None:
    rows = jobs()
    meaning = Columns(label="job", prediction="given", sensitive=("group",))
    measured = measure(
        "fairness.classes", Inputs(open_data(rows, role="data.test"), None, meaning), reference=reference
    )
    mine, other = (rows[rows["group"] == group] for group in "ba")
    suffix = "to_rest" if reference == "rest" else "to_reference"
    for metric, number in (("accuracy", accuracy_score), ("weighted_f1", _weighted_f1)):
        expected = number(mine["job"], mine["given"]) - number(other["job"], other["given"])
        assert value(measured, f"{metric}_difference_{suffix}", group="b") == pytest.approx(expected)
    recall = [(each.loc[each["job"] == "cook", "given"] == "cook").mean() for each in (mine, other)]
    name = f"class_recall_difference_{suffix}"
    assert value(measured, name, **{"group": "b", "class": "cook"}) == pytest.approx(recall[0] - recall[1])
    assert "bonferroni over 2 classes" in str(find(measured, name, **{"group": "b", "class": "cook"}).interval)


def _weighted_f1(label: Any, given: Any) -> float:
    return float(f1_score(label, given, average="weighted"))


@every_case
def test_every_method_stands_in_the_choice_table_and_every_interval_holds_its_value(measure: str) -> None:
    found = referred(run_case(measure, CASES[measure][0](), reference="rest"))
    assert found
    for each in found:
        if isinstance(each.interval, Interval):
            assert isinstance(each.value, float)
            assert choice_of(each.interval.method) is not None
            assert each.interval.low <= each.value <= each.interval.high


@every_case
def test_an_unknown_reference_gets_one_line(measure: str) -> None:
    with pytest.raises(InputError, match="purple") as caught:
        run_case(measure, CASES[measure][0](), reference="purple")
    assert "\n" not in str(caught.value)


@every_case
def test_without_being_asked_for_there_is_no_reference_and_no_deviation(measure: str) -> None:
    measured = run_case(measure, CASES[measure][0]())
    assert not referred(measured)
    assert not [each for each in measured.estimates if each.metric.endswith("_deviation")]


def test_the_deviation_of_means_takes_the_noise_off() -> None:
    rows = salaries()
    found = amounts(deviation=True)
    groups = [each["salary"] for _, each in rows.groupby("group")]
    square = np.var([each.mean() for each in groups], ddof=1) - np.mean([stats.sem(each) ** 2 for each in groups])
    assert value(found, "mean_target_deviation", group="*") == pytest.approx(np.sqrt(max(square, 0)), abs=1e-9)
    low, high = bounds(found, "residual_mean_deviation", group="*")
    assert 0 < low < value(found, "residual_mean_deviation", group="*") < high
    for metric in ("root_mean_squared_error_deviation", "residual_quantile_50_deviation"):
        assert why(found, metric, group="*") == "measures.fairness.references.no_method"
    weighted = amounts(rows.assign(w=1.5), meaning={"weight": "w"}, deviation=True)
    assert why(weighted, "mean_target_deviation", group="*") == "measures.fairness.decisions.dependent_rows"


def test_the_deviation_of_scores_is_that_of_their_means_and_that_of_classes_that_of_rates() -> None:
    rows = synthetic(700)
    measured = measure("fairness.scores", inputs_of(rows, sensitive=("region",), prediction=None), deviation=True)
    groups = [each["score"] for _, each in rows.groupby(rows["region"].fillna("missing"))]
    groups = [each for each in groups if len(each) >= 30]
    square = np.var([each.mean() for each in groups], ddof=1) - np.mean([stats.sem(each) ** 2 for each in groups])
    assert value(measured, "average_score_deviation", region="*") == pytest.approx(np.sqrt(max(square, 0)), abs=1e-9)
    assert why(measured, "auc_deviation", region="*") == "measures.fairness.references.no_method"
    frame = jobs()
    meaning = Columns(label="job", prediction="given", sensitive=("group",))
    classes = measure("fairness.classes", Inputs(open_data(frame, role="data.test"), None, meaning), deviation=True)
    hit = (frame["job"] == frame["given"]).groupby(frame["group"]).agg(["sum", "count"])
    expected = deviation(hit["sum"], hit["count"])
    assert value(classes, "accuracy_deviation", group="*") == pytest.approx(float(expected.value))
    assert bounds(classes, "accuracy_deviation", group="*") == pytest.approx(
        (float(expected.low), float(expected.high))
    )


def test_a_ratio_to_what_may_be_nothing_says_its_lower_limit() -> None:
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"group": ["a"] * 40 + ["b"] * 40, "salary": rng.normal(0, 1, 80), "predicted": 0.0})
    rows.loc[40:, "salary"] = np.where(np.arange(40) == 0, 50.0, 0.01)
    found = find(amounts(rows, reference="b"), "mean_squared_error_ratio_to_reference", group="a")
    assert isinstance(found.value, float)
    assert isinstance(found.interval, Unmeasured)
    assert found.interval.unmeasured.key == "measures.fairness.references.endless"


def test_too_many_groups_for_their_rests_get_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakari.measures.fairness._rows._MOST_RESTED", 1000)
    found = amounts(reference="rest")
    assert why(found, "mean_target_difference_to_rest", group="*") == "measures.fairness.references.many"
