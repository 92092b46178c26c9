"""Levels: what is left of the error after confidence, looks, candidates and Holm."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.engine import assess
from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.rules.levels import budget, family_levels
from hakari.statistics import FiringLevels
from tests.unit.assessment._small import answer, counts, planned_check, small_plan
from tests.unit.assessment._small import given as engine_input

p_values = st.floats(1e-12, 1.0)


def _plan(number: int, **changes: Any) -> Plan:
    return small_plan(*(planned_check(id=f"c{index}", **changes) for index in range(number)))


def _rejected_by_holm(p: list[float], budgets: list[float]) -> list[bool]:
    """Holm 1979 in its own words: smallest first, reject while q·(K − s) ≤ 1, stop at the first that is not."""
    rejected = [False] * len(p)
    scaled = [value / spent for value, spent in zip(p, budgets, strict=True)]
    for step, index in enumerate(sorted(range(len(p)), key=scaled.__getitem__)):
        if scaled[index] * (len(p) - step) > 1:
            break
        rejected[index] = True
    return rejected


@pytest.mark.parametrize(("look", "share"), [(1, 1 / 2), (2, 1 / 6), (3, 1 / 12), (10, 1 / 110)])
def test_each_look_spends_its_share_of_half_the_error(look: int, share: float) -> None:
    assert math.isclose(budget(planned_check(confidence=0.9, look=look)), 0.05 * share)


def test_all_looks_together_spend_no_more_than_half_the_error() -> None:
    spent = math.fsum(budget(planned_check(look=look)) for look in range(1, 5000))
    assert 0.0249 < spent < 0.025


def test_the_level_is_divided_by_the_candidates_that_were_tried_on_the_rows() -> None:
    assert math.isclose(budget(planned_check(reused=True, candidates=20)) * 20, budget(planned_check()))


def test_met_needs_no_correction_when_all_checks_are_needed() -> None:
    levels = family_levels(_plan(4), {})
    assert {levels[name].met for name in levels} == {budget(planned_check())}


@given(st.lists(st.tuples(p_values, st.integers(1, 4), st.integers(1, 5)), min_size=1, max_size=6))
def test_not_met_is_rejected_exactly_where_holm_rejects(drawn: list[tuple[float, int, int]]) -> None:
    checks = [
        planned_check(id=f"c{index}", look=look, candidates=tried) for index, (_, look, tried) in enumerate(drawn)
    ]
    firing = {check.id: FiringLevels(1.0, p) for check, (p, _, _) in zip(checks, drawn, strict=True)}
    levels = family_levels(small_plan(*checks), firing)
    found = [firing[check.id].p_not_met <= levels[check.id].not_met for check in checks]
    budgets = [0.025 / (look * (look + 1)) / tried for _, look, tried in drawn]
    near = any(
        math.isclose(p / spent * size, 1, rel_tol=1e-9)
        for (p, _, _), spent in zip(drawn, budgets, strict=True)
        for size in range(1, 7)
    )
    assert near or found == _rejected_by_holm([p for p, _, _ in drawn], budgets)


def test_a_check_without_evidence_keeps_its_place_with_p_one() -> None:
    firing = {"c0": FiringLevels(1.0, 0.001)}
    for size in (1, 2, 5):
        level = family_levels(_plan(size), firing)["c0"].not_met
        assert math.isclose(level, budget(planned_check()) / size)


def test_the_level_of_the_second_grows_once_the_first_is_rejected() -> None:
    firing = {"c0": FiringLevels(1.0, 1e-6), "c1": FiringLevels(1.0, 0.004)}
    levels = family_levels(_plan(3), firing)
    assert math.isclose(levels["c0"].not_met * 3, budget(planned_check()))
    assert math.isclose(levels["c1"].not_met * 2, budget(planned_check()))


def test_exact_counts_have_no_error_and_no_place_in_the_family() -> None:
    count = planned_check(id="count", basis="count", metric="exact", aggregation="overall", columns=())
    levels = family_levels(small_plan(planned_check(id="c0"), count), {})
    assert set(levels) == {"c0"}
    assert levels["c0"].not_met == budget(planned_check())


def test_a_met_line_that_is_quoted_alone_is_held_by_holm_over_the_whole_family() -> None:
    checks = [planned_check(id=f"c{index}", family_met="holm" if index == 0 else "none") for index in range(4)]
    levels = family_levels(small_plan(*checks), {})
    assert math.isclose(levels["c0"].met * 4, budget(planned_check()))
    assert levels["c1"].met == budget(planned_check())


def _status(*checks: PlannedCheck) -> str:
    plan = small_plan(*checks)
    record = counts(plan, {"a": (255, 500), "b": (217, 500)})
    return assess(engine_input(plan, record, answer("sure", "no"))).findings[0].checks[0].status


def test_holm_on_met_can_turn_a_quoted_line_inconclusive_and_nothing_else() -> None:
    others = [planned_check(id=f"gaps/other{index}[g]", threshold=0.0, margin=0.0) for index in range(9)]
    assert _status(planned_check(), *others) == "met"
    assert _status(planned_check(family_met="holm"), *others) == "inconclusive"


def test_evidence_outside_the_plan_changes_no_level() -> None:
    plan = _plan(3)
    firing = {"c0": FiringLevels(0.01, 0.01)}
    assert family_levels(plan, firing | {"elsewhere": FiringLevels(1e-9, 1e-9)}) == family_levels(plan, firing)
