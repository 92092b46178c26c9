"""The pack of the NIST AI RMF, held against the list of facts/frameworks.md §6.2."""

from __future__ import annotations

from collections import Counter

import pytest

from hakari.packs import load_pack
from hakari.packs.overview import questions_asked
from tests.unit.packs.library._resting import broken, relations
from tests.unit.packs.library._tiers import ages_sooner, thinly_shown

PACK = load_pack("nist-ai-rmf")
SUBCATEGORIES = {
    "govern": {1: 7, 2: 3, 3: 2, 4: 3, 5: 2, 6: 2},
    "map": {1: 6, 2: 3, 3: 5, 4: 2, 5: 2},
    "measure": {1: 3, 2: 13, 3: 3, 4: 3},
    "manage": {1: 4, 2: 4, 3: 2, 4: 3},
}
"""Function → category → number of its subcategories."""
ONCE_FOR_THE_COMPANY = {"nist-map-1.2", "nist-map-1.3", "nist-map-1.5", "nist-measure-2.2", "nist-measure-2.13"}
"""Beside all of GOVERN."""
ASKED_OF_A_USE_CASE = {
    "low": [],
    "middle": ["nist-manage-1.1"],
    "high": ["nist-measure-2.12", "nist-measure-1.3", "nist-manage-1.1"],
    "stop": ["nist-measure-2.12", "nist-measure-1.3", "nist-manage-1.1"],
}
"""In the order of the stages."""


def test_the_72_subcategories_stand_in_their_order() -> None:
    expected = [
        (f"nist-{function}-{category}.{number}", function)
        for function, categories in SUBCATEGORIES.items()
        for category, count in categories.items()
        for number in range(1, count + 1)
    ]
    assert len(expected) == 72
    assert [(item.slug, item.group) for item in PACK.requirements] == expected


def test_it_keeps_to_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}


def test_each_cites_its_own_number() -> None:
    """`nist-map-1.1` cites “MAP 1.1”."""
    cited = [item.sources[0].section for item in PACK.requirements]
    numbers = [item.slug.removeprefix("nist-").replace("-", " ").upper() for item in PACK.requirements]
    assert [section["en"] if section else "" for section in cited] == numbers


def test_governing_is_asked_once_for_the_company_with_one_question_each() -> None:
    whole = {item.slug for item in PACK.requirements if item.scope == "organisation"}
    assert whole == {item.slug for item in PACK.requirements if item.group == "govern"} | ONCE_FOR_THE_COMPANY
    assert {len(item.questions) for item in PACK.requirements if item.slug in whole} == {1}


def test_what_a_company_answers_rests_on_no_single_use_case() -> None:
    whole = [item for item in PACK.requirements if item.scope == "organisation"]
    assert [item.slug for item in whole if any(mapping.answers for mapping in item.mappings)] == []


@pytest.mark.parametrize("tier", ASKED_OF_A_USE_CASE)
def test_a_use_case_is_asked_little(tier: str) -> None:
    facts = {"tier": tier, "affects_people": True, "personal_data": True, "uses_supplier_model": True}
    assert [item.requirement.slug for item in questions_asked([PACK], facts)] == ASKED_OF_A_USE_CASE[tier]


def test_no_answer_grows_old_sooner_on_account_of_this_pack() -> None:
    """What is good for two years in the core must not be asked again after one because a second pack rests on it."""
    assert ages_sooner(PACK) == []


def test_a_lower_tier_calls_nothing_met_by_a_side_of_it_alone() -> None:
    assert thinly_shown(PACK) == []


def test_every_mapping_is_a_draft_of_ours() -> None:
    assert {mapping.status for item in PACK.requirements for mapping in item.mappings} == {"draft"}
    assert {mapping.to.partition(":")[0] for item in PACK.requirements for mapping in item.mappings} == {
        "ai-ethics-core@1.1.0", "eu-ai-act@1.0.0", "iso-42001@1.0.0", "nist-ai-rmf@1.0.0",
    }  # fmt: skip


def test_the_counts() -> None:
    assert Counter(item.scope for item in PACK.requirements) == {"use_case": 48, "organisation": 24}
    assert sum(len(item.questions) for item in PACK.requirements) == 27
    assert {name: count for name, count in relations(PACK).items() if name != "intersects"} == {
        "equal": 3, "subset": 2, "superset": 137, "supports": 22,
    }  # fmt: skip
