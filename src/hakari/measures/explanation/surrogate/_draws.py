"""Draws: which players of a row are replaced, and by which row of the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from hakari.measures.explanation.surrogate._distances import Plain
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Draws", "drawn"]

_NEAREST_SHARE: Final = 0.1
_FEWEST_NEAREST: Final = 5
# Rows of the background that count as alike: a tenth, at least five, and all that are as near as the last of them.


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """One set of draws that all explained rows share, so that differences between rows are not differences of luck."""

    kept: BoolArray
    """(T, d): players that keep the row's values."""
    donors: IntArray
    """(T,): row of the background that gives the rest."""
    pick: FloatArray
    """(T,): which of the rows that are alike gives the rest, as a share of them."""

    def near(self, plain: Plain, row: int, members: BoolArray) -> IntArray:
        """Return donors (T,) that are among the background rows nearest to the explained row in what it keeps."""
        background = plain.background
        own = plain.rows[row]
        absent = np.isnan(background) != np.isnan(own)
        sized = np.nan_to_num(background - own) ** 2 + absent
        apart = np.where(plain.measured, sized, (background != own).astype(np.float64))
        columns_kept = (self.kept.astype(np.float64) @ members.astype(np.float64)) > 0
        near = min(max(_FEWEST_NEAREST, round(_NEAREST_SHARE * len(background))), len(background))
        # Rounded, so that rows equally far stay so whatever the order of addition on a machine.
        distance = np.round(columns_kept.astype(np.float64) @ apart.T, 9)
        reach = np.partition(distance, near - 1, axis=1)[:, near - 1 : near]
        rank = (distance <= reach).cumsum(axis=1)
        wanted = np.floor(self.pick * rank[:, -1]) + 1
        found = (rank >= wanted[:, None]).argmax(axis=1)
        # With nothing kept every row of the background is as near as any other.
        return np.where(columns_kept.any(axis=1), found, self.donors)


def drawn(players: int, background: int, draws: int, rng: np.random.Generator) -> Draws:
    """Return draws that replace from one to all players, each number as often as another.

    If every player were replaced with probability 1/2, all draws would lie about equally far from the row, the more so
    the more columns there are, and no kernel could tell near from far.
    """
    replaced = rng.integers(1, players + 1, draws)
    order = np.argsort(rng.random((draws, players)), axis=1)
    rank = np.argsort(order, axis=1)
    return Draws(rank >= replaced[:, None], rng.integers(0, background, draws), rng.random(draws))
