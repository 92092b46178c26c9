"""`fairness.items`: scores of single items (detection, verification) per group, with persons as what is independent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.inputs.classes import encode_classes
from hakari.inputs.values import class_text
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, slicings, unmeasured
from hakari.measures.fairness._references import Rests
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
from hakari.statistics import MISSING, Limits
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.items import accepted, average_recall, detected, match_threshold, negatives_needed
from hakari.statistics.metrics.rows import MeanLimits, mean_limits, share_limits, units_in

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["OVER", "SCORED", "VERIFIED", "ItemsParameters", "measure_items"]

SCORED = ("mean_score", "detection_recall", "average_recall")
"""Metrics of items with a score."""
VERIFIED = ("verification_rate", "false_match_rate")
"""Metrics of pairs of items."""


def _over(metric: str, worst: Spreading) -> Mapping[str, Spreading]:
    return {f"{metric}_difference": "difference", f"{metric}_ratio": "ratio", f"{metric}_worst_group": worst}


OVER: Mapping[str, Mapping[str, Spreading]] = MappingProxyType(
    {metric: _over(metric, "highest" if metric == "false_match_rate" else "lowest") for metric in (*SCORED, *VERIFIED)}
)
"""Metric of the groups → the numbers over the groups made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsParameters:
    """What `fairness.items` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    score: str | None = None
    """Column of the item's score, such as its overlap with the truth; the score column if left out."""
    person: str | None = None
    """Column that says whose item it is; the cluster column if left out."""
    same: str | None = None
    """Column that says whether a pair of items is of one person; verification is measured only where it is named."""
    overlap: float = 0.5
    """Score from which an item counts as detected."""
    false_match_rate: float = 0.001
    """Share of the pairs of different persons that the threshold of verification may accept."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one; the threshold of verification stays that of all pairs."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured as well."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer items are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each number over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """Everything that was read."""

    scores: FloatArray
    person: IntArray | None
    weight: FloatArray | None
    same: BoolArray | None
    """Which pairs are of one person (N,)."""
    no_pairs: Message | None
    """Why verification cannot be measured."""
    threshold: float

    def among(self, rows: BoolArray) -> _Items:
        """Some of the rows (N,)."""
        person = None if self.person is None else self.person[rows]
        weight = None if self.weight is None else self.weight[rows]
        same = None if self.same is None else self.same[rows]
        return _Items(self.scores[rows], person, weight, same, self.no_pairs, self.threshold)


def measure_items(inputs: Inputs, parameters: ItemsParameters, *, context: Context) -> Measured:
    """Measure scores, recall and verification per group, and how far the groups lie apart, clustered by person.

    Raises:
        InputError: no sensitive column, an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = checked_columns(inputs, "fairness.items", parameters.columns, parameters.min_rows)
    if not 0 < parameters.false_match_rate < 1:
        raise InputError(say("measures.fairness.items.rate", rate=parameters.false_match_rate))
    error_of(parameters.confidence)
    parts = ((), *slicings(columns, intersections=parameters.intersections))
    try:
        items = _read(inputs, parameters)
    except Unusable as unusable:
        absent = (_absent((*SCORED, *VERIFIED), part, unusable.reason) for part in parts)
        return Measured(estimates=tuple(estimate for each in absent for estimate in each))
    strata = row_strata(inputs, columns, parameters.controls)
    levels = inputs.data.read(columns)
    check_row_reference(levels, parts, len(items.scores), parameters.reference)
    estimates: list[Estimate] = []
    limits = [*_limits(items, parameters), *control_limits(parameters.controls)]
    means: list[tuple[Any, ...]] = []
    counts: list[tuple[Any, ...]] = []
    steps = [(part, *each) for part in parts for each in strata]
    for number, (part, stratum, chosen) in enumerate(steps):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(steps), say("measures.fairness.items.progress"))
        slicing, some = slicing_of(levels, part, len(items.scores)), items
        if stratum.levels:
            slicing, some = slicing.among(chosen), items.among(chosen)
        found = _group_limits(some, slicing, parameters.overlap)
        estimates += stratum.within(_slicing_numbers(found, some, slicing, parameters))
        means += mean_rows(
            {name: each for name, each in found.items() if isinstance(each, MeanLimits)}, slicing, stratum
        )
        if not stratum.levels:
            counts += _count_rows(items, slicing, parameters.overlap)
            limits += small_groups(slicing, parameters.min_rows)
    context.progress(len(steps), len(steps), say("measures.fairness.items.progress"))
    names = ("columns", "group", "n", "persons", "detected", "genuine", "accepted_genuine", "other", "accepted_other")
    table = Table(name="items", columns=names, rows=tuple(counts), details=_details(items, parameters))
    return Measured(estimates=tuple(estimates), tables=(mean_table(means), table), limits=tuple(limits))


def _details(items: _Items, parameters: ItemsParameters) -> dict[str, Any]:
    known = np.isfinite(items.threshold)
    return {"overlap": parameters.overlap, **({"threshold": items.threshold} if known else {})}


def _read(inputs: Inputs, parameters: ItemsParameters) -> _Items:
    column = parameters.score or inputs.columns.score
    if column is None:
        raise Unusable(say("measures.fairness.items.no_score"))
    scores = finite(inputs.data, column)
    if parameters.person is not None:
        inputs.data.require([parameters.person])
    weight, person = weights_and_units(inputs, parameters.person or inputs.columns.cluster)
    try:
        same = _same(inputs, parameters)
        threshold = _threshold(scores, same, parameters.false_match_rate)
    except Unusable as unusable:
        return _Items(scores, person, weight, None, unusable.reason, np.nan)
    return _Items(scores, person, weight, same, None, threshold)


def _same(inputs: Inputs, parameters: ItemsParameters) -> BoolArray:
    if parameters.same is None:
        raise Unusable(say("measures.fairness.items.no_pairs"))
    slicing = slicing_of(inputs.data.read([parameters.same]), [parameters.same], inputs.data.rows)
    levels = [level for (level,) in slicing.groups]
    if MISSING in levels:
        absent = int(slicing.rows[levels.index(MISSING)])
        raise Unusable(say("measures.fairness.items.same_missing", column=parameters.same, rows=absent))
    # The words of the label's classes need not be those of this column.
    named = class_text(inputs.columns.positive) in {class_text(level) for level in levels}
    ones = encode_classes({parameters.same: levels}, inputs.columns.positive if named else "1")[parameters.same]
    return np.array([ones[level] == 1 for level in levels], dtype=bool)[slicing.index]


def _threshold(scores: FloatArray, same: BoolArray, rate: float) -> float:
    other = scores[~same]
    if len(other) < negatives_needed(rate):
        raise Unusable(
            say("measures.fairness.items.few_others", pairs=len(other), rate=rate, needed=negatives_needed(rate))
        )
    return match_threshold(other, rate)


def _absent(metrics: tuple[str, ...], part: tuple[str, ...], reason: Message) -> Iterator[Estimate]:
    for metric in metrics:
        names = (metric, *(OVER[metric] if part else ()))
        yield from (unmeasured(name, reason, slice_=dict.fromkeys(part, "*")) for name in names)


def _scored(items: _Items, slicing: Slicing, metric: str, overlap: float) -> Limits:
    size = len(slicing.groups)
    if metric == "detection_recall":
        return share_limits(
            detected(items.scores, overlap), slicing.index, size, weight=items.weight, unit=items.person
        )
    numbers = average_recall(items.scores) if metric == "average_recall" else items.scores
    least = 0.0 if numbers.min(initial=0.0) >= 0 else -np.inf
    found = mean_limits(numbers, slicing.index, size, weight=items.weight, unit=items.person, least=least)
    return found if metric == "mean_score" else found.below(1.0)


def _group_limits(items: _Items, slicing: Slicing, overlap: float) -> dict[str, Limits]:
    """Limits of every metric of the groups; none of pairs where there are no pairs."""
    return {**{metric: _scored(items, slicing, metric, overlap) for metric in SCORED}, **_verified(items, slicing)}


def _slicing_numbers(
    found: Mapping[str, Limits], items: _Items, slicing: Slicing, parameters: ItemsParameters
) -> Iterator[Estimate]:
    """Yield all numbers of one slicing."""
    reading = Reading(
        min_rows=parameters.min_rows, confidence=parameters.confidence,
        reference=parameters.reference, deviation=parameters.deviation,
    )  # fmt: skip
    rests = reading.rests(slicing, lambda two: _group_limits(items, two, parameters.overlap))
    for metric in (*SCORED, *VERIFIED):
        if metric not in found:
            assert items.no_pairs is not None
            yield from _absent((metric,), slicing.columns, items.no_pairs)
            continue
        yield from _estimates(
            metric, found[metric], slicing, _rows_of(items, slicing, metric), reading, rests.get(metric)
        )


def _estimates(
    metric: str, found: Limits, slicing: Slicing, n: list[int], reading: Reading, rest: Rests | None
) -> Iterator[Estimate]:
    over, few = OVER[metric], say("measures.fairness.items.few_persons")
    if np.nanmin(found.values, initial=0.0) < 0:
        over = {name: spreading for name, spreading in over.items() if spreading != "ratio"}
    yield from slicing_estimates(
        found, slicing, metric=metric, n=n, min_rows=reading.min_rows, confidence=reading.confidence,
        over=over, few=few,
    )  # fmt: skip
    if slicing.columns and len(over) < len(OVER[metric]):
        yield unmeasured(f"{metric}_ratio", say("measures.fairness.items.below_zero"), slice_=slicing.star)
    yield from further_estimates(
        found, slicing, metric=metric, n=n, reading=reading, over=over, rest=rest, few=few,
    )  # fmt: skip


def _verified(items: _Items, slicing: Slicing) -> dict[str, Limits]:
    """Limits of the shares of accepted pairs; none where there are no pairs."""
    if items.same is None:
        return {}
    taken = accepted(items.scores, items.threshold).astype(float)
    return {
        metric: share_limits(
            taken[chosen], slicing.index[chosen], len(slicing.groups),
            weight=None if items.weight is None else items.weight[chosen],
            unit=None if items.person is None else items.person[chosen],
        )
        for metric, chosen in zip(VERIFIED, (items.same, ~items.same), strict=True)
    }  # fmt: skip


def _rows_of(items: _Items, slicing: Slicing, metric: str) -> list[int]:
    """Rows of every group that count for a metric (G)."""
    if metric in SCORED or items.same is None:
        return [int(n) for n in slicing.rows]
    chosen = items.same if metric == "verification_rate" else ~items.same
    return [int(n) for n in np.bincount(slicing.index[chosen], minlength=len(slicing.groups))]


def _count_rows(items: _Items, slicing: Slicing, overlap: float) -> Iterator[tuple[Any, ...]]:
    size = len(slicing.groups)

    def count(chosen: BoolArray) -> list[int]:
        return [int(n) for n in np.bincount(slicing.index[chosen], minlength=size)]

    rows = slicing.rows.tolist()
    persons: list[int | None] = [None] * size
    if items.person is not None:
        persons = [int(n) for n in units_in(slicing.index, size, items.person)]
    parts: list[list[int] | list[None]] = [[None] * size] * 4
    if items.same is not None:
        taken = accepted(items.scores, items.threshold)
        parts = [count(each) for each in (items.same, items.same & taken, ~items.same, ~items.same & taken)]
    found = count(detected(items.scores, overlap) > 0)
    columns = " × ".join(slicing.columns)
    for place, group in enumerate(slicing.groups):
        pairs = (each[place] for each in parts)
        yield (columns, group_name(group), rows[place], persons[place], found[place], *pairs)


def _limits(items: _Items, parameters: ItemsParameters) -> Iterator[Message]:
    yield say("measures.fairness.groups.limit.not_cause")
    yield say("measures.fairness.groups.limit.not_law")
    yield say("measures.fairness.groups.limit.population")
    yield say("measures.fairness.rows.limit.heavy")
    if items.person is None:
        yield say("measures.fairness.items.limit.no_person")
    else:
        yield say("measures.fairness.items.limit.persons")
    if items.same is not None:
        yield say("measures.fairness.items.limit.threshold", rate=parameters.false_match_rate)
        if items.person is not None:
            yield say("measures.fairness.items.limit.pairs")
