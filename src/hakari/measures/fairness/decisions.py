"""`fairness.decisions`: every other metric of yes/no decisions by group, also within the levels of control columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, rate_estimates, slicings, tally_table, unmeasured
from hakari.measures.fairness import _indices
from hakari.measures.fairness._aggregates import aggregate_estimates
from hakari.measures.fairness._references import (
    REST,
    check_reference,
    deviation_estimate,
    reference_place,
    reference_suffix,
)
from hakari.measures.fairness._strata import Stratum, check_controls, control_limits, strata_of
from hakari.measures.fairness.groups import METRICS
from hakari.messages import Message, say
from hakari.statistics import RATES, ClopperPearson, GroupRates, Tally, group_rates
from hakari.statistics.confusion_matrix import confusion
from hakari.statistics.rates import GroupIndex

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["DecisionsParameters", "measure_decisions"]

_ODDS = ("true_positive_rate", "false_positive_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsParameters:
    """What `fairness.decisions` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one, such as a branch or a kind of product."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with a smaller denominator are listed, not compared."""
    confidence: float = 0.95
    """Of each aggregate's interval, and of the intervals of all groups together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What the parts of one measurement share."""

    parameters: DecisionsParameters
    error: float
    context: Context

    def slicing(self, tally: Tally, columns: tuple[str, ...], stratum: Stratum) -> Iterator[Estimate]:
        """Yield what one slicing has within a stratum."""
        kept = (*columns, *(axis for axis in ("label", "prediction", "cluster") if axis in tally.axes))
        part = tally if kept == tally.axes else tally.marginal(kept)
        rates = _rates(part, columns)
        names = [name for name in rates if stratum.levels or name not in METRICS]
        for name in names:
            yield from rate_estimates(rates[name], metric=name, confidence=self.parameters.confidence)
            yield from aggregate_estimates(
                rates[name],
                min_rows=self.parameters.min_rows,
                error=self.error,
                rng=lambda key: self.context.rng(f"{stratum.name}/{key}"),
            )
        if "label" in tally.axes:
            yield from _indices.joint_estimates(
                {name: rates[name] for name in _ODDS},
                columns,
                min_rows=self.parameters.min_rows,
                confidence=self.parameters.confidence,
                error=self.error,
            )
        if not stratum.levels:
            yield from self._described(part, columns, rates)

    def _described(self, part: Tally, columns: tuple[str, ...], rates: dict[str, GroupRates]) -> Iterator[Estimate]:
        dependent = part.weights is not None or "cluster" in part.axes
        confidence, error = self.parameters.confidence, self.error
        for name, each in rates.items():
            if dependent:
                yield _left_out(f"{name}_deviation", columns)
            else:
                limits = ClopperPearson(each.successes, each.trials)
                yield deviation_estimate(
                    name, limits, columns, each.trials.tolist(),
                    min_rows=self.parameters.min_rows, confidence=confidence,
                )  # fmt: skip
            if self.parameters.reference is not None:
                yield from self._to_reference(each, dependent)
        names = ("treatment_ratio", "demographic_disparity", "generalized_entropy_between", "bias_amplification")
        if dependent:
            yield from (_left_out(name, columns) for name in names)
        elif "label" not in part.axes:
            no_label = say("measures.fairness.groups.no_label")
            yield from (unmeasured(name, no_label, slice_=dict.fromkeys(columns, "*")) for name in names)
        else:
            counts = confusion(part, columns)
            yield from _indices.treatment_estimates(counts, confidence=confidence, error=error)
            yield from _indices.disparity(counts, confidence=confidence)
            yield from _indices.spread_indices(
                counts, min_rows=self.parameters.min_rows, confidence=confidence, rng=self.context.rng
            )

    def _to_reference(self, rates: GroupRates, dependent: bool) -> Iterator[Estimate]:
        wanted = self.parameters.reference
        if dependent:
            yield _left_out(f"{rates.metric}_difference_{reference_suffix(wanted)}", rates.columns)
            return
        place = reference_place(wanted, rates.groups)
        if wanted == REST or place is not None:
            found = None if place is None else rates.groups[place]
            yield from _indices.reference_estimates(rates, found, confidence=self.parameters.confidence)


def measure_decisions(inputs: Inputs, parameters: DecisionsParameters, *, context: Context) -> Measured:
    """Measure what `fairness.groups` leaves out: further rates, spread, odds, entropies, references and strata.

    Raises:
        InputError: no sensitive column, an unknown reference, too many strata, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = tuple(parameters.columns or inputs.columns.sensitive)
    if not columns:
        raise InputError(say("measures.fairness.groups.no_columns"))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.groups.min_rows", rows=parameters.min_rows))
    check_controls(columns, parameters.controls)
    work = _Work(parameters=parameters, error=error_of(parameters.confidence), context=context)
    labelled = inputs.columns.label is not None
    tally = inputs.tally((*columns, *parameters.controls), label=labelled, prediction=True)
    parts = slicings(columns, intersections=parameters.intersections)
    check_reference(parameters.reference, (group for part in parts for group in tally.marginal(part).cells))
    strata = strata_of(parameters.controls, tally.marginal(parameters.controls).cells if parameters.controls else ())
    estimates: list[Estimate] = list(_overall(tally, parameters.confidence, context)) if labelled else []
    steps = len(parts) * len(strata)
    done = 0
    for part in parts:
        for stratum in strata:
            if context.cancelled():
                raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
            context.progress(done, steps, say("measures.fairness.groups.progress", columns=list(part)))
            within = tally.where(**stratum.levels) if stratum.levels else tally
            estimates += stratum.within(work.slicing(within, part, stratum))
            done += 1
        if parameters.controls:
            estimates += _conditional(tally, part, work)
    context.progress(steps, steps, say("measures.fairness.groups.progress", columns=list(columns)))
    return Measured(
        estimates=tuple(estimates), tables=(tally_table(tally),), limits=tuple(_limits(parameters, labelled))
    )


def _rates(tally: Tally, columns: tuple[str, ...]) -> dict[str, GroupRates]:
    axes = set(tally.axes)
    indexed = GroupIndex.of(tally, columns)
    known = [name for name in RATES if set(RATES[name].needed_axes) <= axes]
    return {name: group_rates(tally, name, columns, indexed=indexed) for name in known}


def _overall(tally: Tally, confidence: float, context: Context) -> Iterator[Estimate]:
    kept = [axis for axis in ("label", "prediction", "cluster") if axis in tally.axes]
    return _indices.overall_indices(tally.marginal(kept), confidence=confidence, rng=context.rng)


def _conditional(tally: Tally, part: tuple[str, ...], work: _Work) -> list[Estimate]:
    name = "conditional_demographic_disparity"
    if tally.weights is not None or "cluster" in tally.axes:
        return [_left_out(name, part)]
    if "label" not in tally.axes:
        return [unmeasured(name, say("measures.fairness.groups.no_label"), slice_=dict.fromkeys(part, "*"))]
    controls = work.parameters.controls
    found = _indices.conditional_disparity(tally, part, controls, confidence=work.parameters.confidence)
    return [replace(each, slice={**each.slice, **dict.fromkeys(controls, "*")}) for each in found]


def _left_out(name: str, columns: tuple[str, ...]) -> Estimate:
    return unmeasured(name, _indices.DEPENDENT, slice_=dict.fromkeys(columns, "*"))


def _limits(parameters: DecisionsParameters, labelled: bool) -> Iterator[Message]:
    yield say("measures.fairness.groups.limit.not_cause")
    yield say("measures.fairness.groups.limit.not_law")
    if labelled:
        yield say("measures.fairness.groups.limit.labels")
        yield say("measures.fairness.decisions.limit.benefit")
    yield say("measures.fairness.groups.limit.population")
    yield say("measures.fairness.decisions.limit.described")
    yield from control_limits(parameters.controls)
