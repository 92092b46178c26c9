"""Descriptions: what each column looks like, for a first draft of a manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hakari.inputs.data import Data
from hakari.inputs.values import level, text
from hakari.statistics.tally import MISSING

__all__ = ["ColumnDescription", "ColumnKind", "describe_columns"]

ColumnKind = Literal["binary", "number", "category", "id-like", "date", "constant"]

_SHOWN = 20
_CATEGORIES = 200
_ALMOST_ALL = 0.95
_DATE = re.compile(r"\d{4}([-/.年])\d{1,2}([-/.月])\d{1,2}日?([ T]\d{1,2}:\d{2}.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDescription:
    """A guess at what a column is, from its values alone; a person decides."""

    name: str
    kind: ColumnKind
    """binary: two values; id-like: almost every row differs; constant: one value or none."""
    distinct: int
    """Different values, without missing ones."""
    missing: int
    """Rows without a value."""
    values: tuple[str, ...]
    """All values, where there are at most 20."""


def describe_columns(data: Data) -> tuple[ColumnDescription, ...]:
    """Describe every column in the order of the table."""
    missing, distinct = data.missing_counts(), data.distinct_counts()
    return tuple(_describe(data, name, missing[name], distinct[name]) for name in data.columns)


def _describe(data: Data, name: str, missing: int, distinct: int) -> ColumnDescription:
    values: tuple[str, ...] = ()
    if distinct <= _SHOWN:
        found = [text(value) for value, _ in data.count_cells([name])]
        values = tuple(value for value in found if not (missing and value == MISSING))
    kind = _kind(data, name, data.rows - missing, distinct)
    return ColumnDescription(name=name, kind=kind, distinct=distinct, missing=missing, values=values)


def _kind(data: Data, name: str, present: int, distinct: int) -> ColumnKind:
    if distinct <= 1:
        return "constant"
    if distinct == 2:
        return "binary"
    if _dates(data, name):
        return "date"
    unique = distinct >= _ALMOST_ALL * present and present > _SHOWN
    if name in data.numeric_columns:
        # Measured numbers may differ in every row; whole numbers that all differ count something off.
        whole = all(isinstance(level(value), int) for value in data.table.first(name, _SHOWN))
        return "id-like" if unique and whole else "number"
    return "id-like" if unique or distinct > _CATEGORIES else "category"


def _dates(data: Data, name: str) -> bool:
    found = [text(value) for value in data.table.first(name, _SHOWN)]
    return bool(found) and name not in data.numeric_columns and all(_DATE.fullmatch(value) for value in found)
