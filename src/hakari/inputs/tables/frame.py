"""Frame: pandas, polars, pyarrow and whatever else narwhals reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from hakari.inputs.tables.table import LIMB, WEIGHT_SCALE, Key, Table, Within, joined_sums, plain

if TYPE_CHECKING:
    import numpy.typing as npt

    Native = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["FrameTable"]

_BATCH = 50_000


class FrameTable:
    """A frame, eager or lazy; only counts are collected."""

    def __init__(self, frame: Native) -> None:
        self._frame = frame
        self._schema: dict[str, Any] = dict(frame.collect_schema())
        self.columns = tuple(self._schema)
        """Names in order."""

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns of numbers."""
        return tuple(name for name, kind in self._schema.items() if kind.is_numeric())

    def rows(self) -> int:
        """Number of rows."""
        return int(self._collect(self._frame.select(nw.len()))[0][0])

    def count(self, keys: Sequence[Key], weight: str | None = None) -> list[tuple[Any, ...]]:
        """Per cell: the values, n, and for a weight Σw and Σw²."""
        names = [f"k{index}" for index in range(len(keys))]
        parts = [self._key(key).alias(name) for name, key in zip(names, keys, strict=True)]
        if weight is None:
            if not names:
                return [(self.rows(),)]
            return self._collect(self._frame.select(*parts).group_by(names).agg(nw.len().alias("n")))
        units = (nw.col(weight).cast(nw.Float64) * WEIGHT_SCALE + 0.5).floor().cast(nw.Int64)
        a = units // LIMB**2
        b = units // LIMB - a * LIMB
        c = units - units // LIMB * LIMB
        for index, part in enumerate((a, b, c, a * a, a * b, 2 * a * c + b * b, b * c, c * c)):
            parts.append(part.alias(f"w{index}"))
        sums = [nw.len().alias("n"), *(nw.col(f"w{index}").sum() for index in range(8))]
        frame = self._frame.select(*parts)
        found = self._collect(frame.group_by(names).agg(*sums) if names else frame.select(*sums))
        return [joined_sums(row) for row in found]

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
            parts += [column.is_null().sum().alias(f"m{index}"), column.n_unique().alias(f"d{index}")]
        numbers = [int(value) for value in self._collect(self._frame.select(*parts))[0]]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return {name: (m, d - (m > 0)) for name, (m, d) in zip(self.columns, pairs, strict=True)}

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

    def _key(self, key: Key) -> nw.Expr:
        """The column as it is counted: categories as the text that they stand for."""
        column = nw.col(key.column)
        if key.per_unit is not None:
            return (column.cast(nw.Float64) * key.per_unit + 0.5).floor().cast(nw.Int64)
        coded = isinstance(self._schema[key.column], nw.Categorical | nw.Enum)
        return column.cast(nw.String) if coded else column

    def _known(self, name: str) -> nw.Expr:
        """The column with one kind of missing value."""
        if not self._schema[name].is_float():
            return self._key(Key(name))
        return nw.when(~nw.col(name).is_nan()).then(nw.col(name))

    def _collect(self, frame: Native) -> list[tuple[Any, ...]]:
        return list((frame.collect() if isinstance(frame, nw.LazyFrame) else frame).rows(named=False))
