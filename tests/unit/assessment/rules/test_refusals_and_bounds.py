"""The small print of the rules: what a refusal shows, which of two records is cited, and which statuses are worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from hakari.assessment.engine import assess
from hakari.assessment.model import Exception_, Finding, Status
from hakari.assessment.rules.answer_effects import judge_answer
from hakari.assessment.rules.evidence_choice import choose_measurement, last_day
from hakari.assessment.rules.gate import gate
from hakari.errors import EvidenceError
from hakari.evidence import Evidence, digest_json, encode
from hakari.messages import render
from hakari.packs.model import EvidenceRule
from tests.unit.assessment._small import NOW, TODAY, counts, given, planned_check, small_pack, small_plan

PLAN = small_plan()
UNSURE = {"a": (50, 100), "b": (40, 100)}
SURE = small_pack().requirements[1].questions[0]


def identity(record: Evidence) -> str:
    return digest_json(encode(record))


def test_a_wrong_answer_is_cited_and_shown_in_one_short_line() -> None:
    found = judge_answer(SURE, "may\n  be  " + "x" * 200, evidence="e")
    assert (found.status, found.evidence) == ("missing", "e")
    shown = render(found.reasons[0])
    assert "“may be " + "x" * 73 + "”" in shown
    assert "x" * 74 not in shown


@pytest.mark.parametrize("value", ["yes", "no", "unknown"])
def test_every_answer_result_cites_its_record(value: str) -> None:
    assert judge_answer(SURE, value, evidence="e").evidence == "e"


def test_a_plan_whose_check_names_no_measurement_of_it_is_broken() -> None:
    check = planned_check(measurement="m" * 90)
    with pytest.raises(EvidenceError) as found:
        choose_measurement(check, given(small_plan(check)))
    assert f"gaps/gap[g] names {'m' * 80}, which" in str(found.value)


def test_a_plan_whose_check_names_no_requirement_of_the_packs_is_broken() -> None:
    check = planned_check(requirement="r" * 90)
    with pytest.raises(EvidenceError) as found:
        choose_measurement(check, given(small_plan(check)))
    assert f"names {'r' * 80}, which" in str(found.value)


@pytest.mark.parametrize("wrong", ["yesterday", "", "9999-12-31T00:00:00+00:00"])
def test_a_record_without_a_usable_time_is_refused(wrong: str) -> None:
    with pytest.raises(EvidenceError, match="is not a time"):
        last_day(counts(PLAN, UNSURE, effective_at=wrong), 30)


def test_a_time_that_is_none_is_shown_in_part() -> None:
    with pytest.raises(EvidenceError) as found:
        last_day(counts(PLAN, UNSURE, effective_at="t" * 200), 30)
    assert f"“{'t' * 80}”" in str(found.value)


def test_the_newest_of_the_records_that_no_longer_fit_is_cited() -> None:
    other = small_plan(planned_check(threshold=0.2))
    times = ["2026-11-03T09:00:00+00:00", "2026-11-09T09:00:00+00:00", "2026-11-05T09:00:00+00:00"]
    records = [counts(other, UNSURE, collected_at=time) for time in times]
    choice = choose_measurement(PLAN.checks[0], given(PLAN, *records))
    assert (choice.status, choice.identifier) == ("stale", identity(records[1]))


def test_of_records_of_one_time_the_one_with_the_larger_digest_is_cited() -> None:
    other = small_plan(planned_check(threshold=0.2))
    records = [counts(other, {"a": (50, 100), "b": (x, 100)}) for x in range(5)]
    choice = choose_measurement(PLAN.checks[0], given(PLAN, *records))
    assert choice.identifier == max(map(identity, records))


def test_a_record_that_is_too_old_says_since_when_and_how_long_it_was_good() -> None:
    choice = choose_measurement(PLAN.checks[0], given(PLAN, counts(PLAN, UNSURE), today=TODAY + timedelta(days=31)))
    assert render(choice.reasons[0]) == f"Too old since {TODAY + timedelta(days=31)} (at most 30 days)."
    assert choice.stale_from is None


LEVELS = ["self", "pipeline", "second_person", "independent"]


@pytest.mark.parametrize("found", LEVELS)
@pytest.mark.parametrize("least", LEVELS)
def test_assurance_rises_from_oneself_to_an_independent_person(found: Any, least: Any) -> None:
    pack = small_pack()
    rule = EvidenceRule(max_age_days=30, least_assurance=least)
    packs = (replace(pack, requirements=tuple(replace(item, evidence=rule) for item in pack.requirements)),)
    choice = choose_measurement(PLAN.checks[0], given(PLAN, counts(PLAN, UNSURE, assurance=found), packs=packs))
    assert choice.status == ("current" if LEVELS.index(found) >= LEVELS.index(least) else "missing")


BEST_FIRST: list[set[Status]] = [
    {"met", "not_applicable"}, {"excepted"}, {"inconclusive"}, {"missing", "stale"}, {"not_met"},
]  # fmt: skip


def rank(status: Status) -> int:
    return next(place for place, group in enumerate(BEST_FIRST) if status in group)


def finding(status: Status) -> Finding:
    return Finding(
        requirement="r", pack="p@1", group="g", severity="major", roles=(), stages=(), status=status, reasons=()
    )


@pytest.mark.parametrize("before", get_args(Status))
@pytest.mark.parametrize("now", get_args(Status))
def test_what_got_worse_follows_one_order_of_statuses(before: Status, now: Status) -> None:
    previous = replace(assess(given(PLAN)), findings=(finding(before),))
    found = gate([finding(now)], mode="regression", previous=previous)
    assert found.holds == (rank(now) <= rank(before))
    assert found.worse == (() if found.holds else ("r",))


def accepted(bound: float, **changes: Any) -> str:
    plan = small_plan(planned_check(**changes))
    acceptance = Exception_(
        requirement="urn:hakari:requirement:small:gaps@1", reason="few", by="Head", until="2026-12-31",
        condition="counted", bounds={"gaps/gap[g]": bound}, scope=plan.scope, created_at=NOW, key="office",
    )  # fmt: skip
    return assess(given(plan, counts(plan, UNSURE), exceptions=(acceptance,))).findings[0].status


@pytest.mark.parametrize("operator", ["<=", ">="])
def test_a_worst_case_on_the_accepted_bound_is_accepted_and_one_beyond_is_not(operator: Any) -> None:
    changes = {"aggregation": "worst_group", "operator": operator, "threshold": 0.45}
    plan = small_plan(planned_check(**changes))
    worst = assess(given(plan, counts(plan, UNSURE))).findings[0].checks[0].worst_case
    assert worst is not None
    beyond = -1e-12 if operator == "<=" else 1e-12
    assert accepted(worst, **changes) == "excepted"
    assert accepted(worst + beyond, **changes) == "inconclusive"
    assert accepted(worst - beyond, **changes) == "excepted"
