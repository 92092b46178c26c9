"""Paths: the leaves of a tree with the players on their way, and the pattern that each row makes at each leaf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation.shapley._forest import Forest, Tree
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Leaf", "leaves_of", "patterns_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A leaf with the players on its path, or two sibling leaves whose last question has a player of its own.

    Siblings share a pattern: what lets a row through to one keeps it from the other.
    """

    node: int
    players: tuple[int, ...]
    """Players in the order in which they are first asked; bit j of a pattern belongs to the j-th."""
    shares: tuple[float, ...]
    """Share of training rows that each player's questions let through."""
    sibling: int = -1
    """The right leaf, or −1."""


def leaves_of(tree: Tree, owner: Sequence[int]) -> list[Leaf]:
    """Return the leaves of a tree; `owner` is the player of each column. In the order in which `patterns_of` comes."""
    found: list[Leaf] = []
    waiting: list[tuple[int, tuple[int, ...], tuple[float, ...]]] = [(0, (), ())]
    while waiting:
        node, players, shares = waiting.pop()
        if tree.feature[node] < 0:
            found.append(Leaf(node, players, shares))
            continue
        player, left, right = owner[tree.feature[node]], int(tree.left[node]), int(tree.right[node])
        cover = float(tree.cover[node])
        for_left = float(tree.cover[left]) / cover if cover > 0 else 0.5
        for_right = float(tree.cover[right]) / cover if cover > 0 else 0.5
        if player in players:
            at = players.index(player)
            waiting += [
                (child, players, (*shares[:at], shares[at] * share, *shares[at + 1 :]))
                for child, share in ((left, for_left), (right, for_right))
            ]
        elif tree.feature[left] < 0 and tree.feature[right] < 0:
            found.append(Leaf(left, (*players, player), (*shares, for_left), right))
        else:
            waiting += [
                (left, (*players, player), (*shares, for_left)),
                (right, (*players, player), (*shares, for_right)),
            ]
    return found


def patterns_of(
    forest: Forest, tree: Tree, owner: Sequence[int], columns: FloatArray, gaps: BoolArray
) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield for each leaf of `leaves_of` the pattern of every row, for at most eight players on a path."""
    waiting: list[tuple[int, npt.NDArray[np.uint8], tuple[int, ...]]] = [(0, np.zeros(columns.shape[1], np.uint8), ())]
    while waiting:
        node, pattern, players = waiting.pop()
        if tree.feature[node] < 0:
            yield pattern
            continue
        player, left, right = owner[tree.feature[node]], int(tree.left[node]), int(tree.right[node])
        goes = forest.goes_left(tree, node, columns, gaps).view(np.uint8)
        known = player in players
        bit = np.uint8(players.index(player) if known else len(players))
        if known:
            # A player already asked stays in only if this question lets the row through as well.
            waiting += [
                (left, pattern & ~((goes ^ np.uint8(1)) << bit), players),
                (right, pattern & ~(goes << bit), players),
            ]
            continue
        to_left = pattern | (goes << bit)
        if tree.feature[left] < 0 and tree.feature[right] < 0:
            yield to_left
            continue
        waiting += [
            (left, to_left, (*players, player)),
            (right, pattern | ((goes ^ np.uint8(1)) << bit), (*players, player)),
        ]
