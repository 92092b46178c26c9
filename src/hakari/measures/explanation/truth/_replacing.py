"""Replacing: what the model says about a row when some of its players take values of background rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features, Players
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Replaced", "background_draws", "replaced_outputs"]

_CHUNK = 50_000
"""Rows that are built at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Replaced:
    """Outputs over the draws, for n rows and c sets of kept players."""

    means: FloatArray
    """(n, c): mean over the draws."""
    variances: FloatArray
    """(n, c): variance of that mean as an estimate of the mean over the whole background; 0 where all was used."""


def background_draws(background: Features, draws: int, rng: np.random.Generator) -> Features:
    """Return at most `draws` rows of the background, drawn without replacement.

    Raises:
        InputError: no background row, or fewer than one draw asked for.
    """
    if background.rows == 0 or draws < 1:
        raise InputError(say("measures.explanation.truth.no_background", rows=background.rows, draws=draws))
    if draws >= background.rows:
        return background
    return background.take(np.sort(rng.choice(background.rows, draws, replace=False)).astype(np.int64))


def replaced_outputs(
    asked: Asked, rows: Features, draws: Features, players: Players, keep: BoolArray, *, population: int
) -> Replaced:
    """Return outputs where player j of row i keeps its value if keep[i, c, j], else takes that of each draw.

    `population` is the number of background rows that the draws were taken from.
    """
    n, sets, _ = keep.shape
    pairs, size = n * sets, draws.rows
    flat = keep.reshape(pairs, -1)
    means, variances = np.empty(pairs), np.zeros(pairs)
    step = max(1, _CHUNK // size)
    for start in range(0, pairs, step):
        pair = np.arange(start, min(start + step, pairs))
        own = rows.take(np.repeat(pair // sets, size))
        other = draws.take(np.tile(np.arange(size), len(pair)))
        kept = {
            column: np.repeat(flat[pair, place], size)
            for place, columns in enumerate(players.values())
            for column in columns
        }
        outputs = asked(own.mixed(kept, other)).reshape(len(pair), size)
        means[pair] = outputs.mean(axis=1)
        if 1 < size < population:
            variances[pair] = outputs.var(axis=1, ddof=1) / size * (1 - size / population)
    return Replaced(means.reshape(n, sets), variances.reshape(n, sets))
