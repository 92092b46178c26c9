"""Distances: limits of numbers that cannot be negative and are 0 where two things are alike.

The usual bootstrap fails there: noise adds to a distance, so an interval around the plain value misses 0 when the truth
is 0. Norms (calibration error, Wasserstein, Kolmogorov–Smirnov) obey |d̂ − d| ≤ ‖noise‖ by the triangle inequality, and
the norm of the noise can be drawn wherever the truth lies. The interval is d̂ ± a quantile of it, cut at 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics import scores as metrics

__all__ = ["CURVE_POINTS", "Noise", "calibration_noise", "divergence_limits", "massart", "norm_quantile"]

CURVE_POINTS = 128
"""Points at which the noise of a distribution function is drawn."""
IMAGINED = 2.0
"""Rows imagined at either end of the scores of each group: four rows stay unseen with probability e⁻⁴, about .018."""
_OUTERMOST = 20
# Quantiles further out than this many replicates are extended in proportion to the normal ones.


def norm_quantile(norms: FloatArray, error: float, shift: float = 0.0) -> FloatArray:
    """The value (...) that drawn norms (R, ...), sorted along the first axis, pass with probability `error`.

    `shift` moves it by standard errors of its rank: −1 gives wider limits, +1 narrower ones.
    """
    count = len(norms)
    used = max(error, min(_OUTERMOST / count, 0.5))
    rank = np.ceil((1 - used) * (count + 1)) - 1 - shift * np.sqrt(used * (1 - used) * count)
    found = norms[int(np.clip(np.ceil(rank), 0, count - 1))]
    return np.asarray(found * (1.0 if used == error else special.ndtri(error) / special.ndtri(used)), dtype=float)


def massart(rows: float, error: float) -> float:
    """How far the distribution function of so many rows is from the true one but with probability `error`.

    √(ln(2/ε) / 2n), Massart 1990: guaranteed at any number of rows; at most 1.
    """
    return min(float(np.sqrt(np.log(2 / error) / (2 * rows))), 1.0) if rows > 0 else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Drawn noise of the distribution functions of several groups, at points between which scores lie."""

    widths: FloatArray
    """How far the scores reach from each point to the next (S,)."""
    processes: FloatArray
    """F* − F̂ of every group (R, G, S); independent between groups."""
    rows: FloatArray
    """Rows of every group (G,)."""

    @classmethod
    def drawn(cls, scores: FloatArray, counts: FloatArray, rng: np.random.Generator, replicates: int) -> Noise:
        """Noise of counts (G, S): multinomial draws of the rows of each group, on at most 128 bins of equal counts.

        Each group is drawn as if two more of its rows had scored 0 and two had scored 1 (or the lowest and the highest
        score, where these lie outside): rare scores that were not seen by chance would otherwise make no noise.
        """
        ends, binned = _with_both_ends(*_binned(scores, counts))
        parts = []
        for each in binned:
            n = int(each.sum())
            imagined = each.copy()
            imagined[[0, -1]] += IMAGINED
            shares = imagined / imagined.sum()
            drawn = rng.multinomial(max(n, 1), shares, size=replicates)
            parts.append(np.cumsum(drawn / max(n, 1) - shares, axis=1))
        widths = np.append(np.diff(ends), 0.0)
        processes = np.stack(parts, axis=1) if parts else np.zeros((replicates, 0, len(ends)))
        return cls(widths, processes, binned.sum(axis=1).astype(float))

    def pair(self, a: int, b: int) -> tuple[FloatArray, FloatArray]:
        """Norms (R,) of the noise between two groups in rising order: largest distance, and area."""
        return _in_order(self._norms(self.processes[:, a] - self.processes[:, b]))

    def rests(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Norms (R,) of the noise between each group and all other groups together."""
        whole = np.einsum("g,rgs->rs", self.rows, self.processes)
        total = float(self.rows.sum())
        for group, n in enumerate(self.rows.tolist()):
            others = whole - n * self.processes[:, group]
            yield _in_order(self._norms(self.processes[:, group] - others / max(total - n, 1.0)))

    def all_pairs(self, groups: Sequence[int]) -> tuple[FloatArray, FloatArray]:
        """Norms (R,) that bound those of every pair of these groups: the two largest norms of single ones, added."""
        single = [self._norms(self.processes[:, group]) for group in groups]
        largest, area = (np.sort(np.stack(part), axis=0)[-2:].sum(axis=0) for part in zip(*single, strict=True))
        return _in_order((largest, area))

    def _norms(self, process: FloatArray) -> tuple[FloatArray, FloatArray]:
        size = np.abs(process)
        return size.max(axis=1), size @ self.widths


def _in_order(norms: tuple[FloatArray, FloatArray]) -> tuple[FloatArray, FloatArray]:
    return np.sort(norms[0]), np.sort(norms[1])


def _binned(scores: FloatArray, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Upper ends (B,) of bins of scores with equal counts over all groups, and the counts (G, B) in them."""
    if len(scores) <= CURVE_POINTS:
        return scores, counts
    running = np.cumsum(counts.sum(axis=0))
    places = np.searchsorted(running, running[-1] * np.arange(1, CURVE_POINTS + 1) / CURVE_POINTS)
    places = np.unique(np.append(np.minimum(places, len(scores) - 1), len(scores) - 1))
    return scores[places], np.diff(np.cumsum(counts, axis=1)[:, places], axis=1, prepend=0.0)


def _with_both_ends(scores: FloatArray, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same with 0 below and 1 above the scores, unless they are there already."""
    low, high = int(len(scores) == 0 or scores[0] > 0), int(len(scores) == 0 or scores[-1] < 1)
    ends = np.concatenate([[0.0] * low, scores, [1.0] * high])
    return ends, np.pad(counts, ((0, 0), (low, high)))


def calibration_noise(
    scores: FloatArray,
    negatives: FloatArray,
    positives: FloatArray,
    place: IntArray,
    rng: np.random.Generator,
    replicates: int,
) -> FloatArray:
    """Norms (R,) in rising order of the noise of a calibration error, of counts (S,) in the bins `place` (S,).

    The excesses of the bins, Σ(y − s)/n, are drawn from the normal distribution with their own covariances.
    """
    n = float(negatives.sum() + positives.sum())
    mean = metrics.bin_excess(scores, negatives, positives, place) / n
    squares = positives * (1 - scores) ** 2 + negatives * scores**2
    # Half a row of either label in each bin that is used: where all rows of a bin agree, the rows at hand say nothing.
    used = np.bincount(place, weights=negatives + positives, minlength=metrics.BINS) > 0
    second = (np.bincount(place, weights=squares, minlength=metrics.BINS) + 0.5 * used) / n
    covariance = (np.diag(second) - np.outer(mean, mean)) / max(n - 1, 1)
    root = np.linalg.eigh(covariance)
    scale = np.sqrt(np.maximum(root.eigenvalues, 0.0)) * root.eigenvectors
    noise = rng.standard_normal((replicates, len(mean))) @ scale.T
    return np.sort(np.abs(noise).sum(axis=1))


def divergence_limits(first: FloatArray, second: FloatArray, error: float) -> tuple[float, float]:
    """Limits at `error` each of the divergence of two sets of rows in bins (B,).

    The wider of two on each side. Near 0: 2N·KL with N = n₁n₂/(n₁+n₂) as non-central χ² with the occupied bins less one
    as degrees of freedom, inverted in its non-centrality. Far from 0: the delta method around the value less its bias.
    """
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    n, m = float(a.sum()), float(b.sum())
    value = float(metrics.kl_divergence(a, b))
    harmonic = n * m / (n + m)
    freedom = max(int(np.sum((a + b) > 0)) - 1, 1)
    found = 2 * harmonic * value
    near = [0.0, 0.0]
    for side, probability in enumerate((1 - error, error)):
        if special.chdtr(freedom, found) > probability:
            near[side] = float(special.chndtrinc(found, freedom, probability)) / (2 * harmonic)
    p, q = ((part + metrics.SMOOTHING) / (part.sum() + metrics.SMOOTHING * len(part)) for part in (a, b))
    log = np.log(p / q)
    variance = (p @ log**2 - (p @ log) ** 2) / n + (p @ (p / q) - 1) / m
    centre = value - freedom / (2 * harmonic)
    reach = -float(special.ndtri(error)) * float(np.sqrt(max(variance, 0.0)))
    return max(min(near[0], centre - reach), 0.0), max(near[1], centre + reach, value)
