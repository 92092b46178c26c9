"""The same rows give the same tally whichever engine holds them, and the same as counting by hand."""

from __future__ import annotations

import csv
import datetime
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.inputs import Columns, Data, Inputs, open_data
from hakari.statistics import Tally

Table = dict[str, list[Any]]
COLUMNS = Columns(label="label", prediction="pred", score="score", sensitive=("group", "code"))
GROUPS = ["女性", "男性", "אישה", "مرحبا", "👩🏽‍🦽", 'O\'Brien "x"', "a,b", "two\nlines", "NA", " "]


def as_csv(table: Table, folder: Path) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows([["" if v is None else v for v in row] for row in zip(*table.values(), strict=True)])
    return path


def as_parquet(table: Table, folder: Path) -> Path:
    pl.DataFrame(table, strict=False).write_parquet(folder / "table.parquet")
    return folder / "table.parquet"


def as_folder(table: Table, folder: Path) -> Path:
    frame = pl.DataFrame(table, strict=False)
    (folder / "parts" / "deep").mkdir(parents=True)
    frame[::2].write_parquet(folder / "parts" / "one.parquet")
    frame[1::2].write_parquet(folder / "parts" / "deep" / "two.parquet")
    return folder / "parts"


def as_query(table: Table, folder: Path) -> str:
    as_parquet(table, folder)
    return f"duckdb:SELECT * FROM '{folder / 'table.parquet'}'"


def as_relation(table: Table, folder: Path) -> Any:
    return duckdb.connect(":memory:").read_parquet(str(as_parquet(table, folder)))


def as_dictionary(table: Table, folder: Path) -> Any:
    encoded = {name: pa.array(values) for name, values in table.items()}
    return pa.table({**encoded, "group": encoded["group"].cast(pa.string()).dictionary_encode()})


ENGINES: dict[str, Callable[[Table, Path], Any]] = {
    "csv": as_csv,
    "duckdb query": as_query,
    "duckdb relation": as_relation,
    "pandas": lambda table, folder: pd.DataFrame(table),
    "pandas category": lambda table, folder: pd.DataFrame(table).astype({"group": "category"}),
    "pandas nullable": lambda table, folder: pd.DataFrame(table).convert_dtypes(),
    "parquet": as_parquet,
    "parquet folder": as_folder,
    "polars": lambda table, folder: pl.DataFrame(table, strict=False),
    "polars category": lambda table, folder: pl.DataFrame(table, strict=False).with_columns(
        pl.col("group").cast(pl.String).cast(pl.Categorical)
    ),
    "polars lazy": lambda table, folder: pl.LazyFrame(table, strict=False),
    "pyarrow": lambda table, folder: pa.table(table),
    "pyarrow dictionary": as_dictionary,
}


def opened(engine: str, table: Table) -> tuple[Data, Any]:
    folder = tempfile.TemporaryDirectory()
    source = ENGINES[engine](table, Path(folder.name))
    base = Path(folder.name) if isinstance(source, str) else None
    return open_data(source, role="data.test", base=base), folder


def tally(engine: str, table: Table, by: Sequence[str], columns: Columns = COLUMNS, *, score: bool = True) -> Tally:
    data, folder = opened(engine, table)
    with folder:
        return Inputs(data, None, columns).tally(by, score=score)


def by_hand(table: Table, by: Sequence[str]) -> Tally:
    """Count rows in plain Python."""

    def group(value: Any) -> str:
        if value is None:
            return "missing"
        if isinstance(value, bool):
            return str(value).lower()
        return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)

    cells = Counter(
        (*(group(table[name][row]) for name in by), table["label"][row], table["pred"][row], table["score"][row])
        for row in range(len(table["label"]))
    )
    axes = (*by, "label", "prediction", "score")
    return Tally.from_cells(axes, [(*cell, n) for cell, n in cells.items()])


ROWS = 60
TABLE: Table = {
    "group": [None if row % 7 == 3 else GROUPS[row * row % len(GROUPS)] for row in range(ROWS)],
    "code": [None if row % 11 == 5 else row % 4 for row in range(ROWS)],
    "flag": [None if row % 13 == 1 else row % 3 == 0 for row in range(ROWS)],
    "size": [None if row % 17 == 2 else (row % 5) / 2 for row in range(ROWS)],
    "label": [int(row % 3 == 1) for row in range(ROWS)],
    "pred": [int(row % 4 == 1) for row in range(ROWS)],
    "score": [(row % 9) / 8 for row in range(ROWS)],
    "weight": [(row % 6) * 0.25 + 0.123456 for row in range(ROWS)],
}


@pytest.mark.parametrize("by", [["group"], ["code"], ["flag"], ["size"], ["group", "code", "flag", "size"], []])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_tally_equals_the_count_by_hand(engine: str, by: list[str]) -> None:
    assert tally(engine, TABLE, by) == by_hand(TABLE, by)


@pytest.mark.parametrize("engine", ENGINES)
def test_row_order_does_not_matter(engine: str) -> None:
    backwards = {name: values[::-1] for name, values in TABLE.items()}
    assert tally(engine, backwards, ["group", "flag"]) == tally(engine, TABLE, ["group", "flag"])


@pytest.mark.parametrize("engine", ENGINES)
def test_chunks_merge_to_the_pooled_count(engine: str) -> None:
    weighted = Columns(label="label", prediction="pred", weight="weight")
    parts = [{name: values[start::3] for name, values in TABLE.items()} for start in range(3)]
    first, second, third = (tally(engine, part, ["group"], weighted, score=False) for part in parts)
    pooled = tally(engine, TABLE, ["group"], weighted, score=False)
    assert first + second + third == (third + first) + second == pooled


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_are_exact_sums(engine: str) -> None:
    weighted = Columns(label="label", prediction="pred", weight="weight")
    found = tally(engine, TABLE, [], weighted, score=False)
    units = [round(weight * 1_000_000) for weight in TABLE["weight"]]
    assert found.weights is not None
    assert (found.weights.scale, sum(found.weights.sums)) == (1_000_000, sum(units))
    assert sum(found.weights.squares) == sum(unit * unit for unit in units)


@pytest.mark.parametrize("engine", ENGINES)
def test_missing_distinct_and_duplicate_values_are_counted_alike(engine: str) -> None:
    doubled = {name: values + values[:5] for name, values in TABLE.items()}
    data, folder = opened(engine, doubled)
    with folder:
        assert data.missing_counts() == {name: values.count(None) for name, values in doubled.items()}
        assert data.distinct_counts() == {name: len(set(values) - {None}) for name, values in doubled.items()}
        rows = list(zip(*doubled.values(), strict=True))
        assert data.duplicate_rows() == len(rows) - len(set(rows))


@pytest.mark.parametrize("other", ["csv", "pandas", "parquet", "polars lazy"])
@pytest.mark.parametrize("engine", ENGINES)
def test_overlap_is_the_same_between_any_two_engines(engine: str, other: str) -> None:
    some = {name: values[:20] for name, values in TABLE.items()}
    keys = ["group", "code", "flag", "size"]
    left, left_folder = opened(engine, TABLE)
    right, right_folder = opened(other, some)
    with left_folder, right_folder:
        present = set(zip(*(some[key] for key in keys), strict=True))
        rows = list(zip(*(TABLE[key] for key in keys), strict=True))
        assert left.overlap(right, keys) == sum(row in present for row in rows)


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine != "parquet folder"])
def test_columns_are_read_in_row_order(engine: str) -> None:
    """Not for a folder, which has the order of its files."""
    data, folder = opened(engine, TABLE)
    with folder:
        assert data.read(["label"])["label"].tolist() == TABLE["label"]
        assert data.read(["group"])["group"].tolist() == TABLE["group"]


def test_days_are_one_group_whether_written_as_date_moment_or_text() -> None:
    days = [datetime.date(2026, 4, 1), datetime.date(2026, 4, 2), None]
    moments = [None if day is None else datetime.datetime.combine(day, datetime.time()) for day in days]
    texts = [None if day is None else day.isoformat() for day in days]
    found = [
        open_data(pl.DataFrame({"day": values}), role="x").count_cells(["day"]) for values in (days, moments, texts)
    ]
    assert found[0] == found[1] == found[2] == [("2026-04-01", 1), ("2026-04-02", 1), ("missing", 1)]


def test_moments_with_a_zone_are_counted_in_utc(tmp_path: Path) -> None:
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    moments = [datetime.datetime(2026, 4, 1, 9, tzinfo=tokyo), datetime.datetime(2026, 4, 1, 9, 0, 0, 5, tzinfo=tokyo)]
    frame = pl.DataFrame({"at": [*moments, None]})
    frame.write_parquet(tmp_path / "t.parquet")
    expected = [("2026-04-01T00:00:00+00:00", 1), ("2026-04-01T00:00:00.000005+00:00", 1), ("missing", 1)]
    for source in (frame, frame.to_pandas(), frame.to_arrow(), tmp_path / "t.parquet"):
        assert open_data(source, role="x").count_cells(["at"]) == sorted(expected)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=3).filter(
    lambda value: value.strip() and value.lower() not in ("missing", "true", "false")
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a small table with nulls; group names start with a letter, so that CSV cannot take them for numbers."""
    rows = draw(st.integers(1, 12))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=rows, max_size=rows))

    return {
        "group": column(st.none() | TEXT.map(lambda value: "g" + value)),
        "code": column(st.none() | st.integers(-3, 3)),
        "label": column(st.integers(0, 1)),
        "pred": column(st.integers(0, 1)),
        "score": column(st.integers(0, 8).map(lambda value: value / 8)),
    }


@settings(max_examples=10)
@given(table=tables())
@pytest.mark.parametrize("engine", ["csv", "duckdb query", "pandas", "polars lazy", "pyarrow"])
def test_any_small_table_is_counted_as_by_hand(engine: str, table: Table) -> None:
    typed = {**table, "group": [*table["group"], "g"], "code": [*table["code"], 1]}
    typed |= {name: [*table[name], 1] for name in ("label", "pred", "score")}
    assert tally(engine, typed, ["group", "code"]) == by_hand(typed, ["group", "code"])
