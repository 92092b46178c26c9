"""Exchange: which row lends its values to which, and what the differences say about all rows there could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["donors_within", "mean_difference"]


def donors_within(strata: IntArray, repeats: int, rng: np.random.Generator) -> IntArray:
    """Return for each repeat (R, n) the row whose values each row takes: another row of its own stratum.

    Each repeat is one random ring through every stratum, so that every row gives its values once and no row of a
    stratum of two or more keeps its own: a plain permutation leaves a row as it is once in n times, which makes the
    rise too small by 1/n.
    """
    n = len(strata)
    found = np.empty((repeats, n), dtype=np.int64)
    for repeat in range(repeats):
        drawn = rng.permutation(n)
        order = drawn[np.argsort(strata[drawn], kind="stable")]
        sorted_strata = strata[order]
        first = np.searchsorted(sorted_strata, sorted_strata, side="left")
        last = np.searchsorted(sorted_strata, sorted_strata, side="right") - 1
        place = np.arange(n)
        found[repeat, order] = order[np.where(place == last, first, place + 1)]
    return found


def mean_difference(
    differences: FloatArray, donors: IntArray, strata: IntArray, weights: FloatArray | None = None
) -> tuple[float, float]:
    """Return the mean of the differences (R, n) over all pairs of a row and a donor, and its standard error.

    The mean over pairs is an incomplete U-statistic (Lee 1990, ch. 4). A difference is h(i, k) = θ_s + a_i + b_k + c_ik
    for a row i, a donor k and their stratum s; n·Var = Var(θ_s + a_i + b_i) + Var(c)/R. The first term is read off each
    row's mean as receiver plus its mean as donor less the mean of its stratum; the chance of R repeats makes that too
    large by (Var a + Var b + 2 Var c)/R, so that Var(h within strata)/R is taken off. The variance of the receivers'
    means alone, as is often printed, forgets that donors are a sample too.
    Pairs weigh as much as both rows: w_i·w_k over the mean weight of the stratum.
    """
    repeats, n = differences.shape
    size = int(strata.max()) + 1
    w = np.ones(n) if weights is None else weights
    mean_weight = np.bincount(strata, w, size) / np.maximum(np.bincount(strata, minlength=size), 1)
    share = np.divide(w, mean_weight[strata], out=np.zeros(n), where=mean_weight[strata] > 0)
    pair = w * share[donors]
    total = pair.sum()
    if total <= 0:
        return 0.0, 0.0
    value = float((pair * differences).sum() / total)
    moved = pair * (differences - value) * (repeats * n / total)
    received = moved.mean(axis=0)
    given = np.bincount(donors.ravel(), moved.ravel(), n) / repeats
    stratum = np.bincount(strata, received, size) / np.maximum(np.bincount(strata, minlength=size), 1)
    influence = received + given - stratum[strata]
    chance = float(((moved - stratum[strata]) ** 2).mean()) / repeats
    variance = float(influence.var(ddof=1)) if n > 1 else 0.0
    # Never below what as many unrelated pairs would leave: the difference of two estimates may fall under it by chance.
    return value, float(np.sqrt(max(variance - chance, chance) / n))
