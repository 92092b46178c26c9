"""Forest: trees of any library as plain arrays, and which way a row goes at a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Forest", "Missing", "Tree", "gaps_of"]

Missing = Literal["default", "zero", "zero_or_nan"]
"""What a node does with a missing value: sends it its default way, reads it as 0, or sends 0 its default way too."""

_NEARLY_ZERO = 1e-35
"""LightGBM takes anything this near to 0 for 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One tree: arrays of one entry per node; node 0 is the root."""

    feature: IntArray
    """Number of the column that the node asks about; −1 at a leaf."""
    threshold: FloatArray
    """Where the column is cut."""
    left: IntArray
    """Node for values below the threshold."""
    right: IntArray
    """Node for the others."""
    missing_left: BoolArray
    """True where the default way is left."""
    value: FloatArray
    """What a leaf adds to the sum, scaled already."""
    cover: FloatArray
    """Weight of the training rows that came by."""
    categories: Mapping[int, FloatArray] = field(default_factory=dict)
    """Nodes that ask for a category: the codes that go left."""
    missing: Mapping[int, Missing] = field(default_factory=dict)
    """Nodes that treat a missing value otherwise than by the default way."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Trees whose sum, with the offset, is the model's output."""

    trees: tuple[Tree, ...]
    offset: float
    """What the sum starts from."""
    columns: int
    """Number of columns that the model takes."""
    quantity: Literal["score", "log_odds"]
    """What the sum is."""
    strict: bool = False
    """True if a value equal to the threshold goes right."""
    single: bool = False
    """True if the library compares in single precision."""

    def prepared(self, matrix: FloatArray) -> FloatArray:
        """Return the columns as rows of one array, rounded as the library rounds them."""
        rounded = matrix.astype(np.float32).astype(np.float64) if self.single else matrix
        return np.ascontiguousarray(rounded.T)

    def goes_left(self, tree: Tree, node: int, columns: FloatArray, gaps: BoolArray) -> BoolArray:
        """Return for each row whether it goes left at a node.

        Args:
            columns: (columns, rows).
            gaps: (columns,), which columns have missing values at all: most have none, and looking costs time.
        """
        feature = tree.feature[node]
        values = columns[feature]
        if node in tree.categories:
            # Codes are whole numbers; what is missing belongs to no category.
            found = np.isin(np.trunc(values), tree.categories[node])
            return np.where(np.isnan(values), tree.missing_left[node], found) if gaps[feature] else found
        threshold = tree.threshold[node]
        below: BoolArray = values < threshold if self.strict else values <= threshold
        way = tree.missing.get(node, "default")
        if way == "zero_or_nan":
            return np.where(np.isnan(values) | (np.abs(values) <= _NEARLY_ZERO), tree.missing_left[node], below)
        if not gaps[feature]:
            return below
        instead = threshold >= 0.0 if way == "zero" else tree.missing_left[node]
        return np.where(np.isnan(values), instead, below)

    def sums(self, columns: FloatArray) -> FloatArray:
        """Return the sum of each row by walking every tree."""
        found = np.full(columns.shape[1], self.offset)
        gaps = gaps_of(columns)
        for tree in self.trees:
            waiting: list[tuple[int, Any]] = [(0, np.arange(columns.shape[1]))]
            while waiting:
                node, index = waiting.pop()
                if tree.feature[node] < 0:
                    found[index] += tree.value[node]
                    continue
                left = self.goes_left(tree, node, columns[:, index], gaps)
                waiting += [(int(tree.left[node]), index[left]), (int(tree.right[node]), index[~left])]
        return found


def gaps_of(columns: FloatArray) -> BoolArray:
    """Return (columns,): which columns have missing values."""
    return np.asarray(np.isnan(columns).any(axis=1), dtype=np.bool_)
