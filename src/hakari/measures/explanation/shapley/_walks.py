"""Walks: from a background row to the explained row, one player after another, and what each player added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.measures.explanation.shapley._coalitions import CELLS, ask_mixed
from hakari.measures.explanation.shapley._moments import Units

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features, Players
    from hakari.measures.explanation.shapley._neighbours import Neighbours
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Game"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Game:
    """What walks need: the model, the explained rows, the background, and what the model says about both."""

    asked: Asked
    rows: Features
    background: Features
    players: Players
    outputs: FloatArray
    """(n,): output for each explained row."""
    starts: FloatArray
    """(m,): output for each background row."""
    neighbours: Neighbours | None = None
    """Where stand-ins come from rows that are alike; else the walk's own background row stands in."""

    @property
    def price(self) -> int:
        """Model rows of one unit for all explained rows: two walks there and back, without their ends."""
        return self.rows.rows * 4 * (len(self.players) - 1)

    def units(self, index: IntArray, rng: np.random.Generator) -> Units:
        """Walk twice, there and back, from each background row of `index`, the same walks for every explained row.

        A walk back takes the players in reverse
        order (antithetic: Mitchell et al. 2022, JMLR 23(43)), so a pair is exact where players act in pairs at most.
        """
        count = len(self.players)
        orders = rng.permuted(np.tile(np.arange(count), (2 * len(index), 1)), axis=1)
        found = np.zeros((4, self.rows.rows, count))
        step = max(1, CELLS // max(1, self.price * len(self.rows.names)))
        for start in range(0, len(index), step):
            part = index[start : start + step]
            added = self._added(np.repeat(part, 2), orders[2 * start : 2 * (start + len(part))], rng)
            first, second = added[:, 0::2], added[:, 1::2]
            middle = (first + second) / 2
            found[0] += middle.sum(axis=1)
            found[1] += (middle**2).sum(axis=1)
            halved = (first - second) ** 2 / 4
            found[2] += halved.sum(axis=1)
            found[3] = np.maximum(found[3], halved.max(axis=1))
        return Units(count=len(index), means=found[0], squares=found[1], within=found[2], largest=found[3])

    def _added(self, index: IntArray, orders: IntArray, rng: np.random.Generator) -> FloatArray:
        """(n, w, d): what each player added on w walks, mean of the way there and the way back."""
        rows, walks, count = self.rows.rows, len(index), len(self.players)
        places = np.argsort(orders, axis=1)
        forward = places[:, None, :] < np.arange(1, count)[None, :, None]
        inner = np.concatenate([forward, ~forward[:, ::-1]], axis=1)
        worths = self.ask(inner.reshape(-1, count), np.repeat(index, 2 * (count - 1)), rng)
        ways = worths.reshape(rows, walks, 2, count - 1)
        ends = np.broadcast_to(self.starts[index][None, :, None, None], (rows, walks, 2, 1))
        tops = np.broadcast_to(self.outputs[:, None, None, None], (rows, walks, 2, 1))
        steps = np.diff(np.concatenate([ends, ways, tops], axis=3), axis=3)
        # On the way back the players come in reverse order.
        mean = (steps[:, :, 0] + steps[:, :, 1, ::-1]) / 2
        at = np.broadcast_to(places[None], mean.shape)
        return np.asarray(np.take_along_axis(mean, at, axis=2), dtype=np.float64)

    def ask(self, coalitions: BoolArray, index: IntArray, rng: np.random.Generator) -> FloatArray:
        """Return (n, q): each explained row with each coalition kept, background row `index` elsewhere."""
        rows, questions = self.rows.rows, len(coalitions)
        other = np.tile(index, rows) if self.neighbours is None else self.neighbours.draw(coalitions, rng).ravel()
        found = ask_mixed(
            self.asked,
            self.rows,
            self.background,
            self.players,
            row=np.repeat(np.arange(rows), questions),
            other=other,
            kept=np.tile(coalitions, (rows, 1)),
        )
        return found.reshape(rows, questions)
