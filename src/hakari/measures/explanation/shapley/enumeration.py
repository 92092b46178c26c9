"""Enumeration: Shapley values from every coalition, exact for the given background."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation.shapley._coalitions import check_game, coalition_worths, shapley_weights
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features, Players

__all__ = ["MOST_PLAYERS", "enumerated_shapley"]

MOST_PLAYERS: Final = 12
"""Players up to which every coalition is asked: 4,096 coalitions, each with the whole background."""


def enumerated_shapley(asked: Asked, rows: Features, background: Features, players: Players) -> Attributions:
    """Return exact Shapley values: all 2^d coalitions, each averaged over the whole background.

    A feature that is left out takes the values of background rows, whatever the rest says (the marginal game of
    Štrumbelj & Kononenko 2014, doi 10.1007/s10115-013-0679-x). Asks n · (2^d − 2) · m + n + m model rows for m
    background rows.

    Raises:
        InputError: more than `MOST_PLAYERS` players, no background, or columns that do not fit.
    """
    check_game(rows, background, players)
    check_count(len(players))
    start, before = time.perf_counter(), asked.rows
    worths = coalition_worths(asked, rows, background, players)
    values = worths @ shapley_weights(len(players))
    return Attributions(
        method="enumerated_shapley",
        players=players,
        values=values,
        errors=np.zeros_like(values),
        base=worths[:, 0].copy(),
        outputs=worths[:, -1].copy(),
        quantity=asked.quantity,
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - start),
        limits=(say("measures.explanation.shapley.limits.background", rows=background.rows),),
    )


def check_count(count: int) -> None:
    """Refuse more players than can be enumerated.

    Raises:
        InputError: names the limit.
    """
    if count > MOST_PLAYERS:
        raise InputError(say("measures.explanation.shapley.many_players", players=count, most=MOST_PLAYERS))
