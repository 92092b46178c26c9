"""fairlearn: its named metrics over groups, between groups and to the whole, and its frame of metrics by group."""

from __future__ import annotations

from typing import Any

import fairlearn.metrics as fl
from bench.peers.equality.asking import WHOLE, Answers, Asked
from bench.peers.equality.samples import Sample
from sklearn import metrics as sk

PACKAGES = ("fairlearn", "numpy", "pandas", "scikit-learn")

BY_GROUP = {
    "selection_rate": fl.selection_rate,
    "true_positive_rate": fl.true_positive_rate,
    "true_negative_rate": fl.true_negative_rate,
    "false_positive_rate": fl.false_positive_rate,
    "false_negative_rate": fl.false_negative_rate,
    "accuracy_score": sk.accuracy_score,
    "precision_score": sk.precision_score,
    "zero_one_loss": sk.zero_one_loss,
}
ODDS = ("equalized_odds_difference", "equalized_odds_ratio")
PARITY = (
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
)
GENERATED = tuple(
    f"{rate}_{aggregate}"
    for rate in (
        "selection_rate",
        "true_positive_rate",
        "true_negative_rate",
        "false_positive_rate",
        "false_negative_rate",
        "accuracy_score",
        "zero_one_loss",
    )
    for aggregate in ("difference", "ratio")
)
WORST = (
    "accuracy_score_group_min",
    "balanced_accuracy_score_group_min",
    "f1_score_group_min",
    "precision_score_group_min",
    "recall_score_group_min",
    "zero_one_loss_group_max",
)
OF_AMOUNTS = ("mean_absolute_error_group_max", "mean_squared_error_group_max")


def values(sample: Sample) -> Answers:
    """Every metric that it names and Hakari has too."""
    asked, groups = Asked(), sample.labelled()
    weighted = {} if sample.weight is None else {"sample_weight": sample.weight}
    given: tuple[Any, Any] = (sample.label, sample.prediction)
    shared = {"sensitive_features": groups, **weighted}
    for name in (*PARITY, *GENERATED, *WORST):
        metric = getattr(fl, name)
        asked.number(name, WHOLE, lambda metric=metric: metric(*given, **shared))
    for name in (*PARITY, *ODDS):
        metric = getattr(fl, name)
        asked.number(
            f'{name}(method="to_overall")', WHOLE, lambda metric=metric: metric(*given, method="to_overall", **shared)
        )
    for name in ODDS:
        metric = getattr(fl, name)
        asked.number(name, WHOLE, lambda metric=metric: metric(*given, **shared))
        asked.number(f'{name}(agg="mean")', WHOLE, lambda metric=metric: metric(*given, agg="mean", **shared))
    _by_group(asked, sample, groups)
    if sample.score is not None:
        asked.number(
            "roc_auc_score_group_min", WHOLE, lambda: fl.roc_auc_score_group_min(sample.label, sample.score, **shared)
        )
    if sample.amount is not None:
        for name in OF_AMOUNTS:
            metric = getattr(fl, name)
            asked.number(name, WHOLE, lambda metric=metric: metric(sample.amount, sample.predicted_amount, **shared))
    return asked.answers


def _by_group(asked: Asked, sample: Sample, groups: Any) -> None:
    params = {} if sample.weight is None else {name: {"sample_weight": sample.weight} for name in BY_GROUP}
    frame = fl.MetricFrame(
        metrics=BY_GROUP,
        y_true=sample.label,
        y_pred=sample.prediction,
        sensitive_features=groups,
        sample_params=params or None,
    )
    for name in BY_GROUP:
        asked.number(f"MetricFrame {name}", WHOLE, lambda name=name: frame.overall[name])
        for group in sample.names:
            asked.number(f"MetricFrame {name}", group, lambda name=name, group=group: frame.by_group[name][group])
