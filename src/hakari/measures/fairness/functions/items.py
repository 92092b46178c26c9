"""Metrics of single items as functions: scores and pairs per group, with persons as what is independent."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.measures.fairness._rows import Slicing
from hakari.measures.fairness.functions._estimated import by_group, equally_long, over_groups, slicing_by, units_of
from hakari.measures.fairness.functions.arrays import binary, weights_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.items import accepted, average_recall, detected, match_threshold, negatives_needed
from hakari.statistics.metrics.rows import mean_limits, share_limits

__all__ = [
    "ItemMetric",
    "average_recall_difference",
    "average_recall_ratio",
    "average_recall_worst_group",
    "detection_recall_difference",
    "detection_recall_ratio",
    "detection_recall_worst_group",
    "false_match_rate_difference",
    "false_match_rate_ratio",
    "false_match_rate_worst_group",
    "item_by_group",
    "mean_score_difference",
    "mean_score_ratio",
    "mean_score_worst_group",
    "verification_rate_difference",
    "verification_rate_ratio",
    "verification_rate_worst_group",
]

_KNOWN = ("mean_score", "detection_recall", "average_recall", "verification_rate", "false_match_rate")


class ItemMetric(Protocol):
    """A metric of items over groups: `metric(y_true, y_pred, *, sensitive_features, person=None, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        person: Any = None,
        sample_weight: Any = None,
        overlap: float = 0.5,
        far: float = 0.001,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def item_by_group(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    person: Any = None,
    sample_weight: Any = None,
    overlap: float = 0.5,
    far: float = 0.001,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a metric of items in every group; the intervals rest on persons, not on items.

    Args:
        metric: `mean_score`, `detection_recall`, `average_recall`, `verification_rate` or `false_match_rate`.
        y_true: for the last two, whether the pair is of one person (N,); else None.
        y_pred: score of each item or pair (N,).
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        person: whose item it is (N,); without it every item counts as independent.
        sample_weight: weights (N,), 0 or more.
        overlap: score from which an item is detected.
        far: share of the pairs of different persons that the threshold may accept.
        confidence: of all intervals together.

    >>> item_by_group("detection_recall", None, [.4, .6, .7], sensitive_features=list("aab"))[("a",)].n
    2
    """
    found = _limits(metric, y_true, y_pred, sensitive_features, person, sample_weight, overlap, far)
    return by_group(*found, confidence)


def _limits(
    metric: str,
    y_true: Any,
    y_pred: Any,
    features: Any,
    person: Any,
    sample_weight: Any,
    overlap: float,
    far: float,
) -> tuple[Limits, Slicing, list[int]]:
    if metric not in _KNOWN:
        raise InputError(say("measures.fairness.functions.no_item", metric=metric, known=list(_KNOWN)))
    (scores,) = equally_long(y_pred=y_pred)
    slicing = slicing_by(features, len(scores))
    weight, unit = weights_of(sample_weight, len(scores)), units_of(person, len(scores), what="person")
    size, n = len(slicing.groups), slicing.rows.tolist()
    if metric in ("mean_score", "average_recall"):
        numbers = scores if metric == "mean_score" else average_recall(scores)
        least = 0.0 if numbers.min(initial=0.0) >= 0 else -np.inf
        found = mean_limits(numbers, slicing.index, size, weight=weight, unit=unit, least=least)
        return (found if metric == "mean_score" else found.below(1.0)), slicing, n
    if metric == "detection_recall":
        return share_limits(detected(scores, overlap), slicing.index, size, weight=weight, unit=unit), slicing, n
    same = _pairs(y_true, scores, far)
    taken = accepted(scores, match_threshold(scores[~same], far)).astype(float)
    chosen = same if metric == "verification_rate" else ~same
    parts: list[FloatArray | IntArray | None] = [None if each is None else each[chosen] for each in (weight, unit)]
    group = slicing.index[chosen]
    limits = share_limits(taken[chosen], group, size, weight=parts[0], unit=parts[1])  # type: ignore[arg-type]
    return limits, slicing, np.bincount(group, minlength=size).tolist()


def _pairs(y_true: Any, scores: FloatArray, far: float) -> Any:
    if y_true is None:
        raise InputError(say("measures.fairness.functions.needed", metric="verification_rate", argument="y_true"))
    if not 0 < far < 1:
        raise InputError(say("measures.fairness.items.rate", rate=far))
    same = binary(y_true, what="y_true").astype(bool)
    if len(same) != len(scores):
        raise InputError(say("measures.fairness.functions.length", what="y_true", rows=len(same), expected=len(scores)))
    others = int((~same).sum())
    if others < negatives_needed(far):
        raise InputError(
            say("measures.fairness.functions.few_others", pairs=others, rate=far, needed=negatives_needed(far))
        )
    return same


def _of(metric: str, suffix: str) -> ItemMetric:
    worst: Spreading = "highest" if metric == "false_match_rate" else "lowest"
    spreadings: dict[str, Spreading] = {"difference": "difference", "ratio": "ratio", "worst_group": worst}

    def named(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        person: Any = None,
        sample_weight: Any = None,
        overlap: float = 0.5,
        far: float = 0.001,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        limits, slicing, n = _limits(metric, y_true, y_pred, sensitive_features, person, sample_weight, overlap, far)
        if suffix == "ratio" and np.nanmin(limits.values, initial=0.0) < 0:
            return Figure(float("nan"), why=str(say("measures.fairness.items.below_zero")))
        return over_groups(limits, slicing, n, spreadings[suffix], min_rows=min_rows, confidence=confidence)

    named.__name__ = named.__qualname__ = f"{metric}_{suffix}"
    words = f"{suffix} of the {metric}".replace("_", " ")
    named.__doc__ = (
        f"Return the {words} over the groups, clustered by person.\n\n"
        "`y_true` says of a pair whether it is of one person, and is None for single items; `y_pred` is the score.\n"
        "Groups with fewer than `min_rows` items are left out; the figure is nan where too few are left."
    )
    return named


mean_score_difference = _of("mean_score", "difference")
mean_score_ratio = _of("mean_score", "ratio")
mean_score_worst_group = _of("mean_score", "worst_group")
detection_recall_difference = _of("detection_recall", "difference")
detection_recall_ratio = _of("detection_recall", "ratio")
detection_recall_worst_group = _of("detection_recall", "worst_group")
average_recall_difference = _of("average_recall", "difference")
average_recall_ratio = _of("average_recall", "ratio")
average_recall_worst_group = _of("average_recall", "worst_group")
verification_rate_difference = _of("verification_rate", "difference")
verification_rate_ratio = _of("verification_rate", "ratio")
verification_rate_worst_group = _of("verification_rate", "worst_group")
false_match_rate_difference = _of("false_match_rate", "difference")
false_match_rate_ratio = _of("false_match_rate", "ratio")
false_match_rate_worst_group = _of("false_match_rate", "worst_group")
