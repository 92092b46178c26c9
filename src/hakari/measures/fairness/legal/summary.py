"""Legal summary: the farthest group of one slicing, and of all, as the figures that a pack may name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import error_of, unmeasured
from hakari.measures.fairness.legal.figures import Tested
from hakari.measures.fairness.legal.parameters import LegalParameters
from hakari.messages import Message, say
from hakari.statistics import Rule, decide, method_for
from hakari.statistics.contingency import demographic_disparity

__all__ = ["SUMMARIES", "summary_estimates"]

SUMMARIES = (
    "impact_ratio_min",
    "standard_deviations_max",
    "fisher_p_min",
    "mantel_haenszel_p_min",
    "conditional_demographic_disparity_max",
)
"""The figures over all groups, in the order of the record."""

_RATIO = Rule(aggregation="ratio", operator=">=", threshold=1.0)
_TEST_FIGURE = Unmeasured(unmeasured=say("measures.fairness.legal.test_figure"))
_TOO_FEW_CLUSTERS = Unmeasured(unmeasured=say("measures.fairness.legal.too_few_clusters"))


def summary_estimates(
    parts: Sequence[Tested], parameters: LegalParameters, *, overall: bool = False
) -> Iterator[Estimate]:
    """Yield the farthest figures over the groups of `parts`; `overall` leaves the slice empty."""
    slice_ = {} if overall else {column: "*" for part in parts for column in part.selections.columns}
    rows = max((sum(part.selections.rates.rows) for part in parts), default=0)
    error = error_of(parameters.confidence)
    yield _impact(parts, slice_, rows, error)
    figures = [figures for part in parts for figures in part.figures.values()]
    yield _extreme(parts, figures, "standard_deviations", slice_, rows)
    yield _extreme(parts, figures, "fisher_p", slice_, rows)
    yield _extreme(parts, figures, "mantel_haenszel_p", slice_, rows)
    yield _disparity(parts, slice_, rows, error)


def _impact(parts: Sequence[Tested], slice_: dict[str, str], rows: int, error: float) -> Estimate:
    """The smallest ratio of two compared groups: the limits of the verdict rule, Bonferroni over the slicings."""
    found = [each for each in (_ratio(part, error / len(parts)) for part in parts) if each is not None]
    if not found:
        return unmeasured("impact_ratio_min", _reason(parts), slice_=slice_, n=rows)
    value = min(each[0] for each in found)
    interval: Interval | Unmeasured = _TOO_FEW_CLUSTERS
    if all(math.isfinite(each[1]) for each in found):
        low, high = min(each[1] for each in found), min(each[2] for each in found)
        method = f"{found[0][3]}, bonferroni over {len(parts)} slicings" if len(parts) > 1 else found[0][3]
        interval = Interval(low=low, high=high, level=round(1 - error, 12), method=method)
    return Estimate(metric="impact_ratio_min", slice=slice_, value=value, interval=interval, n=rows)


def _ratio(part: Tested, error: float) -> tuple[float, float, float, str] | None:
    compared = part.selections.compared
    limits = part.selections.rates.limits.take(compared)
    if len(compared) < 2 or not np.nanmax(limits.values) > 0:
        return None
    decision = decide(_RATIO, limits, error_met=error / 2, error_not_met=error / 2)
    contrast = method_for(limits, _RATIO.method)
    method = f"{limits.method}, {contrast}, intersection–union below and union–intersection above"
    if decision.reason == "too_few_clusters":
        return decision.value, float("nan"), float("nan"), method
    return decision.value, decision.lower, decision.upper, method


def _extreme(
    parts: Sequence[Tested], figures: Sequence[dict[str, float]], name: str, slice_: dict[str, str], rows: int
) -> Estimate:
    """The largest number of standard deviations either way, or the smallest adjusted p-value."""
    is_p = name.endswith("_p")
    metric = f"{name}_min" if is_p else f"{name}_max"
    source = f"{name}_adjusted" if is_p else name
    known = [each[source] for each in figures if source in each]
    if not known:
        return unmeasured(metric, _reason(parts, stratified=name.startswith("mantel")), slice_=slice_, n=rows)
    value = min(known) if is_p else max(abs(each) for each in known)
    return Estimate(metric=metric, slice=slice_, value=value, interval=_TEST_FIGURE, n=rows)


def _disparity(parts: Sequence[Tested], slice_: dict[str, str], rows: int, error: float) -> Estimate:
    """The largest conditional disparity; the limits of all groups hold together (Bonferroni), so its own do."""
    metric, name = "conditional_demographic_disparity_max", "conditional_demographic_disparity"
    strata = [each.strata for part in parts for each in part.comparisons if name in part.limited.get(each.place, {})]
    if not strata:
        return unmeasured(metric, _reason(parts, stratified=True), slice_=slice_, n=rows)
    found = [demographic_disparity(each, 1 - error / len(strata)) for each in strata]
    interval = Interval(
        low=max(each.low for each in found),
        high=max(each.high for each in found),
        level=round(1 - error, 12),
        method=f"clopper-pearson, mover over shares, bonferroni over {len(strata)} comparisons",
    )
    return Estimate(metric=metric, slice=slice_, value=max(each.value for each in found), interval=interval, n=rows)


def _reason(parts: Sequence[Tested], *, stratified: bool = False) -> Message:
    if all(len(part.selections.rates.groups) < 2 for part in parts):
        columns = sorted({column for part in parts for column in part.selections.columns})
        return say("measures.fairness.legal.one_group", columns=columns)
    if all(len(part.selections.compared) < 2 for part in parts) and not any(part.figures for part in parts):
        return say("measures.fairness.legal.one_compared")
    if any(not part.selections.independent for part in parts):
        return say("measures.fairness.legal.dependent")
    if stratified and not any(part.selections.controls for part in parts):
        return say("measures.fairness.legal.no_controls")
    if len(parts[0].selections.compared) < 2:
        return say("measures.fairness.legal.one_compared")
    if stratified:
        few = any(part.too_few for part in parts)
        return say(f"measures.fairness.legal.{'too_few_selections' if few else 'uninformative'}")
    return say("measures.fairness.legal.nothing_selected")
