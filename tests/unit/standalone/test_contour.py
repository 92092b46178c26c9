"""The upper limits of contrasts that the single file finds: the right ones, and no more work than they need."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from hakari import statistics as product
from hakari.standalone.python import work
from hakari.standalone.python.numbers.bootstrap import score_rates
from hakari.standalone.python.numbers.contrasts import Contrasts, Reference, joint_errors
from hakari.standalone.python.numbers.counts import group_rates, read_tally
from hakari.standalone.python.numbers.draws import stream
from hakari.standalone.python.numbers.limits import Limits, PlainRates
from hakari.standalone.python.numbers.verdict import Rule, firing_levels
from hakari.statistics.contrasts import Contrasts as ProductContrasts
from hakari.statistics.limits import ClopperPearson
from tests.unit.standalone.test_verdict import table

ERRORS = (0.5, 0.49, 0.025, 0.00025, 1e-12, 1e-15)
LINES = (1.0, 0.8, 0.3, 0.0)
REFERENCES: tuple[Reference, ...] = (None, 0, 2, "rest")


def around(error: float) -> list[float]:
    """Return the errors of the low side at 17 angles, by scipy."""
    z = max(-float(stats.norm.ppf(error)), 0.0)
    return [float(stats.norm.sf(z * np.sin(step * np.pi / 32))) for step in range(17)]


def each_pair(limits: Limits, reference: Reference, error: float) -> Callable[[float], float]:
    """Return line → the largest limit, pair by pair and angle by angle."""
    sides = [limits, limits.rest()] if reference == "rest" else [limits]
    size, values = len(limits.values), [value for side in sides for value in side.values]
    pairs = [(i, j) for i in range(len(values)) for j in range(len(values)) if i != j]
    if reference == "rest":
        pairs = [(i, j) for i, j in pairs if abs(i - j) == size]
    elif reference is not None:
        pairs = [pair for pair in pairs if reference in pair]
    sums = []
    for one, other in zip(around(error), reversed(around(error)), strict=True):
        low = [min(pair) for pair in zip(values, [limit for side in sides for limit in side.lower(one)], strict=True)]
        high = [
            max(pair) for pair in zip(values, [limit for side in sides for limit in side.upper(other)], strict=True)
        ]
        sums += [(low[i], high[j]) for i, j in pairs]
    return lambda line: max(line * above - below for below, above in sums)


@pytest.mark.parametrize("error", [*ERRORS, 0.3, 0.6, 1e-100])
def test_the_errors_of_two_sides_are_those_of_a_tangent(error: float) -> None:
    found = joint_errors(error)
    assert found == pytest.approx(around(error), rel=1e-11)
    assert found[0] == 0.5
    assert found[-1] == pytest.approx(min(error, 0.5), rel=1e-11)


def counted(rng: random.Random, groups: int, most: int) -> list[tuple[int, int]]:
    """Return (successes, trials): also none, all, and very few of them."""
    trials = [rng.randint(1, most) for _ in range(groups)]
    return [(rng.choice((0, n, rng.randint(0, n), rng.randint(0, min(n, 4)))), n) for n in trials]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("seed", range(4))
def test_no_pair_that_is_left_out_has_a_larger_limit(seed: int, reference: Reference) -> None:
    rng = random.Random(f"{seed} {reference}")
    for groups, most in ((3, 6), (5, 300), (9, 20_000)):
        limits = PlainRates(counted(rng, groups, most))
        for error in ERRORS:
            upper = Contrasts(limits, reference, "mover").upper(error)
            largest = each_pair(limits, reference, error)
            for line in LINES:
                assert upper(line) == pytest.approx(largest(line), rel=0, abs=1e-12)


@pytest.mark.parametrize("reference", REFERENCES)
def test_groups_that_are_all_the_same_have_the_limit_of_two_of_them(reference: Reference) -> None:
    upper = Contrasts(PlainRates([(7, 40)] * 6), reference, "mover").upper(0.0125)(0.9)
    if reference != "rest":
        assert upper == Contrasts(PlainRates([(7, 40)] * 2), None, "mover").upper(0.0125)(0.9)
    assert upper == pytest.approx(each_pair(PlainRates([(7, 40)] * 6), reference, 0.0125)(0.9), rel=0, abs=1e-12)


@pytest.mark.parametrize("kind", ["weighted", "clustered", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_limits_at_an_effective_number_of_rows_are_followed_alike(kind: str, seed: int) -> None:
    rows = table(random.Random(f"{kind} {seed}"), kind, 4, 4)
    if "cluster" in rows["columns"]:  # each in one group: otherwise the box would be used
        rows["rows"] = [(row[0], f"{row[0]} {row[1]}", *row[2:]) for row in rows["rows"]]
    limits = group_rates(read_tally(rows), "accuracy", ["g"]).limits
    for error in ERRORS:
        upper = Contrasts(limits, None, "mover").upper(error)
        assert upper(0.8) == pytest.approx(each_pair(limits, None, error)(0.8), rel=0, abs=1e-12)


@pytest.mark.parametrize("metric", ["brier", "calibration_error", "f1"])
def test_bootstrapped_limits_are_followed_alike(metric: str) -> None:
    rng = random.Random(metric)
    axis, scores = ("prediction", [0, 1]) if metric == "f1" else ("score", [0.1, 0.4, 0.45, 0.8, 0.9])
    rows = [(g, label, s, rng.randint(1, 30)) for g in "abc" for s in scores for label in (0, 1)]
    tally = read_tally({"columns": ("g", "label", axis, "n"), "rows": rows, "details": {}})
    limits = score_rates(tally, metric, ["g"], stream(3, "check", "x")).limits
    for error in ERRORS:
        upper = Contrasts(limits, None, "mover").upper(error)
        assert upper(1.0) == pytest.approx(each_pair(limits, None, error)(1.0), rel=0, abs=1e-12)


def spread_and_alike(groups: int) -> list[list[tuple[int, int]]]:
    rng = random.Random(1)
    trials = [rng.randint(30, 1_600) for _ in range(groups)]
    spread = [(sum(rng.random() < 0.5 for _ in range(n)), n) for n in trials]
    return [spread, [(rng.randint(195, 205), 400) for _ in range(groups)]]


@pytest.mark.parametrize("reference", [None, 0, "rest"])
def test_a_thousand_groups_have_the_products_limits(reference: Reference) -> None:
    for groups in spread_and_alike(1_000):
        x, n = np.array(groups, dtype=float).T
        theirs = ProductContrasts.of(ClopperPearson(x, n), reference=reference).upper(0.0125)  # type: ignore[arg-type]
        ours = Contrasts(PlainRates(groups), reference, "mover").upper(0.0125)
        for line in (1.0, 0.7):
            assert ours(line) == pytest.approx(theirs(line), rel=0, abs=1e-9)


def spent(groups: list[tuple[int, int]], reference: Reference) -> float:
    work.start_work()
    Contrasts(PlainRates(groups), reference, "mover").upper(0.0125)(1.0)
    return work._spent[0]


def test_only_groups_that_may_decide_cost_more_than_two_limits() -> None:
    """By the work that is counted: two limits a group are 0.08; all 34 of them would be 1.36."""
    spread, alike = spread_and_alike(1_000)
    assert spent(spread, None) < 0.1
    assert spent(alike, None) < 0.8
    assert spent(spread, "rest") < 0.2


def test_the_levels_of_a_thousand_groups_are_within_the_work_allowed() -> None:
    """Alike, and with a line where the verdict changes: the most that honest counts ask for."""
    alike = PlainRates(spread_and_alike(1_000)[1])
    work.start_work()
    met, _ = firing_levels(Rule("difference", "<=", 0.02, 0.06, "mover"), alike)
    assert 1e-12 < met < 0.5
    assert work._spent[0] < work.MOST_WORK / 3


def test_the_product_and_the_file_fire_at_the_same_errors() -> None:
    rng = random.Random(8)
    for _ in range(12):
        groups = counted(rng, rng.choice((2, 4, 7)), 900)
        x, n = np.array(groups, dtype=float).T
        kind, reference = rng.choice(("difference", "ratio")), rng.choice(REFERENCES[: 3 if len(groups) > 2 else 2])
        operator, line = ("<=", 0.5) if kind == "difference" else (">=", 0.2)
        rule = product.Rule(
            aggregation=kind, operator=operator, threshold=line, margin=0.05, reference=reference,  # type: ignore[arg-type]
        )  # fmt: skip
        theirs = product.firing_levels(rule, ClopperPearson(x, n))
        found = firing_levels(Rule(kind, operator, line, 0.05, "mover", reference), PlainRates(groups))
        assert found == pytest.approx((theirs.p_met, theirs.p_not_met), rel=1e-9)
