"""Frame: pandas, polars, pyarrow and whatever else narwhals reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hakari.errors import InputError
from hakari.inputs.tables.codes import Coded, count_coded
from hakari.inputs.tables.table import LIMB, WEIGHT_SCALE, Key, Table, Within, joined_sums, plain
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    Native = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["FrameTable"]

_BATCH = 50_000
_PREFETCH = "POLARS_ROW_GROUP_PREFETCH_SIZE"
_ENGINES = ("narwhals", "polars", "pyarrow", "pandas", "pyspark", "py4j", "duckdb", "dask", "ibis", "sqlframe")


class FrameTable:
    """A frame, eager or lazy; only counts are collected."""

    def __init__(self, frame: Native) -> None:
        self._frame = frame
        self._schema: dict[str, Any] = dict(frame.collect_schema())
        self._codes: dict[Key, Coded] = {}
        self.columns = tuple(self._schema)
        """Names in order."""

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns of numbers."""
        return tuple(name for name, kind in self._schema.items() if kind.is_numeric())

    def rows(self) -> int:
        """Number of rows."""
        if isinstance(self._frame, nw.DataFrame):
            return len(self._frame)
        return int(self._collect(self._frame.select(nw.len()))[0][0])

    def count(self, keys: Sequence[Key], weight: str | None = None) -> list[tuple[Any, ...]]:
        """Per cell: the values, n, and for a weight Σw and Σw²."""
        if weight is None and isinstance(self._frame, nw.DataFrame):
            coded = count_coded(self._frame, keys, self._codes)
            if coded is not None:
                return coded
        names = [f"k{index}" for index in range(len(keys))]
        parts = [self._raw(key).alias(name) for name, key in zip(names, keys, strict=True)]
        spelt = [self._spelt(key, name) for name, key in zip(names, keys, strict=True)]
        if weight is None:
            if not names:
                return [(self.rows(),)]
            counted = self._lazily().select(*parts).group_by(names).agg(nw.len().alias("n"))
            return self._collect(counted.select(*spelt, "n"))
        units = (nw.col(weight).cast(nw.Float64) * WEIGHT_SCALE + 0.5).floor().cast(nw.Int64)
        a = units // LIMB**2
        b = units // LIMB - a * LIMB
        c = units - units // LIMB * LIMB
        for index, part in enumerate((a, b, c, a * a, a * b, 2 * a * c + b * b, b * c, c * c)):
            parts.append(part.alias(f"w{index}"))
        sums = [nw.len().alias("n"), *(nw.col(f"w{index}").sum() for index in range(8))]
        frame = self._lazily().select(*parts)
        if not names:
            return [joined_sums(row) for row in self._collect(frame.select(*sums))]
        counted = frame.group_by(names).agg(*sums)
        ends = [nw.col("n"), *(nw.col(f"w{index}") for index in range(8))]
        return [joined_sums(row) for row in self._collect(counted.select(*spelt, *ends))]

    def within(self, column: str, highest: float) -> Within:
        """How many values are numbers between 0 and `highest`: NaN fails one test, null is left out of the sum."""
        value = nw.col(column)
        good = ((value >= 0) & (value <= highest)).cast(nw.Int64).sum()
        asked = (good.alias("good"), value.n_unique().alias("distinct"), value.mean().alias("mean"))
        found = self._collect(self._frame.select(*asked))[0]
        return Within(int(found[0] or 0), int(found[1]), float("nan") if found[2] is None else float(found[2]))

    def column_counts(self) -> dict[str, tuple[int, int]]:
        """Per column, missing values and different other values."""
        parts = []
        for index, name in enumerate(self.columns):
            column = self._known(name)
            parts += [column.is_null().cast(nw.Int64).sum().alias(f"m{index}"), column.n_unique().alias(f"d{index}")]
        numbers = [int(value) for value in self._collect(self._frame.select(*parts))[0]]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return {name: (m, d - (m > 0)) for name, (m, d) in zip(self.columns, pairs, strict=True)}

    def bounds(self) -> dict[str, tuple[int, Any, Any]]:
        """Per column missing values, and the least and greatest other value; None and None where it has no order."""
        parts = []
        for index, (name, kind) in enumerate(self._schema.items()):
            column = self._known(name)
            ends = (column.min(), column.max()) if _ordered(kind) else (nw.lit(None), nw.lit(None))
            parts += [column.is_null().cast(nw.Int64).sum().alias(f"m{index}")]
            parts += [end.alias(f"{letter}{index}") for letter, end in zip("lh", ends, strict=True)]
        found = self._collect(self._lazily().select(*parts))[0]
        triples = zip(found[::3], found[1::3], found[2::3], strict=True)
        return {name: (int(m), low, high) for name, (m, low, high) in zip(self.columns, triples, strict=True)}

    def distinct_rows(self) -> int:
        """Rows that differ from each other."""
        names = [f"k{index}" for index in range(len(self.columns))]
        frame = self._frame.select(*(self._known(c).alias(k) for c, k in zip(self.columns, names, strict=True)))
        return int(self._collect(frame.group_by(names).agg(nw.len().alias("n")).select(nw.len()))[0][0])

    def overlap(self, other: Table, columns: Sequence[str]) -> int | None:
        """None: engines differ in whether null equals null, so the cells of both are compared instead."""
        return None

    def read(self, columns: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """Columns as arrays in row order."""
        frame = self._eager(columns)
        return {name: plain(frame[name].to_numpy()) for name in columns}

    def first(self, column: str, rows: int) -> list[Any]:
        """The first values of a column that are not missing."""
        frame = self._frame.select(self._known(column)).drop_nulls().head(rows)
        return [value for (value,) in self._collect(frame)]

    def iterate(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows, a batch at a time."""
        yield from self._eager(columns).iter_rows(named=False, buffer_size=_BATCH)

    def extended(self, columns: Mapping[str, npt.NDArray[Any]]) -> FrameTable:
        """The table with further columns."""
        frame = self._frame.collect() if isinstance(self._frame, nw.LazyFrame) else self._frame
        added = [nw.new_series(name, values.tolist(), backend=frame.implementation) for name, values in columns.items()]
        return FrameTable(frame.with_columns(*added))

    def _eager(self, columns: Sequence[str]) -> nw.DataFrame[Any]:
        frame = self._frame.select(*(self._key(Key(name)) for name in columns))
        return frame.collect() if isinstance(frame, nw.LazyFrame) else frame

    def _lazily(self) -> Native:
        """The frame with its engine's optimiser, where that costs nothing."""
        if isinstance(self._frame, nw.DataFrame) and self._frame.implementation.is_polars():
            return self._frame.lazy()
        return self._frame

    def _raw(self, key: Key) -> nw.Expr:
        """The column as the engine groups it: categories by their codes, which is far faster than by their text."""
        column = nw.col(key.column)
        if key.per_unit is not None:
            return (column.cast(nw.Float64) * key.per_unit + 0.5).floor().cast(nw.Int64)
        return column

    def _spelt(self, key: Key, name: str) -> nw.Expr:
        """A key of the result: categories as the text that they stand for."""
        coded = key.per_unit is None and isinstance(self._schema[key.column], nw.Categorical | nw.Enum)
        return nw.col(name).cast(nw.String) if coded else nw.col(name)

    def _key(self, key: Key) -> nw.Expr:
        """The column in full, spelt."""
        coded = key.per_unit is None and isinstance(self._schema[key.column], nw.Categorical | nw.Enum)
        return self._raw(key).cast(nw.String) if coded else self._raw(key)

    def _known(self, name: str) -> nw.Expr:
        """The column with one kind of missing value."""
        if not self._schema[name].is_float():
            return self._key(Key(name))
        return nw.when(~nw.col(name).is_nan()).then(nw.col(name))

    def _collect(self, frame: Native) -> list[tuple[Any, ...]]:
        return list(_collected(frame).rows(named=False))


def _collected(frame: Native) -> nw.DataFrame[Any]:
    """The result of a query; polars streams it, so that memory does not grow with the rows."""
    if not isinstance(frame, nw.LazyFrame):
        return frame
    try:
        if frame.implementation.is_polars():
            with _short_prefetch():
                return frame.collect(engine="streaming")
        return frame.collect()
    except Exception as error:
        # Each engine has a family of errors of its own, and not every engine is installed.
        if type(error).__module__.partition(".")[0] not in _ENGINES:
            raise
        raise InputError(say("inputs.table.unreadable", problem=str(error).strip().splitlines()[0])) from None


@contextmanager
def _short_prefetch() -> Iterator[None]:
    """Keep polars from reading many row groups of a file ahead, which takes a gigabyte and saves no time."""
    if _PREFETCH in os.environ:
        yield
        return
    os.environ[_PREFETCH] = "4"
    try:
        yield
    finally:
        os.environ.pop(_PREFETCH, None)


def _ordered(kind: Any) -> bool:
    """Whether every engine can say which value of this type is the least."""
    return bool(kind.is_numeric() or kind.is_temporal() or kind in (nw.String, nw.Boolean, nw.Categorical, nw.Enum))
