"""Permutation importance: how much worse a model does when one player's values come from any other row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.measures.explanation.importance._rises import measured_rises, setting_of
from hakari.measures.explanation.importance._scoring import Loss

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features, Players

__all__ = ["permutation_importance"]


def permutation_importance(
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
) -> Attributions:
    """Return the rise of the mean loss (1, d) when the columns of a player are taken, together, from another row.

    Breiman 2001 (doi 10.1023/A:1010933404324); the population quantity is the model reliance of Fisher, Rudin &
    Dominici 2019 (arXiv 1801.01489, eq. 3.3) as a difference. Departures: rows lend to each other along random rings,
    so that no row keeps its own values; standard errors hold over rows, donors and repeats (`mean_difference`).
    `base` and `outputs` are the mean loss of the rows as they are.

    `labels` are 0 and 1 (any numbers for `squared`); rows whose label is missing are left out. `output` needs none: it
    is the mean absolute change of the output. `threshold` is the score from which on the positive class is decided;
    `confidence` only rules which players are listed as not told apart from 0. `weights` count rows.

    Raises:
        InputError: labels or weights that cannot be used, fewer than two rows, log loss of a model without scores.
    """
    setting = setting_of(
        asked, rows, labels, players,
        loss=loss, repeats=repeats, confidence=confidence, threshold=threshold, weights=weights,
    )  # fmt: skip
    everybody = np.zeros(setting.rows.rows, dtype=np.int64)
    return measured_rises(
        setting, lambda player: everybody, rng, method="permutation_importance", correlated="marginal"
    )
