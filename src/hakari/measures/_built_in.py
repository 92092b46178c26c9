"""The measures of Hakari itself, listed without importing a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal

from hakari.measures._contract import CheckMetric, Measure
from hakari.messages import say

__all__ = ["BUILT_IN"]

_Direction = Literal["good", "bad", "neutral"]


def _later(module: str, name: str) -> Callable[[], Any]:
    """Return a function that imports `name` from a room only when it is called."""
    return lambda: getattr(import_module(f"hakari.measures.{module}"), name)


def _metrics(basis: Literal["rate", "smooth", "count"], table: str, **high_is: _Direction) -> dict[str, CheckMetric]:
    return {
        name: CheckMetric(name=name, basis=basis, table=table, high_is=direction) for name, direction in high_is.items()
    }


_PROFILE = Measure(
    id="data.profile",
    version="1.0.0",
    title=say("measures.data.profile.title"),
    summary=say("measures.data.profile.summary"),
    function=_later("data.profile", "measure_profile"),
    parameters=_later("data.profile", "ProfileParameters"),
    metrics=_metrics(
        "count",
        "columns",
        duplicate_share="bad",
        missing_share_max="bad",
        constant_columns="bad",
        identifier_columns="bad",
        leaking_columns="bad",
        overlap_share="bad",
        shifted_columns="bad",
        smallest_group_rows="good",
        unlabelled_share="bad",
    ),
    reads=("data.test", "data.train"),
)

_CLASSIFICATION = Measure(
    id="performance.classification",
    version="1.0.0",
    title=say("measures.performance.classification.title"),
    summary=say("measures.performance.classification.summary"),
    function=_later("performance.classification", "measure_classification"),
    parameters=_later("performance.classification", "ClassificationParameters"),
    metrics={
        **_metrics("rate", "tally", accuracy="good", precision="good", recall="good", true_negative_rate="good"),
        **_metrics("smooth", "tally", balanced_accuracy="good", f1="good"),
        **_metrics("smooth", "scores", auc="good", brier="bad", calibration_error="bad"),
    },
    needs=("label", "prediction"),
)

_GROUPS = Measure(
    id="fairness.groups",
    version="1.0.0",
    title=say("measures.fairness.groups.title"),
    summary=say("measures.fairness.groups.summary"),
    function=_later("fairness.groups", "measure_groups"),
    parameters=_later("fairness.groups", "GroupsParameters"),
    metrics=_metrics(
        "rate",
        "tally",
        selection_rate="neutral",
        base_rate="neutral",
        accuracy="good",
        true_positive_rate="good",
        false_positive_rate="bad",
        false_negative_rate="bad",
        true_negative_rate="good",
        positive_predictive_value="good",
    ),
    needs=("prediction", "sensitive"),
)

BUILT_IN: Mapping[str, Measure] = MappingProxyType(
    {measure.id: measure for measure in (_PROFILE, _CLASSIFICATION, _GROUPS)}
)
"""Every measure of this distribution by id; a new one is one file in a room and one entry here."""
