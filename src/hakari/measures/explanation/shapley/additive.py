"""Additive: exact Shapley values of a model that is a sum of functions of single players, found out by asking."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation._features import Features
from hakari.measures.explanation.shapley._coalitions import check_game
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import FloatArray

__all__ = ["additive_shapley"]

_ALIKE: Final = 1e-9
"""Largest departure from a sum that is rounding, as a share of the largest output."""
_CELLS: Final = 5_000_000
"""Values that one call of the model is given at most."""
_PROBES: Final = 500
"""Rows mixed of explained and background rows on which the sum is tried before anything else is asked."""


def additive_shapley(
    asked: Asked, rows: Features, background: Features, players: Players, rng: np.random.Generator
) -> Attributions | None:
    """Return exact Shapley values if the model adds up its players, else None.

    If f(x) = c + Σ_j g_j(x_j), the marginal Shapley value is g_j(x_j) − mean_b g_j(b_j) (Štrumbelj & Kononenko 2014,
    doi 10.1007/s10115-013-0679-x, §3.2). Each g_j is asked with all other players at one reference row: d · (n + m)
    model rows instead of the thousands for each row that sampling takes. Whether the model is such a sum is found out:
    on random mixtures of explained and background rows first, which is where a coalition asks, and then on every
    explained and every background row. A function that departs from a sum on none of these can still do so elsewhere;
    `gaps` and the trials of the explanation then show it.

    Raises:
        InputError: no background, columns that do not fit, or the model failed.
    """
    check_game(rows, background, players)
    started, before = time.perf_counter(), asked.rows
    reference = background.take([0])
    first = _mixtures(rows, background, players, rng)
    if not _adds_up(asked, first, reference, players):
        return None
    own, outputs = _parts(asked, rows, reference, players)
    stand_in, theirs = _parts(asked, background, reference, players)
    start = float(asked(reference)[0])
    if not (_sums(own, outputs, start) and _sums(stand_in, theirs, start)):
        return None
    values = own - stand_in.mean(axis=0)
    return Attributions(
        method="additive_shapley",
        players=players,
        values=values,
        errors=np.zeros_like(values),
        base=np.full(rows.rows, float(theirs.mean())),
        outputs=outputs,
        quantity=asked.quantity,
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.shapley.limits.background", rows=background.rows),),
    )


def _mixtures(rows: Features, background: Features, players: Players, rng: np.random.Generator) -> Features:
    """Rows whose players come from an explained row or from a background row, each with a chance of one half."""
    own = rows.take(rng.integers(rows.rows, size=_PROBES))
    other = background.take(rng.integers(background.rows, size=_PROBES))
    kept = {column: kept for columns in players.values() for kept in (rng.random(_PROBES) < 0.5,) for column in columns}
    return own.mixed(kept, other)


def _adds_up(asked: Asked, rows: Features, reference: Features, players: Players) -> bool:
    parts, outputs = _parts(asked, rows, reference, players)
    return _sums(parts, outputs, float(asked(reference)[0]))


def _parts(asked: Asked, rows: Features, reference: Features, players: Players) -> tuple[FloatArray, FloatArray]:
    """What each player of each row adds to the reference row (n, d), and the outputs of the rows themselves (n,)."""
    still = reference.repeated(rows.rows)
    start = asked(reference)[0]
    single = [still.with_columns({column: rows.columns[column] for column in columns}) for columns in players.values()]
    # Many models cost more for each call than for each row, so that players are asked for together.
    together = max(1, _CELLS // (rows.rows * len(rows.columns)))
    answers = [asked(Features.joined(single[first : first + together])) for first in range(0, len(single), together)]
    return np.concatenate(answers).reshape(len(single), rows.rows).T - start, asked(rows)


def _sums(parts: FloatArray, outputs: FloatArray, start: float) -> bool:
    scale = max(float(np.abs(outputs).max()), abs(start), float(np.abs(parts).max()), 1e-12)
    return bool(np.abs(outputs - start - parts.sum(axis=1)).max() <= _ALIKE * scale)
