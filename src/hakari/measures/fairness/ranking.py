"""`fairness.ranking`: which places in lists the groups get, and how much attention goes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.measures._contract import Measured
from hakari.measures._estimates import NO_DENOMINATOR, error_of, group_name, slicings, unmeasured
from hakari.measures.fairness._rows import (
    Reading,
    Slicing,
    Unusable,
    check_row_reference,
    checked_columns,
    codes_of,
    finite,
    further_estimates,
    mean_rows,
    mean_table,
    row_strata,
    slicing_estimates,
    slicing_of,
    small_groups,
)
from hakari.measures.fairness._strata import Stratum, control_limits
from hakari.messages import Message, say
from hakari.statistics import Limits
from hakari.statistics.limits import FEWEST_CLUSTERS
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.ranking import Places, listed_sums, ndkl
from hakari.statistics.metrics.rows import MeanLimits, mean_limits, ratio_limits, share_limits, units_in

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["METRICS", "OVER", "RankingParameters", "measure_ranking"]

METRICS = (
    "top_k_rate",
    "representation_at_k",
    "skew_at_k",
    "exposure",
    "relative_exposure",
    "exposure_per_merit",
)
"""The metrics of each group, in the order of the record."""
OVER: Mapping[str, Mapping[str, Spreading]] = MappingProxyType(
    {
        "top_k_rate": {"top_k_rate_difference": "difference", "top_k_rate_ratio": "ratio"},
        "representation_at_k": {},
        "skew_at_k": {"min_skew_at_k": "lowest", "max_skew_at_k": "highest"},
        "exposure": {"exposure_difference": "difference", "exposure_ratio": "ratio"},
        "relative_exposure": {"relative_exposure_ratio": "ratio"},
        "exposure_per_merit": {"exposure_per_merit_ratio": "ratio"},
    }
)
"""Metric of the groups → the numbers over the groups made of it; `ndkl` beside them is made of whole lists."""
_FLOOR_ROWS = 2_000_000
# Rows put in random order for one noise floor: about a second.
_MOST_TIED = 200_000_000
# Rows times groups: tied rows need a pass for every group.
_FEW_LISTS = say("measures.fairness.ranking.few_lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingParameters:
    """What `fairness.ranking` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    rank: str | None = None
    """Column of the places, 1 first; if left out, the highest score comes first."""
    query: str | None = None
    """Column that says to which list a row belongs; one list of all rows if left out."""
    merit: str | None = None
    """Column of what a row deserves, 0 or more; the label column if left out."""
    k: int = 10
    """How many places count as the first ones."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one: rows keep their places in the whole lists."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is asked for."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each number over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Everything that was read, of all rows or of some that keep their places in the whole lists."""

    worth: FloatArray
    """By what rows are ordered (N,)."""
    places: Places
    """Of these rows alone: those of the whole lists unless lists are cut."""
    rows: Mapping[str, FloatArray]
    """What each row has in the whole list (N,): first places and attention, its own and those of a usual row."""
    merit: FloatArray | None
    no_merit: Message | None
    unit: IntArray
    """Independent draw of every row (N,): its list, or the cluster of its lists."""
    crossed: bool
    """True where declared clusters cut across the lists, so that nothing is independent."""
    cut: bool = False
    """True where these are only some of the rows of a list."""

    def among(self, chosen: BoolArray) -> _Lists:
        """Some of the rows (N,)."""
        held = np.bincount(self.places.owner, weights=chosen, minlength=self.places.count)
        return _Lists(
            self.worth[chosen],
            Places.of(self.worth[chosen], self.places.owner[chosen]),
            {name: each[chosen] for name, each in self.rows.items()},
            None if self.merit is None else self.merit[chosen],
            self.no_merit,
            self.unit[chosen],
            self.crossed,
            bool(((held > 0) & (held < self.places.sizes)).any()),
        )


def measure_ranking(inputs: Inputs, parameters: RankingParameters, *, context: Context) -> Measured:
    """Measure places and exposure per group, and how far the lists are from the groups' shares in them.

    Raises:
        InputError: no sensitive column, an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = checked_columns(inputs, "fairness.ranking", parameters.columns, parameters.min_rows)
    if parameters.k < 1:
        raise InputError(say("measures.fairness.ranking.k", k=parameters.k))
    error_of(parameters.confidence)
    parts = slicings(columns, intersections=parameters.intersections)
    try:
        lists = _read(inputs, parameters)
    except Unusable as unusable:
        return Measured(estimates=tuple(_absent(parts, unusable.reason)))
    strata = row_strata(inputs, columns, parameters.controls)
    levels = inputs.data.read(columns)
    check_row_reference(levels, parts, len(lists.unit), parameters.reference)
    estimates: list[Estimate] = []
    limits = [*_limits(lists, parameters), *control_limits(parameters.controls)]
    rows: list[tuple[Any, ...]] = []
    firsts: list[tuple[Any, ...]] = []
    steps = [(part, *each) for part in parts for each in strata]
    for number, (part, stratum, chosen) in enumerate(steps):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(steps), say("measures.fairness.ranking.progress"))
        slicing, some = slicing_of(levels, part, len(lists.unit)), lists
        if stratum.levels:
            slicing, some = slicing.among(chosen), lists.among(chosen)
        found = _group_limits(some, slicing)
        estimates += stratum.within(_group_estimates(found, some, slicing, parameters))
        draws = partial(_stream, context, stratum)
        estimates += stratum.within(_divergence(some, slicing, parameters, draws))
        rows += mean_rows(_plain(found), slicing, stratum)
        if not stratum.levels:
            firsts += _first_rows(lists, slicing)
            limits += small_groups(slicing, parameters.min_rows)
    context.progress(len(steps), len(steps), say("measures.fairness.ranking.progress"))
    names = ("columns", "group", "n", "lists", "first", "expected")
    table = Table(name="first_places", columns=names, rows=tuple(firsts), details={"k": parameters.k})
    return Measured(estimates=tuple(estimates), tables=(mean_table(rows), table), limits=tuple(limits))


def _stream(context: Context, stratum: Stratum, key: str) -> np.random.Generator:
    return context.rng(stratum.stream(key))


def _plain(found: Mapping[str, Limits | None]) -> dict[str, MeanLimits]:
    """Return the means of which a table can hold the parts."""
    return {name: each for name, each in found.items() if isinstance(each, MeanLimits) and each.scale == "plain"}


def _read(inputs: Inputs, parameters: RankingParameters) -> _Lists:
    if inputs.columns.weight is not None:
        raise Unusable(say("measures.fairness.ranking.weighted"))
    if parameters.rank is not None:
        worth = -finite(inputs.data, parameters.rank)
    elif inputs.columns.score is not None:
        worth = finite(inputs.data, inputs.columns.score)
    else:
        raise Unusable(say("measures.fairness.ranking.no_order"))
    lists = np.zeros(len(worth), dtype=np.int64)
    if parameters.query is not None:
        # Lists in canonical order, so that chance does not depend on the order of the rows.
        lists = slicing_of(inputs.data.read([parameters.query]), [parameters.query], len(worth)).index
    places = Places.of(worth, lists)
    owner = places.owner
    unit, crossed = owner, False
    if inputs.columns.cluster not in (None, parameters.query):
        assert inputs.columns.cluster is not None
        unit, crossed = _units(owner, codes_of(inputs.data.read([inputs.columns.cluster])[inputs.columns.cluster]))
    merit, why = _merit(inputs, parameters)
    return _Lists(worth, places, _row_numbers(places, parameters.k), merit, why, unit, crossed)


def _row_numbers(places: Places, k: int) -> dict[str, FloatArray]:
    owner, sizes, exposure = places.owner, places.sizes.astype(float), places.exposure()
    return {
        "first": places.among_first(k),
        "expected": (np.minimum(sizes, k) / sizes)[owner],
        "exposure": exposure,
        "usual": (listed_sums(exposure, owner, places.count) / sizes)[owner],
    }


def _units(lists: IntArray, clusters: IntArray) -> tuple[IntArray, bool]:
    """Return what is drawn independently (N,), and whether lists and clusters cut across each other."""
    width = int(clusters.max(initial=0)) + 1
    both = len(np.unique(lists * width + clusters))
    if both == len(np.unique(lists)):
        return clusters, False
    return lists, both > len(np.unique(clusters))


def _merit(inputs: Inputs, parameters: RankingParameters) -> tuple[FloatArray | None, Message | None]:
    column = parameters.merit or inputs.columns.label
    if column is None:
        return None, say("measures.fairness.ranking.no_merit")
    try:
        merit = finite(inputs.data, column)
    except Unusable as unusable:
        return None, unusable.reason
    if (merit < 0).any():
        return None, say("measures.fairness.ranking.negative_merit", column=column, least=float(merit.min()))
    return merit, None


def _absent(parts: tuple[tuple[str, ...], ...], reason: Message) -> Iterator[Estimate]:
    for part in parts:
        for metric in METRICS:
            yield from (unmeasured(name, reason, slice_=dict.fromkeys(part, "*")) for name in (metric, *OVER[metric]))
        for name in ("ndkl", "ndkl_noise_floor"):
            yield unmeasured(name, reason, slice_=dict.fromkeys(part, "*"))


def _group_limits(lists: _Lists, slicing: Slicing) -> dict[str, Limits | None]:
    """Return the limits of every metric of the groups; None where there is no merit."""
    unit, groups = lists.unit, len(slicing.groups)
    first, expected, exposure, usual = (lists.rows[name] for name in ("first", "expected", "exposure", "usual"))

    def ratio(above: FloatArray, below: FloatArray) -> MeanLimits:
        return ratio_limits(above, below, slicing.index, groups, unit=unit, least=0.0)

    represented = ratio(first, expected)
    return {
        "top_k_rate": share_limits(first, slicing.index, groups, unit=unit),
        "representation_at_k": represented,
        "skew_at_k": represented.shown_as("log"),
        "exposure": mean_limits(exposure, slicing.index, groups, unit=unit, least=0.0),
        "relative_exposure": ratio(exposure, usual),
        "exposure_per_merit": None if lists.merit is None else ratio(exposure, lists.merit),
    }


_REASONS = MappingProxyType(
    {
        "skew_at_k": say("measures.fairness.ranking.nobody_first"),
        "exposure_per_merit": say("measures.fairness.ranking.zero_merit"),
    }
)


def _group_estimates(
    found: Mapping[str, Limits | None], lists: _Lists, slicing: Slicing, parameters: RankingParameters
) -> Iterator[Estimate]:
    n = slicing.rows.tolist()
    reading = Reading(
        min_rows=parameters.min_rows, confidence=parameters.confidence,
        reference=parameters.reference, deviation=parameters.deviation,
    )  # fmt: skip
    rests = reading.rests(slicing, lambda two: {name: each for name, each in _group_limits(lists, two).items() if each})
    nobody = "min_skew_at_k" if _hides_a_group(found["skew_at_k"], n, parameters.min_rows) else ""
    for metric, limits in found.items():
        if limits is None:
            assert lists.no_merit is not None
            for name in (metric, *OVER[metric]):
                yield unmeasured(name, lists.no_merit, slice_=slicing.star)
            continue
        reason = _REASONS.get(metric, NO_DENOMINATOR)
        usual = slicing_estimates(
            limits, slicing, metric=metric, n=n, min_rows=parameters.min_rows, confidence=parameters.confidence,
            over=OVER[metric], reason=reason, few=_FEW_LISTS,
        )  # fmt: skip
        further = further_estimates(
            limits, slicing, metric=metric, n=n, reading=reading, over=OVER[metric], rest=rests.get(metric),
            reason=reason, few=_FEW_LISTS,
        )  # fmt: skip
        for estimate in chain(usual, further):
            if estimate.metric == nobody:
                hidden = say("measures.fairness.ranking.hidden_group")
                yield unmeasured(nobody, hidden, slice_=slicing.star, n=estimate.n)
            else:
                yield _uncertain(estimate) if lists.crossed else estimate


def _hides_a_group(skew: Limits | None, n: list[int], min_rows: int) -> bool:
    """Whether a group that is to be compared has nobody among the first: its skew would be −∞, the smallest of all."""
    assert skew is not None
    return bool(np.any(np.isnan(skew.values) & (np.asarray(n) >= min_rows)))


def _uncertain(estimate: Estimate) -> Estimate:
    interval = Unmeasured(unmeasured=say("measures.fairness.ranking.crossed"))
    if isinstance(estimate.value, Unmeasured):
        return estimate
    return Estimate(metric=estimate.metric, slice=estimate.slice, value=estimate.value, interval=interval, n=estimate.n)


def _divergence(
    lists: _Lists, slicing: Slicing, parameters: RankingParameters, rng: Callable[[str], np.random.Generator]
) -> Iterator[Estimate]:
    """Yield NDKL, the mean over the lists, and what it would be in random order."""
    places, groups = lists.places, len(slicing.groups)
    rows = len(lists.unit)
    if lists.cut:
        reason = say("measures.fairness.ranking.cut")
        yield from (unmeasured(name, reason, slice_=slicing.star) for name in ("ndkl", "ndkl_noise_floor"))
        return
    if places.tied and rows * groups > _MOST_TIED:
        reason = say("measures.fairness.ranking.too_many_tied", groups=groups)
        yield from (unmeasured(name, reason, slice_=slicing.star) for name in ("ndkl", "ndkl_noise_floor"))
        return
    each = ndkl(places, slicing.index, groups)
    unit = np.empty(places.count, dtype=np.int64)
    unit[places.owner] = lists.unit
    limits = mean_limits(each, np.zeros(places.count, dtype=np.int64), 1, unit=unit, least=0.0)
    error = error_of(parameters.confidence)
    low, high = float(limits.lower(error / 2)[0]), float(limits.upper(error / 2)[0])
    interval: Interval | Unmeasured = Interval(low=low, high=high, level=parameters.confidence, method=limits.method)
    if lists.crossed:
        interval = Unmeasured(unmeasured=say("measures.fairness.ranking.crossed"))
    elif limits.counted[0] < FEWEST_CLUSTERS:
        interval = Unmeasured(unmeasured=_FEW_LISTS)
    elif not np.isfinite([low, high]).all():
        interval = Unmeasured(unmeasured=say("measures.fairness.rows.no_spread"))
    yield Estimate(metric="ndkl", slice=slicing.star, value=float(limits.values[0]), interval=interval, n=rows)
    floor = _floor(places, slicing.index, groups, rng("/".join(("noise floor", *slicing.columns))))
    reference = Unmeasured(unmeasured=say("measures.fairness.ranking.reference_figure"))
    yield Estimate(metric="ndkl_noise_floor", slice=slicing.star, value=floor, interval=reference, n=rows)


def _floor(places: Places, group: IntArray, groups: int, rng: np.random.Generator) -> float:
    """Mean NDKL of the lists in random order."""
    # Rows by list and group, so that the same draw gives the same order whatever the order of the rows was.
    owner = places.owner
    order = np.lexsort((group, owner))
    owner, group = owner[order], group[order]
    draws = max(2, min(200, _FLOOR_ROWS // len(owner)))
    found = [ndkl(Places.of(rng.random(len(owner)), owner), group, groups).mean() for _ in range(draws)]
    return float(np.mean(found))


def _first_rows(lists: _Lists, slicing: Slicing) -> Iterator[tuple[Any, ...]]:
    groups = len(slicing.groups)
    held = units_in(slicing.index, groups, lists.places.owner)
    sums = [np.bincount(slicing.index, weights=lists.rows[name], minlength=groups) for name in ("first", "expected")]
    columns = " × ".join(slicing.columns)
    for place, group in enumerate(slicing.groups):
        numbers = (round(float(each[place]), 9) for each in sums)
        yield (columns, group_name(group), int(slicing.rows[place]), int(held[place]), *numbers)


def _limits(lists: _Lists, parameters: RankingParameters) -> Iterator[Message]:
    yield say("measures.fairness.groups.limit.not_cause")
    yield say("measures.fairness.groups.limit.not_law")
    yield say("measures.fairness.ranking.limit.candidates")
    yield say("measures.fairness.ranking.limit.attention")
    short = int((lists.places.sizes <= parameters.k).sum())
    if short:
        yield say("measures.fairness.ranking.limit.short", lists=short, k=parameters.k)
    if lists.places.count < FEWEST_CLUSTERS:
        yield say("measures.fairness.ranking.limit.few", lists=lists.places.count)
    else:
        yield say("measures.fairness.rows.limit.clusters")
