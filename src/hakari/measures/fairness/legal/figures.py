"""Legal figures: what the tests say of each group of one slicing, and as estimates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import error_of, group_estimates, group_name, group_slice, unmeasured
from hakari.measures.fairness.legal.parameters import LegalParameters
from hakari.measures.fairness.legal.selections import Comparison, Selections
from hakari.messages import Message, say
from hakari.statistics.contingency import (
    Disparity,
    MantelHaenszel,
    Pair,
    binomial_deviations,
    demographic_disparity,
    fisher_exact,
    hypergeometric_deviations,
    impact_ratios,
    mantel_haenszel,
    pooled_z,
    selections_to_flip,
)
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import ClopperPearson

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray

__all__ = ["CONDITIONAL", "Tested", "apply_tests", "impact_method", "why_not"]

CONDITIONAL = (
    "mantel_haenszel_odds_ratio",
    "mantel_haenszel_chi_square",
    "mantel_haenszel_p",
    "mantel_haenszel_p_adjusted",
    "mantel_haenszel_corrected_p",
    "breslow_day_p",
    "conditional_demographic_disparity",
)
"""What needs strata."""
_PLAIN = (
    "rate_difference",
    "selections_to_flip",
    "shortfall",
    "fisher_p",
    "fisher_p_adjusted",
    "standard_deviations",
    "pooled_z",
    "pooled_z_p",
    "demographic_disparity",
)
_TEST_FIGURE = Unmeasured(unmeasured=say("measures.fairness.legal.test_figure"))
_NO_LIMITS = Unmeasured(unmeasured=say("measures.fairness.legal.no_limits"))
_DIFFERENCE = "clopper-pearson, contour of two groups"
_ODDS = "robins–breslow–greenland, asymptotic"
_SHARES = "clopper-pearson, mover over shares"

Limited = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """One slicing with its figures."""

    selections: Selections
    comparisons: tuple[Comparison, ...]
    figures: dict[int, dict[str, float]]
    """Place of a group → name → figure; what could not be had is not in it."""
    limited: dict[int, dict[str, Limited]]
    """Place of a group → name → value, low and high; low is nan where there are no limits."""
    strata_rows: dict[int, int]
    """Place of a group → people in strata that compare anything."""
    confidence: float
    availability: bool
    too_few: set[int] = field(default_factory=set)
    """Groups whose strata hold too few selections for the approximations of Mantel–Haenszel."""

    def family(self, name: str) -> list[int]:
        """Return the groups whose tests are different tests."""
        tested = [place for place in self.figures if name in self.figures[place]]
        return tested[:1] if self.selections.same_twice else tested

    def twins(self, place: int) -> list[int]:
        """Return the groups whose test is the same one."""
        return list(self.figures) if self.selections.same_twice else [place]

    def below(self) -> Iterator[tuple[int, str]]:
        """Yield compared groups whose rate is below four-fifths of the highest, with their names."""
        yield from (each for each in self._flips() if self.figures[each[0]]["selections_to_flip"] > 0)

    def above(self) -> Iterator[tuple[int, str]]:
        """Yield compared groups whose rate is at four-fifths of the highest or above, with their names."""
        yield from (each for each in self._flips() if self.figures[each[0]]["selections_to_flip"] == 0)

    def silent_share(self) -> float:
        """Return the largest share of people of a comparison who are in strata that compare nothing."""
        shares = [
            1 - self.strata_rows[each.place] / each.pair.total
            for each in self.comparisons
            if each.place in self.strata_rows and each.pair.total
        ]
        return max(shares, default=0.0)

    def estimates(self) -> Iterator[Estimate]:
        """Yield every figure of every group."""
        rates = self.selections.rates
        sizes = [int(n) for n in rates.trials]
        yield from group_estimates(
            rates.limits, rates.columns, rates.groups, metric="selection_rate", n=sizes, confidence=self.confidence
        )
        yield from self._impact()
        by_place = {each.place: each for each in self.comparisons}
        for place, group in enumerate(rates.groups):
            slice_ = group_slice(rates.columns, group)
            reason = why_not(self.selections, place)
            for name in self._names():
                n = by_place[place].pair.total if place in by_place else sizes[place]
                yield self._estimate(name, place, slice_, n, reason)

        if not self.selections.controls:
            reason = say(f"measures.fairness.legal.{'no_controls' if self.selections.independent else 'dependent'}")
            slice_ = dict.fromkeys(rates.columns, "*")
            yield from (unmeasured(name, reason, slice_=slice_, n=sum(rates.rows)) for name in CONDITIONAL)

    def _names(self) -> tuple[str, ...]:
        """Return what is said of each group; what needs strata is said once where there are none."""
        stratified = CONDITIONAL if self.selections.controls else ()
        return (*_PLAIN, *stratified, *(("availability_deviations",) if self.availability else ()))

    def _estimate(self, name: str, place: int, slice_: dict[str, str], n: int, reason: Message) -> Estimate:
        if name in self.limited.get(place, {}):
            value, low, high = self.limited[place][name]
            method = {"rate_difference": _DIFFERENCE, "mantel_haenszel_odds_ratio": _ODDS}.get(name, _SHARES)
            interval = (
                Interval(low=low, high=high, level=self.confidence, method=method) if math.isfinite(low) else _NO_LIMITS
            )
            return Estimate(metric=name, slice=slice_, value=value, interval=interval, n=n)
        if name in self.figures.get(place, {}):
            return Estimate(metric=name, slice=slice_, value=self.figures[place][name], interval=_TEST_FIGURE, n=n)
        if name in CONDITIONAL and place in self.figures and self.selections.independent:
            few = place in self.too_few and name != "conditional_demographic_disparity"
            reason = say(f"measures.fairness.legal.{'too_few_selections' if few else 'uninformative'}")
        elif name == "availability_deviations" and place in self.figures and self.selections.independent:
            reason = say("measures.fairness.legal.no_availability")
        return unmeasured(name, reason, slice_=slice_, n=n)

    def _impact(self) -> Iterator[Estimate]:
        selections = self.selections
        rates, compared = selections.rates, selections.compared
        places = {place: number for number, place in enumerate(compared.tolist())}
        limits = rates.limits.take(compared)
        value, low, high = impact_ratios(limits, error_of(self.confidence))
        method = impact_method(selections)
        for place, group in enumerate(rates.groups):
            slice_, n = group_slice(rates.columns, group), int(rates.trials[place])
            number = places.get(place)
            if number is None or len(compared) < 2 or not math.isfinite(value[number]):
                yield unmeasured("impact_ratio", _no_ratio(selections, place), slice_=slice_, n=n)
                continue
            ends = float(low[number]), float(high[number])
            interval = Interval(low=ends[0], high=ends[1], level=self.confidence, method=method)
            yield Estimate(metric="impact_ratio", slice=slice_, value=float(value[number]), interval=interval, n=n)

    def _flips(self) -> Iterator[tuple[int, str]]:
        groups = self.selections.rates.groups
        for place, figures in self.figures.items():
            if "selections_to_flip" in figures:
                yield place, group_name(groups[place])


def impact_method(selections: Selections) -> str:
    """Return how the limits of impact ratios are made."""
    return f"{selections.rates.limits.method}, šidák over {len(selections.compared)} groups, box of ratios"


def _no_ratio(selections: Selections, place: int) -> Message:
    """Return why a group has no impact ratio."""
    if len(selections.rates.groups) < 2:
        return say("measures.fairness.legal.one_group", columns=list(selections.columns))
    if place not in selections.large:
        return say("measures.fairness.legal.small_group")
    return say(f"measures.fairness.legal.{'one_compared' if len(selections.compared) < 2 else 'nothing_selected'}")


def why_not(selections: Selections, place: int) -> Message:
    """Return why a group has no figures."""
    if len(selections.rates.groups) < 2:
        return say("measures.fairness.legal.one_group", columns=list(selections.columns))
    if place not in selections.large:
        return say("measures.fairness.legal.small_group")
    if place == selections.reference:
        return say("measures.fairness.legal.is_reference")
    if not selections.independent:
        return say("measures.fairness.legal.dependent")
    return say("measures.fairness.legal.nothing_selected")


def apply_tests(selections: Selections, parameters: LegalParameters) -> Tested:
    """Put every test to every group of one slicing that has enough rows."""
    comparisons = tuple(selections.comparisons()) if len(selections.counts) > 1 else ()
    tested = Tested(
        selections=selections,
        comparisons=comparisons,
        figures={},
        limited={},
        strata_rows={},
        confidence=parameters.confidence,
        availability=parameters.availability is not None,
    )
    if not selections.independent:
        return tested
    shares = _availability(selections, parameters)
    differences = _differences(comparisons, error_of(parameters.confidence)) if comparisons else []
    top = _highest(selections)
    for each, difference in zip(comparisons, differences, strict=True):
        tested.limited[each.place] = {"rate_difference": difference}
        tested.figures[each.place] = _figures(each.pair, _against(selections, each.place, top), shares.get(each.place))
        _disparities(tested, each, selections, parameters)
    return tested


def _figures(pair: Pair, against_top: Pair | None, share: float | None) -> dict[str, float]:
    found: dict[str, float] = {"shortfall": pair.expected - pair.selected}
    flips = None if against_top is None else selections_to_flip(against_top)
    if flips is not None and against_top is not None and against_top.other_selected:
        found["selections_to_flip"] = float(flips)
    if pair.informative:
        found["fisher_p"] = fisher_exact(pair).two_sided
    deviations, z = hypergeometric_deviations(pair), pooled_z(pair)
    if deviations is not None and z is not None:
        found |= {"standard_deviations": deviations.statistic, "pooled_z": z.statistic, "pooled_z_p": z.p}
    drawn = None if share is None else binomial_deviations(pair.selected, pair.selections, share)
    if drawn is not None:
        found["availability_deviations"] = drawn.statistic
    return found


def _disparities(tested: Tested, each: Comparison, selections: Selections, parameters: LegalParameters) -> None:
    limited, level = tested.limited[each.place], parameters.confidence
    whole = demographic_disparity(each.strata.sum(axis=0, keepdims=True), level)
    _keep(limited, "demographic_disparity", whole)
    if not selections.controls:
        return
    _keep(limited, "conditional_demographic_disparity", demographic_disparity(each.strata, level))
    found = mantel_haenszel(each.strata, level)
    tested.strata_rows[each.place] = found.rows
    _stratified(tested, each.place, found)


def _stratified(tested: Tested, place: int, found: MantelHaenszel) -> None:
    if math.isfinite(found.odds_ratio):
        missing = float("nan")
        low, high = (found.low, found.high) if found.trusted else (missing, missing)
        tested.limited[place]["mantel_haenszel_odds_ratio"] = (found.odds_ratio, low, high)
    named = {
        "mantel_haenszel_chi_square": found.statistic,
        "mantel_haenszel_p": found.p,
        "mantel_haenszel_corrected_p": found.corrected_p,
        "breslow_day_p": found.homogeneity_p,
    }
    if found.trusted:
        tested.figures[place] |= {name: value for name, value in named.items() if math.isfinite(value)}
    else:
        tested.too_few.add(place)


def _keep(limited: dict[str, Limited], name: str, found: Disparity) -> None:
    if math.isfinite(found.value):
        limited[name] = (found.value, found.low, found.high)


def _highest(selections: Selections) -> int | None:
    """Return the compared group with the highest rate."""
    compared = selections.compared
    if not len(compared):
        return None
    return int(compared[int(np.nanargmax(selections.rates.limits.values[compared]))])


def _against(selections: Selections, place: int, top: int | None) -> Pair | None:
    """Return the group beside the one with the highest rate."""
    if top is None:
        return None
    own, best = selections.counts[place].sum(axis=0).tolist(), selections.counts[top].sum(axis=0).tolist()
    return Pair(own[1], sum(own), best[1], sum(best))


def _differences(comparisons: tuple[Comparison, ...], error: float) -> list[Limited]:
    """Return p − q of every comparison, with limits that each hold at 1 − `error`: the contour of the verdict rule."""
    pairs = [each.pair for each in comparisons]
    own = ClopperPearson(*_columns(pairs, "selected", "rows"))
    other = ClopperPearson(*_columns(pairs, "other_selected", "other_rows"))
    errors = joint_errors(error / 2).tolist()
    p, q = own.values, other.values
    steps = list(zip(errors, errors[::-1], strict=True))
    ups = [np.maximum(own.upper(a), p) - np.minimum(other.lower(b), q) for a, b in steps]
    downs = [np.minimum(own.lower(a), p) - np.maximum(other.upper(b), q) for a, b in steps]
    low, high = np.min(downs, axis=0), np.max(ups, axis=0)
    return list(zip((p - q).tolist(), low.tolist(), high.tolist(), strict=True))


def _columns(pairs: list[Pair], *names: str) -> list[FloatArray]:
    return [np.array([getattr(pair, name) for pair in pairs], dtype=float) for name in names]


def _availability(selections: Selections, parameters: LegalParameters) -> dict[int, float]:
    if len(selections.columns) > 1:
        return {}
    shares = (parameters.availability or {}).get(selections.columns[0], {})
    return {
        place: shares[str(group[0])] for place, group in enumerate(selections.rates.groups) if str(group[0]) in shares
    }
