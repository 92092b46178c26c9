"""Between: how far amounts lie apart over the groups, with limits that hold over all of them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from hakari.statistics.contrasts import Contrasts, invert, method_for
from hakari.statistics.limits import Limits

__all__ = ["Spread", "Spreading", "spread_over"]

Spreading = Literal["difference", "ratio", "highest", "lowest"]
"""max v − min v; min v / max v; max v; min v."""


class Spread(NamedTuple):
    """One number over the groups; nan limits where a group has none."""

    value: float
    low: float
    high: float
    method: str


def spread_over(limits: Limits, spreading: Spreading, error: float) -> Spread:
    """The number over all groups of `limits`, each end at a one-sided error of `error` / 2.

    The ends are made like those of the verdict rule: over the pairs by MOVER with the contour (by box, which is
    Bonferroni, where groups share clusters), intersection–union on the one side and union–intersection on the other.
    Needs two groups with values for a difference or ratio, one for the others; a ratio needs values of 0 or more.
    """
    values = limits.values
    side = error / 2
    if spreading in ("highest", "lowest"):
        return _extreme(limits, spreading == "highest", side)
    method = method_for(limits, "mover")
    words = f"{limits.method}, {method}"
    contrasts = Contrasts.of(limits, method=method)
    low, high = float(values.min()), float(values.max())
    value = high - low if spreading == "difference" else (low / high if high > 0 else 1.0)
    # Every limit that the contrasts read lies between the values and these.
    furthest = side / contrasts.count / 2
    if not np.isfinite([limits.lower(furthest), limits.upper(furthest)]).all():
        return Spread(value, np.nan, np.nan, words)
    upper, lower = contrasts.upper(side), contrasts.lower(side)
    if spreading == "difference":
        words += ", union–intersection below and intersection–union above"
        return Spread(value, max(0.0, lower(1.0)), upper(1.0), words)
    words += ", intersection–union below and union–intersection above"
    return Spread(value, min(invert(upper, largest=True), value), max(invert(lower, largest=False), value), words)


def _extreme(limits: Limits, highest: bool, side: float) -> Spread:
    groups = len(limits.values)
    words = f"{limits.method}, union–intersection and intersection–union"
    if highest:
        ends = limits.lower(side / groups).max(), limits.upper(side).max()
        return _checked(Spread(float(limits.values.max()), float(ends[0]), float(ends[1]), words))
    ends = limits.lower(side).min(), limits.upper(side / groups).min()
    return _checked(Spread(float(limits.values.min()), float(ends[0]), float(ends[1]), words))


def _checked(found: Spread) -> Spread:
    if np.isfinite([found.low, found.high]).all():
        return found
    return found._replace(low=np.nan, high=np.nan)
