"""What regression, ranking, individual and items must all hold to: awkward rows, every engine, clear words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured, canonical_bytes, decode, encode, json_schema
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.messages import LANGUAGES, Message, catalogue, render
from hakari.statistics import MISSING
from hakari.statistics.metrics import individual, items, ranking, regression
from tests.contract.golden_estimates import frame, golden_inputs
from tests.unit.measures.fairness.amounts import ROOMS

every_room = pytest.mark.parametrize("room", sorted(ROOMS))
DEFINED = {
    "fairness.regression": regression.DEFINITIONS,
    "fairness.ranking": ranking.DEFINITIONS,
    "fairness.individual": individual.DEFINITIONS,
    "fairness.items": items.DEFINITIONS,
}
MEANING = {"label": "approve", "prediction": "prediction", "score": "score", "sensitive": ("region", "age")}


def measured(room: str, inputs: Inputs, **parameters: Any) -> Measured:
    function, kind = ROOMS[room]
    return function(inputs, kind(**parameters), context=Context(seed=11, measure=room))


def inputs_of(rows: Any, **meaning: Any) -> Inputs:
    return Inputs(open_data(rows, role="data.test"), None, Columns(**{**MEANING, **meaning}))


def messages(result: Measured) -> list[Message]:
    found = list(result.limits)
    for estimate in result.estimates:
        for part in (estimate.value, estimate.interval):
            if isinstance(part, Unmeasured):
                found.append(part.unmeasured)
    return found


@every_room
def test_every_defined_metric_is_measured_and_no_other(room: str) -> None:
    found = {estimate.metric for estimate in measured(room, golden_inputs()).estimates}
    assert found == {definition.name for definition in DEFINED[room]}


@every_room
def test_parameters_have_a_schema_that_takes_the_defaults(room: str) -> None:
    kind = ROOMS[room][1]
    assert decode(kind, encode(kind())) == kind()
    assert set(json_schema(kind)["properties"]) == set(kind.__slots__)


@every_room
def test_every_message_has_its_text_and_all_placeholders(room: str) -> None:
    for message in messages(measured(room, golden_inputs())):
        assert message.key in catalogue()
        for language in LANGUAGES:
            assert "{" not in render(message, language)


@every_room
def test_each_estimate_has_a_slice_of_its_own_and_an_interval_around_its_value(room: str) -> None:
    result = measured(room, golden_inputs())
    names = [(estimate.metric, tuple(estimate.slice.items())) for estimate in result.estimates]
    assert len(names) == len(set(names))
    for estimate in result.estimates:
        if isinstance(estimate.interval, Interval) and isinstance(estimate.value, float):
            assert estimate.interval.low <= estimate.value + 1e-12
            assert estimate.value <= estimate.interval.high + 1e-12


ENGINES: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "polars": lambda rows, _: __import__("polars").from_pandas(rows),
    "pyarrow": lambda rows, _: __import__("pyarrow").Table.from_pandas(rows, preserve_index=False),
    "csv by duckdb": lambda rows, folder: _csv(rows, folder),
}


def _csv(rows: pd.DataFrame, folder: Path) -> Path:
    rows.to_csv(folder / "rows.csv", index=False)
    return folder / "rows.csv"


@every_room
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_engine_gives_the_same_result(room: str, engine: Callable[..., Any], tmp_path: Path) -> None:
    rows = frame(80)
    assert measured(room, inputs_of(engine(rows, tmp_path))) == measured(room, inputs_of(rows))


AWKWARD: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "one class": lambda rows: rows.assign(approve=1, prediction=1),
    "other class": lambda rows: rows.assign(approve=0, prediction=0),
    "one group": lambda rows: rows.assign(region="north", age="old"),
    "a category without rows": lambda rows: rows.assign(region=pd.Categorical(["n"] * len(rows), ["n", "s"])),
    "groups without a value": lambda rows: rows.assign(region=None),
    "one row": lambda rows: rows.head(1),
    "one row per group": lambda rows: rows.assign(region=[f"r{k}" for k in range(len(rows))]),
    "a group named missing": lambda rows: rows.assign(region=[MISSING, "north"] * (len(rows) // 2)),
    "a group named like a column": lambda rows: rows.assign(region=["label", "score"] * (len(rows) // 2)),
    "right-to-left names": lambda rows: rows.assign(region=["مجموعة", "קבוצה", "北", "é"] * (len(rows) // 4)),
    "numbers and text": lambda rows: rows.assign(
        region=np.array([1, "one", 2.5, None] * (len(rows) // 4), dtype=object)
    ),
    "scores outside 0 and 1": lambda rows: rows.assign(score=rows["score"] * 30 - 10),
    "equal scores": lambda rows: rows.assign(score=0.5),
    "classes in words": lambda rows: rows.assign(prediction=np.where(rows["prediction"] == 1, "yes", "no")),
    "missing scores": lambda rows: rows.assign(score=np.r_[np.nan, rows["score"].to_numpy()[1:]]),
}


@every_room
@pytest.mark.parametrize("change", AWKWARD.values(), ids=AWKWARD)
def test_awkward_rows_give_clear_results(room: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    rows = change(frame(60))
    words = {} if pd.api.types.is_numeric_dtype(rows["prediction"]) else {"positive": "yes"}
    result = measured(room, inputs_of(rows, **words))
    assert canonical_bytes(encode([*result.estimates, *result.tables]))
    assert {each.metric for each in result.estimates} == {each.name for each in DEFINED[room]}


@every_room
@pytest.mark.parametrize("column", ["weight", "cluster"])
def test_weights_and_clusters_are_never_passed_over(room: str, column: str) -> None:
    """The same values with other limits, or a reason: never the same interval as for independent rows."""
    rows = frame(160).assign(w=np.tile([1.0, 3.0], 80), c=np.arange(160) // 4)
    name = {"weight": "w", "cluster": "c"}[column]
    there = measured(room, inputs_of(rows, **{column: name}), **_features(room))
    plain = measured(room, inputs_of(rows), **_features(room))
    without = {(each.metric, str(each.slice)): each.interval for each in plain.estimates}
    for estimate in there.estimates:
        if isinstance(estimate.interval, Interval):
            assert estimate.interval != without.get((estimate.metric, str(estimate.slice)))


def _features(room: str) -> dict[str, Any]:
    return {"features": ("income",)} if room == "fairness.individual" else {}


@every_room
def test_weights_of_zero_leave_their_rows_out(room: str) -> None:
    rows = frame(60).assign(w=np.tile([0.0, 1.0], 30))
    result = measured(room, inputs_of(rows, weight="w"), **_features(room))
    assert canonical_bytes(encode(list(result.estimates)))


@pytest.mark.parametrize("room", ["fairness.regression", "fairness.items"])
@pytest.mark.parametrize("weight", [-1.0, float("inf"), float("nan")])
def test_impossible_weights_are_refused_in_one_line(room: str, weight: float) -> None:
    rows = frame(60).assign(w=np.tile([weight, 1.0], 30))
    with pytest.raises(InputError) as refused:
        measured(room, inputs_of(rows, weight="w"))
    assert "\n" not in str(refused.value)
