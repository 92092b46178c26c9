"""The parts of the search for rows, each against the verdict rule itself or against one pair at a time."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.statistics import sample_size
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.sample_size import RowsNeeded, rows_needed
from hakari.statistics.verdict import Aggregation, Operator, Rule, decide
from tests.unit.statistics import _contour

Counts = list[tuple[int, int]]
MET, NOT_MET = 0.004, 0.02
GROUPS: Counts = [(30, 100), (45, 120), (24, 60), (90, 300)]


def rule(aggregation: Aggregation, threshold: float, margin: float = 0.0, **others: object) -> Rule:
    side: Operator = "<=" if aggregation == "difference" else ">="
    return replace(Rule(aggregation=aggregation, operator=side, threshold=threshold, margin=margin), **others)  # type: ignore[arg-type]  # a part of the fields


RULES = [
    rule("difference", 0.1, 0.05),
    rule("difference", 0.1, method="box"),
    rule("difference", 0.1, 0.1, reference=1),
    rule("difference", 0.15, reference="rest"),
    rule("ratio", 0.8),
    rule("ratio", 0.6, 0.1, method="box"),
    rule("ratio", 0.7, 0.1, reference=2),
    rule("ratio", 0.7, 0.1, reference="rest", method="box"),
    rule("worst_group", 0.25, 0.05),
    rule("worst_group", 0.4, operator="<="),
]


def design(checked: Rule, groups: Counts, alpha: float = 0.05) -> sample_size._Design:
    x, n = (np.array(part, dtype=float) for part in zip(*groups, strict=True))
    found = sample_size._Design.of(checked, x, n, alpha, MET, NOT_MET)
    assert found is not None
    return found


def needed(checked: Rule, groups: Counts, *, alpha: float = 0.025, seed: int = 1) -> RowsNeeded:
    x, n = zip(*groups, strict=True)
    return rows_needed(
        checked, np.array(x), np.array(n), error_met=alpha / 2, error_not_met=alpha / 2, error_met_next=MET,
        error_not_met_next=NOT_MET, rng=np.random.Generator(np.random.PCG64(seed)),
    )  # fmt: skip


@pytest.mark.parametrize("checked", RULES, ids=str)
def test_the_quick_verdict_of_a_fresh_sample_is_the_verdict(checked: Rule) -> None:
    """A hundred samples with rates that differ much and little; small ones, where the two half widths differ."""
    scale = 10 if checked.compares else 1
    rng, n = np.random.default_rng(7), np.array([100, 120, 60, 300]) * scale
    part = design(checked, [(scale * x, scale * n) for x, n in GROUPS])
    p = rng.uniform(0.2, 0.6, (100, 1)) + rng.uniform(-1, 1, (100, 4)) * rng.choice([0.0, 0.1, 0.2], (100, 1))
    drawn = rng.binomial(n, p).astype(float)
    x, sides = part.sides(drawn), part.sides(n.astype(float))
    met = [sample_size._half_widths(x, np.broadcast_to(sides, x.shape), error) for error in part.errors_met]
    other = sample_size._half_widths(x, np.broadcast_to(sides, x.shape), part.error_not_met)
    found = part.decided(x / sides, met, other)
    limits = [ClopperPearson(each, n.astype(float)) for each in drawn]
    verdicts = [decide(checked, each, error_met=MET, error_not_met=NOT_MET).verdict for each in limits]
    assert found.tolist() == [verdict != "inconclusive" for verdict in verdicts]
    assert set(verdicts) == {"met", "not_met", "inconclusive"}


@pytest.mark.parametrize(
    "checked",
    [
        rule("worst_group", 0.1, 0.08), rule("worst_group", 0.1, 0.08, operator="<="), rule("difference", 0.02, 0.2),
        rule("difference", 0.02, 0.2, method="box"), rule("ratio", 0.5, 0.49), rule("ratio", 0.9, 0.89, method="box"),
    ],
    ids=str,
)  # fmt: skip
def test_the_quick_verdict_looks_at_the_half_width_on_its_own_side(checked: Rule) -> None:
    """At small rates of few rows an interval reaches much further up than down."""
    rng, n = np.random.default_rng(3), np.array([40.0, 50, 60])
    part = design(checked, [(4, 40), (5, 50), (6, 60)])
    p = rng.uniform(0.01, 0.2, (200, 1)) + rng.uniform(0, 0.25, (200, 3)) * rng.choice([0.0, 1.0], (200, 3))
    drawn = rng.binomial(n.astype(int), p).astype(float)
    whole = np.broadcast_to(n, drawn.shape)
    met = [sample_size._half_widths(drawn, whole, error) for error in part.errors_met]
    other = sample_size._half_widths(drawn, whole, part.error_not_met)
    verdicts = [decide(checked, ClopperPearson(x, n), error_met=MET, error_not_met=NOT_MET).verdict for x in drawn]
    assert part.decided(drawn / n, met, other).tolist() == [verdict != "inconclusive" for verdict in verdicts]
    assert set(verdicts) == {"met", "not_met", "inconclusive"}


def test_without_a_margin_a_limit_on_the_line_is_no_verdict() -> None:
    """A difference of at most 1 is certain, and yet the line itself is unacceptable without a margin."""
    p, n = np.array([[0.0, 1.0]]), np.array([[3.0, 3.0]])
    for margin, expected in ((0.0, False), (0.25, True)):
        part = design(rule("difference", 1.0 - margin, margin, method="box"), [(0, 3), (3, 3)])
        met = [sample_size._half_widths(p * n, n, error) for error in part.errors_met]
        nothing = (np.ones((1, 2)), np.ones((1, 2)))
        assert part.decided(p, met, nothing).tolist() == [expected]


@pytest.mark.parametrize("size", [1, 30, 200, 201, 5000, 10**6])
def test_half_widths_read_from_a_table_are_those_computed(size: int) -> None:
    rng = np.random.default_rng(2)
    n = np.array([size, 77, size], dtype=float)
    x = rng.binomial(n.astype(int), [0.9, 0.5, 0.97], (400, 3)).astype(float)
    for error in (0.1, 1e-4):
        found = sample_size._tabled(x, n, error)
        exact = sample_size._half_widths(x, np.broadcast_to(n, x.shape), error)
        for one, other in zip(found, exact, strict=True):
            assert one == pytest.approx(other, abs=1e-14 if size <= 200 else 1.2e-5)


def test_half_widths_of_a_table_over_all_counts_are_exact_at_its_ends() -> None:
    n = 1000.0
    x = np.arange(n + 1)[:, None]
    found = sample_size._tabled(x, np.array([n]), 0.01)
    exact = sample_size._half_widths(x, np.full_like(x, n), 0.01)
    for one, other in zip(found, exact, strict=True):
        assert one == pytest.approx(other, abs=3e-5)
        assert np.r_[one[:12], one[-12:]] == pytest.approx(np.r_[other[:12], other[-12:]], abs=1e-14)


def test_half_widths_are_the_distances_of_the_clopper_pearson_limits() -> None:
    x, n = np.array([0.0, 3, 10, 10.5, -0.1]), np.array([10.0, 10, 10, 10, 10])
    below, above = sample_size._half_widths(x, n, 0.05)
    assert below[:3] == pytest.approx([0, 0.3 - stats.beta.ppf(0.05, 3, 8), 1 - stats.beta.ppf(0.05, 10, 1)])
    assert above[:3] == pytest.approx([stats.beta.isf(0.05, 1, 10), stats.beta.isf(0.05, 4, 7) - 0.3, 0])
    # Rounding may carry a count a little outside: the limits are those of the end, and no length is negative.
    assert above[3] == 0
    assert below[4] == 0


@pytest.mark.parametrize("turn", [1, 2, 3, 17, 64, 1000, 12345])
def test_the_search_finds_the_first_size_that_holds(turn: int) -> None:
    asked: list[int] = []

    def holds(size: int) -> bool:
        asked.append(size)
        return size >= turn

    assert sample_size._smallest(holds, 1, exact=True) == turn
    assert sample_size._smallest(holds, 10, exact=True) == max(turn, 10)
    near = sample_size._smallest(holds, 1, exact=False)
    assert near is not None
    assert turn <= near <= max(1.02 * turn, turn + 1)
    assert min(asked) >= 1
    assert len(asked) < 90


def test_the_search_ends_at_the_most_and_says_none_beyond() -> None:
    assert sample_size._smallest(lambda size: size >= 100, 1, exact=True, most=100) == 100
    assert sample_size._smallest(lambda size: size >= 101, 1, exact=True, most=100) is None
    assert sample_size._smallest(lambda size: size >= 100, 1, exact=False, most=100) == 100
    asked: list[int] = []

    def never(size: int) -> bool:
        asked.append(size)
        return False

    assert sample_size._smallest(never, 3, exact=True, most=50) is None
    assert max(asked) == 50
    assert sample_size._smallest(lambda size: False, 1, exact=True) is None


def widest(checked: Rule, part: sample_size._Design, size: int) -> float:
    """The widest interval of any pair, its rates on the grid inside the present intervals, pair by pair."""
    n = np.maximum(part.trials, size)
    grids = [[*np.linspace(low, high, 9), min(max(0.5, low), high)] for low, high in zip(*part.inside, strict=True)]

    def half(p: float, n: float, error: float) -> tuple[float, float]:
        low = stats.beta.ppf(error, p * n, n - p * n + 1) if p > 0 else 0.0
        high = stats.beta.isf(error, p * n + 1, n - p * n) if p < 1 else 1.0
        return p - low, high - p

    def halves(error: float) -> list[list[tuple[float, float]]]:
        return [[half(p, n[g], error) for p in grids[g]] for g in range(len(n))]

    other = halves(part.error_not_met)
    if not checked.compares:
        near, far = (0, 1) if checked.operator == ">=" else (1, 0)
        met = halves(MET)
        return max(a[near] + b[far] for g in range(len(n)) for a, b in zip(met[g], other[g], strict=True))
    box = checked.method == "box"
    join = operator.add if box else math.hypot
    pairs = [(halves(one), halves(two)) for one, two in ([(MET / 2, MET / 2)] if box else _contour.angles(MET))]
    found = 0.0
    for i, j in product(range(len(n)), repeat=2):
        if i == j:
            continue
        if checked.aggregation == "difference":
            up = max(max(w[0] for w in low[i]) + max(w[1] for w in high[j]) for low, high in pairs)
            down = join(max(w[1] for w in other[i]), max(w[0] for w in other[j]))
            found = max(found, up + down)
            continue
        for (a, p), (b, q) in product(enumerate(grids[i]), enumerate(grids[j])):
            if p <= q:
                c, d = other[i][a], other[j][b]
                down = min(root(p, q, low[i][a][0], high[j][b][1], 1, operator.add) for low, high in pairs)
                found = max(found, root(p, q, c[1], d[0], -1, join) - down)
    return found


def root(p: float, q: float, r: float, s: float, sign: int, join: Callable[[float, float], float]) -> float:
    """The line from 0 to 1 at which line·q − p ± the joined half widths passes zero, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle * q - p + sign * join(r, middle * s) <= 0:
            low = middle
        else:
            high = middle
    return high


@pytest.mark.parametrize(
    "checked",
    [
        rule("difference", 0.1, 0.1), rule("difference", 0.1, 0.1, method="box"), rule("ratio", 0.99, 0.2),
        rule("ratio", 0.99, 0.2, method="box"), rule("worst_group", 0.3, 0.1),
        rule("worst_group", 0.5, 0.1, operator="<="),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("groups", [[(30, 80), (26, 60), (31, 70)], [(8, 90), (6, 60), (9, 70)]])
def test_intervals_are_narrow_exactly_where_the_widest_pair_is(checked: Rule, groups: Counts) -> None:
    """At rates near one half, and at small rates, where an interval reaches further up than down."""
    part = design(checked, groups)
    for size in (900, 3000):
        width = widest(checked, part, size)
        for margin, expected in ((width * (1 + 1e-9), True), (width * (1 - 1e-9), False)):
            assert replace(part, rule=replace(checked, margin=margin)).narrow(size) == expected


@pytest.mark.parametrize("checked", [*RULES[:2], RULES[4], rule("ratio", 0.75, 0.05, method="box")], ids=str)
def test_held_pairs_need_an_interval_only_while_they_do_not_pass_as_they_are(checked: Rule) -> None:
    """Pairs with a group that is raised always do."""
    n = np.array([60.0, 4000, 4000, 300])
    part = replace(design(checked, [(20, 60), (1200, 4000), (1240, 4000), (130, 300)]), targets=np.array([0]))
    p, box, b = part.successes / n, checked.method == "box", checked.unacceptable
    line, shift = (b, 0.0) if checked.aggregation == "ratio" else (1.0, b)

    def ends(error: float) -> tuple[list[float], list[float]]:
        x = part.successes
        lower, upper = stats.beta.ppf(error, x, n - x + 1), stats.beta.isf(error, x + 1, n - x)
        return np.asarray(lower).tolist(), np.asarray(upper).tolist()

    errors = [(MET / 2, MET / 2)] if box else _contour.angles(MET)
    sides = [(ends(one)[0], ends(two)[1]) for one, two in errors]
    expected = set()
    for i, j in product(range(4), repeat=2):
        reach = max(line * max(high[j], p[j]) - min(low[i], p[i]) for low, high in sides)
        if i != j and (0 in (i, j) or reach > shift):
            expected.add((i, j))
    found = part._open_pairs()
    assert set(zip(*(side.tolist() for side in found), strict=True)) == expected
    assert 6 < len(expected) < 12


def test_pairs_of_groups_that_are_no_candidates_need_no_interval() -> None:
    groups: Counts = [(100, 1000), (50, 200), (400, 1000)]
    i, j = design(rule("difference", 0.1, 0.1), groups)._open_pairs()
    assert set(zip(i.tolist(), j.tolist(), strict=True)) == {(0, 2), (2, 0)}
    part = design(rule("difference", 0.1, 0.1, reference="rest"), groups)
    assert len(part._open_pairs()[0]) == 6


def test_only_targets_are_raised_and_only_to_the_size() -> None:
    part = replace(design(RULES[0], GROUPS), targets=np.array([0, 2]))
    assert part.raised(110).tolist() == [110, 120, 110, 300]
    assert part.trials.tolist() == [100, 120, 60, 300]
    assert part.below(101).tolist() == [0, 2]
    assert part.below(100).tolist() == [2]


def test_errors_are_halved_in_a_box_and_divided_over_the_contrasts() -> None:
    for checked, count in ((RULES[0], 12), (RULES[1], 12), (RULES[2], 6), (RULES[3], 8), (RULES[8], 4)):
        half = 2 if checked.method == "box" else 1
        part = design(checked, [*GROUPS, (0, 0)] if checked.reference is None else GROUPS)
        contour = checked.compares and checked.method == "mover"
        assert part.errors_met == pytest.approx([one for one, _ in _contour.angles(MET)] if contour else [MET / half])
        assert part.error_not_met == pytest.approx(NOT_MET / count / half)


@pytest.mark.parametrize("reference", [None, 1, "rest"])
def test_every_side_and_contrast_has_its_place(reference: object) -> None:
    part = design(rule("difference", 0.1, reference=reference), GROUPS)
    pairs = set(zip(part.low.tolist(), part.high.tolist(), strict=True))
    others = {"rest": [(g, g + 4) for g in range(4)], 1: [(g, 1) for g in (0, 2, 3)]}
    one_way = others.get(reference, [(i, j) for i in range(4) for j in range(i)])
    assert pairs == {*one_way, *((j, i) for i, j in one_way)}
    assert len(part.low) == len(pairs)
    assert len(part.inside[0]) == (8 if reference == "rest" else 4)
    counted = part.sides(np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]]))
    if reference == "rest":
        assert counted.tolist() == [[1, 2, 3, 4, 9, 8, 7, 6], [5, 6, 7, 8, 21, 20, 19, 18]]


def test_present_limits_are_simultaneous_over_the_groups_and_over_their_rests() -> None:
    part = design(rule("difference", 0.1, reference="rest"), GROUPS, 0.1)
    x, n = (np.array(side, dtype=float) for side in zip(*GROUPS, strict=True))
    x, n = np.r_[x, x.sum() - x], np.r_[n, n.sum() - n]
    error = (1 - 0.9 ** (1 / 4)) / 2
    assert part.inside[0] == pytest.approx(stats.beta.ppf(error, x, n - x + 1))
    assert part.inside[1] == pytest.approx(stats.beta.isf(error, x + 1, n - x))
    alone = design(rule("difference", 0.1), GROUPS, 0.1)
    assert alone.inside[0] == pytest.approx(part.inside[0][:4])
    assert alone.inside[1] == pytest.approx(part.inside[1][:4])


def test_where_both_rates_may_be_zero_no_number_of_rows_bounds_their_ratio() -> None:
    assert not design(rule("ratio", 0.6, 0.59), [(0, 80), (0, 60)]).narrow(10**8)
    assert design(rule("ratio", 0.6, 0.59), [(1, 80), (1, 60)]).narrow(10**8)


def test_the_24_smallest_candidates_stand_for_many_and_a_reference_is_kept() -> None:
    groups: Counts = [(30 + g, 100 + g) for g in range(40)]
    part = design(rule("difference", 0.1), groups)
    assert part.names.tolist() == list(range(24))
    assert part.error_not_met == pytest.approx(NOT_MET / (40 * 39))
    named = design(rule("difference", 0.1, reference=39), groups)
    assert named.names.tolist() == [*range(24), 39]
    assert named.candidates.tolist() == list(range(24))
    few = design(rule("difference", 0.1), groups[:24])
    assert (few.names.tolist(), len(few.low)) == (list(range(24)), 24 * 23)
    # With no more than 24 groups also those are kept that are no candidates.
    mixed: Counts = [(20_000, 100_000), (30_000, 100_000), *[(400, 1000)] * 22]
    assert design(rule("difference", 0.1), mixed).names.tolist() == list(range(24))
    assert 1 not in design(rule("difference", 0.1), mixed).candidates


def test_candidates_are_the_groups_that_may_be_highest_or_lowest() -> None:
    groups: Counts = [(100, 1000), (50, 200), (400, 1000), (0, 0)]
    assert design(rule("difference", 0.1), groups).candidates.tolist() == [0, 2]
    assert design(rule("worst_group", 0.1), groups).candidates.tolist() == [0]
    assert design(rule("difference", 0.1, reference=0), groups).candidates.tolist() == [0, 1, 2]
    assert design(rule("difference", 0.1, reference="rest"), groups).candidates.tolist() == [0, 1, 2]


def test_where_a_verdict_is_all_but_certain_no_more_rows_are_needed() -> None:
    found = needed(rule("difference", 0.1, 0.1), [(5000, 10_000), (5000, 10_000)])
    assert found.probability_now > 0.99
    assert (found.likely, found.limiting) == (10_000, ())


def test_where_no_number_of_rows_helps_the_answer_is_none() -> None:
    """Two groups that lie on the line to many digits: a hundred million rows do not tell on which side."""
    found = needed(rule("difference", 0.1), [(45_000_000, 90_000_000), (54_000_000, 90_000_000)])
    assert (found.sure, found.likely) == (None, None)
    assert found.limiting == (0, 1)
    assert found.probability_now < 0.2
    narrow = needed(rule("difference", 0.1, 1e-5), [(50, 100), (90, 100)])
    assert narrow.sure is None
    assert narrow.likely is not None


def test_one_group_is_enough_for_a_rate_of_all_and_too_few_for_a_comparison() -> None:
    assert needed(rule("worst_group", 0.5, 0.1), [(0, 0), (50, 100)]).limiting == (1,)
    assert needed(rule("difference", 0.5, 0.1), [(0, 0), (50, 100)]) == RowsNeeded((), None, None, 0.0)
    assert needed(rule("worst_group", 0.5, 0.1), [(0, 0)]) == RowsNeeded((), None, None, 0.0)
    assert needed(rule("worst_group", 0.5, 0.1), [(1, 1)]).limiting == (0,)
    assert needed(rule("difference", 0.5, 0.1), [(1, 1), (50, 100)]).limiting == (0, 1)


@pytest.mark.parametrize("groups", [[(3, 2), (1, 2)]])
def test_impossible_counts_are_refused_with_their_number(groups: Counts) -> None:
    with pytest.raises(InputError, match="2 numbers of successes and 2 numbers of trials"):
        needed(RULES[0], groups)
    with pytest.raises(InputError, match="1 number of successes and 2 numbers of trials"):
        rows_needed(
            RULES[0], np.array([1]), np.array([1, 2]), error_met=MET, error_not_met=MET, error_met_next=MET,
            error_not_met_next=MET, rng=np.random.default_rng(1),
        )  # fmt: skip


def test_the_chance_of_a_verdict_is_averaged_over_the_jeffreys_posterior() -> None:
    """For one rate by summing over the beta-binomial distribution of a fresh sample."""
    middle, low, high = rule("overall", 0.5, 0.1), rule("overall", 0.1), rule("overall", 0.9, operator="<=")
    for checked, x, n in (
        (middle, 55, 100),
        (middle, 8, 30),
        (low, 0, 60),
        (low, 1, 60),
        (high, 60, 60),
        (high, 59, 60),
    ):
        outcomes = np.arange(n + 1)
        chance = stats.betabinom.pmf(outcomes, n, x + 0.5, n - x + 0.5)
        sides = [ClopperPearson(np.array([k]), np.array([n])) for k in outcomes]
        verdicts = [decide(checked, each, error_met=MET, error_not_met=NOT_MET).verdict for each in sides]
        exact = sum(p for p, verdict in zip(chance, verdicts, strict=True) if verdict != "inconclusive")
        # 800 draws: at most .018 of standard error; four of them.
        assert needed(checked, [(x, n)]).probability_now == pytest.approx(exact, abs=0.071)


def test_where_a_held_group_is_too_small_all_candidates_are_raised_to_the_first_size_that_holds() -> None:
    checked, groups = rule("difference", 0.3, 0.05), [(2, 30), (500, 1000)]
    part = design(checked, groups, 0.025)
    found = needed(checked, groups)
    assert found.sure is not None
    assert found.likely is not None
    assert found.likely < 1000 < found.sure
    assert found.limiting == (0, 1)
    assert part.narrow(found.sure)
    assert not part.narrow(found.sure - 1)
    assert not replace(part, targets=np.array([0])).narrow(10**8)


def test_sure_rows_of_a_small_group_lean_on_the_large_ones() -> None:
    """The small group alone is raised, to the first size at which it and its large partner are narrow enough."""
    alone = needed(rule("difference", 0.1, 0.1), [(15, 30), (500, 1000)])
    assert alone.limiting == (0,)
    assert alone.sure is not None
    part = replace(design(rule("difference", 0.1, 0.1), [(15, 30), (500, 1000)], 0.025), targets=np.array([0]))
    assert part.narrow(alone.sure)
    assert not part.narrow(alone.sure - 1)
