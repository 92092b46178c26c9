"""Crossed: the levels of one column by those of each sensitive column, counted where the data lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hakari.inputs.values import text
from hakari.messages import Message, say
from hakari.statistics.tally import MISSING, Value, order_key

if TYPE_CHECKING:
    from hakari.inputs import Data
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["FEW_VALUES", "MOST_LEVELS", "Crossed", "cross"]

FEW_VALUES = 20
"""Numbers with at most so many different values are taken as they are."""
MOST_LEVELS = 1_000
"""A column of text with more levels is a name or an identifier."""
_MOST_READ = 20_000_000
_BANDS = "bands of the column that is looked at"


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """One column counted against one sensitive column."""

    attribute: str
    predictor: str
    levels: tuple[str, ...]
    """Levels of the sensitive column (R)."""
    bands: tuple[str, ...]
    """Levels or bands of the other column (C)."""
    counts: IntArray
    """Rows (R, C)."""


def cross(data: Data, predictor: str, attributes: Sequence[str], bins: int) -> tuple[Crossed, ...] | Message:
    """Return the column crossed with every attribute, in one query, or why it is not looked at."""
    distinct = data.distinct_counts()[predictor]
    banded: tuple[str, ...] | None = None
    name = predictor
    if predictor in data.numeric_columns and distinct > FEW_VALUES:
        if data.rows > _MOST_READ:
            return say("measures.fairness.proxies.too_long", rows=data.rows, limit=_MOST_READ)
        codes, banded = _banded(np.asarray(data.read([predictor])[predictor], dtype=float), bins)
        name = _free_name(data)
        data = data.extended({name: codes})
    elif distinct > MOST_LEVELS:
        return say("measures.fairness.proxies.many_levels", levels=distinct, limit=MOST_LEVELS)
    others = [attribute for attribute in attributes if attribute != predictor]
    cells = data.merge_cells([name, *others])
    return tuple(
        _crossed(cells, place, (attribute, predictor), banded) for place, attribute in enumerate(others, start=1)
    )


def _crossed(
    cells: dict[tuple[Value, ...], list[int]],
    place: int,
    pair: tuple[str, str],
    banded: tuple[str, ...] | None,
) -> Crossed:
    rows = {level: number for number, level in enumerate(sorted({cell[place] for cell in cells}, key=order_key))}
    columns = {level: number for number, level in enumerate(sorted({cell[0] for cell in cells}, key=order_key))}
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for cell, numbers in cells.items():
        counts[rows[cell[place]], columns[cell[0]]] += numbers[0]
    names = tuple(text(level) if banded is None else banded[int(level)] for level in columns)
    return Crossed(*pair, tuple(text(level) for level in rows), names, counts)


def _banded(numbers: FloatArray, bins: int) -> tuple[IntArray, tuple[str, ...]]:
    """The band of each row and the names of the bands: quantiles of the column itself, missing values last.

    The bands rest on the column alone, so that they are not fitted to what is guessed.
    """
    known = np.isfinite(numbers)
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, bins + 1)[1:-1])) if known.any() else np.zeros(0)
    codes = np.searchsorted(edges, numbers, side="left").astype(np.int64)
    codes[~known] = len(edges) + 1
    ends = [f"{edge:.6g}" for edge in edges.tolist()]
    if not ends:
        return codes, ("all", MISSING)
    between = [f"{low} … {high}" for low, high in pairwise(ends)]
    return codes, (f"≤ {ends[0]}", *between, f"> {ends[-1]}", MISSING)


def _free_name(data: Data) -> str:
    name = _BANDS
    while name in data.columns:
        name += "'"
    return name
