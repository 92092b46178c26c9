"""Counts: the cells of a tally, and the rates that are quotients of sums of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.numbers.limits import ClusteredRates, Limits, PlainRates, Weighed, WeightedRates
from hakari.standalone.python.words import Impossible, say

__all__ = ["MISSING", "RATE_CELLS", "Cell", "GroupRates", "Tally", "group_order", "group_rates", "read_tally"]

MISSING = "missing"
_LARGEST_COUNT = 2**53

_ALL = frozenset({(0, 0), (0, 1), (1, 0), (1, 1)})
_POSITIVE, _NEGATIVE = frozenset({(1, 0), (1, 1)}), frozenset({(0, 0), (0, 1)})
_SELECTED, _REJECTED = frozenset({(0, 1), (1, 1)}), frozenset({(0, 0), (1, 0)})
_TP, _FP, _TN, _FN = (frozenset({cell}) for cell in ((1, 1), (0, 1), (0, 0), (1, 0)))
# Rate → cells in the numerator, cells in the denominator; a cell is (label, prediction).
RATE_CELLS: Mapping[str, tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]] = {
    "selection_rate": (_SELECTED, _ALL),
    "base_rate": (_POSITIVE, _ALL),
    "accuracy": (_TP | _TN, _ALL),
    "error_rate": (_FP | _FN, _ALL),
    "true_positive_rate": (_TP, _POSITIVE),
    "false_positive_rate": (_FP, _NEGATIVE),
    "true_negative_rate": (_TN, _NEGATIVE),
    "false_negative_rate": (_FN, _POSITIVE),
    "positive_predictive_value": (_TP, _SELECTED),
    "negative_predictive_value": (_TN, _REJECTED),
    "false_discovery_rate": (_FP, _SELECTED),
    "false_omission_rate": (_FN, _REJECTED),
}
# Shares of rows that hold something, counted in a table of their own whose `prediction` is 1 where it does.
_SHARES = (
    "captured_share",
    "faithful_share",
    "inputs_match_share",
    "late_share",
    "reasons_captured_share",
    "recourse_share",
    "stable_reasons_share",
)
_ALIASES = {
    "precision": "positive_predictive_value",
    "recall": "true_positive_rate",
    **dict.fromkeys(_SHARES, "selection_rate"),
}
_AXES = {"selection_rate": ("prediction",), "base_rate": ("label",)}

Value = str | int | float
Cell = tuple[Value, ...]


@dataclass(frozen=True)
class Tally:
    """Counted cells: axes, and for each cell its rows and, with weights, Σw and Σw² in units of the scale."""

    axes: tuple[str, ...]
    cells: Mapping[Cell, Sequence[int]]
    scale: Any = None

    def place(self, axis: str) -> int:
        """Return where an axis stands in a cell."""
        if axis not in self.axes:
            raise Impossible(say("statistics.tally.no_axis", axis=axis, axes=list(self.axes)))
        return self.axes.index(axis)


def read_tally(table: Mapping[str, Any]) -> Tally:
    """Return the cells of a table of counts; cells that stand twice are added."""
    columns = list(table["columns"])
    axes = tuple(columns[: columns.index("n")])
    scale = table["details"].get("scale")
    if len(set(axes)) != len(axes):
        raise Impossible(say("statistics.tally.repeated_axes", axes=list(axes)))
    width = len(axes) + (1 if scale is None else 3)
    cells: dict[Cell, list[int]] = {}
    for row in table["rows"]:
        if len(row) != width:
            raise Impossible(say("statistics.tally.width", axes=list(axes), width=width, found=len(row), row=[]))
        cell = tuple(_level(value) for value in row[: len(axes)])
        numbers = [_whole(value) for value in row[len(axes) :]]
        if numbers[0] >= _LARGEST_COUNT:
            raise Impossible(say("statistics.tally.too_large", rows=str(numbers[0])))
        before = cells.get(cell)
        cells[cell] = numbers if before is None else [a + b for a, b in zip(before, numbers, strict=True)]
    if any(numbers[0] >= _LARGEST_COUNT for numbers in cells.values()):
        raise Impossible(say("statistics.tally.too_large", rows=str(max(n[0] for n in cells.values()))))
    return Tally(axes, {cell: cells[cell] for cell in sorted(cells, key=group_order)}, scale)


def _level(value: Any) -> Value:
    """One representation for each level: 1, 1.0 and true are all 1."""
    if value is None:
        return MISSING
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_COUNT:
        return int(value)
    return int(value) if isinstance(value, int) else value


def _whole(value: Any) -> int:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            number = int(value)
            if number >= 0 and (isinstance(value, str) or number == value):
                return number
        except ValueError:
            pass
    raise Impossible(say("statistics.tally.count", value=repr(value)))


def group_order(cell: Cell) -> tuple[tuple[int, float, str], ...]:
    """Return the sort key of a cell: numbers by size, then text, then what is missing."""
    return tuple(
        (2 if value == MISSING else 1, 0.0, value) if isinstance(value, str) else (0, value, "") for value in cell
    )


@dataclass(frozen=True)
class GroupRates:
    """One metric in every group."""

    names: list[str]
    rows: list[int]
    """All rows of each group, also those outside the denominator."""
    successes: list[float]
    """The metric's own numerator; nan where the metric is no proportion."""
    trials: list[float]
    limits: Limits

    def known(self) -> list[int]:
        """Return the groups that have a value at all."""
        values = self.limits.values
        return [g for g, n in enumerate(self.trials) if n > 0 and math.isfinite(values[g])]


def group_rates(tally: Tally, metric: str, by: Sequence[str]) -> GroupRates:
    """Return a rate in every group of the columns `by`; without columns, in the whole."""
    name = _ALIASES.get(metric, metric)
    if name not in RATE_CELLS:
        raise Impossible(say("statistics.rates.unknown", metric=metric, known=sorted([*RATE_CELLS, *_ALIASES])))
    needed = _AXES.get(name, ("label", "prediction"))
    for axis in needed:
        if axis not in tally.axes:
            raise Impossible(say("statistics.rates.axis", metric=name, axis=axis, axes=list(tally.axes)))
    places = [tally.place(axis) for axis in by]
    keys = {cell: tuple(cell[place] for place in places) for cell in tally.cells}
    groups = sorted(set(keys.values()), key=group_order) if by else [()]
    index = {group: number for number, group in enumerate(groups)}
    axes = [tally.place(axis) for axis in needed]
    # A side that the rate does not need is left out, so its missing values do not matter.
    hit, used = (
        {tuple(cell[("label", "prediction").index(axis)] for axis in needed) for cell in side}
        for side in RATE_CELLS[name]
    )
    counted = [
        (index[keys[cell]], cell, numbers, tuple(cell[a] for a in axes) in hit, tuple(cell[a] for a in axes) in used)
        for cell, numbers in tally.cells.items()
    ]
    rows, successes, trials = ([0] * len(groups) for _ in range(3))
    for group, _, numbers, success, trial in counted:
        rows[group] += numbers[0]
        successes[group] += numbers[0] * success
        trials[group] += numbers[0] * trial
    limits = _limits(tally, counted, successes, trials)
    return GroupRates(_group_names(groups), rows, [float(x) for x in successes], [float(n) for n in trials], limits)


def _group_names(groups: Sequence[Cell]) -> list[str]:
    return [" × ".join(str(level) for level in group) for group in groups]


Counted = tuple[int, Cell, Sequence[int], bool, bool]
"""(group, cell, numbers, whether it is a success, whether it is a trial)"""


def _limits(tally: Tally, counted: Sequence[Counted], successes: Sequence[int], trials: Sequence[int]) -> Limits:
    if "cluster" in tally.axes:
        return _clustered(tally, counted, len(trials))
    if tally.scale is None:
        return PlainRates(list(zip(successes, trials, strict=True)))
    sums = [[0.0] * 4 for _ in trials]
    for group, _, (_, w, w2), success, trial in counted:
        weight, square = _scaled(w, tally.scale), _scaled(w2, float(tally.scale) ** 2)
        for place, part in enumerate((weight * success, weight * trial, square * success, square * trial)):
            sums[group][place] += part
    return WeightedRates([Weighed(float(n), *parts) for n, parts in zip(trials, sums, strict=True)])


def _clustered(tally: Tally, counted: Sequence[Counted], groups: int) -> ClusteredRates:
    place = tally.place("cluster")
    numbers: dict[Value, int] = {}
    found: list[dict[int, list[float]]] = [{} for _ in range(groups)]
    for group, cell, parts, success, trial in counted:
        amount = float(parts[0]) if tally.scale is None else _scaled(parts[1], tally.scale)
        sums = found[group].setdefault(numbers.setdefault(cell[place], len(numbers)), [0.0, 0.0])
        sums[0] += amount * success
        sums[1] += amount * trial
    listed = [[(cluster, x, n) for cluster, (x, n) in sorted(group.items())] for group in found]
    return ClusteredRates(listed, weighted=tally.scale is not None)


def _scaled(number: int, scale: Any) -> float:
    return number / scale if scale != 0 else (math.inf if number else math.nan)
