"""Cells: counts of group, label and score as arrays, for all groups of some columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hakari.statistics import Tally, Value
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics.score_limits import BoundedMeans
from hakari.statistics.rates import GroupIndex

__all__ = ["ScoreCells"]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCells:
    """The K cells of a tally with scores, and the G groups and S distinct scores that they belong to."""

    columns: tuple[str, ...]
    groups: tuple[tuple[Value, ...], ...]
    """Levels of the columns (G)."""
    scores: FloatArray
    """Distinct scores of all groups in rising order (S,)."""
    group: IntArray
    """Group of each cell (K,)."""
    label: IntArray
    """Label of each cell, 0 where there are none (K,)."""
    place: IntArray
    """Place of each cell's score (K,)."""
    rows: FloatArray
    """Rows of each cell (K,)."""
    weights: FloatArray
    """Their Σw, or the rows again (K,)."""
    squares: FloatArray
    """Their Σw², or the rows again (K,)."""
    cluster: IntArray | None
    """Cluster of each cell (K,), where rows belong together."""
    weighted: bool
    labelled: bool

    @classmethod
    def of(cls, tally: Tally, columns: Sequence[str]) -> ScoreCells:
        """The cells of a tally with an axis `score`, and `label` and `cluster` where it has them."""
        indexed = GroupIndex.of(tally, columns)
        at = tally.position("score")
        scores, place = np.unique(np.array([cell[at] for cell in tally.cells], dtype=float), return_inverse=True)
        labelled = "label" in tally.axes
        label = np.zeros(len(tally.cells), dtype=np.int64)
        if labelled:
            position = tally.position("label")
            label = np.array([cell[position] for cell in tally.cells], dtype=np.int64)
        rows = np.array(tally.counts, dtype=float)
        weights, squares = rows, rows
        if tally.weights is not None:
            weights = np.array(tally.weights.sums, dtype=float) / tally.weights.scale
            squares = np.array(tally.weights.squares, dtype=float) / float(tally.weights.scale) ** 2
        return cls(
            columns=tuple(columns),
            groups=indexed.groups,
            scores=scores,
            group=indexed.index,
            label=label,
            place=place.astype(np.int64),
            rows=rows,
            weights=weights,
            squares=squares,
            cluster=_clusters(tally),
            weighted=tally.weights is not None,
            labelled=labelled,
        )

    @property
    def plain(self) -> bool:
        """True where rows are independent and count once each."""
        return self.cluster is None and not self.weighted

    @property
    def spanning(self) -> bool:
        """True where some cluster has rows in several groups."""
        if self.cluster is None:
            return False
        pairs = np.unique(self.cluster * len(self.groups) + self.group)
        return len(pairs) > len(np.unique(self.cluster))

    def against(self, place: int) -> ScoreCells:
        """The same cells with two groups: one of these, and all others."""
        groups = (self.groups[place], ("rest",) * len(self.columns))
        return replace(self, groups=groups, group=np.asarray(self.group != place, dtype=np.int64))

    def total(self, numbers: FloatArray) -> FloatArray:
        """Numbers per cell (K,) summed per group (G,)."""
        return np.bincount(self.group, weights=numbers, minlength=len(self.groups)).astype(float)

    def counts(self, *, rows: bool = False) -> FloatArray:
        """Weights, or rows, per group, label and score (G, 2, S)."""
        return self.spread(self.rows if rows else self.weights)

    def spread(self, numbers: FloatArray) -> FloatArray:
        """Numbers per cell (K,) summed per group, label and score (G, 2, S)."""
        shape = (len(self.groups), 2, len(self.scores))
        slot = (self.group * 2 + self.label) * shape[2] + self.place
        flat = np.bincount(slot, weights=numbers, minlength=shape[0] * shape[1] * shape[2])
        return flat.astype(float).reshape(shape)

    def means(self, numbers: FloatArray) -> BoundedMeans:
        """Limits of the groups' means of numbers in [0, 1], one per cell (K,)."""
        if self.cluster is None:
            x, xx = self.weights * numbers, self.squares * numbers**2
            parts = (x, self.weights, xx, self.squares * numbers, self.squares)
            return BoundedMeans(self.total((self.rows > 0) * self.rows), *(self.total(part) for part in parts))
        unit, group = self.units()

        def per_unit(part: FloatArray) -> FloatArray:
            return np.bincount(unit, weights=part, minlength=len(group)).astype(float)

        def per_group(part: FloatArray) -> FloatArray:
            return np.bincount(group, weights=part, minlength=len(self.groups)).astype(float)

        x, m = per_unit(self.weights * numbers), per_unit(self.weights)
        sums = (per_group(part) for part in ((m > 0).astype(float), x, m, x * x, x * m, m * m))
        return BoundedMeans(*sums, clustered=True, spanning=self.spanning)

    def units(self) -> tuple[IntArray, IntArray]:
        """Unit (K,) of each cell, one per cluster in each group, and the group of each unit (U,)."""
        assert self.cluster is not None
        size = len(self.groups)
        pairs, unit = np.unique(self.cluster * size + self.group, return_inverse=True)
        return unit.astype(np.int64), pairs % size


def _clusters(tally: Tally) -> IntArray | None:
    if "cluster" not in tally.axes:
        return None
    position = tally.position("cluster")
    known: dict[Value, int] = {}
    return np.array([known.setdefault(cell[position], len(known)) for cell in tally.cells], dtype=np.int64)
