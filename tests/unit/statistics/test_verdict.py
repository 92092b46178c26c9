from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.contrasts import Method, Reference
from hakari.statistics.limits import ClopperPearson, ClusteredRates
from hakari.statistics.verdict import Aggregation, Decision, Operator, Rule, decide, firing_levels, plug_in

GROUP = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
GROUPS = st.lists(GROUP, min_size=2, max_size=6)
KINDS: list[tuple[Aggregation, Operator]] = [
    ("difference", "<="),
    ("ratio", ">="),
    ("worst_group", ">="),
    ("worst_group", "<="),
]
Counts = list[tuple[int, int]]


def rates(groups: Counts) -> ClopperPearson:
    x, n = zip(*groups, strict=True)
    return ClopperPearson(np.array(x), np.array(n))


def judge(rule: Rule, groups: Counts, error: float = 0.025) -> Decision:
    return decide(rule, rates(groups), error_met=error, error_not_met=error)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    aggregation, operator = draw(st.sampled_from(KINDS))
    threshold = draw(st.sampled_from([0.02, 0.05, 0.1, 0.15] if operator == "<=" else [0.5, 0.8, 0.9]))
    margin = draw(st.sampled_from([0.0, 0.01, 0.05]))
    methods: list[Method] = ["mover", "box"]
    references: list[Reference] = [None, 0, "rest"]
    method = draw(st.sampled_from(methods))
    reference = draw(st.sampled_from(references)) if aggregation in ("difference", "ratio") else None
    return Rule(
        aggregation=aggregation, operator=operator, threshold=threshold, margin=margin, method=method,
        reference=reference,
    )  # fmt: skip


@settings(max_examples=40)
@given(rules(), GROUPS, st.sampled_from([0.025, 0.2, 0.004]))
def test_the_printed_interval_and_the_verdict_never_disagree(rule: Rule, groups: Counts, error: float) -> None:
    found = judge(rule, groups, error)
    a, b = rule.threshold, rule.unacceptable
    below = rule.operator == "<="
    met = found.upper <= b if below else found.lower >= b
    if rule.margin == 0 and (found.upper if below else found.lower) == b:
        met = found.verdict == "met"  # exactly on the line: only the strict rule itself can tell
    worse = found.lower > a if below else found.upper < a
    expected = "met" if met else "not_met" if worse else "inconclusive"
    assert (found.verdict, found.reason) == (expected, "within_margin" if met and worse else "")


@settings(max_examples=40)
@given(rules(), GROUPS)
def test_the_interval_holds_the_value(rule: Rule, groups: Counts) -> None:
    found = judge(rule, groups)
    assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9 or found.reason == "within_margin"


@settings(max_examples=40)
@given(rules(), GROUPS)
def test_smaller_errors_never_turn_met_into_not_met_or_add_a_verdict(rule: Rule, groups: Counts) -> None:
    loose, tight = judge(rule, groups, 0.1), judge(rule, groups, 0.01)
    assert {loose.verdict, tight.verdict} != {"met", "not_met"} or loose.reason == "within_margin"
    assert loose.verdict != "inconclusive" or tight.verdict == "inconclusive"


@settings(max_examples=40)
@given(rules(), GROUPS)
def test_narrower_limits_never_undo_a_verdict(rule: Rule, groups: Counts) -> None:
    """MOVER limits lie inside the box: what the box decides, they decide the same way."""
    wide, narrow = judge(replace(rule, method="box"), groups), judge(replace(rule, method="mover"), groups)
    assert wide.lower - 1e-9 <= narrow.lower
    assert narrow.upper <= wide.upper + 1e-9
    if wide.verdict == "met":
        assert narrow.verdict == "met"
    if wide.verdict == "not_met":
        assert narrow.verdict == "not_met" or narrow.reason == "within_margin"


@settings(max_examples=40)
@given(rules(), GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_the_groups_changes_nothing(rule: Rule, groups: Counts, random: object) -> None:
    order = list(range(len(groups)))
    random.shuffle(order)  # type: ignore[attr-defined]  # the object is known to have it
    moved = rule
    if isinstance(rule.reference, int):
        moved = replace(rule, reference=order.index(rule.reference))
    plain, shuffled = judge(rule, groups), judge(moved, [groups[k] for k in order])
    assert replace(plain, extreme=()) == replace(shuffled, extreme=())
    assert sorted(order[k] for k in shuffled.extreme) == list(plain.extreme)


@settings(max_examples=40)
@given(rules(), GROUPS)
def test_a_verdict_fires_at_its_firing_level_and_not_below(rule: Rule, groups: Counts) -> None:
    levels = firing_levels(rule, rates(groups))
    for p, verdict in ((levels.p_met, "met"), (levels.p_not_met, "not_met")):
        assert 0 <= p <= 1
        if not 1e-9 < p < 0.49:
            continue
        at, under = judge(rule, groups, p), judge(rule, groups, p * 0.999)
        rejected = [d.verdict == verdict or d.reason == "within_margin" for d in (at, under)]
        assert rejected == [True, False]


def test_levels_that_say_nothing_are_one() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05)
    assert firing_levels(rule, rates([(5, 10)])) == firing_levels(rule, rates([(1, 2)]))
    levels = firing_levels(rule, rates([(50, 100), (40, 100)]))
    assert levels.p_met == 1.0


def test_large_equal_groups_meet_and_far_apart_groups_do_not() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.02)
    assert judge(rule, [(5000, 10_000), (5010, 10_000)]).verdict == "met"
    assert judge(rule, [(5000, 10_000), (6500, 10_000)]).verdict == "not_met"
    assert judge(rule, [(5, 10), (6, 10)]).verdict == "inconclusive"


def test_between_the_lines_it_is_met_within_the_margin() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05)
    found = judge(rule, [(500_000, 1_000_000), (575_000, 1_000_000)])
    assert (found.verdict, found.reason) == ("met", "within_margin")


def test_a_margin_of_zero_needs_the_limit_strictly_inside() -> None:
    """Nothing at all is above a difference of 1, yet without a margin the line itself is unacceptable."""
    limits = rates([(0, 3), (3, 3)])
    for margin, verdict in ((0.0, "inconclusive"), (0.1, "met")):
        rule = Rule(aggregation="difference", operator="<=", threshold=1.0 - margin, margin=margin, method="box")
        found = decide(rule, limits, error_met=0.025, error_not_met=1e-9)
        assert (found.upper, found.verdict) == (1.0, verdict)


@pytest.mark.parametrize("groups", [[(0, 30), (0, 40)], [(0, 30), (5, 40)], [(0, 3), (3, 3)]])
def test_a_ratio_of_zero_counts_is_legal(groups: Counts) -> None:
    rule = Rule(aggregation="ratio", operator=">=", threshold=0.8)
    found = judge(rule, groups)
    assert found.verdict == ("not_met" if groups[1] == (50, 40) else "inconclusive")
    assert 0 <= found.lower <= found.value <= found.upper <= 1


def test_many_zero_counts_against_many_successes_do_not_meet_a_ratio() -> None:
    rule = Rule(aggregation="ratio", operator=">=", threshold=0.8)
    assert judge(rule, [(0, 200), (100, 200)]).verdict == "not_met"


@settings(max_examples=40)
@given(GROUPS)
def test_the_worst_group_rule_is_clopper_pearson_for_each_group(groups: Counts) -> None:
    rule = Rule(aggregation="worst_group", operator=">=", threshold=0.5, margin=0.05)
    lows = [0.0 if x == 0 else stats.beta.ppf(0.025, x, n - x + 1) for x, n in groups]
    highs = [1.0 if x == n else stats.beta.isf(0.025 / len(groups), x + 1, n - x) for x, n in groups]
    assume(all(abs(low - 0.45) > 1e-9 for low in lows))
    expected = "met" if min(lows) >= 0.45 else "not_met" if min(highs) < 0.5 else "inconclusive"
    assert judge(rule, groups).verdict == expected


@settings(max_examples=40)
@given(GROUPS)
def test_the_largest_rate_mirrors_the_smallest(groups: Counts) -> None:
    upper = Rule(aggregation="worst_group", operator="<=", threshold=0.2, margin=0.05)
    lower = Rule(aggregation="worst_group", operator=">=", threshold=0.8, margin=0.05)
    here, there = judge(upper, groups), judge(lower, [(n - x, n) for x, n in groups])
    assert (here.verdict, here.extreme) == (there.verdict, there.extreme)
    assert here.upper == pytest.approx(1 - there.lower)
    assert here.lower == pytest.approx(1 - there.upper)


def test_overall_is_the_worst_group_of_one() -> None:
    overall = Rule(aggregation="overall", operator=">=", threshold=0.7, margin=0.05)
    assert judge(overall, [(90, 100)]) == judge(replace(overall, aggregation="worst_group"), [(90, 100)])
    with pytest.raises(InputError, match="needs one group"):
        judge(overall, [(90, 100), (80, 100)])


def test_the_end_that_faces_each_line_has_the_error_of_that_verdict() -> None:
    rule = Rule(aggregation="worst_group", operator=">=", threshold=0.5)
    found = decide(rule, rates([(30, 50), (40, 50)]), error_met=0.01, error_not_met=0.04)
    assert found.lower == pytest.approx(stats.beta.ppf(0.01, 30, 21))
    assert found.upper == pytest.approx(stats.beta.isf(0.02, 31, 20))


def test_groups_without_a_denominator_are_out_of_scope() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.02, reference=2)
    found = judge(rule, [(10, 100), (0, 0), (30, 100)])
    assert replace(found, extreme=()) == replace(judge(replace(rule, reference=1), [(10, 100), (30, 100)]), extreme=())
    assert found.extreme == (0, 2)


def test_one_group_cannot_be_compared() -> None:
    rule = Rule(aggregation="ratio", operator=">=", threshold=0.8)
    found = judge(rule, [(5, 10), (0, 0)])
    assert (found.verdict, found.reason, found.lower, found.upper) == ("inconclusive", "one_group", 0.0, 1.0)
    assert math.isnan(found.value)
    assert judge(rule, [(0, 0)]).reason == "no_groups"


def test_too_few_clusters_stay_inconclusive_however_clear() -> None:
    group = np.repeat([0, 1], 14)
    x = np.repeat([0.0, 1000.0], 14)
    limits = ClusteredRates(2, group, np.arange(28), x, np.full(28, 1000.0))
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05)
    found = decide(rule, limits, error_met=0.025, error_not_met=0.025)
    assert (found.verdict, found.reason) == ("inconclusive", "too_few_clusters")
    assert firing_levels(rule, limits).p_not_met == 1.0


def test_extreme_names_every_group_that_may_be_highest_or_lowest() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05)
    assert judge(rule, [(100, 1000), (110, 1000), (300, 1000), (900, 1000)]).extreme == (0, 1, 3)
    worst = Rule(aggregation="worst_group", operator=">=", threshold=0.05)
    assert judge(worst, [(100, 1000), (110, 1000), (300, 1000), (900, 1000)]).extreme == (0, 1)


def test_plug_in_aggregates_the_plain_values() -> None:
    values = np.array([0.2, 0.5, np.nan, 0.4])
    difference = Rule(aggregation="difference", operator="<=", threshold=0.1)
    ratio = Rule(aggregation="ratio", operator=">=", threshold=0.8)
    assert plug_in(difference, values) == pytest.approx(0.3)
    assert plug_in(ratio, values) == pytest.approx(0.4)
    assert plug_in(replace(difference, reference=3), values) == pytest.approx(0.2)
    assert plug_in(replace(ratio, reference=3), values) == pytest.approx(0.5)
    assert plug_in(ratio, np.zeros(3)) == 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"aggregation": "difference", "operator": ">=", "threshold": 0.1},
        {"aggregation": "ratio", "operator": "<=", "threshold": 0.8},
        {"aggregation": "ratio", "operator": ">=", "threshold": 0.05, "margin": 0.05},
        {"aggregation": "overall", "operator": "==", "threshold": 0.8},
        {"aggregation": "difference", "operator": "<=", "threshold": 0.1, "margin": -0.01},
        {"aggregation": "worst_group", "operator": "<=", "threshold": 0.1, "reference": 0},
        {"aggregation": "difference", "operator": "<=", "threshold": float("nan")},
    ],
)
def test_rules_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Rule(**wrong)  # type: ignore[arg-type]  # the wrong type is the case under test, or comes from hypothesis


def test_margins_move_the_line_to_the_bad_side_in_decimal() -> None:
    assert Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.02).unacceptable == 0.07
    assert Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.02).unacceptable == 0.78


def test_an_error_above_one_half_is_refused() -> None:
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05)
    with pytest.raises(InputError, match="outside"):
        decide(rule, rates([(1, 2), (1, 2)]), error_met=0.6, error_not_met=0.025)


def test_the_interval_of_a_box_is_the_wider_one() -> None:
    """The method reaches the printed interval and not the verdict alone."""
    groups = ClopperPearson(np.array([30.0, 45.0]), np.array([100.0, 120.0]))
    rule = Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05)
    narrow, wide = (
        decide(replace(rule, method=method), groups, error_met=0.025, error_not_met=0.025)
        for method in ("mover", "box")
    )
    assert wide.upper > narrow.upper
    assert wide.lower <= narrow.lower
