"""Regression: definitions and arithmetic of the metrics of predicted amounts.

The residual of a row is r = y − ŷ: positive where the prediction was too low. Arrays are (N,), one entry per row.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from hakari.statistics._arrays import FloatArray
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = ["DEFINITIONS", "LOSSES", "QUANTILES", "Loss", "loss_metric", "row_values"]

Loss = Literal["absolute", "square"]
LOSSES: Mapping[str, str] = MappingProxyType({"absolute": "mean_absolute_error", "square": "mean_squared_error"})
"""Loss of a row → the metric that is its mean."""
QUANTILES: Mapping[str, float] = MappingProxyType(
    {"residual_quantile_10": 0.1, "residual_quantile_50": 0.5, "residual_quantile_90": 0.9}
)
"""Metric → share of the residuals that lie below it."""


def loss_metric(loss: Loss) -> str:
    """The metric whose worst group is the bounded group loss."""
    return LOSSES[loss]


def row_values(target: FloatArray, prediction: FloatArray) -> dict[str, FloatArray]:
    """What each metric is the mean of (N,); the root of `root_mean_squared_error` is taken of the mean."""
    residual = target - prediction
    square = residual * residual
    return {
        "mean_target": target,
        "mean_prediction": prediction,
        "residual_mean": residual,
        "mean_absolute_error": np.abs(residual),
        "mean_squared_error": square,
        "root_mean_squared_error": square,
    }


_ENDLESS = (None, None)
_POSITIVE = (0.0, None)


def _group(
    name: str,
    formula: str,
    *,
    high_is: Literal["good", "bad", "neutral"] = "neutral",
    bounds: tuple[float | None, float | None] = _ENDLESS,
    equal_at: float | None = None,
    also: tuple[str, ...] = (),
    needs: tuple[str, ...] = ("label", "prediction"),
    caution: str = "",
) -> MetricDefinition:
    return MetricDefinition(
        name=name, family="regression", over="group", formula=formula, high_is=high_is, bounds=bounds,
        equal_at=equal_at, source="common", also=also, needs=needs, caution=caution,
    )  # fmt: skip


def _over(
    name: str,
    formula: str,
    *,
    equal_at: float | None = 0.0,
    high_is: Literal["good", "bad"] = "bad",
    bounds: tuple[float | None, float | None] = _POSITIVE,
    source: str = "common",
    also: tuple[str, ...] = (),
    needs: tuple[str, ...] = ("label", "prediction"),
    caution: str = "",
) -> MetricDefinition:
    return MetricDefinition(
        name=name, family="regression", over="groups", formula=formula, high_is=high_is, bounds=bounds,
        equal_at=equal_at, source=source, also=also, needs=needs, caution=caution,
    )  # fmt: skip


_SIZES = ("mean_absolute_error", "mean_squared_error", "root_mean_squared_error")
_LEVELS = ("mean_target", "mean_prediction", "residual_mean", *QUANTILES)
_ONE = {"mean_target": ("label",), "mean_prediction": ("prediction",)}

DEFINITIONS: tuple[MetricDefinition, ...] = (
    _group("mean_target", "mean of y", needs=("label",)),
    _group("mean_prediction", "mean of ŷ", needs=("prediction",)),
    _group(
        "residual_mean", "mean of r = y − ŷ", equal_at=0.0, also=("mean residual",),
        caution="Above 0 the group's amounts are predicted too low on average; some libraries take ŷ − y.",
    ),
    _group("mean_absolute_error", "mean of |r|", high_is="bad", bounds=_POSITIVE, also=("MAE",)),
    _group("mean_squared_error", "mean of r²", high_is="bad", bounds=_POSITIVE, also=("MSE",)),
    _group(
        "root_mean_squared_error", "√(mean of r²)", high_is="bad", bounds=_POSITIVE, also=("RMSE",),
        caution="A few large residuals make most of it; look at the quantiles too.",
    ),
    *(
        _group(name, f"the value that {share:.0%} of the residuals of the group do not exceed")
        for name, share in QUANTILES.items()
    ),
    *(
        _over(f"{name}_difference", "max v − min v", needs=_ONE.get(name, ("label", "prediction")))
        for name in _LEVELS
    ),
    *(_over(f"{name}_difference", "max v − min v") for name in _SIZES),
    *(_over(f"{name}_ratio", "min v / max v", equal_at=1.0, high_is="good", bounds=(0.0, 1.0)) for name in _SIZES),
    *(_over(f"{name}_worst_group", "max v", equal_at=None) for name in _SIZES),
    _over(
        "bounded_group_loss", "max over groups of the mean loss of a row: r² or |r|", equal_at=None,
        source="Agarwal, Dudík & Wu 2019",
        caution="The paper takes losses in [0, 1]; here they are in the unit of the amounts, or in its square.",
    ),
)  # fmt: skip
"""The metrics of predicted amounts."""
