"""`explanation.counterfactual`: whether refused people have a change open to them that the model would accept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.inputs.values import class_text, is_missing, level
from hakari.measures._constraints import read_constraints
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_slice, rate_estimates, slicings, tally_table, unmeasured
from hakari.measures.explanation._asking import ask_inputs, read_features
from hakari.measures.explanation.recourse.finding import find_recourse
from hakari.measures.explanation.recourse.medians import median_estimate
from hakari.messages import Message, say
from hakari.statistics import Tally, group_rates
from hakari.statistics.tally import cell_key

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.measures.explanation.recourse.results import Recourse
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["CounterfactualParameters", "measure_counterfactual"]

_METRICS: Final = ("recourse_share", "recourse_cost_median", "changes_median", "implausible_share", "model_agreement")
_MOST_ASKED: Final = 10_000
"""Rows of the file on which model and file are compared, and among which refused ones are drawn."""
_BACKGROUND: Final = 5_000
"""Rows that prices, limits and plausibility come from."""
_TWICE: Final = 100
"""Rows that the model is asked about twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterfactualParameters:
    """What `explanation.counterfactual` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    constraints: Mapping[str, Any] = field(default_factory=dict)
    """The constraint file's content: which columns may change, how far, and at which cost."""
    columns: tuple[str, ...] | None = None
    """Columns whose groups are measured as well; the sensitive columns if left out, none if empty."""
    favourable: Literal["positive", "negative"] = "positive"
    """The class that people want."""
    rows: int = 200
    """How many refused rows are drawn."""
    count: int = 3
    """Alternatives that are looked for per row."""
    most_model_rows: int = 2_000_000
    """Rows that the model is asked for at most."""
    confidence: float = 0.95
    """Of each interval; over the groups of one slicing the intervals hold together."""


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The refused rows that were drawn, and how model and file agree."""

    rows: IntArray
    refused: int
    """Refused rows among those looked at."""
    looked_at: int
    agreeing: int | None
    """Rows on which model and file agree; None where the file has no decisions."""


def measure_counterfactual(inputs: Inputs, parameters: CounterfactualParameters, *, context: Context) -> Measured:
    """Draw refused rows, look for changes within the constraints, and measure who has one and at which cost.

    Without a constraint file or a model that can be asked every estimate says so.

    Raises:
        InputError: a parameter out of its range, constraints that cannot be read or do not fit the columns, or a model
            that fails.
        InterruptedRun: the person asked to stop.
    """
    error_of(parameters.confidence)
    if parameters.rows < 1 or parameters.count < 1 or parameters.most_model_rows < 1:
        raise InputError(say("measures.explanation.counterfactual.range", count=parameters.count, rows=parameters.rows))
    reason = _absent(inputs, parameters)
    if reason is not None:
        return Measured(estimates=tuple(unmeasured(metric, reason) for metric in _METRICS))
    constraints = read_constraints(parameters.constraints)
    asked = ask_inputs(inputs)
    assert inputs.model is not None
    names, threshold = inputs.model.features, inputs.model.spec.threshold
    features = read_features(inputs.data, names)
    drawn = _draw(inputs, asked, features, threshold, parameters, context)
    source = inputs.data if inputs.train is None else inputs.train
    background = read_features(source, names)
    if background.rows > _BACKGROUND:
        chosen = context.rng("background").choice(background.rows, _BACKGROUND, replace=False)
        background = background.take(np.sort(chosen))

    told: list[int] = []

    def progress(done: int, total: int) -> None:
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        if told[-1:] != [done]:
            told.append(done)
            context.progress(done, total, say("measures.explanation.counterfactual.progress"))

    found = None
    if len(drawn.rows):
        found = find_recourse(
            asked, features.take(drawn.rows), background, constraints, threshold=threshold,
            rng=context.rng("recourse"), wanted=_wanted(parameters), count=parameters.count,
            most_model_rows=parameters.most_model_rows, progress=progress,
        )  # fmt: skip
    limits = tuple(_limits(inputs, asked, features, drawn, found))
    return _measured(inputs, parameters, drawn, found, limits)


def _absent(inputs: Inputs, parameters: CounterfactualParameters) -> Message | None:
    """Why nothing can be measured, if so."""
    if inputs.model is None or not inputs.model.features:
        return say("measures.explanation.asking.no_model")
    if not parameters.constraints:
        return say("measures.explanation.counterfactual.no_constraints")
    return None


def _wanted(parameters: CounterfactualParameters) -> Literal["at_least", "below"]:
    return "at_least" if parameters.favourable == "positive" else "below"


def _draw(
    inputs: Inputs,
    asked: Asked,
    features: Features,
    threshold: float,
    parameters: CounterfactualParameters,
    context: Context,
) -> _Drawn:
    """Rows that the model and, where it has decisions, the file refuse."""
    places = np.arange(features.rows)
    if len(places) > _MOST_ASKED:
        places = np.sort(context.rng("asked").choice(len(places), _MOST_ASKED, replace=False))
    positive = asked(features.take(places)) >= threshold
    refused = positive != (parameters.favourable == "positive")
    column = inputs.columns.prediction
    agreeing = None
    if column is not None:
        values = inputs.data.read([column])[column][places].tolist()
        known = np.array([not is_missing(value) for value in values], dtype=bool)
        wanted = class_text(inputs.columns.positive)
        written = np.array([class_text(value) == wanted for value in values], dtype=bool)
        agreeing = int((known & (written == positive)).sum())
        refused &= known & (written == positive)
    candidates = places[refused]
    chosen = candidates
    if len(candidates) > parameters.rows:
        chosen = np.sort(context.rng("rows").choice(candidates, parameters.rows, replace=False))
    return _Drawn(chosen, len(candidates), len(places), agreeing)


def _measured(
    inputs: Inputs,
    parameters: CounterfactualParameters,
    drawn: _Drawn,
    found: Recourse | None,
    limits: tuple[Message, ...],
) -> Measured:
    confidence = parameters.confidence
    agreement: Iterator[Estimate] | tuple[Estimate, ...]
    agreement = (unmeasured("model_agreement", say("measures.explanation.counterfactual.no_predictions")),)
    if drawn.agreeing is not None:
        agreement = _share("model_agreement", drawn.agreeing, drawn.looked_at, confidence)
    if found is None:
        reason = say("measures.explanation.counterfactual.none_refused", rows=drawn.looked_at)
        return Measured(estimates=(*(unmeasured(each, reason) for each in _METRICS[:-1]), *agreement), limits=limits)
    columns = tuple(inputs.columns.sensitive if parameters.columns is None else parameters.columns)
    groups = _levels(inputs, columns, drawn.rows)
    cells = zip(groups, found.found.tolist(), strict=True)
    tally = Tally.from_cells((*columns, "prediction"), ((*group, int(has), 1) for group, has in cells))
    estimates: list[Estimate] = []
    for by in ((), *slicings(columns)):
        estimates += rate_estimates(
            group_rates(tally, "recourse_share", by), metric="recourse_share", confidence=confidence
        )
        part = [tuple(group[columns.index(name)] for name in by) for group in groups]
        estimates += _medians("recourse_cost_median", found.first_costs, by, part, confidence)
        estimates += _medians("changes_median", found.changes, by, part, confidence)
    odd = sum(each[0].implausible for each in found.alternatives if each)
    estimates += _share("implausible_share", odd, int(found.found.sum()), confidence)
    table = tally_table(tally, name="recourse")
    return Measured(estimates=(*estimates, *agreement), tables=(table, _statuses(found)), limits=limits)


def _levels(inputs: Inputs, columns: Sequence[str], rows: IntArray) -> list[tuple[str | int | float, ...]]:
    """The group of each drawn row, over all columns."""
    if not columns:
        return [()] * len(rows)
    inputs.data.require(columns)
    values = inputs.data.read(columns)
    return list(zip(*([level(each) for each in values[name][rows].tolist()] for name in columns), strict=True))


def _share(metric: str, hits: int, total: int, confidence: float) -> tuple[Estimate, ...]:
    """A share of rows with its exact interval."""
    tally = Tally.from_cells(("prediction",), [(1, hits), (0, total - hits)])
    return rate_estimates(group_rates(tally, "selection_rate", ()), metric=metric, confidence=confidence)


def _medians(
    metric: str,
    values: FloatArray,
    by: Sequence[str],
    part: Sequence[tuple[str | int | float, ...]],
    confidence: float,
) -> Iterator[Estimate]:
    groups = sorted(set(part), key=cell_key)
    for group in groups:
        own: BoolArray = np.array([each == group for each in part], dtype=bool)
        yield median_estimate(
            metric, values[own], slice_=group_slice(by, group), confidence=confidence, groups=len(groups)
        )


def _statuses(found: Recourse) -> Table:
    """How the search ended, counted."""
    counts = {status: found.statuses.count(status) for status in ("found", "none_exists", "not_found")}
    return Table(name="recourse_search", columns=("status", "n"), rows=tuple(counts.items()))


def _limits(
    inputs: Inputs, asked: Asked, features: Features, drawn: _Drawn, found: Recourse | None
) -> Iterator[Message]:
    yield say("measures.explanation.counterfactual.limit.model")
    yield say("measures.explanation.counterfactual.limit.costs")
    if len(drawn.rows) < drawn.refused:
        yield say("measures.explanation.counterfactual.limit.drawn", rows=len(drawn.rows), total=drawn.refused)
    if inputs.columns.weight is not None or inputs.columns.cluster is not None:
        yield say("measures.explanation.counterfactual.limit.dependent")
    if found is not None:
        lost, proved = found.statuses.count("not_found"), found.statuses.count("none_exists")
        if lost:
            yield say("measures.explanation.counterfactual.limit.not_found", rows=lost)
        if proved:
            yield say("measures.explanation.counterfactual.limit.none_exists", rows=proved)
    if asked.repeat_difference(features.take(slice(0, _TWICE))) > 0:
        yield say("measures.explanation.counterfactual.limit.changing")
