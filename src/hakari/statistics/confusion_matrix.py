"""Confusion: 2×2 counts per group, for one tally or for many replicates of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.rates import GroupIndex, classes_of
from hakari.statistics.tally import Tally, Value


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Where every cell of a tally goes in an array (groups, label, prediction)."""

    columns: tuple[str, ...]
    """Group columns."""
    groups: tuple[tuple[Value, ...], ...]
    """Levels of the columns, in canonical order (G)."""
    counts: IntArray
    """Counts (G, 2, 2) indexed [group, label, prediction]."""
    slots: IntArray
    """Flat place of each cell of the tally in `counts` (K,); −1 for missing labels and predictions."""

    def spread(self, cell_counts: IntArray | FloatArray) -> FloatArray:
        """Counts (..., G, 2, 2) of replicated cell counts (..., K)."""
        used = self.slots >= 0
        flat = np.zeros((*cell_counts.shape[:-1], self.counts.size))
        # One row per cell and few groups: adding cell by cell keeps the replicate axis contiguous.
        for place, slot in zip(np.flatnonzero(used).tolist(), self.slots[used].tolist(), strict=True):
            flat[..., slot] += cell_counts[..., place]
        return flat.reshape(*cell_counts.shape[:-1], *self.counts.shape)


def confusion(tally: Tally, by: Sequence[str] = ()) -> Confusion:
    """The 2×2 counts of every group; rows with a missing label or prediction are in no cell."""
    label, prediction = classes_of(tally, "label"), classes_of(tally, "prediction")
    indexed = GroupIndex.of(tally, by)
    used = (label < 2) & (prediction < 2)
    slots = np.where(used, indexed.index * 4 + label * 2 + prediction, -1)
    counts = np.zeros(len(indexed.groups) * 4, dtype=np.int64)
    np.add.at(counts, slots[used], np.array(tally.counts, dtype=np.int64)[used])
    return Confusion(tuple(by), indexed.groups, counts.reshape(-1, 2, 2), slots)
