"""One suite over every registered measure: what the rest of the product may rely on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hakari.evidence import Evidence, Interval, Producer, canonical_bytes, decode, encode, json_schema
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Measure, registered_measures
from hakari.messages import LANGUAGES, Message, catalogue, render
from hakari.statistics import MISSING, RATES, SMOOTH_METRICS, Tally, group_rates, rate_definition
from hakari.statistics.description import choice_of
from tests.contract.golden_estimates import FOLDER, MODEL, digests, frame, golden_inputs, measured, run

MEASURES = {identifier: measure for identifier, (measure, _) in sorted(registered_measures().items())}
every_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


def messages(value: Any) -> list[Message]:
    """Every message inside a record, however deep."""
    if isinstance(value, Message):
        return [value, *messages(list(value.arguments.values()))]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [m for item in dataclasses.fields(value) for m in messages(getattr(value, item.name))]
    if isinstance(value, dict):
        return messages(list(value.values()))
    return [m for item in value for m in messages(item)] if isinstance(value, list | tuple) else []


@every_measure
def test_title_and_summary_stand_in_every_language(measure: Measure) -> None:
    for message in (measure.title, measure.summary):
        texts = {render(message, language) for language in LANGUAGES}
        assert len(texts) == len(LANGUAGES)
        assert all(text.strip() and not text.startswith("[") for text in texts)


@every_measure
def test_parameters_are_a_frozen_record_with_a_schema_that_takes_the_defaults(measure: Measure) -> None:
    kind = measure.parameters()
    assert dataclasses.is_dataclass(kind)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(kind(), dataclasses.fields(kind)[0].name, None)
    assert set(json_schema(kind)["properties"]) == {item.name for item in dataclasses.fields(kind)}
    assert decode(kind, encode(kind())) == kind()


@every_measure
def test_every_metric_that_a_check_may_cite_is_measured_and_can_be_recomputed(measure: Measure) -> None:
    result = measured(measure, golden_inputs(of=measure.id))
    tables = {table.name for table in result.tables}
    for name, metric in measure.metrics.items():
        assert metric.name == name
        assert any(estimate.metric == name for estimate in result.estimates), name
        assert metric.basis == "count" or metric.table in tables
        if metric.basis == "rate":
            assert rate_definition(name).name in RATES
        if metric.basis == "smooth":
            assert name in SMOOTH_METRICS


@every_measure
def test_every_interval_is_made_by_a_method_of_the_choice_table(measure: Measure) -> None:
    methods = {
        estimate.interval.method
        for estimate in measured(measure, golden_inputs(of=measure.id)).estimates
        if isinstance(estimate.interval, Interval)
    }
    assert {method for method in methods if choice_of(method) is None} == set()


@every_measure
def test_rates_follow_from_the_table_alone(measure: Measure) -> None:
    result = measured(measure, golden_inputs(of=measure.id))
    for name, metric in measure.metrics.items():
        if metric.basis != "rate":
            continue
        (table,) = [item for item in result.tables if item.name == metric.table]
        tally = Tally.from_rows(table.columns[:-1], [list(row) for row in table.rows])
        by = ("age",) if "age" in tally.axes else ()
        rates = group_rates(tally, name, by)
        for group, value in zip(rates.groups, rates.limits.values.tolist(), strict=True):
            slice_ = dict(zip(by, map(str, group), strict=True))
            found = [e for e in result.estimates if e.metric == name and dict(e.slice) == slice_]
            assert [e.value for e in found] == [value]


@every_measure
def test_a_result_is_a_record_that_survives_canonical_json(measure: Measure) -> None:
    result = measured(measure, golden_inputs(of=measure.id))
    evidence = Evidence(
        kind="measurement",
        estimates=result.estimates,
        tables=result.tables,
        limits=result.limits,
        collected_at="2026-11-22T00:00:00Z",
        effective_at="2026-11-22T00:00:00Z",
        producer=Producer(name="test"),
    )
    content = canonical_bytes(encode(evidence))
    assert canonical_bytes(encode(decode(Evidence, json.loads(content)))) == content


@every_measure
def test_every_message_has_its_text_and_all_placeholders(measure: Measure) -> None:
    for message in messages(measured(measure, golden_inputs(of=measure.id))):
        assert message.key in catalogue()
        for language in LANGUAGES:
            assert "{" not in render(message, language)


@every_measure
def test_each_estimate_has_a_slice_of_its_own_and_an_ordered_interval(measure: Measure) -> None:
    result = measured(measure, golden_inputs(of=measure.id))
    names = [(e.metric, tuple(e.slice.items())) for e in result.estimates]
    assert len(names) == len(set(names))
    for estimate in result.estimates:
        interval = estimate.interval
        if isinstance(interval, Interval):
            assert interval.low <= interval.high
            assert 0 < interval.level <= 1


@every_measure
def test_equal_seeds_give_equal_results_on_fresh_inputs(measure: Measure) -> None:
    assert measured(measure, golden_inputs(of=measure.id)) == measured(measure, golden_inputs(of=measure.id))


def _plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns of plain values, with None for missing ones."""
    return {
        str(name): [None if pd.isna(value) else value for value in column.tolist()] for name, column in table.items()
    }


def _polars(table: pd.DataFrame, _: Path) -> Any:
    import polars as pl

    return pl.DataFrame(_plain(table))


def _polars_lazy(table: pd.DataFrame, folder: Path) -> Any:
    return _polars(table, folder).lazy()


def _pyarrow(table: pd.DataFrame, _: Path) -> Any:
    import pyarrow as pa

    return pa.table(_plain(table))


def _csv(table: pd.DataFrame, folder: Path) -> Any:
    path = folder / "rows.csv"
    table.to_csv(path, index=False)
    return path


ENGINES: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "polars": _polars,
    "polars lazy": _polars_lazy,
    "pyarrow": _pyarrow,
    "csv by duckdb": _csv,
}


@every_measure
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_engine_gives_the_same_result(
    measure: Measure, engine: Callable[[pd.DataFrame, Path], Any], tmp_path: Path
) -> None:
    rows = frame(of=measure.id)
    (tmp_path / "train").mkdir()
    test, train = rows.iloc[:160].reset_index(drop=True), rows.iloc[120:].reset_index(drop=True)
    inputs = golden_inputs(engine(test, tmp_path), engine(train, tmp_path / "train"), of=measure.id)
    assert measured(measure, inputs) == measured(measure, golden_inputs(test, train, of=measure.id))


def _one_group(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(region="north", age="old")


def _empty_group(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(region=pd.Categorical(["north"] * len(rows), categories=["north", "south"]))


AWKWARD: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "one class": lambda rows: rows.assign(approve=1, prediction=1),
    "other class": lambda rows: rows.assign(approve=0, prediction=0),
    "one group": _one_group,
    "a category without rows": _empty_group,
    "groups without a value": lambda rows: rows.assign(region=None),
    "one row": lambda rows: rows.head(1),
    "one row per group": lambda rows: rows.assign(region=[f"r{k}" for k in range(len(rows))]),
    "a group named missing": lambda rows: rows.assign(region=[MISSING, "north"] * (len(rows) // 2)),
}


@every_measure
@pytest.mark.parametrize("change", AWKWARD.values(), ids=AWKWARD)
def test_awkward_inputs_give_clear_results(measure: Measure, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    rows = change(frame(60, of=measure.id))
    meaning = Columns(label="approve", prediction="prediction", score="score", sensitive=("region", "age"))
    result = measured(measure, Inputs(open_data(rows, role="data.test"), None, meaning, MODEL))
    assert canonical_bytes(encode(list(result.estimates)))
    for name in measure.metrics:
        assert any(estimate.metric == name for estimate in result.estimates)


@every_measure
def test_a_changed_estimate_demands_a_new_major_version(measure: Measure) -> None:
    golden = json.loads((FOLDER / f"{measure.id}.json").read_text("utf-8"))
    major = int(golden["version"].split(".", 1)[0])
    if measure.major > major:
        pytest.fail("a new major version: write the golden file anew with python -m tests.contract.golden_estimates")
    found = digests(run(measure, golden_inputs(of=measure.id)))
    changed = sorted(
        name for name in found.keys() | golden["digests"] if found.get(name) != golden["digests"].get(name)
    )
    assert changed == [], "these estimates changed for equal input: bump the major version of the measure"
