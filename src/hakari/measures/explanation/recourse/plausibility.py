"""Plausibility: how far a row lies from rows that the model decides as wanted, against how far those lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures._constraints.comparing import absent, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["IMPLAUSIBLE", "Plausibility"]

IMPLAUSIBLE: Final = 0.95
"""A row is far off if it is further from its neighbours than this share of the background is from its own."""
_NEIGHBOURS: Final = 5
_MOST_ROWS: Final = 2_000
"""Background rows that are compared with."""
_MOST_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Plausibility:
    """Background rows of the wanted decision, and how far each is from its nearest others."""

    rows: Features
    spreads: Mapping[str, float]
    distances: FloatArray
    """Mean distance of each background row to its nearest others, sorted."""

    @classmethod
    def of(cls, wanted: Features, spreads: Mapping[str, float], rng: np.random.Generator) -> Plausibility:
        """Return it for background rows that are decided as wanted."""
        if wanted.rows > _MOST_ROWS:
            wanted = wanted.take(np.sort(rng.choice(wanted.rows, _MOST_ROWS, replace=False)))
        return cls(wanted, spreads, np.sort(_to_nearest(wanted, wanted, spreads, itself=True)))

    def distance(self, rows: Features) -> FloatArray:
        """Return the mean distance of each row (m,) to its nearest five; infinite without a background row."""
        return _to_nearest(rows, self.rows, self.spreads, itself=False)

    def rank(self, distance: FloatArray) -> FloatArray:
        """Return the share of background rows that lie nearer to their neighbours (m,); 1 without a background row."""
        if not len(self.distances):
            return np.ones(len(distance))
        # A distance that only differs in its last digits is the same one.
        below = np.searchsorted(self.distances, distance * (1 - 1e-9), side="left")
        return np.asarray(below / len(self.distances), dtype=np.float64)


def _to_nearest(rows: Features, others: Features, spreads: Mapping[str, float], *, itself: bool) -> FloatArray:
    """Mean distance to the nearest others (m,); with `itself` both are the same rows and each leaves out itself."""
    count = min(_NEIGHBOURS, others.rows - itself)
    if count < 1:
        return np.full(rows.rows, np.inf)
    coded = [_coded(rows, others, name, spreads) for name in rows.names]
    found = np.empty(rows.rows)
    size = max(_MOST_CELLS // others.rows, 1)
    for start in range(0, rows.rows, size):
        stop = min(start + size, rows.rows)
        total = np.zeros((stop - start, others.rows))
        for own, other, text in coded:
            if text:
                total += own[start:stop, None] != other[None, :]
            else:
                # Two missing values are alike, a missing and a known one differ by one spread.
                far = np.abs(own[start:stop, None] - other[None, :])
                odd = np.isnan(own[start:stop, None]) != np.isnan(other[None, :])
                total += np.where(np.isnan(far), odd, far)
        if itself:
            total[np.arange(stop - start), np.arange(start, stop)] = np.inf
        found[start:stop] = np.partition(total, count - 1, axis=1)[:, :count].mean(axis=1)
    return found


def _coded(
    rows: Features, others: Features, name: str, spreads: Mapping[str, float]
) -> tuple[FloatArray, FloatArray, bool]:
    """A column of both as numbers in spreads, or as codes of its texts."""
    own, other = rows.columns[name], others.columns[name]
    if is_number(own) and is_number(other):
        return own.astype(np.float64) / spreads[name], other.astype(np.float64) / spreads[name], False
    codes: dict[object, float] = {}
    coded = []
    for values in (own, other):
        missing = absent(values).tolist()
        coded.append(
            np.array(
                [
                    -1.0 if gone else codes.setdefault(value, float(len(codes)))
                    for value, gone in zip(values.tolist(), missing, strict=True)
                ]
            )
        )
    return coded[0], coded[1], True
