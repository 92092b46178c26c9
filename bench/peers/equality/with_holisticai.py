"""holisticai: its metrics of two groups, asked for each group against all others, and those of all groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from bench.peers.equality.asking import WHOLE, Answers, Asked
from bench.peers.equality.samples import Sample
from holisticai.bias import metrics as ha

PACKAGES = ("holisticai", "numpy", "pandas", "scikit-learn")

OF_DECISIONS = ("statistical_parity", "disparate_impact", "four_fifths", "cohen_d", "z_test_diff")
OF_LABELS = (
    "equal_opportunity_diff",
    "false_positive_rate_diff",
    "false_negative_rate_diff",
    "true_negative_rate_diff",
    "average_odds_diff",
    "accuracy_diff",
)
OF_ROWS = ("theil_index", "generalized_entropy_index", "coefficient_of_variation")
OF_AMOUNTS = ("avg_score_diff", "avg_score_ratio", "max_statistical_parity", "statistical_parity_auc")
OF_ERRORS = ("rmse_ratio", "mae_ratio")
MATRICES = ("recall_matrix", "precision_matrix", "accuracy_matrix")
MULTICLASS = ("multiclass_statistical_parity", "multiclass_true_rates", "multiclass_equality_of_opp")


def values(sample: Sample) -> Answers:
    """It takes no weights: weighted data sets are not put to it."""
    if sample.weight is not None:
        return {}
    asked = Asked()
    label, prediction = sample.label, sample.prediction
    for place, group in enumerate(sample.names):
        inside = sample.group == place
        two: tuple[Any, Any] = (inside, ~inside)
        for name in OF_DECISIONS:
            asked.number(name, group, lambda name=name, two=two: getattr(ha, name)(*two, prediction))
        for name in OF_LABELS:
            asked.number(name, group, lambda name=name, two=two: getattr(ha, name)(*two, prediction, label))
        if sample.score is not None:
            asked.number("abroca", group, lambda two=two: ha.abroca(*two, sample.score, label))
            for name in OF_AMOUNTS:
                asked.number(name, group, lambda name=name, two=two: getattr(ha, name)(*two, sample.score))
        if sample.amount is not None:
            for name in OF_ERRORS:
                asked.number(
                    name,
                    group,
                    lambda name=name, two=two: getattr(ha, name)(*two, sample.predicted_amount, sample.amount),
                )
    for name in OF_ROWS:
        asked.number(name, WHOLE, lambda name=name: getattr(ha, name)(prediction, label))
    asked.number(
        "generalized_entropy_index(alpha=0)", WHOLE, lambda: ha.generalized_entropy_index(prediction, label, alpha=0)
    )
    if sample.features is not None:
        name = "consistency (equally near rows)" if sample.tied_features else "consistency_score"
        asked.number(name, WHOLE, lambda: ha.consistency_score(sample.features, prediction))
    if sample.true_class is not None:
        _classes(asked, sample)
    return asked.answers


def _classes(asked: Asked, sample: Sample) -> None:
    groups, true, predicted = sample.labelled(), sample.true_class, sample.predicted_class
    levels = np.unique(np.concatenate([true, predicted])).tolist()
    tables: dict[str, Any] = {"frequency_matrix": ha.frequency_matrix(groups, predicted, sample.names, levels)}
    for name in MATRICES:
        tables[name] = getattr(ha, name)(groups, predicted, true, sample.names, levels)
    for name, table in tables.items():
        for group in sample.names:
            for level in levels:
                asked.number(
                    name, f"{group}|{level}", lambda table=table, group=group, level=level: table.loc[group, level]
                )
    for aggregation in ("max", "mean"):
        for name in MULTICLASS:
            given = (groups, predicted) if name == "multiclass_statistical_parity" else (groups, predicted, true)
            asked.number(
                f'{name}(aggregation_fun="{aggregation}")',
                WHOLE,
                lambda name=name, given=given, aggregation=aggregation: getattr(ha, name)(
                    *given, groups=sample.names, classes=levels, aggregation_fun=aggregation
                ),
            )
