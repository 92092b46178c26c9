"""Sensitivity: how far an explanation can move when the row hardly does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import shortened
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.truth._over_rows import median_estimate
from hakari.measures.explanation.truth.noise import Noise
from hakari.measures.explanation.truth.trial import Explain, Trial, generator, require_match
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._features import Features

__all__ = ["max_sensitivity"]

_NOTHING = 1e-9
"""Explanations below this share of the largest one have no size that a change could be compared with."""


def max_sensitivity(
    explain: Explain,
    rows: Features,
    rng: np.random.Generator,
    *,
    noise: float = 0.05,
    draws: int = 10,
    background: Features | None = None,
    confidence: float = 0.95,
) -> Trial:
    """Return the largest ‖φ(y) − φ(x)‖ / ‖φ(x)‖ over `draws` rows y within small noise of x; the median over the rows.

    Yeh et al. 2019 (arXiv 1901.09392, max-sensitivity), relative to the size of the explanation, in the Euclidean norm.
    Noise is uniform within `noise` robust spreads of the `background` (of the rows, if there is none). All
    explanations are made with the same chance, so that only the change of the row is seen.

    Raises:
        InputError: noise that is not above 0, or no draws.
    """
    started = time.perf_counter()
    if draws < 1:
        raise InputError(say("measures.explanation.truth.draws", draws=draws))
    near, again = Noise.like(background or rows, noise), generator(rng)
    first = explain(rows, again())
    require_match(rows, first)
    spent, worst = first.cost.model_rows, np.zeros(rows.rows)
    for _ in range(draws if near.columns else 0):
        moved = explain(near.draw(rows, rng), again())
        spent += moved.cost.model_rows
        worst = np.maximum(worst, np.linalg.norm(moved.values - first.values, axis=1))
    size = np.linalg.norm(first.values, axis=1)
    used = (size > _NOTHING * size.max()) & bool(near.columns)
    per_row = np.where(used, worst / np.where(used, size, 1.0), np.nan)
    why = "nothing" if near.columns else "unmoved"
    limits = [say("measures.explanation.truth.sensitivity.limit", noise=noise, draws=draws)]
    if near.unmoved:
        limits.append(say("measures.explanation.truth.unmoved", columns=shortened(near.unmoved)))
    return Trial(
        about="stability",
        estimates=(
            median_estimate(
                "max_sensitivity",
                per_row,
                confidence=confidence,
                reason=say(f"measures.explanation.truth.sensitivity.{why}"),
            ),
        ),
        per_row=per_row,
        left_out=int((~used).sum()),
        cost=Cost(model_rows=spent, seconds=time.perf_counter() - started),
        limits=tuple(limits),
    )
