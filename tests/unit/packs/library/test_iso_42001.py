"""The pack of ISO/IEC 42001, Annex A, held against the list of facts/frameworks.md §6.3."""

from __future__ import annotations

from collections import Counter

import pytest

from hakari.packs import load_pack
from hakari.packs.overview import questions_asked
from tests.unit.packs.library._resting import broken, relations
from tests.unit.packs.library._tiers import ages_sooner, thinly_shown

PACK = load_pack("iso-42001")
CONTROLS = [
    "A.2.2", "A.2.3", "A.2.4",
    "A.3.2", "A.3.3",
    "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6",
    "A.5.2", "A.5.3", "A.5.4", "A.5.5",
    "A.6.1.2", "A.6.1.3",
    "A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8",
    "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6",
    "A.8.2", "A.8.3", "A.8.4", "A.8.5",
    "A.9.2", "A.9.3", "A.9.4",
    "A.10.2", "A.10.3", "A.10.4",
]  # fmt: skip
ONCE_FOR_THE_COMPANY = {
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.5", "A.4.6", "A.5.2", "A.5.3", "A.6.1.2", "A.6.1.3", "A.8.5",
    "A.9.2", "A.9.3", "A.10.2", "A.10.4",
}  # fmt: skip


def control(slug: str) -> str:
    """Return the number of the control of a slug: `iso-a.2.2` is A.2.2."""
    return slug.removeprefix("iso-").upper()


def test_the_38_controls_stand_in_their_order() -> None:
    assert len(CONTROLS) == 38
    assert [control(item.slug) for item in PACK.requirements] == CONTROLS
    assert [item.group for item in PACK.requirements] == [".".join(name.lower().split(".")[:2]) for name in CONTROLS]


def test_it_keeps_to_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}


def test_each_cites_its_own_number() -> None:
    cited = [item.sources[0].section for item in PACK.requirements]
    assert [section["en"] if section else "" for section in cited] == [f"Annex A, {name}" for name in CONTROLS]


def test_it_says_that_the_standard_was_not_read() -> None:
    assert PACK.unverified is not None
    assert "not read" in PACK.unverified["en"]


def test_what_concerns_the_company_is_asked_once_with_one_question_each() -> None:
    whole = [item for item in PACK.requirements if item.scope == "organisation"]
    assert {control(item.slug) for item in whole} == ONCE_FOR_THE_COMPANY
    assert {len(item.questions) for item in whole} == {1}
    assert [item.slug for item in whole if any(mapping.answers for mapping in item.mappings)] == []


@pytest.mark.parametrize("tier", ["low", "middle", "high", "stop"])
def test_nothing_more_is_asked_of_a_use_case(tier: str) -> None:
    assert questions_asked([PACK], {"tier": tier}) == ()


def test_no_answer_grows_old_sooner_on_account_of_this_pack() -> None:
    """What is good for two years in the core must not be asked again after one because a second pack rests on it."""
    assert ages_sooner(PACK) == []


def test_a_lower_tier_calls_nothing_met_by_a_side_of_it_alone() -> None:
    assert thinly_shown(PACK) == []


def test_every_mapping_is_a_draft_of_ours() -> None:
    assert {mapping.status for item in PACK.requirements for mapping in item.mappings} == {"draft"}
    assert {mapping.to.partition(":")[0] for item in PACK.requirements for mapping in item.mappings} == {
        "ai-ethics-core@1.1.0", "eu-ai-act@1.0.0", "nist-ai-rmf@1.0.0",
    }  # fmt: skip


def test_the_counts() -> None:
    assert Counter(item.scope for item in PACK.requirements) == {"use_case": 22, "organisation": 16}
    assert sum(len(item.questions) for item in PACK.requirements) == 16
    assert {name: count for name, count in relations(PACK).items() if name != "intersects"} == {
        "equal": 1, "subset": 4, "superset": 66, "supports": 9,
    }  # fmt: skip
