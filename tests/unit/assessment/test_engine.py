"""The engine: evidence in, findings out, and nothing else has a say."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Assessment, Finding
from hakari.assessment.rules import checks
from hakari.evidence import Evidence, Subject, encode
from tests.unit.assessment._small import DATA, TODAY, answer, counts, given, planned_check, small_plan

EQUAL = {"a": (3000, 6000), "b": (3000, 6000)}
APART = {"a": (3000, 6000), "b": (1800, 6000)}
UNSURE = {"a": (50, 100), "b": (40, 100)}


def _finding(assessment: Assessment, slug: str) -> Finding:
    return next(item for item in assessment.findings if item.requirement.split(":")[-1].startswith(slug))


def _gap_status(*records: Evidence, **changes: Any) -> str:
    plan = small_plan()
    return _finding(assess(given(plan, *records, **changes)), "gaps").status


@pytest.mark.parametrize(("groups", "status"), [(EQUAL, "met"), (APART, "not_met"), (UNSURE, "inconclusive")])
def test_counts_become_a_verdict(groups: dict[str, tuple[int, int]], status: str) -> None:
    assert _gap_status(counts(small_plan(), groups)) == status


def test_without_evidence_a_requirement_is_missing() -> None:
    assert _gap_status() == "missing"


def test_an_inconclusive_check_says_its_worst_case_and_what_would_settle_it() -> None:
    plan = small_plan()
    check = _finding(assess(given(plan, counts(plan, UNSURE))), "gaps").checks[0]
    assert check.worst_case == check.high
    assert check.rows_needed is not None
    assert set(check.rows_needed.groups) == {"a", "b"}
    assert check.rows_needed.likely is not None
    assert check.rows_needed.likely > 100
    assert check.rows_needed.sure is not None
    assert check.rows_needed.sure >= check.rows_needed.likely


def test_the_value_is_the_plain_difference_of_rates() -> None:
    plan = small_plan()
    check = _finding(assess(given(plan, counts(plan, UNSURE))), "gaps").checks[0]
    assert isinstance(check.value, float)
    assert math.isclose(check.value, 0.10, abs_tol=1e-15)


def test_a_fact_that_is_not_stated_leaves_the_requirement_missing() -> None:
    plan = small_plan(facts={})
    finding = _finding(assess(given(plan, counts(plan, EQUAL))), "gaps")
    assert finding.status == "missing"
    assert "people" in str(finding.reasons[0])


def test_a_fact_that_is_false_makes_it_not_applicable() -> None:
    plan = small_plan(facts={"people": False})
    assert _finding(assess(given(plan, counts(plan, EQUAL))), "gaps").status == "not_applicable"


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ([], "missing"),
        ([answer("sure", "no")], "not_met"),
        ([answer("sure", "yes")], "missing"),
        ([answer("sure", "yes"), answer("how", "by asking")], "met"),
        ([answer("sure", "unknown")], "missing"),
        ([answer("sure", "yes"), answer("how", "hm")], "missing"),
        ([answer("sure", "yes", requirement="asked@1"), answer("how", "by asking")], "stale"),
    ],
)
def test_answers_decide_a_requirement_of_questions(records: list[Evidence], status: str) -> None:
    assert _finding(assess(given(small_plan(), *records)), "asked").status == status


def test_a_newer_answer_replaces_an_older_one() -> None:
    older = answer("sure", "yes", collected_at="2026-11-01T00:00:00+00:00", effective_at="2026-11-01T00:00:00+00:00")
    assert _finding(assess(given(small_plan(), older, answer("sure", "no"))), "asked").status == "not_met"


def test_evidence_goes_stale_by_age() -> None:
    plan = small_plan()
    record = counts(plan, EQUAL)
    last = given(plan, record, today=TODAY + timedelta(days=30))
    assert _finding(assess(last), "gaps").status == "met"
    assert _finding(assess(last), "gaps").stale_from == (TODAY + timedelta(days=31)).isoformat()
    assert _finding(assess(replace(last, today=TODAY + timedelta(days=31))), "gaps").status == "stale"


def test_evidence_goes_stale_when_a_subject_that_it_consumed_changes() -> None:
    other = Subject(role="data.test", kind="file", name="data.csv", digest="e" * 64)
    plan = small_plan()
    record = counts(plan, EQUAL, subjects=(other,))
    finding = _finding(assess(given(plan, record)), "gaps")
    assert finding.status == "stale"
    assert "data.test" in str(finding.checks[0].reasons[0])


def test_evidence_goes_stale_when_its_measure_changes_its_major_version() -> None:
    plan = small_plan()
    record = counts(plan, EQUAL)
    assert record.measure is not None
    assert record.plan is not None
    record = replace(
        record, measure=replace(record.measure, version="0.9.0"), plan=replace(record.plan, measurement="other")
    )
    finding = _finding(assess(given(plan, record)), "gaps")
    assert finding.status == "stale"
    assert "0.9.0" in str(finding.checks[0].reasons[0])


def test_evidence_under_another_plan_does_not_count() -> None:
    plan = small_plan()
    moved = small_plan(planned_check(threshold=0.30))
    assert _finding(assess(given(moved, counts(plan, APART))), "gaps").status == "stale"


def test_an_answer_goes_stale_when_a_fact_that_it_depended_on_changes() -> None:
    record = answer("sure", "no", facts={"people": False})
    result = _finding(assess(given(small_plan(), record)), "asked").answers[0]
    assert result.status == "stale"
    assert "people" in str(result.reasons[0])


def test_a_group_below_min_rows_is_listed_and_counts_against_coverage() -> None:
    plan = small_plan()
    check = _finding(assess(given(plan, counts(plan, {**EQUAL, "c": (10, 20)}))), "gaps").checks[0]
    assert [line.in_scope for line in check.groups] == [True, True, False]
    assert math.isclose(check.coverage, 12000 / 12020)
    assert check.status == "met"


def test_coverage_that_is_too_low_forbids_met() -> None:
    plan = small_plan(planned_check(min_rows=1000))
    groups = {**EQUAL, **{f"small {index}": (450, 900) for index in range(4)}}
    check = _finding(assess(given(plan, counts(plan, groups))), "gaps").checks[0]
    assert check.status == "inconclusive"
    assert any(reason.key == "assessment.check.coverage" for reason in check.reasons)


def test_a_small_group_can_still_give_not_met() -> None:
    plan = small_plan()
    check = _finding(assess(given(plan, counts(plan, {**EQUAL, "c": (0, 29)}))), "gaps").checks[0]
    assert check.status == "not_met"
    assert any(reason.key == "assessment.check.small_group" for reason in check.reasons)


def test_reused_rows_never_give_a_verdict() -> None:
    plan = small_plan(planned_check(reused=True))
    check = _finding(assess(given(plan, counts(plan, EQUAL))), "gaps").checks[0]
    assert check.status == "inconclusive"


def test_a_later_look_spends_less_error() -> None:
    first, second = small_plan(), small_plan(planned_check(look=2))
    widths = []
    for plan in (first, second):
        check = _finding(assess(given(plan, counts(plan, UNSURE))), "gaps").checks[0]
        assert isinstance(check.high, float)
        widths.append(check.high)
    assert widths[1] > widths[0]


def test_one_group_is_inconclusive_and_says_so() -> None:
    plan = small_plan()
    check = _finding(assess(given(plan, counts(plan, {"a": (50, 100)}))), "gaps").checks[0]
    assert check.status == "inconclusive"
    assert "nothing to compare" in str(check.reasons[0])


def test_an_exact_count_is_judged_without_an_interval() -> None:
    base = {"basis": "count", "metric": "exact", "aggregation": "overall", "columns": (), "margin": 0.0}
    for threshold, status in ((3.0, "met"), (2.0, "not_met")):
        plan = small_plan(planned_check(threshold=threshold, **base))
        check = _finding(assess(given(plan, counts(plan, EQUAL))), "gaps").checks[0]
        assert (check.status, check.value, check.low, check.high) == (status, 3.0, 3.0, 3.0)


def test_the_stated_estimates_of_a_record_have_no_say_in_a_verdict_from_counts() -> None:
    plan = small_plan()
    lying = replace(counts(plan, APART), estimates=())
    assert _finding(assess(given(plan, lying)), "gaps").status == "not_met"


@settings(max_examples=25)
@over(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=4), st.randoms(use_true_random=False))
def test_irrelevant_evidence_and_record_order_change_no_verdict(extra: list[tuple[str, int]], random: Any) -> None:
    plan = small_plan()
    records = [counts(plan, UNSURE), answer("sure", "no")]
    base = assess(given(plan, *records))
    others = [
        answer(f"other {name}", number, requirement="elsewhere@1", collected_at=f"2026-11-2{number}T00:00:00+00:00")
        for name, number in extra
    ]
    everything = [*records, *others]
    random.shuffle(everything)
    assert encode(assess(given(plan, *everything)).findings) == encode(base.findings)


@settings(max_examples=40, deadline=None)
@over(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30))
def test_more_rows_at_the_same_rates_never_turn_met_into_not_met(a: int, b: int, factor: int) -> None:
    plan = small_plan()
    small = {"a": (a, 40), "b": (b, 40)}
    large = {name: (x * factor, n * factor) for name, (x, n) in small.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "_rows_needed", lambda *_: None)  # no verdict looks at it
        verdicts = [_finding(assess(given(plan, counts(plan, groups))), "gaps").status for groups in (small, large)]
    assert tuple(verdicts) not in {("met", "not_met"), ("not_met", "met")}


def test_equal_input_gives_equal_findings(known_results: dict[Any, Any]) -> None:
    plan = small_plan()
    make: EngineInput = given(plan, counts(plan, UNSURE), answer("sure", "yes"))
    known_results.clear()
    first = encode(assess(make))
    known_results.clear()
    assert encode(assess(make)) == first


def test_the_notices_say_what_every_page_must_say() -> None:
    plan = replace(small_plan(planned_check(confirmed=False)), label_source="human_decision")
    keys = {notice.key for notice in assess(given(plan, counts(plan, EQUAL), signers={})).notices}
    assert {
        "assessment.notice.not_registered",
        "assessment.notice.human_decision",
        "assessment.notice.unconfirmed",
        "assessment.notice.unsigned",
        "assessment.notice.genuine",
    } <= keys


def test_a_registered_plan_is_not_called_unregistered() -> None:
    plan = small_plan()
    record = counts(plan, EQUAL)
    assert record.plan is not None
    record = replace(record, plan=replace(record.plan, registered=True))
    assessment = assess(given(plan, record))
    assert assessment.plan_registered
    assert "assessment.notice.not_registered" not in {notice.key for notice in assessment.notices}


def test_subjects_of_the_plan_are_what_the_evidence_names() -> None:
    assert small_plan().measurements[0].subjects == (DATA,)
