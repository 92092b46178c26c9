"""Findings part by part: how statuses combine, what is cited, when it grows old, and what every page must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from hakari.assessment.engine import assess
from hakari.assessment.model import Assessment, Exception_, Finding, Plan
from hakari.evidence import Evidence, digest_json, encode
from hakari.messages import Message, render, say
from hakari.packs import Pack
from hakari.packs.model import Question, Requirement
from tests.unit.assessment._small import DATA, NOW, TODAY, answer, counts, given, planned_check, small_pack, small_plan

GAPS = "urn:hakari:requirement:small:gaps@1"
EQUAL = {"a": (3000, 6000), "b": (3000, 6000)}
APART = {"a": (3000, 6000), "b": (1800, 6000)}
UNSURE = {"a": (50, 100), "b": (40, 100)}
OTHER = replace(DATA, digest="e" * 64)
TEXT = {"en": "?", "ja": "?"}
CHECKS = {"met": EQUAL, "not_met": APART, "inconclusive": UNSURE}


def identity(record: Evidence) -> str:
    return digest_json(encode(record))


def check_record(plan: Plan, status: str) -> list[Evidence]:
    """The records that give the check of `gaps` this status."""
    if status == "missing":
        return []
    return [counts(plan, EQUAL, subjects=(OTHER,)) if status == "stale" else counts(plan, CHECKS[status])]


def answer_record(status: str) -> list[Evidence]:
    """The records that give the question `sure` of `gaps` this status."""
    told = {"met": ("yes", "gaps@1"), "not_met": ("no", "gaps@1"), "stale": ("yes", "gaps@9")}
    return [answer("sure", told[status][0], requirement=told[status][1])] if status in told else []


def pack_of(*requirements: Requirement) -> Pack:
    return replace(small_pack(), requirements=requirements)


def gaps(**changes: Any) -> Requirement:
    return replace(small_pack().requirements[0], **changes)


def both(rule: Literal["all", "any"]) -> Pack:
    """`gaps` with its check and one question."""
    sure = small_pack().requirements[1].questions[:1]
    requirement = gaps(questions=sure)
    return pack_of(replace(requirement, evidence=replace(requirement.evidence, rule=rule)))


def only(assessment: Assessment) -> Finding:
    (found,) = assessment.findings
    return found


WORST_FIRST = ["not_met", "missing", "stale", "inconclusive", "met"]
BEST_FIRST = ["met", "inconclusive", "stale", "missing", "not_met"]


@pytest.mark.parametrize("check", WORST_FIRST)
@pytest.mark.parametrize("told", ["met", "not_met", "stale", "missing"])
def test_the_worst_part_decides_where_all_are_needed_and_the_best_where_any_is(check: str, told: str) -> None:
    plan = small_plan()
    records = [*check_record(plan, check), *answer_record(told)]
    orders: dict[Literal["all", "any"], list[str]] = {"all": WORST_FIRST, "any": BEST_FIRST}
    for rule, order in orders.items():
        finding = only(assess(given(plan, *records, packs=(both(rule),))))
        assert [part.status for part in finding.checks] == [check]
        assert [part.status for part in finding.answers] == [told]
        assert finding.status == min((check, told), key=order.index)


def question(name: str, when: str | None = None, **changes: Any) -> Question:
    built = Question(id=name, type="yes_no", text=TEXT, when=when, effects={"yes": "meets", "no": "fails"})
    return replace(built, **changes)


def asking(*questions: Question, facts: Mapping[str, Any] | None = None, **answers: str) -> Finding:
    """The finding of a requirement of questions only."""
    plan = small_plan(facts=facts)
    records = [answer(name, value, requirement="gaps@1") for name, value in answers.items()]
    pack = pack_of(gaps(questions=questions, checks=(), applies_when=None))
    without = replace(plan, checks=())
    return only(assess(given(without, *records, packs=(pack,))))


def statuses(finding: Finding) -> dict[str, str]:
    return {part.question: part.status for part in finding.answers}


def test_neutral_answers_alone_meet_and_beside_others_have_no_say() -> None:
    free, asked = question("free", effects={"yes": "neutral"}), question("sure")
    assert asking(free, free=("yes")).status == "met"
    assert asking(free, asked, free="yes", sure="no").status == "not_met"
    assert asking(free, asked, free="yes", sure="yes").status == "met"
    assert asking(free, asked, free="yes").status == "missing"


def test_a_requirement_without_any_part_shows_nothing() -> None:
    assert asking().status == "missing"
    finding = asking(question("never", "people && !people"))
    assert (finding.status, statuses(finding)) == ("missing", {"never": "not_asked"})


def test_a_question_that_is_not_asked_is_listed_and_the_next_one_is_still_read() -> None:
    chain = (question("sure"), question("how", "answers.sure == 'yes'"), question("last"))
    finding = asking(*chain, sure="no", how="yes", last="yes")
    assert statuses(finding) == {"sure": "not_met", "how": "not_asked", "last": "met"}
    skipped = finding.answers[1]
    assert (skipped.value, skipped.evidence, skipped.reasons) == (None, None, ())


def test_a_question_that_hangs_on_one_that_is_not_asked_is_not_asked_either() -> None:
    """Its left-over answer does not count."""
    chain = (question("sure"), question("how", "answers.sure == 'yes'"), question("why", "answers.how == 'yes'"))
    assert statuses(asking(*chain, sure="no", how="yes", why="no"))["why"] == "not_asked"
    assert statuses(asking(*chain, sure="yes", how="yes", why="no"))["why"] == "not_met"


def test_a_question_is_not_asked_where_no_value_of_an_unstated_fact_would_ask_it() -> None:
    assert statuses(asking(question("never", "people && !people"), facts={})) == {"never": "not_asked"}
    assert statuses(asking(question("ever", "people || !people"), facts={}, ever="yes")) == {"ever": "met"}


def test_an_open_answer_leaves_what_hangs_on_it_open() -> None:
    chain = (question("sure"), question("how", "answers.sure == 'yes'"))
    assert statuses(asking(*chain)) == {"sure": "missing", "how": "missing"}
    assert statuses(asking(*chain, sure="unknown", how="no")) == {"sure": "missing", "how": "not_met"}


def test_an_answer_result_carries_its_record_and_its_reasons() -> None:
    plan, record = small_plan(), answer("sure", "yes", requirement="gaps@1")
    old = answer("sure", "yes", requirement="gaps@9")
    pack = both("all")
    answers = only(assess(given(plan, record, packs=(pack,)))).answers
    assert type(answers) is tuple
    (current,) = answers
    assert (current.value, current.evidence, current.reasons) == ("yes", identity(record), ())
    (stale,) = only(assess(given(plan, old, packs=(pack,)))).answers
    assert (stale.value, stale.evidence) == (None, identity(old))
    assert [reason.key for reason in stale.reasons] == ["assessment.answer.other_version"]
    (missing,) = only(assess(given(plan, packs=(pack,)))).answers
    assert (missing.value, missing.evidence) == (None, None)
    assert [reason.key for reason in missing.reasons] == ["assessment.answer.missing"]


def day(offset: int) -> str:
    """A time so many days from today; evidence of `gaps` is good for 30 days."""
    return (TODAY + timedelta(days=offset)).isoformat() + "T09:00:00+00:00"


@pytest.mark.parametrize(("measured", "told"), [(0, -5), (-5, 0), (-3, None), (None, -3), (None, None)])
def test_a_finding_is_stale_from_the_day_its_oldest_record_is(measured: int | None, told: int | None) -> None:
    plan = small_plan()
    records = []
    if measured is not None:
        records.append(counts(plan, EQUAL, effective_at=day(measured)))
    if told is not None:
        records.append(answer("sure", "yes", requirement="gaps@1", effective_at=day(told)))
    ages = [offset for offset in (measured, told) if offset is not None]
    expected = (TODAY + timedelta(days=min(ages) + 31)).isoformat() if ages else None
    assert only(assess(given(plan, *records, packs=(both("all"),)))).stale_from == expected


@pytest.mark.parametrize("first", [-9, -1])
def test_the_older_of_two_answers_counts_whichever_comes_first(first: int) -> None:
    two = (question("sure"), question("how"))
    records = [
        answer(name, "yes", requirement="gaps@1", effective_at=day(offset))
        for name, offset in (("sure", first), ("how", -10 - first))
    ]
    pack = pack_of(gaps(questions=two))
    finding = only(assess(given(small_plan(), *records, packs=(pack,))))
    assert finding.stale_from == (TODAY - timedelta(days=9) + timedelta(days=31)).isoformat()


def test_a_finding_cites_each_record_once_also_the_stale_one() -> None:
    plan = small_plan(planned_check(), planned_check(id="gaps/two[g]", threshold=0.2))
    measured, told = counts(plan, UNSURE), answer("sure", "yes", requirement="gaps@9")
    finding = only(assess(given(plan, measured, told, packs=(both("all"),))))
    assert finding.evidence == tuple(sorted([identity(measured), identity(told)]))
    stale = counts(plan, EQUAL, subjects=(OTHER,))
    finding = only(assess(given(plan, stale, packs=(both("all"),))))
    assert finding.evidence == (identity(stale),)
    assert [check.evidence for check in finding.checks] == [identity(stale)] * 2
    finding = only(assess(given(plan, packs=(both("all"),))))
    assert (finding.evidence, [check.evidence for check in finding.checks]) == ((), [None] * 2)


def test_a_check_without_a_current_record_says_why() -> None:
    plan = small_plan()
    (missing,) = only(assess(given(plan, packs=(both("all"),)))).checks
    assert [reason.key for reason in missing.reasons] == ["assessment.check.not_measured"]
    assert missing.threshold == 0.10
    assert missing.unacceptable == pytest.approx(0.15)
    (stale,) = only(assess(given(plan, counts(plan, EQUAL, subjects=(OTHER,)), packs=(both("all"),)))).checks
    assert [reason.key for reason in stale.reasons] == ["assessment.stale.subject"]


def copied(finding: Finding, requirement: Requirement) -> bool:
    names = ("group", "severity", "roles", "stages")
    same = all(getattr(finding, name) == getattr(requirement, name) for name in names)
    return same and finding.requirement == requirement.reference and finding.pack == small_pack().reference


@pytest.mark.parametrize("facts", [{"people": True}, {"people": False}, {}])
def test_every_finding_names_its_requirement_and_pack(facts: dict[str, Any]) -> None:
    requirement = gaps(roles=("owner",), severity="critical", stages=("develop", "release"))
    finding = only(assess(given(small_plan(facts=facts), packs=(pack_of(requirement),))))
    assert copied(finding, requirement)


def texts(reasons: tuple[Message, ...]) -> str:
    return " ".join(render(reason) for reason in reasons)


def test_what_does_not_apply_names_the_rule_and_what_is_open_every_fact() -> None:
    finding = only(assess(given(small_plan(facts={"people": False}), packs=(both("all"),))))
    assert (finding.status, texts(finding.reasons)) == ("not_applicable", "Does not apply: people is false.")
    assert (finding.checks, finding.answers) == ((), ())
    finding = only(assess(given(small_plan(facts={}), packs=(both("all"),))))
    assert finding.status == "missing"
    assert "“people”" in texts(finding.reasons)
    assert len(finding.reasons) == 1


def test_only_requirements_of_the_stage_are_judged() -> None:
    for stage, expected in (("release", ["gaps@1", "asked@2"]), ("plan", ["asked@2"]), ("operate", [])):
        plan = replace(small_plan(), stage=stage)
        found = assess(given(plan)).findings
        assert [finding.requirement.rsplit(":", 1)[1] for finding in found] == expected


@pytest.mark.parametrize(("stage", "named"), [("release", True), ("operate", False)])
def test_unconfirmed_limits_are_named_in_their_own_finding_at_release(stage: str, named: bool) -> None:
    checks = (
        planned_check(confirmed=False), planned_check(id="gaps/fine[g]"),
        planned_check(id="else/other[g]", requirement="urn:hakari:requirement:small:asked@2", confirmed=False),
    )  # fmt: skip
    plan = replace(small_plan(*checks), stage=stage)
    pack = pack_of(gaps(stages=("release", "operate")), small_pack().requirements[1])
    finding = assess(given(plan, packs=(pack,))).findings[0]
    keys = [reason.key for reason in finding.reasons]
    assert keys == (["assessment.threshold_unconfirmed"] if named else [])
    if named:
        assert "gaps/gap[g]" in texts(finding.reasons)
        assert "gaps/fine" not in texts(finding.reasons)
        assert "else/other" not in texts(finding.reasons)


def test_a_requirement_whose_checks_fit_no_data_says_so() -> None:
    plan = replace(small_plan(), checks=())
    assert [reason.key for reason in only(assess(given(plan, packs=(both("all"),)))).reasons] == [
        "assessment.check.not_bound"
    ]
    bare = pack_of(gaps(checks=(), questions=(question("sure"),)))
    assert only(assess(given(plan, packs=(bare,)))).reasons == ()
    assert only(assess(given(small_plan(), packs=(both("all"),)))).reasons == ()


def registered(record: Evidence, yes: bool = True) -> Evidence:
    assert record.plan is not None
    return replace(record, plan=replace(record.plan, registered=yes))


def test_a_plan_is_registered_only_if_every_cited_measurement_says_so() -> None:
    first = planned_check()
    second = planned_check(id="gaps/two[g]", measurement="m2")
    plan = small_plan(first, second)
    plan = replace(plan, measurements=(*plan.measurements, replace(plan.measurements[0], id="m2")))
    one = registered(counts(plan, EQUAL))
    two = counts(plan, UNSURE)
    assert two.plan is not None
    two = replace(two, plan=replace(two.plan, measurement="m2"))
    told = answer("sure", "yes", requirement="gaps@1")
    pack = both("all")
    for records, expected in (
        ((one, registered(two)), True), ((one, two), False), ((one, registered(two), told), True), ((told,), False),
        ((), False),
    ):  # fmt: skip
        found = assess(given(plan, *records, packs=(pack,)))
        assert found.plan_registered is expected
        assert ("assessment.notice.not_registered" in [notice.key for notice in found.notices]) is not expected


def test_a_record_that_no_finding_cites_has_no_say() -> None:
    plan = small_plan()
    cited, other = registered(counts(plan, EQUAL)), counts(plan, APART, collected_at="2026-11-01T09:00:00+00:00")
    built = given(plan, cited, other, packs=(both("all"),))
    found = assess(replace(built, signers={identity(cited): "engineer"}))
    assert found.plan_registered
    assert [notice.key for notice in found.notices] == ["assessment.notice.genuine"]


@pytest.mark.parametrize("source", ["outcome", "human_decision", "proxy"])
@pytest.mark.parametrize("selective", [True, False])
@pytest.mark.parametrize("unconfirmed", [0, 1, 2])
def test_the_notices_come_in_one_order_with_their_numbers(source: str, selective: bool, unconfirmed: int) -> None:
    checks = [planned_check(id=f"gaps/{place}[g]", confirmed=place >= unconfirmed) for place in range(3)]
    warning = say("assessment.notice.genuine")
    changed: dict[str, Any] = {"label_source": source, "selective_labels": selective, "warnings": (warning,)}
    plan = replace(small_plan(*checks), **changed)
    found = assess(given(plan, counts(plan, EQUAL), answer("sure", "no"), signers={}))
    said = {"not_registered": True, source: source != "outcome", "selective_labels": selective}
    expected = [name for name, yes in {**said, "unconfirmed": unconfirmed > 0}.items() if yes]
    expected += ["unsigned", "genuine", "genuine"]
    assert [notice.key.rsplit(".", 1)[1] for notice in found.notices] == expected
    shown = " ".join(render(notice) for notice in found.notices)
    assert ("2 evidence records are unsigned" in shown, "{" in shown) == (True, False)
    if unconfirmed:
        assert f"{unconfirmed} of 3 checks use" in shown


def test_the_assessment_copies_what_it_was_given() -> None:
    plan = replace(small_plan(), label_source="proxy", selective_labels=True)
    built = given(plan, mode="full", today=date(2026, 12, 1))
    found = assess(built)
    for name in ("use_case", "system_version", "stage", "packs", "facts", "scope", "label_source", "selective_labels"):
        assert getattr(found, name) == getattr(plan, name)
    assert (found.title, found.as_of, found.plan) == ("Small", "2026-12-01", built.plan_digest)
    assert (found.gate.mode, found.gate.holds, found.gate.blocking) == (
        "full", False, tuple(finding.requirement for finding in found.findings),
    )  # fmt: skip


def test_the_gate_sees_the_previous_assessment() -> None:
    plan = small_plan()
    before = assess(given(plan, counts(plan, EQUAL)))
    now = assess(given(plan, counts(plan, APART), mode="regression", previous=before))
    assert (now.gate.holds, now.gate.worse) == (False, (GAPS,))


def test_an_acceptance_in_force_makes_the_finding_excepted() -> None:
    plan = small_plan()
    accepted = Exception_(
        requirement=GAPS, reason="known", by="Office", until="2026-12-31", condition="watched", scope=plan.scope,
        created_at=NOW, key="office",
    )  # fmt: skip
    found = assess(given(plan, counts(plan, APART), packs=(both("any"),), exceptions=(accepted,)))
    assert only(found).status == "excepted"
    assert only(found).exception == accepted
