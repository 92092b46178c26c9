"""Multiplicity: how the error of a plan is shared over its checks, its looks and its candidates."""

from __future__ import annotations

from collections.abc import Sequence

from hakari.errors import InputError
from hakari.messages import say


def holm_levels(p_values: Sequence[float], budgets: Sequence[float]) -> tuple[float, ...]:
    """The error at which each of the K planned checks is to be computed, after Holm 1979.

    Check k is scaled by its own budget, q_k = p_k / budget_k. In the order of q, the check at step s (from 0) is
    rejected while q ≤ 1/(K−s); its level is budget/(K−s), and from the first check that is not rejected on all keep the
    level of that step. Equal q share the level of the first. Then p_k ≤ level_k exactly where Holm rejects, and the
    probability of any false rejection is at most the largest budget. A check that failed to run has p = 1.
    """
    count = len(p_values)
    if len(budgets) != count:
        raise InputError(say("statistics.multiplicity.budgets", checks=count, budgets=len(budgets)))
    for p, budget in zip(p_values, budgets, strict=True):
        if not (0 <= p <= 1 and 0 < budget < 1):
            raise InputError(say("statistics.multiplicity.range", p=f"{p:g}", budget=f"{budget:g}"))
    scaled = [p / budget for p, budget in zip(p_values, budgets, strict=True)]
    levels, step, stopped, previous = [0.0] * count, 0, False, -1.0
    for place, check in enumerate(sorted(range(count), key=lambda k: scaled[k])):
        tied = scaled[check] == previous
        if not (stopped or tied):
            step = place
        levels[check] = budgets[check] / (count - step)
        # p against the level itself, not q against 1/(K−s): so the caller's comparison agrees to the last digit.
        stopped = stopped or p_values[check] > levels[check]
        previous = scaled[check]
    return tuple(levels)


def look_error(error: float, look: int) -> float:
    """The share of `error` that look k = 1, 2, … may spend: error / (k(k+1)), which sums to `error` over all looks."""
    if look < 1:
        raise InputError(say("statistics.multiplicity.look", look=look))
    return error / (look * (look + 1))


def candidates_error(error: float, candidates: int) -> float:
    """The error left for a verdict on rows on which the best of `candidates` was chosen (Bonferroni)."""
    if candidates < 1:
        raise InputError(say("statistics.multiplicity.candidates", candidates=candidates))
    return error / candidates
