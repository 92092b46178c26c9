"""Requirements that rest on those of other packs: one answer or measurement serves each by that one's own rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hakari.assessment.engine import assess
from hakari.assessment.model import Finding
from hakari.evidence import Evidence
from hakari.packs import Pack, read_pack
from tests.unit.assessment._small import NOW, PACK, TODAY, answer, counts, given, small_pack, small_plan

EQUAL = {"a": (3000, 6000), "b": (3000, 6000)}
APART = {"a": (3000, 6000), "b": (1800, 6000)}

_HEAD = PACK.replace(b"urn:hakari:pack:small", b"urn:hakari:pack:law")


def law(*mappings: tuple[str, str], body: str = "", authority: str = "law", head: str = "") -> Pack:
    """A pack with one requirement `duty` that maps to others: (slug, relation)."""
    lines = "".join(
        f'      - {{to: "small@1.0.0:{slug}", relation: {relation}, rationale: {{en: same, ja: 同}}}}\n'
        for slug, relation in mappings
    )
    text = (
        "requirements:\n"
        "  - urn: urn:hakari:requirement:law:duty\n    version: 1\n    group: fair\n"
        "    title: {en: Duty, ja: 義務}\n    text: {en: Duty, ja: 義務}\n    stages: [release]\n"
        f"{body}    mappings:\n{lines}"
    )
    files = {
        "pack.yaml": _HEAD.replace(b"authority: sample", f"authority: {authority}".encode()) + head.encode(),
        "requirements/all.yaml": text.encode(),
    }
    return read_pack(files, name="law")


def duty(pack: Pack, *records: Evidence, day: date = TODAY, **changes: Any) -> Finding:
    plan = changes.pop("plan", small_plan())
    facts = replace(given(plan, *records, **changes), packs=(small_pack(), pack), today=day)
    return next(item for item in assess(facts).findings if item.pack == pack.reference)


@pytest.mark.parametrize("relation", ["equal", "subset", "superset"])
@pytest.mark.parametrize(("groups", "status"), [(EQUAL, "met"), (APART, "not_met")])
def test_a_measurement_of_another_pack_answers(relation: str, groups: Any, status: str) -> None:
    record = counts(small_plan(), groups)
    finding = duty(law(("gaps", relation)), record)
    assert finding.status == status
    assert finding.via == ("urn:hakari:requirement:small:gaps@1",)
    # The evidence is cited, and its parts are not repeated.
    assert len(finding.evidence) == 1
    assert (finding.checks, finding.answers) == ((), ())
    assert [reason.key for reason in finding.reasons] == ["assessment.mapped.draft"]


@pytest.mark.parametrize("relation", ["intersects", "supports"])
def test_a_relation_for_finding_ones_way_answers_nothing(relation: str) -> None:
    finding = duty(law(("gaps", relation)), counts(small_plan(), EQUAL))
    assert (finding.status, finding.via, finding.reasons) == ("missing", None, ())


def test_several_requirements_must_all_hold_unless_any_is_enough() -> None:
    records = [counts(small_plan(), EQUAL), answer("sure", "no")]
    both = (("gaps", "equal"), ("asked", "equal"))
    assert duty(law(*both), *records).status == "not_met"
    assert duty(law(*both, body="    evidence: {rule: any}\n"), *records).status == "met"
    assert duty(law(*both), records[0]).status == "missing"


def test_the_evidence_must_satisfy_the_rule_of_the_one_that_it_answers() -> None:
    record = counts(small_plan(), EQUAL)
    strict = law(("gaps", "equal"), body="    evidence: {max_age_days: 5, least_assurance: independent}\n")
    assert duty(strict, record).status == "missing"
    young = law(("gaps", "equal"), body="    evidence: {max_age_days: 5}\n")
    assert duty(young, record).status == "met"
    assert duty(young, record, day=date(2026, 11, 30)).status == "stale"
    # By the other pack's own rule the same record is still good.
    patient = law(("gaps", "equal"), body="    evidence: {max_age_days: 300}\n")
    assert duty(patient, record, day=date(2026, 11, 30)).status == "met"
    assert duty(young, record).stale_from == "2026-11-28"


def test_an_old_answer_is_judged_by_both_rules_apart() -> None:
    records = [answer("sure", "yes"), answer("how", "by asking")]
    young = law(("asked", "equal"), body="    evidence: {max_age_days: 5}\n")
    assert duty(young, *records).status == "met"
    assert duty(young, *records, day=date(2026, 12, 24)).status == "stale"


def test_what_does_not_apply_answers_nothing_and_a_law_stays_missing() -> None:
    plan = small_plan(facts={"people": False})
    for authority, status in (("law", "missing"), ("standard", "not_applicable")):
        finding = duty(law(("gaps", "equal"), authority=authority), plan=plan)
        assert finding.status == status
        assert [reason.key for reason in finding.reasons] == ["assessment.mapped.none"]


def test_an_unstated_fact_of_the_other_leaves_it_missing() -> None:
    assert duty(law(("gaps", "equal")), plan=small_plan(facts={})).status == "missing"


def test_a_requirement_that_asks_more_needs_its_own_part_as_well() -> None:
    body = (
        "    questions:\n"
        '      - {id: more, type: yes_no, text: {en: More, ja: 更}, effects: {"yes": meets, "no": fails}}\n'
    )
    pack = law(("gaps", "superset"), body=body)
    record = counts(small_plan(), EQUAL)
    assert duty(pack, record).status == "missing"
    own = answer("more", "yes")
    assert own.answer is not None
    own = replace(own, answer=replace(own.answer, requirement="urn:hakari:requirement:law:duty@1"))
    found = duty(pack, record, own)
    assert (found.status, len(found.evidence), len(found.answers)) == ("met", 2, 1)


def test_reviewed_mappings_need_no_caution() -> None:
    pack = law(("gaps", "equal"))
    requirement = pack.requirements[0]
    reviewed = replace(requirement, mappings=(replace(requirement.mappings[0], status="reviewed"),))
    assert duty(replace(pack, requirements=(reviewed,)), counts(small_plan(), EQUAL)).reasons == ()


def test_a_requirement_is_judged_only_while_it_is_in_force() -> None:
    pack = law(("gaps", "equal"), body='    effective: {from: "2026-12-01", until: "2027-01-31"}\n')
    record = counts(small_plan(), EQUAL)
    days = {date(2026, 11, 30): False, date(2026, 12, 1): True, date(2027, 1, 31): True, date(2027, 2, 1): False}
    for day, in_force in days.items():
        finding = duty(pack, record, day=day)
        assert (finding.status == "not_applicable") is not in_force, day
        if not in_force:
            (reason,) = finding.reasons
            early = day < date(2026, 12, 1)
            said = {"start": "2026-12-01"} if early else {"end": "2027-01-31"}
            key = f"assessment.not_in_force.{'yet' if early else 'any_more'}"
            assert (reason.key, dict(reason.arguments)) == (key, {"day": day.isoformat(), **said})


def test_a_pack_that_was_not_checked_against_its_source_says_so() -> None:
    pack = law(("gaps", "equal"), head="unverified: {en: Not read, ja: 未読}\n")
    facts = replace(given(small_plan()), packs=(small_pack(), pack))
    notices = {notice.key: notice for notice in assess(facts).notices}
    assert notices["assessment.notice.unverified"].arguments["packs"] == ["law@1.0.0"]
    assert "assessment.notice.unverified" not in {item.key for item in assess(given(small_plan())).notices}


def test_a_broad_duty_of_which_only_a_part_applies_says_which_part() -> None:
    """`gaps` does not apply to this use, `asked` does: the duty rests on one of two, both still drafts."""
    plan = small_plan(facts={"people": False})
    records = [answer("sure", "yes"), answer("how", "by asking")]
    finding = duty(law(("gaps", "equal"), ("asked", "equal")), *records, plan=plan)
    draft, part = finding.reasons
    assert finding.via == ("urn:hakari:requirement:small:asked@2",)
    assert (draft.key, len(draft.arguments["requirements"])) == ("assessment.mapped.draft", 2)
    assert (part.key, dict(part.arguments)) == ("assessment.mapped.part", {"n": 1, "of": 2})


def test_a_standard_whose_answers_apply_but_are_not_there_is_missing() -> None:
    """Only where nothing applies does a standard fall away: here it applies and nobody answered."""
    finding = duty(law(("gaps", "equal"), authority="standard"))
    assert finding.status == "missing"


def test_a_finding_cites_in_order_and_goes_stale_with_the_first_of_its_parts() -> None:
    """One answer is nine days older than the other and than the measurement, and the rule allows forty days."""
    pack = law(("gaps", "equal"), ("asked", "equal"), body="    evidence: {max_age_days: 40}\n")
    today = datetime.fromisoformat(NOW)
    older = (today - timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answers = [answer("sure", "yes"), replace(answer("how", "by asking"), effective_at=older)]
    finding = duty(pack, counts(small_plan(), EQUAL), *answers)
    assert list(finding.evidence) == sorted(finding.evidence)
    assert len(finding.evidence) == 3
    assert finding.stale_from == (today - timedelta(days=9) + timedelta(days=41)).date().isoformat()
