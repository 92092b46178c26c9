"""Indices: numbers of decisions that are no single rate, as estimates of one slicing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR, group_slice, unmeasured
from hakari.measures.fairness import _joint
from hakari.measures.fairness._references import DEPENDENT, simultaneous_interval, to_reference
from hakari.messages import Message, say
from hakari.statistics import ClopperPearson, GroupRates, Tally, simultaneous
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.confusion_matrix import Confusion, confusion
from hakari.statistics.contingency import demographic_disparity
from hakari.statistics.contingency.disparity import METHOD as DISPARITY
from hakari.statistics.description import bca
from hakari.statistics.metrics import decisions
from hakari.statistics.tally import Value

__all__ = [
    "DEPENDENT",
    "conditional_disparity",
    "disparity",
    "joint_estimates",
    "overall_indices",
    "reference_estimates",
    "spread_indices",
    "treatment_estimates",
]

Rng = Callable[[str], np.random.Generator]

_ENDLESS = say("measures.fairness.decisions.endless")
_TOO_FEW = say("measures.fairness.decisions.too_few_groups")
_NO_ERRORS = say("measures.fairness.decisions.no_errors")
_ONE_DECISION = say("measures.fairness.decisions.one_decision")
_UNDEFINED = say("measures.fairness.decisions.undefined")
_MOST_CELLS = 2_000
# A bootstrap over more cells than that would take minutes.

_JOINT = MappingProxyType(
    {
        "equalized_odds_difference": _joint.equalized_odds_difference,
        "equalized_odds_ratio": _joint.equalized_odds_ratio,
        "average_odds_difference": _joint.average_odds_difference,
    }
)
_OVERALL = MappingProxyType(
    {
        "generalized_entropy": decisions.generalized_entropy,
        "theil_index": decisions.theil_index,
        "coefficient_of_variation": decisions.coefficient_of_variation,
    }
)
_UNSURE_SIGN = say("measures.fairness.decisions.unsure_sign")

_BOUNDS = MappingProxyType(
    {
        each.name: (
            -np.inf if each.bounds[0] is None else each.bounds[0],
            np.inf if each.bounds[1] is None else each.bounds[1],
        )
        for each in decisions.DEFINITIONS
    }
)


def joint_estimates(
    rates: dict[str, GroupRates], columns: Sequence[str], *, min_rows: int, confidence: float, error: float
) -> Iterator[Estimate]:
    """Yield equalised and average odds over the groups with at least `min_rows` rows of either class."""
    slice_ = dict.fromkeys(columns, "*")
    for name, bounded in _JOINT.items():
        found = bounded(rates, min_rows=min_rows, error=error)
        if found is None:
            yield unmeasured(name, _TOO_FEW, slice_=slice_)
            continue
        interval = Interval(low=found.low, high=found.high, level=confidence, method=found.method)
        yield Estimate(metric=name, slice=slice_, value=found.value, interval=interval, n=found.n)


def treatment_estimates(counts: Confusion, *, confidence: float, error: float) -> Iterator[Estimate]:
    """Yield FN / FP of every group, from the exact limits of FN / (FN + FP)."""
    missed, alarms = (counts.counts[:, i, j].astype(float) for i, j in ((1, 0), (0, 1)))
    low, high = simultaneous(ClopperPearson(missed, missed + alarms), error)
    for group, fn, fp, lower, upper in zip(
        counts.groups, missed.tolist(), alarms.tolist(), low.tolist(), high.tolist(), strict=True
    ):
        slice_, n = group_slice(counts.columns, group), int(fn + fp)
        if not n or not fp:
            yield unmeasured("treatment_ratio", _ENDLESS if n else _NO_ERRORS, slice_=slice_, n=n)
            continue
        interval: Interval | Unmeasured = Unmeasured(unmeasured=_ENDLESS)
        if upper < 1:
            method = "clopper-pearson of FN / (FN + FP) as odds, šidák"
            interval = Interval(low=lower / (1 - lower), high=upper / (1 - upper), level=confidence, method=method)
        yield Estimate(metric="treatment_ratio", slice=slice_, value=fn / fp, interval=interval, n=n)


def overall_indices(tally: Tally, *, confidence: float, rng: Rng) -> Iterator[Estimate]:
    """Yield the entropies of the benefits of all rows."""
    for name, value in _OVERALL.items():
        if tally.weights is not None or "cluster" in tally.axes:
            yield unmeasured(name, DEPENDENT)
            continue
        yield _drawn(name, confusion(tally).counts, value, {}, confidence=confidence, rng=rng)


def spread_indices(counts: Confusion, *, min_rows: int, confidence: float, rng: Rng) -> Iterator[Estimate]:
    """Yield the numbers over the groups with at least `min_rows` rows that are no rate's gap."""
    # A handful of rows would count as much as any other group where groups are averaged.
    large = counts.counts[counts.counts.sum(axis=(1, 2)) >= max(min_rows, 1)]
    slice_ = dict.fromkeys(counts.columns, "*")
    between = "generalized_entropy_between"
    value = decisions.generalized_entropy_between
    yield _drawn(between, large, value, slice_, confidence=confidence, rng=rng, by_group=True)
    yield _amplification(large, slice_)


def _amplification(counts: IntArray, slice_: dict[str, str]) -> Estimate:
    """The value without an interval: a bootstrap of it missed in up to 26 % of runs where base rates were equal."""
    name, n = "bias_amplification", int(counts.sum())
    if len(counts) < 2:
        return unmeasured(name, _TOO_FEW, slice_=slice_, n=n)
    value = float(decisions.bias_amplification(counts))
    if not np.isfinite(value):
        return unmeasured(name, _UNDEFINED, slice_=slice_, n=n)
    return Estimate(metric=name, slice=slice_, value=value, interval=Unmeasured(unmeasured=_UNSURE_SIGN), n=n)


def _drawn(
    name: str,
    counts: IntArray,
    value: Callable[[FloatArray], FloatArray],
    slice_: dict[str, str],
    *,
    confidence: float,
    rng: Rng,
    by_group: bool = False,
) -> Estimate:
    groups, n = len(counts), int(counts.sum())
    if by_group and groups < 2:
        return unmeasured(name, _TOO_FEW, slice_=slice_, n=n)
    if n == 0:
        return unmeasured(name, NO_DENOMINATOR, slice_=slice_)
    cells = counts.reshape(-1)
    if len(cells) > _MOST_CELLS:
        return unmeasured(name, _too_many(groups), slice_=slice_, n=n)

    def statistic(flat: FloatArray) -> FloatArray:
        return value(flat.reshape(*flat.shape[:-1], groups, 2, 2))

    strata = np.repeat(np.arange(groups), 4) if by_group else None
    draws = rng("/".join((name, *slice_)))
    found = bca(cells, statistic, rng=draws, level=confidence, strata=strata, bounds=_BOUNDS[name])
    if not np.isfinite(found.value):
        return unmeasured(name, _UNDEFINED, slice_=slice_, n=n)
    return Estimate(metric=name, slice=slice_, value=float(found.value), interval=found.interval(), n=n)


def disparity(counts: Confusion, *, confidence: float) -> Iterator[Estimate]:
    """Yield each group's share among the rejected less its share among the selected."""
    cells = counts.counts[None]
    yield from _disparities("demographic_disparity", cells, counts.columns, counts.groups, confidence)


def conditional_disparity(
    tally: Tally, columns: Sequence[str], strata: Sequence[str], *, confidence: float
) -> Iterator[Estimate]:
    """Yield the conditional demographic disparity of each group, with the strata that the columns `strata` make."""
    both = confusion(tally, [*strata, *columns])
    width = len(strata)
    levels = {level: place for place, level in enumerate(dict.fromkeys(group[:width] for group in both.groups))}
    groups = {group: place for place, group in enumerate(dict.fromkeys(group[width:] for group in both.groups))}
    cells = np.zeros((len(levels), len(groups), 2, 2), dtype=np.int64)
    for group, counts in zip(both.groups, both.counts, strict=True):
        cells[levels[group[:width]], groups[group[width:]]] = counts
    yield from _disparities("conditional_demographic_disparity", cells, columns, list(groups), confidence)


def _disparities(
    name: str, cells: IntArray, columns: Sequence[str], groups: Sequence[tuple[Value, ...]], confidence: float
) -> Iterator[Estimate]:
    """Yield the disparity of every group from counts (S, G, 2, 2), by the method of the legal figures."""
    selected, n = cells.sum(axis=2)[..., ::-1], int(cells.sum())
    everybody = selected.sum(axis=1)
    level = 1 - _share_of(1 - confidence, len(groups))
    for place, group in enumerate(groups):
        slice_, own = group_slice(columns, group), selected[:, place]
        found = demographic_disparity(np.stack([own, everybody - own], axis=1), level)
        if not np.isfinite(found.value):
            yield unmeasured(name, _ONE_DECISION, slice_=slice_, n=n)
            continue
        interval = Interval(low=found.low, high=found.high, level=level, method=DISPARITY)
        told = simultaneous_interval(interval, confidence, len(groups))
        yield Estimate(metric=name, slice=slice_, value=found.value, interval=told, n=n)


def reference_estimates(
    rates: GroupRates, reference: tuple[object, ...] | None, *, confidence: float
) -> Iterator[Estimate]:
    """Yield each group's rate less, and divided by, that of the reference; None compares with all other groups."""
    limits = ClopperPearson(rates.successes, rates.trials)
    yield from to_reference(
        rates.metric, limits, rates.columns, rates.groups, rates.trials.tolist(),
        rest=limits.rest(), place=None if reference is None else rates.groups.index(reference), confidence=confidence,
    )  # fmt: skip


def _share_of(error: float, parts: int) -> float:
    """The error of each of several intervals that hold together with 1 − `error` (Bonferroni: they depend)."""
    return error / max(parts, 1)


def _too_many(groups: int) -> Message:
    return say("measures.fairness.decisions.too_many_groups", groups=groups)
