"""Figures: what one column tells about one sensitive column, as estimates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import error_of, unmeasured
from hakari.messages import Message, say
from hakari.statistics.contingency import cramers_v, guess, one_against_rest, split_rows, theils_u
from hakari.statistics.contingency.association import METHOD
from hakari.statistics.contingency.halves import GAIN_METHOD, GUESS_METHOD

if TYPE_CHECKING:
    from hakari.measures._context import Context
    from hakari.measures.fairness.proxies.crossed import Crossed
    from hakari.measures.fairness.proxies.parameters import ProxiesParameters
    from hakari.statistics.limits import RankingLimits

__all__ = ["FIGURES", "Found", "look_at", "strongest"]

FIGURES = ("theils_u", "cramers_v", "guess_accuracy", "guess_gain", "auc")
"""The figures of one pair of columns, in the order of the record; `auc` once for each level."""

_DEPENDENT = Unmeasured(unmeasured=say("measures.fairness.proxies.dependent"))

Limited = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One column pair with its figures."""

    pair: Crossed
    estimates: tuple[Estimate, ...]
    row: tuple[float | None, ...]
    """The values of `FIGURES`, of `auc` the largest."""

    def named(self, metric: str) -> list[Estimate]:
        """Return the estimates of one metric that have a value."""
        return [each for each in self.estimates if each.metric == metric and _value(each) is not None]

    @property
    def strength(self) -> float:
        """What the scan is sorted by: the share of uncertainty that the column takes away."""
        return self.row[0] or 0.0


def look_at(pair: Crossed, parameters: ProxiesParameters, pairs: int, dependent: bool, context: Context) -> Found:
    """Return the figures of one pair of `pairs`; the limits of one figure hold together over all of them."""
    error = error_of(parameters.confidence) / pairs
    slice_ = _slice(pair, "*")
    reason = _reason(pair)
    if reason is not None:
        absent = tuple(unmeasured(name, reason, slice_=slice_, n=int(pair.counts.sum())) for name in FIGURES)
        return Found(pair, absent, (None,) * len(FIGURES))
    halves = split_rows(pair.counts, context.rng(f"halves/{pair.attribute}/{pair.predictor}"))
    made = _Made(pair, parameters.confidence, pairs, dependent)
    for name, measure in (("theils_u", theils_u), ("cramers_v", cramers_v)):
        found = measure(pair.counts, error)
        assert found is not None
        made.add(name, slice_, (found.value, found.low, found.high), METHOD, int(pair.counts.sum()))
    told = guess(halves, error)
    if told is None:
        made.missing(("guess_accuracy", "guess_gain", "auc"), slice_)
    else:
        made.add("guess_accuracy", slice_, told.accuracy, GUESS_METHOD, told.rows)
        made.add("guess_gain", slice_, told.gain, GAIN_METHOD, told.rows)
        _rank(made, pair, one_against_rest(halves), parameters.min_rows, error)
    return Found(pair, tuple(made.estimates), made.row())


def strongest(found: Sequence[Found], rows: int) -> list[Estimate]:
    """Return the largest figure of all pairs as what a pack may name; limits of all pairs hold together."""
    made = []
    for name in ("theils_u", "guess_gain", "auc"):
        known = [each for pair in found for each in pair.named(name)]
        if not known:
            made.append(unmeasured(f"{name}_max", say("measures.fairness.proxies.nothing"), n=rows))
            continue
        top = max(known, key=lambda each: _value(each) or 0.0)
        made.append(Estimate(metric=f"{name}_max", value=top.value, interval=_joint(known), n=top.n))
    return made


def _joint(known: Sequence[Estimate]) -> Interval | Unmeasured:
    """The limits of the largest: the largest lower and the largest upper one, which hold where those of all do."""
    intervals = [each.interval for each in known if isinstance(each.interval, Interval)]
    if len(intervals) < len(known):
        return _DEPENDENT
    low, high = max(each.low for each in intervals), max(each.high for each in intervals)
    return Interval(low=low, high=high, level=intervals[0].level, method=intervals[0].method)


class _Made:
    """Collects the estimates of one pair."""

    def __init__(self, pair: Crossed, confidence: float, pairs: int, dependent: bool) -> None:
        self.estimates: list[Estimate] = []
        self._pair, self._confidence, self._pairs, self._dependent = pair, confidence, pairs, dependent

    def add(self, name: str, slice_: dict[str, str], limited: Limited, method: str, n: int, among: int = 1) -> None:
        """Add one figure with its limits, which hold together with those of all pairs (Bonferroni)."""
        value, low, high = limited
        family = self._pairs * among
        method = f"{method}, bonferroni over {family}" if family > 1 else method
        interval: Interval | Unmeasured = Interval(low=low, high=high, level=self._confidence, method=method)
        if self._dependent:
            interval = _DEPENDENT
        self.estimates.append(Estimate(metric=name, slice=slice_, value=value, interval=interval, n=n))

    def missing(self, names: Sequence[str], slice_: dict[str, str]) -> None:
        """Say that the rows were too few to learn from some and try on others."""
        reason = say("measures.fairness.proxies.too_few")
        n = int(self._pair.counts.sum())
        self.estimates += [unmeasured(name, reason, slice_=slice_, n=n) for name in names]

    def row(self) -> tuple[float | None, ...]:
        """Return the largest value of each figure."""
        values = [[_value(each) for each in self.estimates if each.metric == name] for name in FIGURES]
        return tuple(max((value for value in found if value is not None), default=None) for found in values)


def _rank(made: _Made, pair: Crossed, limits: RankingLimits, min_rows: int, error: float) -> None:
    """Add the AUC of each level with enough rows; of two levels only the rarer, for the other has the same."""
    sizes = pair.counts.sum(axis=1)
    ranked = [int(level) for level in np.flatnonzero((sizes >= min_rows) & np.isfinite(limits.values))]
    if len(sizes) == 2 and len(ranked) == 2:
        ranked = [int(np.argmin(sizes))]
    if not ranked:
        made.missing(("auc",), _slice(pair, "*"))
        return
    each = error / len(ranked) / 2
    low, high = limits.lower(each), limits.upper(each)
    for level in ranked:
        limited = (float(limits.values[level]), float(low[level]), float(high[level]))
        n = int(limits.positives[level] + limits.negatives[level])
        method = f"{limits.method}, on held-out rows"
        made.add("auc", _slice(pair, pair.levels[level]), limited, method, n, len(ranked))


def _slice(pair: Crossed, level: str) -> dict[str, str]:
    key = "predictor" if pair.attribute != "predictor" else "predictor column"
    return {pair.attribute: level, key: pair.predictor}


def _reason(pair: Crossed) -> Message | None:
    if len(pair.levels) < 2:
        return say("measures.fairness.proxies.one_group", column=pair.attribute)
    if len(pair.bands) < 2:
        return say("measures.fairness.proxies.constant")
    return None


def _value(estimate: Estimate) -> float | None:
    return estimate.value if isinstance(estimate.value, float) and math.isfinite(estimate.value) else None
