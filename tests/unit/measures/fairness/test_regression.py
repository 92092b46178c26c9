"""`fairness.regression` against scikit-learn, scipy and arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Interval, Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.regression import METRICS, RegressionParameters, measure_regression
from tests.unit.measures.fairness.amounts import run, salaries
from tests.unit.measures.lending import bounds, find, said, value, why

COLUMNS = {"label": "salary", "prediction": "predicted", "sensitive": ("group",)}


def measured(
    frame: pd.DataFrame | None = None, *, meaning: dict[str, Any] | None = None, **parameters: Any
) -> Measured:
    rows = salaries() if frame is None else frame
    return run("fairness.regression", rows, meaning={**COLUMNS, **(meaning or {})}, **parameters)


@pytest.mark.parametrize("group", ["a", "b", "c"])
def test_losses_are_scikit_learns(group: str) -> None:
    rows = salaries().query("group == @group")
    found = measured()
    expected = {
        "mean_absolute_error": metrics.mean_absolute_error(rows["salary"], rows["predicted"]),
        "mean_squared_error": metrics.mean_squared_error(rows["salary"], rows["predicted"]),
        "root_mean_squared_error": metrics.root_mean_squared_error(rows["salary"], rows["predicted"]),
        "residual_mean": (rows["salary"] - rows["predicted"]).mean(),
        "residual_quantile_10": np.quantile(rows["salary"] - rows["predicted"], 0.1),
    }
    for metric, number in expected.items():
        assert value(found, metric, group=group) == pytest.approx(number)
        assert find(found, metric, group=group).n == len(rows)


def test_numbers_over_the_groups_are_those_of_the_groups() -> None:
    found = measured()
    each = [value(found, "mean_squared_error", group=group) for group in "abc"]
    assert value(found, "mean_squared_error_difference", group="*") == pytest.approx(max(each) - min(each))
    assert value(found, "mean_squared_error_ratio", group="*") == pytest.approx(min(each) / max(each))
    assert value(found, "bounded_group_loss", group="*") == pytest.approx(max(each))
    signed = [value(found, "residual_mean", group=group) for group in "abc"]
    assert value(found, "residual_mean_difference", group="*") == pytest.approx(max(signed) - min(signed))


def test_the_loss_can_be_absolute() -> None:
    found = measured(loss="absolute")
    assert value(found, "bounded_group_loss", group="*") == value(found, "mean_absolute_error_worst_group", group="*")


def test_an_interval_holds_students_at_the_level_that_the_groups_share() -> None:
    """Šidák over three groups; Hall's correction can only make it longer."""
    rows = salaries().query("group == 'b'")
    residual = rows["salary"] - rows["predicted"]
    low, high = stats.t.interval(0.95 ** (1 / 3), len(rows) - 1, loc=residual.mean(), scale=stats.sem(residual))
    found = bounds(measured(), "residual_mean", group="b")
    assert found[0] <= low + 1e-9
    assert found[1] >= high - 1e-9
    assert found[1] - found[0] < 1.2 * (high - low)


def test_intervals_follow_from_the_table() -> None:
    from hakari.statistics.metrics.rows import MeanLimits

    found = measured()
    (table,) = [each for each in found.tables if each.name == "means"]
    places = {name: table.columns.index(name) for name in table.columns}
    for row in table.rows:
        if row[places["metric"]] != "mean_absolute_error" or row[places["columns"]] != "group":
            continue
        mean, error, skewness, units = (np.array([row[places[n]]]) for n in table.columns[4:])
        limits = MeanLimits(points=mean, errors=error, skews=skewness, units=units, counted=units, least=0.0)
        side = (1 - 0.95 ** (1 / 3)) / 2
        expected = (limits.lower(side)[0], limits.upper(side)[0])
        assert bounds(found, "mean_absolute_error", group=str(row[places["group"]])) == pytest.approx(expected)


def test_the_histogram_counts_every_row_once() -> None:
    found = measured()
    (table,) = [each for each in found.tables if each.name == "residuals"]
    counted = {group: sum(int(str(row[5])) for row in table.rows if row[:2] == ("group", group)) for group in "abc"}
    assert counted == salaries()["group"].value_counts().to_dict()


def test_weights_weigh_and_clusters_widen() -> None:
    frame = salaries().assign(w=np.tile([1.0, 3.0], 300), team=np.arange(600) // 10)
    weighted = measured(frame, meaning={"weight": "w"})
    rows = frame[frame["group"] == "a"]
    expected = np.average(rows["salary"] - rows["predicted"], weights=rows["w"])
    assert value(weighted, "residual_mean", group="a") == pytest.approx(expected)
    assert why(weighted, "residual_quantile_50", group="*") == "measures.fairness.regression.no_quantile"
    doubled = pd.concat([salaries(), salaries()], ignore_index=True).assign(row=np.tile(np.arange(600), 2))
    clustered = measured(doubled, meaning={"cluster": "row"})
    assert bounds(clustered, "residual_mean", group="b") == pytest.approx(
        bounds(measured(), "residual_mean", group="b")
    )
    assert "measures.fairness.rows.limit.clusters" in said(clustered)


def test_few_clusters_leave_values_without_intervals() -> None:
    found = measured(salaries().assign(shop=np.arange(600) % 8), meaning={"cluster": "shop"})
    assert value(found, "residual_mean", group="a") != 0
    interval = find(found, "residual_mean", group="a").interval
    assert isinstance(interval, Unmeasured)
    assert interval.unmeasured.key == "measures.fairness.rows.few_clusters"
    assert isinstance(find(found, "bounded_group_loss", group="*").interval, Unmeasured)


def test_columns_can_be_named_by_parameters() -> None:
    found = measured(meaning={"label": None, "prediction": None}, target="salary", prediction="predicted")
    assert value(found, "residual_mean", group="a") == value(measured(), "residual_mean", group="a")


def test_without_amounts_every_metric_says_why() -> None:
    found = measured(meaning={"label": None})
    for metric in METRICS:
        assert why(found, metric, group="*") == "measures.fairness.regression.no_amounts"
    assert why(found, "bounded_group_loss", group="*") == "measures.fairness.regression.no_amounts"


@pytest.mark.parametrize(
    ("amount", "key"),
    [("none", "not_numbers"), (None, "not_finite"), (float("inf"), "not_finite")],
)
def test_text_and_missing_amounts_are_a_reason_and_never_left_out(amount: Any, key: str) -> None:
    frame = salaries().astype({"salary": object})
    frame.loc[4, "salary"] = amount
    frame = frame if key == "not_numbers" else frame.astype({"salary": float})
    found = measured(frame)
    assert why(found, "residual_mean", group="*") == f"measures.fairness.rows.{key}"
    if key == "not_finite":
        assert "row 5" in str(find(found, "residual_mean", group="*").value.unmeasured)  # type: ignore[union-attr]


def test_perfect_predictions_have_values_and_no_invented_intervals() -> None:
    frame = salaries()
    found = measured(frame.assign(predicted=frame["salary"]))
    assert value(found, "mean_squared_error", group="a") == 0.0
    assert value(found, "mean_squared_error_ratio", group="*") == 1.0
    interval = find(found, "mean_squared_error", group="a").interval
    assert isinstance(interval, Unmeasured)
    assert interval.unmeasured.key == "measures.fairness.rows.no_spread"


def test_small_groups_are_listed_and_not_compared() -> None:
    frame = pd.concat([salaries(), salaries(4).assign(group="tiny", predicted=0.0)], ignore_index=True)
    found = measured(frame)
    assert value(found, "mean_squared_error", group="tiny") > value(found, "bounded_group_loss", group="*")
    assert "measures.fairness.groups.limit.small" in said(found)


def test_crossed_groups_have_slices_of_both_columns() -> None:
    found = measured(meaning={"sensitive": ("group", "sex")})
    rows = salaries().query("group == 'a' and sex == 'f'")
    expected = (rows["salary"] - rows["predicted"]).mean()
    assert value(found, "residual_mean", group="a", sex="f") == pytest.approx(expected)
    alone = measured(meaning={"sensitive": ("group", "sex")}, intersections=False)
    assert not any(len(each.slice) > 1 for each in alone.estimates)


@pytest.mark.parametrize(
    "parameters", [{"loss": "cubic"}, {"min_rows": 0}, {"confidence": 1.0}, {"columns": ("gruop",)}, {"columns": ()}]
)
def test_a_parameter_out_of_range_is_refused_in_one_line(parameters: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        measured(**parameters)
    assert "\n" not in str(refused.value)


def test_a_stopped_measurement_says_so() -> None:
    inputs = Inputs(open_data(salaries(), role="data.test"), None, Columns(**COLUMNS))  # type: ignore[arg-type]
    context = Context(measure="fairness.regression", cancelled=lambda: True)
    with pytest.raises(InterruptedRun, match="stopped on request"):
        measure_regression(inputs, RegressionParameters(), context=context)


def test_every_interval_names_its_method() -> None:
    methods = {each.interval.method for each in measured().estimates if isinstance(each.interval, Interval)}
    assert all(method.startswith(("student t with hall's skewness", "order statistics, exact")) for method in methods)
