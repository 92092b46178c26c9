"""Table: what every engine can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["LIMB", "WEIGHT_SCALE", "Key", "Table", "Within", "joined_sums", "plain"]

WEIGHT_SCALE: Final = 1_000_000
"""Units of a weight of 1.0: six decimals are exact, and sums merge exactly in any order."""
LIMB: Final = 100_000
"""A weight of w units is summed as a·LIMB² + b·LIMB + c, so that no sum outgrows 64 bits below 300 million rows."""


class Key(NamedTuple):
    """A part of a cell."""

    column: str
    per_unit: int | None = None
    """Round numbers to 1/per_unit and return them in such units; None keeps the values."""


class Within(NamedTuple):
    """What a column of numbers holds."""

    good: int
    """Rows whose value lies between 0 and the highest that was asked for."""
    distinct: int
    mean: float


class Table(Protocol):
    """A table in the place where it is; each method is one query."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in order."""

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns of numbers."""

    def rows(self) -> int:
        """Number of rows."""

    def count(self, keys: Sequence[Key], weight: str | None = None) -> Iterable[tuple[Any, ...]]:
        """Per cell, in any order: the values, n, and for a weight Σw and Σw² in units."""

    def within(self, column: str, highest: float) -> Within:
        """How many values are numbers between 0 and `highest`."""

    def column_counts(self) -> dict[str, tuple[int, int]]:
        """Per column, missing values (null and NaN) and different other values."""

    def bounds(self) -> dict[str, tuple[int, Any, Any]]:
        """Per column missing values, and the least and greatest other value; None and None where it has no order."""

    def distinct_rows(self) -> int:
        """Rows that differ from each other."""

    def overlap(self, other: Table, columns: Sequence[str]) -> int | None:
        """Rows that occur in `other` on these columns, or None where the engine cannot compare the two."""

    def read(self, columns: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """Columns as arrays in row order."""

    def first(self, column: str, rows: int) -> list[Any]:
        """The first values of a column that are not missing."""

    def iterate(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows, in batches where the engine can."""

    def extended(self, columns: Mapping[str, npt.NDArray[Any]]) -> Table:
        """The table with further columns, held in memory."""


def joined_sums(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return (…, Σw, Σw²) for a row that ends in Σa, Σb, Σc, Σa², Σab, Σ(2ac + b²), Σbc, Σc²."""
    *cell, a, b, c, aa, ab, middle, bc, cc = row
    total = (int(a) * LIMB + int(b)) * LIMB + int(c)
    squares = (((int(aa) * LIMB + 2 * int(ab)) * LIMB + int(middle)) * LIMB + 2 * int(bc)) * LIMB + int(cc)
    return (*cell, total, squares)


def plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One kind of array per kind of column: numbers (missing: NaN), truth values, or objects (missing: None)."""
    from hakari.inputs.values import is_missing

    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        if not mask.any():
            return plain(np.asarray(values.data))
        if values.dtype.kind in "iuf":
            return np.where(mask, np.nan, values.data.astype(np.float64))
        objects = np.array(values.data, dtype=object)
        objects[mask] = None
        return plain(objects)
    if values.dtype.kind in "iufb":
        return values
    result = np.empty(len(values), dtype=object)
    result[:] = [None if is_missing(value) else value for value in values.tolist()]
    return result
