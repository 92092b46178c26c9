"""Verdict: what a check says of the groups, and how often it may be wrong.

`met` rejects "unacceptable" (θ ≥ b for a quantity that is bad when high), `not_met` rejects "acceptable" (θ ≤ a). Each
is a one-sided test at its own error; strictly between a and b neither verdict is a mistake.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.contrasts import Contrasts, Method, Reference, invert
from hakari.statistics.limits import Limits, simultaneous

Verdict = Literal["met", "not_met", "inconclusive"]
Aggregation = Literal["overall", "difference", "ratio", "worst_group"]
Operator = Literal["<=", ">="]
Gap = Callable[[float], float]
"""φ → a limit of the largest contrast φp_j − p_i."""

_SMALLEST_ERROR = 1e-15  # below this the quantiles of the limits lose their digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check of a plan: an aggregate of the groups against a line."""

    aggregation: Aggregation
    """difference = max − min, ratio = min / max, worst_group = the worst rate, overall = the rate of all."""
    operator: Operator
    """The acceptable side: a difference is `<=`, a ratio `>=`, a rate either."""
    threshold: float
    """a: acceptable up to and including a."""
    margin: float = 0.0
    """m ≥ 0: how far beyond a is unacceptable."""
    method: Method = "mover"
    """mover, or box for the strict guarantee."""
    reference: Reference = None
    """None: all pairs; a group's index: that group with every other; "rest": each group with all others pooled."""

    def __post_init__(self) -> None:
        fixed = {"difference": "<=", "ratio": ">="}.get(self.aggregation, self.operator)
        if self.operator != fixed:
            raise InputError(
                say(
                    "statistics.rule.aggregation_operator",
                    aggregation=self.aggregation,
                    expected=fixed,
                    operator=self.operator,
                )
            )
        if self.operator not in ("<=", ">="):
            raise InputError(say("statistics.rule.operator", operator=self.operator))
        if not (math.isfinite(self.threshold) and math.isfinite(self.margin) and self.margin >= 0):
            raise InputError(say("statistics.rule.finite", threshold=f"{self.threshold:g}", margin=f"{self.margin:g}"))
        if self.aggregation == "ratio" and self.unacceptable <= 0:
            raise InputError(
                say("statistics.rule.accepts_all", threshold=float(self.threshold), margin=float(self.margin))
            )
        if self.reference is not None and not self.compares:
            raise InputError(say("statistics.rule.no_reference", aggregation=self.aggregation))

    @property
    def unacceptable(self) -> float:
        """b: the threshold moved by the margin to the bad side."""
        # Rounded, so that .05 + .02 is the .07 that a person wrote.
        return round(self.threshold + (self.margin if self.operator == "<=" else -self.margin), 12)

    @property
    def compares(self) -> bool:
        """True where groups are compared with each other."""
        return self.aggregation in ("difference", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict with the figure that it was read from."""

    verdict: Verdict
    """met, not_met or inconclusive."""
    reason: str
    """Short key: "", within_margin, one_group, no_groups, too_few_clusters."""
    value: float
    """The plain plug-in aggregate; nan where there is none."""
    lower: float
    """Lower end; at the error of the verdict whose line it faces."""
    upper: float
    """Upper end; at the error of the verdict whose line it faces."""
    error_met: float
    """One-sided error of `met`."""
    error_not_met: float
    """One-sided error of `not_met`, before its division over groups or contrasts."""
    extreme: tuple[int, ...]
    """Indices of the groups that the simultaneous intervals do not exclude as highest or lowest."""


@dataclass(frozen=True, slots=True)
class FiringLevels:
    """The smallest one-sided errors at which each hypothesis is rejected: the check's two p-values."""

    p_met: float
    p_not_met: float


@dataclass(frozen=True, slots=True)
class _Interval:
    """Whether each hypothesis is rejected, and the ends of the interval that says the same."""

    bad_rejected: bool
    good_rejected: bool
    lower: float
    upper: float


def decide(rule: Rule, limits: Limits, *, error_met: float, error_not_met: float) -> Decision:
    """The verdict of a rule on the groups in scope.

    Groups without a denominator are left out. The end of [lower, upper] that faces the unacceptable line is at
    `error_met`, the other at `error_not_met` with the division over contrasts inside, so the printed interval and the
    verdict never disagree. Fewer than two groups to compare, no group, or too few clusters: inconclusive.
    """
    _check_errors(error_met, error_not_met)
    known, limits, rule = _in_scope(rule, limits)
    least = 2 if rule.compares else 1
    if len(known) < least:
        return Decision(
            verdict="inconclusive", reason="one_group" if len(known) else "no_groups", value=math.nan,
            lower=0.0, upper=1.0, error_met=error_met, error_not_met=error_not_met, extreme=(),
        )  # fmt: skip
    found = _interval(rule, limits, error_met, error_not_met)
    verdict, reason = _read(found)
    if getattr(limits, "too_few_clusters", False):
        verdict, reason = "inconclusive", "too_few_clusters"
    return Decision(
        verdict=verdict,
        reason=reason,
        value=_point(rule, limits),
        lower=found.lower,
        upper=found.upper,
        error_met=error_met,
        error_not_met=error_not_met,
        extreme=tuple(int(known[g]) for g in extreme_groups(rule, limits, error_met + error_not_met)),
    )


def firing_levels(rule: Rule, limits: Limits) -> FiringLevels:
    """The smallest one-sided error at which each hypothesis is rejected, by bisection on the logarithm.

    Levels above one half, which say nothing, are given as 1; levels below 1e-15 as 1e-15. A check that cannot be
    decided has 1 and 1.
    """
    known, limits, rule = _in_scope(rule, limits)
    if len(known) < (2 if rule.compares else 1) or getattr(limits, "too_few_clusters", False):
        return FiringLevels(1.0, 1.0)
    return FiringLevels(
        _smallest(lambda error: _rejects_bad(rule, limits, error)),
        _smallest(lambda error: _rejects_good(rule, limits, error)),
    )


def plug_in(rule: Rule, values: FloatArray) -> float:
    """The plain aggregate of the values (G,); groups with nan are left out.

    A ratio of nothing but zeros is 1: all groups are equal. Against "rest" the counts are needed: see `Decision.value`.
    """
    if rule.reference == "rest":
        raise InputError(say("statistics.verdict.rest"))
    rates = np.asarray(values, dtype=float)
    if isinstance(rule.reference, int):
        fixed = rates[rule.reference]
        rates = rates[np.isfinite(rates)]
        if rule.aggregation == "difference":
            return float(np.max(np.abs(rates - fixed)))
        return float(min(_share(rates.min(), fixed), _share(fixed, rates.max())))
    rates = rates[np.isfinite(rates)]
    if len(rates) == 0:
        return math.nan
    if rule.aggregation == "difference":
        return float(rates.max() - rates.min())
    if rule.aggregation == "ratio":
        return _share(rates.min(), rates.max())
    return float(rates.max() if rule.operator == "<=" else rates.min())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 1.0


def _check_errors(*errors: float) -> None:
    for error in errors:
        if not 0 < error <= 0.5:
            raise InputError(say("statistics.verdict.error", error=f"{error:g}"))


def _in_scope(rule: Rule, limits: Limits) -> tuple[list[int], Limits, Rule]:
    values = limits.values
    known = np.flatnonzero(np.isfinite(values))
    if rule.aggregation == "overall" and len(values) != 1:
        raise InputError(say("statistics.verdict.overall", groups=len(values)))
    if isinstance(rule.reference, int) and rule.reference not in known:
        raise InputError(say("statistics.verdict.reference", reference=rule.reference))
    if len(known) == len(values):
        return known.tolist(), limits, rule
    if isinstance(rule.reference, int):
        place = int(np.searchsorted(known, rule.reference))
        rule = Rule(
            aggregation=rule.aggregation, operator=rule.operator, threshold=rule.threshold, margin=rule.margin,
            method=rule.method, reference=place,
        )  # fmt: skip
    return known.tolist(), limits.take(known), rule


def _read(found: _Interval) -> tuple[Verdict, str]:
    if found.bad_rejected:
        return "met", "within_margin" if found.good_rejected else ""
    return ("not_met" if found.good_rejected else "inconclusive"), ""


def _interval(rule: Rule, limits: Limits, error_met: float, error_not_met: float) -> _Interval:
    a, b = rule.threshold, rule.unacceptable
    if rule.compares:
        # The limits of the largest contrast are most of the work: verdict and interval read the same.
        contrasts = Contrasts.of(limits, reference=rule.reference, method=rule.method)
        upper_gap, lower_gap = contrasts.upper(error_met), contrasts.lower(error_not_met)
        bad, good = _passes_bad(rule, upper_gap), _passes_good(rule, lower_gap)
        facing_bad, facing_good = _ends_of_contrasts(rule, upper_gap, lower_gap)
    else:
        bad, good = _rejects_bad(rule, limits, error_met), _rejects_good(rule, limits, error_not_met)
        facing_bad, facing_good = _ends_of_groups(rule, limits, error_met, error_not_met)
    # The ends of a ratio come from a search; here its last digits are made to agree with the rule itself.
    if rule.operator == "<=":
        upper = min(facing_bad, b) if bad else max(facing_bad, b)
        lower = max(facing_good, math.nextafter(a, math.inf)) if good else min(facing_good, a)
    else:
        lower = max(facing_bad, b) if bad else min(facing_bad, b)
        upper = min(facing_good, math.nextafter(a, -math.inf)) if good else max(facing_good, a)
    return _Interval(bad, good, lower, upper)


def _ends_of_groups(rule: Rule, limits: Limits, error_met: float, error_not_met: float) -> tuple[float, float]:
    """The end that faces the unacceptable line b, and the end that faces the acceptable line a."""
    share = error_not_met / len(limits.values)
    if rule.operator == ">=":
        return float(limits.lower(error_met).min()), float(limits.upper(share).min())
    return float(limits.upper(error_met).max()), float(limits.lower(share).max())


def _ends_of_contrasts(rule: Rule, upper: Gap, lower: Gap) -> tuple[float, float]:
    """The same of the largest contrast."""
    if rule.aggregation == "difference":
        return upper(1.0), max(0.0, lower(1.0))
    return invert(upper, largest=True), invert(lower, largest=False)


def _rejects_bad(rule: Rule, limits: Limits, error: float) -> bool:
    if rule.compares:
        return _passes_bad(rule, Contrasts.of(limits, reference=rule.reference, method=rule.method).upper(error))
    b = rule.unacceptable
    if rule.operator == "<=":
        return _within(rule, float(limits.upper(error).max()), b)
    return _within(rule, -float(limits.lower(error).min()), -b)


def _rejects_good(rule: Rule, limits: Limits, error: float) -> bool:
    if rule.compares:
        return _passes_good(rule, Contrasts.of(limits, reference=rule.reference, method=rule.method).lower(error))
    share = error / len(limits.values)
    if rule.operator == "<=":
        return bool(limits.lower(share).max() > rule.threshold)
    return bool(limits.upper(share).min() < rule.threshold)


def _passes_bad(rule: Rule, upper: Gap) -> bool:
    b = rule.unacceptable
    return _within(rule, upper(1.0), b) if rule.aggregation == "difference" else _within(rule, upper(b), 0.0)


def _passes_good(rule: Rule, lower: Gap) -> bool:
    a = rule.threshold
    return lower(1.0) > a if rule.aggregation == "difference" else lower(a) > 0


def _within(rule: Rule, reach: float, line: float) -> bool:
    """Whether `reach` does not pass the line; where there is no margin it stays below."""
    return reach < line if rule.margin == 0 else reach <= line


def _point(rule: Rule, limits: Limits) -> float:
    if rule.reference != "rest":
        return plug_in(rule, limits.values)
    contrasts = Contrasts.of(limits, reference="rest")
    return contrasts.gap() if rule.aggregation == "difference" else invert(contrasts.gap, largest=True)


def extreme_groups(rule: Rule, limits: Limits, alpha: float) -> list[int]:
    """Groups that simultaneous intervals at 1 − `alpha` do not exclude as highest or lowest, or as worst."""
    lower, upper = simultaneous(limits, min(alpha, 0.5))
    highest, lowest = upper >= lower.max(), lower <= upper.min()
    if rule.compares:
        return np.flatnonzero(highest | lowest).tolist()
    return np.flatnonzero(highest if rule.operator == "<=" else lowest).tolist()


def _smallest(fires: Callable[[float], bool]) -> float:
    if not fires(0.5):
        return 1.0
    if fires(_SMALLEST_ERROR):
        return _SMALLEST_ERROR
    under, over = math.log(_SMALLEST_ERROR), math.log(0.5)
    for _ in range(48):
        middle = (under + over) / 2
        if fires(math.exp(middle)):
            over = middle
        else:
            under = middle
    return math.exp(over)
