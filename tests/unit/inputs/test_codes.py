"""Counting by codes gives what counting row by row gives, for every kind of column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.inputs.tables import Key
from hakari.inputs.tables.codes import Coded, count_coded
from hakari.inputs.values import is_missing

WORDS = [None, "a", "b", "", "missing", "é", "日本"]
MAKERS: dict[str, tuple[Sequence[Any], Callable[[list[Any]], Any]]] = {
    "category": (WORDS, lambda values: pd.Series(pd.Categorical(values))),
    "object": (WORDS, lambda values: pd.Series(values, dtype=object)),
    "str": (WORDS, lambda values: pd.Series(values, dtype="str")),
    "int8": ([-128, -1, 0, 127], lambda values: pd.Series(values, dtype="int8")),
    "uint8": ([0, 1, 200, 255], lambda values: pd.Series(values, dtype="uint8")),
    "int64": ([-(2**60), -3, 0, 5, 2**60], lambda values: pd.Series(values, dtype="int64")),
    "uint64": ([0, 5, 2**63 + 1], lambda values: pd.Series(values, dtype="uint64")),
    "nullable": ([None, 0, 1, 7], lambda values: pd.Series(values, dtype="Int64")),
    "bool": ([False, True], lambda values: pd.Series(values, dtype="bool")),
    "float": ([None, -0.5, 0.0, 1.0, 1e300], lambda values: pd.Series(values, dtype="float64")),
    "day": ([None, pd.Timestamp("2026-01-02"), pd.Timestamp("1969-01-02")], lambda v: pd.to_datetime(pd.Series(v))),
    "arrow text": (WORDS, lambda values: pa.array(values, pa.string())),
    "arrow dictionary": (WORDS, lambda values: pa.array(values, pa.string()).dictionary_encode()),
    "arrow chunks": (WORDS, lambda values: pa.chunked_array([pa.array(values[:2], pa.string()).dictionary_encode(),
                                                            pa.array(values[2:], pa.string()).dictionary_encode()])),
    "arrow bool": ([None, False, True], lambda values: pa.array(values, pa.bool_())),
    "arrow int": ([None, -5, 2**60], lambda values: pa.array(values, pa.int64())),
}  # fmt: skip


def framed(columns: dict[str, Any]) -> nw.DataFrame[Any]:
    arrow = all(isinstance(column, (pa.Array, pa.ChunkedArray)) for column in columns.values())
    return nw.from_native(pa.table(columns) if arrow else pd.DataFrame(columns), eager_only=True)


def spelt(value: Any) -> Any:
    return None if is_missing(value) else value


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=25)
@given(data=st.data())
def test_cells_and_counts_are_those_of_the_rows(kind: str, data: st.DataObject) -> None:
    levels, make = MAKERS[kind]
    places = data.draw(st.lists(st.tuples(*[st.integers(0, len(levels) - 1)] * 2), max_size=40))
    first, second = ([levels[pair[side]] for pair in places] for side in (0, 1))
    known: dict[Key, Coded] = {}
    for _ in range(2):
        found = count_coded(framed({"x": make(first), "y": make(second)}), [Key("x"), Key("y")], known)
        assert found is not None
        counted = {tuple(spelt(value) for value in cell): n for *cell, n in found}
        assert counted == Counter((spelt(a), spelt(b)) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("per_unit", [10, 100, 1000])  # 33 cells are counted in pairs; 303 do not fit into a byte
def test_more_rows_than_one_chunk_and_rounded_numbers(per_unit: int) -> None:
    rng = np.random.default_rng(3)
    x, group = rng.random(300_001), rng.integers(0, 3, 300_001)
    frame = framed({"x": pd.Series(x), "g": pd.Series(group)})
    found = count_coded(frame, [Key("g"), Key("x", per_unit)], {})
    assert found is not None
    assert Counter({(g, x): n for g, x, n in found}) == Counter(
        zip(group.tolist(), np.floor(x * per_unit + 0.5).astype(int).tolist(), strict=True)
    )


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_column_of_one_value_is_counted(rows: int) -> None:
    frame = framed({"none": pd.Series([None] * rows, dtype="category"), "low": pd.Series([-5] * rows)})
    assert count_coded(frame, [Key("none"), Key("low")], {}) == [(None, -5, rows)]
    assert count_coded(framed({"zero": pd.Series([0] * rows)}), [Key("zero")], {}) == [(0, rows)]


def test_what_has_too_many_possible_cells_or_no_hash_is_left_to_the_engine() -> None:
    many = pd.Series(np.arange(2**21, dtype=float))
    assert count_coded(framed({"x": many}), [Key("x")], {}) is None
    lists = pd.Series([[1], [2]], dtype=object)
    assert count_coded(framed({"x": lists}), [Key("x")], {}) is None
    assert count_coded(framed({"x": pd.Series([0.5, np.nan])}), [Key("x", 10)], {}) is None
