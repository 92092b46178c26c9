"""Tables: the values of every leaf by pattern, and the rows that look them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.measures.explanation.shapley._forest import gaps_of
from hakari.measures.explanation.shapley._leaves import (
    add_pairs,
    background_values,
    bits_of,
    dense_background_values,
    path_values,
    shares_of_patterns,
)
from hakari.measures.explanation.shapley._paths import MOST_ON_PATH, Leaf, leaves_of, patterns_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation.shapley._forest import Forest, Tree
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["forest_values"]

DENSE: Final = 8
"""Players on a path up to which all 2^k patterns of a leaf are tabulated; beyond, only those that occur."""
_ROWS: Final = 8_192
"""Rows that look up at once, so that patterns and sums stay in the processor's cache."""
_TREES: Final = 50
"""Trees whose tables are held at once."""
_PAIRS: Final = 1_000_000
"""Pairs of rows up to which leaves with many players look at each pair, not at the patterns that occur."""
_NUMBERS: Final = 4_000_000
"""Numbers that one step of making tables holds."""


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A tree ready to be looked up."""

    tree: Tree
    leaves: list[Leaf]
    most: int
    dense: int
    """Players up to which its leaves have tables."""
    seen: list[npt.NDArray[Any]] | None
    """Patterns of background rows at each leaf, or None for tree paths."""
    tables: dict[int, FloatArray]
    """(k, 2^k) by number of the leaf, where dense."""


def forest_values(
    forest: Forest, columns: FloatArray, owner: Sequence[int], players: int, background: FloatArray | None
) -> tuple[FloatArray, float] | None:
    """Return (n, d) values and their base, or None if a path has more players than a pattern holds.

    Args:
        forest: trees whose sum is explained.
        columns: (columns, n), as `Forest.prepared` makes them.
        owner: player of each column.
        players: d.
        background: (columns, m) for the marginal game, None for the shares of training rows along the paths.
    """
    count = columns.shape[1]
    values = np.zeros((players, count))
    gaps = gaps_of(columns)
    dense = DENSE if background is None else _worth_it(count * background.shape[1])
    base = forest.offset if background is None else float(forest.sums(background).mean())
    for start in range(0, len(forest.trees), _TREES):
        opened = []
        for tree in forest.trees[start : start + _TREES]:
            leaves = leaves_of(tree, owner)
            most = max(len(leaf.players) for leaf in leaves)
            if most > MOST_ON_PATH:
                return None
            if background is None:
                base += _expected(tree, leaves)
            if most:
                seen = _seen(forest, tree, owner, background, most)
                opened.append(_Opened(tree, leaves, most, dense, seen, {}))
        _fill(opened)
        for first in range(0, count, _ROWS):
            block = slice(first, first + _ROWS)
            for one in opened:
                _look_up(forest, one, owner, columns[:, block], gaps, values[:, block])
    return np.ascontiguousarray(values.T), base


def _worth_it(pairs: int) -> int:
    """Players up to which a table, 4^k numbers to make, costs no more than a look at each pair of rows."""
    return max(size for size in range(1, DENSE + 1) if size <= 6 or 4**size <= pairs)


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


def _seen(
    forest: Forest, tree: Tree, owner: Sequence[int], background: FloatArray | None, most: int
) -> list[npt.NDArray[Any]] | None:
    if background is None:
        return None
    return list(patterns_of(forest, tree, owner, background, gaps_of(background), most))


def _parts(leaf: Leaf) -> Iterator[tuple[int, bool]]:
    """The leaf and its sibling, if it has one: node, and whether the last player's bit is turned."""
    yield leaf.node, False
    if leaf.sibling >= 0:
        yield leaf.sibling, True


def _fill(opened: list[_Opened]) -> None:
    """Make the tables of all leaves with few players, those of one size together."""
    by_size: dict[int, list[tuple[_Opened, int]]] = {}
    for one in opened:
        for number, leaf in enumerate(one.leaves):
            if 0 < len(leaf.players) <= one.dense:
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
    deep: list[tuple[int, npt.NDArray[Any]]] = []
    paired = one.seen is not None and columns.shape[1] * len(one.seen[0]) <= _PAIRS
    for number, pattern in enumerate(patterns_of(forest, one.tree, owner, columns, gaps, one.most)):
        leaf = one.leaves[number]
        if paired and len(leaf.players) > one.dense:
            deep.append((number, pattern))
            continue
        if number in one.tables:
            table, index = one.tables[number], pattern.astype(np.intp)
        else:
            distinct, index = np.unique(pattern, return_inverse=True)
            table = _sparse(one, number, distinct)
        for at, player in enumerate(leaf.players):
            # Every index is inside the table, so nothing is clipped; this mode alone writes without a copy.
            table[at].take(index, out=buffer, mode="clip")
            values[player] += buffer
    if deep:
        _add_deep(one, deep, values)


def _add_deep(one: _Opened, deep: list[tuple[int, npt.NDArray[Any]]], values: FloatArray) -> None:
    """Add the values of leaves with many players; a sibling is a leaf of its own with the last bit turned."""
    assert one.seen is not None
    explained, background, players, worths = [], [], [], []
    for number, pattern in deep:
        leaf = one.leaves[number]
        for node, turn in _parts(leaf):
            bit = pattern.dtype.type((1 << (len(leaf.players) - 1)) if turn else 0)
            explained.append(pattern ^ bit)
            background.append(one.seen[number] ^ bit)
            players.append((*leaf.players, *(-1 for _ in range(one.most - len(leaf.players)))))
            worths.append(float(one.tree.value[node]))
    owners = np.array(players)
    add_pairs(np.stack(explained), np.stack(background), owners, (owners >= 0).sum(axis=1), np.array(worths), values)


def _sparse(one: _Opened, number: int, patterns: IntArray) -> FloatArray:
    """(k, p) for the patterns that occur at a leaf with many players."""
    leaf = one.leaves[number]
    size = len(leaf.players)
    found = np.zeros((size, len(patterns)))
    for node, turn in _parts(leaf):
        bits = bits_of(patterns, size)
        shares = np.array(leaf.shares)
        if turn:
            bits[:, -1] = ~bits[:, -1]
            shares[-1] = 1 - shares[-1]
        value = float(one.tree.value[node])
        if one.seen is None:
            found += path_values(bits, shares[None], np.array([value]))[0]
            continue
        background, frequency = shares_of_patterns(one.seen[number])
        others = bits_of(background, size)
        if turn:
            others[:, -1] = ~others[:, -1]
        step = max(1, _NUMBERS // len(others))
        for start in range(0, len(bits), step):
            part = slice(start, start + step)
            found[:, part] += background_values(bits[part], others, frequency, value)
    return found


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
