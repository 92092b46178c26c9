"""Rows: what the measures of amounts, places and items share: columns read once, groups, and one estimate for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR, error_of, group_name, group_slice, shortened, unmeasured
from hakari.measures.fairness._references import (
    REST,
    Rests,
    check_reference,
    deviation_estimate,
    reference_place,
    to_reference,
)
from hakari.measures.fairness._strata import Stratum, check_controls, strata_of
from hakari.measures.fairness.functions.arrays import Grouped, grouped
from hakari.messages import Message, say
from hakari.statistics import MISSING, Limits
from hakari.statistics.metrics.between import Spreading, spread_over
from hakari.statistics.metrics.rows import MeanLimits
from hakari.statistics.tally import cell_key

if TYPE_CHECKING:
    from hakari.inputs import Data, Inputs
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = [
    "FEW_CLUSTERS",
    "Reading",
    "Slicing",
    "Unusable",
    "check_row_reference",
    "checked_columns",
    "codes_of",
    "finite",
    "further_estimates",
    "group_limits",
    "in_order",
    "mean_rows",
    "mean_table",
    "row_strata",
    "slicing_estimates",
    "slicing_of",
    "small_groups",
    "weights_and_units",
]

FEW_CLUSTERS = say("measures.fairness.rows.few_clusters")


class Unusable(Exception):
    """A column that is there but cannot be measured; carries the reason."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.key)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Slicing:
    """The groups of one set of columns, in canonical order; without columns one group, the whole."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    """Levels of every group (G)."""
    index: IntArray
    """Group of every row (N,)."""

    @property
    def rows(self) -> IntArray:
        """Rows of every group (G,)."""
        return np.bincount(self.index, minlength=len(self.groups))

    @property
    def star(self) -> dict[str, str]:
        """The slice of a number over all groups."""
        return dict.fromkeys(self.columns, "*")

    def among(self, rows: BoolArray) -> Slicing:
        """The groups that have some of these rows (N,), and the groups of these rows."""
        present, index = np.unique(self.index[rows], return_inverse=True)
        return Slicing(self.columns, tuple(self.groups[place] for place in present), index.astype(np.int64))

    def against(self, place: int) -> Slicing:
        """Two groups: one of these, and all other rows."""
        return Slicing(self.columns, (self.groups[place], ("rest",)), np.asarray(self.index != place, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the numbers of every slicing are to be read."""

    min_rows: int
    """Groups with fewer rows are listed, not compared."""
    confidence: float
    reference: str | None = None
    """A group by name, or `rest`, with which each group is compared."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured."""

    def rests(self, slicing: Slicing, limits: Callable[[Slicing], Mapping[str, Limits]]) -> Mapping[str, Rests]:
        """Return the limits of the rest of every group, by metric; none where nobody asks or it takes long.

        `limits` gives the metrics' limits of any slicing of the same rows.
        """
        size = len(slicing.groups)
        if self.reference != REST or not 2 <= size <= _MOST_RESTED // max(len(slicing.index), 1):
            return {}
        found = [limits(slicing.against(place)) for place in range(size)]
        return {metric: Rests([each[metric] for each in found]) for metric in found[0]}


def row_strata(inputs: Inputs, columns: Sequence[str], controls: Sequence[str]) -> list[tuple[Stratum, BoolArray]]:
    """Return the whole and the strata of the controls, each with its rows (N,)."""
    check_controls(columns, controls)
    whole = np.ones(inputs.data.rows, dtype=bool)
    if not controls:
        return [(Stratum(), whole)]
    found = slicing_of(inputs.data.read(controls), controls, inputs.data.rows)
    strata = strata_of(controls, found.groups)
    return [(strata[0], whole), *((each, found.index == place) for place, each in enumerate(strata[1:]))]


def check_row_reference(
    levels: Mapping[str, Any], parts: Sequence[Sequence[str]], rows: int, reference: str | None
) -> None:
    """Raise InputError where the reference is no group of any slicing of these rows."""
    check_reference(reference, (group for part in parts if part for group in slicing_of(levels, part, rows).groups))


def checked_columns(inputs: Inputs, measure: str, columns: Sequence[str] | None, min_rows: int) -> tuple[str, ...]:
    """Return the group columns to measure. InputError where there are none, or for `min_rows` below 1."""
    chosen = tuple(columns if columns is not None else inputs.columns.sensitive)
    if not chosen:
        raise InputError(say("measures.fairness.rows.no_columns", measure=measure))
    if min_rows < 1:
        raise InputError(say("measures.fairness.groups.min_rows", rows=min_rows))
    return chosen


def slicing_of(values: Mapping[str, Any], columns: Sequence[str], rows: int) -> Slicing:
    """Return the groups of the rows by `columns` of `values`, groups in canonical order."""
    if not columns:
        return Slicing((), ((),), np.zeros(rows, dtype=np.int64))
    return in_order(grouped({name: values[name] for name in columns}, rows))


def in_order(found: Grouped) -> Slicing:
    """Return groups with their levels in canonical order."""
    order = sorted(range(len(found.groups)), key=lambda place: cell_key(found.groups[place]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Slicing(found.columns, tuple(found.groups[place] for place in order), rank[found.index])


def codes_of(values: Any) -> IntArray:
    """Return a number for every row (N,), equal where the values are; a missing value is one of its own kind."""
    return grouped({"unit": values}, len(values)).index


def finite(data: Data, column: str) -> FloatArray:
    """Return a column as finite numbers (N,).

    Raises:
        Unusable: text, missing or infinite values; names the column and the first such row.
    """
    values = data.read([column])[column]
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Unusable(say("measures.fairness.rows.not_numbers", column=column)) from None
    bad = np.flatnonzero(~np.isfinite(numbers))
    if len(bad):
        raise Unusable(say("measures.fairness.rows.not_finite", column=column, rows=len(bad), first=int(bad[0]) + 1))
    return numbers


def weights_and_units(inputs: Inputs, unit: str | None) -> tuple[FloatArray | None, IntArray | None]:
    """Return weights (N,) and codes of the clusters (N,) where they are declared; `unit` names the cluster column.

    Raises:
        InputError: weights below 0, missing or infinite; or rows without a cluster.
    """
    from hakari.inputs.numbers import check_weights

    weight = None
    if inputs.columns.weight is not None:
        check_weights(inputs.data, inputs.columns.weight)
        weight = np.asarray(inputs.data.read([inputs.columns.weight])[inputs.columns.weight], dtype=float)
    if unit is None:
        return weight, None
    absent = inputs.data.missing_counts()[unit]
    if absent:
        raise InputError(say("measures.fairness.rows.no_unit", column=unit, rows=absent))
    return weight, codes_of(inputs.data.read([unit])[unit])


def group_limits(
    limits: Limits,
    slicing: Slicing,
    *,
    metric: str,
    n: Sequence[int],
    confidence: float,
    reason: Message = NO_DENOMINATOR,
    few: Message = FEW_CLUSTERS,
) -> Iterator[Estimate]:
    """Yield one estimate per group; their intervals hold together at `confidence`.

    Šidák over the groups with a value, Bonferroni where clusters lie in several groups. `reason` says why a group
    without a value has none. A group whose limits are not finite, or that has too few clusters, has no interval.
    """
    error = error_of(confidence)
    values = limits.values
    known = max(int(np.isfinite(values).sum()), 1)
    shared = bool(getattr(limits, "spanning", False))
    each = error / known if shared else -math.expm1(math.log1p(-error) / known)
    low, high = limits.lower(each / 2), limits.upper(each / 2)
    sparse = getattr(limits, "few_clusters", np.zeros(len(values), dtype=bool))
    method = limits.method
    if known > 1:
        method += f", {'bonferroni' if shared else 'šidák'} over {known} groups"
    for place, group in enumerate(slicing.groups):
        slice_ = group_slice(slicing.columns, group)
        if math.isnan(values[place]):
            yield unmeasured(metric, reason, slice_=slice_, n=n[place])
            continue
        interval: Interval | Unmeasured
        if sparse[place]:
            interval = Unmeasured(unmeasured=few)
        elif not (math.isfinite(low[place]) and math.isfinite(high[place])):
            interval = Unmeasured(unmeasured=say("measures.fairness.rows.no_spread"))
        else:
            interval = Interval(low=float(low[place]), high=float(high[place]), level=confidence, method=method)
        yield Estimate(metric=metric, slice=slice_, value=float(values[place]), interval=interval, n=n[place])


def slicing_estimates(
    limits: Limits,
    slicing: Slicing,
    *,
    metric: str,
    n: Sequence[int],
    min_rows: int,
    confidence: float,
    over: Mapping[str, Spreading],
    reason: Message = NO_DENOMINATOR,
    few: Message = FEW_CLUSTERS,
) -> Iterator[Estimate]:
    """Yield the groups' estimates, and over the groups with `min_rows` rows every number that `over` names.

    Without columns only the one of the whole.
    """
    yield from group_limits(limits, slicing, metric=metric, n=n, confidence=confidence, reason=reason, few=few)
    if not slicing.columns:
        return
    compared = np.flatnonzero((np.asarray(n) >= min_rows) & np.isfinite(limits.values))
    size = int(np.asarray(n)[compared].sum())
    for name, spreading in over.items():
        if len(compared) < (2 if spreading in ("difference", "ratio") else 1):
            key = "one_group" if len(compared) else "no_group"
            why = say(_TOO_FEW[key], columns=list(slicing.columns), metric=metric, rows=min_rows)
            yield unmeasured(name, why, slice_=slicing.star, n=size)
            continue
        taken = limits.take(compared)
        found = spread_over(taken, spreading, error_of(confidence))
        interval: Interval | Unmeasured
        if getattr(taken, "too_few_clusters", False):
            interval = Unmeasured(unmeasured=few)
        elif math.isnan(found.low):
            interval = Unmeasured(unmeasured=say("measures.fairness.rows.no_spread_compared"))
        else:
            interval = Interval(low=found.low, high=found.high, level=confidence, method=found.method)
        yield Estimate(metric=name, slice=slicing.star, value=found.value, interval=interval, n=size)


def further_estimates(
    limits: Limits,
    slicing: Slicing,
    *,
    metric: str,
    n: Sequence[int],
    reading: Reading,
    over: Mapping[str, Spreading],
    rest: Rests | None = None,
    reason: Message = NO_DENOMINATOR,
    few: Message = FEW_CLUSTERS,
) -> Iterator[Estimate]:
    """Yield the deviation of the groups, and each group against the reference, where `reading` asks for them.

    Against the reference as a difference and as a ratio where `over` has these; `rest` are the limits of the rest of
    each group, where `limits` do not know them.
    """
    if not slicing.columns:
        return
    if reading.deviation:
        yield deviation_estimate(
            metric, limits, slicing.columns, n, min_rows=reading.min_rows, confidence=reading.confidence
        )
    kinds = [kind for kind in ("difference", "ratio") if kind in over.values()]
    if reading.reference is None or not kinds:
        return
    place = reference_place(reading.reference, slicing.groups)
    if place is None and reading.reference != REST:
        return
    pooled = getattr(limits, "rest", None) if place is None else None
    others: Limits | Rests | None = rest if pooled is None else pooled()
    if place is None and others is None:
        if len(slicing.groups) > 1:
            why = say("measures.fairness.references.many", groups=len(slicing.groups))
            yield from (unmeasured(f"{metric}_{kind}_to_rest", why, slice_=slicing.star) for kind in kinds)
        return
    yield from to_reference(
        metric, limits, slicing.columns, slicing.groups, n, rest=others, place=place, confidence=reading.confidence,
        ratio="ratio" in kinds, difference="difference" in kinds, reason=reason, few=few,
    )  # fmt: skip


_MOST_RESTED = 50_000_000
# Rows times groups: the rest of every group is a pass over all rows.
_TOO_FEW = {"no_group": "measures.fairness.groups.no_group", "one_group": "measures.fairness.groups.one_group"}


def mean_rows(means: Mapping[str, MeanLimits], slicing: Slicing, stratum: Stratum) -> Iterator[tuple[Any, ...]]:
    """Yield what the limits of each mean follow from: value, standard error, skewness and effective units per group.

    Within a stratum its levels stand behind the columns.
    """
    columns, rows = " × ".join(slicing.columns), slicing.rows.tolist()
    if stratum.levels:
        columns = f"{columns} | {stratum.name}"
    for metric, limits in means.items():
        parts = (limits.points, limits.errors, limits.skews, limits.units)
        for place, group in enumerate(slicing.groups):
            numbers = (float(part[place]) for part in parts)
            known = (number if math.isfinite(number) else None for number in numbers)
            yield (columns, group_name(group), metric, rows[place], *known)


def mean_table(rows: Sequence[tuple[Any, ...]]) -> Table:
    """Return the table of these rows."""
    names = ("columns", "group", "metric", "n", "mean", "standard_error", "skewness", "units")
    return Table(name="means", columns=names, rows=tuple(rows))


def small_groups(slicing: Slicing, min_rows: int) -> Iterator[Message]:
    """Yield what a reader should know of the groups: those too small to be compared, and rows without a level."""
    if not slicing.columns:
        return
    rows = slicing.rows
    total = max(int(rows.sum()), 1)
    small = sorted(
        (int(rows[place]), group_name(group)) for place, group in enumerate(slicing.groups) if rows[place] < min_rows
    )
    if small:
        names = [say("measures.fairness.groups.small", group=name, rows=n, share=n / total) for n, name in small]
        several = sum(n for n, _ in small)
        yield say(
            "measures.fairness.groups.limit.small",
            columns=list(slicing.columns),
            groups=shortened(names),
            number=len(small),
            minimum=min_rows,
            rows=several,
            share=several / total,
        )
    if len(slicing.columns) == 1 and (MISSING,) in slicing.groups:
        absent = int(rows[slicing.groups.index((MISSING,))])
        yield say("measures.fairness.groups.limit.missing", column=slicing.columns[0], rows=absent)
