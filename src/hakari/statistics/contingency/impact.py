"""Impact: the four-fifths rule of thumb, with what small numbers do to it.

Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D) (1978): a selection rate below four-fifths of the
rate of the group with the highest rate is generally regarded as evidence of adverse impact. The same paragraph says
that smaller differences may matter where they are significant in both statistical and practical terms, and that greater
ones may not where they rest on small numbers and are not statistically significant.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np

from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.contingency.pair import Pair
from hakari.statistics.limits import Limits, simultaneous

__all__ = ["FOUR_FIFTHS", "impact_ratios", "selections_to_flip"]

FOUR_FIFTHS = Fraction(4, 5)


def impact_ratios(limits: Limits, alpha: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each group's rate over the highest rate, and limits (values, low, high; each (G,)) that all hold together.

    The limits of all groups hold together at 1 − `alpha` (Šidák); wherever they do, the ratio of group g lies between
    l_g / max(l_g, u of the others) and u_g / max(u_g, l of the others). So the limits of the ratios need no further
    approximation, and that the highest group was picked after the rates were seen costs nothing more. Values and limits
    are nan where a group has no rate or no group has any selection.
    """
    rates = limits.values
    known = np.isfinite(rates)
    low, high = simultaneous(limits, alpha)
    nothing: FloatArray = np.full(len(rates), np.nan)
    if not known.any() or not np.nanmax(rates) > 0:
        return nothing, nothing.copy(), nothing.copy()
    top = np.nanmax(rates)
    # Limits at errors near one half may pass their value; a ratio is held around its own.
    others_high, others_low = _largest_other(high, known), _largest_other(low, known)
    value = np.where(known, rates / top, np.nan)
    lower = np.where(low > 0, low / np.maximum(np.maximum(low, others_high), 1e-300), 0.0)
    upper = np.where(high > 0, high / np.maximum(np.maximum(high, others_low), 1e-300), 1.0)
    return value, np.where(known, np.minimum(lower, value), np.nan), np.where(known, np.maximum(upper, value), np.nan)


def _largest_other(numbers: FloatArray, known: BoolArray) -> FloatArray:
    """Return for each group the largest number of all other groups that have one; 0 if there is none."""
    usable = np.where(known, numbers, -np.inf)
    order = np.argsort(-usable, kind="stable")
    best = usable[order[0]]
    second = usable[order[1]] if len(order) > 1 else -np.inf
    found = np.full(len(numbers), best)
    found[order[0]] = second
    return np.asarray(np.maximum(found, 0.0), dtype=float)


def selections_to_flip(pair: Pair, line: Fraction = FOUR_FIFTHS) -> int | None:
    """Return how many selections would have had to go to the group instead of the other to reach `line` · its rate.

    The question of the agencies' Questions and Answers on the Uniform Guidelines, no. 21 (44 Fed. Reg. 11996, 1979):
    what if one more person of the group had been selected instead of one of the other? 0 where the line is reached,
    None where it cannot be (a side without people). Whole numbers throughout, so no rounding decides.
    """
    if not pair.rows or not pair.other_rows:
        return None
    lacking = line * Fraction(pair.other_selected, pair.other_rows) - Fraction(pair.selected, pair.rows)
    if lacking <= 0:
        return 0
    return ceil(lacking / (Fraction(1, pair.rows) + line / pair.other_rows))
