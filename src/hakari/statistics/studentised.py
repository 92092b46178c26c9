"""Limits of smooth metrics: the studentised bootstrap, and how far its ends may move by chance of the draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy import special

from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import Indices, Limits

Ends = TypeVar("Ends", float, FloatArray)


def monte_carlo_error(read: Callable[[Limits], tuple[Ends, Ends]], limits: Limits) -> tuple[Ends, Ends] | None:
    """Standard errors of the two ends that `read` takes from limits; None where the limits are not drawn.

    Every quantile is moved by one standard error of its rank, to the inside and to the outside, and half of the way
    that an end goes is its error. For an end over several groups all move at once, so the error is rather too large.
    """
    if not isinstance(limits, StudentisedBootstrap):
        return None
    narrow, wide = read(limits.shifted(1.0)), read(limits.shifted(-1.0))
    return abs(narrow[0] - wide[0]) / 2, abs(narrow[1] - wide[1]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class StudentisedBootstrap:
    """Asymptotic limits of a smooth metric: bootstrap-t on a transformed scale (Efron & Tibshirani 1993, ch. 12).

    On each side the wider of the bootstrap-t limit and the normal limit with the same standard error is taken: where
    all replicates agree (a perfect ranking) the bootstrap alone would claim certainty. Beyond the 20th outermost
    replicate the quantile is extended in proportion to the normal one.
    """

    points: FloatArray
    """Plain values (G,)."""
    centres: FloatArray
    """Values on the scale of the transform (G,)."""
    spreads: FloatArray
    """Standard errors on that scale (G,)."""
    pivots: FloatArray
    """Studentised replicates, sorted along the first axis (R, G)."""
    logit: bool
    """True where the transform is the logit."""
    detail: str = ""
    """What else the method should say, such as the binning of the replicates."""
    shift: float = 0.0
    """Moves every quantile by so many standard errors of its rank: −1 gives wider limits, +1 narrower ones."""

    @property
    def values(self) -> FloatArray:
        return self.points

    @property
    def method(self) -> str:
        scale = "logit scale" if self.logit else "plain scale"
        parts = (f"studentised bootstrap, {scale}, asymptotic", self.detail)
        return "; ".join(part for part in parts if part)

    @property
    def approximate(self) -> bool:
        return True

    def lower(self, error: float) -> FloatArray:
        return self._lower(error, self.shift)

    def upper(self, error: float) -> FloatArray:
        return self._upper(error, self.shift)

    def shifted(self, shift: float) -> StudentisedBootstrap:
        """The same limits with every quantile moved by `shift` standard errors of its rank."""
        return replace(self, shift=shift)

    def take(self, indices: Indices) -> StudentisedBootstrap:
        parts = (self.points[indices], self.centres[indices], self.spreads[indices], self.pivots[:, indices])
        return StudentisedBootstrap(*parts, logit=self.logit, detail=self.detail, shift=self.shift)

    def _lower(self, error: float, shift: float) -> FloatArray:
        reach = np.maximum(self._quantile(self.pivots[::-1], error, shift), -special.ndtri(error))
        return np.where(np.isfinite(self.points), np.fmin(self._back(-reach), self.points), 0.0)

    def _upper(self, error: float, shift: float) -> FloatArray:
        reach = np.maximum(-self._quantile(self.pivots, error, shift), -special.ndtri(error))
        return np.where(np.isfinite(self.points), np.fmax(self._back(reach), self.points), 1.0)

    def _quantile(self, ordered: FloatArray, error: float, shift: float) -> FloatArray:
        """The pivot with `error` of the replicates outside it; `shift` moves it by standard errors of its rank."""
        count = len(ordered)
        used = max(error, min(20 / count, 0.5))
        rank = used * (count + 1) - 1 + shift * np.sqrt(used * (1 - used) * count)
        found: FloatArray = ordered[int(np.clip(np.floor(rank), 0, count - 1))]
        stretch = 1.0 if used == error else special.ndtri(error) / special.ndtri(used)
        return found * stretch

    def _back(self, moves: FloatArray) -> FloatArray:
        # An infinite pivot (a replicate without positives) with a standard error of 0 would be nan.
        moved = self.centres + np.clip(moves, -1e6, 1e6) * self.spreads
        return special.expit(moved) if self.logit else np.clip(moved, 0.0, 1.0)
