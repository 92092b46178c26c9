"""Described: numbers with the ends of their intervals, or the reason why there is no interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.messages import Message, say
from hakari.statistics._arrays import FloatArray

__all__ = ["Described"]


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """One number or an array of numbers, each with two ends that hold one by one at `level`.

    Nothing is shared over several numbers: who shows many of them together passes a higher level (Šidák, Bonferroni)
    and says so.
    """

    value: FloatArray
    """Plain plug-in values (any shape); nan where there is none."""
    low: FloatArray
    """Lower ends, same shape; nan where there is no interval."""
    high: FloatArray
    """Upper ends, same shape; nan where there is no interval, inf where nothing bounds the value."""
    level: float
    """Two-sided confidence of each interval."""
    method: str
    """The method in words, as `Interval.method` takes it; it stands in `CHOICES`."""
    chance: tuple[FloatArray, FloatArray] | None = None
    """Standard errors of both ends from a finite number of replicates; None where nothing is drawn."""
    why: Mapping[int, Message] = field(default_factory=dict)
    """Why a number (by its place in the flattened arrays) has no interval."""

    def interval(self, place: int = 0) -> Interval | Unmeasured:
        """The interval of one number, by its place in the flattened arrays, as an estimate takes it."""
        if place in self.why:
            return Unmeasured(unmeasured=self.why[place])
        low, high = float(np.ravel(self.low)[place]), float(np.ravel(self.high)[place])
        if np.isnan(low) or np.isnan(high):
            return Unmeasured(unmeasured=say("statistics.description.no_rows"))
        if not np.isfinite(high):
            return Unmeasured(unmeasured=say("statistics.description.endless", low=low, level=self.level))
        drawn = None
        if self.chance is not None:
            drawn = float(np.ravel(self.chance[0])[place]), float(np.ravel(self.chance[1])[place])
        return Interval(low=low, high=high, level=self.level, method=self.method, monte_carlo_error=drawn)


def error_of(level: float) -> float:
    """Return α = 1 − level without the last digits that 1 − .95 leaves behind; InputError outside (0, 1)."""
    if not 0 < level < 1:
        raise InputError(say("statistics.description.level", level=f"{level:g}"))
    return round(1 - level, 12)


def checked_counts(successes: ArrayLike, trials: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return successes and trials as arrays of one shape; InputError where 0 ≤ x ≤ n does not hold."""
    x, n = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    if not np.all((x >= 0) & (x <= n) & np.isfinite(n)):
        raise InputError(say("statistics.limits.successes"))
    return x, n
