"""Data: one table that stays where it is and is counted there."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.evidence.subject import Subject
from hakari.inputs.tables import Key, Table
from hakari.inputs.values import level
from hakari.messages import Message, say
from hakari.statistics.tally import Value, cell_key

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Data"]

_SHOWN = 20


class Data:
    """A table behind one door, whatever holds it: file, folder, query, or a frame of any library narwhals reads.

    Every count is one query that runs where the data is; rows come back only from `read` and `iterate`.
    """

    def __init__(
        self,
        table: Table,
        *,
        role: str,
        name: str,
        subject: Callable[[Data], Subject],
        notices: Sequence[Message] = (),
        keep: object | None = None,
    ) -> None:
        self.role = role
        """What the table is to the use case, such as `data.test`."""
        self.name = name
        """Name that a person recognises."""
        self.notices = tuple(notices)
        """What a reader of the evidence should know about how the table was read."""
        self.columns = table.columns
        """Column names in the order of the table."""
        self.table = table
        """The engine that answers."""
        self._make_subject = subject
        self._keep = keep

    def __repr__(self) -> str:
        return f"Data({self.name!r}, role={self.role!r}, columns={list(self.columns)})"

    @cached_property
    def rows(self) -> int:
        """Number of rows."""
        return self.table.rows()

    @cached_property
    def subject(self) -> Subject:
        """The table as a subject of evidence; reads all of it once for the digest."""
        return self._make_subject(self)

    @cached_property
    def numeric_columns(self) -> tuple[str, ...]:
        """Columns of numbers; truth values are none."""
        return self.table.numeric

    def require(self, columns: Sequence[str]) -> None:
        """Refuse columns that the table does not have, with the nearest names.

        Raises:
            InputError: a column is unknown.
        """
        for column in columns:
            if column not in self.columns:
                folded = {name.casefold(): name for name in self.columns}
                near = [folded[name] for name in difflib.get_close_matches(column.casefold(), folded, n=3, cutoff=0.5)]
                if near:
                    raise InputError(say("inputs.column.unknown", column=column, source=self.name, nearest=near))
                shown = [*self.columns[:_SHOWN], *(["…"] if len(self.columns) > _SHOWN else [])]
                raise InputError(say("inputs.column.none_near", column=column, source=self.name, columns=shown))

    def count_cells(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return rows (*values, n), one per combination of values that occurs, in canonical order.

        One query. Null and NaN are `missing`, whole numbers integers, truth values `true` and `false`.
        """
        merged = self.merge_cells(columns)
        return [(*cell, merged[cell][0]) for cell in sorted(merged, key=cell_key)]

    def merge_cells(
        self, columns: Sequence[str], *, weight: str | None = None, per_unit: Mapping[str, int] | None = None
    ) -> dict[tuple[Value, ...], list[int]]:
        """Return, per cell, [n] or for a weight [n, Σw, Σw²] at `WEIGHT_SCALE`, in any order.

        Args:
            columns: columns that make up a cell.
            weight: column of weights.
            per_unit: columns of numbers that are rounded to 1/per_unit before they are counted.
        """
        self.require(columns)
        names = list(dict.fromkeys(columns))
        scale = [(per_unit or {}).get(name) for name in names]
        found = self.table.count([Key(name, per) for name, per in zip(names, scale, strict=True)], weight)
        where = [names.index(column) for column in columns]
        width = len(names)
        merged: dict[tuple[Value, ...], list[int]] = {}
        for row in _levelled(found, scale):
            cell = tuple([row[position] for position in where])
            numbers = [int(value) for value in row[width:]]
            present = merged.get(cell)
            merged[cell] = numbers if present is None else [a + b for a, b in zip(present, numbers, strict=True)]
        return merged

    def read(self, columns: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """Return columns as arrays in row order: numbers (missing: NaN), truth values, or objects (missing: None)."""
        self.require(columns)
        names = list(dict.fromkeys(columns))
        return self.table.read(names) if names else {}

    def iterate(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield rows, holding only a batch of them in memory where the engine allows it."""
        self.require(columns)
        return self.table.iterate(columns)

    def missing_counts(self) -> dict[str, int]:
        """Return nulls and NaN per column."""
        return {name: counts[0] for name, counts in self._column_counts.items()}

    def distinct_counts(self) -> dict[str, int]:
        """Return the number of different values per column; null and NaN are none."""
        return {name: counts[1] for name, counts in self._column_counts.items()}

    def duplicate_rows(self) -> int:
        """Return how many rows repeat another row in every column; null repeats null."""
        return self.rows - self.table.distinct_rows()

    def overlap(self, other: Data, columns: Sequence[str]) -> int:
        """Return how many rows have values on `columns` that occur together in a row of `other`; null equals null.

        A semi-join where both tables lie in one DuckDB database, else a comparison of the cells of both.
        """
        names = list(dict.fromkeys(columns))
        self.require(names)
        other.require(names)
        joined = self.table.overlap(other.table, names)
        if joined is not None:
            return joined
        present = other.merge_cells(names)
        return sum(numbers[0] for cell, numbers in self.merge_cells(names).items() if cell in present)

    def extended(self, columns: Mapping[str, npt.NDArray[Any]], *, notices: Sequence[Message] = ()) -> Data:
        """Return this table with further columns in memory; its subject stays the table that was opened."""
        return Data(
            self.table.extended(columns),
            role=self.role,
            name=self.name,
            subject=lambda _: self.subject,
            keep=self,
            notices=(*self.notices, *notices),
        )

    @cached_property
    def _column_counts(self) -> dict[str, tuple[int, int]]:
        return self.table.column_counts()


def _levelled(rows: Iterable[tuple[Any, ...]], scale: Sequence[int | None]) -> Iterator[list[Any]]:
    """Rows with their leading values as levels; each different value is spelt once."""
    known: list[dict[Any, Value]] = [{} for _ in scale]
    width = len(scale)
    for row in rows:
        cell: list[Any] = []
        for value, per, seen in zip(row, scale, known, strict=False):
            try:
                spelt = seen[value]
            except KeyError:
                spelt = seen[value] = level(value if per is None else value / per)
            except TypeError:
                spelt = level(value)
            cell.append(spelt)
        cell += row[width:]
        yield cell
