"""Metrics of predicted amounts as functions: the argument order that people know, each with its interval."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.measures.fairness._rows import Slicing
from hakari.measures.fairness.functions._estimated import by_group, equally_long, over_groups, slicing_by, units_of
from hakari.measures.fairness.functions.arrays import weights_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.regression import LOSSES, QUANTILES, Loss, loss_metric, row_values
from hakari.statistics.metrics.rows import mean_limits, quantile_limits

__all__ = [
    "AmountMetric",
    "amount_by_group",
    "bounded_group_loss",
    "mean_absolute_error_difference",
    "mean_absolute_error_ratio",
    "mean_absolute_error_worst_group",
    "mean_prediction_difference",
    "mean_squared_error_difference",
    "mean_squared_error_ratio",
    "mean_squared_error_worst_group",
    "residual_mean_difference",
    "residual_quantile_10_difference",
    "residual_quantile_50_difference",
    "residual_quantile_90_difference",
    "root_mean_squared_error_difference",
    "root_mean_squared_error_ratio",
    "root_mean_squared_error_worst_group",
]

_SIGNED = ("mean_target", "mean_prediction", "residual_mean")


class AmountMetric(Protocol):
    """A metric of amounts over groups: `metric(y_true, y_pred, *, sensitive_features, sample_weight=None, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        clusters: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def amount_by_group(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    clusters: Any = None,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a metric of amounts in every group, such as `residual_mean` or `mean_absolute_error`.

    Args:
        metric: a mean (`mean_target`, `mean_prediction`, `residual_mean`, `mean_absolute_error`, `mean_squared_error`,
            `root_mean_squared_error`) or a quantile of the residuals y − ŷ (`residual_quantile_10`, `_50`, `_90`).
        y_true: real amounts (N,).
        y_pred: predicted amounts (N,).
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        sample_weight: weights (N,), 0 or more; not for quantiles.
        clusters: rows with the same value are one draw (N,); not for quantiles.
        confidence: of all intervals together.

    >>> amount_by_group("residual_mean", [1, 2, 3, 4], [1, 1, 1, 1], sensitive_features=list("aabb"))[("b",)].n
    2
    """
    limits, slicing = _limits(metric, y_true, y_pred, sensitive_features, sample_weight, clusters)
    return by_group(limits, slicing, slicing.rows.tolist(), confidence)


def bounded_group_loss(
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    clusters: Any = None,
    loss: Loss = "square",
    min_rows: int = 1,
    confidence: float = 0.95,
) -> Figure:
    """Return the largest mean loss of a group (Agarwal, Dudík & Wu 2019); `loss` is "square" or "absolute"."""
    if loss not in LOSSES:
        raise InputError(say("measures.fairness.regression.loss", loss=loss, known=list(LOSSES)))
    found = _limits(loss_metric(loss), y_true, y_pred, sensitive_features, sample_weight, clusters)
    return _over(*found, "highest", min_rows, confidence)


def _limits(
    metric: str, y_true: Any, y_pred: Any, features: Any, sample_weight: Any, clusters: Any
) -> tuple[Limits, Slicing]:
    target, prediction = equally_long(y_true=y_true, y_pred=y_pred)
    slicing = slicing_by(features, len(target))
    weight, unit = weights_of(sample_weight, len(target)), units_of(clusters, len(target), what="clusters")
    values, size = row_values(target, prediction), len(slicing.groups)
    if metric in QUANTILES:
        if weight is not None or unit is not None:
            raise InputError(say("measures.fairness.functions.no_quantile", metric=metric))
        return quantile_limits(values["residual_mean"], slicing.index, size, [QUANTILES[metric]])[0], slicing
    if metric not in values:
        raise InputError(say("measures.fairness.functions.no_amount", metric=metric, known=[*values, *QUANTILES]))
    least = -np.inf if metric in _SIGNED else 0.0
    limits = mean_limits(values[metric], slicing.index, size, weight=weight, unit=unit, least=least)
    return (limits.shown_as("root") if metric == "root_mean_squared_error" else limits), slicing


def _over(limits: Limits, slicing: Slicing, spreading: Spreading, min_rows: int, confidence: float) -> Figure:
    n = slicing.rows.tolist()
    return over_groups(limits, slicing, n, spreading, min_rows=min_rows, confidence=confidence)


def _of(metric: str, suffix: str) -> AmountMetric:
    spreadings: dict[str, Spreading] = {"difference": "difference", "ratio": "ratio", "worst_group": "highest"}

    def named(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        clusters: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        found = _limits(metric, y_true, y_pred, sensitive_features, sample_weight, clusters)
        return _over(*found, spreadings[suffix], min_rows, confidence)

    named.__name__ = named.__qualname__ = f"{metric}_{suffix}"
    words = f"{suffix} of the {metric}".replace("_", " ")
    named.__doc__ = (
        f"Return the {words} over the groups.\n\n"
        "Groups with fewer than `min_rows` rows are left out; the figure is nan where too few are left. Rows of one\n"
        "cluster are one draw."
    )
    return named


mean_prediction_difference = _of("mean_prediction", "difference")
residual_mean_difference = _of("residual_mean", "difference")
residual_quantile_10_difference = _of("residual_quantile_10", "difference")
residual_quantile_50_difference = _of("residual_quantile_50", "difference")
residual_quantile_90_difference = _of("residual_quantile_90", "difference")
mean_absolute_error_difference = _of("mean_absolute_error", "difference")
mean_absolute_error_ratio = _of("mean_absolute_error", "ratio")
mean_absolute_error_worst_group = _of("mean_absolute_error", "worst_group")
mean_squared_error_difference = _of("mean_squared_error", "difference")
mean_squared_error_ratio = _of("mean_squared_error", "ratio")
mean_squared_error_worst_group = _of("mean_squared_error", "worst_group")
root_mean_squared_error_difference = _of("root_mean_squared_error", "difference")
root_mean_squared_error_ratio = _of("root_mean_squared_error", "ratio")
root_mean_squared_error_worst_group = _of("root_mean_squared_error", "worst_group")
