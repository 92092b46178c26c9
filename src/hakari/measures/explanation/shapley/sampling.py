"""Sampling: Shapley values of any model from walks, with standard errors and a rule when to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation.shapley._coalitions import check_game
from hakari.measures.explanation.shapley._moments import Moments
from hakari.measures.explanation.shapley._neighbours import Neighbours
from hakari.measures.explanation.shapley._walks import Game
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features, Players
    from hakari.messages import Message
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["sampled_shapley"]

FIRST_LOOK: Final = 64
"""Units before the first look at the standard errors, so that these are themselves known well enough."""
_LEAST: Final = 8
"""Units below which nothing is said."""


def sampled_shapley(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    target_error: float | None = 0.02,
    most_model_rows: int = 5_000_000,
    correlated: Literal["marginal", "conditional"] = "marginal",
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Attributions:
    """Return Shapley values estimated from walks that lead from a background row to the explained row.

    On a walk the players take the explained row's values one after another in random order; what each adds is one draw
    of its Shapley value (Castro et al. 2009, doi 10.1016/j.cor.2008.04.004). Each order is walked there and back, each
    walk starts from one background row (not from all of them), background rows come without replacement, and all
    explained rows share orders and background rows. Departure from the known total f(x) − base is shared out in
    proportion to the squared standard errors, so that base and values sum to the output.

    Args:
        asked: the model.
        rows: what is explained.
        background: rows that stand in for what is left out.
        players: name → columns.
        rng: all chance.
        target_error: stop when the largest standard error of any row and player is at most this share of the spread
            (the standard deviation of the model's output over the background); None spends all model rows.
        most_model_rows: model rows that may be asked.
        correlated: `conditional` takes stand-ins from the background rows nearest in the features that stay.
        progress: called with model rows asked and allowed.
        cancelled: asked between looks; what is there so far is returned.

    Raises:
        InputError: too few model rows allowed, no background, or columns that do not fit.
    """
    check_game(rows, background, players)
    least = rows.rows + background.rows + _LEAST * rows.rows * 4 * (len(players) - 1)
    if most_model_rows < least:
        raise InputError(say("measures.explanation.shapley.budget", most=most_model_rows, rows=rows.rows, least=least))
    if target_error is not None and not target_error > 0:
        raise InputError(say("measures.explanation.shapley.target", value=target_error))
    start, before = time.perf_counter(), asked.rows
    game = Game(
        asked=asked,
        rows=rows,
        background=background,
        players=players,
        outputs=asked(rows),
        starts=asked(background),
        neighbours=Neighbours.of(rows, background, players) if correlated == "conditional" else None,
    )
    spread = _spread(game)
    moments = Moments(rows.rows, len(players), background.rows)
    ended = _estimate(game, moments, rng, spread, target_error, most_model_rows, progress, cancelled)
    errors = moments.errors if len(players) > 1 else np.zeros((rows.rows, 1))
    base = float(game.starts.mean())
    limits = [say("measures.explanation.shapley.limits.background", rows=background.rows)]
    if game.neighbours is not None:
        nearest = game.neighbours.nearest
        limits.append(say("measures.explanation.shapley.limits.conditional", nearest=nearest, rows=background.rows))
    worst = float(errors.max(initial=0.0))
    limits.append(
        say("measures.explanation.shapley.limits.sampled", walks=4 * moments.units, error=worst, share=worst / spread)
    )
    return Attributions(
        method="sampled_shapley",
        players=players,
        values=_with_total(moments.values, errors, game.outputs - base),
        errors=errors,
        base=np.full(rows.rows, base),
        outputs=game.outputs,
        quantity=asked.quantity,
        correlated=correlated,
        additive=True,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - start),
        limits=(*limits, *ended),
    )


def _estimate(
    game: Game,
    moments: Moments,
    rng: np.random.Generator,
    spread: float,
    target: float | None,
    most: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> tuple[Message, ...]:
    """Walk until the target is reached, nothing is left to spend, or somebody stops; say which of the latter."""
    size, fixed = game.background.rows, game.rows.rows + game.background.rows
    allowed = (most - fixed) // game.price if game.price else FIRST_LOOK
    if allowed > size:
        # Whole passes over the background leave no variance between its rows.
        allowed -= allowed % size
    order = _Passes(size, rng)
    wanted = min(allowed, FIRST_LOOK if size > 2 * FIRST_LOOK else ceil(FIRST_LOOK / size) * size)
    while True:
        while moments.units < wanted:
            # In parts, so that progress is seen.
            part = min(wanted - moments.units, max(1, 200_000 // max(1, game.price)))
            moments.add(game.units(order.take(part), rng))
            if progress is not None:
                progress(fixed + moments.units * game.price, most)
        worst = float(moments.errors.max(initial=0.0)) / spread
        if len(game.players) == 1 or worst == 0.0 or (target is not None and worst <= target):
            return ()
        if wanted >= allowed:
            if target is None:
                return ()
            asked = fixed + moments.units * game.price
            return (say("measures.explanation.shapley.limits.stopped", rows=asked, target=target),)
        if cancelled is not None and cancelled():
            return (say("measures.explanation.shapley.limits.cancelled"),)
        wanted = min(allowed, _next(moments.units, size, worst, target, allowed))


def _next(units: int, size: int, worst: float, target: float | None, allowed: int) -> int:
    """Units to look at next: what the error so far asks for; a pass that is over half done is finished."""
    if target is None:
        return allowed
    wanted = max(units + _LEAST, ceil(1.05 * units * (worst / target) ** 2))
    # The last estimate of the error is rough: look again on the way.
    wanted = min(wanted, 8 * units)
    over = wanted % size
    return wanted - over + size if over > size / 2 else wanted


class _Passes:
    """Background rows in random order, each once before any comes again."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self._size, self._rng = size, rng
        self._waiting: IntArray = np.empty(0, dtype=np.int64)

    def take(self, count: int) -> IntArray:
        """Return the next rows."""
        while len(self._waiting) < count:
            self._waiting = np.concatenate([self._waiting, self._rng.permutation(self._size)])
        found, self._waiting = self._waiting[:count], self._waiting[count:]
        return found


def _spread(game: Game) -> float:
    """Standard deviation of outputs over the background; where that is 0, the largest distance of a row from it."""
    spread = float(game.starts.std())
    if spread > 0:
        return spread
    return float(np.abs(game.outputs - game.starts.mean()).max(initial=0.0)) or 1.0


def _with_total(values: FloatArray, errors: FloatArray, total: FloatArray) -> FloatArray:
    """Share out what is missing from the known total in proportion to the squared standard errors."""
    missing = (total - values.sum(axis=1))[:, None]
    squares = errors**2
    whole = squares.sum(axis=1, keepdims=True)
    shares = np.divide(squares, whole, out=np.full_like(squares, 1 / values.shape[1]), where=whole > 0)
    return np.asarray(values + missing * shares, dtype=np.float64)
