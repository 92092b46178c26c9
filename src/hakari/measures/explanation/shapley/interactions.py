"""Interactions: what two players add together beyond what each adds alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.shapley._coalitions import all_coalitions, check_game, coalition_worths
from hakari.measures.explanation.shapley._walks import Game
from hakari.measures.explanation.shapley.enumeration import check_count
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked, Quantity
    from hakari.measures.explanation._features import Features, Players
    from hakari.messages import Message
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Interactions", "enumerated_interactions", "interaction_weights", "sampled_interactions"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interactions:
    """The Shapley interaction index of each pair of players (Grabisch & Roubens 1999, doi 10.1007/s001820050125).

    I_ij = Σ_S |S|! (d − |S| − 2)! / (d − 1)! · [v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)], over coalitions S without i
    and j. Tree explainers report half of it on each side of the diagonal (Lundberg et al. 2020, doi
    10.1038/s42256-019-0138-9). Positive: the two are worth more together than apart.
    """

    players: Players
    """Names of rows and columns of the matrices."""
    values: FloatArray
    """(n, d, d), symmetric, 0 on the diagonal."""
    errors: FloatArray
    """(n, d, d): standard errors; 0 where exact."""
    quantity: Quantity
    """Unit of the values."""
    cost: Cost
    """What they cost."""
    limits: tuple[Message, ...] = field(default=())
    """What they cannot say."""

    def strongest(self, row: int, count: int) -> list[tuple[str, str, float]]:
        """Return the `count` largest of a row by size, largest first: two players and their value."""
        names = tuple(self.players)
        pairs = [(i, j, float(self.values[row, i, j])) for i, j in combinations(range(len(names)), 2)]
        pairs.sort(key=lambda pair: -abs(pair[2]))
        return [(names[i], names[j], value) for i, j, value in pairs[:count]]


def enumerated_interactions(asked: Asked, rows: Features, background: Features, players: Players) -> Interactions:
    """Return exact interactions: all 2^d coalitions, each averaged over the whole background.

    Raises:
        InputError: more than `MOST_PLAYERS` players, no background, or columns that do not fit.
    """
    check_game(rows, background, players)
    check_count(len(players))
    start, before = time.perf_counter(), asked.rows
    flat = coalition_worths(asked, rows, background, players) @ interaction_weights(len(players))
    values = _symmetric(flat, len(players))
    return Interactions(
        players=players,
        values=values,
        errors=np.zeros_like(values),
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - start),
        limits=(say("measures.explanation.shapley.limits.background", rows=background.rows),),
    )


def interaction_weights(count: int) -> FloatArray:
    """Return (2^d, d (d − 1) / 2): the matrix that turns worths into interactions, in the order of `combinations`."""
    coalitions = all_coalitions(count)
    size = coalitions.sum(axis=1)
    found = np.zeros((len(coalitions), count * (count - 1) // 2))
    for at, (i, j) in enumerate(combinations(range(count), 2)):
        inside = coalitions[:, i].astype(np.int64) + coalitions[:, j]
        weight = [factorial(s) * factorial(count - s - 2) / factorial(count - 1) for s in range(count - 1)]
        found[:, at] = np.array(weight)[size - inside] * np.where(inside == 1, -1.0, 1.0)
    return found


def sampled_interactions(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    most_model_rows: int = 5_000_000,
) -> Interactions:
    """Return interactions estimated from sweeps, each of which sees every pair of players exactly once.

    Two players that follow each other on a random walk, with those before them as S, are one draw of their index. A
    sweep is half as many walks as players, laid so that every pair follows each other once (Walecki's zigzag paths);
    a player without columns makes an odd number even. Each sweep starts from one background row.

    Raises:
        InputError: too few model rows allowed for two sweeps, no background, or columns that do not fit.
    """
    check_game(rows, background, players)
    count = len(players)
    even = count + count % 2
    price = rows.rows * (even // 2) * (2 * even - 2)
    fixed = rows.rows + background.rows
    sweeps = (most_model_rows - fixed) // price
    if sweeps < 2:
        least = fixed + 2 * price
        raise InputError(say("measures.explanation.shapley.budget", most=most_model_rows, rows=rows.rows, least=least))
    start, before = time.perf_counter(), asked.rows
    game = Game(
        asked=asked,
        rows=rows,
        background=background,
        players=players,
        outputs=asked(rows),
        starts=asked(background),
    )
    total = np.zeros((2, rows.rows, count, count))
    order = np.concatenate([rng.permutation(background.rows) for _ in range(-(-sweeps // background.rows))])
    for at in range(sweeps):
        one = _sweep(game, int(order[at]), even, rng)
        total[0] += one
        total[1] += one**2
    values = total[0] / sweeps
    spread = np.maximum(total[1] / sweeps - values**2, 0.0) * sweeps / (sweeps - 1)
    return Interactions(
        players=players,
        values=values,
        errors=np.sqrt(spread / sweeps),
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - start),
        limits=(say("measures.explanation.shapley.limits.background", rows=background.rows),),
    )


def _sweep(game: Game, index: int, even: int, rng: np.random.Generator) -> FloatArray:
    """(n, d, d): one draw of each pair."""
    rows, count = game.rows.rows, len(game.players)
    walks = rng.permutation(even)[_zigzags(even)]
    places = np.argsort(walks, axis=1)
    # Those before place k, for k = 1 … even; and with the player at k left out and the next one in.
    before = places[:, None, :] < np.arange(even + 1)[None, :, None]
    swapped = before[:, :-2].copy()
    first, second = walks[:, :-1], walks[:, 1:]
    np.put_along_axis(swapped, second[:, :, None], True, axis=2)
    questions = np.concatenate([before[:, 1:-1], swapped], axis=1).reshape(-1, even)[:, :count]
    asked = game.ask(questions, np.full(len(questions), index, dtype=np.int64), rng)
    worths = asked.reshape(rows, len(walks), 2 * even - 2)
    ends = np.full((rows, len(walks), 1), game.starts[index])
    tops = np.broadcast_to(game.outputs[:, None, None], (rows, len(walks), 1))
    along = np.concatenate([ends, worths[:, :, : even - 1], tops], axis=2)
    joint = along[:, :, 2:] - along[:, :, 1:-1] - worths[:, :, even - 1 :] + along[:, :, :-2]
    found = np.zeros((rows, even, even))
    found[:, first, second] = joint
    found[:, second, first] = joint
    return found[:, :count, :count]


def _zigzags(even: int) -> IntArray:
    """(even / 2, even): paths over `even` places in which every pair of places is neighbours exactly once."""
    steps = np.arange(even)
    offset = np.where(steps % 2 == 1, -(steps + 1) // 2, steps // 2)
    return np.asarray((np.arange(even // 2)[:, None] + offset[None, :]) % even, dtype=np.int64)


def _symmetric(flat: FloatArray, count: int) -> FloatArray:
    found = np.zeros((len(flat), count, count))
    for at, (i, j) in enumerate(combinations(range(count), 2)):
        found[:, i, j] = found[:, j, i] = flat[:, at]
    return found
