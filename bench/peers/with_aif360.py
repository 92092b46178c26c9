"""aif360: one ClassificationMetric for every two of the ten groups, as privileged and unprivileged."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric
from route import Route, Values
from table import group_name

ASKED = {
    "selection_rate": "selection_rate",
    "base_rate": "base_rate",
    "accuracy": "accuracy",
    "true_positive_rate": "true_positive_rate",
    "false_positive_rate": "false_positive_rate",
    "true_negative_rate": "true_negative_rate",
    "false_negative_rate": "false_negative_rate",
    "precision": "positive_predictive_value",
}


class Prepared(NamedTuple):
    """Two datasets of floats."""

    true: BinaryLabelDataset
    predicted: BinaryLabelDataset
    levels: tuple[list[str], list[str]]


def convert(given: Any) -> Prepared:
    """Its datasets hold floats only: text and categories become codes; the predictions are a copy with other labels."""
    coded, levels = {}, []
    for name in ("sex", "region"):
        column = given[name] if str(given[name].dtype) == "category" else given[name].astype("category")
        coded[name] = column.cat.codes.to_numpy(np.float64)
        levels.append(list(column.cat.categories))
    frame = pd.DataFrame({**coded, "label": given["label"].to_numpy(np.float64)})
    true = BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["sex", "region"])
    predicted = true.copy()
    predicted.labels = given["prediction"].to_numpy(np.float64).reshape(-1, 1)
    return Prepared(true, predicted, (levels[0], levels[1]))


def measure(prepared: Prepared) -> dict[str, dict[str, float]]:
    """Two groups to an object, which halves the objects; the first also answers for all rows."""
    sexes, regions = prepared.levels
    groups = [(a, b) for a in range(len(sexes)) for b in range(len(regions))]
    found: dict[str, dict[str, float]] = {}
    for first, second in zip(groups[::2], groups[1::2], strict=True):
        sides = [{"sex": float(a), "region": float(b)} for a, b in (first, second)]
        metric = ClassificationMetric(
            prepared.true, prepared.predicted, privileged_groups=sides[:1], unprivileged_groups=sides[1:]
        )
        for (a, b), privileged in ((first, True), (second, False)):
            found[group_name(sexes[a], regions[b])] = ask(metric, privileged)
        if not found.get(""):
            found[""] = ask(metric, None)
    return found


def ask(metric: ClassificationMetric, privileged: bool | None) -> dict[str, float]:
    """All it gives of one group, or of all rows."""
    return {name: float(getattr(metric, method)(privileged=privileged)) for name, method in ASKED.items()}


def read(answer: dict[str, dict[str, float]]) -> Values:
    """Plain numbers."""
    groups = [group for group in answer if group]
    return {"by_group": {m: {group: answer[group][m] for group in groups} for m in ASKED}, "overall": answer[""]}


WHY = "BinaryLabelDataset takes numbers only"
ROUTES = (
    Route(
        name="aif360 ClassificationMetric",
        asks="BinaryLabelDataset, five ClassificationMetric objects for ten groups",
        gives="eight metrics by group and overall; neither F1 nor balanced accuracy, gaps of two groups only",
        convert=convert,
        measure=measure,
        read=read,
        conversion={"categorical": WHY, "string": WHY, "object": WHY},
        packages=("aif360", "numpy", "pandas", "scikit-learn"),
    ),
)
