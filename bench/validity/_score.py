"""Score tests of a difference and of a ratio with a margin: what the power of the rule is compared with.

Farrington & Manning 1990 (Statistics in Medicine 9) for a difference; Miettinen & Nurminen 1985 (Statistics in
Medicine 4) without the small-sample factor for a ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from _cells import ERROR, Bools, Claim, Floats, Ints, Kind, classes
from scipy import special


def restricted_difference(x1: Floats, n1: int, x2: Floats, n2: int, delta: float) -> tuple[Floats, Floats]:
    """Most likely rates (p1, p2) with p1 − p2 = delta: the root of the cubic in Farrington & Manning 1990."""
    theta, p1, p2 = n2 / n1, x1 / n1, x2 / n2
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + delta * (theta + 2))
    c = delta**2 + delta * (2 * p1 + theta + 1) + p1 + theta * p2
    d = -p1 * delta * (1 + delta)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = np.copysign(np.sqrt(np.maximum(b**2 / (9 * a**2) - c / (3 * a), 0.0)), v)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.clip(np.where(u == 0, 0.0, v / u**3), -1.0, 1.0)
    root = 2 * u * np.cos((np.pi + np.arccos(cosine)) / 3) - b / (3 * a)
    root = np.clip(root, max(delta, 0.0), min(1.0, 1 + delta))
    return root, root - delta


def restricted_ratio(x_low: Floats, n_low: int, x_high: Floats, n_high: int, ratio: float) -> tuple[Floats, Floats]:
    """Most likely rates (low, high) with low = ratio · high."""
    a = (n_low + n_high) * ratio
    b = -(n_low * ratio + x_low + n_high + x_high * ratio)
    c = x_low + x_high
    high = np.clip((-b - np.sqrt(np.maximum(b**2 - 4 * a * c, 0.0))) / (2 * a), 0.0, 1.0)
    return ratio * high, high


def score(claim: Claim, low: Ints, n_low: int, high: Ints, n_high: int) -> Floats:
    """The score statistic of one contrast at the claim's line; large where the groups lie far apart."""
    x_low, x_high = low.astype(float), high.astype(float)
    if claim.aggregation == "difference":
        p_high, p_low = restricted_difference(x_high, n_high, x_low, n_low, claim.line)
        top, weight = x_high / n_high - x_low / n_low - claim.line, 1.0
    else:
        p_low, p_high = restricted_ratio(x_low, n_low, x_high, n_high, claim.line)
        top, weight = claim.line * x_high / n_high - x_low / n_low, claim.line**2
    variance = p_low * (1 - p_low) / n_low + weight * p_high * (1 - p_high) / n_high
    return top / np.sqrt(np.maximum(variance, 1e-300))


def score_level(kind: Kind, groups: int) -> float:
    """What each contrast is compared with: `met` below it in all, `not_met` above it in any."""
    if kind == "met":
        return float(special.ndtri(ERROR))
    return float(-special.ndtri(ERROR / (groups * (groups - 1))))


def score_fires(claim: Claim, sizes: Sequence[int], counts: Ints, every_pair: bool = False) -> Bools:
    """The verdict by score tests, for counts (G, runs), from the extreme counts of each size or from all pairs."""
    level = score_level(claim.kind, len(sizes))
    worst = np.full(counts.shape[1], -np.inf)
    if every_pair:
        found = [(n, 1, x, x) for n, x in zip(sizes, counts, strict=True)]
    else:
        found = list(classes(sizes, counts))
    for (i, (n, members, least, _)), (j, (m, _, _, most)) in product(enumerate(found), enumerate(found)):
        if i != j or members > 1:
            worst = np.maximum(worst, score(claim, least, n, most, m))
    return worst <= level if claim.kind == "met" else worst >= level
