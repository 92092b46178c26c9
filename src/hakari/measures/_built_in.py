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

_DECISIONS = Measure(
    id="fairness.decisions",
    version="1.0.0",
    title=say("measures.fairness.decisions.title"),
    summary=say("measures.fairness.decisions.summary"),
    function=_later("fairness.decisions", "measure_decisions"),
    parameters=_later("fairness.decisions", "DecisionsParameters"),
    needs=("prediction", "sensitive"),
)

_VERSIONS = Measure(
    id="fairness.versions",
    version="1.0.0",
    title=say("measures.fairness.versions.title"),
    summary=say("measures.fairness.versions.summary"),
    function=_later("fairness.versions", "measure_versions"),
    parameters=_later("fairness.versions", "VersionsParameters"),
    metrics=_metrics(
        "count",
        "changes",
        selection_rate_loss_bound="bad",
        accuracy_loss_bound="bad",
        true_positive_rate_loss_bound="bad",
        false_positive_rate_loss_bound="bad",
        groups_harmed="bad",
    ),
    needs=("prediction", "sensitive"),
)

_REGRESSION = Measure(
    id="fairness.regression",
    version="1.0.0",
    title=say("measures.fairness.regression.title"),
    summary=say("measures.fairness.regression.summary"),
    function=_later("fairness.regression", "measure_regression"),
    parameters=_later("fairness.regression", "RegressionParameters"),
    needs=("label", "prediction", "sensitive"),
    status="experimental",
)

_RANKING = Measure(
    id="fairness.ranking",
    version="1.0.0",
    title=say("measures.fairness.ranking.title"),
    summary=say("measures.fairness.ranking.summary"),
    function=_later("fairness.ranking", "measure_ranking"),
    parameters=_later("fairness.ranking", "RankingParameters"),
    needs=("score", "sensitive"),
    status="experimental",
)

_INDIVIDUAL = Measure(
    id="fairness.individual",
    version="1.0.0",
    title=say("measures.fairness.individual.title"),
    summary=say("measures.fairness.individual.summary"),
    function=_later("fairness.individual", "measure_individual"),
    parameters=_later("fairness.individual", "IndividualParameters"),
    needs=("prediction", "sensitive"),
)

_ITEMS = Measure(
    id="fairness.items",
    version="1.0.0",
    title=say("measures.fairness.items.title"),
    summary=say("measures.fairness.items.summary"),
    function=_later("fairness.items", "measure_items"),
    parameters=_later("fairness.items", "ItemsParameters"),
    needs=("score", "sensitive"),
    status="experimental",
)

_SCORES = Measure(
    id="fairness.scores",
    version="1.0.0",
    title=say("measures.fairness.scores.title"),
    summary=say("measures.fairness.scores.summary"),
    function=_later("fairness.scores", "measure_scores"),
    parameters=_later("fairness.scores", "ScoresParameters"),
    metrics=_metrics("smooth", "scores", auc="good"),
    needs=("score", "sensitive"),
    status="experimental",
)

_CLASSES = Measure(
    id="fairness.classes",
    version="1.0.0",
    title=say("measures.fairness.classes.title"),
    summary=say("measures.fairness.classes.summary"),
    function=_later("fairness.classes", "measure_classes"),
    parameters=_later("fairness.classes", "ClassesParameters"),
    needs=("prediction", "sensitive"),
    status="experimental",
)

_LEGAL = Measure(
    id="fairness.legal",
    version="1.0.0",
    title=say("measures.fairness.legal.title"),
    summary=say("measures.fairness.legal.summary"),
    function=_later("fairness.legal", "measure_legal"),
    parameters=_later("fairness.legal", "LegalParameters"),
    metrics=_metrics(
        "count",
        "comparisons",
        impact_ratio_min="good",
        standard_deviations_max="bad",
        fisher_p_min="neutral",
        mantel_haenszel_p_min="neutral",
        conditional_demographic_disparity_max="bad",
    ),
    needs=("prediction", "sensitive"),
)

_PROXIES = Measure(
    id="fairness.proxies",
    version="1.0.0",
    title=say("measures.fairness.proxies.title"),
    summary=say("measures.fairness.proxies.summary"),
    function=_later("fairness.proxies", "measure_proxies"),
    parameters=_later("fairness.proxies", "ProxiesParameters"),
    metrics=_metrics("count", "proxies", theils_u_max="bad", guess_gain_max="bad", auc_max="bad"),
    needs=("sensitive",),
    status="experimental",
)

_TABULAR = Measure(
    id="explanation.tabular",
    version="1.0.0",
    title=say("measures.explanation.tabular.title"),
    summary=say("measures.explanation.tabular.summary"),
    function=_later("explanation.tabular", "measure_tabular"),
    parameters=_later("explanation.tabular", "TabularParameters"),
    metrics={
        **_metrics("rate", "faithful", faithful_share="good"),
        **_metrics("rate", "stable", stable_reasons_share="good"),
    },
    reads=("data.test", "data.train", "model"),
)

_COUNTERFACTUAL = Measure(
    id="explanation.counterfactual",
    version="1.0.0",
    title=say("measures.explanation.counterfactual.title"),
    summary=say("measures.explanation.counterfactual.summary"),
    function=_later("explanation.counterfactual", "measure_counterfactual"),
    parameters=_later("explanation.counterfactual", "CounterfactualParameters"),
    metrics=_metrics("rate", "recourse", recourse_share="good"),
    reads=("data.test", "data.train", "model"),
)

_CAPTURE = Measure(
    id="explanation.capture",
    version="1.0.0",
    title=say("measures.explanation.capture.title"),
    summary=say("measures.explanation.capture.summary"),
    function=_later("explanation.capture", "measure_capture"),
    parameters=_later("explanation.capture", "CaptureParameters"),
    metrics={
        **_metrics("rate", "captured", reasons_captured_share="good"),
        **_metrics("rate", "captured_lines", captured_share="good"),
        **_metrics("rate", "late", late_share="bad"),
        **_metrics("rate", "inputs_match", inputs_match_share="good"),
        **_metrics("count", "captured", chain_faults="bad", capture_failures="bad"),
    },
)

BUILT_IN: Mapping[str, Measure] = MappingProxyType(
    {
        measure.id: measure
        for measure in (
            _PROFILE,
            _CLASSIFICATION,
            _GROUPS,
            _DECISIONS,
            _SCORES,
            _CLASSES,
            _VERSIONS,
            _REGRESSION,
            _RANKING,
            _INDIVIDUAL,
            _ITEMS,
            _LEGAL,
            _PROXIES,
            _TABULAR,
            _COUNTERFACTUAL,
            _CAPTURE,
        )
    }
)
"""Every measure of this distribution by id; a new one is one file in a room and one entry here."""
