"""Plane: a weighted linear fit in closed form, with the spread that its draws leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["Plane", "fitted_plane", "weighted_fidelity"]

_RIDGE: Final = 1e-6
"""Penalty on slopes in units of their own spread: it only decides between columns that no draw tells apart. A penalty
that is felt would shrink slopes towards 0, by more where the kernel leaves fewer draws."""
_LEAST_SPREAD: Final = 1e-9
"""A design column with less spread than this has no slope."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """output ≈ intercept + design · slopes."""

    intercept: float
    """Fit at the explained row, where the design is 0."""
    slopes: FloatArray
    """(c,)."""
    covariance: FloatArray
    """(c, c): of the slopes over draws."""

    def at(self, design: FloatArray) -> FloatArray:
        """Return the fit at rows of the design (S, c)."""
        return np.asarray(self.intercept + design @ self.slopes, dtype=np.float64)


def fitted_plane(design: FloatArray, outputs: FloatArray, weights: FloatArray) -> Plane:
    """Return the weighted ridge fit; the intercept is not penalised.

    Covariance: the sandwich of White 1980 (doi 10.2307/1912934) with residuals over 1 − leverage (HC3, MacKinnon &
    White 1985), because a straight line is never the whole model and weights are no variances.
    """
    share = weights / weights.sum()
    middle = share @ design
    moved = design - middle
    spread = np.sqrt(share @ moved**2)
    used = spread > _LEAST_SPREAD
    scaled = moved[:, used] / spread[used]
    mean = float(share @ outputs)
    inverse = np.linalg.inv((scaled * share[:, None]).T @ scaled + _RIDGE * np.eye(int(used.sum())))
    slopes = inverse @ (scaled.T @ (share * (outputs - mean)))
    left = outputs - mean - scaled @ slopes
    leverage = share * (1 + np.einsum("sc,cd,sd->s", scaled, inverse, scaled, optimize=True))
    scores = scaled * (share * left / np.maximum(1 - leverage, 0.05))[:, None]
    inner = inverse @ (scores.T @ scores) @ inverse
    found, covariance = np.zeros(design.shape[1]), np.zeros((design.shape[1], design.shape[1]))
    found[used] = slopes / spread[used]
    covariance[np.ix_(used, used)] = inner / np.outer(spread[used], spread[used])
    return Plane(mean - float(middle @ found), found, covariance)


def weighted_fidelity(outputs: FloatArray, fit: FloatArray, weights: FloatArray) -> float:
    """Return the weighted R² of a fit on draws that it has not seen; NaN where the output does not vary."""
    share = weights / weights.sum()
    mean = share @ outputs
    total = float(share @ (outputs - mean) ** 2)
    if total <= 1e-24 * max(1.0, float(mean) ** 2):
        return float("nan")
    return 1 - float(share @ (outputs - fit) ** 2) / total
