"""`fairness.items` against pandas, and the benchmark's own blind spot: persons with several items."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError
from hakari.evidence import Unmeasured
from hakari.measures import Measured
from hakari.measures.fairness.items import SCORED, VERIFIED
from hakari.statistics.metrics.items import OVERLAPS
from tests.unit.measures.fairness.amounts import pictures, run
from tests.unit.measures.lending import bounds, find, said, value, why

COLUMNS = {"score": "overlap", "sensitive": ("group",)}


def measured(
    frame: pd.DataFrame | None = None, *, meaning: dict[str, Any] | None = None, **parameters: Any
) -> Measured:
    rows = pictures() if frame is None else frame
    return run("fairness.items", rows, meaning={**COLUMNS, **(meaning or {})}, **{"person": "person", **parameters})


def pairs(rows: int = 4000, *, seed: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    same = rng.integers(0, 2, rows)
    group = rng.choice(["x", "y"], rows)
    similarity = rng.normal(0, 1, rows) + 4 * same - 0.5 * (group == "y")
    return pd.DataFrame({"group": group, "overlap": similarity, "one": same, "person": rng.integers(0, 300, rows)})


@pytest.mark.parametrize("group", ["x", "y"])
def test_scores_and_recalls_are_means_over_items(group: str) -> None:
    mine, found = pictures().query("group == @group"), measured(overlap=0.8)
    assert value(found, "mean_score", group=group) == pytest.approx(mine["overlap"].mean())
    assert value(found, "detection_recall", group=group) == pytest.approx((mine["overlap"] >= 0.8).mean())
    recalls = [(mine["overlap"] >= each).mean() for each in OVERLAPS]
    assert value(found, "average_recall", group=group) == pytest.approx(np.mean(recalls))


def test_one_less_the_ratio_is_the_disparity_of_means() -> None:
    means, found = pictures().groupby("group")["overlap"].mean(), measured()
    assert 1 - value(found, "mean_score_ratio", group="*") == pytest.approx(1 - means.min() / means.max())


def test_persons_and_not_pictures_decide_how_sure_a_mean_is() -> None:
    by_person, by_item = measured(), measured(person=None)
    for metric in SCORED:
        width = [np.diff(bounds(each, metric, group="x"))[0] for each in (by_person, by_item)]
        assert width[0] > 1.5 * width[1]
    assert "measures.fairness.items.limit.persons" in said(by_person)
    assert "measures.fairness.items.limit.no_person" in said(by_item)


def test_the_cluster_column_names_the_person() -> None:
    found = measured(person=None, meaning={"cluster": "person"})
    assert bounds(found, "mean_score", group="x") == bounds(measured(), "mean_score", group="x")


def test_few_persons_leave_values_without_intervals() -> None:
    found = measured(pictures(12))
    interval = find(found, "mean_score", group="x").interval
    assert isinstance(interval, Unmeasured)
    assert interval.unmeasured.key == "measures.fairness.items.few_persons"


def test_verification_is_measured_at_one_threshold_for_all() -> None:
    frame, found = pairs(), measured(pairs(), same="one", false_match_rate=0.01)
    other = np.sort(frame.query("one == 0")["overlap"])[::-1]
    threshold = other[int(0.01 * len(other))]
    for group, mine in frame.groupby("group"):
        genuine, impostors = mine.query("one == 1")["overlap"], mine.query("one == 0")["overlap"]
        assert value(found, "verification_rate", group=str(group)) == pytest.approx((genuine > threshold).mean())
        assert value(found, "false_match_rate", group=str(group)) == pytest.approx((impostors > threshold).mean())
        assert find(found, "verification_rate", group=str(group)).n == len(genuine)
    assert value(found, "false_match_rate") <= 0.01
    assert bounds(found, "verification_rate_difference", group="*")[0] > 0
    assert "measures.fairness.items.limit.threshold" in said(found)


def test_the_table_holds_the_counts_of_the_rates() -> None:
    found = measured(pairs(), same="one", false_match_rate=0.01)
    (table,) = [each for each in found.tables if each.name == "items"]
    for row in table.rows:
        if row[0] == "group":
            line = dict(zip(table.columns, row, strict=True))
            rate = line["accepted_genuine"] / line["genuine"]  # type: ignore[operator]  # counts
            assert value(found, "verification_rate", group=str(line["group"])) == pytest.approx(rate)


def test_without_pairs_verification_says_why() -> None:
    found = measured()
    for metric in VERIFIED:
        assert why(found, metric, group="*") == "measures.fairness.items.no_pairs"
    few = measured(pairs(200), same="one")
    assert why(few, "verification_rate", group="*") == "measures.fairness.items.few_others"


def test_negative_scores_have_no_ratio() -> None:
    found = measured(pictures().assign(overlap=-pictures()["overlap"]))
    assert why(found, "mean_score_ratio", group="*") == "measures.fairness.items.below_zero"
    assert value(found, "mean_score_difference", group="*") >= 0


def test_weights_are_carried_into_every_metric() -> None:
    frame = pictures().assign(w=np.linspace(1, 3, len(pictures())))
    found, mine = measured(frame, meaning={"weight": "w"}), frame.query("group == 'x'")
    expected = np.average(mine["overlap"] >= 0.5, weights=mine["w"])
    assert value(found, "detection_recall", group="x") == pytest.approx(expected, abs=1e-9)
    assert value(found, "mean_score", group="x") == pytest.approx(np.average(mine["overlap"], weights=mine["w"]))


def test_a_missing_person_is_refused_in_one_line() -> None:
    frame = pictures().astype({"person": float})
    frame.loc[2, "person"] = np.nan
    with pytest.raises(InputError, match="which rows belong together"):
        measured(frame)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_false_match_rate_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(InputError, match="false_match_rate"):
        measured(false_match_rate=rate)
