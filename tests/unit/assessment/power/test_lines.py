"""Rows for every planned check: the error of each look, what is assumed, and what cannot be planned."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from hakari.assessment.plan import make_plan
from hakari.assessment.power import LookRows, PowerLine, Rows, power_lines
from hakari.evidence import Unmeasured
from hakari.messages import LANGUAGES, catalogue, render
from hakari.statistics import Rule
from hakari.statistics.power import verdict_chances
from tests.unit.assessment._planning import AUC, COUNT, TPR, plan_input, plan_of
from tests.unit.workflows._project import ACCURACY, RATIO, check


def lines(*checks: dict[str, Any], stated: dict[str, float] | None = None, **changes: Any) -> dict[str, PowerLine]:
    """The lines of the checks asked for; without any, of the one that every plan has."""
    given = {"*": 0.3} if stated is None else stated
    plan = plan_of(*checks, data=False, **{"columns": _COLUMNS, **changes})
    kept = [each for each in plan.checks if (each.id == "gaps/gap[sex]") is not bool(checks)]
    return {line.check: line for line in power_lines(replace(plan, checks=tuple(kept)), given, None)}


@cache
def plain() -> PowerLine:
    return lines()["gaps/gap[sex]"]


_COLUMNS = {"label": "repaid", "prediction": "approved", "score": "score", "sensitive": ("sex",)}


def look(line: PowerLine, number: int) -> LookRows:
    return line.looks[number - 1]


def rows(found: Rows | Unmeasured) -> int:
    assert isinstance(found, Rows)
    return found.rows


def test_each_look_spends_its_share_of_the_error_and_needs_more_rows() -> None:
    line = plain()
    assert [item.look for item in line.looks] == [1, 2, 3]
    assert [item.error_met for item in line.looks] == pytest.approx([0.0125, 0.025 / 6, 0.025 / 12])
    for name in ("met", "not_met"):
        found = [rows(getattr(item, name)) for item in line.looks]
        assert found == sorted(found)
        assert found[0] < found[2]


def test_not_met_shares_its_error_with_the_whole_family() -> None:
    alone, beside = plain(), lines(check("more"), {**check("third"), **AUC})["gaps/more[sex]"]
    assert look(beside, 1).error_not_met == pytest.approx(look(alone, 1).error_not_met / 3)
    assert look(beside, 1).error_met == look(alone, 1).error_met
    assert rows(look(beside, 1).not_met) > rows(look(alone, 1).not_met)


def test_the_number_keeps_its_promise_under_the_rule_itself() -> None:
    first = look(plain(), 1)
    rule = Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05)
    for name, rates in (("met", (0.3, 0.3)), ("not_met", (0.3, 0.1))):
        chances = verdict_chances(
            rule, rates, rows(getattr(first, name)), error_met=first.error_met, error_not_met=first.error_not_met,
            rng=np.random.default_rng(1), draws=6000,
        )  # fmt: skip
        assert 0.765 < getattr(chances, name) < 0.86


@pytest.mark.parametrize(
    ("changes", "apart"),
    [
        ({}, 0.2),
        ({"margin": 0.0}, 0.2),
        ({"margin": 0.0, "threshold": 0.0}, 0.05),
        (RATIO, 0.7),
        ({**RATIO, "margin": 0.0}, 0.64),
        ({"aggregation": "worst_group", "operator": ">=", "threshold": 0.25, "margin": 0.05}, 0.15),
        ({"aggregation": "worst_group", "operator": "<=", "threshold": 0.4, "margin": 0.0}, 0.45),
    ],
)
def test_not_met_is_to_find_a_figure_as_far_again_beyond_the_line(changes: dict[str, Any], apart: float) -> None:
    line = lines(check("more", **changes))["gaps/more[sex]"]
    assert line.apart == pytest.approx(apart)
    assert isinstance(look(line, 1).not_met, Rows)


def test_a_rate_that_misses_its_own_line_never_meets_it() -> None:
    line = lines({**check("right"), **ACCURACY})["gaps/right"]
    assert isinstance(look(line, 1).met, Unmeasured)
    assert not isinstance(line.expected, Unmeasured)
    assert line.expected.groups == 1


def test_no_figure_is_looked_for_where_there_is_no_room() -> None:
    line = lines(check("more", **RATIO | {"threshold": 0.5, "margin": 0.3}))["gaps/more[sex]"]
    assert isinstance(line.apart, Unmeasured)
    assert isinstance(look(line, 1).not_met, Unmeasured)
    assert isinstance(look(line, 1).met, Rows)


def test_rows_are_more_than_trials_where_the_denominator_is_a_part() -> None:
    line = lines(check("more", **TPR), stated={"*": 0.3, "base_rate": 0.25})["gaps/more[sex]"]
    found = look(line, 1).met
    assert isinstance(found, Rows)
    assert found.rows == pytest.approx(4 * found.trials, rel=0.01)
    assert found.rows >= 4 * found.trials


def test_never_fewer_rows_than_the_check_asks_of_a_group() -> None:
    line = lines(check("more", threshold=0.6, margin=0.3, min_rows=500))["gaps/more[sex]"]
    assert rows(look(line, 1).met) == 500


def test_a_named_reference_and_the_rest_are_planned_for() -> None:
    for reference in ("f", "rest"):
        plan = plan_of(check("more", reference=reference, threshold=0.3, margin=0.2), data=False, columns=_COLUMNS)
        line = next(each for each in power_lines(plan, {"*": 0.3}, None) if each.check == "gaps/more[sex]")
        assert isinstance(look(line, 1).met, Rows)


def test_what_cannot_be_planned_says_why_and_counts_are_left_out() -> None:
    found = lines({**check("area"), **AUC}, {**check("rows"), **COUNT})
    assert set(found) == {"gaps/area"}
    reason = found["gaps/area"].expected
    assert isinstance(reason, Unmeasured)
    assert reason.unmeasured.key == "assessment.power.smooth"
    assert found["gaps/area"].looks == ()


def test_a_check_that_selective_labels_forbid_is_not_planned_for() -> None:
    given = plan_input(check("more", **TPR), columns=_COLUMNS, selective_labels=True)
    found = power_lines(make_plan(given), {"*": 0.3}, given.inputs)
    line = next(each for each in found if each.check == "gaps/more[sex]")
    assert isinstance(line.expected, Unmeasured)
    assert line.expected.unmeasured.key == "assessment.plan.selective"


def test_equal_checks_and_seeds_give_equal_rows() -> None:
    assert lines(check("more"))["gaps/more[sex]"].looks[0].met == plain().looks[0].met


def test_every_sentence_stands_in_both_languages() -> None:
    found = lines({**check("area"), **AUC}, check("more", **RATIO | {"threshold": 0.5, "margin": 0.3}))
    for line in found.values():
        absent = [each for each in (line.expected, line.apart) if isinstance(each, Unmeasured)]
        for item in absent:
            assert item.unmeasured.key in catalogue()
            assert all("{" not in render(item.unmeasured, language) for language in LANGUAGES)
