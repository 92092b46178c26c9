"""Moments: means of walks and their standard errors, when background rows are used one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["Moments", "Units"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Sums over some units, each (n, d). A unit is two independent walks from one background row."""

    count: int
    """How many units."""
    means: FloatArray
    """Sum of the means of a unit's two walks."""
    squares: FloatArray
    """Sum of the squares of these means."""
    within: FloatArray
    """Sum of ((first − second) / 2)²: each estimates the variance of a unit's mean."""
    largest: FloatArray
    """The largest of these."""


class Moments:
    """Means of units and their standard errors. Background rows come without replacement.

    The mean of U units estimates the mean over all m background rows. With W the variance within a unit (from its two
    walks) and S² the variance between background rows (what the units' means vary by beyond W), whole passes over the
    background leave W / U, and the u rows of a pass that is not finished add (u / U²) (1 − u / m) S² (sampling without
    replacement: Cochran 1977, Sampling Techniques, eq. 2.14).

    Most walks of a model with steps add nothing and a few add much, so that a variance from few units is often too
    small. W therefore counts one unit more, as large as the largest seen.
    """

    def __init__(self, rows: int, players: int, background: int) -> None:
        self._means, self._squares, self._within, self._largest = np.zeros((4, rows, players))
        self._background = background
        self.units = 0

    def add(self, units: Units) -> None:
        """Add units."""
        self._means += units.means
        self._squares += units.squares
        self._within += units.within
        self._largest = np.maximum(self._largest, units.largest)
        self.units += units.count

    @property
    def values(self) -> FloatArray:
        """(n, d): means."""
        return np.asarray(self._means / self.units, dtype=np.float64)

    @property
    def errors(self) -> FloatArray:
        """(n, d): standard errors."""
        units, mean = self.units, self.values
        within = (self._within + self._largest) / units
        spread = np.maximum(self._squares / units - mean**2, 0.0) * units / max(1, units - 1)
        between = np.maximum(spread - self._within / units, 0.0)
        unfinished = units % self._background
        between *= unfinished / units**2 * (1 - unfinished / self._background)
        return np.asarray(np.sqrt(within / units + between), dtype=np.float64)
