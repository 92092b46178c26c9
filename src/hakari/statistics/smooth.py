"""Smooth metrics: values and asymptotic limits of AUC, Brier score, F1, balanced accuracy and calibration error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from scipy import special

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics import score_metrics
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.limits import Limits, RankingLimits
from hakari.statistics.rates import GroupIndex, GroupRates
from hakari.statistics.studentised import BinNoise, StudentisedBootstrap
from hakari.statistics.tally import MISSING, Tally, Value

Function = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
"""(scores (S,), negatives (..., S), positives (..., S)) → (...)."""

LARGEST_EXACT = 20_000
"""Cells (distinct scores × classes × groups) above which the replicates use bins."""
FINE_BINS = 1_000
_CHUNK = 4_000_000  # replicated counts held in memory at once


@dataclass(frozen=True, slots=True)
class SmoothMetric:
    """A metric that is no proportion, with limits from the studentised bootstrap or, for rankings, from a formula."""

    name: str
    axis: Literal["score", "prediction"]
    """The axis that it reads beside "label"."""
    value: Function
    variance: Function
    high_is: Literal["good", "bad"]
    logit: bool = True
    """Limits are made on the logit scale."""
    unit_scores: bool = False
    """True where scores must lie in [0, 1]."""
    both_classes: bool = False
    """True where rows of both labels are needed."""
    ranking: bool = False
    """True where the limits are those of `RankingLimits`: nothing is drawn."""
    noise: Callable[[FloatArray, FloatArray, FloatArray], tuple[FloatArray, FloatArray]] | None = None
    """The two sums of `BinNoise`, for a norm, which noise pushes up."""


def _on_confusion(function: Callable[[FloatArray], FloatArray]) -> Function:
    def on_counts(scores: FloatArray, negatives: FloatArray, positives: FloatArray) -> FloatArray:
        slots = scores.astype(np.int64)
        counts = np.zeros((*negatives.shape[:-1], 2, 2))
        counts[..., 0, slots] = negatives
        counts[..., 1, slots] = positives
        return function(counts)

    return on_counts


def _without_scores(function: Callable[[FloatArray, FloatArray], FloatArray]) -> Function:
    return lambda _scores, negatives, positives: function(negatives, positives)


_TABLE = (
    SmoothMetric(
        "auc", "score", _without_scores(score_metrics.auc), _without_scores(score_metrics.auc_variance), "good",
        both_classes=True, ranking=True,
    ),
    SmoothMetric("brier", "score", score_metrics.brier, score_metrics.brier_variance, "bad", unit_scores=True),
    SmoothMetric(
        "calibration_error", "score", score_metrics.calibration_error, score_metrics.calibration_variance, "bad",
        logit=False, unit_scores=True, noise=score_metrics.calibration_noise,
    ),
    SmoothMetric("f1", "prediction", _on_confusion(score_metrics.f1), _on_confusion(score_metrics.f1_variance), "good"),
    SmoothMetric(
        "balanced_accuracy", "prediction", _on_confusion(score_metrics.balanced_accuracy),
        _on_confusion(score_metrics.balanced_accuracy_variance), "good", both_classes=True,
    ),
)  # fmt: skip
SMOOTH_METRICS: Mapping[str, SmoothMetric] = MappingProxyType({metric.name: metric for metric in _TABLE})
"""Every smooth metric by its name."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupScores:
    """The scores of one group: distinct values in rising order, with the counts of both labels."""

    group: tuple[Value, ...]
    rows: int
    """All rows, also those without a label or score."""
    scores: FloatArray
    """Distinct scores (S,)."""
    negatives: FloatArray
    """Rows with label 0 per score (S,)."""
    positives: FloatArray
    """Rows with label 1 per score (S,)."""

    @property
    def labelled(self) -> int:
        """Rows with a label and a score."""
        return int(self.negatives.sum() + self.positives.sum())


def group_scores(
    tally: Tally, axis: Literal["score", "prediction"] = "score", by: Sequence[str] = ()
) -> list[GroupScores]:
    """The scores of every group in canonical order; without columns, of the whole."""
    indexed = GroupIndex.of(tally, by)
    counts = np.array(tally.counts, dtype=float)
    labels, scores = _labels_and_scores(tally, axis)
    used = (labels >= 0) & ~np.isnan(scores)
    groups = []
    for place, (key, rows) in enumerate(zip(indexed.groups, indexed.total(counts), strict=True)):
        mine = used & (indexed.index == place)
        distinct, slot = np.unique(scores[mine], return_inverse=True)
        both = np.zeros((2, len(distinct)))
        np.add.at(both, (labels[mine], slot), counts[mine])
        groups.append(GroupScores(key, int(rows), distinct, both[0], both[1]))
    return groups


def _labels_and_scores(tally: Tally, axis: str) -> tuple[IntArray, FloatArray]:
    """Label 0, 1 or else −1, and score or nan, of every cell (K,)."""
    label, score = tally.position("label"), tally.position(axis)
    labels = np.array([cell[label] if cell[label] in (0, 1) else -1 for cell in tally.cells], dtype=np.int64)
    scores = np.full(len(tally.cells), np.nan)
    for place, (cell, known) in enumerate(zip(tally.cells, labels.tolist(), strict=True)):
        value = cell[score]
        if known < 0 or value == MISSING:
            continue
        if isinstance(value, str):
            raise InputError(say("statistics.smooth.text", score=value))
        scores[place] = value
    return labels, scores


def smooth_limits(
    tally: Tally, metric: str, *, rng: np.random.Generator, by: Sequence[str] = (), replicates: int = 2000
) -> Limits:
    """Values and asymptotic limits of a smooth metric in every group of the columns `by`, in canonical order.

    The AUC has a formula, for which nothing is drawn. The others: multinomial bootstrap over the cells of each group.
    With more than 20,000 cells in all the replicates use 1,000 bins of scores with equal counts, which the method then
    says; the values stay exact. InputError for weights and clusters: neither method knows them.
    """
    return _limits(_metric(metric), _groups(tally, _metric(metric), by), rng, replicates)


def smooth_rates(
    tally: Tally, metric: str, by: Sequence[str] = (), *, rng: np.random.Generator, replicates: int = 2000
) -> GroupRates:
    """The same as `smooth_limits` in the shape of `group_rates`; trials are the labelled rows, successes are nan."""
    definition = _metric(metric)
    groups = _groups(tally, definition, by)
    limits = _limits(definition, groups, rng, replicates)
    return GroupRates(
        metric=metric,
        columns=tuple(by),
        groups=tuple(group.group for group in groups),
        rows=tuple(group.rows for group in groups),
        successes=np.full(len(groups), np.nan),
        trials=np.array([group.labelled for group in groups], dtype=float),
        limits=limits,
        method=limits.method,
        approximate=True,
    )


def _metric(name: str) -> SmoothMetric:
    if name not in SMOOTH_METRICS:
        raise InputError(say("statistics.smooth.unknown", metric=name, known=sorted(SMOOTH_METRICS)))
    return SMOOTH_METRICS[name]


def _groups(tally: Tally, metric: SmoothMetric, by: Sequence[str]) -> list[GroupScores]:
    if tally.weights is not None or "cluster" in tally.axes:
        raise InputError(say("statistics.smooth.dependent_rows", metric=metric.name))
    groups = group_scores(tally, metric.axis, by)
    for group in groups:
        outside = group.scores[(group.scores < 0) | (group.scores > 1)]
        if metric.unit_scores and len(outside):
            raise InputError(say("statistics.smooth.not_probability", score=float(outside[0]), metric=metric.name))
        if metric.axis == "prediction" and not np.all(np.isin(group.scores, (0, 1))):
            raise InputError(
                say("statistics.smooth.not_decision", prediction=float(group.scores[-1]), metric=metric.name)
            )
    return groups


def _limits(metric: SmoothMetric, groups: Sequence[GroupScores], rng: np.random.Generator, replicates: int) -> Limits:
    if replicates < 100:
        raise InputError(say("statistics.smooth.replicates", replicates=replicates))
    return _ranked(groups) if metric.ranking else _drawn(metric, groups, rng, replicates)


def _ranked(groups: Sequence[GroupScores]) -> RankingLimits:
    """Limits from all the distinct scores of each group, however many."""
    parts = [
        (
            score_metrics.auc(group.negatives, group.positives),
            group.negatives.sum(),
            group.positives.sum(),
            *score_metrics.auc_squares(group.negatives, group.positives),
        )
        for group in groups
    ]
    return RankingLimits(*np.array(parts, dtype=float).reshape(-1, 5).T)


def _drawn(
    metric: SmoothMetric, groups: Sequence[GroupScores], rng: np.random.Generator, replicates: int
) -> StudentisedBootstrap:
    cells = sum(2 * len(group.scores) for group in groups)
    edges = _edges(groups) if cells > LARGEST_EXACT else None
    points, centres, spreads = (np.full(len(groups), np.nan) for _ in range(3))
    pivots = np.zeros((replicates, len(groups)))
    for place, group in enumerate(groups):
        point, centre, spread = _studentise(metric, group.scores, group.negatives, group.positives)
        points[place] = point
        if not np.isfinite(point):
            continue
        centres[place], spreads[place] = centre, spread
        pivots[:, place] = _pivots(metric, group if edges is None else _binned(group, edges), rng, replicates)
    detail = "" if edges is None else f"replicates on {FINE_BINS} bins of scores with equal counts"
    noise = None
    if metric.noise is not None:
        sums = [metric.noise(group.scores, group.negatives, group.positives) for group in groups]
        noise = BinNoise(*np.array(sums, dtype=float).reshape(-1, 2).T)
    return StudentisedBootstrap(points, centres, spreads, np.sort(pivots, axis=0), metric.logit, detail, noise=noise)


def _studentise(
    metric: SmoothMetric, scores: FloatArray, negatives: FloatArray, positives: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Value, and on the scale of the limits: value and standard error, one per leading index."""
    value, variance = metric.value(scores, negatives, positives), metric.variance(scores, negatives, positives)
    n, p = negatives.sum(axis=-1), positives.sum(axis=-1)
    rows = np.maximum(np.minimum(n, p) if metric.both_classes else n + p, 1.0)
    # At 0 and 1, or without any spread, half a row is added to each side, as for a proportion of these rows.
    flat = (value <= 0) | (value >= 1) | ~(variance > 0)
    moved = (value * rows + 0.5) / (rows + 1)
    centre = np.where(flat, moved, value)
    spread = np.sqrt(np.where(flat, np.fmax(variance, moved * (1 - moved) / rows), variance))
    if not metric.logit:
        return value, centre, spread
    return value, special.logit(centre), spread / (centre * (1 - centre))


def _pivots(metric: SmoothMetric, group: GroupScores, rng: np.random.Generator, replicates: int) -> FloatArray:
    counts = np.concatenate([group.negatives, group.positives])
    size, rows = len(group.scores), int(counts.sum())
    _, centre, _ = _studentise(metric, group.scores, group.negatives, group.positives)
    found = []
    step = max(_CHUNK // len(counts), 1)
    for start in range(0, replicates, step):
        drawn = rng.multinomial(rows, counts / rows, size=min(step, replicates - start)).astype(float)
        value, moved, spread = _studentise(metric, group.scores, drawn[:, :size], drawn[:, size:])
        pivot = (moved - centre) / spread
        # A replicate without one class tells nothing: it goes to the outside, on both sides in turn.
        lost = ~np.isfinite(value)
        pivot[lost] = np.where(np.arange(int(lost.sum())) % 2 == 0, np.inf, -np.inf)
        found.append(pivot)
    return np.concatenate(found)


def _edges(groups: Sequence[GroupScores]) -> FloatArray:
    """Upper ends of bins of scores that hold about the same number of rows over all groups."""
    scores = np.concatenate([group.scores for group in groups])
    counts = np.concatenate([group.negatives + group.positives for group in groups])
    order = np.argsort(scores, kind="stable")
    running = np.cumsum(counts[order])
    places = np.searchsorted(running, running[-1] * np.arange(1, FINE_BINS) / FINE_BINS)
    return np.unique(scores[order][places])


def _binned(group: GroupScores, edges: FloatArray) -> GroupScores:
    place = np.searchsorted(edges, group.scores)
    used, index = np.unique(place, return_inverse=True)

    def total(numbers: FloatArray) -> FloatArray:
        return np.bincount(index, weights=numbers, minlength=len(used)).astype(float)

    negatives, positives = total(group.negatives), total(group.positives)
    rows = negatives + positives
    means = total(group.scores * (group.negatives + group.positives)) / rows
    means = np.clip(means, group.scores[0], group.scores[-1])  # a mean of ones may round to more than one
    return GroupScores(group.group, group.rows, means, negatives, positives)
