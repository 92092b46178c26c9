"""`fairness.ranking`: which places in lists the groups get, and how much attention goes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, slicings, unmeasured
from hakari.measures.fairness._rows import (
    Slicing,
    Unusable,
    checked_columns,
    codes_of,
    finite,
    mean_rows,
    mean_table,
    slicing_estimates,
    slicing_of,
    small_groups,
)
from hakari.messages import Message, say
from hakari.statistics import Limits
from hakari.statistics.limits import FEWEST_CLUSTERS
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.ranking import Places, listed_sums, ndkl
from hakari.statistics.metrics.rows import MeanLimits, mean_limits, ratio_limits, share_limits, units_in

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.statistics._arrays import FloatArray, IntArray

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
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each number over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lists:
    """Everything that was read."""

    places: Places
    merit: FloatArray | None
    no_merit: Message | None
    unit: IntArray
    """Independent draw of every row (N,): its list, or the cluster of its lists."""
    crossed: bool
    """True where declared clusters cut across the lists, so that nothing is independent."""


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
    levels = inputs.data.read(columns)
    estimates: list[Estimate] = []
    limits = list(_limits(lists, parameters))
    rows: list[tuple[Any, ...]] = []
    firsts: list[tuple[Any, ...]] = []
    for number, part in enumerate(parts):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(parts), say("measures.fairness.ranking.progress"))
        slicing = slicing_of(levels, part, len(lists.unit))
        found = _group_limits(lists, slicing, parameters.k)
        estimates += _group_estimates(found, lists, slicing, parameters)
        estimates += _divergence(lists, slicing, parameters, context.rng)
        rows += mean_rows(_plain(found), slicing)
        firsts += _first_rows(lists.places, slicing, parameters.k)
        limits += small_groups(slicing, parameters.min_rows)
    context.progress(len(parts), len(parts), say("measures.fairness.ranking.progress"))
    names = ("columns", "group", "n", "lists", "first", "expected")
    table = Table(name="first_places", columns=names, rows=tuple(firsts), details={"k": parameters.k})
    return Measured(estimates=tuple(estimates), tables=(mean_table(rows), table), limits=tuple(limits))


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
    return _Lists(places, merit, why, unit, crossed)


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


def _group_limits(lists: _Lists, slicing: Slicing, k: int) -> dict[str, Limits | None]:
    """Return the limits of every metric of the groups; None where there is no merit."""
    places, unit = lists.places, lists.unit
    owner, sizes, groups = places.owner, places.sizes.astype(float), len(slicing.groups)
    first, exposure = places.among_first(k), places.exposure()
    expected = (np.minimum(sizes, k) / sizes)[owner]
    usual = (listed_sums(exposure, owner, places.count) / sizes)[owner]

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
    nobody = "min_skew_at_k" if _hides_a_group(found["skew_at_k"], n, parameters.min_rows) else ""
    for metric, limits in found.items():
        if limits is None:
            assert lists.no_merit is not None
            for name in (metric, *OVER[metric]):
                yield unmeasured(name, lists.no_merit, slice_=slicing.star)
            continue
        for estimate in slicing_estimates(
            limits, slicing, metric=metric, n=n, min_rows=parameters.min_rows, confidence=parameters.confidence,
            over=OVER[metric], reason=_REASONS.get(metric, say("measures.estimates.no_denominator")), few=_FEW_LISTS,
        ):  # fmt: skip
            if estimate.metric == nobody:
                reason = say("measures.fairness.ranking.hidden_group")
                yield unmeasured(nobody, reason, slice_=slicing.star, n=estimate.n)
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


def _first_rows(places: Places, slicing: Slicing, k: int) -> Iterator[tuple[Any, ...]]:
    owner, sizes, groups = places.owner, places.sizes.astype(float), len(slicing.groups)
    first, expected = places.among_first(k), (np.minimum(sizes, k) / sizes)[owner]
    held = units_in(slicing.index, groups, owner)
    sums = [np.bincount(slicing.index, weights=each, minlength=groups) for each in (first, expected)]
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
