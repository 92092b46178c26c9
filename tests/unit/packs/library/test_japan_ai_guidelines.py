"""The pack of the Japanese guidelines for business, held against the list of facts/frameworks.md §6.6."""

from __future__ import annotations

import pytest

from hakari.packs import applies, load_pack
from tests.unit.packs.library._resting import broken, relations

PACK = load_pack("japan-ai-guidelines")
BY_SLUG = {item.slug: item for item in PACK.requirements}
POINTS = range(1, 11)
ONCE = {"jpb-c-8", "jpb-c-9", "jpb-c-10"}
"""Literacy, fair competition, innovation: the core does not answer them."""
ACTORS = {"jpb-developer": "is_developer", "jpb-provider": "is_provider", "jpb-user": "is_deployer"}
ADDED = {"jpb-agents": "acts_with_tools", "jpb-machines": "controls_devices"}
NOBODY = {"is_developer": False, "is_provider": False, "is_deployer": False}


def test_there_are_the_ten_points_the_actors_and_the_additions() -> None:
    points = {f"jpb-c-{number}" for number in POINTS} | {"jpb-c-3-measured"}
    assert set(BY_SLUG) == points | set(ACTORS) | set(ADDED)


def test_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}
    assert relations(PACK) == {"superset": 61, "supports": 5}


def test_what_could_not_be_read_says_so() -> None:
    assert PACK.unverified is not None
    assert {item.slug for item in PACK.requirements if item.unverified} == set(ACTORS) | set(ADDED)


def test_only_what_the_core_does_not_answer_is_asked_and_that_once() -> None:
    assert {item.slug for item in PACK.requirements if item.questions} == ONCE
    assert {item.slug for item in PACK.requirements if item.scope == "organisation"} == ONCE


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_outside_japan_it_does_not_apply(slug: str) -> None:
    facts = {"market_japan": False, "acts_with_tools": True, "controls_devices": True} | dict.fromkeys(NOBODY, True)
    assert applies(BY_SLUG[slug], facts, PACK).applies is False


@pytest.mark.parametrize("number", [number for number in POINTS if f"jpb-c-{number}" not in ONCE])
def test_a_point_addresses_any_of_the_three_actors_and_nobody_else(number: int) -> None:
    point = BY_SLUG[f"jpb-c-{number}"]
    assert applies(point, {"market_japan": True, **NOBODY}, PACK).applies is False
    for actor in NOBODY:
        assert applies(point, {"market_japan": True, **NOBODY, actor: True}, PACK).applies is True


@pytest.mark.parametrize("slug", sorted(ACTORS))
def test_what_is_passed_on_addresses_one_actor(slug: str) -> None:
    for actor in NOBODY:
        facts = {"market_japan": True, **NOBODY, actor: True}
        assert applies(BY_SLUG[slug], facts, PACK).applies is (actor == ACTORS[slug])


@pytest.mark.parametrize("slug", sorted(ADDED))
def test_the_additions_address_what_acts_by_itself(slug: str) -> None:
    facts = {"market_japan": True, **NOBODY, "is_provider": True}
    assert applies(BY_SLUG[slug], {**facts, ADDED[slug]: True}, PACK).applies is True
    assert applies(BY_SLUG[slug], {**facts, ADDED[slug]: False}, PACK).applies is False
