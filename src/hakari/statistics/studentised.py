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
class BinNoise:
    """How far noise pushes a norm Σ_b |X_b| beyond the norm of its mean: by Σ|X_b − E X_b| at most (triangle).

    The X_b − E X_b are taken as normal, so that each absolute value has the mean √(2/π)·σ_b and the variance
    (1 − 2/π)·σ_b². Their sum is taken as gamma with these moments, by the cube-root formula of Wilson & Hilferty 1931;
    it passes at least what √(Σσ_b²)·|Z| passes, which is all of it where one bin is used.
    """

    sums: FloatArray
    """Σ σ_b (G,)."""
    roots: FloatArray
    """√(Σ σ_b²) (G,)."""

    def reach(self, error: float) -> FloatArray:
        """What the noise passes with probability `error` (G,); 0 or more, the less the larger the error."""
        mean = np.sqrt(2 / np.pi) * self.sums
        ninth = np.zeros(len(mean))
        np.divide((1 - 2 / np.pi) * self.roots**2, 9 * mean**2, out=ninth, where=mean > 0)
        gamma = mean * np.maximum(1 - ninth - special.ndtri(error) * np.sqrt(ninth), 0.0) ** 3
        found: FloatArray = np.maximum(gamma, -special.ndtri(error / 2) * self.roots)
        return found

    def take(self, indices: Indices) -> BinNoise:
        """The same for some of the groups, in this order."""
        return BinNoise(self.sums[indices], self.roots[indices])


@dataclass(frozen=True, slots=True, eq=False)
class StudentisedBootstrap:
    """Asymptotic limits of a smooth metric: bootstrap-t on a transformed scale (Efron & Tibshirani 1993, ch. 12).

    On each side the wider of the bootstrap-t limit and the normal limit with the same standard error is taken: where
    all replicates agree (a perfect ranking) the bootstrap alone would claim certainty. Beyond the 20th outermost
    replicate the quantile is extended in proportion to the normal one.

    A norm of noisy parts (the calibration error) lies too high, and its replicates higher still: of scores that are
    calibrated such a lower limit passed .02 in 29 % of samples of 60. With `noise` it is at most the value less that.
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
    noise: BinNoise | None = None
    """What the lower limit stays below the value at least; a formula, which no draw and no shift moves."""

    @property
    def values(self) -> FloatArray:
        return self.points

    @property
    def method(self) -> str:
        scale = "logit scale" if self.logit else "plain scale"
        noise = "" if self.noise is None else "lower limit at most the value less the noise of the bins"
        parts = (f"studentised bootstrap, {scale}, asymptotic", noise, self.detail)
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
        noise = None if self.noise is None else self.noise.take(indices)
        return StudentisedBootstrap(*parts, logit=self.logit, detail=self.detail, shift=self.shift, noise=noise)

    def _lower(self, error: float, shift: float) -> FloatArray:
        reach = np.maximum(self._quantile(self.pivots[::-1], error, shift), -special.ndtri(error))
        found = np.fmin(self._back(-reach), self.points)
        if self.noise is not None:
            found = np.fmin(found, np.maximum(self.points - self.noise.reach(error), 0.0))
        return np.where(np.isfinite(self.points), found, 0.0)

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
