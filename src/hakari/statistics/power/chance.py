"""Chance: how probable each verdict is, if the rates were known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.contrasts import contrast_count, joint_errors
from hakari.statistics.limits import clopper_pearson_lower, clopper_pearson_upper
from hakari.statistics.verdict import Rule

_NODES = 32  # beyond so many different counts the limits between are interpolated


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities of the two verdicts; the rest is inconclusive."""

    met: float
    not_met: float


def verdict_chances(
    rule: Rule,
    rates: Sequence[float],
    trials: int,
    *,
    error_met: float,
    error_not_met: float,
    rng: np.random.Generator,
    draws: int = 2000,
) -> Chances:
    """The chance of `met` and of `not_met` with these rates (G,) and so many trials in each group.

    Simulated: `draws` samples, so a chance of .8 has a standard error of .009. The rule is read as `decide` reads it,
    except that `not_met` of all pairs looks at the two extreme groups only; with equal trials these decide.
    """
    if trials < 1:
        raise InputError(say("statistics.power.trials", trials=trials))
    if any(not 0 <= rate <= 1 for rate in rates):
        raise InputError(say("statistics.power.rate", rates=[f"{rate:g}" for rate in rates]))
    counts = rng.binomial(trials, np.asarray(rates, dtype=float), size=(draws, len(rates)))
    if rule.compares:
        met, not_met = _compared(rule, counts, trials, error_met, error_not_met)
    else:
        met, not_met = _single(rule, counts, trials, error_met, error_not_met)
    return Chances(float(np.mean(met)), float(np.mean(not_met & ~met)))


@dataclass(frozen=True, slots=True)
class _Side:
    """Counts (D,) of one number of trials, and limits of their rates."""

    values: FloatArray
    trials: float
    nodes: FloatArray

    @classmethod
    def of(cls, counts: IntArray, trials: int) -> _Side:
        nodes = np.unique(counts).astype(float)
        if len(nodes) > _NODES:
            nodes = np.unique(np.round(np.linspace(nodes[0], nodes[-1], _NODES)))
        return cls(counts / trials, float(trials), nodes)

    def lower(self, error: float) -> FloatArray:
        return np.minimum(self.values, self._between(clopper_pearson_lower, error))

    def upper(self, error: float) -> FloatArray:
        return np.maximum(self.values, self._between(clopper_pearson_upper, error))

    def _between(self, side: Callable[[FloatArray, FloatArray, float], FloatArray], error: float) -> FloatArray:
        limits = side(self.nodes, np.full(len(self.nodes), self.trials), error)
        return np.asarray(np.interp(self.values * self.trials, self.nodes, limits), dtype=float)


def _single(rule: Rule, counts: IntArray, trials: int, met: float, not_met: float) -> tuple[BoolArray, BoolArray]:
    a, b, strict = rule.threshold, rule.unacceptable, rule.margin == 0
    share = not_met / counts.shape[1]
    if rule.operator == "<=":
        side = _Side.of(counts.max(axis=1), trials)
        reach = side.upper(met)
        return (reach < b if strict else reach <= b), side.lower(share) > a
    side = _Side.of(counts.min(axis=1), trials)
    reach = side.lower(met)
    return (reach > b if strict else reach >= b), side.upper(share) < a


def _compared(rule: Rule, counts: IntArray, trials: int, met: float, not_met: float) -> tuple[BoolArray, BoolArray]:
    difference = rule.aggregation == "difference"
    at_b, bound_b = (1.0, rule.unacceptable) if difference else (rule.unacceptable, 0.0)
    at_a, bound_a = (1.0, rule.threshold) if difference else (rule.threshold, 0.0)
    share = not_met / contrast_count(counts.shape[1], rule.reference)
    upper, lower = np.full(len(counts), -np.inf), np.full(len(counts), -np.inf)
    for low, high in _pairs(rule, counts, trials):
        np.maximum(upper, _upper(rule, low, high, at_b, met), out=upper)
        np.maximum(lower, _lower(rule, low, high, at_a, share), out=lower)
    return (upper < bound_b if rule.margin == 0 else upper <= bound_b), lower > bound_a


def _pairs(rule: Rule, counts: IntArray, trials: int) -> list[tuple[_Side, _Side]]:
    """The pairs (low, high) of which one holds the largest contrast."""
    groups = counts.shape[1]
    if rule.reference is None:
        return [(_Side.of(counts.min(axis=1), trials), _Side.of(counts.max(axis=1), trials))]
    if isinstance(rule.reference, int):
        others = np.delete(counts, rule.reference, axis=1)
        fixed = _Side.of(counts[:, rule.reference], trials)
        return [(_Side.of(others.min(axis=1), trials), fixed), (fixed, _Side.of(others.max(axis=1), trials))]
    own = [_Side.of(counts[:, group], trials) for group in range(groups)]
    whole = counts.sum(axis=1)
    rest = [_Side.of(whole - counts[:, group], trials * (groups - 1)) for group in range(groups)]
    return [*zip(own, rest, strict=True), *zip(rest, own, strict=True)]


def _upper(rule: Rule, low: _Side, high: _Side, line: float, error: float) -> FloatArray:
    errors = [error / 2] if rule.method == "box" else joint_errors(error).tolist()
    reach = np.full(len(low.values), -np.inf)
    for at_low, at_high in zip(errors, reversed(errors), strict=True):
        np.maximum(reach, line * high.upper(at_high) - low.lower(at_low), out=reach)
    return reach


def _lower(rule: Rule, low: _Side, high: _Side, line: float, error: float) -> FloatArray:
    if rule.method == "box":
        return line * high.lower(error / 2) - low.upper(error / 2)
    wide = np.hypot(low.upper(error) - low.values, line * (high.values - high.lower(error)))
    return np.asarray(line * high.values - low.values - wide, dtype=float)
