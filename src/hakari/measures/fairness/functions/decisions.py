"""Metrics of yes/no decisions as functions: the names and argument order that people know, each with its interval.

Every function is made from the table of definitions: a rate, an aggregate, and for some a familiar name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import NO_DENOMINATOR, error_of
from hakari.measures.fairness import _joint
from hakari.measures.fairness._aggregates import Aggregate, limits_rule
from hakari.measures.fairness.functions.arrays import counted
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import GroupRates, Tally, decide, group_rates, rate_definition, simultaneous
from hakari.statistics.metrics.aggregate import FAMILIAR, Familiar

__all__ = [
    "GroupMetric",
    "accuracy_difference",
    "accuracy_equality_difference",
    "accuracy_ratio",
    "accuracy_worst_group",
    "average_odds_difference",
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "disparate_impact",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "error_rate_difference",
    "error_rate_ratio",
    "error_rate_worst_group",
    "false_discovery_rate_difference",
    "false_negative_rate_difference",
    "false_negative_rate_ratio",
    "false_negative_rate_worst_group",
    "false_omission_rate_difference",
    "false_positive_rate_difference",
    "false_positive_rate_ratio",
    "false_positive_rate_worst_group",
    "negative_predictive_value_difference",
    "p_percent_rule",
    "positive_predictive_value_difference",
    "positive_predictive_value_ratio",
    "positive_predictive_value_worst_group",
    "predictive_equality_difference",
    "predictive_parity_difference",
    "rate_by_group",
    "rate_gap",
    "selection_rate_difference",
    "selection_rate_ratio",
    "statistical_parity_difference",
    "true_negative_rate_difference",
    "true_negative_rate_ratio",
    "true_negative_rate_worst_group",
    "true_positive_rate_difference",
    "true_positive_rate_ratio",
    "true_positive_rate_worst_group",
]


class GroupMetric(Protocol):
    """A metric over groups: `metric(y_true, y_pred, *, sensitive_features, sample_weight=None, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        pos_label: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def rate_by_group(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    pos_label: Any = None,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a rate in every group, each with an interval; all intervals hold together at `confidence`.

    Args:
        metric: a rate by name or alias, such as `selection_rate`, `recall`.
        y_true: labels (N,) of two classes; None for `selection_rate`.
        y_pred: decisions (N,) of two classes; None for `base_rate`.
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        sample_weight: weights (N,), 0 or more.
        pos_label: the class counted as 1, where the classes are not 0 and 1.
        confidence: of all intervals together.

    >>> rate_by_group("selection_rate", None, [1, 0, 1, 1], sensitive_features=["a", "a", "b", "b"])[("b",)].n
    2
    """
    rates = _rates(counted(y_true, y_pred, sensitive_features, sample_weight, positive=pos_label), metric)
    low, high = simultaneous(rates.limits, error_of(confidence))
    parts = zip(rates.groups, rates.limits.values.tolist(), low.tolist(), high.tolist(), rates.trials, strict=True)
    return {
        tuple(str(level) for level in group): Figure(
            value, low=lower, high=upper, level=confidence, method=f"{rates.method}, šidák", n=int(trials)
        )
        if trials > 0
        else Figure(float("nan"), why=str(NO_DENOMINATOR))
        for group, value, lower, upper, trials in parts
    }


def rate_gap(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    aggregate: Aggregate = "difference",
    sensitive_features: Any,
    sample_weight: Any = None,
    pos_label: Any = None,
    min_rows: int = 1,
    confidence: float = 0.95,
) -> Figure:
    """Return how far a rate's values in the groups lie apart, with the limits of the verdict rule.

    The same as the named functions, such as `selection_rate_difference`, for a rate named at run time. Groups with
    fewer than `min_rows` rows in the denominator are left out; the figure is nan with fewer than two groups.
    """
    tally = counted(y_true, y_pred, sensitive_features, sample_weight, positive=pos_label)
    return _gap(_rates(tally, metric), aggregate, min_rows, confidence)


def _rates(tally: Tally, metric: str) -> GroupRates:
    definition = rate_definition(metric)
    by = tuple(axis for axis in tally.axes if axis not in ("label", "prediction"))
    for axis in definition.needed_axes:
        if axis not in tally.axes:
            argument = "y_true" if axis == "label" else "y_pred"
            raise InputError(say("measures.fairness.functions.needed", metric=definition.name, argument=argument))
    return group_rates(tally, metric, by)


def _gap(rates: GroupRates, kind: Aggregate, min_rows: int, confidence: float, factor: float = 1.0) -> Figure:
    error = error_of(confidence)
    compared = np.flatnonzero(rates.trials >= max(min_rows, 1))
    if len(compared) < (1 if kind == "worst_group" else 2):
        return Figure(float("nan"), why=str(say("measures.fairness.functions.one_group")))
    limits = rates.limits.take(compared)
    found = decide(
        limits_rule(kind, rate_definition(rates.metric).high_is), limits, error_met=error / 2, error_not_met=error / 2
    )
    return Figure(
        found.value * factor,
        low=found.lower * factor,
        high=found.upper * factor,
        level=confidence,
        method=f"{rates.method}, {'mover' if kind != 'worst_group' else 'every group'}",
        n=int(rates.trials[compared].sum()),
    )


def _made(name: str, rate: str, kind: Aggregate, factor: float = 1.0) -> GroupMetric:
    def metric(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        pos_label: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        needed = rate_definition(rate).needed_axes
        label, prediction = (
            values if axis in needed else None for axis, values in (("label", y_true), ("prediction", y_pred))
        )
        tally = counted(label, prediction, sensitive_features, sample_weight, positive=pos_label)
        return _gap(_rates(tally, rate), kind, min_rows, confidence, factor)

    metric.__name__ = metric.__qualname__ = name
    definition = rate_definition(rate)
    words = f"{kind} of the {rate}".replace("_", " ")
    metric.__doc__ = (
        f"Return the {words}, {definition.formula}, over the groups.\n\n"
        "The interval is that of the verdict rule. Groups with fewer than `min_rows` rows in the denominator are left\n"
        "out; the figure is nan with fewer than two groups."
    )
    return metric


def _of(rate: str, kind: Aggregate) -> GroupMetric:
    return _made(f"{rate}_{kind}", rate, kind)


def _familiar(name: str) -> GroupMetric:
    known: Familiar = FAMILIAR[name]
    kind: Aggregate = "difference" if known.aggregate == "difference" else "ratio"
    return _made(name, known.rate, kind, known.factor)


def _odds(name: str, bounded: Callable[..., _joint.Bounded | None]) -> GroupMetric:
    def metric(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        pos_label: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        tally = counted(y_true, y_pred, sensitive_features, sample_weight, positive=pos_label)
        rates: Mapping[str, GroupRates] = {
            each: _rates(tally, each) for each in ("true_positive_rate", "false_positive_rate")
        }
        found = bounded(rates, min_rows=min_rows, error=error_of(confidence))
        if found is None:
            return Figure(float("nan"), why=str(say("measures.fairness.functions.one_group")))
        return Figure(found.value, low=found.low, high=found.high, level=confidence, method=found.method, n=found.n)

    metric.__name__ = metric.__qualname__ = name
    metric.__doc__ = bounded.__doc__
    return metric


selection_rate_difference = _of("selection_rate", "difference")
selection_rate_ratio = _of("selection_rate", "ratio")
accuracy_difference = _of("accuracy", "difference")
accuracy_ratio = _of("accuracy", "ratio")
accuracy_worst_group = _of("accuracy", "worst_group")
error_rate_difference = _of("error_rate", "difference")
error_rate_ratio = _of("error_rate", "ratio")
error_rate_worst_group = _of("error_rate", "worst_group")
true_positive_rate_difference = _of("true_positive_rate", "difference")
true_positive_rate_ratio = _of("true_positive_rate", "ratio")
true_positive_rate_worst_group = _of("true_positive_rate", "worst_group")
true_negative_rate_difference = _of("true_negative_rate", "difference")
true_negative_rate_ratio = _of("true_negative_rate", "ratio")
true_negative_rate_worst_group = _of("true_negative_rate", "worst_group")
false_positive_rate_difference = _of("false_positive_rate", "difference")
false_positive_rate_ratio = _of("false_positive_rate", "ratio")
false_positive_rate_worst_group = _of("false_positive_rate", "worst_group")
false_negative_rate_difference = _of("false_negative_rate", "difference")
false_negative_rate_ratio = _of("false_negative_rate", "ratio")
false_negative_rate_worst_group = _of("false_negative_rate", "worst_group")
positive_predictive_value_difference = _of("positive_predictive_value", "difference")
positive_predictive_value_ratio = _of("positive_predictive_value", "ratio")
positive_predictive_value_worst_group = _of("positive_predictive_value", "worst_group")
negative_predictive_value_difference = _of("negative_predictive_value", "difference")
false_discovery_rate_difference = _of("false_discovery_rate", "difference")
false_omission_rate_difference = _of("false_omission_rate", "difference")

demographic_parity_difference = _familiar("demographic_parity_difference")
demographic_parity_ratio = _familiar("demographic_parity_ratio")
statistical_parity_difference = _familiar("statistical_parity_difference")
disparate_impact = _familiar("disparate_impact")
p_percent_rule = _familiar("p_percent_rule")
equal_opportunity_difference = _familiar("equal_opportunity_difference")
equal_opportunity_ratio = _familiar("equal_opportunity_ratio")
accuracy_equality_difference = _familiar("accuracy_equality_difference")
predictive_parity_difference = _familiar("predictive_parity_difference")
predictive_equality_difference = _familiar("predictive_equality_difference")

equalized_odds_difference = _odds("equalized_odds_difference", _joint.equalized_odds_difference)
equalized_odds_ratio = _odds("equalized_odds_ratio", _joint.equalized_odds_ratio)
average_odds_difference = _odds("average_odds_difference", _joint.average_odds_difference)
