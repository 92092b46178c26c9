"""Neighbours: background rows that are alike in the features that stay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._features import Features, Players
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Neighbours", "nearest_count"]


def nearest_count(background: int) -> int:
    """Return how many rows count as alike: the square root of the background, at least 5, at most all."""
    return min(background, max(5, round(math.sqrt(background))))


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Distances of explained rows to background rows, player by player (Gower 1971, doi 10.2307/2528823).

    Numbers differ by their distance in standard deviations of the background, at most 3, over 3; texts by 0 or 1; a
    missing value is 0 from another missing one and 1 from any other.
    """

    distances: FloatArray
    """(n, d, m)."""
    nearest: int
    """How many background rows count as alike."""

    @classmethod
    def of(cls, rows: Features, background: Features, players: Players) -> Neighbours:
        """Measure all distances; a player of several columns has the mean of theirs."""
        found = [
            np.mean([_distance(rows.columns[name], background.columns[name]) for name in columns], axis=0)
            for columns in players.values()
        ]
        return cls(np.stack(found, axis=1), nearest_count(background.rows))

    def draw(self, coalitions: BoolArray, rng: np.random.Generator) -> IntArray:
        """Return (n, q): for each row and coalition one of the nearest background rows in what stays."""
        kept = coalitions.astype(np.float64)
        rows, _, size = self.distances.shape
        found = np.empty((rows, len(coalitions)), dtype=np.int64)
        for at in range(rows):
            # Rows equally far are taken in random order: categories make many ties.
            apart = kept @ self.distances[at] + 1e-9 * rng.random((len(coalitions), size))
            nearest = np.argpartition(apart, self.nearest - 1, axis=1)[:, : self.nearest]
            chosen = rng.integers(self.nearest, size=len(coalitions))
            found[at] = nearest[np.arange(len(coalitions)), chosen]
        return found


def _distance(values: npt.NDArray[Any], others: npt.NDArray[Any]) -> FloatArray:
    """(n, m)."""
    if values.dtype.kind not in "biuf" or others.dtype.kind not in "biuf":
        return np.asarray(values.astype(str)[:, None] != others.astype(str)[None, :], dtype=np.float64)
    first, second = values.astype(np.float64), others.astype(np.float64)
    known = second[np.isfinite(second)]
    scale = float(known.std()) if len(known) else 0.0
    apart = np.abs(first[:, None] - second[None, :])
    apart = np.minimum(apart / (3 * scale), 1.0) if scale > 0 else (apart > 0).astype(np.float64)
    absent, others_absent = np.isnan(first)[:, None], np.isnan(second)[None, :]
    return np.asarray(np.where(absent | others_absent, (absent != others_absent).astype(np.float64), apart))
