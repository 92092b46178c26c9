"""Leaves: the Shapley values of one leaf, as a table over which players of its path let a row through.

A leaf of value w whose path asks players 1 … k is a small game of its own. Let x_j be 1 if every question of player j
lets the explained row through, else 0. A coalition S reaches the leaf with Π_{j∈S} x_j · Π_{j∉S} c_j, where c_j is 1
or 0 by one background row (marginal), or the share of training rows that go this way (tree paths). So a leaf has at
most 2^k different answers, whatever the number of rows: they are computed once and looked up (the idea of WOODELF,
Nadel & Wettenstein 2025, and of Fast TreeSHAP v2, Yang 2021). Values of a forest are sums over its leaves.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = [
    "background_values",
    "bits_of",
    "dense_background_values",
    "pair_weights",
    "path_values",
    "shares_of_patterns",
]


def bits_of(patterns: npt.NDArray[np.integer], players: int) -> BoolArray:
    """Return (p, k): bit j of each pattern."""
    wide = patterns.astype(np.uint64)
    return np.asarray((wide[:, None] >> np.arange(players, dtype=np.uint64)) & np.uint64(1), dtype=np.bool_)


def path_values(bits: BoolArray, shares: FloatArray, values: FloatArray) -> FloatArray:
    """Return (l, k, p): values of k players at l leaves for p patterns, when shares of training rows stand in.

    The multilinear extension (Owen 1972, doi 10.1287/mnsc.18.5.64) of the leaf's game gives
    φ_j = w (x_j − c_j) ∫₀¹ Π_{i≠j} (t x_i + (1 − t) c_i) dt. The integrand is a polynomial of degree k − 1, for which
    ⌈k/2⌉ Gauss-Legendre nodes are exact; all factors are positive, so nothing cancels.

    Args:
        bits: (p, k), x_j of each pattern.
        shares: (l, k), c_j of each leaf.
        values: (l,), w of each leaf.
    """
    players = bits.shape[1]
    nodes, weights = np.polynomial.legendre.leggauss(max(1, (players + 1) // 2))
    nodes, weights = (nodes + 1) / 2, weights / 2
    x = bits.T.astype(np.float64)
    found = np.zeros((len(shares), players, len(bits)))
    for t, weight in zip(nodes, weights, strict=True):
        factors = t * x[None] + (1 - t) * shares[:, :, None]
        product = factors.prod(axis=1, keepdims=True)
        # A share of 0 makes a factor 0; its own player then gets 0 because x = c, the others because the product is 0.
        rest = np.divide(product, factors, out=np.zeros_like(factors), where=factors > 0)
        if (factors <= 0).any():
            rest = _without_each(factors)
        found += weight * rest
    return np.asarray(found * (x[None] - shares[:, :, None]) * values[:, None, None], dtype=np.float64)


def background_values(explained: BoolArray, background: BoolArray, frequency: FloatArray, value: float) -> FloatArray:
    """Return (k, p): values of k players at one leaf for p patterns, averaged over background rows.

    With A the players that only the explained row satisfies and B those that only the background row satisfies, a
    player of A gets (|A| − 1)! |B|! / (|A| + |B|)! and one of B minus |A|! (|B| − 1)! / (|A| + |B|)!; if a player is
    satisfied by neither, the leaf is never reached (Lundberg et al. 2020, doi 10.1038/s42256-019-0138-9, Algorithm 3).

    Args:
        explained: (p, k), patterns of explained rows.
        background: (q, k), patterns of background rows.
        frequency: (q,), share of background rows with each pattern.
        value: of the leaf.
    """
    x, b = explained.astype(np.float64), background.astype(np.float64)
    players = x.shape[1]
    inside, outside = pair_weights(players)
    only_x = np.rint(x @ (1 - b).T).astype(np.int64)
    only_b = np.rint((1 - x) @ b.T).astype(np.int64)
    neither = (1 - x) @ (1 - b).T
    reached = np.where(neither < 0.5, frequency[None, :] * value, 0.0)
    gain, loss = reached * inside[only_x, only_b], reached * outside[only_x, only_b]
    return np.asarray((x * (gain @ (1 - b)) - (1 - x) * (loss @ b)).T, dtype=np.float64)


def dense_background_values(players: int) -> FloatArray:
    """Return (2^k, k · 2^k): the matrix from frequencies of background patterns to values of all patterns, w = 1."""
    patterns = bits_of(np.arange(2**players), players)
    each = [background_values(patterns, patterns[at : at + 1], np.ones(1), 1.0).ravel() for at in range(len(patterns))]
    return np.array(each)


def pair_weights(players: int) -> tuple[FloatArray, FloatArray]:
    """Return (k + 1, k + 1) weights of a player of A and of B by |A| and |B|; 0 where there is no such player."""
    inside, outside = np.zeros((players + 1, players + 1)), np.zeros((players + 1, players + 1))
    for a in range(players + 1):
        for b in range(players + 1 - a):
            whole = factorial(a + b)
            if a:
                inside[a, b] = factorial(a - 1) * factorial(b) / whole
            if b:
                outside[a, b] = factorial(a) * factorial(b - 1) / whole
    return inside, outside


def _without_each(factors: FloatArray) -> FloatArray:
    """Products of all factors but one along axis 1, without dividing."""
    found = np.ones_like(factors)
    players = factors.shape[1]
    for at in range(players):
        found[:, at] = np.delete(factors, at, axis=1).prod(axis=1)
    return found


def shares_of_patterns(patterns: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], FloatArray]:
    """Return the distinct patterns and the share of rows with each."""
    found, counts = np.unique(patterns, return_counts=True)
    return found, counts / len(patterns)
