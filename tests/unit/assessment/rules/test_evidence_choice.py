"""Which record counts today: the newest that fits the plan, and what changed where none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from hakari.assessment.engine import EngineInput
from hakari.assessment.model import Plan
from hakari.assessment.rules.evidence_choice import Choice, choose_answer, choose_measurement, last_day
from hakari.evidence import Evidence, digest_json, encode
from hakari.messages import say
from hakari.packs import Pack
from hakari.packs.model import EvidenceRule
from tests.unit.assessment._small import DATA, TODAY, answer, counts, given, planned_check, small_plan

GROUPS = {"a": (50, 100), "b": (40, 100)}
PLAN = small_plan()


def _id(record: Evidence) -> str:
    return digest_json(encode(record))


def _measured(plan: Plan, *records: Evidence, **changes: Any) -> Choice:
    return choose_measurement(plan.checks[0], given(plan, *records, **changes))


def _answered(*records: Evidence, question: str = "sure", **changes: Any) -> Choice:
    made: EngineInput = given(PLAN, *records, **changes)
    requirement = made.packs[0].requirements[1]
    return choose_answer(requirement, next(item for item in requirement.questions if item.id == question), made)


def _on(day: date, **changes: Any) -> Evidence:
    at = f"{day.isoformat()}T09:00:00+00:00"
    return counts(PLAN, GROUPS, collected_at=at, effective_at=at, **changes)


@pytest.mark.parametrize(("days", "first"), [(1, "2026-11-24"), (30, "2026-12-23"), (365, "2027-11-23")])
def test_a_record_counts_for_so_many_days_after_the_day_it_is_about(days: int, first: str) -> None:
    assert last_day(counts(PLAN, GROUPS), days) == first


def test_age_runs_from_what_the_data_are_about_and_not_from_the_collection() -> None:
    old = counts(PLAN, GROUPS, effective_at="2026-09-01T00:00:00+00:00")
    assert _measured(PLAN, old).status == "stale"


def test_the_newest_record_of_exactly_this_measurement_counts() -> None:
    older, newer = _on(TODAY - timedelta(days=2)), _on(TODAY - timedelta(days=1))
    choice = _measured(PLAN, newer, older)
    assert (choice.status, choice.identifier) == ("current", _id(newer))
    assert choice.stale_from == (TODAY + timedelta(days=30)).isoformat()


def test_a_check_that_cannot_be_measured_is_missing_with_its_reason_whatever_lies_there() -> None:
    reason = say("assessment.plan.no_data")
    plan = small_plan(planned_check(impossible=reason, measurement=""))
    assert _measured(plan, counts(plan, GROUPS)) == Choice("missing", reasons=(reason,))


def test_nothing_measured_is_missing_and_names_the_measure() -> None:
    choice = _measured(PLAN, answer("sure", "yes"))
    assert (choice.status, choice.identifier) == ("missing", "")
    assert choice.reasons[0].arguments == {"measure": "fairness.groups"}


def test_everything_that_changed_since_is_named() -> None:
    record = counts(small_plan(planned_check(threshold=0.2)), GROUPS)
    assert record.measure is not None
    other = replace(
        record, measure=replace(record.measure, version="2.0.0"), subjects=(replace(DATA, digest="0" * 64),)
    )
    keys = [reason.key for reason in _measured(PLAN, other).reasons]
    assert keys == ["assessment.stale.subject", "assessment.stale.measure"]


def test_a_subject_that_was_added_since_counts_as_a_change() -> None:
    choice = _measured(PLAN, counts(PLAN, GROUPS, subjects=()))
    assert choice.reasons[0].arguments["subjects"] == ["data.test"]


def test_where_only_the_lines_moved_the_plan_is_named() -> None:
    choice = _measured(PLAN, counts(small_plan(planned_check(threshold=0.2)), GROUPS))
    assert [reason.key for reason in choice.reasons] == ["assessment.stale.plan"]


def _with_rule(**rule: Any) -> tuple[Pack, ...]:
    pack = given(PLAN).packs[0]
    changed = tuple(replace(item, evidence=EvidenceRule(max_age_days=30, **rule)) for item in pack.requirements)
    return (replace(pack, requirements=changed),)


@pytest.mark.parametrize(
    ("found", "status"), [("self", "missing"), ("pipeline", "missing"), ("second_person", "current")]
)
def test_a_producer_who_is_not_independent_enough_does_not_count(found: Any, status: str) -> None:
    packs = _with_rule(least_assurance="second_person")
    choice = _measured(PLAN, counts(PLAN, GROUPS, assurance=found), packs=packs)
    assert choice.status == status
    if status == "missing":
        assert choice.reasons[0].arguments == {"found": found, "least": "second_person"}


def test_an_answer_counts_for_any_fact_that_still_stands() -> None:
    assert _answered(answer("sure", "yes", facts={"people": True})).status == "current"
    assert _answered(answer("sure", "yes", facts={"people": False})).status == "stale"
    assert _answered(answer("sure", "yes", facts={"gone": 1})).reasons[0].arguments == {"facts": ["gone"]}


def test_an_answer_to_another_question_or_requirement_is_no_answer() -> None:
    for record in (answer("how", "by asking"), answer("sure", "yes", requirement="gaps@1")):
        assert _answered(record).status == "missing"


def test_an_answer_to_another_version_is_stale_unless_there_is_one_to_this() -> None:
    old = answer("sure", "no", requirement="asked@1")
    assert _answered(old) == Choice("stale", _id(old), (say("assessment.answer.other_version"),))
    assert _answered(old, answer("sure", "yes")).status == "current"


def test_of_two_records_at_one_time_the_same_counts_in_any_order() -> None:
    one, two = answer("sure", "yes"), answer("sure", "no")
    assert _answered(one, two) == _answered(two, one)


def test_of_two_answers_to_other_versions_the_same_is_cited_in_any_order() -> None:
    one, two = answer("sure", "no", requirement="asked@1"), answer("sure", "yes", requirement="asked@1")
    assert _answered(one, two) == _answered(two, one)


@over(st.permutations(range(5)), st.integers(0, 40))
def test_the_order_of_records_changes_no_choice(order: list[int], later: int) -> None:
    records = [_on(TODAY - timedelta(days=index * 9)) for index in range(5)]
    today = TODAY + timedelta(days=later)
    assert _measured(PLAN, *(records[index] for index in order), today=today) == _measured(PLAN, *records, today=today)


@over(st.integers(0, 60))
def test_what_is_stale_stays_stale(days: int) -> None:
    record = _on(TODAY)
    choice = _measured(PLAN, record, today=TODAY + timedelta(days=days))
    assert choice.status == ("current" if days <= 30 else "stale")
    assert choice.stale_from in (None, (TODAY + timedelta(days=31)).isoformat())
