"""Conditional importance: how much worse a model does when one player's values come from a row that is alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import shortened
from hakari.measures.explanation.importance._rises import measured_rises, setting_of
from hakari.measures.explanation.importance._scoring import Loss
from hakari.measures.explanation.importance._strata import Strata, strata_of_player
from hakari.messages import Message, say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features, Players
    from hakari.statistics._arrays import IntArray

__all__ = ["conditional_importance"]

_LEAST: Final = 20
"""Rows in a leaf: fewer leave an exchange little to choose from, more leave more of the dependence inside."""
_MENTIONED: Final = 0.05
"""A player of whose variance the others account for less is not mentioned."""


def conditional_importance(
    asked: Asked,
    rows: Features,
    labels: npt.NDArray[Any] | None,
    players: Players,
    rng: np.random.Generator,
    *,
    loss: Loss,
    repeats: int = 10,
    confidence: float = 0.95,
    threshold: float = 0.5,
    weights: npt.NDArray[Any] | None = None,
    least: int = _LEAST,
) -> Attributions:
    """Return the rise of the mean loss (1, d) when a player's columns are taken from a row alike in all others.

    Everything is as in `permutation_importance`, but rows lend only to rows of their own stratum: a leaf of a tree of
    the player on the other columns, with at least `least` rows of the half it was grown on (`strata_of_player`). What
    a column says only because it goes with another one is then not counted as its own.

    Needs scikit-learn (extra `ml`).

    Raises:
        InputError: as `permutation_importance`, or scikit-learn is not installed.
    """
    if least < 2:
        raise InputError(say("measures.explanation.importance.least", least=least))
    setting = setting_of(
        asked, rows, labels, players,
        loss=loss, repeats=repeats, confidence=confidence, threshold=threshold, weights=weights,
    )  # fmt: skip
    found: dict[str, Strata] = {}

    def codes(player: str) -> IntArray:
        found[player] = strata_of_player(setting.rows, players[player], rng, least=least)
        return found[player].codes

    return measured_rises(
        setting, codes, rng,
        method="conditional_importance", correlated="conditional", limits=lambda: _limits(found, least),
    )  # fmt: skip


def _limits(found: dict[str, Strata], least: int) -> tuple[Message, ...]:
    limits = [say("measures.explanation.importance.limit.strata", least=least)]
    tied = sorted(
        ((strata.explained, player) for player, strata in found.items() if strata.explained >= _MENTIONED),
        key=lambda item: (-item[0], item[1]),
    )
    if tied:
        shares = [
            say("measures.explanation.importance.share", player=player, share=round(share, 3)) for share, player in tied
        ]
        limits.append(say("measures.explanation.importance.limit.explained", shares=shortened(shares)))
    alone = [player for player, strata in found.items() if strata.count == 1]
    if alone:
        limits.append(say("measures.explanation.importance.limit.one_stratum", players=shortened(alone)))
    return tuple(limits)
