"""The two versions of the EU AI Act pack, held against the list of facts/frameworks.md §6.1."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import Any

import pytest

from hakari.packs import Pack, applies, load_pack
from hakari.packs.expression import Name, compile_expression, evaluate
from hakari.packs.model import Requirement
from hakari.packs.overview import questions_asked
from tests.unit.packs.library._resting import broken, relations
from tests.unit.packs.library._tiers import ages_sooner, thinly_shown

ADOPTED = load_pack("eu-ai-act@1.0.0")
AMENDED = load_pack("eu-ai-act@1.1.0")
BOTH = pytest.mark.parametrize("pack", [ADOPTED, AMENDED], ids=lambda pack: pack.reference)


def spread(article: int, last: int, first: int = 1) -> list[str]:
    """Return `9.1`, `9.2`, … of one article."""
    return [f"{article}.{number}" for number in range(first, last + 1)]


LISTED = [
    "4", *(f"5.1.{letter}" for letter in "abcdefgh"), "6.1", "6.2", "6.3", "6.4", "8",
    *spread(9, 10), *spread(10, 6), *(f"10.2.{letter}" for letter in "fgh"), "11", *spread(12, 3), *spread(13, 3),
    *spread(14, 5), *spread(15, 5), *map(str, range(16, 26)), *spread(26, 12), *spread(27, 5), "43", "47", "48", "49",
    "49.2", "50.1", "50.2", "50.3", "50.4", "50.5", "51", "52", *(f"53.1.{letter}" for letter in "abcd"), "54",
    *(f"55.1.{letter}" for letter in "abcd"), "72", "73", "86", "Annex I", "Annex III", "Annex IV", "Annex VIII",
]  # fmt: skip
"""Identifiers of the facts page, written out."""
LEFT_OUT = {"15.2": "speaks to the Commission", "26.3": "leaves other duties as they are"}
"""Points that ask nothing of those who make or use a system; penalties (99 to 101) are left out as well."""
ANNEX_III = ("2026-08-02", "2027-12-02")
"""Start of the duties for listed uses, as adopted and as amended."""
ANNEX_I = ("2027-08-02", "2028-08-02")


def get(pack: Pack, slug: str) -> Requirement:
    return next(item for item in pack.requirements if item.slug == slug)


def cited(pack: Pack) -> set[str]:
    """Return the places of the law that requirements cite: `9.1`, `5.1.a`, `Annex IV`, and the wholes they are in."""
    found: set[str] = set()
    for requirement in pack.requirements:
        section = requirement.sources[0].section
        assert section is not None
        for place in section["en"].split(", "):
            plain = place.removeprefix("Art. ").replace("(", ".").replace(")", "")
            found |= {plain, plain.partition(".")[0]}
            first, _, last = plain.rpartition(".")
            if "–" in last:
                found.add(first)
    return found


@BOTH
def test_it_keeps_to_what_every_resting_pack_keeps_to(pack: Pack) -> None:
    assert broken(pack) == {}


@BOTH
def test_no_answer_grows_old_sooner_and_no_lower_tier_is_met_by_a_side_alone(pack: Pack) -> None:
    assert ages_sooner(pack) == []
    assert thinly_shown(pack) == []


@BOTH
def test_every_identifier_of_the_facts_page_is_cited(pack: Pack) -> None:
    assert [place for place in LISTED if place not in cited(pack)] == list(LEFT_OUT)


@BOTH
def test_a_slug_names_an_article_that_its_requirement_cites(pack: Pack) -> None:
    """`eu-26.10` cites Art. 26(10); `eu-9` stands for the first points of Art. 9."""
    for item in pack.requirements:
        section = item.sources[0].section
        assert section is not None
        article = re.match(r"eu-(?:annex-i\.)?(\d+a?)", item.slug)
        assert article is not None
        assert section["en"].startswith(f"Art. {article[1]}"), item.slug


def test_the_dates_of_the_text_as_adopted() -> None:
    starts = {group: set[str]() for group in (item.id for item in ADOPTED.groups)}
    for item in ADOPTED.requirements:
        starts[item.group].add(item.effective["from"])
    assert starts == {
        "prohibited": {"2025-02-02"}, "literacy": {"2025-02-02"}, "general-purpose": {"2025-08-02"},
        "classification": {ANNEX_III[0], ANNEX_I[0]}, "provider": {ANNEX_III[0]}, "products": {ANNEX_I[0]},
        "deployer": {ANNEX_III[0]}, "value-chain": {ANNEX_III[0]}, "transparency": {"2026-08-02"},
        "after-release": {ANNEX_III[0]},
    }  # fmt: skip
    assert get(ADOPTED, "eu-6.1").effective == {"from": ANNEX_I[0]}


def test_the_amendment_moves_high_risk_and_nothing_else() -> None:
    moved = dict([ANNEX_III, ANNEX_I])
    for before in ADOPTED.requirements:
        after = get(AMENDED, before.slug)
        high_risk = before.group not in ("transparency", "general-purpose", "prohibited", "literacy")
        expected = moved[before.effective["from"]] if high_risk else before.effective["from"]
        assert after.effective == {"from": expected}, before.slug


def test_what_the_amendment_changes_says_that_it_is_unverified_and_has_a_new_version() -> None:
    known = {item.slug: item for item in ADOPTED.requirements}
    for after in AMENDED.requirements:
        before = known.get(after.slug)
        if before == after:
            assert after.unverified is None
            continue
        assert after.unverified is not None, after.slug
        assert "Official Journal was not read" in after.unverified["en"]
        assert "官報" in after.unverified["ja"]
        assert after.version == (1 if before is None else 2)
    assert AMENDED.unverified is not None
    assert ADOPTED.unverified is None
    assert not any(item.unverified for item in ADOPTED.requirements)


def test_the_amendment_adds_a_ban_and_wider_use_of_sensitive_data() -> None:
    new = [item.slug for item in AMENDED.requirements if item.slug not in {old.slug for old in ADOPTED.requirements}]
    assert new == ["eu-5.imagery", "eu-4a"]
    assert get(AMENDED, "eu-5.imagery").effective == {"from": "2026-12-02"}
    assert get(AMENDED, "eu-4a").effective == {}, "no report that we read gives its day"


def test_the_softer_duty_of_literacy_accepts_one_course_for_all() -> None:
    effects = []
    for pack in (ADOPTED, AMENDED):
        question = get(pack, "eu-4").questions[0]
        effects.append({choice.id: choice.effect for choice in question.choices})
    assert effects[0] == {"nothing": "fails", "same": "fails", "by_task": "meets"}
    assert effects[1] == {"nothing": "fails", "same": "meets", "by_task": "meets"}


def test_the_counts() -> None:
    for pack, total in ((ADOPTED, 95), (AMENDED, 97)):
        assert len(pack.requirements) == total
        checks = [check for item in pack.requirements for check in item.checks]
        assert sorted(check.id for check in checks) == ["eu-altered-inputs", "eu-attacks-that-work", "eu-setting-gap"]
        assert all(check.planned and not check.confirmed for check in checks)
    assert Counter(item.scope for item in ADOPTED.requirements) == {"use_case": 72, "organisation": 23}
    assert relations(ADOPTED) == {"subset": 21, "superset": 75, "supports": 10}


@BOTH
def test_what_the_company_answers_once_has_one_question_and_rests_on_no_use_case(pack: Pack) -> None:
    for item in pack.requirements:
        if item.scope == "organisation":
            assert len(item.questions) == 1
            assert not any(mapping.answers for mapping in item.mappings)


@BOTH
def test_mappings_are_drafts_to_the_core_or_to_its_own_version(pack: Pack) -> None:
    mappings = [mapping for item in pack.requirements for mapping in item.mappings]
    assert {mapping.status for mapping in mappings} == {"draft"}
    assert {mapping.to.partition(":")[0] for mapping in mappings} == {"ai-ethics-core@1.1.0", pack.reference}


@BOTH
def test_no_text_calls_anything_compliant(pack: Pack) -> None:
    for item in pack.requirements:
        words = f"{item.title} {item.text} {[question.text for question in item.questions]}"
        assert not re.search("complian|適合", words), item.slug


FACTS: dict[str, Any] = {
    **{fact.id: False for fact in AMENDED.facts if fact.type == "boolean"},
    "market_eu": True, "area": "none", "narrow_task": "none", "affects_people": True,
}  # fmt: skip


def own(pack: Pack, **facts: Any) -> list[str]:
    """Return the slugs of the questions that this pack itself asks of a use case."""
    known = {fact.id for fact in pack.facts}
    stated = {name: value for name, value in {**FACTS, **facts}.items() if name in known}
    return [item.requirement.slug for item in questions_asked([pack], stated)]


@BOTH
@pytest.mark.parametrize(
    ("facts", "most"),
    [
        ({"is_provider": True}, 0),
        ({"is_deployer": True, "personal_data": True}, 0),
        ({"is_provider": True, "talks_with_people": True, "generates_content": True}, 1),
        ({"is_provider": True, "area": "employment", "decides_about_people": True, "uses_supplier_model": True}, 4),
        ({"is_provider": True, "identifies_remotely": True}, 5),
        ({"is_provider": True, "safety_component": True}, 4),
        ({"is_deployer": True, "area": "employment", "public_body": True, "decides_about_people": True}, 3),
        ({"is_deployer": True, "area": "essential_services", "personal_data": True, "decides_about_people": True}, 2),
        ({"is_deployer": True, "safety_component": True}, 1),
        ({"is_provider": True, "area": "employment", "narrow_task": "procedural"}, 1),
        ({"is_provider": True, "general_purpose_model": True, "systemic_risk": True}, 0),
        ({"is_provider": True, "distorts_behaviour": True}, 1),
    ],
)
def test_it_asks_little_of_its_own(pack: Pack, facts: dict[str, Any], most: int) -> None:
    """Six of a provider and four of a deployer of a high-risk system at most, one of transparency, else nothing."""
    assert len(own(pack, **facts)) == most


@BOTH
def test_who_is_everything_at_once_is_asked_six_questions(pack: Pack) -> None:
    facts = {"is_provider": True, "is_developer": True, "is_deployer": True, "area": "employment", "public_body": False}
    made = {"decides_about_people": True, "generates_content": True, "talks_with_people": True}
    asked = own(pack, **facts, **made)
    assert sorted(asked) == ["eu-11", "eu-13.3", "eu-26.7", "eu-43", "eu-50.5", "eu-9"]


@BOTH
@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"is_provider": True, "generates_content": True}, "at_first_contact"),
        ({"is_provider": True, "generates_content": True, "decides_about_people": True}, "told_and_marked"),
        ({"is_deployer": True, "generates_content": True, "decides_about_people": True, "informs_public": True},
         "at_first_contact"),
    ],
)  # fmt: skip
def test_one_question_tells_of_notice_and_mark_where_the_core_does_not_ask_for_marks(
    pack: Pack, facts: dict[str, bool], question: str
) -> None:
    """The core asks for marks unless the system decides about people as well."""
    stated = {fact.id: {**FACTS, **facts}[fact.id] for fact in pack.facts}
    found = [item.question.id for item in questions_asked([pack], stated) if item.requirement.group == "transparency"]
    assert found == [question]


@BOTH
def test_outside_the_union_nothing_applies(pack: Pack) -> None:
    facts = {name: True for name, value in FACTS.items() if isinstance(value, bool)}
    stated = {**facts, "market_eu": False, "area": "employment", "narrow_task": "none"}
    known = {fact.id: stated[fact.id] for fact in pack.facts}
    assert [item.slug for item in pack.requirements if applies(item, known, pack).applies is not False] == []


def _lifted(pack: Pack, facts: dict[str, Any]) -> bool:
    """High-risk by our reading of Art. 6, written apart from the pack's own conditions."""
    areas = ("biometrics", "education", "employment", "essential_services", "law_enforcement", "migration", "justice")
    infrastructure = facts["area"] == "critical_infrastructure"
    body = facts["identifies_remotely"] or facts["sorts_by_sensitive_traits"] or facts["reads_emotions"]
    listed = body or facts["area"] in areas or (infrastructure and facts["safety_component"])
    small = facts["narrow_task"] != "none" and not facts["profiles_people"]
    return bool((facts["safety_component"] and not infrastructure) or (listed and not small))


@BOTH
def test_duties_of_providers_apply_exactly_where_art_6_says_so(pack: Pack) -> None:
    """One body sign stands for the three, and one listed area for the seven, as the conditions treat them alike."""
    names = ("safety_component", "reads_emotions", "profiles_people")
    by_listing = compile_expression(get(pack, "eu-9").applies_when or "")
    by_product = compile_expression(get(pack, "eu-annex-i.9").applies_when or "")
    for *values, area, task in product(
        (False, True),
        (False, True),
        (False, True),
        ("none", "critical_infrastructure", "justice"),
        ("none", "patterns"),
    ):
        facts = {**FACTS, "is_provider": True, **dict(zip(names, values, strict=True)), "area": area}
        facts["narrow_task"] = task
        known: dict[Name, Any] = {(name,): value for name, value in facts.items()}
        found = [evaluate(expression, known, {}).value for expression in (by_listing, by_product)]
        assert any(found) == _lifted(pack, facts), facts
        assert not all(found), "listed uses and products are asked for once, not twice"


@BOTH
def test_who_builds_for_own_use_is_provider_and_deployer(pack: Pack) -> None:
    facts = {**FACTS, "is_developer": True, "is_deployer": True, "area": "employment"}
    known = {fact.id: facts[fact.id] for fact in pack.facts}
    assert applies(get(pack, "eu-11"), known, pack).applies
    assert applies(get(pack, "eu-26.1"), known, pack).applies
    bought = {**known, "is_developer": False}
    assert applies(get(pack, "eu-11"), bought, pack).applies is False
