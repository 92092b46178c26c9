"""What stands in the result of a check beside its verdict: rows, coverage, method, groups, chance gap, rows needed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.assessment.model import CheckResult, PlannedCheck, RowsNeededLine
from hakari.assessment.rules import checks
from hakari.assessment.rules.checks import judge
from hakari.assessment.rules.levels import Levels
from hakari.assessment.rules.prepared import prepare
from hakari.evidence import Estimate, Evidence, Interval, Table, Unmeasured
from hakari.messages import render, say
from hakari.statistics import RowsNeeded, noise_floor, stream
from hakari.statistics.verdict import Rule
from tests.unit.assessment._small import counts, planned_check, small_plan

PLAN = small_plan()
LEVELS = Levels(0.02, 0.01)
IDENTIFIER = "e" * 64
Groups = dict[str, tuple[int, int]]
UNSURE: Groups = {"a": (50, 100), "b": (40, 100)}
WORST: dict[str, Any] = {"aggregation": "worst_group", "operator": ">=", "threshold": 0.45, "margin": 0.05}


def result(record: Evidence, check: PlannedCheck, levels: Levels | None = LEVELS) -> CheckResult:
    return judge(prepare(check, IDENTIFIER, record), levels)


def judged(groups: Groups, **changes: Any) -> CheckResult:
    return result(counts(PLAN, groups), planned_check(**changes))


def said(found: CheckResult) -> str:
    return " ".join(render(reason) for reason in found.reasons)


def table(*rows: tuple[Any, ...], columns: tuple[str, ...], name: str = "tally", **details: Any) -> Evidence:
    return counts(PLAN, {}, tables=(Table(name=name, columns=columns, rows=rows, details=details),))


def test_a_check_without_enough_groups_still_shows_what_was_counted() -> None:
    found = judged({"a": (50, 100), "b": (3, 10), "c": (0, 0)})
    assert (found.status, found.evidence, found.rows, found.trials) == ("inconclusive", IDENTIFIER, 110, 100)
    assert found.coverage == pytest.approx(100 / 110)
    assert [(line.name, line.rows, line.in_scope, line.extreme) for line in found.groups] == [
        ("a", 100, True, False), ("b", 10, False, False), ("c", 0, False, False),
    ]  # fmt: skip
    assert "1 group with at least 30 rows" in said(found)
    assert isinstance(found.value, Unmeasured)
    assert found.value.unmeasured == found.reasons[0]


def test_a_check_without_its_table_names_it() -> None:
    found = result(counts(PLAN, UNSURE), planned_check(table="scores"))
    assert (found.status, found.evidence, found.rows, found.groups) == ("missing", IDENTIFIER, 0, ())
    assert "“scores”" in said(found)
    assert (found.threshold, found.unacceptable) == (0.1, planned_check().unacceptable)


def test_a_check_outside_the_family_of_levels_has_no_verdict() -> None:
    found = result(counts(PLAN, UNSURE), planned_check(), None)
    assert (found.status, found.rows, len(found.groups)) == ("inconclusive", 200, 2)
    assert "“tally”" in said(found)


@pytest.mark.parametrize(
    ("figure", "operator", "threshold", "status"),
    [(0.0, "<=", 0.0, "met"), (1.0, "<=", 0.0, "not_met"), (5.0, ">=", 5.0, "met"), (4.0, ">=", 5.0, "not_met")],
)
def test_an_exact_count_is_met_on_the_line_itself(figure: float, operator: Any, threshold: float, status: str) -> None:
    estimate = Estimate(
        metric="exact", value=figure, interval=Interval(low=figure, high=figure, level=1, method="count"), n=80
    )
    check = planned_check(basis="count", columns=(), metric="exact", operator=operator, threshold=threshold, margin=0.0)
    found = result(counts(PLAN, {}, estimates=(estimate,)), check)
    assert (found.status, found.value, found.low, found.high) == (status, figure, figure, figure)
    assert (found.rows, found.trials, found.method, found.evidence) == (80, 80, "count", IDENTIFIER)
    assert (found.error_met, found.error_not_met, found.reasons) == (None, None, ())


@pytest.mark.parametrize(("least", "status"), [(0.95, "met"), (0.9501, "inconclusive")])
def test_coverage_is_enough_at_its_line(least: float, status: str) -> None:
    groups = {"a": (4750, 9500), "b": (4750, 9500), "c": (500, 1000)}
    found = judged(groups, min_rows=2000, coverage_min=least)
    assert (found.coverage, found.status) == (0.95, status)
    assert ("hold 95.0% of the rows" in said(found)) == (status == "inconclusive")


def test_between_the_lines_it_is_said_which_ones() -> None:
    found = judged({"a": (500_000, 1_000_000), "b": (625_000, 1_000_000)})
    assert found.status == "met"
    assert said(found).startswith("Between the limit 0.1 and the unacceptable line 0.15:")


def test_a_small_group_that_decides_is_named_with_the_rows_asked_for() -> None:
    found = judged({"a": (3000, 6000), "b": (3000, 6000), "c": (0, 29)})
    assert "below 30 rows" in said(found)
    assert [line.extreme for line in found.groups] == [True, True, True]
    assert found.error_not_met == pytest.approx(LEVELS.not_met / 10)


@pytest.mark.parametrize(
    ("groups", "extreme"),
    [
        ({"a": (0, 0), "b": (0, 25), "c": (0, 0), "d": (28, 28)}, "bd"),
        ({"a": (0, 0), "b": (3000, 6000), "c": (0, 29), "d": (2900, 6000)}, "bcd"),
        ({"a": (9, 20), "b": (3000, 6000), "c": (0, 0), "d": (2400, 6000), "e": (2700, 6000)}, "bd"),
    ],
)
def test_the_extreme_groups_are_marked_in_their_own_lines(groups: Groups, extreme: str) -> None:
    """Also where groups without a denominator stand before them."""
    found = judged(groups)
    assert "".join(line.name for line in found.groups if line.extreme) == extreme


def test_only_comparisons_name_how_two_limits_are_joined() -> None:
    assert judged(UNSURE).method == "mover, clopper-pearson"
    assert judged(UNSURE, method="box").method == "box, clopper-pearson"
    assert judged(UNSURE, **WORST).method == "clopper-pearson"
    ratio = {"aggregation": "ratio", "operator": ">=", "threshold": 0.8}
    assert judged(UNSURE, **ratio).method == "mover, clopper-pearson"


def test_lines_of_groups_are_simultaneous_intervals_at_the_confidence() -> None:
    found = judged({"a": (50, 100), "b": (40, 100), "c": (2, 9), "d": (0, 0)}, confidence=0.9)
    error = (1 - 0.9 ** (1 / 3)) / 2  # three groups have a rate
    for line, (x, n) in zip(found.groups, [(50, 100), (40, 100), (2, 9)], strict=False):
        assert (line.rows, line.successes, line.trials, line.value) == (n, x, n, x / n)
        assert line.low == pytest.approx(stats.beta.ppf(error, x, n - x + 1))
        assert line.high == pytest.approx(stats.beta.isf(error, x + 1, n - x))
        assert line.monte_carlo_error is None
    empty = found.groups[3]
    assert isinstance(empty.value, Unmeasured)
    assert isinstance(empty.low, Unmeasured)
    assert isinstance(empty.high, Unmeasured)
    assert type(found.groups) is tuple


@pytest.mark.parametrize(("operator", "end"), [("<=", "high"), (">=", "low")])
def test_the_worst_case_is_the_end_that_faces_the_unacceptable_line(operator: Any, end: str) -> None:
    found = judged(UNSURE, **WORST | {"operator": operator})
    assert found.status == "inconclusive"
    assert found.worst_case == getattr(found, end)
    assert judged({"a": (9000, 10_000), "b": (9000, 10_000)}, **WORST).worst_case is None


def test_rows_of_a_search_give_no_verdict_unless_the_candidates_are_counted() -> None:
    equal = {"a": (3000, 6000), "b": (3000, 6000)}
    found = judged(equal, reused=True)
    assert (found.status, found.rows_needed) == ("inconclusive", None)
    assert "used in a search before" in said(found)
    assert judged(equal, reused=True, candidates=20).status == "met"


@pytest.mark.parametrize("look", [1, 2, 5])
def test_rows_needed_are_those_for_the_errors_of_the_next_look(look: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look k spends 1/(k(k+1)) of the error, so the next one has k/(k+2) of what this one has."""
    seen: dict[str, Any] = {}

    def watched(rule: Rule, successes: Any, trials: Any, **errors: Any) -> RowsNeeded:
        seen.update(errors, successes=successes.tolist(), trials=trials.tolist(), rule=rule)
        return RowsNeeded((1,), 900, 500, 0.3)

    monkeypatch.setattr(checks, "rows_needed", watched)
    found = judged({"a": (1, 5), **{name: UNSURE[old] for name, old in (("b", "a"), ("c", "b"))}}, look=look)
    assert (seen["error_met"], seen["error_not_met"]) == (LEVELS.met, LEVELS.not_met)
    assert seen["error_met_next"] == pytest.approx(LEVELS.met * look / (look + 2))
    assert seen["error_not_met_next"] == pytest.approx(LEVELS.not_met * look / (look + 2))
    assert (seen["successes"], seen["trials"]) == ([50, 40], [100, 100])
    # The second of the groups in scope is the third of all.
    assert found.rows_needed == RowsNeededLine(groups=("c",), sure=900, likely=500)


@pytest.mark.parametrize("answer", [RowsNeeded((0, 1), None, None, 0.1), RowsNeeded((0,), None, 70, 0.1)])
def test_rows_beyond_reach_are_left_out(answer: RowsNeeded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "rows_needed", lambda *_, **__: answer)
    found = judged(UNSURE).rows_needed
    assert found is not None
    assert (found.sure, found.likely) == (None, answer.likely)
    assert found.groups == tuple("ab"[place] for place in answer.limiting)


def test_rows_needed_are_drawn_from_the_name_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(UNSURE).rows_needed == judged(UNSURE).rows_needed
    drawn: list[int] = []

    def watched(*_: Any, rng: np.random.Generator, **__: Any) -> RowsNeeded:
        drawn.append(int(rng.integers(2**62)))
        return RowsNeeded((), None, None, 0.0)

    monkeypatch.setattr(checks, "rows_needed", watched)
    for name in ("gaps/gap[g]", "gaps/other[g]"):
        judged(UNSURE, id=name)
        assert drawn.pop() == stream(0, "rows-needed", name).integers(2**62)


def test_the_chance_gap_is_that_of_the_groups_in_scope() -> None:
    expected = noise_floor(
        Rule(aggregation="difference", operator="<=", threshold=0.1),
        np.array([50.0, 40]), np.array([100.0, 100]), rng=np.random.default_rng(1),
    )  # fmt: skip
    assert judged({**UNSURE, "c": (9, 9)}).noise_floor == pytest.approx(expected)
    assert type(judged(UNSURE).noise_floor) is float
    assert judged(UNSURE, reference="rest").noise_floor is None
    assert judged(UNSURE, **WORST | {"aggregation": "overall", "columns": ()}).noise_floor is None


@pytest.mark.parametrize("aggregation", ["difference", "ratio"])
def test_a_chance_gap_that_is_drawn_is_the_same_each_time(aggregation: str) -> None:
    operator = {"difference": "<=", "ratio": ">="}[aggregation]
    changes = {"aggregation": aggregation, "operator": operator, "threshold": 0.5, "reference": "a"}
    found = judged(UNSURE, **changes).noise_floor
    assert found == judged(UNSURE, **changes).noise_floor
    rule = Rule(aggregation=aggregation, operator=operator, threshold=0.5, margin=0.05, reference=0)  # type: ignore[arg-type]  # one of the two
    sums = np.array([50.0, 40]), np.array([100.0, 100])
    assert found == noise_floor(rule, *sums, rng=stream(0, "noise-floor", "gaps/gap[g]"))
    assert found != judged(UNSURE, **changes, id="gaps/other[g]").noise_floor


def smooth(**changes: Any) -> tuple[Evidence, PlannedCheck]:
    rows = [
        (g, label, score, 6 + label * place + (g == "b"))
        for g in "ab" for label in (0, 1) for place, score in enumerate((0.1, 0.3, 0.6, 0.9))
    ]  # fmt: skip
    record = table(*rows, ("c", "missing", 0.5, 40), columns=("g", "label", "score", "n"), name="scores")
    check = planned_check(metric="brier", basis="smooth", table="scores", threshold=0.3, **changes)
    return record, check


def test_a_drawn_limit_has_a_monte_carlo_error_and_no_successes() -> None:
    found = result(*smooth())
    assert found.monte_carlo_error is not None
    assert min(found.monte_carlo_error) >= 0
    assert max(found.monte_carlo_error) > 0
    for line in found.groups[:2]:
        assert line.successes is None
        assert line.monte_carlo_error is not None
        assert max(line.monte_carlo_error) > 0
    assert found.groups[2].monte_carlo_error is None
    assert isinstance(found.groups[2].value, Unmeasured)
    assert (found.noise_floor, found.rows_needed) == (None, None)
    assert judged(UNSURE).monte_carlo_error is None


def test_results_without_columns_have_no_lines() -> None:
    found = judged(UNSURE, **WORST | {"aggregation": "overall", "columns": ()})
    assert (found.groups, found.rows, found.trials, found.coverage) == ((), 200, 200, 1.0)
    assert found.value == pytest.approx(0.45)


def test_an_estimate_that_says_why_it_is_missing_lends_its_reason() -> None:
    why = say("assessment.plan.no_data")
    nothing = Unmeasured(unmeasured=why)
    blank = Estimate(metric="selection_rate", value=nothing, interval=nothing, n=7)
    record = replace(counts(PLAN, {}, estimates=(blank,)), tables=())
    assert result(record, planned_check()).reasons == (why,)
    counted = planned_check(basis="count", columns=())
    found = result(record, counted)
    assert (found.reasons, found.rows, found.status) == ((why,), 7, "missing")
    assert "“exact”" in said(result(record, replace(counted, metric="exact")))


def test_weights_and_clusters_have_no_chance_gap_and_no_rows_needed() -> None:
    rows = [(g, p % 2, f"{g}{p}", 5) for g in "ab" for p in range(40)]
    found = result(table(*rows, columns=("g", "prediction", "cluster", "n")), planned_check())
    assert (found.status, found.noise_floor, found.rows_needed) == ("inconclusive", None, None)
    assert math.isclose(found.coverage, 1.0)
