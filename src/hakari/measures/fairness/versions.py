"""`fairness.versions`: whether a newer version is not worse for any group than an earlier one, on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.inputs.classes import encode_classes
from hakari.inputs.numbers import check_weights
from hakari.inputs.tables import WEIGHT_SCALE
from hakari.inputs.values import text
from hakari.measures._contract import Measured
from hakari.measures._estimates import (
    error_of,
    group_estimates,
    group_name,
    group_slice,
    shortened,
    slicings,
    tally_table,
    unmeasured,
)
from hakari.messages import Message, say
from hakari.statistics import MISSING, RATES, Limits, Tally, look_error
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.paired import (
    OTHER,
    PAIRED_RATES,
    Comparison,
    PairedCells,
    compare,
    harm_levels,
    loss_p_values,
    paired_cells,
)

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["METRICS", "VersionsParameters", "measure_versions"]

METRICS = ("selection_rate", "accuracy", "true_positive_rate", "false_positive_rate")
"""The rates that are compared unless others are named."""

_SUFFIXES = ("earlier", "newer", "change", "harm_p")
_NO_INTERVAL = Unmeasured(unmeasured=say("measures.fairness.versions.p_value"))
_IS_A_LIMIT = Unmeasured(unmeasured=say("measures.fairness.versions.is_a_limit"))
_IS_A_COUNT = Unmeasured(unmeasured=say("measures.fairness.versions.is_a_count"))
_FEW_CLUSTERS = say("measures.fairness.groups.too_few_clusters")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsParameters:
    """What `fairness.versions` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    other: str | None = None
    """Column with the earlier version's decisions on the same rows; the newer version's are the prediction column."""
    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    intersections: bool = True
    """Whether the groups of all columns crossed are compared as well."""
    metrics: tuple[str, ...] = METRICS
    """Rates that are compared; each must have a denominator that both versions share."""
    margin: float = 0.02
    """A change for the worse of less than this is accepted; an example that people must replace."""
    favourable: bool = True
    """Whether being selected is good for a person: then a lower selection rate is the worse one."""
    min_rows: int = 30
    """Groups with a smaller denominator are outside the claim of `not worse`; harm may still be shown in them."""
    coverage_min: float = 0.95
    """Least share of the denominators that the compared groups must hold for `not worse`."""
    confidence: float = 0.95
    """Of the simultaneous intervals; half of the rest is the error of `not worse`, half that of harm."""
    look: int = 1
    """1, 2, …: how many samples of these two versions have been compared, this one included."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One rate over the groups of one slicing."""

    cells: PairedCells
    p_values: FloatArray
    """Of harm (G,); 1 where there are no trials or too few clusters."""
    few: BoolArray
    """Groups with too few clusters (G,)."""
    worse: int

    @property
    def tested(self) -> IntArray:
        """Groups that have rows at all."""
        return np.flatnonzero(self.cells.trials > 0)


@dataclass(frozen=True, slots=True)
class _Result:
    """What was found for one rate over the groups of one slicing."""

    part: _Part
    comparison: Comparison
    closed: Message | None
    """Why no bound holds for all its groups, or None."""


def measure_versions(inputs: Inputs, parameters: VersionsParameters, *, context: Context) -> Measured:
    """Compare two versions on the same rows, group by group.

    Raises:
        InputError: no sensitive column, missing decisions, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = parameters.columns or inputs.columns.sensitive
    if not columns:
        raise InputError(say("measures.fairness.versions.no_columns"))
    error = _check(parameters)
    parts = slicings(columns, intersections=parameters.intersections)
    if parameters.other is None:
        return Measured(
            estimates=tuple(_nothing(parts, parameters.metrics, say("measures.fairness.versions.no_other")))
        )
    tally = _count(inputs, tuple(columns), parameters.other)
    found, estimates = _parts(tally, parts, parameters, context)
    # One family for harm: every group of every slicing by every rate.
    p_values = [float(part.p_values[group]) for part in found for group in part.tested]
    levels = iter(harm_levels(p_values, error / 2))
    changes: list[tuple[Any, ...]] = []
    verdicts: list[tuple[Any, ...]] = []
    results: list[_Result] = []
    for part in found:
        level = {int(group): next(levels) for group in part.tested}
        harmed = tuple(group for group, most in level.items() if part.p_values[group] <= most)
        result, compared, share = _compared(part, harmed, parameters, error)
        results.append(_Result(part, result, _not_claimed(part, compared, share, parameters.coverage_min)))
        estimates += _estimates(part, result, compared, parameters, error)
        changes += _change_rows(part, level)
        verdicts.append(_verdict_row(part, result, compared, share, parameters.margin))
    figures = _figures(results, parameters.metrics, tally.total)
    tables = (tally_table(tally), _changes_table(changes), _verdicts_table(verdicts, error))
    limits = tuple(_limits(inputs, parameters, found, len(p_values)))
    return Measured(estimates=(*figures, *estimates), tables=tables, limits=limits)


def _nothing(slices: Sequence[tuple[str, ...]], metrics: Sequence[str], reason: Message) -> Iterator[Estimate]:
    yield from (unmeasured(f"{metric}_loss_bound", reason) for metric in metrics)
    yield unmeasured("groups_harmed", reason)
    for slicing in slices:
        for metric in metrics:
            yield from _absent(metric, slicing, reason)


def _not_claimed(part: _Part, compared: IntArray, share: float, least: float) -> Message | None:
    """Why no bound holds for all groups, or None."""
    if not len(compared):
        return say("measures.fairness.versions.no_groups")
    if np.any(part.few[compared]):
        return _FEW_CLUSTERS
    return say("measures.fairness.versions.no_coverage") if share < least else None


def _figures(results: Sequence[_Result], metrics: Sequence[str], rows: int) -> Iterator[Estimate]:
    """Figures that a check can name: the largest loss that is not excluded anywhere, and in how many groups harm is."""
    no_label = say("measures.fairness.groups.no_label")
    for metric in metrics:
        own = [result for result in results if result.part.cells.metric == metric]
        name, trials = f"{metric}_loss_bound", int(own[0].part.cells.trials.sum()) if own else 0
        reason = next((result.closed for result in own if result.closed is not None), None)
        if reason is not None or not own:
            yield unmeasured(name, reason or no_label, n=trials)
            continue
        bound = max(result.part.worse * result.comparison.bound for result in own)
        yield Estimate(metric=name, value=bound, interval=_IS_A_LIMIT, n=trials)
    if not results:
        yield unmeasured("groups_harmed", no_label)
        return
    shown = {
        (each.part.cells.columns, each.part.cells.groups[group]) for each in results for group in each.comparison.harmed
    }
    yield Estimate(metric="groups_harmed", value=float(len(shown)), interval=_IS_A_COUNT, n=rows)


def _parts(
    tally: Tally, slices: Sequence[tuple[str, ...]], parameters: VersionsParameters, context: Context
) -> tuple[list[_Part], list[Estimate]]:
    """Every rate over every slicing, and what is absent because there are no labels."""
    found: list[_Part] = []
    absent: list[Estimate] = []
    for number, slicing in enumerate(slices):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(slices), say("measures.fairness.versions.progress", columns=list(slicing)))
        axes = (*slicing, *(axis for axis in ("label", OTHER, "prediction", "cluster") if axis in tally.axes))
        reduced = tally.marginal(axes)
        for metric in parameters.metrics:
            if RATES[metric].needs_label and "label" not in tally.axes:
                absent += _absent(metric, slicing, say("measures.fairness.groups.no_label"))
            else:
                found.append(_part(reduced, metric, slicing, parameters.favourable))
    last = say("measures.fairness.versions.progress", columns=list(slices[-1]))
    context.progress(len(slices), len(slices), last)
    return found, absent


def _check(parameters: VersionsParameters) -> float:
    """Return α at this look."""
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.versions.min_rows", rows=parameters.min_rows))
    if not 0 <= parameters.coverage_min <= 1:
        raise InputError(say("measures.fairness.versions.coverage", coverage=parameters.coverage_min))
    if not 0 < parameters.margin < 1:
        raise InputError(say("statistics.paired.margin", margin=f"{parameters.margin:g}"))
    if not parameters.metrics or len(set(parameters.metrics)) < len(parameters.metrics):
        raise InputError(say("measures.fairness.versions.metrics", known=list(PAIRED_RATES)))
    for metric in parameters.metrics:
        if metric not in PAIRED_RATES:
            raise InputError(say("statistics.paired.unpaired", metric=metric, known=list(PAIRED_RATES)))
    return look_error(error_of(parameters.confidence), parameters.look)


def _count(inputs: Inputs, by: tuple[str, ...], other: str) -> Tally:
    """Count the rows once over the groups, label, both decisions and cluster."""
    declared = inputs.columns
    if declared.prediction is None:
        raise InputError(say("inputs.columns.undeclared", meaning="prediction"))
    if other == declared.prediction:
        raise InputError(say("measures.fairness.versions.same", column=other))
    parts = {"label": declared.label, OTHER: other, "prediction": declared.prediction, "cluster": declared.cluster}
    named = {axis: column for axis, column in parts.items() if column is not None}
    if declared.weight is not None:
        check_weights(inputs.data, declared.weight)
    cells = inputs.data.merge_cells([*by, *named.values()], weight=declared.weight)
    for place, column in enumerate(named.values(), start=len(by)):
        missing = sum(numbers[0] for cell, numbers in cells.items() if cell[place] == MISSING)
        if missing:
            raise InputError(say("measures.fairness.versions.missing", column=column, rows=missing))
    classes = {axis: column for axis, column in named.items() if axis != "cluster"}
    values = {column: {cell[i] for cell in cells} for i, column in enumerate(classes.values(), start=len(by))}
    codes = encode_classes(values, declared.positive, declared.negative)
    spell: list[Callable[[Any], Any]] = [text for _ in by]
    spell += [codes[column].__getitem__ for column in classes.values()]
    spell += [text] * ("cluster" in named)
    rows = ([*(to(value) for to, value in zip(spell, cell, strict=True)), *n] for cell, n in cells.items())
    return Tally.from_rows((*by, *named), rows, None if declared.weight is None else WEIGHT_SCALE)


def _part(tally: Tally, metric: str, slicing: tuple[str, ...], favourable: bool) -> _Part:
    cells = paired_cells(tally, metric, slicing)
    high_is = RATES[metric].high_is
    worse = {"good": -1, "bad": 1}.get(high_is, -1 if favourable else 1)
    gains = getattr(cells.change, "gained", None)
    few = np.asarray(getattr(gains, "few_clusters", np.zeros(len(cells.groups), dtype=bool)), dtype=bool)
    p_values = np.where((cells.trials > 0) & ~few, loss_p_values(cells.change, worse=worse), 1.0)
    return _Part(cells, p_values, few, worse)


def _compared(
    part: _Part, harmed: tuple[int, ...], parameters: VersionsParameters, error: float
) -> tuple[Comparison, IntArray, float]:
    """The comparison over the groups that are large enough, which they are, and their share of the denominators."""
    trials = part.cells.trials
    compared = np.flatnonzero((trials >= parameters.min_rows) & np.isfinite(part.cells.change.values))
    share = float(trials[compared].sum() / max(trials.sum(), 1.0))
    result = compare(
        part.cells.change.take(compared), harmed, margin=parameters.margin, worse=part.worse, error=error / 2,
        covered=share >= parameters.coverage_min,
    )  # fmt: skip
    return result, compared, share


def _estimates(
    part: _Part, result: Comparison, compared: IntArray, parameters: VersionsParameters, error: float
) -> Iterator[Estimate]:
    cells, level = part.cells, round(1 - error, 12)
    n = [int(trials) for trials in cells.trials]
    sides: dict[str, Limits] = {"earlier": cells.earlier, "newer": cells.newer, "change": cells.change}
    for suffix, limits in sides.items():
        yield from group_estimates(
            limits, cells.columns, cells.groups, metric=f"{cells.metric}_{suffix}", n=n, confidence=level
        )
    name = f"{cells.metric}_harm_p"
    for group, levels in enumerate(cells.groups):
        slice_ = group_slice(cells.columns, levels)
        if part.few[group] or not n[group]:
            reason = _FEW_CLUSTERS if n[group] else say("measures.estimates.no_denominator")
            yield unmeasured(name, reason, slice_=slice_, n=n[group])
            continue
        value = float(part.p_values[group])
        yield Estimate(metric=name, slice=slice_, value=value, interval=_NO_INTERVAL, n=n[group])
    yield _worst(part, result, compared, parameters.min_rows, level)


def _worst(part: _Part, result: Comparison, compared: IntArray, min_rows: int, level: float) -> Estimate:
    """The worst change over the compared groups: one end for `not worse`, the other for harm."""
    cells = part.cells
    name, slice_ = f"{cells.metric}_worst_change", dict.fromkeys(cells.columns, "*")
    if not len(compared):
        reason = say(
            "measures.fairness.groups.no_group", columns=list(cells.columns), metric=cells.metric, rows=min_rows
        )
        return unmeasured(name, reason, slice_=slice_)
    low, high = sorted((result.bound, result.other))
    method = f"{cells.change.method}, intersection–union on the worse side and union–intersection on the other"
    interval: Interval | Unmeasured = Interval(low=low, high=high, level=level, method=method)
    if result.reason == "too_few_clusters":
        interval = Unmeasured(unmeasured=_FEW_CLUSTERS)
    rows = int(cells.trials[compared].sum())
    return Estimate(metric=name, slice=slice_, value=result.value, interval=interval, n=rows)


def _absent(metric: str, slicing: tuple[str, ...], reason: Message) -> list[Estimate]:
    slice_ = dict.fromkeys(slicing, "*")
    return [unmeasured(f"{metric}_{suffix}", reason, slice_=slice_) for suffix in (*_SUFFIXES, "worst_change")]


def _change_rows(part: _Part, level: dict[int, float]) -> Iterator[tuple[Any, ...]]:
    cells = part.cells
    name = " × ".join(cells.columns)
    sides = [side.astype(int).tolist() for side in (cells.both, cells.lost, cells.gained, cells.neither)]
    for group, most in level.items():
        p, counts = float(part.p_values[group]), (side[group] for side in sides)
        yield (name, group_name(cells.groups[group]), cells.metric, *counts, p, most, p <= most)


def _changes_table(rows: list[tuple[Any, ...]]) -> Table:
    columns = ("columns", "group", "metric", "both", "lost", "gained", "neither", "p_harm", "level", "harm_shown")
    return Table(name="changes", columns=columns, rows=tuple(rows))


def _verdict_row(part: _Part, result: Comparison, compared: IntArray, share: float, margin: float) -> tuple[Any, ...]:
    cells = part.cells
    worst = None if result.worst is None else group_name(cells.groups[int(compared[result.worst])])
    harmed = " | ".join(group_name(cells.groups[group]) for group in result.harmed)
    return (
        " × ".join(cells.columns), cells.metric, margin, result.verdict, result.reason, result.bound, worst,
        len(compared), share, harmed,
    )  # fmt: skip


def _verdicts_table(rows: list[tuple[Any, ...]], error: float) -> Table:
    columns = (
        "columns", "metric", "margin", "verdict", "reason", "bound", "bound_group", "groups_compared",
        "share_compared", "groups_harmed",
    )  # fmt: skip
    return Table(name="verdicts", columns=columns, rows=tuple(rows), details={"error": error / 2})


def _limits(inputs: Inputs, parameters: VersionsParameters, found: list[_Part], tested: int) -> Iterator[Message]:
    key = "measures.fairness.versions.limit."
    yield say(f"{key}same_rows")
    yield say(f"{key}margin", margin=parameters.margin)
    if "selection_rate" in parameters.metrics:
        yield say(f"{key}favourable" if parameters.favourable else f"{key}unfavourable")
    yield say(f"{key}precision")
    yield say(f"{key}family", tests=tested, look=parameters.look)
    yield say("measures.fairness.groups.limit.not_cause")
    if inputs.columns.label is not None:
        yield say("measures.fairness.groups.limit.labels")
    yield say("measures.fairness.groups.limit.population")
    approximate = next((part.cells.change for part in found if part.cells.change.approximate), None)
    if approximate is not None:
        yield say("measures.fairness.groups.limit.approximate", method=approximate.method)
    for part in found:
        names: list[Message | str] = [
            say("measures.fairness.groups.thin", group=group_name(part.cells.groups[group]), trials=int(trials))
            for group, trials in enumerate(part.cells.trials.tolist())
            if trials < parameters.min_rows
        ]
        if names:
            yield say(
                "measures.fairness.groups.limit.thin", columns=list(part.cells.columns), metric=part.cells.metric,
                groups=shortened(names), minimum=parameters.min_rows,
            )  # fmt: skip
