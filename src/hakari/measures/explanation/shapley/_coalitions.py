"""Coalitions: which players keep their values, what the model then says, and the weights that turn it into values."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._features import Features
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["all_coalitions", "ask_mixed", "check_game", "coalition_worths", "shapley_weights"]

CELLS: Final = 4_000_000
"""Cells (rows × columns) that are mixed at once; bounds memory at about 32 MB for numbers."""


def check_game(rows: Features, background: Features, players: Players) -> None:
    """Refuse what cannot be explained.

    Raises:
        InputError: no background rows, other columns in the background, or a column that is no player's.
    """
    if background.rows == 0:
        raise InputError(say("measures.explanation.shapley.no_background"))
    if background.names != rows.names:
        raise InputError(
            say("measures.explanation.shapley.other_columns", rows=list(rows.names), background=list(background.names))
        )
    held = [column for columns in players.values() for column in columns]
    if sorted(held) != sorted(rows.names):
        raise InputError(say("measures.explanation.shapley.players", players=sorted(held), columns=list(rows.names)))


def ask_mixed(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    *,
    row: IntArray,
    other: IntArray,
    kept: BoolArray,
) -> FloatArray:
    """Return (q,): what the model says about q mixed rows.

    Question i is row `row[i]` where `kept[i, player]`, and background row `other[i]` elsewhere.
    """
    found = np.empty(len(row))
    step = max(1, CELLS // len(rows.names))
    for start in range(0, len(row), step):
        part = slice(start, start + step)
        masks = {column: kept[part, at] for at, columns in enumerate(players.values()) for column in columns}
        mixed = rows.take(row[part]).mixed(masks, background.take(other[part]))
        found[part] = asked(mixed)
    return found


def all_coalitions(count: int) -> BoolArray:
    """Return (2^count, count): every coalition; bit j of the row's number says whether player j is in it."""
    return np.asarray((np.arange(2**count)[:, None] >> np.arange(count)) & 1, dtype=np.bool_)


def coalition_worths(asked: Asked, rows: Features, background: Features, players: Players) -> FloatArray:
    """Return (n, 2^d): the mean output over the whole background when a coalition keeps its values.

    The empty coalition is asked once for all rows, the full one once for each row.
    """
    coalitions = all_coalitions(len(players))
    count, size = len(coalitions), background.rows
    worths = np.empty((rows.rows, count))
    worths[:, 0] = asked(background).mean()
    worths[:, -1] = asked(rows)
    if count <= 2:
        return worths
    inner = np.arange(1, count - 1)
    # Whole means only: a block of coalitions is asked with the whole background, so that no partial sums are kept.
    step = max(1, CELLS // (len(rows.names) * size))
    for at in range(rows.rows):
        for start in range(0, len(inner), step):
            block = np.repeat(inner[start : start + step], size)
            outputs = ask_mixed(
                asked,
                rows,
                background,
                players,
                row=np.full(len(block), at, dtype=np.int64),
                other=np.asarray(np.tile(np.arange(size), len(block) // size), dtype=np.int64),
                kept=coalitions[block],
            )
            worths[at, inner[start : start + step]] = outputs.reshape(-1, size).mean(axis=1)
    return worths


def shapley_weights(count: int) -> FloatArray:
    """Return (2^d, d): the matrix that turns worths into Shapley values (Shapley 1953, eq. 13).

    A coalition S with player j in it counts (|S| − 1)! (d − |S|)! / d!, one without it −|S|! (d − |S| − 1)! / d!.
    """
    coalitions = all_coalitions(count)
    size = coalitions.sum(axis=1)
    total = factorial(count)
    with_it = np.array([0.0, *(factorial(s - 1) * factorial(count - s) / total for s in range(1, count + 1))])
    without = np.array([*(factorial(s) * factorial(count - s - 1) / total for s in range(count)), 0.0])
    return np.asarray(np.where(coalitions, with_it[size][:, None], -without[size][:, None]), dtype=np.float64)
