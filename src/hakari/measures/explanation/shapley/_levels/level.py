"""Level: nodes that are worked on together, with the groups of rows at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation.shapley._levels.joined import Joined
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["NONE", "Level", "add_groups", "first_level", "parted", "portion"]

NONE: Final = -1
"""Group of a row, or node of a group, that is not there any more."""
SIZE: Final = 131_072
"""Nodes times rows that are worked on at once: this many numbers stay in the processor's cache."""
_LEAST: Final = 32
"""Rows that a node counts for at least, because it holds numbers of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Nodes and groups of rows; groups of one node stand together, in the order of the nodes."""

    nodes: IntArray
    group: IntArray
    """(nodes, rows), number of each row's group, or `NONE`."""
    of_nodes: npt.NDArray[Any]
    """What the game keeps of each node, along the first axis."""
    at: IntArray
    """(groups,), place of each group's node."""
    met: BoolArray
    """(groups, players), whether every question of the player lets the group through."""
    of_groups: npt.NDArray[Any]
    """What the game keeps of each group, along the first axis."""


def first_level(trees: Joined, rows: int, of_nodes: npt.NDArray[Any], of_groups: npt.NDArray[Any]) -> Level:
    """Return the roots, with all rows in one group at each."""
    count = len(trees.roots)
    return Level(
        nodes=trees.roots,
        group=np.repeat(np.arange(count), rows).reshape(count, rows),
        of_nodes=of_nodes,
        at=np.arange(count),
        met=np.ones((count, len(trees.players)), dtype=np.bool_),
        of_groups=of_groups,
    )


def portion(waiting: list[Level]) -> Level:
    """Take from what waits about as many nodes as are worked on at once: cut large levels, put small ones together."""
    parts = [waiting.pop()]
    most = max(1, SIZE // max(_LEAST, parts[0].group.shape[1]))
    count = len(parts[0].nodes)
    while waiting and count < most / 4 and count + len(waiting[-1].nodes) <= most:
        parts.append(waiting.pop())
        count += len(parts[-1].nodes)
    level = parts[0] if len(parts) == 1 else _together(parts)
    if count <= most:
        return level
    first, rest = _cut(level, most)
    waiting.append(rest)
    return first


def parted(
    trees: Joined, level: Level, inner: IntArray, columns: FloatArray, gaps: BoolArray
) -> tuple[IntArray, BoolArray, BoolArray]:
    """Part each group at the question of its node: 2 · group + 1 goes left, 2 · group right.

    Only a group that met all conditions of the node's player is parted: for the others the answer changes nothing.

    Returns:
        (inner nodes, rows) keys; (2 · groups + 2,) which keys are used, the last two for rows of no group;
        (groups,) which groups met all conditions of the player before.
    """
    nodes = level.nodes[inner]
    place = np.full(len(level.nodes), NONE)
    place[inner] = np.arange(len(inner))
    at = place[level.at]
    still = level.met[np.arange(len(at)), trees.player[nodes][at]]
    key = level.group.take(inner, axis=0)
    key *= 2
    key += trees.goes_left(nodes, columns, gaps)
    used = np.zeros(2 * len(at) + 2, dtype=np.bool_)
    used[key] = True
    pairs = used[:-2].reshape(-1, 2)
    pairs[~still] = (True, False)
    pairs[at < 0] = False
    used[-2:] = False
    return key, used, still


def add_groups(found: FloatArray, group: IntArray, values: FloatArray) -> None:
    """Add to `found` (rows, players) the values (groups, players) of the group that each row has at each leaf.

    Args:
        found: what is added to.
        group: (leaves, rows), number of the group or `NONE`.
        values: of the groups.
    """
    from scipy.sparse import csr_array

    by_row = np.ascontiguousarray(group.T.astype(np.int32))
    there = by_row >= 0
    ends = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))])
    indices = by_row.reshape(-1) if ends[-1] == by_row.size else by_row[there]
    # The product of a sparse matrix of ones with the values is the sum over leaves, in one pass.
    found += csr_array((np.ones(len(indices)), indices, ends), shape=(len(found), len(values))) @ values


def _cut(level: Level, most: int) -> tuple[Level, Level]:
    count = int(np.searchsorted(level.at, most))
    first = Level(
        level.nodes[:most],
        level.group[:most],
        level.of_nodes[:most],
        level.at[:count],
        level.met[:count],
        level.of_groups[:count],
    )
    rest = Level(
        level.nodes[most:],
        _moved(level.group[most:], -count),
        level.of_nodes[most:],
        level.at[count:] - most,
        level.met[count:],
        level.of_groups[count:],
    )
    return first, rest


def _together(parts: Sequence[Level]) -> Level:
    nodes = np.cumsum([0, *(len(part.nodes) for part in parts)])
    groups = np.cumsum([0, *(len(part.at) for part in parts)])
    return Level(
        np.concatenate([part.nodes for part in parts]),
        np.concatenate([_moved(part.group, by) for part, by in zip(parts, groups.tolist(), strict=False)]),
        np.concatenate([part.of_nodes for part in parts]),
        np.concatenate([part.at + by for part, by in zip(parts, nodes, strict=False)]),
        np.concatenate([part.met for part in parts]),
        np.concatenate([part.of_groups for part in parts]),
    )


def _moved(group: IntArray, by: int) -> IntArray:
    return group if by == 0 else np.where(group >= 0, group + by, NONE)
