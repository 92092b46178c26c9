"""Items: definitions and arithmetic of the metrics of single items (pictures, recordings) with a score each.

One person may have several items, and these are alike: what counts as independent are the persons. Arrays are (N,),
one entry per item or per pair of items.
"""

from __future__ import annotations

import math

import numpy as np

from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = ["DEFINITIONS", "OVERLAPS", "accepted", "average_recall", "detected", "match_threshold", "negatives_needed"]

OVERLAPS: tuple[float, ...] = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""Overlaps .50, .55, …, .95 that the average recall is taken over."""
_LEAST = 1e-9
# A score of .55 that was computed as a quotient may be .5499999999999999.


def detected(scores: FloatArray, overlap: float) -> FloatArray:
    """1 where an item's score reaches `overlap` (N,)."""
    return np.asarray(scores >= overlap - _LEAST, dtype=float)


def average_recall(scores: FloatArray) -> FloatArray:
    """Share of the overlaps .50:.05:.95 that an item's score reaches (N,); its mean is the average recall."""
    reached = np.searchsorted(np.array(OVERLAPS) - _LEAST, scores, side="right")
    return np.asarray(reached / len(OVERLAPS), dtype=float)


def negatives_needed(false_match_rate: float) -> int:
    """Pairs of different persons below which not even one false match is allowed at this rate."""
    return math.ceil(1 / false_match_rate - _LEAST)


def match_threshold(scores: FloatArray, false_match_rate: float) -> float:
    """The score above which at most this share of the pairs of different persons (N,) lies; −∞ where all may.

    A pair is accepted above the threshold, not at it, so that ties never exceed the rate.
    """
    allowed = math.floor(false_match_rate * len(scores) + _LEAST)
    if allowed >= len(scores):
        return -math.inf
    return float(np.partition(scores, len(scores) - 1 - allowed)[len(scores) - 1 - allowed])


def accepted(scores: FloatArray, threshold: float) -> BoolArray:
    """Which pairs are taken for one person (N,)."""
    return np.asarray(scores > threshold)


_SCORE = ("score",)
_PAIRS = ("score", "same")


def _over(metric: str, formula: str, needs: tuple[str, ...], *, high_is_bad: bool) -> tuple[MetricDefinition, ...]:
    worst = "max" if high_is_bad else "min"
    return (
        MetricDefinition(
            name=f"{metric}_difference", family="items", over="groups", high_is="bad", source="common", needs=needs,
            formula=f"max v − min v of {formula}", equal_at=0.0, bounds=(0.0, None),
        ),
        MetricDefinition(
            name=f"{metric}_ratio", family="items", over="groups", high_is="good", source="common", needs=needs,
            formula=f"min v / max v of {formula}", equal_at=1.0,
            caution="One minus it is what benchmarks print as disparity.",
        ),
        MetricDefinition(
            name=f"{metric}_worst_group", family="items", over="groups", high_is="bad" if high_is_bad else "good",
            source="common", needs=needs, formula=f"{worst} v of {formula}", bounds=(None, None),
        ),
    )  # fmt: skip


DEFINITIONS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        name="mean_score", family="items", over="group", high_is="good", source="common", needs=_SCORE,
        formula="mean score of the items", bounds=(None, None),
        caution="The median of scores in steps is nearly always the same step, and hides what the mean shows.",
    ),
    MetricDefinition(
        name="detection_recall", family="items", over="group", high_is="good", source="common", needs=_SCORE,
        formula="items whose overlap with the truth reaches the threshold / items", also=("recall at an overlap",),
    ),
    MetricDefinition(
        name="average_recall", family="items", over="group", high_is="good", source="Hosang et al. 2016", needs=_SCORE,
        formula="mean over the overlaps .50, .55, …, .95 of the recall", also=("AR",),
    ),
    MetricDefinition(
        name="verification_rate", family="items", over="group", high_is="good", source="common", needs=_PAIRS,
        formula="accepted pairs of one person / pairs of one person, at the threshold that accepts at most the asked "
        "share of all pairs of different persons",
        also=("VAL at FAR", "true match rate"),
        caution="One threshold for all groups: the groups' own false match rates differ, and are measured beside it.",
    ),
    MetricDefinition(
        name="false_match_rate", family="items", over="group", high_is="bad", source="common", needs=_PAIRS,
        formula="accepted pairs of different persons / pairs of different persons, at the same threshold",
        also=("FAR", "FMR"),
    ),
    *_over("mean_score", "mean_score", _SCORE, high_is_bad=False),
    *_over("detection_recall", "detection_recall", _SCORE, high_is_bad=False),
    *_over("average_recall", "average_recall", _SCORE, high_is_bad=False),
    *_over("verification_rate", "verification_rate", _PAIRS, high_is_bad=False),
    *_over("false_match_rate", "false_match_rate", _PAIRS, high_is_bad=True),
)  # fmt: skip
"""The metrics of single items."""
