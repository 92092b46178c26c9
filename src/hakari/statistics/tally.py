"""Tally: integer counts over cells, the one thing every metric is computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hakari.errors import InputError
from hakari.messages import say

MISSING = "missing"
"""The level that stands for null in every axis."""

Value = str | int | float

_LARGEST = 2**53
# JSON numbers are doubles: at 2**53 and above an integer may change on its way through a file.


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight sums of the cells as integers, so that merging is exact in any order."""

    scale: int
    """A weight of 1.0 counts as this many units."""
    sums: tuple[int, ...]
    """Σw per cell, in units of 1/scale."""
    squares: tuple[int, ...]
    """Σw² per cell, in units of 1/scale²."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over unique cells in canonical order; equal tallies hold equal content."""

    axes: tuple[str, ...]
    """Names of the cell's parts, for example ("region", "label", "prediction")."""
    cells: tuple[tuple[Value, ...], ...]
    """The K cells, unique and sorted: numbers by size, then text, then `missing`."""
    counts: tuple[int, ...]
    """Rows per cell, 0 <= n < 2**53."""
    weights: Weights | None = None
    """Weight sums per cell, or None for rows that all count once."""

    def __post_init__(self) -> None:
        lengths = {len(self.cells), len(self.counts)}
        if self.weights is not None:
            lengths |= {len(self.weights.sums), len(self.weights.squares)}
        if len(lengths) > 1:
            raise InputError(say("statistics.tally.lengths", lengths=sorted(lengths)))

    @classmethod
    def from_cells(cls, axes: Sequence[str], rows: Iterable[Sequence[object]], *, scale: int | None = None) -> Tally:
        """Tally of rows (*cell, n), or (*cell, n, Σw, Σw²) where `scale` is given.

        Repeated cells are merged, null and NaN become `missing`, and the order is made canonical. Σw and Σw² are plain
        numbers here and are rounded once per row to integers at `scale` and `scale`²; everything after that is exact.
        """
        names = _checked_axes(axes)
        if scale is not None and scale < 1:
            raise InputError(say("statistics.tally.scale", scale=scale))
        width = len(names) + (1 if scale is None else 3)
        merged: dict[tuple[Value, ...], list[int]] = {}
        for row in rows:
            _check_width(row, width, names)
            cell = tuple(_canonical(value) for value in row[: len(names)])
            parts = [_count(row[len(names)])]
            if scale is not None:
                parts += [_scaled(row[-2], scale), _scaled(row[-1], scale**2)]
            _merge(merged, cell, parts)
        return _build(names, merged, scale)

    @classmethod
    def from_rows(cls, axes: Sequence[str], rows: Iterable[Sequence[object]], scale: int | None = None) -> Tally:
        """Tally of what `to_rows` gave: the inverse, with weight sums that are integers at `scale` already."""
        names = _checked_axes(axes)
        width = len(names) + (1 if scale is None else 3)
        merged: dict[tuple[Value, ...], list[int]] = {}
        for row in rows:
            _check_width(row, width, names)
            cell = tuple(_canonical(value) for value in row[: len(names)])
            parts = [_count(row[len(names)]), *(_integer(entry) for entry in row[len(names) + 1 :])]
            _merge(merged, cell, parts)
        return _build(names, merged, scale)

    def to_rows(self) -> list[list[Value]]:
        """Rows [*cell, n] or [*cell, n, Σw, Σw²] for a JSON table; a sum of 2**53 or more is written as text."""
        if self.weights is None:
            return [[*cell, n] for cell, n in zip(self.cells, self.counts, strict=True)]
        sums, squares = self.weights.sums, self.weights.squares
        parts = zip(self.cells, self.counts, sums, squares, strict=True)
        return [[*cell, n, _json_integer(w), _json_integer(w2)] for cell, n, w, w2 in parts]

    def __add__(self, other: Tally) -> Tally:
        """The tally of both sets of rows: exact, associative and commutative."""
        if self.axes != other.axes:
            raise InputError(say("statistics.tally.other_axes", first=list(self.axes), second=list(other.axes)))
        if self._scale != other._scale:
            none = say("statistics.tally.unweighted")
            raise InputError(
                say("statistics.tally.other_scale", first=self._scale or none, second=other._scale or none)
            )
        merged: dict[tuple[Value, ...], list[int]] = {}
        for part in (self, other):
            for cell, numbers in part._numbers():
                _merge(merged, cell, numbers)
        return _build(self.axes, merged, self._scale)

    def marginal(self, axes: Sequence[str]) -> Tally:
        """The tally over these axes, in this order, summed over all others."""
        names = _checked_axes(axes)
        positions = [self.position(axis) for axis in names]
        merged: dict[tuple[Value, ...], list[int]] = {}
        for cell, numbers in self._numbers():
            _merge(merged, tuple(cell[position] for position in positions), numbers)
        return _build(names, merged, self._scale)

    def where(self, **levels: Value | tuple[Value, ...]) -> Tally:
        """The cells whose axes have these levels (one, or any of a tuple); the axes stay."""
        wanted = {
            self.position(axis): {_canonical(v) for v in (level if isinstance(level, tuple) else (level,))}
            for axis, level in levels.items()
        }
        kept = {
            cell: numbers
            for cell, numbers in self._numbers()
            if all(cell[position] in allowed for position, allowed in wanted.items())
        }
        return _build(self.axes, kept, self._scale)

    def levels(self, axis: str) -> tuple[Value, ...]:
        """The levels of an axis in canonical order."""
        position = self.position(axis)
        return tuple(sorted({cell[position] for cell in self.cells}, key=order_key))

    def position(self, axis: str) -> int:
        """Where this axis stands in a cell."""
        if axis not in self.axes:
            raise InputError(say("statistics.tally.no_axis", axis=axis, axes=list(self.axes)))
        return self.axes.index(axis)

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.counts)

    @property
    def _scale(self) -> int | None:
        return None if self.weights is None else self.weights.scale

    def _numbers(self) -> Iterable[tuple[tuple[Value, ...], list[int]]]:
        if self.weights is None:
            return ((cell, [n]) for cell, n in zip(self.cells, self.counts, strict=True))
        parts = zip(self.cells, self.counts, self.weights.sums, self.weights.squares, strict=True)
        return ((cell, [n, w, w2]) for cell, n, w, w2 in parts)


def order_key(value: Value) -> tuple[int, float, str]:
    """Sort key of a total order over mixed levels: numbers by size, then text by code point, then `missing`."""
    if isinstance(value, str):
        return (2 if value == MISSING else 1, 0.0, value)
    return (0, value, "")


def cell_key(cell: tuple[Value, ...]) -> tuple[tuple[int, float, str], ...]:
    """Sort key of a cell: its parts from left to right."""
    return tuple(order_key(value) for value in cell)


def _build(axes: tuple[str, ...], merged: Mapping[tuple[Value, ...], list[int]], scale: int | None) -> Tally:
    keys: dict[Value, tuple[int, float, str]] = {}
    for cell in merged:
        for value in cell:
            if value not in keys:
                keys[value] = order_key(value)
    cells = tuple(sorted(merged, key=lambda cell: tuple(keys[value] for value in cell)))
    counts = tuple(merged[cell][0] for cell in cells)
    if any(n >= _LARGEST for n in counts):
        raise InputError(say("statistics.tally.too_large", rows=str(max(counts))))
    if scale is None:
        return Tally(axes, cells, counts)
    sums = tuple(merged[cell][1] for cell in cells)
    squares = tuple(merged[cell][2] for cell in cells)
    return Tally(axes, cells, counts, Weights(scale, sums, squares))


def _merge(merged: dict[tuple[Value, ...], list[int]], cell: tuple[Value, ...], numbers: list[int]) -> None:
    present = merged.get(cell)
    merged[cell] = numbers if present is None else [a + b for a, b in zip(present, numbers, strict=True)]


def _check_width(row: Sequence[object], width: int, axes: tuple[str, ...]) -> None:
    if len(row) != width:
        entries = [repr(value) for value in row]
        raise InputError(say("statistics.tally.width", axes=list(axes), width=width, found=len(row), row=entries))


def _checked_axes(axes: Sequence[str]) -> tuple[str, ...]:
    names = tuple(axes)
    if len(set(names)) != len(names):
        raise InputError(say("statistics.tally.repeated_axes", axes=list(names)))
    return names


def _canonical(value: object) -> Value:
    """One representation per level: 1, 1.0, True and numpy's 1 are all the integer 1, as after a trip through JSON."""
    if type(value) is str:
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and abs(value) < _LARGEST:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() and abs(value) < _LARGEST else float(value)
    raise InputError(say("statistics.tally.level", value=repr(value), type=type(value).__name__))


def _integer(value: object) -> int:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = int(value)
            if number >= 0 and (isinstance(value, str) or number == value):
                return number
        except (ValueError, OverflowError):
            pass
    raise InputError(say("statistics.tally.count", value=repr(value)))


def _count(value: object) -> int:
    number = _integer(value)
    if number >= _LARGEST:
        raise InputError(say("statistics.tally.too_large", rows=str(number)))
    return number


def _scaled(value: object, scale: int) -> int:
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise InputError(say("statistics.tally.weight", value=repr(value)))
    return round(Fraction(value) * scale)  # a product of floats would lose digits of a large sum


def _json_integer(value: int) -> Value:
    return value if value < _LARGEST else str(value)
