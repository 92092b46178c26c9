"""Control columns: within a level every measure says what it says of the rows of that level alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import BUILT_IN, Context, Measured
from tests.unit.measures.fairness.amounts import pictures, salaries, searches
from tests.unit.measures.lending import said, synthetic, why


def jobs(rows: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    job = rng.choice(["cook", "nurse"], rows)
    frame = {"group": rng.choice(["a", "b"], rows), "job": job, "given": np.where(rng.random(rows) < 0.7, job, "cook")}
    return pd.DataFrame(frame)


def branched(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(branch=np.where(np.random.default_rng(6).random(len(frame)) < 0.4, "east", "west"))


def listed(frame: pd.DataFrame) -> pd.DataFrame:
    """Whole lists belong to a branch."""
    return frame.assign(branch=np.where(frame["search"] % 3 == 0, "east", "west"))


CASES: dict[str, tuple[Callable[[], pd.DataFrame], dict[str, Any], dict[str, Any]]] = {
    "fairness.scores": (
        lambda: branched(synthetic(240)), {"label": "approve", "score": "score", "sensitive": ("region",)}, {},
    ),
    "fairness.classes": (
        lambda: branched(jobs()), {"label": "job", "prediction": "given", "sensitive": ("group",)}, {},
    ),
    "fairness.regression": (
        lambda: branched(salaries(400)), {"label": "salary", "prediction": "predicted", "sensitive": ("group",)}, {},
    ),
    "fairness.ranking": (
        lambda: listed(searches(90)), {"label": "merit", "score": "match", "sensitive": ("group",)},
        {"query": "search"},
    ),
    "fairness.items": (
        lambda: branched(pictures(120)), {"score": "overlap", "sensitive": ("group",)}, {"person": "person"},
    ),
}  # fmt: skip
every_case = pytest.mark.parametrize("measure", CASES)


def run(measure: str, frame: pd.DataFrame, **parameters: Any) -> Measured:
    _, meaning, usual = CASES[measure]
    inputs = Inputs(open_data(frame, role="data.test"), None, Columns(**meaning))
    found = BUILT_IN[measure]
    context = Context(seed=7, measure=measure)
    return found.function()(inputs, found.parameters()(**usual, **parameters), context=context)


@every_case
def test_within_a_level_every_number_is_that_of_its_rows_alone(measure: str) -> None:
    frame = CASES[measure][0]()
    measured = run(measure, frame, controls=("branch",), reference="rest")
    for level in ("east", "west"):
        alone = run(measure, frame[frame["branch"] == level].reset_index(drop=True), reference="rest")
        within = {
            (each.metric, *((k, v) for k, v in each.slice.items() if k != "branch")): each
            for each in measured.estimates
            if each.slice.get("branch") == level
        }
        assert len(within) == len(alone.estimates)
        for expected in alone.estimates:
            found = within[(expected.metric, *expected.slice.items())]
            assert found.n == expected.n
            if "noise_floor" in expected.metric:
                continue
            assert found.value == (pytest.approx(expected.value) if isinstance(expected.value, float) else found.value)
            drawn = isinstance(expected.interval, Interval) and "bootstrap" in expected.interval.method
            if isinstance(expected.interval, Interval) and not drawn:
                assert isinstance(found.interval, Interval)
                assert (found.interval.low, found.interval.high) == pytest.approx(
                    (expected.interval.low, expected.interval.high)
                )
    assert "measures.fairness.decisions.limit.controls" in said(measured)


@every_case
def test_the_whole_stays_as_it_is_without_controls(measure: str) -> None:
    frame = CASES[measure][0]()
    plain, controlled = run(measure, frame), run(measure, frame, controls=("branch",))
    assert [each for each in controlled.estimates if "branch" not in each.slice] == list(plain.estimates)


@every_case
def test_a_control_that_is_a_sensitive_column_or_has_too_many_levels_gets_one_line(measure: str) -> None:
    frame = CASES[measure][0]()
    (column,) = CASES[measure][1]["sensitive"]
    with pytest.raises(InputError, match=column):
        run(measure, frame, controls=(column,))
    with pytest.raises(InputError, match="number") as caught:
        run(measure, frame.assign(number=np.arange(len(frame))), controls=("number",))
    assert "\n" not in str(caught.value)


def test_rows_of_a_cut_list_keep_their_places_and_have_no_divergence() -> None:
    frame = branched(searches(60))
    measured = run("fairness.ranking", frame, controls=("branch",), k=3)
    place = frame.groupby("search")["match"].rank(ascending=False)
    for group in "ab":
        mine = (frame["group"] == group) & (frame["branch"] == "east")
        (found,) = [
            each for each in measured.estimates
            if each.metric == "top_k_rate" and dict(each.slice) == {"group": group, "branch": "east"}
        ]  # fmt: skip
        assert found.value == pytest.approx((place[mine] <= 3).mean())
    assert why(measured, "ndkl", group="*", branch="east") == "measures.fairness.ranking.cut"


def test_the_table_of_means_holds_the_strata_beside_the_whole() -> None:
    frame = CASES["fairness.regression"][0]()
    (table,) = [each for each in run("fairness.regression", frame, controls=("branch",)).tables if each.name == "means"]
    rows = {(row[0], row[1], row[2]): row for row in table.rows}
    part = frame[(frame["branch"] == "east") & (frame["group"] == "b")]
    row = rows[("group | branch=east", "b", "mean_target")]
    assert row[3] == len(part)
    assert row[4] == pytest.approx(part["salary"].mean())


def test_a_column_called_class_may_be_a_control() -> None:
    frame = jobs().assign(**{"class": lambda rows: np.where(np.arange(len(rows)) % 2, "x", "y")})
    measured = run("fairness.classes", frame, controls=("class",))
    slices = [each.slice for each in measured.estimates if each.metric == "class_recall" and "class" in each.slice]
    assert slices
    assert {each["class"] for each in slices} == {"x", "y"}
    assert all("class given" in each for each in slices)
