"""Verdicts at the edges: p-values by the binomial distribution, figures on the line, references and groups left out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from hakari.errors import InputError
from hakari.statistics.contrasts import Method, Reference
from hakari.statistics.limits import ClopperPearson, ClusteredRates
from hakari.statistics.verdict import Aggregation, Decision, Operator, Rule, decide, firing_levels, plug_in

Counts = list[tuple[int, int]]
GROUPS: Counts = [(300, 1000), (450, 1200), (120, 600), (900, 3000)]


def rates(groups: Counts) -> ClopperPearson:
    x, n = zip(*groups, strict=True)
    return ClopperPearson(np.array(x), np.array(n))


def judge(rule: Rule, groups: Counts, met: float = 0.025, not_met: float = 0.025) -> Decision:
    return decide(rule, rates(groups), error_met=met, error_not_met=not_met)


def rule(aggregation: Aggregation, threshold: float, margin: float = 0.0, **others: object) -> Rule:
    operator: Operator = "<=" if aggregation == "difference" else ">="
    return replace(Rule(aggregation=aggregation, operator=operator, threshold=threshold, margin=margin), **others)  # type: ignore[arg-type]  # a part of the fields


def test_the_p_values_of_one_rate_are_binomial_tails() -> None:
    """`met` needs as many successes from the rate b, `not_met` as few from the rate a."""
    levels = firing_levels(rule("overall", 0.8, 0.05), rates([(81, 100)]))
    assert levels.p_met == pytest.approx(stats.binom.sf(80, 100, 0.75), rel=1e-9)
    assert levels.p_not_met == 1.0  # 81 of 100 are above the line: that is at an error above one half
    levels = firing_levels(rule("overall", 0.8, 0.05), rates([(70, 100)]))
    assert levels.p_not_met == pytest.approx(stats.binom.cdf(70, 100, 0.8), rel=1e-9)
    assert levels.p_met == 1.0


def test_the_p_values_of_a_rate_that_is_bad_when_high_are_the_other_tails() -> None:
    bad = Rule(aggregation="overall", operator="<=", threshold=0.2, margin=0.05)
    assert firing_levels(bad, rates([(19, 100)])).p_met == pytest.approx(stats.binom.cdf(19, 100, 0.25), rel=1e-9)
    assert firing_levels(bad, rates([(30, 100)])).p_not_met == pytest.approx(stats.binom.sf(29, 100, 0.2), rel=1e-9)


def test_the_worst_group_meets_when_all_do_and_fails_at_a_share_of_the_error() -> None:
    found = firing_levels(rule("worst_group", 0.8), rates([(81, 100), (170, 200), (90, 95)]))
    assert found.p_met == pytest.approx(stats.binom.sf(80, 100, 0.8), rel=1e-9)
    found = firing_levels(rule("worst_group", 0.7), rates([(81, 100), (170, 200), (60, 95)]))
    assert found.p_not_met == pytest.approx(3 * stats.binom.cdf(60, 95, 0.7), rel=1e-9)
    found = firing_levels(rule("worst_group", 0.6), rates([(81, 100), (170, 200), (64, 95)]))
    assert found.p_met == pytest.approx(stats.binom.sf(63, 95, 0.6), rel=1e-9)


@pytest.mark.parametrize("method", ["mover", "box"])
@pytest.mark.parametrize("aggregation", ["difference", "ratio"])
def test_the_p_values_of_a_comparison_put_its_limit_on_the_line(aggregation: Aggregation, method: Method) -> None:
    """By a search of scipy's over the two sided pairs of two groups."""
    (x, n), (y, m) = (40, 400), (180, 400)
    p, q = x / n, y / m
    line = 0.5 if aggregation == "ratio" else 0.2
    weight, shift = (line, 0.0) if aggregation == "ratio" else (1.0, line)

    def above(error: float) -> float:
        share = error / 2 / (2 if method == "box" else 1)
        high, low = stats.beta.isf(share, x + 1, n - x) - p, q - stats.beta.ppf(share, y, m - y + 1)
        reach = high + weight * low if method == "box" else math.hypot(high, weight * low)
        return float(weight * q - p - reach - shift)

    expected = optimize.brentq(above, 1e-12, 0.5, xtol=1e-15, rtol=1e-12)
    found = firing_levels(rule(aggregation, line, method=method), rates([(x, n), (y, m)]))
    assert found.p_not_met == pytest.approx(expected, rel=1e-6)
    assert found.p_met == 1.0


def test_p_values_too_small_for_the_digits_are_the_smallest() -> None:
    found = firing_levels(rule("overall", 0.5), rates([(10**6, 10**6)]))
    assert (found.p_met, found.p_not_met) == (1e-15, 1.0)
    assert firing_levels(rule("overall", 0.5), rates([(0, 10**6)])).p_not_met == 1e-15


@pytest.mark.parametrize("known", [0, 1])
def test_with_too_few_groups_nothing_fires(known: int) -> None:
    groups = [(5, 10)] * known + [(0, 0)]
    levels = firing_levels(rule("difference", 0.05), rates(groups))
    assert (levels.p_met, levels.p_not_met) == (1.0, 1.0)
    levels = firing_levels(rule("worst_group", 0.05), rates(groups))
    assert (levels.p_met < 1) == (known == 1)


def test_two_groups_are_enough_to_fire() -> None:
    assert firing_levels(rule("difference", 0.05), rates([(10, 100), (90, 100)])).p_not_met == 1e-15


def test_the_rate_of_all_has_a_verdict_though_it_is_one_group() -> None:
    assert [judge(rule("overall", 0.8, 0.05), [(x, 100)]).verdict for x in (90, 65, 78)] == [
        "met", "not_met", "inconclusive",
    ]  # fmt: skip


def test_groups_fill_the_reasons_for_no_verdict() -> None:
    assert judge(rule("worst_group", 0.5), [(0, 0)]).reason == "no_groups"
    found = judge(rule("difference", 0.5), [(5, 10), (0, 0)], 0.01, 0.02)
    assert (found.reason, found.lower, found.upper, found.extreme) == ("one_group", 0.0, 1.0, ())
    assert (found.error_met, found.error_not_met) == (0.01, 0.02)


CASES: list[Rule] = [
    rule("difference", 0.1, 0.05),
    rule("difference", 0.1, method="box"),
    rule("ratio", 0.8),
    rule("ratio", 0.6, 0.1, method="box"),
    rule("difference", 0.05, reference=3),
    rule("ratio", 0.8, reference="rest"),
    rule("worst_group", 0.25, 0.05),
    rule("worst_group", 0.25, operator="<="),
]


@pytest.mark.parametrize("checked", CASES, ids=str)
def test_a_verdict_that_only_just_fires_prints_an_interval_that_only_just_says_so(checked: Rule) -> None:
    """At the p-value itself the end lies on the good side of its line, and below it on the other, to the last digit."""
    rng = np.random.default_rng(9)
    below, fired = checked.operator == "<=", set()
    for spread in (0.01, 0.02, 0.05, 0.1) * 3:
        n = rng.integers(20, 4000, 4)
        p = rng.uniform(0.15, 0.4) + rng.uniform(-spread, spread, 4)
        groups = list(zip(rng.binomial(n, p).tolist(), n.tolist(), strict=True))
        levels = firing_levels(checked, rates(groups))
        for side, level in (("met", levels.p_met), ("not_met", levels.p_not_met)):
            if not 1e-12 < level < 0.49:
                continue
            fired.add(side)
            at, under = (judge(checked, groups, error, error) for error in (level, level * (1 - 1e-9)))
            a, b = checked.threshold, checked.unacceptable
            if side == "met":
                ends = (at.upper, under.upper) if below else (-at.lower, -under.lower)
                assert ends[0] <= (b if below else -b) <= ends[1]
                assert at.verdict == "met"
            else:
                ends = (at.lower, under.lower) if below else (-at.upper, -under.upper)
                assert ends[0] > (a if below else -a) >= ends[1]
                assert at.verdict == "not_met" or at.reason == "within_margin"
    assert fired == {"met", "not_met"}


@pytest.mark.parametrize("checked", CASES, ids=str)
def test_a_group_without_trials_changes_nothing_but_the_places(checked: Rule) -> None:
    """Every field of the rule is kept when the groups are renumbered."""
    wider = replace(checked, reference=4) if checked.reference == 3 else checked
    found = judge(wider, [GROUPS[0], (0, 0), *GROUPS[1:]], 0.01, 0.04)
    plain = judge(checked, GROUPS, 0.01, 0.04)
    assert replace(found, extreme=()) == replace(plain, extreme=())
    assert found.extreme == tuple(place if place == 0 else place + 1 for place in plain.extreme)
    assert firing_levels(wider, rates([GROUPS[0], (0, 0), *GROUPS[1:]])) == firing_levels(checked, rates(GROUPS))


def test_a_reference_without_trials_is_refused_and_the_first_group_may_be_one() -> None:
    first = rule("difference", 0.1, reference=0)
    for wrong in (3, -1, 9):
        with pytest.raises(InputError, match=f"group {wrong} "):
            judge(replace(first, reference=wrong), [*GROUPS[:3], (0, 0)])
    assert judge(first, GROUPS).value == pytest.approx(0.1)


@pytest.mark.parametrize("checked", CASES, ids=str)
def test_every_figure_of_a_decision_is_a_plain_number(checked: Rule) -> None:
    """Numpy's own numbers would not go into canonical JSON."""
    found = judge(checked, GROUPS)
    assert [type(part) for part in (found.value, found.lower, found.upper)] == [float] * 3
    assert {type(place) for place in found.extreme} == {int}
    levels = firing_levels(checked, rates(GROUPS))
    assert [type(levels.p_met), type(levels.p_not_met)] == [float] * 2


@pytest.mark.parametrize("reference", [None, 0, 2])
def test_the_plain_aggregates_follow_their_definitions(reference: Reference) -> None:
    values = np.array([0.2, np.nan, 0.5, 0.4])
    known = [0.2, 0.5, 0.4]
    firsts = known if reference is None else [values[int(reference)]]
    pairs = [(a, b) for a in firsts for b in known]
    gap = plug_in(rule("difference", 0.1, reference=reference), values)
    share = plug_in(rule("ratio", 0.8, reference=reference), values)
    assert gap == pytest.approx(max(abs(a - b) for a, b in pairs))
    assert share == pytest.approx(min(min(a / b, b / a) for a, b in pairs))
    assert [type(gap), type(share)] == [float] * 2


def test_plain_aggregates_of_single_rates() -> None:
    values = np.array([0.2, np.nan, 0.5])
    assert plug_in(rule("worst_group", 0.5), values) == 0.2
    assert plug_in(rule("worst_group", 0.5, operator="<="), values) == 0.5
    assert type(plug_in(rule("worst_group", 0.5), values)) is float
    assert math.isnan(plug_in(rule("difference", 0.1), np.array([np.nan])))


def test_a_ratio_to_a_reference_of_zero_is_one_only_among_zeros() -> None:
    checked = rule("ratio", 0.8, reference=0)
    assert plug_in(checked, np.array([0.0, 0.0])) == 1.0
    assert plug_in(checked, np.array([0.0, 0.5])) == 0.0
    assert plug_in(checked, np.array([0.5, 0.0])) == 0.0


@pytest.mark.parametrize("aggregation", ["difference", "ratio"])
def test_against_the_rest_the_value_is_the_largest_gap_to_everybody_else(aggregation: Aggregation) -> None:
    found = judge(rule(aggregation, 0.5, reference="rest"), GROUPS).value
    x, n = np.array(GROUPS).T
    own, rest = x / n, (x.sum() - x) / (n.sum() - n)
    expected = np.abs(own - rest).max() if aggregation == "difference" else np.minimum(own / rest, rest / own).min()
    assert found == pytest.approx(expected)


def test_fifteen_clusters_in_each_group_are_enough_for_a_verdict() -> None:
    group = np.repeat([0, 1], 15)
    limits = ClusteredRates(2, group, np.arange(30), np.repeat([100.0, 900.0], 15), np.full(30, 1000.0))
    found = decide(rule("difference", 0.05), limits, error_met=0.025, error_not_met=0.025)
    assert (found.verdict, found.reason) == ("not_met", "")
    assert firing_levels(rule("difference", 0.05), limits).p_not_met < 0.025


def test_a_difference_has_no_end_below_zero() -> None:
    assert judge(rule("difference", 0.05), [(5, 10), (5, 10)]).lower == 0.0


def test_thresholds_at_the_ends_of_the_scale_are_rules() -> None:
    """A difference of 0 demands equality; a ratio just above its margin still refuses something."""
    assert rule("difference", 0.0).unacceptable == 0.0
    assert rule("ratio", 0.5, 0.25).unacceptable == 0.25
    with pytest.raises(InputError, match="accepts everything"):
        rule("ratio", 0.25, 0.25)


def test_an_error_of_one_half_is_the_largest() -> None:
    assert judge(rule("worst_group", 0.5), [(90, 100)], 0.5, 0.5).verdict == "met"
    for wrong in ((0.0, 0.1), (0.1, 0.0), (0.51, 0.1), (0.1, 0.51)):
        with pytest.raises(InputError, match="outside"):
            judge(rule("worst_group", 0.5), [(90, 100)], *wrong)


def test_extremes_are_judged_at_the_sum_of_both_errors_and_at_one_half_at_most() -> None:
    """Šidák over the groups: group k may be the lowest where its lower limit is not above another's upper one."""
    groups: Counts = [(200, 1000), (240, 1000), (255, 1000), (300, 1000)]
    checked = rule("worst_group", 0.1)
    seen = set()
    for met, not_met in ((0.001, 0.002), (0.05, 0.05), (0.3, 0.4)):
        alpha = min(met + not_met, 0.5)
        error = (1 - (1 - alpha) ** (1 / 4)) / 2
        highs = [stats.beta.isf(error, x + 1, n - x) for x, n in groups]
        lows = [stats.beta.ppf(error, x, n - x + 1) for x, n in groups]
        expected = tuple(place for place, low in enumerate(lows) if low <= min(highs))
        assert judge(checked, groups, met, not_met).extreme == expected
        seen.add(expected)
    assert len(seen) > 1
