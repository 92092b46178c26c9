"""Harm: whether the newer version does worse in a group, tested on the rows on which the two versions differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from hakari.statistics._arrays import FloatArray
from hakari.statistics.multiplicity import holm_levels
from hakari.statistics.paired.change import Change, PairedChange

_ERRORS = np.geomspace(0.5, 1e-15, 200)
"""Errors at which dependent rows are tried: each a sixth below the last."""


def mcnemar_p(gained: FloatArray, lost: FloatArray) -> FloatArray:
    """One-sided exact p-values (G,) of "no more losses than gains": P(X ≥ lost), X binomial(gained + lost, ½).

    McNemar 1947 in its exact conditional form. The null hypothesis is that the change is 0 or better; the p-value is at
    most as small as stated for each of these truths. 1 where no row differs.
    """
    lost, gained = np.asarray(lost, dtype=float), np.asarray(gained, dtype=float)
    some = lost > 0
    x = np.where(some, lost, 1.0)
    return np.where(some, special.betainc(x, gained + 1.0, 0.5), 1.0)


def loss_p_values(change: Change, *, worse: int) -> FloatArray:
    """One-sided p-values (G,) of a change for the worse; `worse` is −1 where a fall is worse, 1 where a rise is.

    Exact for independent rows (`mcnemar_p`). Else the smallest of 200 errors from one half to 1e-15 at which the limit
    of the change lies beyond zero, so at most a fifth too large; 1 where there is none.
    """
    if isinstance(change, PairedChange):
        return mcnemar_p(change.gained, change.lost) if worse < 0 else mcnemar_p(change.lost, change.gained)
    found = np.ones(len(change.values))
    open_ = np.isfinite(change.values)
    for error in _ERRORS.tolist():
        reach = change.upper(error) if worse < 0 else -change.lower(error)
        open_ &= reach < 0
        found[open_] = error
        if not np.any(open_):
            break
    return found


def harm_levels(p_values: Sequence[float], error: float) -> tuple[float, ...]:
    """The level of each p-value after Holm 1979 over all that are given: harm is shown where p ≤ its level.

    The probability that any of them is shown without a loss is at most `error`, whatever their dependence.
    """
    return holm_levels(p_values, [error] * len(p_values)) if len(p_values) else ()
