"""Randomisation: does the explanation change when the model forgets what it learnt?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import unmeasured
from hakari.measures.explanation._asking import ask
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.truth._over_rows import mean_estimate
from hakari.measures.explanation.truth._spearman import row_spearman
from hakari.measures.explanation.truth.randomised import randomised_model
from hakari.measures.explanation.truth.trial import ExplainModel, Trial, generator, require_match
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features

__all__ = ["randomisation_similarity"]

_LEAST_PLAYERS: Final = 4
"""Below this many players orders agree by chance: the mean |ρ| of two random orders is 1 for two, .67 for three."""


def randomisation_similarity(
    asked: Asked,
    rows: Features,
    attributions: Attributions,
    rng: np.random.Generator,
    *,
    explain: ExplainModel,
    positive: str = "1",
    asked_of: Callable[[Any], Asked] | None = None,
    models: int = 5,
    confidence: float = 0.95,
) -> Trial:
    """Explain `models` randomised copies of the model and compare: the mean |Spearman| of the values, over the rows.

    Adebayo et al. 2018 (arXiv 1810.03292). A high figure means that the explanation does not depend on what the
    model learnt. `explain` explains another model by the same method; `asked_of` makes a randomised estimator a model
    that can be asked (the default is `ask` with the names of the rows and `positive`). The interval is over rows, for
    these copies; each copy is one draw of chance, which the interval does not hold.

    A model that is only a function cannot be opened: then there is no figure, and it says why.

    Raises:
        InputError: an explanation of other rows or another quantity, or no copies.
    """
    started = time.perf_counter()
    require_match(rows, attributions, asked)
    if models < 1:
        raise InputError(say("measures.explanation.truth.randomisation.models", models=models))
    if len(attributions.players) < _LEAST_PLAYERS:
        players = len(attributions.players)
        return _nothing(rows.rows, say("measures.explanation.truth.randomisation.few_players", players=players))
    again, found, spent = generator(rng), [], 0
    for _ in range(models):
        other = randomised_model(asked.native, rng)
        if other is None:
            kind = type(asked.native).__name__ if asked.native is not None else asked.name
            return _nothing(rows.rows, say("measures.explanation.truth.randomisation.closed", model=kind))
        # The same chance as far as possible: then only the model differs.
        renewed = _asked(other, rows, asked, positive) if asked_of is None else asked_of(other)
        explained = explain(renewed, rows, again())
        spent += max(renewed.rows, explained.cost.model_rows)
        found.append(np.abs(row_spearman(attributions.values, explained.values)))
    per_row = np.asarray(np.mean(found, axis=0), dtype=np.float64)
    left_out = int(np.isnan(per_row).sum())
    reason = say("measures.explanation.truth.randomisation.nothing")
    return Trial(
        about="faithfulness",
        estimates=(
            mean_estimate(
                "randomisation_similarity", per_row, confidence=confidence, reason=reason, least=0.0, most=1.0
            ),
        ),
        per_row=per_row,
        left_out=left_out,
        cost=Cost(model_rows=spent, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.truth.randomisation.limit", models=models),),
    )


def _asked(native: Any, rows: Features, asked: Asked, positive: str) -> Asked:
    return ask(native, names=rows.names, positive=positive, quantity=asked.quantity)


def _nothing(rows: int, reason: Message) -> Trial:
    return Trial(
        about="faithfulness",
        estimates=(unmeasured("randomisation_similarity", reason),),
        per_row=np.full(rows, np.nan),
        left_out=rows,
        cost=Cost(model_rows=0),
    )
