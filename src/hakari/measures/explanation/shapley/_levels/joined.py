"""Joined: several trees as one set of arrays, so that a level of all of them is one array of nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hakari.measures.explanation.shapley._forest import Forest, Tree
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Joined", "joined", "most_players"]


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Trees with their nodes numbered throughout."""

    forest: Forest
    roots: IntArray
    feature: IntArray
    """Column that each node asks about; −1 at a leaf."""
    player: IntArray
    """Place in `players` of the player whose column it is; meaningless at a leaf."""
    players: IntArray
    """Players that these trees ask, in rising order."""
    threshold: FloatArray
    left: IntArray
    right: IntArray
    value: FloatArray
    cover: FloatArray
    missing_left: BoolArray
    """True where a missing value goes left."""
    asked: Mapping[int, tuple[Tree, int]]
    """Nodes that are not a comparison with the threshold: the tree and number there."""

    def goes_left(self, nodes: IntArray, columns: FloatArray, gaps: BoolArray) -> BoolArray:
        """Return (nodes, rows): whether each row goes left; `columns` and `gaps` as in `Forest.goes_left`."""
        feature = self.feature[nodes]
        values = columns.take(feature, axis=0)
        threshold = self.threshold[nodes, None]
        found: BoolArray = values < threshold if self.forest.strict else values <= threshold
        for at in np.flatnonzero(gaps[feature]):
            found[at] |= np.isnan(values[at]) & self.missing_left[nodes[at]]
        if self.asked:
            for place, node in enumerate(nodes.tolist()):
                if node in self.asked:
                    tree, number = self.asked[node]
                    found[place] = self.forest.goes_left(tree, number, columns, gaps)
        return found

    def sums(self, columns: FloatArray) -> FloatArray:
        """Return the sum of each row over these trees, without the offset."""
        rows = columns.shape[1]
        node, row = np.repeat(self.roots, rows), np.tile(np.arange(rows), len(self.roots))
        found: FloatArray = np.zeros(rows)
        special = np.fromiter(self.asked, dtype=np.int64)
        while len(node):
            leaf = self.feature[node] < 0
            found += np.bincount(row[leaf], self.value[node[leaf]], minlength=rows)
            node, row = node[~leaf], row[~leaf]
            values, threshold = columns[self.feature[node], row], self.threshold[node]
            left = values < threshold if self.forest.strict else values <= threshold
            left |= np.isnan(values) & self.missing_left[node]
            for one in np.intersect1d(special, node) if len(special) else ():
                tree, number = self.asked[int(one)]
                here = np.flatnonzero(node == one)
                gaps = np.ones(len(columns), dtype=np.bool_)
                left[here] = self.forest.goes_left(tree, number, columns[:, row[here]], gaps)
            node = np.where(left, self.left[node], self.right[node])
        return found

    def shares(self, nodes: IntArray) -> FloatArray:
        """Return (2, nodes): share of training rows that goes left and right."""
        cover, ways = self.cover[nodes], np.stack([self.cover[self.left[nodes]], self.cover[self.right[nodes]]])
        found: FloatArray = np.divide(ways, cover, out=np.full(ways.shape, 0.5), where=cover > 0)
        return found


def joined(forest: Forest, trees: Sequence[Tree], owner: Sequence[int]) -> Joined:
    """Join trees of a forest; `owner` is the player of each column."""
    starts = np.cumsum([0, *(len(tree.feature) for tree in trees)])
    feature = np.concatenate([tree.feature for tree in trees])
    threshold = np.concatenate([tree.threshold for tree in trees])
    missing_left = np.concatenate([tree.missing_left for tree in trees])
    asked: dict[int, tuple[Tree, int]] = {}
    for start, tree in zip(starts.tolist(), trees, strict=False):
        for node, way in tree.missing.items():
            if way == "zero":
                missing_left[start + node] = tree.threshold[node] >= 0.0
            elif way == "zero_or_nan":
                asked[start + node] = (tree, node)
        asked.update({start + node: (tree, node) for node in tree.categories})
    owners = np.asarray(owner, dtype=np.int64)
    columns = np.bincount(feature[feature >= 0], minlength=len(owners)) > 0
    players = np.unique(owners[columns])
    return Joined(
        forest=forest,
        roots=starts[:-1],
        feature=feature,
        player=np.searchsorted(players, owners)[feature],
        players=players,
        threshold=threshold,
        left=np.concatenate([tree.left + start for tree, start in zip(trees, starts, strict=False)]),
        right=np.concatenate([tree.right + start for tree, start in zip(trees, starts, strict=False)]),
        value=np.concatenate([tree.value for tree in trees]),
        cover=np.concatenate([tree.cover for tree in trees]),
        missing_left=missing_left,
        asked=asked,
    )


def most_players(trees: Joined) -> list[int]:
    """Return for each tree the number of players on the path that has most."""
    tree, nodes = np.arange(len(trees.roots)), trees.roots
    seen = np.zeros((len(nodes), len(trees.players)), dtype=np.bool_)
    most = np.zeros(len(nodes), dtype=np.int64)
    while len(nodes):
        inner = np.flatnonzero(trees.feature[nodes] >= 0)
        tree, nodes, seen = tree[inner], nodes[inner], seen.take(inner, axis=0)
        seen[np.arange(len(nodes)), trees.player[nodes]] = True
        np.maximum.at(most, tree, np.count_nonzero(seen, axis=1))
        nodes = np.concatenate([trees.left[nodes], trees.right[nodes]])
        tree, seen = np.tile(tree, 2), np.tile(seen, (2, 1))
    return [int(size) for size in most]
