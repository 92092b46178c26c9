"""Paths: values of deep trees when shares of training rows stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hakari.measures.explanation.shapley._forest import gaps_of
from hakari.measures.explanation.shapley._levels.level import NONE, Level, add_groups, first_level, parted, portion

if TYPE_CHECKING:
    from hakari.measures.explanation.shapley._levels.joined import Joined
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["deep_paths"]


def deep_paths(trees: Joined, columns: FloatArray, most: int) -> tuple[FloatArray, float]:
    """Return (n, players of the trees) values and their base.

    With x_j, c_j and w as in `_leaves.path_values`, φ_j = w (x_j − c_j) ∫₀¹ Π_{i≠j} (t x_i + (1 − t) c_i) dt, exact at
    ⌈k/2⌉ Gauss-Legendre nodes for k players. The whole products at these nodes are carried down: a question changes one
    factor (as in Linear TreeSHAP, Yu et al. 2022, arXiv 2209.08192). At a leaf with product P, a player with x_j = 1
    gets w (1 − c_j) ∫ P / (t + (1 − t) c_j), and every player with x_j = 0 the same − w ∫ P / (1 − t).

    Args:
        trees: walked together.
        columns: (columns, n), as `Forest.prepared` makes them.
        most: players on the path that has most.
    """
    rows, players, count = columns.shape[1], len(trees.players), len(trees.roots)
    points, weights = np.polynomial.legendre.leggauss(max(1, (most + 1) // 2))
    points, weights = (points + 1) / 2, weights / 2
    gaps = gaps_of(columns)
    found, base = np.zeros((rows, players)), 0.0
    waiting = [first_level(trees, rows, np.ones((count, players)), np.ones((count, len(points))))]
    while waiting:
        level = portion(waiting)
        leaf = trees.feature[level.nodes] < 0
        ends, inner = np.flatnonzero(leaf), np.flatnonzero(~leaf)
        if len(ends):
            shares, worth = level.of_nodes[ends], trees.value[level.nodes[ends]]
            base += float(worth @ shares.prod(axis=1))
            ended = leaf[level.at]
            values = _at_leaves(level, np.flatnonzero(ended), shares, worth, points, weights)
            add_groups(found, (np.cumsum(ended) - 1)[level.group[ends]], values)
        if len(inner):
            waiting += _next(trees, level, inner, *parted(trees, level, inner, columns, gaps), points)
    return found, base


def _next(
    trees: Joined,
    level: Level,
    inner: IntArray,
    key: IntArray,
    used: BoolArray,
    still: BoolArray,
    points: FloatArray,
) -> tuple[Level, Level]:
    """Return the left and the right children."""
    nodes, shares = level.nodes[inner], level.of_nodes[inner]
    player, every = trees.player[nodes], np.arange(len(inner))
    before, share = shares[every, player], trees.shares(nodes)
    number = np.cumsum(used) - 1
    out = 2 * np.flatnonzero(~still)
    number[out + 1] = number[out]
    group = number[key]
    kept = np.flatnonzero(used)
    parent, left, still = kept >> 1, (kept & 1) == 1, still[kept >> 1]
    place = np.full(len(level.nodes), NONE)
    place[inner] = every
    at = place[level.at[parent]]
    asked = player[at]
    found = []
    for side, goes, child in ((0, left, trees.left), (1, ~left, trees.right)):
        after = shares.copy()
        after[every, player] *= share[side]
        step = at * 3 + np.where(still, np.where(goes, 0, 1), 2)
        products = level.of_groups.take(parent, axis=0)
        products *= _steps(before, share[side], points).take(step, axis=0)
        met = level.met.take(parent, axis=0)
        met[np.arange(len(at)), asked] = still & goes
        found.append(Level(child[nodes], group, after, at, met, products))
    return found[0], found[1]


def _steps(before: FloatArray, share: FloatArray, points: FloatArray) -> FloatArray:
    """(3 · nodes, points): what the product is multiplied by if a player stays in, drops out, or was out already."""
    before, share = before[:, None], share[:, None]
    old, out = points + (1 - points) * before, (1 - points) * before * share
    found = np.stack([(points + out) / old, out / old, np.broadcast_to(share, old.shape)], axis=1)
    return found.reshape(-1, len(points))


def _at_leaves(
    level: Level, groups: IntArray, shares: FloatArray, worth: FloatArray, points: FloatArray, weights: FloatArray
) -> FloatArray:
    """(groups, players): values of the groups at leaves."""
    at = level.at[groups]
    counts = np.bincount(np.cumsum(np.diff(at, prepend=at[0]) > 0), minlength=len(worth))
    products, met = level.of_groups.take(groups, axis=0), level.met.take(groups, axis=0)
    # Columns hold what a player who is in gets more than one who is out, (1 − c) / (t + (1 − t) c) + 1 / (1 − t) =
    # 1 / ((1 − t) (t + (1 − t) c)), and last what one gets who is out.
    scaled = worth[:, None] * (weights / (1 - points))
    both = np.empty((len(worth), len(points), shares.shape[1] + 1))
    np.multiply(shares[:, None], (1 - points)[:, None], out=both[:, :, :-1])
    both[:, :, :-1] += points[:, None]
    np.divide(scaled[:, :, None], both[:, :, :-1], out=both[:, :, :-1])
    both[:, :, -1] = -scaled
    found = np.empty((len(groups), both.shape[2]))
    starts = np.cumsum(counts) - counts
    if len(groups) > _MANY * len(worth):
        for leaf, (start, count) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True)):
            np.matmul(products[start : start + count], both[leaf], out=found[start : start + count])
    else:
        for count in np.unique(counts).tolist():
            these = np.flatnonzero(counts == count)
            places = starts[these, None] + np.arange(count)
            found[places] = products[places] @ both[these]
    values = met.astype(np.float64)
    values *= found[:, :-1]
    values += found[:, -1:]
    return values


_MANY = 16
"""Groups of a leaf from which it is multiplied by itself; below, leaves with equally many are multiplied together."""
