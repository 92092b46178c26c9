"""Metrics of single persons as functions: agreement with neighbours, and the flip test."""

from __future__ import annotations

from typing import Any

import numpy as np

from hakari.errors import InputError
from hakari.measures.fairness._rows import Slicing, slicing_of
from hakari.measures.fairness.functions._estimated import by_group, equally_long, over_groups, slicing_by, units_of
from hakari.measures.fairness.functions.arrays import binary, weights_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics.metrics.individual import consistency
from hakari.statistics.metrics.rows import share_limits

__all__ = ["consistency_by_group", "consistency_score", "flip_rate", "flip_rate_by_group", "flip_rate_difference"]


def consistency_score(
    X: Any,
    y_pred: Any,
    *,
    n_neighbors: int = 5,
    include_self: bool = False,
    confidence: float = 0.95,
) -> Figure:
    """Return the consistency of decisions or scores among the nearest rows (Zemel et al. 2013).

    Args:
        X: features (N, d) as numbers; distances are taken as they are, so scale the columns first.
        y_pred: decisions or scores in [0, 1] (N,).
        n_neighbors: how many nearest rows a row is compared with; all as near as the last one are taken.
        include_self: count a row as one of its own neighbours, as scikit-learn's and aif360's look-up does.
        confidence: of the interval.

    >>> float(consistency_score([[0], [1], [10], [11]], [1, 1, 0, 0], n_neighbors=1))
    1.0
    """
    outputs = _outputs(y_pred)
    slicing = slicing_of({}, (), len(outputs))
    (found,) = _consistency(X, outputs, slicing, n_neighbors, include_self, confidence).values()
    return found


def consistency_by_group(
    X: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    n_neighbors: int = 5,
    include_self: bool = False,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return the consistency of every group; the neighbours of a row are looked for in all groups."""
    outputs = _outputs(y_pred)
    slicing = slicing_by(sensitive_features, len(outputs))
    return _consistency(X, outputs, slicing, n_neighbors, include_self, confidence)


def flip_rate(
    y_pred: Any, y_flipped: Any, *, sample_weight: Any = None, clusters: Any = None, confidence: float = 0.95
) -> Figure:
    """Return the share of rows whose decision changes when only the attribute in them is changed.

    Args:
        y_pred: decisions (N,) of two classes.
        y_flipped: decisions (N,) of the same model for the same rows with the attribute changed.
        sample_weight: weights (N,), 0 or more.
        clusters: rows with the same value are one draw (N,).
        confidence: of the interval.

    >>> float(flip_rate([0, 1, 1, 0], [0, 1, 0, 0]))
    0.25
    """
    rows = len(binary(y_pred, what="y_pred"))
    slicing = slicing_of({}, (), rows)
    limits = _flips(y_pred, y_flipped, slicing, sample_weight, clusters)
    return by_group(limits, slicing, slicing.rows.tolist(), confidence)[()]


def flip_rate_by_group(
    y_pred: Any,
    y_flipped: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    clusters: Any = None,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return the flip rate of every group."""
    slicing = slicing_by(sensitive_features, len(binary(y_pred, what="y_pred")))
    limits = _flips(y_pred, y_flipped, slicing, sample_weight, clusters)
    return by_group(limits, slicing, slicing.rows.tolist(), confidence)


def flip_rate_difference(
    y_pred: Any,
    y_flipped: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    clusters: Any = None,
    min_rows: int = 1,
    confidence: float = 0.95,
) -> Figure:
    """Return the difference between the largest and the smallest flip rate of the groups."""
    slicing = slicing_by(sensitive_features, len(binary(y_pred, what="y_pred")))
    limits = _flips(y_pred, y_flipped, slicing, sample_weight, clusters)
    n = slicing.rows.tolist()
    return over_groups(limits, slicing, n, "difference", min_rows=min_rows, confidence=confidence)


def _outputs(y_pred: Any) -> Any:
    (outputs,) = equally_long(y_pred=y_pred)
    if len(outputs) and (outputs.min() < 0 or outputs.max() > 1):
        raise InputError(
            say("measures.fairness.functions.outside", least=float(outputs.min()), most=float(outputs.max()))
        )
    return outputs


def _consistency(
    X: Any, outputs: Any, slicing: Slicing, neighbours: int, include_self: bool, confidence: float
) -> dict[tuple[str, ...], Figure]:
    try:
        features = np.asarray(X, dtype=float)
    except (TypeError, ValueError):
        raise InputError(say("measures.fairness.functions.not_numbers", what="X")) from None
    if features.ndim != 2 or len(features) != len(outputs) or not np.isfinite(features).all():
        raise InputError(say("measures.fairness.functions.features", shape=list(features.shape), expected=len(outputs)))
    if neighbours < 1:
        raise InputError(say("measures.fairness.individual.range", neighbours=neighbours, rows=len(outputs)))
    found = consistency(
        features, outputs, slicing.index, len(slicing.groups), neighbours=neighbours, include_self=include_self
    )
    return by_group(found.limits, slicing, slicing.rows.tolist(), confidence)


def _flips(y_pred: Any, y_flipped: Any, slicing: Slicing, sample_weight: Any, clusters: Any) -> Limits:
    before, after = binary(y_pred, what="y_pred"), binary(y_flipped, what="y_flipped")
    rows = len(before)
    if len(after) != rows:
        raise InputError(say("measures.fairness.functions.length", what="y_flipped", rows=len(after), expected=rows))
    weight, unit = weights_of(sample_weight, rows), units_of(clusters, rows, what="clusters")
    hits = (before != after).astype(float)
    return share_limits(hits, slicing.index, len(slicing.groups), weight=weight, unit=unit)
