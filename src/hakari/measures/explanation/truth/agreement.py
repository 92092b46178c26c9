"""Agreement: do two methods name the same features for the same row?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import unmeasured
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.truth._over_rows import mean_estimate
from hakari.measures.explanation.truth._spearman import row_spearman, without_noise
from hakari.measures.explanation.truth.trial import Trial
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["method_agreement"]


def method_agreement(
    first: Attributions, second: Attributions, *, top: int = 4, confidence: float = 0.95, label: str | None = None
) -> Trial:
    """Compare two explanations of the same rows by the same players; the slice {"with": …} names the second one.

    `method_agreement` is the mean Spearman correlation of |values|; `top_overlap` the share of the `top` players of the
    first that are among those of the second; `sign_agreement` the share of players in either top with the same sign
    (after Krishna et al. 2022, arXiv 2202.01602, for the union of both tops). Methods that answer different questions,
    such as marginal and conditional values, may both be right and differ.

    Raises:
        InputError: other players, or another number of rows.
    """
    if first.names != second.names or first.rows != second.rows:
        raise InputError(
            say(
                "measures.explanation.truth.agreement.other",
                first=first.rows,
                second=second.rows,
                players=len(first.names),
                others=len(second.names),
            )
        )
    one, two = without_noise(first.values), without_noise(second.values)
    slice_ = {"with": label or second.method}
    tops = _top(one, top), _top(two, top)
    either = tops[0] | tops[1]
    union = either.sum(axis=1)
    same = ((np.sign(one) == np.sign(two)) & either).sum(axis=1)
    correlation = row_spearman(np.abs(one), np.abs(two))
    nothing = say("measures.explanation.truth.agreement.nothing")
    size = tops[0].sum(axis=1)
    figures = {
        "method_agreement": (correlation, -1.0),
        "top_overlap": (_share((tops[0] & tops[1]).sum(axis=1), size), 0.0),
        "sign_agreement": (_share(same, union), 0.0),
    }
    found = [
        mean_estimate(name, each, confidence=confidence, reason=nothing, least=least, most=1.0, slice_=slice_)
        for name, (each, least) in figures.items()
    ]
    if len(first.names) <= top:
        reason = say("measures.explanation.truth.agreement.all_top", players=len(first.names), top=top)
        found[1] = unmeasured("top_overlap", reason, slice_=slice_)
    return Trial(
        about="faithfulness",
        estimates=tuple(found),
        per_row=correlation,
        left_out=int(np.isnan(correlation).sum()),
        cost=Cost(model_rows=0),
        limits=(say("measures.explanation.truth.agreement.limit"),),
    )


def _top(values: FloatArray, top: int) -> BoolArray:
    """The players with the largest |values| of each row (n, d), without those at 0; ties are all in."""
    size = np.abs(values)
    line = -np.sort(-size, axis=1)[:, min(top, size.shape[1]) - 1]
    return np.asarray((size >= line[:, None]) & (size > 0))


def _share(hits: FloatArray, of: FloatArray) -> FloatArray:
    return np.where(of > 0, hits / np.where(of > 0, of, 1), np.nan)
