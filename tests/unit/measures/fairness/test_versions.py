"""`fairness.versions` against loops over the rows, scipy and the product's own rates of one version."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Unmeasured, canonical_bytes, encode
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.versions import METRICS, VersionsParameters, measure_versions
from hakari.messages import LANGUAGES, render
from tests.unit.measures.lending import bounds, find, inputs_of, said, value, why


def people(rows: int = 3000, *, harm: float = 0.0) -> pd.DataFrame:
    """Decisions of two versions, equally often right, that differ on few rows; `harm` more refusals for group c."""
    rng = np.random.default_rng(8)
    group = rng.choice(["a", "b", "c"], rows, p=[0.5, 0.3, 0.2])
    label = rng.integers(0, 2, rows)
    old = np.where(rng.random(rows) < 0.8, label, 1 - label)
    drawn_again = np.where(rng.random(rows) < 0.8, label, 1 - label)
    new = np.where(rng.random(rows) < 0.15, drawn_again, old)
    new = np.where((group == "c") & (rng.random(rows) < harm), 0, new)
    return pd.DataFrame({"group": group, "approve": label, "old": old, "prediction": new})


def versions(frame: Any, *, columns: dict[str, Any] | None = None, **parameters: Any) -> Measured:
    meaning = {"sensitive": ("group",), "score": None, **(columns or {})}
    asked = VersionsParameters(**{"other": "old", **parameters})
    return measure_versions(inputs_of(frame, **meaning), asked, context=Context(measure="fairness.versions"))


def rows_of(measured: Measured, name: str) -> list[dict[str, Any]]:
    (table,) = [item for item in measured.tables if item.name == name]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def verdict(measured: Measured, metric: str) -> dict[str, Any]:
    (row,) = [row for row in rows_of(measured, "verdicts") if row["metric"] == metric]
    return row


def test_changes_are_differences_of_plain_rates_and_counts_of_rows() -> None:
    frame = people()
    measured = versions(frame)
    for group, part in frame.groupby("group"):
        before, after = part["old"] == part["approve"], part["prediction"] == part["approve"]
        assert value(measured, "accuracy_earlier", group=str(group)) == pytest.approx(before.mean())
        assert value(measured, "accuracy_newer", group=str(group)) == pytest.approx(after.mean())
        expected = float(after.mean() - before.mean())
        assert value(measured, "accuracy_change", group=str(group)) == pytest.approx(expected)
        (row,) = [r for r in rows_of(measured, "changes") if r["group"] == group and r["metric"] == "accuracy"]
        assert (row["lost"], row["gained"]) == (int((before & ~after).sum()), int((after & ~before).sum()))
        assert row["both"] + row["lost"] + row["gained"] + row["neither"] == len(part)


@pytest.mark.parametrize(("metric", "worse"), [("accuracy", "lost"), ("false_positive_rate", "gained")])
def test_harm_is_the_exact_test_on_rows_that_changed_for_the_worse(metric: str, worse: str) -> None:
    measured = versions(people(harm=0.05))
    for row in rows_of(measured, "changes"):
        if row["metric"] == metric:
            differ = row["lost"] + row["gained"]
            expected = stats.binomtest(row[worse], differ, 0.5, alternative="greater").pvalue
            assert value(measured, f"{metric}_harm_p", group=row["group"]) == pytest.approx(expected)


def test_one_family_of_harm_holds_all_groups_and_rates() -> None:
    measured = versions(people(harm=0.2))
    rows = rows_of(measured, "changes")
    assert len(rows) == 3 * len(METRICS)
    order = sorted(rows, key=lambda row: row["p_harm"])
    error, rejecting = 0.05 / 2 / 2, True
    for step, row in enumerate(order):
        rejecting = rejecting and row["p_harm"] <= error / (len(rows) - step)
        assert row["harm_shown"] is rejecting
    assert [row["group"] for row in rows if row["harm_shown"]] == ["c"] * sum(row["harm_shown"] for row in rows)
    assert verdict(measured, "selection_rate")["verdict"] == "not_met"
    assert verdict(measured, "selection_rate")["groups_harmed"] == "c"


def test_a_version_equal_to_the_earlier_one_is_not_worse() -> None:
    frame = people(6000)
    measured = versions(frame.assign(prediction=frame["old"]))
    for metric in METRICS:
        found = verdict(measured, metric)
        assert (found["verdict"], found["groups_compared"], found["share_compared"]) == ("met", 3, 1.0)
        assert value(measured, f"{metric}_worst_change", group="*") == 0.0


def test_the_worst_change_has_the_limits_of_not_worse_and_of_harm() -> None:
    measured = versions(people())
    low, high = bounds(measured, "accuracy_worst_change", group="*")
    assert low == verdict(measured, "accuracy")["bound"]
    worst = min(value(measured, "accuracy_change", group=group) for group in "abc")
    assert value(measured, "accuracy_worst_change", group="*") == worst
    assert low < worst < high
    assert (
        bounds(measured, "false_positive_rate_worst_change", group="*")[1]
        == verdict(measured, "false_positive_rate")["bound"]
    )


def test_a_check_can_name_the_largest_loss_of_any_group_and_the_groups_harmed() -> None:
    frame = people(harm=0.2).assign(age=np.tile(["old", "young"], 1500))
    measured = versions(frame, columns={"sensitive": ("group", "age")})
    rows = rows_of(measured, "verdicts")
    for metric, sign in (("accuracy", -1), ("false_positive_rate", 1)):
        expected = max(sign * row["bound"] for row in rows if row["metric"] == metric)
        assert value(measured, f"{metric}_loss_bound") == expected
    harmed = {(row["columns"], row["group"]) for row in rows_of(measured, "changes") if row["harm_shown"]}
    assert value(measured, "groups_harmed") == len(harmed) > 0


@pytest.mark.parametrize(
    ("change", "parameters", "columns", "reason"),
    [
        ({}, {"min_rows": 5000}, {}, "no_groups"),
        ({}, {"min_rows": 1000}, {}, "no_coverage"),
        ({"shop": np.arange(3000) % 8}, {}, {"cluster": "shop"}, "too_few_clusters"),
        ({}, {}, {"label": None}, "no_label"),
    ],
)
def test_no_bound_is_given_for_groups_that_are_not_compared(
    change: dict[str, Any], parameters: dict[str, Any], columns: dict[str, Any], reason: str
) -> None:
    measured = versions(people().assign(**change), columns=columns, **parameters)
    assert why(measured, "accuracy_loss_bound").endswith(reason)


def test_later_looks_ask_for_more() -> None:
    first, third = (verdict(versions(people(), look=look), "accuracy")["bound"] for look in (1, 3))
    assert third < first


def test_where_selection_is_a_burden_a_rise_is_the_harm() -> None:
    frame = people().assign(prediction=lambda each: np.where(each["group"] == "c", 1, each["old"]))
    good, bad = (versions(frame, favourable=favourable, metrics=("selection_rate",)) for favourable in (True, False))
    assert verdict(good, "selection_rate")["groups_harmed"] == ""
    assert verdict(bad, "selection_rate")["groups_harmed"] == "c"
    assert "measures.fairness.versions.limit.unfavourable" in said(bad)


def test_small_groups_are_outside_not_worse_and_can_still_show_harm() -> None:
    frame = people(6000)
    frame["prediction"] = frame["old"]
    few = pd.DataFrame({"group": "d", "approve": 1, "old": 1, "prediction": 0}, index=range(25))
    measured = versions(pd.concat([frame, few]), metrics=("accuracy",))
    found = verdict(measured, "accuracy")
    assert (found["groups_compared"], found["groups_harmed"]) == (3, "d")
    assert found["verdict"] == "met"
    assert found["reason"] == "within_margin"
    assert "measures.fairness.groups.limit.thin" in said(measured)


def test_too_small_a_share_of_large_groups_is_not_met() -> None:
    frame = pd.DataFrame({"group": [str(k % 300) for k in range(6000)], "approve": 1, "old": 1, "prediction": 1})
    frame.loc[:2999, "group"] = "large"
    found = verdict(versions(frame, metrics=("accuracy",), margin=0.1), "accuracy")
    assert (found["verdict"], found["reason"], found["share_compared"]) == ("inconclusive", "coverage", 0.5)


def test_intersections_and_missing_levels_are_groups() -> None:
    frame = people().assign(age=np.tile(["old", "young", None], 1000))
    measured = versions(frame, columns={"sensitive": ("group", "age")})
    part = frame[(frame["group"] == "b") & frame["age"].isna()]
    assert find(measured, "selection_rate_change", group="b", age="missing").n == len(part)
    assert find(measured, "selection_rate_worst_change", group="*", age="*").n == len(frame)
    alone = versions(frame, columns={"sensitive": ("group", "age")}, intersections=False)
    assert not any(len(estimate.slice) > 1 for estimate in alone.estimates)


def test_without_a_second_version_everything_is_unmeasured() -> None:
    measured = versions(people(), other=None)
    assert len(measured.estimates) == 6 * len(METRICS) + 1
    assert why(measured, "groups_harmed") == "measures.fairness.versions.no_other"
    assert {why(measured, f"{metric}_worst_change", group="*") for metric in METRICS} == {
        "measures.fairness.versions.no_other"
    }


def test_without_labels_only_selection_is_compared() -> None:
    measured = versions(people(), columns={"label": None})
    assert isinstance(find(measured, "selection_rate_change", group="a").value, float)
    assert why(measured, "accuracy_change", group="*") == "measures.fairness.groups.no_label"


def test_weights_count_and_make_the_limits_approximate() -> None:
    frame = people().assign(w=np.tile([1.0, 3.0], 1500))
    measured = versions(frame, columns={"weight": "w"})
    part = frame[frame["group"] == "a"]
    expected = float((part["w"] * (part["prediction"] - part["old"])).sum() / part["w"].sum())
    assert value(measured, "selection_rate_change", group="a") == pytest.approx(expected)
    assert "measures.fairness.groups.limit.approximate" in said(measured)
    (table,) = [item for item in measured.tables if item.name == "tally"]
    assert table.columns == ("group", "label", "other_prediction", "prediction", "n", "w", "w2")


def test_a_group_whose_weights_are_all_zero_has_no_value() -> None:
    frame = people().assign(w=lambda each: np.where(each["group"] == "c", 0.0, 1.0))
    measured = versions(frame, columns={"weight": "w"})
    assert why(measured, "accuracy_change", group="c") == "measures.estimates.no_denominator"
    assert verdict(measured, "accuracy")["groups_compared"] == 2


def test_clusters_widen_the_limits_and_fewer_than_fifteen_give_no_verdict() -> None:
    frame = people().assign(person=np.arange(3000) // 10, shop=np.arange(3000) % 8)
    plain, persons, shops = (
        versions(frame, columns={"cluster": name}, metrics=("accuracy",)) for name in (None, "person", "shop")
    )
    assert verdict(persons, "accuracy")["bound"] < verdict(plain, "accuracy")["bound"]
    assert verdict(shops, "accuracy")["reason"] == "too_few_clusters"
    assert isinstance(find(shops, "accuracy_worst_change", group="*").interval, Unmeasured)
    assert why(shops, "accuracy_harm_p", group="a") == "measures.fairness.groups.too_few_clusters"
    assert not any(row["harm_shown"] for row in rows_of(shops, "changes"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"other": "prediction"}, "prediction column itself"),
        ({"other": "olt"}, "olt"),
        ({"margin": 0.0}, "The margin 0 is not between 0 and 1"),
        ({"min_rows": 0}, "min_rows is 0"),
        ({"coverage_min": 1.5}, "coverage_min is 1.5"),
        ({"confidence": 1.0}, "1.0"),
        ({"look": 0}, "0"),
        ({"metrics": ()}, "metrics is empty"),
        ({"metrics": ("accuracy", "accuracy")}, "names a rate twice"),
        ({"metrics": ("positive_predictive_value",)}, "is not paired"),
    ],
)
def test_a_mistake_is_one_clear_line(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        versions(people(60), **change)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_row_without_a_decision_is_refused() -> None:
    frame = people(60).astype({"old": object})
    frame.loc[3, "old"] = None
    with pytest.raises(InputError, match="“old” has no value in 1 row"):
        versions(frame)


def test_without_a_sensitive_column_nothing_is_compared() -> None:
    with pytest.raises(InputError, match="sensitive column"):
        versions(people(60), columns={"sensitive": ()})


@pytest.mark.parametrize("names", [("מין", "性別"), ("old", "prediction"), ("= 1", "a | b")])
def test_groups_of_any_name_are_compared(names: tuple[str, str]) -> None:
    frame = people(400)
    frame["group"] = np.where(frame["group"] == "a", *names)
    assert {row["group"] for row in rows_of(versions(frame), "changes")} == set(names)


@pytest.mark.parametrize(
    "change", [{"group": None}, {"group": "one"}, {"approve": 1, "old": 1, "prediction": 1}, {"old": 0}]
)
def test_awkward_rows_give_clear_results(change: dict[str, Any]) -> None:
    measured = versions(people(90).assign(**change))
    assert canonical_bytes(encode(list(measured.estimates)))
    assert canonical_bytes(encode(list(measured.tables)))


def test_one_row_per_group_compares_nothing() -> None:
    measured = versions(people(90).assign(group=[f"r{k}" for k in range(90)]))
    assert why(measured, "accuracy_worst_change", group="*") == "measures.fairness.groups.no_group"
    assert verdict(measured, "accuracy")["reason"] == "no_groups"


def test_every_message_is_complete_in_both_languages() -> None:
    measured = versions(people(200))
    for language in LANGUAGES:
        assert not any("{" in render(message, language) for message in measured.limits)


def test_counts_from_a_table_that_stays_where_it_is_are_the_same() -> None:
    import polars as pl

    frame = people(500)
    lazy = pl.from_pandas(frame).lazy()
    assert versions(lazy).estimates == versions(frame).estimates


def test_estimates_have_slices_of_their_own() -> None:
    names = [(e.metric, tuple(e.slice.items())) for e in versions(people(300)).estimates]
    assert len(names) == len(set(names))
    assert all(isinstance(e, Estimate) for e in versions(people(300)).estimates)


def test_stopping_is_possible_between_the_columns() -> None:
    meaning = Columns(label="approve", prediction="prediction", sensitive=("group",))
    inputs = Inputs(open_data(people(60), role="data.test"), None, meaning)
    with pytest.raises(InterruptedRun):
        measure_versions(inputs, VersionsParameters(other="old"), context=Context(cancelled=lambda: True))
