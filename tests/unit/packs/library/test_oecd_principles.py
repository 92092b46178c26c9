"""The pack of the OECD's principles, held against the list of facts/frameworks.md §6.4."""

from __future__ import annotations

from hakari.packs import applies, load_pack
from tests.unit.packs.library._resting import broken, relations

PACK = load_pack("oecd-principles")
BY_SLUG = {item.slug: item for item in PACK.requirements}
PRINCIPLES = ["1.1", "1.2", "1.3", "1.4", "1.5"]
ADVICE = ["2.1", "2.2", "2.3", "2.4", "2.5"]
OUR_PARTS = {"oecd-1.1-environment", "oecd-1.2-measured"}
"""Parts of a principle that have stages or an owner of their own."""


def test_the_identifiers_are_those_of_the_principles() -> None:
    assert set(BY_SLUG) - OUR_PARTS == {f"oecd-{number}" for number in PRINCIPLES + ADVICE}


def test_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}
    assert relations(PACK) == {"superset": 33, "supports": 3, "intersects": 16}


def test_each_requirement_names_its_place_in_the_source() -> None:
    for number in PRINCIPLES + ADVICE:
        sections = [source.section for source in BY_SLUG[f"oecd-{number}"].sources]
        assert all(section is not None and number in section["en"] for section in sections)


def test_advice_to_governments_concerns_public_bodies_only_and_once() -> None:
    for number in ADVICE:
        requirement = BY_SLUG[f"oecd-{number}"]
        assert requirement.scope == "organisation"
        assert len(requirement.questions) == 1
        assert applies(requirement, {"public_body": False}, PACK).applies is False
        assert applies(requirement, {"public_body": True}, PACK).applies is True


def test_a_use_case_is_asked_nothing_of_its_own() -> None:
    assert [item.slug for item in PACK.requirements if item.scope == "use_case" and item.questions] == []


def test_the_environment_is_a_planned_measurement_of_large_generators() -> None:
    requirement = BY_SLUG["oecd-1.1-environment"]
    assert [check.planned for check in requirement.checks] == [True]
    assert applies(requirement, {"generates_content": False, "general_purpose_model": False}, PACK).applies is False
