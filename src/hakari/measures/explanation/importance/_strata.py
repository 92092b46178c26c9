"""Strata: rows that are alike in everything but one player, as far as a small tree can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.inputs.optional import need
from hakari.measures.explanation.importance._encoding import encoding_of

if TYPE_CHECKING:
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Strata", "strata_of_player"]

_FEWEST: Final = 2
"""Rows that a stratum needs so that one can lend to another."""


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Which rows are alike in the columns of the other players."""

    codes: IntArray
    """(n,): stratum of each row, from 0."""
    explained: float
    """Share of the player's variance that the strata account for, on rows that the tree did not see; 0 to 1."""

    @property
    def count(self) -> int:
        """Number of strata."""
        return int(self.codes.max()) + 1


def strata_of_player(rows: Features, columns: tuple[str, ...], rng: np.random.Generator, *, least: int) -> Strata:
    """Return strata in which the columns of a player hang less together with all others.

    A regression tree of the player on the other columns groups the rows into its leaves (Molnar et al. 2023, doi
    10.1007/s10618-022-00901-9; Debeer & Strobl 2020, doi 10.1186/s12859-020-03622-2, use a forest's own splits).
    Departure: the rows are halved and each half is grouped by the tree of the other. A tree that has seen a row puts
    it among rows whose values happen to be like its own, and the exchange then changes too little.
    """
    rest = [name for name in rows.names if name not in columns]
    n = rows.rows
    alone = Strata(np.zeros(n, dtype=np.int64), 0.0)
    if not rest or n < 4 * least:
        return alone
    target, given = _target(rows, columns), encoding_of(rows, rest).matrix(rows)
    # A column that no number is known of tells nobody apart, and the tree refuses it.
    given = given[:, ~np.isnan(given).all(axis=0)]
    if not given.shape[1]:
        return alone
    half = np.zeros(n, dtype=bool)
    half[rng.permutation(n)[: n // 2]] = True
    codes, fitted, start = np.empty(n, dtype=np.int64), np.empty_like(target), 0
    for seen in (half, ~half):
        tree = _tree(least, rng).fit(given[seen], target[seen])
        leaf = _without_lonely(np.asarray(tree.apply(given[~seen])))
        codes[~seen] = start + leaf
        sizes = np.bincount(leaf)
        for place in range(target.shape[1]):
            fitted[~seen, place] = (np.bincount(leaf, target[~seen, place]) / sizes)[leaf]
        start += len(sizes)
    total = float(((target - target.mean(axis=0)) ** 2).sum())
    inside = float(((target - fitted) ** 2).sum()) * n / max(n - start, 1)
    return Strata(codes, max(0.0, 1 - inside / total) if total > 0 else 0.0)


def _tree(least: int, rng: np.random.Generator) -> Any:
    trees = need("sklearn.tree", package="scikit-learn", extra="ml", what="conditional_importance")
    return trees.DecisionTreeRegressor(min_samples_leaf=least, random_state=int(rng.integers(2**31)))


def _target(rows: Features, columns: tuple[str, ...]) -> FloatArray:
    """Return the columns of a player as standardised numbers without gaps; a gap is a column of its own."""
    plain = encoding_of(rows, columns).matrix(rows)
    parts = []
    for column in plain.T:
        absent = np.isnan(column)
        known = column[~absent]
        spread = float(known.std()) if len(known) else 0.0
        if spread > 0:
            parts.append(np.where(absent, 0.0, (column - known.mean()) / spread))
        if absent.any() and not absent.all():
            parts.append(absent.astype(np.float64))
    return np.column_stack(parts) if parts else np.zeros((rows.rows, 1))


def _without_lonely(leaf: IntArray) -> IntArray:
    """Number leaves from 0; a leaf with a single row joins the leaf before it, which the tree split off last."""
    found, sizes = np.unique(leaf, return_inverse=True, return_counts=True)[1:]
    joined = np.arange(len(sizes))
    for place in range(len(sizes)):
        if sizes[place] < _FEWEST and len(sizes) > 1:
            joined[place] = joined[place - 1] if place else 1
    return np.unique(joined[found], return_inverse=True)[1].astype(np.int64)
