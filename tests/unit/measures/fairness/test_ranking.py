"""`fairness.ranking` against lists ordered by pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures import Measured
from hakari.measures.fairness.ranking import METRICS, OVER
from tests.unit.measures.fairness.amounts import run, searches
from tests.unit.measures.lending import bounds, find, said, value, why

COLUMNS = {"score": "match", "label": "merit", "sensitive": ("group",)}


def measured(
    frame: pd.DataFrame | None = None, *, meaning: dict[str, Any] | None = None, **parameters: Any
) -> Measured:
    rows = searches() if frame is None else frame
    settings = {"query": "search", "k": 5, **parameters}
    return run("fairness.ranking", rows, meaning={**COLUMNS, **(meaning or {})}, **settings)


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with place and exposure, by pandas."""
    place = frame.groupby("search")["match"].rank(ascending=False)
    return frame.assign(
        place=place, exposure=1 / np.log2(1 + place), size=frame.groupby("search")["match"].transform("size")
    )


def test_exposure_is_the_mean_over_the_rows_of_a_group() -> None:
    rows, found = ordered(searches()), measured()
    for group, mine in rows.groupby("group"):
        assert value(found, "exposure", group=str(group)) == pytest.approx(mine["exposure"].mean())
        usual = rows.groupby("search")["exposure"].transform("mean")[mine.index]
        assert value(found, "relative_exposure", group=str(group)) == pytest.approx(
            mine["exposure"].sum() / usual.sum()
        )
        per_merit = mine["exposure"].sum() / mine["merit"].sum()
        assert value(found, "exposure_per_merit", group=str(group)) == pytest.approx(per_merit)


def test_skew_compares_the_first_places_with_the_lists() -> None:
    rows, found = ordered(searches()), measured()
    for group, mine in rows.groupby("group"):
        first, expected = (mine["place"] <= 5).sum(), (np.minimum(mine["size"], 5) / mine["size"]).sum()
        assert value(found, "representation_at_k", group=str(group)) == pytest.approx(first / expected)
        assert value(found, "skew_at_k", group=str(group)) == pytest.approx(np.log(first / expected))
        assert value(found, "top_k_rate", group=str(group)) == pytest.approx(first / len(mine))


def test_numbers_over_the_groups_are_those_of_the_groups() -> None:
    found = measured()
    exposure = [value(found, "exposure", group=group) for group in "ab"]
    assert value(found, "exposure_ratio", group="*") == pytest.approx(min(exposure) / max(exposure))
    skews = [value(found, "skew_at_k", group=group) for group in "ab"]
    assert value(found, "min_skew_at_k", group="*") == pytest.approx(min(skews))
    assert value(found, "max_skew_at_k", group="*") == pytest.approx(max(skews))


def test_a_lower_score_costs_places_beyond_chance() -> None:
    found = measured()
    assert bounds(found, "exposure_ratio", group="*")[1] < 1
    assert bounds(found, "skew_at_k", group="b")[1] < 0
    assert value(found, "ndkl", group="*") > value(found, "ndkl_noise_floor", group="*")


def test_a_random_order_diverges_as_much_as_its_noise_floor() -> None:
    frame = searches(400).assign(match=np.random.default_rng(5).random(len(searches(400))))
    found = measured(frame)
    low, high = bounds(found, "ndkl", group="*")
    assert low < value(found, "ndkl_noise_floor", group="*") < high


def test_intervals_rest_on_lists_and_not_on_rows() -> None:
    """Every list twice, as one draw each: nothing is gained."""
    frame = searches()
    twice = pd.concat([frame.assign(copy=0), frame.assign(copy=1)], ignore_index=True)
    twice["list"] = twice["search"] * 2 + twice["copy"]
    found = measured(twice, query="list", meaning={"cluster": "search"})
    assert bounds(found, "exposure", group="a") == pytest.approx(bounds(measured(), "exposure", group="a"))


def test_clusters_that_cut_across_lists_leave_no_interval() -> None:
    found = measured(searches().assign(person=np.arange(len(searches())) % 97), meaning={"cluster": "person"})
    interval = find(found, "exposure", group="a").interval
    assert isinstance(interval, Unmeasured)
    assert interval.unmeasured.key == "measures.fairness.ranking.crossed"


def test_a_cluster_for_each_row_leaves_the_lists_as_draws() -> None:
    found = measured(searches().assign(row=np.arange(len(searches()))), meaning={"cluster": "row"})
    assert bounds(found, "exposure", group="a") == pytest.approx(bounds(measured(), "exposure", group="a"))


def test_one_list_has_values_and_says_why_there_is_no_interval() -> None:
    found = measured(query=None)
    assert 0 < value(found, "exposure_ratio", group="*") < 1
    interval = find(found, "exposure_ratio", group="*").interval
    assert isinstance(interval, Unmeasured)
    assert interval.unmeasured.key == "measures.fairness.ranking.few_lists"
    assert "measures.fairness.ranking.limit.few" in said(found)


def test_ranks_count_from_the_first_place() -> None:
    frame = ordered(searches())
    by_rank = measured(frame.drop(columns="match"), meaning={"score": None}, rank="place")
    assert value(by_rank, "exposure", group="b") == pytest.approx(value(measured(), "exposure", group="b"))


def test_a_group_that_is_never_first_is_not_hidden() -> None:
    frame = searches()
    frame["match"] = np.where(frame["group"] == "b", -1.0, frame["match"])
    found = measured(frame, k=1)
    assert value(found, "representation_at_k", group="b") < 0.2
    never = measured(frame[frame.groupby("search")["match"].transform("max") > -1], k=1)
    assert value(never, "top_k_rate", group="b") == 0.0
    assert why(never, "skew_at_k", group="b") == "measures.fairness.ranking.nobody_first"
    assert why(never, "min_skew_at_k", group="*") == "measures.fairness.ranking.hidden_group"


@pytest.mark.parametrize(
    ("columns", "key"),
    [({"score": None}, "no_order"), ({"weight": "merit"}, "weighted")],
)
def test_what_cannot_be_ranked_says_why(columns: dict[str, Any], key: str) -> None:
    found = measured(meaning=columns)
    for metric in METRICS:
        for name in (metric, *OVER[metric]):
            assert why(found, name, group="*") == f"measures.fairness.ranking.{key}"
    assert why(found, "ndkl", group="*") == f"measures.fairness.ranking.{key}"


def test_negative_merit_is_a_reason() -> None:
    found = measured(searches().assign(merit=-1))
    assert why(found, "exposure_per_merit", group="*") == "measures.fairness.ranking.negative_merit"
    assert why(measured(meaning={"label": None}), "exposure_per_merit_ratio", group="*").endswith("no_merit")


def test_the_order_of_rows_changes_nothing() -> None:
    shuffled = searches().sample(frac=1, random_state=4).reset_index(drop=True)
    one, other = measured(), measured(shuffled)
    assert [each.metric for each in one.estimates] == [each.metric for each in other.estimates]
    for mine, theirs in zip(one.estimates, other.estimates, strict=True):
        assert theirs.value == pytest.approx(mine.value, abs=1e-9)
        if isinstance(mine.interval, Interval) and isinstance(theirs.interval, Interval):
            assert theirs.interval.low == pytest.approx(mine.interval.low, abs=1e-9)


def test_k_below_one_is_refused() -> None:
    with pytest.raises(InputError, match="k is 0"):
        measured(k=0)
