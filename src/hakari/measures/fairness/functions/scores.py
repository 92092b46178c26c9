"""Metrics of scores as functions: labels, scores and groups as arrays, each figure with its interval.

Every function is one metric of the measure `fairness.scores`, computed by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Unmeasured
from hakari.measures._estimates import error_of
from hakari.measures.fairness.functions.arrays import binary, grouped, numbers, weights_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.measures.fairness.scores import _distances, _means, _ranked
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.measures.fairness.scores._run import ScoreRun
from hakari.messages import say
from hakari.statistics.streams import stream

__all__ = [
    "ScoreMetric",
    "auc_difference",
    "auc_ratio",
    "auc_worst_group",
    "average_precision_difference",
    "average_precision_worst_group",
    "average_score_difference",
    "average_score_ratio",
    "brier_difference",
    "brier_worst_group",
    "calders_verwer_score",
    "calibration_error_difference",
    "calibration_error_equal_counts_difference",
    "calibration_error_equal_counts_worst_group",
    "calibration_error_worst_group",
    "kl_divergence_largest",
    "kolmogorov_smirnov_largest",
    "score_by_group",
    "wasserstein_distance_largest",
    "xauc_difference",
]

_Part = Callable[[ScoreRun], Iterator[Estimate]]
_PARTS: Mapping[str, _Part] = MappingProxyType(
    {
        "average_score": _means.average_score,
        "auc": _ranked.within,
        "bpsn_auc": _ranked.across,
        "bnsp_auc": _ranked.across,
        "average_precision": _ranked.average_precision,
        "brier": _means.brier,
        "calibration_error": _means.calibration,
        "calibration_error_equal_counts": _means.calibration,
        "kolmogorov_smirnov": _distances.distances,
        "wasserstein_distance": _distances.distances,
        "kl_divergence": _distances.distances,
    }
)
"""What computes each metric of the groups."""
_ANY_NUMBER = (_ranked.within, _ranked.across, _ranked.average_precision, _ranked.exchanged)
"""These look at the order of the scores only."""
_WITHOUT_LABELS = (_means.average_score, _distances.distances)


class ScoreMetric(Protocol):
    """A metric of scores over groups: `metric(y_true, y_score, *, sensitive_features, sample_weight=None, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_score: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        pos_label: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def score_by_group(
    metric: str,
    y_true: Any,
    y_score: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    pos_label: Any = None,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a metric of scores in every group, each with an interval; all intervals hold together at `confidence`.

    Args:
        metric: a metric of groups, such as `auc`, `brier`, `calibration_error`, `bnsp_auc`, `wasserstein_distance`.
        y_true: labels (N,) of two classes; None for metrics that need none.
        y_score: scores (N,) in [0, 1]; any numbers for areas and average precision.
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        sample_weight: weights (N,), 0 or more.
        pos_label: the class counted as 1, where the classes are not 0 and 1.
        confidence: of all intervals together.

    >>> score_by_group("auc", [0, 1, 0, 1], [0.2, 0.7, 0.6, 0.4], sensitive_features=["a", "a", "b", "b"])[("b",)].n
    2
    """
    if metric not in _PARTS:
        raise InputError(say("measures.fairness.scores.unknown", metric=metric, known=sorted(_PARTS)))
    part = _PARTS[metric]
    cells = _cells(part, y_true, y_score, sensitive_features, sample_weight, pos_label)
    found = {
        tuple(each.slice.values()): _figure(each, confidence)
        for each in part(_run(cells, 1, confidence))
        if each.metric == metric
    }
    return {tuple(str(level) for level in group): found[tuple(str(level) for level in group)] for group in cells.groups}


def _cells(
    part: _Part, y_true: Any, y_score: Any, sensitive_features: Any, sample_weight: Any, pos_label: Any
) -> ScoreCells:
    scores = numbers(y_score, what="y_score")
    rows = len(scores)
    if part not in _ANY_NUMBER and rows and (scores.min() < 0 or scores.max() > 1):
        far = scores[(scores < 0) | (scores > 1)]
        raise InputError(say("measures.fairness.scores.range", count=len(far), score=float(far[0])))
    label = np.zeros(rows, dtype=np.int64) if y_true is None else binary(y_true, what="y_true", positive=pos_label)
    if y_true is None and part not in _WITHOUT_LABELS:
        raise InputError(say("measures.fairness.scores.labels_needed"))
    if len(label) != rows:
        raise InputError(say("measures.fairness.scores.length", labels=len(label), scores=rows))
    groups, weight = grouped(sensitive_features, rows), weights_of(sample_weight, rows)
    distinct, place = np.unique(scores, return_inverse=True)
    slot = (groups.index * 2 + label) * max(len(distinct), 1) + place
    present, cell = np.unique(slot, return_inverse=True)
    pairs, at = np.divmod(present, max(len(distinct), 1))

    def total(parts: Any) -> Any:
        return np.bincount(cell, weights=parts, minlength=len(present)).astype(float)

    n = total(None)
    return ScoreCells(
        columns=groups.columns,
        groups=groups.groups,
        scores=distinct,
        group=pairs // 2,
        label=pairs % 2,
        place=at,
        rows=n,
        weights=n if weight is None else total(weight),
        squares=n if weight is None else total(weight**2),
        cluster=None,
        weighted=weight is not None,
        labelled=y_true is not None,
    )


def _run(cells: ScoreCells, min_rows: int, confidence: float) -> ScoreRun:
    return ScoreRun(
        cells=cells, min_rows=min_rows, error=error_of(confidence), rng=lambda name: stream(0, "functions", name)
    )


def _figure(estimate: Estimate, confidence: float) -> Figure:
    interval = estimate.interval
    if isinstance(estimate.value, Unmeasured):
        return Figure(float("nan"), why=str(estimate.value.unmeasured), level=confidence, n=estimate.n)
    if isinstance(interval, Unmeasured):
        return Figure(estimate.value, why=str(interval.unmeasured), level=confidence, n=estimate.n)
    return Figure(
        estimate.value, low=interval.low, high=interval.high, level=interval.level, method=interval.method, n=estimate.n
    )


def _made(name: str, part: _Part, doc: str, metric: str | None = None) -> ScoreMetric:
    wanted = metric or name

    def function(
        y_true: Any,
        y_score: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        pos_label: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        cells = _cells(part, y_true, y_score, sensitive_features, sample_weight, pos_label)
        found = part(_run(cells, min_rows, confidence))
        return next(_figure(each, confidence) for each in found if each.metric == wanted)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Return {doc}.\n\n"
        "Groups with fewer than `min_rows` rows are left out; the figure is nan where fewer than two are left."
    )
    return function


auc_difference = _made("auc_difference", _ranked.within, "the largest difference of the areas within groups")
auc_ratio = _made("auc_ratio", _ranked.within, "the smallest area within a group over the largest")
auc_worst_group = _made("auc_worst_group", _ranked.within, "the smallest area within a group")
xauc_difference = _made(
    "xauc_difference", _ranked.exchanged, "the largest xAUC disparity between two groups (Kallus & Zhou 2019)"
)
average_precision_difference = _made(
    "average_precision_difference", _ranked.average_precision, "the largest difference of average precision"
)
average_precision_worst_group = _made(
    "average_precision_worst_group", _ranked.average_precision, "the smallest average precision of a group"
)
brier_difference = _made("brier_difference", _means.brier, "the largest difference of Brier scores")
brier_worst_group = _made("brier_worst_group", _means.brier, "the largest Brier score of a group")
average_score_difference = _made(
    "average_score_difference", _means.average_score, "the largest difference of mean scores"
)
average_score_ratio = _made("average_score_ratio", _means.average_score, "the smallest mean score over the largest")
calders_verwer_score = _made(
    "calders_verwer_score",
    _means.average_score,
    "the Calders–Verwer score on scores: the largest difference of mean scores, without a sign",
    "average_score_difference",
)
calibration_error_difference = _made(
    "calibration_error_difference", _means.calibration, "the largest difference of calibration errors, 10 equal widths"
)
calibration_error_worst_group = _made(
    "calibration_error_worst_group", _means.calibration, "the largest calibration error of a group, 10 equal widths"
)
calibration_error_equal_counts_difference = _made(
    "calibration_error_equal_counts_difference",
    _means.calibration,
    "the largest difference of calibration errors, 10 bins of equal rows",
)
calibration_error_equal_counts_worst_group = _made(
    "calibration_error_equal_counts_worst_group",
    _means.calibration,
    "the largest calibration error of a group, 10 bins of equal rows",
)
kolmogorov_smirnov_largest = _made(
    "kolmogorov_smirnov_largest", _distances.distances, "the largest distance of two groups' distribution functions"
)
wasserstein_distance_largest = _made(
    "wasserstein_distance_largest", _distances.distances, "the largest Wasserstein distance between two groups' scores"
)
kl_divergence_largest = _made(
    "kl_divergence_largest", _distances.distances, "the largest divergence of one group's binned scores from another's"
)
