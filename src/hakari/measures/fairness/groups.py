"""`fairness.groups`: rates per group and intersection, their difference, ratio and worst group, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import (
    error_of,
    group_name,
    rate_estimates,
    shortened,
    slicings,
    tally_table,
    unmeasured,
)
from hakari.measures.fairness._aggregates import absent_aggregates, aggregate_estimates
from hakari.messages import Message, say
from hakari.statistics import MISSING, RATES, GroupRates, Tally, group_rates
from hakari.statistics.rates import GroupIndex

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["METRICS", "GroupsParameters", "measure_groups"]

METRICS = (
    "selection_rate",
    "base_rate",
    "accuracy",
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "true_negative_rate",
    "positive_predictive_value",
)
"""The rates, in the order of the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsParameters:
    """What `fairness.groups` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with a smaller denominator are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each aggregate's interval."""


def measure_groups(inputs: Inputs, parameters: GroupsParameters, *, context: Context) -> Measured:
    """Measure rates per group with simultaneous intervals, and their aggregates with the limits of the verdict rule.

    Raises:
        InputError: no sensitive column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = parameters.columns or inputs.columns.sensitive
    if not columns:
        raise InputError(say("measures.fairness.groups.no_columns"))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.groups.min_rows", rows=parameters.min_rows))
    error = error_of(parameters.confidence)
    labelled = inputs.columns.label is not None
    tally = inputs.tally(tuple(columns), label=labelled, prediction=True)
    estimates: list[Estimate] = []
    limits: list[Message] = _general_limits(labelled)
    groups: list[tuple[str, str, int, float]] = []
    parts = slicings(columns, intersections=parameters.intersections)
    for number, slicing in enumerate(parts):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(parts), say("measures.fairness.groups.progress", columns=list(slicing)))
        part = _reduced(tally, slicing)
        by_metric = _rates(part, slicing)
        estimates += _slice_estimates(by_metric, slicing, parameters, error, context)
        groups += _group_rows(by_metric["selection_rate"])
        limits += _group_limits(by_metric, parameters.min_rows)
    context.progress(len(parts), len(parts), say("measures.fairness.groups.progress", columns=list(columns)))
    table = Table(name="groups", columns=("columns", "group", "rows", "share"), rows=tuple(groups))
    return Measured(estimates=tuple(estimates), tables=(tally_table(tally), table), limits=tuple(limits))


def _reduced(tally: Tally, slicing: tuple[str, ...]) -> Tally:
    """Return the tally over one slicing, with label, prediction and cluster where it has them."""
    rest = tuple(axis for axis in ("label", "prediction", "cluster") if axis in tally.axes)
    axes = (*slicing, *rest)
    return tally if axes == tally.axes else tally.marginal(axes)


def _rates(tally: Tally, slicing: tuple[str, ...]) -> dict[str, GroupRates]:
    indexed = GroupIndex.of(tally, slicing)
    return {
        metric: group_rates(tally, metric, slicing, indexed=indexed)
        for metric in METRICS
        if "label" in tally.axes or not RATES[metric].needs_label
    }


def _slice_estimates(
    by_metric: dict[str, GroupRates],
    slicing: tuple[str, ...],
    parameters: GroupsParameters,
    error: float,
    context: Context,
) -> list[Estimate]:
    found: list[Estimate] = []
    no_label = say("measures.fairness.groups.no_label")
    for metric in METRICS:
        rates = by_metric.get(metric)
        if rates is None:
            found.append(unmeasured(metric, no_label, slice_=dict.fromkeys(slicing, "*")))
            found += absent_aggregates(metric, slicing, no_label)
            continue
        found += rate_estimates(rates, metric=metric, confidence=parameters.confidence)
        found += aggregate_estimates(rates, min_rows=parameters.min_rows, error=error, rng=context.rng)
    return found


def _group_rows(rates: GroupRates) -> list[tuple[str, str, int, float]]:
    total = max(sum(rates.rows), 1)
    columns = " × ".join(rates.columns)
    return [
        (columns, group_name(group), rows, rows / total) for group, rows in zip(rates.groups, rates.rows, strict=True)
    ]


def _general_limits(labelled: bool) -> list[Message]:
    keys = ["not_cause", "not_law", *(["labels"] if labelled else []), "not_worst", "population"]
    return [say(f"measures.fairness.groups.limit.{key}") for key in keys]


def _group_limits(by_metric: dict[str, GroupRates], min_rows: int) -> list[Message]:
    any_rate = by_metric["selection_rate"]
    found = [*_small_groups(any_rate, min_rows), *_thin_denominators(by_metric, min_rows)]
    if len(any_rate.columns) == 1:
        missing = sum(n for group, n in zip(any_rate.groups, any_rate.rows, strict=True) if group == (MISSING,))
        if missing:
            column = any_rate.columns[0]
            found.append(say("measures.fairness.groups.limit.missing", column=column, rows=missing))
    if any_rate.approximate:
        found.append(say("measures.fairness.groups.limit.approximate", method=any_rate.method))
    return found


def _small_groups(rates: GroupRates, min_rows: int) -> list[Message]:
    total = max(sum(rates.rows), 1)
    small = sorted(
        (rows, group_name(group)) for group, rows in zip(rates.groups, rates.rows, strict=True) if rows < min_rows
    )
    if not small:
        return []
    names = [say("measures.fairness.groups.small", group=name, rows=n, share=n / total) for n, name in small]
    rows = sum(n for n, _ in small)
    return [
        say(
            "measures.fairness.groups.limit.small",
            columns=list(rates.columns),
            groups=shortened(names),
            number=len(small),
            minimum=min_rows,
            rows=rows,
            share=rows / total,
        )
    ]


def _thin_denominators(by_metric: dict[str, GroupRates], min_rows: int) -> list[Message]:
    """Name large groups that a metric leaves out, because its own denominator is small (few actual positives, say)."""
    found: list[Message] = []
    for metric, rates in by_metric.items():
        names: list[Message | str] = [
            say("measures.fairness.groups.thin", group=group_name(group), trials=int(trials))
            for group, rows, trials in zip(rates.groups, rates.rows, rates.trials.tolist(), strict=True)
            if rows >= min_rows > trials
        ]
        if names:
            found.append(
                say(
                    "measures.fairness.groups.limit.thin",
                    columns=list(rates.columns),
                    metric=metric,
                    groups=shortened(names),
                    minimum=min_rows,
                )
            )
    return found
