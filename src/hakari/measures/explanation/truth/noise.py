"""Noise: rows that are nearly the same, for asking whether an explanation of them is nearly the same too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._features import Features

__all__ = ["Noise"]

_TO_DEVIATION = 1.349
"""The quartiles of a normal distribution lie this many standard deviations apart."""


@dataclass(frozen=True, slots=True)
class _Column:
    reach: float
    low: float
    high: float
    whole: bool

    def moved(self, values: npt.NDArray[Any], rng: np.random.Generator) -> npt.NDArray[Any]:
        shift = rng.uniform(-self.reach, self.reach, len(values))
        found = values + (np.round(shift) if self.whole else shift)
        # Kept inside the range that was seen, but a row that lies outside already is not pulled in.
        found = np.clip(found, np.minimum(values, self.low), np.maximum(values, self.high))
        return np.asarray(found, dtype=values.dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Small changes of numbers, each column in its own robust unit.

    Columns of texts, yes/no columns, and columns whose middle half is one value (no robust spread) are not moved.
    """

    columns: Mapping[str, _Column]
    unmoved: tuple[str, ...]
    """Columns that no noise can move."""

    @staticmethod
    def like(reference: Features, size: float) -> Noise:
        """Return noise of at most `size` robust standard deviations (quartile distance / 1.349) of the reference.

        Columns of whole numbers move by whole numbers, and all stay within the values that the reference has.

        Raises:
            InputError: a size that is not above 0.
        """
        if not (np.isfinite(size) and size > 0):
            raise InputError(say("measures.explanation.truth.noise", size=size))
        found = {name: _column(reference.columns[name], size) for name in reference.names}
        moving = {name: column for name, column in found.items() if column is not None}
        return Noise(moving, tuple(name for name in reference.names if name not in moving))

    def draw(self, rows: Features, rng: np.random.Generator) -> Features:
        """Return the rows moved a little; missing numbers stay missing."""
        return rows.with_columns({name: column.moved(rows.columns[name], rng) for name, column in self.columns.items()})


def _column(values: npt.NDArray[Any], size: float) -> _Column | None:
    if values.dtype.kind not in "iuf":
        return None
    known = values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return None
    low, first, third, high = np.quantile(known, [0, 0.25, 0.75, 1]).tolist()
    whole = bool((known == np.round(known)).all())
    reach = size * (third - first) / _TO_DEVIATION
    if reach <= (0.5 if whole else 0.0):
        return None
    return _Column(reach, low, high, whole)
