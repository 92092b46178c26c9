"""The contour of a pair, written down a second time by scipy's normal distribution, one angle at a time."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import stats


def angles(error: float) -> list[tuple[float, float]]:
    """Errors of the lower and of the upper side of a pair, at seventeen angles of the quarter circle."""
    z = stats.norm.isf(error)
    turns = [step * math.pi / 32 for step in range(17)]
    return [(float(stats.norm.sf(z * math.sin(t))), float(stats.norm.sf(z * math.cos(t)))) for t in turns]


def upper(
    p: float, q: float, lower_of_p: Callable[[float], float], upper_of_q: Callable[[float], float],
    line: float, error: float,
) -> float:  # fmt: skip
    """The upper limit of line·q − p, from the limits of p and q at any error."""
    return max(line * max(q, upper_of_q(two)) - min(p, lower_of_p(one)) for one, two in angles(error))
