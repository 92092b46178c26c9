"""Run: the measure `fairness.proxies` from counting to limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, shortened, unmeasured
from hakari.measures.fairness.proxies.crossed import Crossed, cross
from hakari.measures.fairness.proxies.figures import Found, look_at, strongest
from hakari.measures.fairness.proxies.parameters import ProxiesParameters
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["measure_proxies"]

_MOST_BINS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """What was counted: column pairs, and columns that were not looked at with the reason."""

    crossed: tuple[Crossed, ...]
    skipped: tuple[tuple[str, Message], ...]


def measure_proxies(inputs: Inputs, parameters: ProxiesParameters, *, context: Context) -> Measured:
    """Measure how well each other column gives away each sensitive column.

    Raises:
        InputError: no sensitive column, an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    attributes = tuple(parameters.columns or inputs.columns.sensitive)
    _check(parameters, attributes)
    inputs.data.require(attributes)
    predictors = _predictors(inputs, parameters)
    scan = _scan(inputs, predictors, attributes, parameters, context)
    dependent = inputs.columns.weight is not None or inputs.columns.cluster is not None
    estimates: list[Estimate] = []
    found: list[Found] = []
    for attribute in attributes:
        pairs = [pair for pair in scan.crossed if pair.attribute == attribute]
        looked = [look_at(pair, parameters, len(scan.crossed), dependent, context) for pair in pairs]
        looked.sort(key=lambda each: (-each.strength, each.pair.predictor))
        found += looked
        for each in looked:
            estimates += each.estimates
        if pairs:
            continue
        slice_ = {attribute: "*"}
        estimates.append(unmeasured("theils_u", say("measures.fairness.proxies.nothing"), slice_=slice_))
    estimates += strongest(found, inputs.data.rows)
    tables = [_table(found), *(_counts(each.pair) for each in found)]
    return Measured(
        estimates=tuple(estimates), tables=tuple(tables), limits=tuple(_limits(inputs, scan, found, dependent))
    )


def _check(parameters: ProxiesParameters, attributes: tuple[str, ...]) -> None:
    if not attributes:
        raise InputError(say("measures.fairness.proxies.no_columns"))
    if not 2 <= parameters.bins <= _MOST_BINS:
        raise InputError(say("measures.fairness.proxies.bins", bins=parameters.bins, limit=_MOST_BINS))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.proxies.min_rows", rows=parameters.min_rows))
    error_of(parameters.confidence)


def _predictors(inputs: Inputs, parameters: ProxiesParameters) -> tuple[str, ...]:
    if parameters.predictors is not None:
        inputs.data.require(parameters.predictors)
        return tuple(dict.fromkeys(parameters.predictors))
    meaning = inputs.columns
    left_out = {meaning.label, meaning.prediction, meaning.score, meaning.weight, meaning.cluster}
    return tuple(column for column in inputs.data.columns if column not in left_out)


def _scan(
    inputs: Inputs,
    predictors: tuple[str, ...],
    attributes: tuple[str, ...],
    parameters: ProxiesParameters,
    context: Context,
) -> _Scan:
    crossed: list[Crossed] = []
    skipped: list[tuple[str, Message]] = []
    for number, predictor in enumerate(predictors):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(predictors), say("measures.fairness.proxies.progress"))
        found = cross(inputs.data, predictor, attributes, parameters.bins)
        if isinstance(found, Message):
            skipped.append((predictor, found))
        else:
            crossed += found
    context.progress(len(predictors), len(predictors), say("measures.fairness.proxies.progress"))
    return _Scan(crossed=tuple(crossed), skipped=tuple(skipped))


def _table(found: list[Found]) -> Table:
    """The scan as a table, strongest first; a figure that could not be had is None."""
    heads = ("attribute", "predictor", "theils_u", "cramers_v", "guess_accuracy", "guess_gain", "auc")
    rows = tuple((each.pair.attribute, each.pair.predictor, *each.row) for each in found)
    return Table(name="proxies", columns=heads, rows=rows)


def _counts(pair: Crossed) -> Table:
    rows = tuple(
        (pair.levels[r], pair.bands[c], int(pair.counts[r, c])) for r, c in np.argwhere(pair.counts > 0).tolist()
    )
    # The second column is only called by another name where both have the same one.
    heads = (pair.attribute, pair.predictor, "n")
    return Table(name=f"{pair.attribute} by {pair.predictor}", columns=heads, rows=rows)


def _limits(inputs: Inputs, scan: _Scan, found: list[Found], dependent: bool) -> Iterator[Message]:
    for key in ("alone", "not_use", "best_guess", "population"):
        yield say(f"measures.fairness.proxies.limit.{key}")
    if dependent:
        yield say("measures.fairness.proxies.limit.dependent")
    if scan.skipped:
        names: list[Message | str] = [
            say("measures.fairness.proxies.skipped", column=column, reason=reason) for column, reason in scan.skipped
        ]
        yield say("measures.fairness.proxies.limit.skipped", n=len(names), columns=shortened(names))
    sensitive = [each.pair.predictor for each in found if each.pair.predictor in inputs.columns.sensitive]
    if sensitive:
        yield say("measures.fairness.proxies.limit.sensitive", columns=sorted(set(sensitive)))
