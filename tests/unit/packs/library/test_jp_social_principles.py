"""The pack of the Japanese social principles of 2019: seven, three of them answered once for the company."""

from __future__ import annotations

from hakari.packs import applies, load_pack
from tests.unit.packs.library._resting import broken, relations

PACK = load_pack("jp-social-principles")
BY_SLUG = {item.slug: item for item in PACK.requirements}
ONCE = {"jps-2", "jps-5", "jps-7"}
"""Education, fair competition, innovation."""


def test_there_is_one_requirement_for_each_of_the_seven() -> None:
    assert set(BY_SLUG) == {f"jps-{number}" for number in range(1, 8)} | {"jps-6-measured"}


def test_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}
    assert relations(PACK) == {"superset": 27, "supports": 3, "intersects": 10}


def test_only_what_the_core_does_not_answer_is_asked_and_that_once() -> None:
    assert {item.slug for item in PACK.requirements if item.questions} == ONCE
    assert {item.slug for item in PACK.requirements if item.scope == "organisation"} == ONCE


def test_it_applies_in_japan_only() -> None:
    for requirement in PACK.requirements:
        assert applies(requirement, {"market_japan": False}, PACK).applies is False
        assert applies(requirement, {"market_japan": True}, PACK).applies is True


def test_that_its_source_was_not_read_is_said() -> None:
    assert PACK.unverified is not None
