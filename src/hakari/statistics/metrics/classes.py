"""Classes: definitions and arithmetic of the metrics of decisions among several classes, on counts (..., K, K).

Counts are indexed [label, prediction] and may have leading axes (groups, replicates). Where nothing can be divided the
value is nan.
"""

from __future__ import annotations

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray, divide
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = [
    "AVERAGES",
    "DEFINITIONS",
    "class_precision",
    "class_recall",
    "class_selection_rate",
    "influence",
    "macro_f1",
    "macro_recall",
    "rounded_out",
    "weighted_f1",
]

Counts = FloatArray | IntArray
AVERAGES = ("macro_f1", "weighted_f1", "macro_recall")
"""Numbers per group that average over classes."""


def _sides(counts: Counts) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hits, labels and predictions of every class (..., K)."""
    n = np.asarray(counts, dtype=float)
    return np.diagonal(n, axis1=-2, axis2=-1), n.sum(axis=-1), n.sum(axis=-2)


def class_recall(counts: Counts) -> FloatArray:
    """Share of the rows with label c that are predicted as c (..., K)."""
    hits, labels, _ = _sides(counts)
    return divide(hits, labels)


def class_precision(counts: Counts) -> FloatArray:
    """Share of the rows predicted as c whose label is c (..., K)."""
    hits, _, predictions = _sides(counts)
    return divide(hits, predictions)


def class_selection_rate(counts: Counts) -> FloatArray:
    """Share of all rows that are predicted as c (..., K)."""
    _, _, predictions = _sides(counts)
    return divide(predictions, predictions.sum(axis=-1, keepdims=True))


def _f1(counts: Counts) -> FloatArray:
    hits, labels, predictions = _sides(counts)
    return divide(2 * hits, labels + predictions)


def macro_f1(counts: Counts) -> FloatArray:
    """Mean F1 of the classes that occur as label or prediction (...); as scikit-learn's `f1_score(average="macro")`."""
    return _mean(_f1(counts))


def macro_recall(counts: Counts) -> FloatArray:
    """Mean recall of the classes that occur as label (...); as scikit-learn's `balanced_accuracy_score`."""
    return _mean(class_recall(counts))


def weighted_f1(counts: Counts) -> FloatArray:
    """Mean F1 of the classes, weighted by their labels (...); as scikit-learn's `f1_score(average="weighted")`."""
    _, labels, _ = _sides(counts)
    return divide(np.sum(labels * np.nan_to_num(_f1(counts)), axis=-1), labels.sum(axis=-1))


def _mean(values: FloatArray) -> FloatArray:
    known = np.isfinite(values)
    return divide(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(float))


def rounded_out(counts: Counts) -> FloatArray:
    """Counts (..., K, K) with one row more for every class that occurs: half of it right, half spread over the others.

    The spread of a class of few rows that are all right, or all wrong, is then not taken to be nothing.
    """
    n = np.asarray(counts, dtype=float)
    size = n.shape[-1]
    _, labels, predictions = _sides(n)
    some = ((labels + predictions) > 0)[..., None]
    share = np.full((size, size), 0.5 / max(size - 1, 1))
    np.fill_diagonal(share, 0.5)
    return np.asarray(n + some * share, dtype=float)


def influence(metric: str, counts: Counts) -> FloatArray:
    """How much one more row in each cell moves an average over classes (..., K, K); its derivative by the counts."""
    n = np.asarray(counts, dtype=float)
    hits, labels, predictions = _sides(n)
    eye = np.eye(n.shape[-1])
    if metric == "macro_recall":
        part = divide(np.ones_like(labels), labels)
        known = np.maximum((labels > 0).sum(axis=-1), 1)[..., None]
        share, loss = np.nan_to_num(part) / known, np.nan_to_num(hits * part**2) / known
        return np.asarray(eye * share[..., None] - loss[..., :, None], dtype=float)
    both = labels + predictions
    used = np.where(both > 0, both, 1.0)
    if metric == "macro_f1":
        weight = (both > 0) / np.maximum((both > 0).sum(axis=-1), 1)[..., None]
    else:
        weight = labels / np.maximum(labels.sum(axis=-1), 1e-300)[..., None]
    gain, loss = 2 * weight / used, 2 * weight * hits / used**2
    found = eye * gain[..., None] - loss[..., :, None] - loss[..., None, :]
    if metric == "weighted_f1":
        # A row also moves the weight of its label's class.
        moved = np.nan_to_num(_f1(n)) - np.nan_to_num(weighted_f1(n))[..., None]
        found = found + (moved / np.maximum(labels.sum(axis=-1), 1e-300)[..., None])[..., :, None]
    return np.asarray(found, dtype=float)


_AVERAGES = (
    MetricDefinition(
        name="macro_f1", family="classes", over="group", high_is="good", source="common", also=("macro F1",),
        formula="mean over classes c of 2 n_cc / (n_c· + n_·c)",
        caution="A class of few rows counts as much as a large one, so a few rows can move it far.",
    ),
    MetricDefinition(
        name="weighted_f1", family="classes", over="group", high_is="good", source="common",
        formula="Σ n_c· / n · 2 n_cc / (n_c· + n_·c)",
        caution="Groups with another mix of classes differ for that reason alone.",
    ),
    MetricDefinition(
        name="macro_recall", family="classes", over="group", high_is="good", source="common",
        also=("multi-class balanced accuracy",), formula="mean over classes c of n_cc / n_c·",
        caution="Each group is averaged over the classes that occur in it.",
    ),
)  # fmt: skip
_RATES = (
    MetricDefinition(
        name="class_selection_rate", family="classes", over="group", high_is="neutral", source="common",
        formula="n_·c / n, for every class c", needs=("prediction",),
    ),
    MetricDefinition(
        name="class_recall", family="classes", over="group", high_is="good", source="common",
        formula="n_cc / n_c·, for every class c",
    ),
    MetricDefinition(
        name="class_precision", family="classes", over="group", high_is="good", source="common",
        formula="n_cc / n_·c, for every class c",
    ),
)  # fmt: skip
_FORMULAS = {"difference": "max v − min v", "ratio": "min v / max v", "worst_group": "min v"}
_OVER_GROUPS = (
    *(
        MetricDefinition(
            name=f"{each.name}_{aggregate}", family="classes", over="groups", formula=f"{formula} of {each.name}",
            high_is="bad" if aggregate == "difference" else "good", source="common", needs=each.needs,
            equal_at={"difference": 0.0, "ratio": 1.0}.get(aggregate),
        )
        for each in _AVERAGES for aggregate, formula in _FORMULAS.items()
    ),
    *(
        MetricDefinition(
            name=f"{each.name}_difference", family="classes", over="groups", high_is="bad", equal_at=0.0,
            formula=f"max v − min v of {each.name}, for every class c", source="common", needs=each.needs,
        )
        for each in _RATES
    ),
    MetricDefinition(
        name="multiclass_parity", family="classes", over="groups", high_is="bad", equal_at=0.0, source="common",
        formula="max over classes c of the class_selection_rate difference", needs=("prediction",),
        caution="It says that some class is given unequally, not whether that class is an advantage.",
    ),
    MetricDefinition(
        name="multiclass_equal_opportunity", family="classes", over="groups", high_is="bad", equal_at=0.0,
        formula="max over classes c of the class_recall difference", source="common",
        caution="The class that shows it may be a rare one: read its rows and interval.",
    ),
)  # fmt: skip
DEFINITIONS = (*_AVERAGES, *_RATES, *_OVER_GROUPS)
"""Every metric of several classes; accuracy is the one of the decisions."""
