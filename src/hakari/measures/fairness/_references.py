"""References: each group against a named one or against all others, and how far all of them spread beyond chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR, group_name, group_slice, unmeasured
from hakari.messages import Message, say
from hakari.statistics import ClopperPearson, Limits
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.description import Described, deviation, mean_deviation, mover_ratio, newcombe_difference
from hakari.statistics.metrics.rows import MeanLimits

__all__ = [
    "DEPENDENT",
    "REST",
    "Rests",
    "check_reference",
    "deviation_estimate",
    "pair_limits",
    "reference_place",
    "reference_suffix",
    "simultaneous_interval",
    "to_reference",
]

REST = "rest"
"""The reference that stands for all other groups."""
DEPENDENT = say("measures.fairness.decisions.dependent_rows")
_TOO_FEW = say("measures.fairness.decisions.too_few_groups")
_UNDEFINED = say("measures.fairness.decisions.undefined")
_NO_METHOD = say("measures.fairness.references.no_method")
_NO_SPREAD = Unmeasured(unmeasured=say("measures.fairness.rows.no_spread_compared"))
_CONTOUR = "contour of two groups"
_BOX = "bonferroni of two groups"


def check_reference(reference: str | None, groups: Iterable[Sequence[object]]) -> None:
    """Raise InputError where the reference is neither `rest` nor the name of one of the groups of any slicing."""
    if reference is None or reference == REST:
        return
    known = {group_name(group) for group in groups}
    if reference not in known:
        raise InputError(say("measures.fairness.decisions.reference", reference=reference, known=sorted(known)[:10]))


def reference_place(reference: str | None, groups: Sequence[Sequence[object]]) -> int | None:
    """Return the place of the named group among these; None where it is not one of them, or is `rest`."""
    if reference is None or reference == REST:
        return None
    return next((place for place, group in enumerate(groups) if group_name(group) == reference), None)


def reference_suffix(reference: str | None) -> str:
    """Return how the numbers against this reference end."""
    return "to_rest" if reference == REST else "to_reference"


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """Limits of the rest of each group, from limits of two: the group and its rest."""

    parts: Sequence[Limits]

    @property
    def values(self) -> FloatArray:
        return np.array([part.values[1] for part in self.parts])

    @property
    def few_clusters(self) -> BoolArray:
        """Groups whose rest has too few clusters (G,)."""
        return np.array([bool(_few(part)[1]) for part in self.parts])

    def lower(self, error: float) -> FloatArray:
        return np.array([part.lower(error)[1] for part in self.parts])

    def upper(self, error: float) -> FloatArray:
        return np.array([part.upper(error)[1] for part in self.parts])

    def shifted(self, shift: float) -> Rests:
        """The same with every quantile of drawn limits moved by so many standard errors of its rank."""
        return Rests([_moved(part, shift) for part in self.parts])


def to_reference(
    metric: str,
    limits: Limits,
    columns: Sequence[str],
    groups: Sequence[Sequence[object]],
    n: Sequence[int],
    *,
    rest: Limits | Rests | None,
    place: int | None,
    confidence: float,
    ratio: bool = True,
    difference: bool = True,
    reason: Message = NO_DENOMINATOR,
    few: Message | None = None,
) -> Iterator[Estimate]:
    """Yield each group's value less, and divided by, that of the reference; the intervals hold together (Bonferroni).

    The reference is the group at `place`, or where that is None the `rest` of each group. Two rates of independent rows
    have Newcombe's and MOVER's intervals, other numbers the contour of their own limits, and groups that share clusters
    both limits at half of the error. `few` is why a group with too few clusters has no interval. A ratio needs values
    of 0 or more.
    """
    others = [i for i in range(len(groups)) if i != place]
    if not others:
        return
    level = 1 - (1 - confidence) / len(others)
    index = np.asarray(others)
    one = limits.take(index)
    two: Limits | Rests = limits.take(np.full(len(others), place)) if place is not None else _taken(rest, index)
    thin = _few(one) | _few(two)
    finite = np.isfinite(one.values) & np.isfinite(two.values)
    suffix = "to_rest" if place is None else "to_reference"
    # Of all groups: among some of them, or with one of them repeated, shared clusters would look otherwise.
    found = _drawn(one, two, level, spanning=bool(getattr(limits, "spanning", False)))
    for kind, wanted, each in (("difference", difference, found[0]), ("ratio", ratio, found[1])):
        if not wanted:
            continue
        for at, i in enumerate(others):
            name, slice_ = f"{metric}_{kind}_{suffix}", group_slice(columns, groups[i])
            value = float(each.value[at])
            if not math.isfinite(value):
                yield unmeasured(name, _UNDEFINED if finite[at] else reason, slice_=slice_, n=int(n[i]))
                continue
            interval: Interval | Unmeasured = _NO_SPREAD
            if thin[at] and few is not None:
                interval = Unmeasured(unmeasured=few)
            elif math.isinf(each.high[at]) and math.isfinite(each.low[at]):
                interval = Unmeasured(unmeasured=say("measures.fairness.references.endless", low=float(each.low[at])))
            elif math.isfinite(each.low[at]) and math.isfinite(each.high[at]):
                interval = simultaneous_interval(each.interval(at), confidence, len(others))
            yield Estimate(metric=name, slice=slice_, value=value, interval=interval, n=int(n[i]))


def _taken(rest: Limits | Rests | None, index: IntArray) -> Limits | Rests:
    assert rest is not None
    if isinstance(rest, Rests):
        return Rests([rest.parts[i] for i in index.tolist()])
    return rest.take(index)


def _few(limits: Limits | Rests) -> BoolArray:
    found = getattr(limits, "few_clusters", None)
    return np.zeros(len(limits.values), dtype=bool) if found is None else np.asarray(found, dtype=bool)


def pair_limits(
    one: Limits, two: Limits | Rests, level: float, *, spanning: bool = False
) -> tuple[Described, Described]:
    """Difference and ratio of one side (G,) and the other, each interval at its own `level`.

    `spanning` where a cluster may lie on both sides, so that they are not independent.
    """
    if isinstance(one, ClopperPearson) and isinstance(two, ClopperPearson):
        counts = (one.successes, one.trials, two.successes, two.trials)
        return newcombe_difference(*counts, level=level), mover_ratio(*counts, level=level)
    side, method = (1 - level) / 2, f"{one.method}, {_CONTOUR}"
    errors, turned = joint_errors(side), joint_errors(side)[::-1]
    if spanning:
        # Half of the error for each limit holds whatever the two share.
        errors = turned = np.array([side / 2])
        method = f"{one.method}, {_BOX}"
    p, q = one.values, two.values
    (l1, u1), (l2, u2) = _ends(one, errors), _ends(two, turned)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(q > 0, p / np.where(q > 0, q, 1.0), np.nan)
        low, high = (l1 - u2).min(axis=0), (u1 - l2).max(axis=0)
        under = np.where(u2 > 0, np.maximum(l1, 0.0) / np.where(u2 > 0, u2, 1.0), 0.0).min(axis=0)
        over = np.where(l2 > 0, u1 / np.where(l2 > 0, l2, 1.0), np.inf).max(axis=0)
    over = np.where(np.isnan(high) | ~np.isfinite(low), np.nan, over)
    return Described(p - q, low, high, level, method), Described(value, under, over, level, method)


def _drawn(one: Limits, two: Limits | Rests, level: float, *, spanning: bool) -> tuple[Described, ...]:
    """The same, with the standard errors of ends that come from draws: half of the way they go with their ranks."""
    found = pair_limits(one, two, level, spanning=spanning)
    if not hasattr(one, "shifted"):
        return found
    narrow, wide = (
        pair_limits(_moved(one, shift), _moved(two, shift), level, spanning=spanning) for shift in (1.0, -1.0)
    )
    with np.errstate(invalid="ignore"):
        return tuple(
            replace(each, chance=(np.abs(less.low - more.low) / 2, np.abs(less.high - more.high) / 2))
            for each, less, more in zip(found, narrow, wide, strict=True)
        )


def _moved(limits: Any, shift: float) -> Any:
    return limits.shifted(shift)


def _ends(limits: Limits | Rests, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits (E, G) at every error."""
    # At errors near one half a limit can pass its own value: it is held there.
    values = limits.values
    low = np.stack([np.minimum(limits.lower(error), values) for error in errors.tolist()])
    high = np.stack([np.maximum(limits.upper(error), values) for error in errors.tolist()])
    return low, high


def simultaneous_interval(interval: Interval | Unmeasured, confidence: float, parts: int) -> Interval | Unmeasured:
    """The interval of one of several, told at the confidence that all of them have together."""
    if isinstance(interval, Unmeasured) or parts < 2:
        return interval
    return Interval(
        low=interval.low,
        high=interval.high,
        level=confidence,
        method=f"{interval.method}, bonferroni over {parts}",
        monte_carlo_error=interval.monte_carlo_error,
    )


def deviation_estimate(
    metric: str, limits: Limits, columns: Sequence[str], n: Sequence[int], *, min_rows: int, confidence: float
) -> Estimate:
    """Return the standard deviation of the groups' true values, the spread by chance taken off.

    For rates and for plain means of independent rows that count once; of other numbers it is unmeasured.
    """
    name, slice_ = f"{metric}_deviation", dict.fromkeys(columns, "*")
    if isinstance(limits, MeanLimits) and limits.scale == "plain" and not limits.clustered and not limits.detail:
        return _spread(name, limits, slice_, n, min_rows, confidence)
    if isinstance(limits, ClopperPearson):
        return _spread(name, limits, slice_, n, min_rows, confidence)
    method = limits.method
    reason = DEPENDENT if "clustered" in method or "weighted" in method else _NO_METHOD
    return unmeasured(name, reason, slice_=slice_)


def _spread(
    name: str,
    limits: ClopperPearson | MeanLimits,
    slice_: dict[str, str],
    n: Sequence[int],
    min_rows: int,
    confidence: float,
) -> Estimate:
    # Every group counts alike here, so a handful of rows would decide the figure.
    used = np.asarray(n) >= max(min_rows, 2)
    if isinstance(limits, MeanLimits):
        used &= np.isfinite(limits.errors)
    rows = int(np.asarray(n)[used].sum())
    if used.sum() < 2:
        return unmeasured(name, _TOO_FEW, slice_=slice_, n=rows)
    some = limits.take(np.flatnonzero(used))
    if isinstance(some, MeanLimits):
        side = (1 - confidence) / 2
        ends = (some.lower(side), some.upper(side))
        found = mean_deviation(some.points, some.errors, some.units, some.skews, ends, level=confidence)
    else:
        assert isinstance(some, ClopperPearson)
        found = deviation(some.successes, some.trials, level=confidence)
    interval = found.interval()
    if not math.isfinite(float(found.low)) or not math.isfinite(float(found.high)):
        interval = Unmeasured(unmeasured=_UNDEFINED)
    return Estimate(metric=name, slice=slice_, value=float(found.value), interval=interval, n=rows)
