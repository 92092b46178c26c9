"""Needed: the fewest trials in every group at which a verdict is likely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from hakari.statistics._arrays import FloatArray
from hakari.statistics.power.chance import verdict_chances
from hakari.statistics.verdict import Rule, plug_in

CHANCE = 0.8
"""The chance of the verdict that the number of trials promises."""
MOST_TRIALS = 10**7
"""Above this number of trials the answer is None."""

_FEWEST = 8
_FINE = 1.02  # the search ends when both ends lie this close


def trials_needed(
    rule: Rule,
    rates: Sequence[float],
    verdict: Literal["met", "not_met"],
    *,
    error_met: float,
    error_not_met: float,
    rng: np.random.Generator,
    least: int = _FEWEST,
) -> int | None:
    """The fewest trials in each group at which `verdict` comes with a chance of .8 if the rates (G,) were true.

    To within 2 % and the simulation's own error of about 3 %, from `least` up. None where the rates are on the wrong
    side of the line, so that no number of trials leads there, or where more than ten million are needed.
    """
    if not _possible(rule, rates, verdict):
        return None

    def likely(trials: int) -> bool:
        chances = verdict_chances(rule, rates, trials, error_met=error_met, error_not_met=error_not_met, rng=rng)
        return (chances.met if verdict == "met" else chances.not_met) >= CHANCE

    under, over = max(least, _FEWEST) - 1, max(least, _FEWEST)
    while not likely(over):
        if over >= MOST_TRIALS:
            return None
        under, over = over, min(over * 2, MOST_TRIALS)
    while over - under > 1 and over > _FINE * under:
        middle = min(max(round((under * over) ** 0.5), under + 1), over - 1)
        under, over = (under, middle) if likely(middle) else (middle, over)
    return over


def _possible(rule: Rule, rates: Sequence[float], verdict: Literal["met", "not_met"]) -> bool:
    """Whether the true aggregate lies strictly on the verdict's side of its line."""
    true = _true(rule, np.asarray(rates, dtype=float))
    if verdict == "met":
        return true < rule.unacceptable if rule.operator == "<=" else true > rule.unacceptable
    return true > rule.threshold if rule.operator == "<=" else true < rule.threshold


def _true(rule: Rule, rates: FloatArray) -> float:
    """The aggregate of the rates themselves; against the rest, as it is with equal trials."""
    if rule.reference != "rest":
        return plug_in(rule, rates)
    rest = (rates.sum() - rates) / max(len(rates) - 1, 1)
    if rule.aggregation == "difference":
        return float(np.max(np.abs(rates - rest)))
    low, high = np.minimum(rates, rest), np.maximum(rates, rest)
    return float(np.min(np.divide(low, high, out=np.ones(len(rates)), where=high > 0)))
