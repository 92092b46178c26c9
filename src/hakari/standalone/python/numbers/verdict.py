"""Verdict: what a check says of the groups.

`met` rejects "unacceptable" (θ >= b for a quantity that is bad when high), `not_met` rejects "acceptable" (θ <= a);
each is a one-sided test at its own error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hakari.standalone.python.numbers.contrasts import Contrasts, Reference, invert
from hakari.standalone.python.numbers.limits import Limits, known_groups, simultaneous
from hakari.standalone.python.words import Impossible, Refused, say

__all__ = ["Decision", "Rule", "decide", "firing_levels", "holm_levels"]

_SMALLEST_ERROR = 1e-15


@dataclass(frozen=True)
class Rule:
    """One check of a plan: an aggregate of the groups against a line."""

    aggregation: str
    operator: str
    threshold: float
    """a: acceptable up to and including a."""
    margin: float
    method: str
    reference: Reference = None

    def __post_init__(self) -> None:
        fixed = {"difference": "<=", "ratio": ">="}.get(self.aggregation, self.operator)
        if self.operator != fixed or self.operator not in ("<=", ">="):
            raise Impossible(say("statistics.rule.operator", operator=self.operator))
        if not (math.isfinite(self.threshold) and math.isfinite(self.margin) and self.margin >= 0):
            raise Impossible(say("statistics.rule.finite", threshold=f"{self.threshold:g}", margin=f"{self.margin:g}"))
        if self.aggregation == "ratio" and self.unacceptable <= 0:
            raise Impossible(say("statistics.rule.accepts_all", threshold=self.threshold, margin=self.margin))

    @property
    def unacceptable(self) -> float:
        """Return b: the threshold moved by the margin to the bad side."""
        return round(self.threshold + (self.margin if self.operator == "<=" else -self.margin), 12)

    @property
    def compares(self) -> bool:
        """Return whether groups are compared with each other."""
        return self.aggregation in ("difference", "ratio")


@dataclass(frozen=True)
class Decision:
    """A verdict and the interval that says the same."""

    verdict: str
    reason: str
    value: float
    lower: float
    upper: float
    error_met: float
    error_not_met: float
    extreme: list[int]
    """Groups that the simultaneous intervals do not exclude as highest or lowest."""


def decide(rule: Rule, limits: Limits, error_met: float, error_not_met: float) -> Decision:
    """Return the verdict of a rule; the end that faces b is at `error_met`, the one that faces a at `error_not_met`."""
    for error in (error_met, error_not_met):
        if not 0 < error <= 0.5:
            raise Refused(say("statistics.verdict.error", error=f"{error:g}"))
    known, limits, rule = _in_scope(rule, limits)
    if len(known) < (2 if rule.compares else 1):
        reason = "one_group" if known else "no_groups"
        return Decision("inconclusive", reason, math.nan, 0.0, 1.0, error_met, error_not_met, [])
    bad, good = _rejects_bad(rule, limits, error_met), _rejects_good(rule, limits, error_not_met)
    lower, upper = _ends(rule, limits, error_met, error_not_met, bad=bad, good=good)
    verdict, reason = ("met", "within_margin" if good else "") if bad else ("not_met" if good else "inconclusive", "")
    if limits.too_few_clusters:
        verdict, reason = "inconclusive", "too_few_clusters"
    extreme = [known[g] for g in _extreme(rule, limits, error_met + error_not_met)]
    return Decision(verdict, reason, _point(rule, limits), lower, upper, error_met, error_not_met, extreme)


def firing_levels(rule: Rule, limits: Limits) -> tuple[float, float]:
    """Return the smallest errors at which `met` and at which `not_met` fire: the two p-values of a check."""
    known, limits, rule = _in_scope(rule, limits)
    if len(known) < (2 if rule.compares else 1) or limits.too_few_clusters:
        return 1.0, 1.0
    return (
        _smallest(lambda error: _rejects_bad(rule, limits, error)),
        _smallest(lambda error: _rejects_good(rule, limits, error)),
    )


def _smallest(fires: Callable[[float], bool]) -> float:
    """Bisect on the logarithm; above one half, which says nothing, the level is 1."""
    if not fires(0.5):
        return 1.0
    if fires(_SMALLEST_ERROR):
        return _SMALLEST_ERROR
    under, over = math.log(_SMALLEST_ERROR), math.log(0.5)
    for _ in range(48):
        middle = (under + over) / 2
        under, over = (under, middle) if fires(math.exp(middle)) else (middle, over)
    return math.exp(over)


def _in_scope(rule: Rule, limits: Limits) -> tuple[list[int], Limits, Rule]:
    """Leave out the groups without a denominator."""
    known = known_groups(limits)
    if rule.aggregation == "overall" and len(limits.values) != 1:
        raise Impossible(say("statistics.verdict.overall", groups=len(limits.values)))
    if isinstance(rule.reference, int):
        if rule.reference not in known:
            raise Impossible(say("statistics.verdict.reference", reference=rule.reference))
        rule = replace(rule, reference=known.index(rule.reference))
    return known, limits if len(known) == len(limits.values) else limits.take(known), rule


def _rejects_bad(rule: Rule, limits: Limits, error: float) -> bool:
    b = rule.unacceptable
    if rule.compares:
        gap = Contrasts(limits, rule.reference, rule.method).upper(error)
        reach, line = (gap(1.0), b) if rule.aggregation == "difference" else (gap(b), 0.0)
    elif rule.operator == "<=":
        reach, line = max(limits.upper(error)), b
    else:
        reach, line = -min(limits.lower(error)), -b
    return reach < line if rule.margin == 0 else reach <= line


def _rejects_good(rule: Rule, limits: Limits, error: float) -> bool:
    a = rule.threshold
    if rule.compares:
        gap = Contrasts(limits, rule.reference, rule.method).lower(error)
        return gap(1.0) > a if rule.aggregation == "difference" else gap(a) > 0
    share = error / len(limits.values)
    return max(limits.lower(share)) > a if rule.operator == "<=" else min(limits.upper(share)) < a


def _ends(
    rule: Rule, limits: Limits, error_met: float, error_not_met: float, *, bad: bool, good: bool
) -> tuple[float, float]:
    """Return the interval; the last digits of its ends are made to agree with the rule itself."""
    a, b = rule.threshold, rule.unacceptable
    facing_bad, facing_good = _facing(rule, limits, error_met, error_not_met)
    if rule.operator == "<=":
        upper = min(facing_bad, b) if bad else max(facing_bad, b)
        return max(facing_good, math.nextafter(a, math.inf)) if good else min(facing_good, a), upper
    lower = max(facing_bad, b) if bad else min(facing_bad, b)
    return lower, min(facing_good, math.nextafter(a, -math.inf)) if good else max(facing_good, a)


def _facing(rule: Rule, limits: Limits, error_met: float, error_not_met: float) -> tuple[float, float]:
    """Return the end that faces b and the end that faces a."""
    if not rule.compares:
        share = error_not_met / len(limits.values)
        if rule.operator == ">=":
            return min(limits.lower(error_met)), min(limits.upper(share))
        return max(limits.upper(error_met)), max(limits.lower(share))
    contrasts = Contrasts(limits, rule.reference, rule.method)
    upper, lower = contrasts.upper(error_met), contrasts.lower(error_not_met)
    if rule.aggregation == "difference":
        return upper(1.0), max(0.0, lower(1.0))
    return invert(upper, largest=True), invert(lower, largest=False)


def _point(rule: Rule, limits: Limits) -> float:
    """Return the plain aggregate; a ratio of nothing but zeros is 1."""
    rates = limits.values
    if rule.reference == "rest":
        contrasts = Contrasts(limits, "rest", "mover")
        return contrasts.gap(1.0) if rule.aggregation == "difference" else invert(contrasts.gap, largest=True)
    if isinstance(rule.reference, int):
        fixed = rates[rule.reference]
        if rule.aggregation == "difference":
            return max(abs(rate - fixed) for rate in rates)
        return min(_share(min(rates), fixed), _share(fixed, max(rates)))
    if rule.aggregation == "difference":
        return max(rates) - min(rates)
    if rule.aggregation == "ratio":
        return _share(min(rates), max(rates))
    return max(rates) if rule.operator == "<=" else min(rates)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 1.0


def _extreme(rule: Rule, limits: Limits, alpha: float) -> list[int]:
    lower, upper = simultaneous(limits, min(alpha, 0.5))
    top, bottom = max(lower), min(upper)
    highest = {g for g, limit in enumerate(upper) if limit >= top}
    lowest = {g for g, limit in enumerate(lower) if limit <= bottom}
    return sorted(highest | lowest if rule.compares else highest if rule.operator == "<=" else lowest)


def holm_levels(p_values: Sequence[float], budgets: Sequence[float]) -> list[float]:
    """Return the error at which each of the planned checks is computed, after Holm 1979.

    In the order of p over budget, a check is rejected while p is at most its budget over the checks that are left; from
    the first that is not rejected on all keep that divisor. Ties share the level of the first.
    """
    for p, budget in zip(p_values, budgets, strict=True):
        if not (0 <= p <= 1 and 0 < budget < 1):
            raise Refused(say("statistics.multiplicity.range", p=f"{p:g}", budget=f"{budget:g}"))
    scaled = [p / budget for p, budget in zip(p_values, budgets, strict=True)]
    count, levels, step, stopped, previous = len(p_values), [0.0] * len(p_values), 0, False, -1.0
    for place, check in enumerate(sorted(range(count), key=lambda k: scaled[k])):
        if not (stopped or scaled[check] == previous):
            step = place
        levels[check] = budgets[check] / (count - step)
        stopped = stopped or p_values[check] > levels[check]
        previous = scaled[check]
    return levels
