"""holisticai: its confusion tensor of all groups, and its bias table of each group against the rest."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from holisticai.bias.metrics import classification_bias_metrics, confusion_tensor
from route import Route, Values
from table import crossed, kind_of

TABLE = {
    "Statistical Parity": "selection_rate",
    "Equality of Opportunity Difference": "true_positive_rate",
    "False Positive Rate Difference": "false_positive_rate",
    "Accuracy Difference": "accuracy",
}


class Prepared(NamedTuple):
    """Arrays."""

    group: Any
    label: Any
    prediction: Any


class Tensor(NamedTuple):
    """Counts (groups, predicted, true) and what the metrics are of them."""

    groups: list[str]
    by_group: dict[str, Any]
    overall: dict[str, Any]


def convert(given: Any) -> Prepared:
    """It takes one column of groups: the two are crossed."""
    group = crossed(given, kind_of(given)).to_numpy()
    return Prepared(group, given["label"].to_numpy(), given["prediction"].to_numpy())


def measure_tensor(prepared: Prepared) -> Tensor:
    """Its counts; the ten metrics are our arithmetic on them, since it has no table of them by group."""
    groups = sorted(set(prepared.group))
    counts = confusion_tensor(
        prepared.group, prepared.prediction, prepared.label, groups=groups, classes=[0, 1], as_tensor=True
    )
    return Tensor(groups, ten(counts), ten(counts.sum(axis=0)))


def ten(counts: Any) -> dict[str, Any]:
    """The ten metrics of counts (..., predicted, true)."""
    tn, fn, fp, tp = (counts[..., i, j] for i in (0, 1) for j in (0, 1))
    all_rows, sensitivity, specificity = tn + fn + fp + tp, tp / (tp + fn), tn / (tn + fp)
    return {
        "selection_rate": (tp + fp) / all_rows,
        "base_rate": (tp + fn) / all_rows,
        "accuracy": (tp + tn) / all_rows,
        "true_positive_rate": sensitivity,
        "false_positive_rate": fp / (fp + tn),
        "true_negative_rate": specificity,
        "false_negative_rate": fn / (fn + tp),
        "precision": tp / (tp + fp),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "balanced_accuracy": (sensitivity + specificity) / 2,
    }


def read_tensor(answer: Tensor) -> Values:
    """Plain numbers."""
    return {
        "by_group": {m: dict(zip(answer.groups, map(float, v), strict=True)) for m, v in answer.by_group.items()},
        "overall": {metric: float(value) for metric, value in answer.overall.items()},
    }


def measure_table(prepared: Prepared) -> dict[str, Any]:
    """Its own call, for each group against the rest."""
    found = {}
    for group in sorted(set(prepared.group)):
        inside = np.asarray(prepared.group == group)
        found[group] = classification_bias_metrics(
            inside, ~inside, prepared.prediction, prepared.label, metric_type="both"
        )
    return found


def read_table(answer: dict[str, Any]) -> Values:
    """Gaps of each group to the rest."""
    return {
        "to_rest": {
            metric: {group: float(table.loc[name, "Value"]) for group, table in answer.items()}
            for name, metric in TABLE.items()
        }
    }


WHY = "one column of groups is taken; the two are crossed"
CONVERSION = {"categorical": WHY, "string": WHY, "object": WHY}
PACKAGES = ("holisticai", "numpy", "pandas", "scikit-learn", "pyarrow")
ROUTES = (
    Route(
        name="holisticai confusion_tensor",
        asks="confusion_tensor(as_tensor=True); the arithmetic after it is ours",
        gives="counts of every group, from which all ten metrics by group and overall follow",
        convert=convert,
        measure=measure_tensor,
        read=read_tensor,
        conversion=CONVERSION,
        packages=PACKAGES,
    ),
    Route(
        name="holisticai classification_bias_metrics",
        asks="classification_bias_metrics, each group against the rest",
        gives="four of the ten metrics, only as the gap of a group to the rest",
        convert=convert,
        measure=measure_table,
        read=read_table,
        conversion=CONVERSION,
        packages=PACKAGES,
    ),
)
