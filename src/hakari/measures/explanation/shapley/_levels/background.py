"""Background: values of deep trees when each background row stands in."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.measures.explanation.shapley._forest import gaps_of
from hakari.measures.explanation.shapley._leaves import pair_weights
from hakari.measures.explanation.shapley._levels.level import NONE, Level, add_groups, first_level, parted, portion

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation.shapley._levels.joined import Joined
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["deep_background"]

_WORD: Final = 64
AT_ONCE: Final = 256
"""Background rows that are kept at each node at once."""


def deep_background(trees: Joined, columns: FloatArray, background: FloatArray, most: int) -> FloatArray:
    """Return (n, players of the trees) values, averaged over background rows; the equation is that of `_leaves`.

    A leaf is reached only if every player on its path is satisfied by the explained or by the background row. So each
    group of explained rows keeps the background rows with which it still gets on, as bits, and is dropped with the
    last of them: few get far down.

    Args:
        trees: walked together.
        columns: (columns, n), as `Forest.prepared` makes them.
        background: (columns, m), the same.
        most: players on the path that has most.
    """
    found: FloatArray = np.zeros((columns.shape[1], len(trees.players)))
    for start in range(0, background.shape[1], AT_ONCE):
        _add(found, trees, columns, background[:, start : start + AT_ONCE], most)
    found /= background.shape[1]
    return found


def _add(found: FloatArray, trees: Joined, columns: FloatArray, background: FloatArray, most: int) -> None:
    """Add the sums over some background rows."""
    count, others = len(trees.roots), background.shape[1]
    gaps, other_gaps = gaps_of(columns), gaps_of(background)
    weights = pair_weights(most)
    failed = np.zeros((count, others, len(trees.players)), dtype=np.bool_)
    every = np.repeat(_packed(np.ones((1, others), dtype=np.bool_)), count, axis=0)
    waiting = [first_level(trees, columns.shape[1], failed, every)]
    while waiting:
        level = portion(waiting)
        leaf = trees.feature[level.nodes] < 0
        ends, inner = np.flatnonzero(leaf), np.flatnonzero(~leaf)
        if len(ends):
            ended = leaf[level.at]
            values = _at_leaves(level, np.flatnonzero(ended), ends, others, weights)
            place = np.cumsum(leaf) - 1
            values *= trees.value[level.nodes[ends]][place[level.at[ended]], None]
            number = np.append(np.cumsum(ended) - 1, NONE)
            add_groups(found, number[level.group[ends]], values)
        if len(inner):
            to_left = trees.goes_left(level.nodes[inner], background, other_gaps)
            parts = parted(trees, level, inner, columns, gaps)
            waiting += [one for one in _next(trees, level, inner, *parts, to_left) if len(one.nodes)]


def _next(
    trees: Joined,
    level: Level,
    inner: IntArray,
    key: IntArray,
    used: BoolArray,
    still: BoolArray,
    to_left: BoolArray,
) -> list[Level]:
    """Return the left and the right children, without nodes that nobody reaches any more."""
    nodes, every = level.nodes[inner], np.arange(len(inner))
    player = trees.player[nodes]
    kept = np.flatnonzero(used)
    parent, left, stays = kept >> 1, (kept & 1) == 1, still[kept >> 1]
    out = 2 * np.flatnonzero(~still)
    place = np.full(len(level.nodes), NONE)
    place[inner] = every
    at = place[level.at[parent]]
    found = []
    for goes, way, child in ((left, to_left, trees.left), (~left, ~to_left, trees.right)):
        failed = level.of_nodes[inner]
        failed[every, :, player] |= ~way
        with_whom = level.of_groups.take(parent, axis=0)
        meets = stays & goes
        # Where the explained row does not go this way, the background row has to.
        lost = np.flatnonzero(~meets)
        with_whom[lost] &= _packed(~failed[every, :, player])[at[lost]]
        alive = np.flatnonzero(reduce(np.bitwise_or, with_whom.T))
        number = np.full(len(used), NONE)
        number[kept[alive]] = np.arange(len(alive))
        number[out + 1] = number[out]
        there = np.zeros(len(inner), dtype=np.bool_)
        there[at[alive]] = True
        held = np.flatnonzero(there)
        met = level.met.take(parent[alive], axis=0)
        met[np.arange(len(alive)), player[at[alive]]] = meets[alive]
        found.append(
            Level(
                nodes=child[nodes[held]],
                group=number[key.take(held, axis=0)],
                of_nodes=failed[held],
                at=(np.cumsum(there) - 1)[at[alive]],
                met=met,
                of_groups=with_whom[alive],
            )
        )
    return found


def _at_leaves(
    level: Level, groups: IntArray, ends: IntArray, others: int, weights: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """(groups, players): values of the groups at leaves of value 1, summed over background rows."""
    from scipy.sparse import csr_array

    failed = level.of_nodes[ends]
    by_other = failed.reshape(-1, failed.shape[2]).astype(np.float64)
    lacks = (~level.met.take(groups, axis=0)).astype(np.float64)
    every = np.ones(failed.shape[2])
    bits = np.unpackbits(level.of_groups[groups].view(np.uint8), axis=1, bitorder="little", count=others)
    pairs = np.flatnonzero(bits.view(np.bool_))
    group, other = np.divmod(pairs, others)
    cell = (np.searchsorted(ends, level.at[groups]) * others)[group] + other
    # Players that only the explained row satisfies are those that the background row lacks, and the other way round.
    place = (by_other @ every).astype(np.intp)[cell] * len(weights[0]) + (lacks @ every).astype(np.intp)[group]
    gain, loss = weights[0].take(place), weights[1].take(place)
    bounds = np.searchsorted(group, np.arange(len(groups) + 1))
    weighted = csr_array((gain, cell, bounds), shape=(len(groups), len(by_other)))
    values = np.asarray(weighted @ by_other, dtype=np.float64)
    lacks *= np.bincount(group, loss, minlength=len(groups))[:, None]
    values -= lacks
    return values


def _packed(flags: BoolArray) -> npt.NDArray[Any]:
    """(nodes, words): bits of rows as machine words."""
    words = -(-flags.shape[1] // _WORD)
    wide = np.zeros((len(flags), words * _WORD), dtype=np.bool_)
    wide[:, : flags.shape[1]] = flags
    return np.packbits(wide, axis=1, bitorder="little").view(np.uint64)
