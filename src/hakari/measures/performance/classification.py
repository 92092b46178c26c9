"""`performance.classification`: how a yes/no decision and its score agree with the labels, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import (
    NO_DENOMINATOR,
    error_of,
    group_estimates,
    rate_estimates,
    tally_table,
    unmeasured,
)
from hakari.measures.performance._scores import Scores, calibration_table, count_scores
from hakari.messages import Message, say
from hakari.statistics import Tally, group_rates, smooth_rates
from hakari.statistics.confusion_matrix import confusion

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["RATE_METRICS", "SCORE_METRICS", "ClassificationParameters", "measure_classification"]

RATE_METRICS: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "accuracy",
        "precision": "positive_predictive_value",
        "recall": "true_positive_rate",
        "true_negative_rate": "true_negative_rate",
    }
)
"""Name in the record → name of the rate."""
DECISION_METRICS = ("balanced_accuracy", "f1")
SCORE_METRICS = ("auc", "brier", "calibration_error")
_MOST_GROUPS = 500
# A bootstrap per group: beyond this many groups of one column it would take minutes.


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationParameters:
    """What `performance.classification` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    bins: int = 10
    """Bins of the calibration table; the calibration error itself always uses ten."""
    confidence: float = 0.95
    """Of each interval; over the groups of one column the intervals hold together."""
    by: tuple[str, ...] | None = None
    """Columns whose groups are measured as well; the sensitive columns if left out, none if empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What every part of one measurement needs."""

    tally: Tally
    scores: Scores | None
    parameters: ClassificationParameters
    context: Context


def measure_classification(inputs: Inputs, parameters: ClassificationParameters, *, context: Context) -> Measured:
    """Measure agreement of decisions and scores with the labels: overall, and in each group of each column.

    Raises:
        InputError: no label or prediction column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    if inputs.columns.label is None or inputs.columns.prediction is None:
        raise InputError(say("measures.performance.classification.needs"))
    if not 1 <= parameters.bins <= 1000:
        raise InputError(say("measures.performance.classification.bins", bins=parameters.bins))
    error_of(parameters.confidence)
    by = tuple(inputs.columns.sensitive if parameters.by is None else parameters.by)
    run = _Run(
        tally=inputs.tally(by, label=True, prediction=True),
        scores=count_scores(inputs, by) if inputs.columns.score else None,
        parameters=parameters,
        context=context,
    )
    estimates: list[Estimate] = []
    parts: list[tuple[str, ...]] = [(), *((column,) for column in by)]
    for number, part in enumerate(parts):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(parts), say("measures.performance.classification.progress"))
        estimates += _part_estimates(run, part)
    context.progress(len(parts), len(parts), say("measures.performance.classification.progress"))
    return Measured(estimates=tuple(estimates), tables=tuple(_tables(run)), limits=tuple(_limits(run)))


def _part_estimates(run: _Run, part: tuple[str, ...]) -> Iterator[Estimate]:
    """Yield all metrics of the whole (no columns) or of the groups of one column."""
    cluster = tuple(axis for axis in ("cluster",) if axis in run.tally.axes)
    tally = run.tally.marginal((*part, "label", "prediction", *cluster))
    for metric, rate in RATE_METRICS.items():
        yield from rate_estimates(group_rates(tally, rate, part), metric=metric, confidence=run.parameters.confidence)
    for metric in DECISION_METRICS:
        yield from _smooth_estimates(run, tally, metric, part)
    if run.scores is None or (part and not run.scores.grouped):
        reason = "no_score" if run.scores is None else "too_many_cells"
        slice_ = dict.fromkeys(part, "*")
        yield from (unmeasured(metric, _NO_SCORES[reason], slice_=slice_) for metric in SCORE_METRICS)
        return
    for metric in SCORE_METRICS:
        yield from _smooth_estimates(run, run.scores.tally, metric, part)


_NO_SCORES = MappingProxyType(
    {
        "no_score": say("measures.performance.classification.no_score"),
        "too_many_cells": say("measures.performance.classification.too_many_cells"),
    }
)
_REASONS = MappingProxyType(
    {
        "f1": say("measures.performance.classification.no_positive"),
        "auc": say("measures.performance.classification.one_class"),
        "balanced_accuracy": say("measures.performance.classification.one_class"),
    }
)


def _smooth_estimates(run: _Run, tally: Tally, metric: str, part: tuple[str, ...]) -> Iterator[Estimate]:
    slice_ = dict.fromkeys(part, "*")
    if tally.weights is not None or "cluster" in tally.axes:
        yield unmeasured(metric, say("measures.performance.classification.weighted"), slice_=slice_)
        return
    groups = len(tally.levels(part[0])) if part else 1
    if groups > _MOST_GROUPS:
        reason = say("measures.performance.classification.too_many_groups", groups=groups, limit=_MOST_GROUPS)
        yield unmeasured(metric, reason, slice_=slice_)
        return
    rates = smooth_rates(tally, metric, part, rng=run.context.rng("/".join((metric, *part))))
    yield from group_estimates(
        rates.limits,
        part,
        rates.groups,
        metric=metric,
        n=[int(rows) for rows in rates.trials],
        confidence=run.parameters.confidence,
        reason=_REASONS.get(metric, NO_DENOMINATOR),
    )


def _tables(run: _Run) -> Iterator[Table]:
    yield tally_table(run.tally)
    counts = confusion(run.tally).counts[0]
    cells = tuple((label, prediction, int(counts[label, prediction])) for label in (0, 1) for prediction in (0, 1))
    yield Table(name="confusion", columns=("label", "prediction", "n"), rows=cells)
    if run.scores is not None:
        yield run.scores.table
        yield calibration_table(run.scores.tally, bins=run.parameters.bins, confidence=run.parameters.confidence)


def _limits(run: _Run) -> Iterator[Message]:
    yield say("measures.performance.classification.limit.labels")
    yield say("measures.performance.classification.limit.population")
    yield say("measures.performance.classification.limit.cost")
    rates = group_rates(run.tally, "accuracy")
    if rates.approximate:
        yield say("measures.performance.classification.limit.approximate", method=rates.method)
    else:
        yield say("measures.performance.classification.limit.asymptotic")
    if run.scores is None:
        return
    yield say("measures.performance.classification.limit.calibration")
    if run.scores.rounding is not None:
        yield say("measures.performance.classification.limit.rounded", error=run.scores.rounding)
