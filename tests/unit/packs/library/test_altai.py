"""The pack of the assessment list for trustworthy AI, held against the list of facts/frameworks.md §6.5."""

from __future__ import annotations

from hakari.packs import load_pack
from tests.unit.packs.library._resting import broken, relations

PACK = load_pack("altai")
GROUPS = ["agency", "robustness", "privacy", "transparency", "fairness", "society", "accountability"]
"""The seven, in their order."""
OUR_PARTS = {"altai-2-measured", "altai-5-measured", "altai-6-environment"}
"""Parts of a requirement that have stages or an owner of their own."""


def test_there_is_one_requirement_for_each_of_the_seven() -> None:
    seven = {item.slug: item.group for item in PACK.requirements if item.slug not in OUR_PARTS}
    assert seven == {f"altai-{number}": group for number, group in enumerate(GROUPS, start=1)}


def test_a_part_stands_with_its_requirement() -> None:
    groups = {item.slug: item.group for item in PACK.requirements}
    assert {slug: groups[slug] for slug in OUR_PARTS} == {slug: groups[slug[: len("altai-0")]] for slug in OUR_PARTS}


def test_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}
    assert relations(PACK) == {"superset": 45, "supports": 3, "intersects": 8}


def test_nothing_is_asked_of_anyone() -> None:
    assert [question.id for item in PACK.requirements for question in item.questions] == []


def test_only_the_environment_waits_for_a_measure() -> None:
    planned = {item.slug: [check.planned for check in item.checks] for item in PACK.requirements if item.checks}
    assert planned == {"altai-6-environment": [True]}
