"""Cells: counts of group, label and prediction among K classes as arrays, and limits of any rate of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Table
from hakari.inputs.numbers import check_weights
from hakari.inputs.tables import WEIGHT_SCALE
from hakari.inputs.values import class_text, text
from hakari.messages import say
from hakari.statistics import MISSING, ClopperPearson, ClusteredRates, Limits, Value, WeightedRates
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.tally import cell_key, order_key

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["ClassCells", "class_order", "count_classes"]

_MOST_CLASSES = 100


@dataclass(frozen=True, slots=True, eq=False)
class ClassCells:
    """N cells of group, label and prediction, and the G groups and K classes that they belong to."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    """Levels of the columns (G)."""
    classes: tuple[str, ...]
    """Names of the classes (K)."""
    group: IntArray
    """Group of each cell (N,)."""
    label: IntArray
    """Class of each cell's label, −1 where there are no labels (N,)."""
    prediction: IntArray
    """Class of each cell's prediction (N,)."""
    rows: FloatArray
    """Rows of each cell (N,)."""
    weights: FloatArray
    """Their Σw, or the rows again (N,)."""
    squares: FloatArray
    """Their Σw², or the rows again (N,)."""
    cluster: IntArray | None
    """Cluster of each cell (N,), where rows belong together."""
    weighted: bool
    labelled: bool
    _units: tuple[IntArray, IntArray] | None = field(default=None, init=False, repr=False)
    # unit of each cell (N,), one per cluster and group, and the code of each unit: cluster · G + group

    def __post_init__(self) -> None:
        if self.cluster is not None:
            pairs, unit = np.unique(self.cluster * len(self.groups) + self.group, return_inverse=True)
            object.__setattr__(self, "_units", (unit.astype(np.int64), pairs))

    @property
    def plain(self) -> bool:
        """True where rows are independent and count once each."""
        return self.cluster is None and not self.weighted

    @property
    def spanning(self) -> bool:
        """True where some cluster has rows in several groups."""
        if self._units is None:
            return False
        return len(self._units[1]) > len(np.unique(self._units[1] // len(self.groups)))

    def over(self, columns: Sequence[str]) -> ClassCells:
        """The same cells with the groups of some of the columns."""
        positions = [self.columns.index(column) for column in columns]
        keys = [tuple(group[position] for position in positions) for group in self.groups]
        groups = tuple(sorted(set(keys), key=cell_key))
        place = {group: number for number, group in enumerate(groups)}
        index = np.fromiter((place[key] for key in keys), np.int64, len(keys))
        return replace(self, columns=tuple(columns), groups=groups, group=index[self.group])

    def combinations(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """The combinations of levels of some of the columns that occur, in canonical order."""
        positions = [self.columns.index(column) for column in columns]
        return sorted({tuple(group[position] for position in positions) for group in self.groups}, key=cell_key)

    def within(self, levels: Mapping[str, Value]) -> ClassCells:
        """The cells whose groups have these levels; the classes stay."""
        wanted = {self.columns.index(column): level for column, level in levels.items()}
        chosen = [all(group[at] == level for at, level in wanted.items()) for group in self.groups]
        place = np.cumsum(chosen) - 1
        kept = np.array(chosen, dtype=bool)[self.group]
        return replace(
            self,
            groups=tuple(group for group, some in zip(self.groups, chosen, strict=True) if some),
            group=place[self.group[kept]],
            label=self.label[kept],
            prediction=self.prediction[kept],
            rows=self.rows[kept],
            weights=self.weights[kept],
            squares=self.squares[kept],
            cluster=None if self.cluster is None else self.cluster[kept],
        )

    def against(self, place: int) -> ClassCells:
        """The same cells with two groups: one of these, and all others."""
        groups = (self.groups[place], ("rest",) * len(self.columns))
        return replace(self, groups=groups, group=np.asarray(self.group != place, dtype=np.int64))

    def total(self, numbers: FloatArray) -> FloatArray:
        """Numbers per cell (N,) summed per group (G,)."""
        return np.bincount(self.group, weights=numbers, minlength=len(self.groups)).astype(float)

    def counts(self, numbers: FloatArray) -> FloatArray:
        """Numbers per cell (N,) summed per group, label and prediction (G, K, K)."""
        size = len(self.classes)
        slot = (self.group * size + np.maximum(self.label, 0)) * size + self.prediction
        flat = np.bincount(slot, weights=numbers, minlength=len(self.groups) * size**2)
        return flat.astype(float).reshape(len(self.groups), size, size)

    def rate(self, hit: BoolArray, used: BoolArray) -> Limits:
        """Limits of the share of `hit` among `used` cells in every group, as these rows allow them."""
        hit = hit & used
        if self._units is not None:
            unit, pairs = self._units
            x, n = (
                np.bincount(unit, weights=self.weights * part, minlength=len(pairs)).astype(float)
                for part in (hit, used)
            )
            cluster, group = np.divmod(pairs, len(self.groups))
            return ClusteredRates(len(self.groups), group, cluster, x, n, weighted=self.weighted)
        if not self.weighted:
            return ClopperPearson(self.total(self.rows * hit), self.total(self.rows * used))
        return WeightedRates(
            trials=self.total(self.rows * used),
            success_weights=self.total(self.weights * hit),
            trial_weights=self.total(self.weights * used),
            success_squares=self.total(self.squares * hit),
            trial_squares=self.total(self.squares * used),
        )

    def table(self) -> Table:
        """The counts as a table: group columns, `label`, `prediction`, `n`; clusters added up."""
        found = self.counts(self.rows)
        rows = [
            (*self.groups[g], *((self.classes[i],) if self.labelled else ()), self.classes[j], int(found[g, i, j]))
            for g, i, j in np.argwhere(found > 0).tolist()
        ]
        names = ("label", "prediction") if self.labelled else ("prediction",)
        return Table(name="classes", columns=(*self.columns, *names, "n"), rows=tuple(rows))


def count_classes(inputs: Inputs, columns: Sequence[str], label: str | None, prediction: str) -> ClassCells:
    """Count the tested data once and return its cells, crossed over all columns.

    Raises:
        InputError: a missing label or prediction, wrong weights, or more than 100 classes.
    """
    cluster, weight = inputs.columns.cluster, inputs.columns.weight
    if weight is not None:
        check_weights(inputs.data, weight)
    named = [*columns, *(() if label is None else (label,)), prediction, *(() if cluster is None else (cluster,))]
    merged = inputs.data.merge_cells(named, weight=weight)
    at = len(columns)
    sides = {position: named[position] for position in range(at, at + (1 if label is None else 2))}
    for position, column in sides.items():
        absent = sum(n[0] for cell, n in merged.items() if cell[position] == MISSING)
        if absent:
            raise InputError(say("measures.fairness.classes.missing", column=column, rows=absent))
    spelt = _spelt({cell[position] for cell in merged for position in sides})
    classes = tuple(sorted(set(spelt.values()), key=class_order))
    if len(classes) > _MOST_CLASSES:
        raise InputError(
            say("measures.fairness.classes.many", column=prediction, count=len(classes), limit=_MOST_CLASSES)
        )
    return _arrays(merged, columns, classes, spelt, labelled=label is not None, clustered=cluster is not None)


def _spelt(values: set[Value]) -> dict[Value, str]:
    """Name of the class of each value: width, case and spaces around do not matter, as with two classes."""
    return {value: class_text(value) for value in values}


def class_order(name: str) -> tuple[int, float, str]:
    """Numbers by size, then names."""
    try:
        return order_key(float(name))
    except ValueError:
        return order_key(name)


def _arrays(
    merged: Mapping[tuple[Value, ...], list[int]],
    columns: Sequence[str],
    classes: tuple[str, ...],
    spelt: Mapping[Value, str],
    *,
    labelled: bool,
    clustered: bool,
) -> ClassCells:
    at = len(columns)
    keys = [tuple(text(value) for value in cell[:at]) for cell in merged]
    groups = tuple(sorted(set(keys), key=cell_key))
    place = {group: number for number, group in enumerate(groups)}
    code = {name: number for number, name in enumerate(classes)}
    of = {value: code[name] for value, name in spelt.items()}
    known: dict[Value, int] = {}
    numbers = list(merged.values())
    rows = np.array([each[0] for each in numbers], dtype=float)
    weighted = bool(numbers) and len(numbers[0]) > 1
    weights = np.array([each[1] for each in numbers], dtype=float) / WEIGHT_SCALE if weighted else rows
    squares = np.array([each[2] for each in numbers], dtype=float) / float(WEIGHT_SCALE) ** 2 if weighted else rows
    size = len(merged)
    return ClassCells(
        columns=tuple(columns),
        groups=groups,
        classes=classes,
        group=np.fromiter((place[key] for key in keys), np.int64, size),
        label=np.fromiter((of[cell[at]] for cell in merged), np.int64, size) if labelled else np.full(size, -1),
        prediction=np.fromiter((of[cell[at + labelled]] for cell in merged), np.int64, size),
        rows=rows,
        weights=weights,
        squares=squares,
        cluster=np.array([known.setdefault(cell[-1], len(known)) for cell in merged], dtype=np.int64)
        if clustered
        else None,
        weighted=weighted,
        labelled=labelled,
    )
