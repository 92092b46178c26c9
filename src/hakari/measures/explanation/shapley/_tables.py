"""Tables: the values of every leaf by pattern, and the rows that look them up; deep trees go by levels instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation.shapley._forest import gaps_of
from hakari.measures.explanation.shapley._leaves import (
    bits_of,
    dense_background_values,
    path_values,
    shares_of_patterns,
)
from hakari.measures.explanation.shapley._levels.background import deep_background
from hakari.measures.explanation.shapley._levels.joined import joined, most_players
from hakari.measures.explanation.shapley._levels.paths import deep_paths
from hakari.measures.explanation.shapley._paths import Leaf, leaves_of, patterns_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation.shapley._forest import Forest, Tree
    from hakari.measures.explanation.shapley._levels.joined import Joined
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["forest_values"]

DENSE: Final = 8
"""Players on a path up to which all 2^k patterns of a leaf are tabulated."""
_ROWS: Final = 8_192
"""Rows that look up at once, so that patterns and sums stay in the processor's cache."""
_TABLES_FROM_ROWS: Final = 500
"""Explained rows from which tables pay along paths."""
_TABLES_FROM_PAIRS: Final = 5_000
"""Pairs of an explained and a background row from which tables of six players pay."""
_TREES: Final = 50
"""Trees whose tables are held at once."""
_NUMBERS: Final = 4_000_000
"""Numbers that one step of making tables holds."""


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A tree ready to be looked up."""

    tree: Tree
    leaves: list[Leaf]
    seen: list[npt.NDArray[np.uint8]] | None
    """Patterns of background rows at each leaf, or None for tree paths."""
    tables: dict[int, FloatArray]
    """(k, 2^k) by number of the leaf."""


def forest_values(
    forest: Forest, columns: FloatArray, owner: Sequence[int], players: int, background: FloatArray | None
) -> tuple[FloatArray, float]:
    """Return (n, d) values and their base.

    A table costs 2^k numbers at each leaf with k players, 4^k with a background, and nothing for another row. So trees
    with few players on every path have tables; those with more are walked by levels (`_levels`), whose price grows
    with the patterns that occur.

    Args:
        forest: trees whose sum is explained.
        columns: (columns, n), as `Forest.prepared` makes them.
        owner: player of each column.
        players: d.
        background: (columns, m) for the marginal game, None for the shares of training rows along the paths.
    """
    count = columns.shape[1]
    values, base = np.zeros((players, count)), forest.offset
    dense = _worth_it(count, None if background is None else background.shape[1])
    for start in range(0, len(forest.trees), _TREES):
        batch = forest.trees[start : start + _TREES]
        whole = joined(forest, batch, owner)
        if background is not None:
            base += float(whole.sums(background).mean())
        most = most_players(whole)
        shallow = [tree for tree, size in zip(batch, most, strict=True) if size <= dense]
        deep = [tree for tree, size in zip(batch, most, strict=True) if size > dense]
        base += _add_tables(forest, shallow, columns, owner, values, background)
        if deep:
            base += _add_levels(joined(forest, deep, owner), columns, values, background, max(most))
    return np.ascontiguousarray(values.T), base


def _worth_it(rows: int, background: int | None) -> int:
    """Players up to which a table costs no more than to walk by levels; what it costs does not depend on the rows."""
    if background is None:
        return DENSE if rows >= _TABLES_FROM_ROWS else 0
    pairs = rows * background
    return max(size for size in range(DENSE + 1) if 4**size <= pairs or (size <= 6 and pairs >= _TABLES_FROM_PAIRS))


def _add_levels(
    trees: Joined, columns: FloatArray, values: FloatArray, background: FloatArray | None, most: int
) -> float:
    """Add the values of deep trees, and return their base along paths."""
    base = 0.0
    for first in range(0, columns.shape[1], _ROWS):
        block = slice(first, first + _ROWS)
        if background is None:
            found, base = deep_paths(trees, columns[:, block], most)
        else:
            found = deep_background(trees, columns[:, block], background, most)
        values[trees.players, block] += found.T
    return base


def _add_tables(
    forest: Forest,
    trees: Sequence[Tree],
    columns: FloatArray,
    owner: Sequence[int],
    values: FloatArray,
    background: FloatArray | None,
) -> float:
    """Add the values of trees with few players on every path, and return their base along paths."""
    opened, base = [], 0.0
    for tree in trees:
        leaves = leaves_of(tree, owner)
        base += 0.0 if background is not None else _expected(tree, leaves)
        seen = None
        if background is not None:
            seen = list(patterns_of(forest, tree, owner, background, gaps_of(background)))
        opened.append(_Opened(tree, leaves, seen, {}))
    _fill(opened)
    gaps = gaps_of(columns)
    for first in range(0, columns.shape[1], _ROWS):
        block = slice(first, first + _ROWS)
        for one in opened:
            _look_up(forest, one, owner, columns[:, block], gaps, values[:, block])
    return base


def _expected(tree: Tree, leaves: list[Leaf]) -> float:
    """The tree's value when nothing is known: leaf values by the shares of training rows."""
    total = 0.0
    for leaf in leaves:
        before = float(np.prod(leaf.shares[:-1])) if leaf.sibling >= 0 else float(np.prod(leaf.shares))
        if leaf.sibling < 0:
            total += float(tree.value[leaf.node]) * before
        else:
            left = leaf.shares[-1]
            total += before * float(tree.value[leaf.node] * left + tree.value[leaf.sibling] * (1 - left))
    return total


def _fill(opened: list[_Opened]) -> None:
    """Make the tables of all leaves with few players, those of one size together."""
    by_size: dict[int, list[tuple[_Opened, int]]] = {}
    for one in opened:
        for number, leaf in enumerate(one.leaves):
            if leaf.players:
                by_size.setdefault(len(leaf.players), []).append((one, number))
    for size, places in by_size.items():
        step = max(1, _NUMBERS // (size * 2**size))
        for start in range(0, len(places), step):
            part = places[start : start + step]
            tables = _dense_paths(part, size) if part[0][0].seen is None else _dense_background(part, size)
            for (one, number), table in zip(part, tables, strict=True):
                one.tables[number] = table


def _dense_paths(places: list[tuple[_Opened, int]], size: int) -> FloatArray:
    """(l, k, 2^k) for shares of training rows."""
    bits = _all_bits(size)
    leaves = [one.leaves[number] for one, number in places]
    shares = np.array([leaf.shares for leaf in leaves])
    values = np.array([one.tree.value[leaf.node] for (one, _), leaf in zip(places, leaves, strict=True)])
    found = path_values(bits, shares, values)
    twins = np.array([leaf.sibling for leaf in leaves])
    which = np.flatnonzero(twins >= 0)
    if len(which):
        shares = shares[which]
        shares[:, -1] = 1 - shares[:, -1]
        values = np.array([places[at][0].tree.value[twins[at]] for at in which])
        found[which] += path_values(bits, shares, values)[:, :, _turned(size)]
    return found


def _dense_background(places: list[tuple[_Opened, int]], size: int) -> FloatArray:
    """(l, k, 2^k) for background rows."""
    frequency = np.zeros((2, len(places), 2**size))
    turned = _turned(size)
    for at, (one, number) in enumerate(places):
        assert one.seen is not None
        patterns, shares = shares_of_patterns(one.seen[number])
        leaf = one.leaves[number]
        frequency[0, at, patterns] = shares * one.tree.value[leaf.node]
        if leaf.sibling >= 0:
            frequency[1, at, turned[patterns]] = shares * one.tree.value[leaf.sibling]
    found = (frequency @ _dense(size)).reshape(2, len(places), size, 2**size)
    return np.asarray(found[0] + found[1][:, :, turned], dtype=np.float64)


def _look_up(
    forest: Forest, one: _Opened, owner: Sequence[int], columns: FloatArray, gaps: BoolArray, values: FloatArray
) -> None:
    """Add one tree's values of some rows to `values` (d, rows)."""
    buffer = np.empty(columns.shape[1])
    for number, pattern in enumerate(patterns_of(forest, one.tree, owner, columns, gaps)):
        index = pattern.astype(np.intp)
        for at, player in enumerate(one.leaves[number].players):
            # Every index is inside the table, so nothing is clipped; this mode alone writes without a copy.
            one.tables[number][at].take(index, out=buffer, mode="clip")
            values[player] += buffer


@cache
def _all_bits(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return bits_of(np.arange(2**size), size)


@cache
def _turned(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Patterns with the last player's bit turned."""
    return np.arange(2**size) ^ (1 << (size - 1))


@cache
def _dense(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return dense_background_values(size)
