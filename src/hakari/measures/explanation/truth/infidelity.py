"""Infidelity: do the values foretell what replacing some of the features does to the output?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.truth._over_rows import ratio_estimate
from hakari.measures.explanation.truth._replacing import background_draws, replaced_outputs
from hakari.measures.explanation.truth.trial import Trial, require_match
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import BoolArray

__all__ = ["infidelity_of"]

_NOTHING = 1e-24
"""Below this share of the squared outputs the model does not change at all."""


def infidelity_of(
    asked: Asked,
    rows: Features,
    attributions: Attributions,
    background: Features,
    rng: np.random.Generator,
    *,
    subsets: int = 20,
    draws: int = 50,
    confidence: float = 0.95,
) -> Trial:
    """Replace `subsets` random sets S of players in each row and compare the change of output with Σ of their values.

    Yeh et al. 2019 (arXiv 1901.09392) with a perturbation that gives the players of S the values of
    background rows: E_S(Σ_{j∈S} φ_j − Δ_S)², where Δ_S is the output less its mean over the background. The size of S
    is uniform on 1…d. Departures: the mean over the background stands inside the square, so that the values of an
    additive model have infidelity 0; what the finite number of `draws` adds to the squares is subtracted; and the sum
    over the rows is divided by that of Δ_S². So 0 is perfect and 1 is the score of saying nothing; more is worse than
    saying nothing. `per_row` is the same ratio of one row.

    Raises:
        InputError: an explanation of other rows or another quantity, or no background.
    """
    started, before = time.perf_counter(), asked.rows
    require_match(rows, attributions, asked)
    if subsets < 1:
        raise InputError(say("measures.explanation.truth.infidelity.subsets", subsets=subsets))
    stand_in = background_draws(background, draws, rng)
    n, d = attributions.values.shape
    replaced = _subsets(n, subsets, d, rng)
    found = replaced_outputs(asked, rows, stand_in, attributions.players, ~replaced, population=background.rows)
    outputs = asked(rows)
    change = outputs[:, None] - found.means
    foretold = (replaced * attributions.values[:, None, :]).sum(axis=2)
    error = ((foretold - change) ** 2 - found.variances).mean(axis=1)
    size = np.maximum((change**2 - found.variances).mean(axis=1), 0.0)
    # A row that no replacement changes says nothing of its own, but what its values claim still counts as an error.
    some = size > _NOTHING * max(float((outputs**2).mean()), float(size.max()))
    below = np.where(some, size, 0.0)
    per_row = np.where(some, error / np.where(some, size, 1.0), np.nan)
    reason = say("measures.explanation.truth.infidelity.nothing")
    return Trial(
        about="faithfulness",
        estimates=(ratio_estimate("infidelity", error, below, confidence=confidence, reason=reason, least=0.0),),
        per_row=per_row,
        left_out=int((~some).sum()),
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.truth.infidelity.limit"),),
    )


def _subsets(rows: int, subsets: int, players: int, rng: np.random.Generator) -> BoolArray:
    """Sets of players (rows, subsets, players), each of a size uniform on 1…players."""
    size = rng.integers(1, players + 1, (rows, subsets, 1))
    place = np.argsort(np.argsort(rng.random((rows, subsets, players)), axis=2), axis=2)
    return np.asarray(place < size)
