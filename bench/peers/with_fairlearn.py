"""fairlearn: one MetricFrame of ten metrics."""

from __future__ import annotations

from typing import Any

from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from route import Route, Values
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, precision_score
from table import group_name


def base_rate(y_true: Any, _: Any) -> float:
    """The share of positive labels; fairlearn has no metric of its own for it."""
    return float(y_true.mean())


ASKED = {
    "selection_rate": selection_rate,
    "base_rate": base_rate,
    "accuracy": accuracy_score,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "true_negative_rate": true_negative_rate,
    "false_negative_rate": false_negative_rate,
    "precision": precision_score,
    "f1": f1_score,
    "balanced_accuracy": balanced_accuracy_score,
}


def measure(given: Any) -> Any:
    """Return what a user looks at."""
    made = MetricFrame(
        metrics=ASKED, y_true=given["label"], y_pred=given["prediction"], sensitive_features=given[["sex", "region"]]
    )
    return made.by_group, made.overall, made.difference(), made.ratio()


def read(answer: Any) -> Values:
    """Plain numbers."""
    by_group, overall, difference, ratio = answer
    whole = {"overall": overall, "difference": difference, "ratio": ratio}
    found: Values = {
        section: {metric: float(value) for metric, value in values.items()} for section, values in whole.items()
    }
    found["by_group"] = {
        metric: {group_name(*group): float(value) for group, value in by_group[metric].items()} for metric in ASKED
    }
    return found


ROUTES = (
    Route(
        name="fairlearn MetricFrame",
        asks="MetricFrame(...).by_group, .overall, .difference(), .ratio()",
        gives="ten metrics by group and overall, differences, ratios",
        convert=lambda given: given,
        measure=measure,
        read=read,
        packages=("fairlearn", "numpy", "pandas", "scikit-learn", "narwhals", "pyarrow"),
    ),
)
