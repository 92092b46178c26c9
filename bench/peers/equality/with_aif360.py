"""aif360: ClassificationMetric of each group against all others, and its scikit-learn style functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import BinaryLabelDatasetMetric, ClassificationMetric
from aif360.sklearn import metrics as sk
from bench.peers.equality.asking import WHOLE, Answers, Asked
from bench.peers.equality.samples import Sample

PACKAGES = ("aif360", "numpy", "pandas", "scikit-learn")

RATES = (
    "selection_rate",
    "base_rate",
    "accuracy",
    "error_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "positive_predictive_value",
    "negative_predictive_value",
    "false_discovery_rate",
    "false_omission_rate",
)
AGAINST_REST = (
    "statistical_parity_difference",
    "disparate_impact",
    "equal_opportunity_difference",
    "true_positive_rate_difference",
    "false_positive_rate_difference",
    "false_positive_rate_ratio",
    "false_negative_rate_difference",
    "false_negative_rate_ratio",
    "false_discovery_rate_difference",
    "false_discovery_rate_ratio",
    "false_omission_rate_difference",
    "false_omission_rate_ratio",
    "error_rate_difference",
    "error_rate_ratio",
    "average_odds_difference",
    "average_abs_odds_difference",
    "average_predictive_value_difference",
    "equalized_odds_difference",
    "between_group_generalized_entropy_index",
    "between_group_theil_index",
    "between_group_coefficient_of_variation",
)
OF_TWO_GROUPS = (
    "statistical_parity_difference",
    "disparate_impact",
    "average_abs_odds_difference",
    "equalized_odds_difference",
)
OF_ALL_ROWS = (
    "generalized_entropy_index",
    "theil_index",
    "coefficient_of_variation",
    "between_all_groups_generalized_entropy_index",
    "between_all_groups_theil_index",
    "between_all_groups_coefficient_of_variation",
)


def values(sample: Sample) -> Answers:
    """Every metric that it names and Hakari has too, or has under another definition."""
    asked = Asked()
    columns: dict[str, Any] = {"group": sample.group.astype(float), "label": sample.label.astype(float)}
    if sample.features is not None:
        columns |= {f"x{place}": sample.features[:, place] for place in range(sample.features.shape[1])}
    weighted = {} if sample.weight is None else {"instance_weights_name": "weight"}
    if sample.weight is not None:
        columns["weight"] = sample.weight
    true = BinaryLabelDataset(
        df=pd.DataFrame(columns),
        label_names=["label"],
        protected_attribute_names=["group"],
        # Otherwise only the largest number counts as privileged.
        privileged_protected_attributes=[[0.0]],
        unprivileged_protected_attributes=[[float(place) for place in range(1, sample.groups)]],
        **weighted,
    )
    predicted = true.copy()
    predicted.labels = sample.prediction.astype(float).reshape(-1, 1)
    for place, group in enumerate(sample.names):
        others = [{"group": float(other)} for other in range(sample.groups) if other != place]
        metric = ClassificationMetric(
            true, predicted, unprivileged_groups=[{"group": float(place)}], privileged_groups=others
        )
        _of_group(asked, metric, group)
        if place == 0:
            _of_all(asked, metric, two=sample.groups == 2)
    if sample.features is not None:
        _consistency(asked, sample, columns)
    if sample.weight is None:
        _sklearn_style(asked, sample)
    return asked.answers


def _of_group(asked: Asked, metric: ClassificationMetric, group: str) -> None:
    for name in RATES:
        asked.number(name, group, lambda name=name: getattr(metric, name)(privileged=False))
    for name in AGAINST_REST:
        asked.number(name, group, lambda name=name: getattr(metric, name)())


def _of_all(asked: Asked, metric: ClassificationMetric, *, two: bool) -> None:
    for name in RATES:
        asked.number(name, WHOLE, lambda name=name: getattr(metric, name)(privileged=None))
    for name in OF_ALL_ROWS:
        asked.number(name, WHOLE, lambda name=name: getattr(metric, name)())
    asked.number("generalized_entropy_index(alpha=0)", WHOLE, lambda: metric.generalized_entropy_index(alpha=0))
    for name in OF_TWO_GROUPS if two else ():
        asked.number(f"{name} (two groups)", WHOLE, lambda name=name: getattr(metric, name)())


def _consistency(asked: Asked, sample: Sample, columns: dict[str, Any]) -> None:
    """Its dataset holds the group among the features; here it is kept constant so that only the features count."""
    frame = pd.DataFrame({name: column for name, column in columns.items() if name.startswith("x")})
    frame["group"], frame["label"] = 0.0, sample.prediction.astype(float)
    frame.loc[0, "group"] = 1e-9  # a protected attribute must have two values
    dataset = BinaryLabelDataset(df=frame, label_names=["label"], protected_attribute_names=["group"])
    ties = sample.tied_features
    asked.number(
        "consistency (equally near rows)" if ties else "consistency",
        WHOLE,
        lambda: BinaryLabelDatasetMetric(dataset).consistency().item(),
    )
    if not ties:
        asked.number(
            "sklearn.metrics.consistency_score",
            WHOLE,
            lambda: sk.consistency_score(sample.features, sample.prediction),
        )


def _sklearn_style(asked: Asked, sample: Sample) -> None:
    groups = pd.Index(sample.labelled(), name="group")
    true = pd.Series(sample.label, index=groups)
    predicted = pd.Series(sample.prediction, index=groups)
    asked.number(
        "sklearn.metrics.conditional_demographic_disparity",
        WHOLE,
        lambda: sk.conditional_demographic_disparity(true, predicted, prot_attr="group"),
    )
    asked.number(
        "sklearn.metrics.between_group_generalized_entropy_error",
        WHOLE,
        lambda: sk.between_group_generalized_entropy_error(true, np.asarray(predicted), prot_attr="group"),
    )
    asked.number(
        "sklearn.metrics.generalized_entropy_error",
        WHOLE,
        lambda: sk.generalized_entropy_error(np.asarray(true), np.asarray(predicted)),
    )
    if sample.groups == 2:
        asked.number(
            "sklearn.metrics.average_odds_error",
            WHOLE,
            lambda: sk.average_odds_error(true, predicted, prot_attr="group"),
        )
