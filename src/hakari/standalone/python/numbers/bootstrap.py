"""Bootstrap: limits of the metrics that are no proportions, drawn again from the seed of the record.

The AUC is among them, but its limits are a formula and nothing is drawn for it.
Bootstrap-t on a transformed scale (Efron & Tibshirani 1993, ch. 12): multinomial draws over the cells of each group. On
each side the wider of this limit and of the normal one with the same standard error is taken. The lower limit of a
calibration error is at most the value less the noise of its bins, for which nothing is drawn.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hakari.standalone.python.numbers.beta import normal_quantile
from hakari.standalone.python.numbers.counts import MISSING, Cell, GroupRates, Tally, group_order
from hakari.standalone.python.numbers.draws import Stream, shares_of
from hakari.standalone.python.numbers.limits import Limits, Ranked, RankingLimits
from hakari.standalone.python.numbers.scores import SCORE_METRICS, Measure, ScoreMetric, ranking_parts
from hakari.standalone.python.words import Impossible, say
from hakari.standalone.python.work import spend

__all__ = ["BootstrapLimits", "monte_carlo_error", "score_rates"]

_REPLICATES = 2000
_LARGEST_EXACT = 20_000
_FINE_BINS = 1_000
_CHUNK = 4_000_000


@dataclass(frozen=True)
class _Scores:
    """One group: distinct scores in rising order with the rows of both labels, and all its rows."""

    rows: int
    scores: Sequence[float]
    negatives: Sequence[float]
    positives: Sequence[float]


@dataclass(frozen=True)
class _Group:
    """One group's value, the value and its standard error on the scale of the limits, and the sorted pivots."""

    point: float
    centre: float
    spread: float
    pivots: list[float]
    noise: tuple[float, float] | None = None
    """Σσ and √Σσ² of a sum of absolute values."""


class BootstrapLimits(Limits):
    """Asymptotic limits of a metric that is no proportion."""

    def __init__(self, groups: Sequence[_Group], *, logit: bool, detail: str, shift: float = 0.0) -> None:
        self.groups, self.logit, self.detail, self.shift = list(groups), logit, detail, shift
        self.values = [group.point for group in self.groups]
        scale = "logit scale" if logit else "plain scale"
        self.method = f"studentised bootstrap, {scale}, asymptotic" + (f"; {detail}" if detail else "")

    def shifted(self, shift: float) -> BootstrapLimits:
        """Return the limits with every quantile moved by `shift` standard errors of its rank."""
        return BootstrapLimits(self.groups, logit=self.logit, detail=self.detail, shift=shift)

    def take(self, places: Sequence[int]) -> BootstrapLimits:
        chosen = [self.groups[place] for place in places]
        return BootstrapLimits(chosen, logit=self.logit, detail=self.detail, shift=self.shift)

    def lower(self, error: float) -> list[float]:
        return [self._end(group, error, -1.0) for group in self.groups]

    def upper(self, error: float) -> list[float]:
        return [self._end(group, error, 1.0) for group in self.groups]

    def _end(self, group: _Group, error: float, side: float) -> float:
        if not math.isfinite(group.point):
            return max(side, 0.0)
        # Below the value lie the replicates that came out too high.
        outside = self._quantile(group.pivots, error, highest=side < 0)
        reach = max(-side * outside, -normal_quantile(error))
        moved = group.centre + min(max(side * reach, -1e6), 1e6) * group.spread
        end = _expit(moved) if self.logit else min(max(moved, 0.0), 1.0)
        if side < 0 and group.noise is not None:
            end = min(end, max(group.point - _reach(*group.noise, error), 0.0))
        return min(end, group.point) if side < 0 else max(end, group.point)

    def _quantile(self, pivots: Sequence[float], error: float, *, highest: bool) -> float:
        """Return the pivot with `error` of the replicates outside it; beyond the 20th it is extended as the normal."""
        count = len(pivots)
        used = max(error, min(20 / count, 0.5))
        rank = used * (count + 1) - 1 + self.shift * math.sqrt(used * (1 - used) * count)
        place = min(max(math.floor(rank), 0), count - 1)
        stretch = 1.0 if used == error else normal_quantile(error) / normal_quantile(used)
        return pivots[count - 1 - place if highest else place] * stretch


def _reach(total: float, root: float, error: float) -> float:
    """Return what a sum of |Z|σ over the bins passes with probability `error`.

    As gamma with its moments, by the formula of Wilson & Hilferty 1931, or as one |Z|·√Σσ², whichever is more.
    """
    mean = math.sqrt(2 / math.pi) * total
    ninth = (1 - 2 / math.pi) * root**2 / (9 * mean**2) if mean > 0 else 0.0
    gamma: float = mean * max(1 - ninth - normal_quantile(error) * math.sqrt(ninth), 0.0) ** 3
    return max(gamma, -normal_quantile(error / 2) * root)


def _expit(z: float) -> float:
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z)) if z < 700 else 1.0
    return math.exp(z) / (1.0 + math.exp(z)) if z > -700 else 0.0


Ends = tuple[Any, Any]


def monte_carlo_error(read: Callable[[Limits], tuple[float, float]], limits: Limits) -> list[float] | None:
    """Return the standard errors of the two ends that `read` takes from limits, if they were drawn.

    Every quantile is moved by one standard error of its rank, inwards and outwards: half of the way that an end goes.
    """
    if not isinstance(limits, BootstrapLimits):
        return None
    narrow, wide = read(limits.shifted(1.0)), read(limits.shifted(-1.0))
    return [abs(narrow[0] - wide[0]) / 2, abs(narrow[1] - wide[1]) / 2]


def score_rates(tally: Tally, name: str, by: Sequence[str], draws: Stream) -> GroupRates:
    """Return a metric with its limits in every group of the columns `by`; without columns, in the whole."""
    if name not in SCORE_METRICS:
        raise Impossible(say("statistics.smooth.unknown", metric=name, known=sorted(SCORE_METRICS)))
    metric = SCORE_METRICS[name]
    if tally.scale is not None or "cluster" in tally.axes:
        raise Impossible(say("statistics.smooth.dependent_rows", metric=name))
    found = _group_scores(tally, metric.axis, by)
    for group in found.values():
        _check_scores(name, metric, group.scores)
    groups = list(found.values())
    return GroupRates(
        names=[" × ".join(str(level) for level in key) for key in found],
        rows=[group.rows for group in groups],
        successes=[math.nan] * len(groups),
        trials=[sum(group.negatives) + sum(group.positives) for group in groups],
        limits=_ranked(groups) if metric.measure is None else _bootstrapped(metric, metric.measure, groups, draws),
    )


def _ranked(groups: Sequence[_Scores]) -> RankingLimits:
    found = []
    for group in groups:
        area, of_negatives, of_positives = ranking_parts(group.negatives, group.positives)
        found.append(Ranked(area, sum(group.negatives), sum(group.positives), of_negatives, of_positives))
    return RankingLimits(found)


def _bootstrapped(metric: ScoreMetric, measure: Measure, groups: Sequence[_Scores], draws: Stream) -> BootstrapLimits:
    edges = _edges(groups) if sum(2 * len(group.scores) for group in groups) > _LARGEST_EXACT else None
    drawn = [_drawn_group(metric, measure, group, edges, draws) for group in groups]
    details = [
        "" if metric.noise is None else "lower limit at most the value less the noise of the bins",
        "" if edges is None else f"replicates on {_FINE_BINS} bins of scores with equal counts",
    ]
    return BootstrapLimits(drawn, logit=metric.logit, detail="; ".join(filter(None, details)))


def _group_scores(tally: Tally, axis: str, by: Sequence[str]) -> dict[Cell, _Scores]:
    places = [tally.place(name) for name in by]
    label, score = tally.place("label"), tally.place(axis)
    found: dict[Cell, dict[float, list[float]]] = {} if by else {(): {}}
    rows: dict[Cell, int] = {}
    for cell, (count, *_) in tally.cells.items():
        key = tuple(cell[place] for place in places)
        rows[key] = rows.get(key, 0) + count
        at = found.setdefault(key, {})
        if cell[label] not in (0, 1) or cell[score] == MISSING:
            continue
        if isinstance(cell[score], str):
            raise Impossible(say("statistics.smooth.text", score=cell[score]))
        at.setdefault(float(cell[score]), [0.0, 0.0])[int(cell[label])] += count
    return {
        key: _Scores(
            rows.get(key, 0),
            sorted(found[key]),
            [found[key][value][0] for value in sorted(found[key])],
            [found[key][value][1] for value in sorted(found[key])],
        )
        for key in sorted(found, key=group_order)
    }


def _check_scores(name: str, metric: ScoreMetric, scores: Sequence[float]) -> None:
    outside = [score for score in scores if score < 0 or score > 1]
    if metric.unit_scores and outside:
        raise Impossible(say("statistics.smooth.not_probability", score=outside[0], metric=name))
    if metric.axis == "prediction" and not set(scores) <= {0.0, 1.0}:
        raise Impossible(say("statistics.smooth.not_decision", prediction=scores[-1], metric=name))


def _studentised(metric: ScoreMetric, measure: Measure, group: _Scores) -> tuple[float, float, float]:
    """Return the value, and on the scale of the limits the value and its standard error."""
    value, variance = measure(group.scores, group.negatives, group.positives)
    if math.isnan(value):
        return value, value, value
    n, p = sum(group.negatives), sum(group.positives)
    rows = max(min(n, p) if metric.both_classes else n + p, 1.0)
    centre = value
    if value <= 0 or value >= 1 or not variance > 0:
        # Half a row is added to each side, as for a proportion of these rows.
        centre = (value * rows + 0.5) / (rows + 1)
        floor = centre * (1 - centre) / rows
        variance = floor if math.isnan(variance) else max(variance, floor)
    spread = math.sqrt(variance)
    if not metric.logit:
        return value, centre, spread
    return value, math.log(centre / (1 - centre)), spread / (centre * (1 - centre))


def _drawn_group(
    metric: ScoreMetric, measure: Measure, group: _Scores, edges: Sequence[float] | None, draws: Stream
) -> _Group:
    value, centre, spread = _studentised(metric, measure, group)
    if not math.isfinite(value):
        return _Group(value, math.nan, math.nan, [0.0] * _REPLICATES)
    pivots = _pivots(metric, measure, group if edges is None else _binned(group, edges), draws)
    noise = metric.noise and metric.noise(group.scores, group.negatives, group.positives)
    return _Group(value, centre, spread, sorted(pivots), noise)


def _pivots(metric: ScoreMetric, measure: Measure, group: _Scores, draws: Stream) -> list[float]:
    counts = [*group.negatives, *group.positives]
    size, rows = len(group.scores), int(sum(counts))
    cells = shares_of(counts)
    spend(_REPLICATES * len(counts) * 2e-6)
    _, centre, _ = _studentised(metric, measure, group)
    pivots: list[float] = []
    lost, step = 0, max(_CHUNK // len(counts), 1)
    for number in range(_REPLICATES):
        lost = lost if number % step else 0
        drawn: Sequence[float] = draws.multinomial(rows, cells)
        again = replace(group, negatives=drawn[:size], positives=drawn[size:])
        value, moved, spread = _studentised(metric, measure, again)
        if math.isfinite(value):
            pivots.append((moved - centre) / spread)
        else:
            # A replicate without one class tells nothing: it goes to the outside, on both sides in turn.
            pivots.append(-math.inf if lost % 2 else math.inf)
            lost += 1
    return pivots


def _edges(groups: Sequence[_Scores]) -> list[float]:
    """Return upper ends of bins of scores that hold about the same number of rows over all groups."""
    pairs = sorted(
        (
            (score, neg + pos)
            for group in groups
            for score, neg, pos in zip(group.scores, group.negatives, group.positives, strict=True)
        ),
        key=lambda pair: pair[0],
    )
    running, total = [], 0.0
    for _, count in pairs:
        total += count
        running.append(total)
    places = [bisect_left(running, total * bin_ / _FINE_BINS) for bin_ in range(1, _FINE_BINS)]
    return sorted({pairs[place][0] for place in places})


def _binned(group: _Scores, edges: Sequence[float]) -> _Scores:
    sums: dict[int, list[float]] = {}
    for score, neg, pos in zip(group.scores, group.negatives, group.positives, strict=True):
        bin_ = sums.setdefault(bisect_left(edges, score), [0.0, 0.0, 0.0])
        bin_[0] += score * (neg + pos)
        bin_[1] += neg
        bin_[2] += pos
    low, high = group.scores[0], group.scores[-1]
    used = [sums[place] for place in sorted(sums)]
    means = [min(max(total / (neg + pos), low), high) for total, neg, pos in used]
    return _Scores(group.rows, means, [neg for _, neg, _ in used], [pos for _, _, pos in used])
