"""`fairness.regression`: how predicted amounts miss the real ones in each group, and how far the groups lie apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, slicings, unmeasured
from hakari.measures.fairness._rows import (
    Reading,
    Slicing,
    Unusable,
    check_row_reference,
    checked_columns,
    finite,
    further_estimates,
    mean_rows,
    mean_table,
    row_strata,
    slicing_estimates,
    slicing_of,
    small_groups,
    weights_and_units,
)
from hakari.measures.fairness._strata import control_limits
from hakari.messages import Message, say
from hakari.statistics import Limits
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.regression import LOSSES, QUANTILES, loss_metric, row_values
from hakari.statistics.metrics.rows import MeanLimits, mean_limits, quantile_limits

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["METRICS", "RegressionParameters", "measure_regression"]

_SIGNED: Mapping[str, Spreading] = MappingProxyType({"difference": "difference"})
_SIZES: Mapping[str, Spreading] = MappingProxyType(
    {"difference": "difference", "ratio": "ratio", "worst_group": "highest"}
)
MEANS: Mapping[str, Mapping[str, Spreading]] = MappingProxyType(
    {
        "mean_target": _SIGNED,
        "mean_prediction": _SIGNED,
        "residual_mean": _SIGNED,
        "mean_absolute_error": _SIZES,
        "mean_squared_error": _SIZES,
        "root_mean_squared_error": _SIZES,
    }
)
"""Metric → its numbers over the groups."""
METRICS = (*MEANS, *QUANTILES)
"""The metrics of each group, in the order of the record."""
_BINS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionParameters:
    """What `fairness.regression` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    target: str | None = None
    """Column of the real amounts; the label column if left out."""
    prediction: str | None = None
    """Column of the predicted amounts; the prediction column if left out."""
    loss: Literal["absolute", "square"] = "square"
    """Loss of a row in the bounded group loss."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one, such as a branch or a kind of product."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured as well."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each number over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Amounts:
    """Everything that was read."""

    target: FloatArray
    prediction: FloatArray
    weight: FloatArray | None
    unit: IntArray | None
    values: Mapping[str, FloatArray]
    """What is averaged, by metric: one number for each row (N,)."""

    def among(self, rows: BoolArray) -> _Amounts:
        """Some of the rows (N,)."""
        weight = None if self.weight is None else self.weight[rows]
        unit = None if self.unit is None else self.unit[rows]
        values = {name: each[rows] for name, each in self.values.items()}
        return _Amounts(self.target[rows], self.prediction[rows], weight, unit, values)


def measure_regression(inputs: Inputs, parameters: RegressionParameters, *, context: Context) -> Measured:
    """Measure residuals and losses per group, and their differences, ratios and worst groups.

    Raises:
        InputError: no sensitive column, an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = checked_columns(inputs, "fairness.regression", parameters.columns, parameters.min_rows)
    if parameters.loss not in LOSSES:
        raise InputError(say("measures.fairness.regression.loss", loss=parameters.loss, known=list(LOSSES)))
    error_of(parameters.confidence)
    parts = ((), *slicings(columns, intersections=parameters.intersections))
    try:
        amounts = _read(inputs, parameters)
    except Unusable as unusable:
        return Measured(estimates=tuple(_absent(parts, unusable.reason)))
    strata = row_strata(inputs, columns, parameters.controls)
    levels = inputs.data.read(columns)
    check_row_reference(levels, parts, len(amounts.target), parameters.reference)
    estimates: list[Estimate] = []
    limits = [*_limits(amounts), *control_limits(parameters.controls)]
    rows: list[tuple[Any, ...]] = []
    bins: list[tuple[Any, ...]] = []
    edges = _edges(amounts.values["residual_mean"])
    steps = [(part, *each) for part in parts for each in strata]
    for number, (part, stratum, chosen) in enumerate(steps):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(steps), say("measures.fairness.regression.progress"))
        slicing, some = slicing_of(levels, part, len(amounts.target)), amounts
        if stratum.levels:
            slicing, some = slicing.among(chosen), amounts.among(chosen)
        means = _means(some, slicing)
        estimates += stratum.within(_estimates(means, some, slicing, parameters))
        rows += mean_rows({name: means[name] for name in means if name != "root_mean_squared_error"}, slicing, stratum)
        if not stratum.levels:
            bins += _bin_rows(amounts.values["residual_mean"], slicing, edges)
            limits += small_groups(slicing, parameters.min_rows)
    context.progress(len(steps), len(steps), say("measures.fairness.regression.progress"))
    return Measured(estimates=tuple(estimates), tables=(mean_table(rows), _bin_table(bins)), limits=tuple(limits))


def _read(inputs: Inputs, parameters: RegressionParameters) -> _Amounts:
    target, prediction = parameters.target or inputs.columns.label, parameters.prediction or inputs.columns.prediction
    if target is None or prediction is None:
        raise Unusable(say("measures.fairness.regression.no_amounts"))
    found = finite(inputs.data, target), finite(inputs.data, prediction)
    return _Amounts(*found, *weights_and_units(inputs, inputs.columns.cluster), row_values(*found))


def _absent(parts: tuple[tuple[str, ...], ...], reason: Message) -> Iterator[Estimate]:
    for part in parts:
        slice_ = dict.fromkeys(part, "*")
        yield from (unmeasured(metric, reason, slice_=slice_) for metric in METRICS)
        if part:
            for metric in METRICS:
                over = MEANS.get(metric, _SIGNED)
                yield from (unmeasured(f"{metric}_{suffix}", reason, slice_=slice_) for suffix in over)
            yield unmeasured("bounded_group_loss", reason, slice_=slice_)


def _means(amounts: _Amounts, slicing: Slicing) -> dict[str, MeanLimits]:
    found: dict[str, MeanLimits] = {}
    for metric, over in MEANS.items():
        if metric == "root_mean_squared_error":
            found[metric] = found["mean_squared_error"].shown_as("root")
            continue
        least = 0.0 if over is _SIZES else -np.inf
        size = len(slicing.groups)
        found[metric] = mean_limits(
            amounts.values[metric], slicing.index, size, weight=amounts.weight, unit=amounts.unit, least=least
        )
    return found


def _quantiles(amounts: _Amounts, slicing: Slicing) -> dict[str, Limits]:
    """Limits of the quantiles; none where rows have weights or clusters."""
    if amounts.weight is not None or amounts.unit is not None:
        return {}
    found = quantile_limits(
        amounts.values["residual_mean"], slicing.index, len(slicing.groups), tuple(QUANTILES.values())
    )
    return dict(zip(QUANTILES, found, strict=True))


def _estimates(
    means: Mapping[str, MeanLimits], amounts: _Amounts, slicing: Slicing, parameters: RegressionParameters
) -> Iterator[Estimate]:
    """Yield all numbers of one slicing."""
    reading = Reading(
        min_rows=parameters.min_rows, confidence=parameters.confidence,
        reference=parameters.reference, deviation=parameters.deviation,
    )  # fmt: skip
    quantiles = _quantiles(amounts, slicing)
    rests = reading.rests(slicing, lambda two: {**_means(amounts, two), **_quantiles(amounts, two)})
    n = slicing.rows.tolist()
    loss = f"{loss_metric(parameters.loss)}_worst_group"
    for metric, over in MEANS.items():
        named = {f"{metric}_{suffix}": spreading for suffix, spreading in over.items()}
        for estimate in slicing_estimates(
            means[metric], slicing, metric=metric, n=n, min_rows=parameters.min_rows,
            confidence=parameters.confidence, over=named,
        ):  # fmt: skip
            yield estimate
            if estimate.metric == loss:
                yield Estimate(
                    metric="bounded_group_loss", slice=estimate.slice, value=estimate.value,
                    interval=estimate.interval, n=estimate.n,
                )  # fmt: skip
        yield from further_estimates(
            means[metric], slicing, metric=metric, n=n, reading=reading, over=over, rest=rests.get(metric)
        )
    # The plain quantile of weighted rows would be the quantile of another population.
    reason = say("measures.fairness.regression.no_quantile")
    for metric in QUANTILES:
        if metric not in quantiles:
            yield unmeasured(metric, reason, slice_=slicing.star)
            if slicing.columns:
                yield unmeasured(f"{metric}_difference", reason, slice_=slicing.star)
            continue
        yield from slicing_estimates(
            quantiles[metric], slicing, metric=metric, n=n, min_rows=parameters.min_rows,
            confidence=parameters.confidence, over={f"{metric}_difference": "difference"},
        )  # fmt: skip
        yield from further_estimates(
            quantiles[metric], slicing, metric=metric, n=n, reading=reading, over=_SIGNED, rest=rests.get(metric)
        )


def _edges(residual: FloatArray) -> FloatArray:
    """Inner edges of bins of equal width over the middle 98 % of all residuals; the outer bins are open."""
    if len(residual) == 0:
        return np.zeros(0)
    low, high = np.quantile(residual, [0.01, 0.99])
    return np.unique(np.linspace(low, high, _BINS - 1))


def _bin_rows(residual: FloatArray, slicing: Slicing, edges: FloatArray) -> Iterator[tuple[Any, ...]]:
    width = len(edges) + 1
    place = slicing.index * width + np.searchsorted(edges, residual, side="right")
    counts = np.bincount(place, minlength=len(slicing.groups) * width).reshape(-1, width)
    ends = [None, *edges.tolist(), None]
    columns = " × ".join(slicing.columns)
    for group, line in zip(slicing.groups, counts.tolist(), strict=True):
        for number, n in enumerate(line):
            yield (columns, group_name(group), number + 1, ends[number], ends[number + 1], n)


def _bin_table(rows: list[tuple[Any, ...]]) -> Table:
    return Table(name="residuals", columns=("columns", "group", "bin", "low", "high", "n"), rows=tuple(rows))


def _limits(amounts: _Amounts) -> Iterator[Message]:
    yield say("measures.fairness.groups.limit.not_cause")
    yield say("measures.fairness.groups.limit.not_law")
    yield say("measures.fairness.groups.limit.population")
    yield say("measures.fairness.regression.limit.target")
    yield say("measures.fairness.rows.limit.heavy")
    if amounts.unit is not None:
        yield say("measures.fairness.rows.limit.clusters")
