"""The sample of a company's gates: what is on the table at each stage, and who signs."""

from __future__ import annotations

from collections import Counter

import pytest

from hakari.packs import applies, load_pack
from hakari.packs.overview import questions_asked
from tests.unit.packs.library._resting import STAGES, broken, relations

PACK = load_pack("commercialisation-gate")
BY_SLUG = {item.slug: item for item in PACK.requirements}
SIGNED = {
    "gate-plan-signoff": "plan",
    "gate-design-privacy-signoff": "design",
    "gate-develop-quality-signoff": "develop",
    "gate-release-customers-signoff": "release",
    "gate-release-signoff": "release",
}
COMPOSED = {
    "gate-plan-case": "plan",
    "gate-design-settled": "design",
    "gate-design-privacy": "design",
    "gate-develop-quality": "develop",
    "gate-release-ready": "release",
    "gate-release-customers": "release",
    "gate-operate-watched": "operate",
    "gate-operate-expiry": "operate",
}
ASKED = {"low": 0, "middle": 1, "high": 6, "stop": 6}


def test_every_gate_has_what_it_needs_and_most_have_a_signature() -> None:
    assert {item.slug: item.stages for item in PACK.requirements} == {
        slug: (stage,) for slug, stage in (SIGNED | COMPOSED).items()
    }
    assert {item.group for item in PACK.requirements} == set(STAGES)


def test_what_every_resting_pack_keeps_to() -> None:
    assert broken(PACK) == {}
    assert relations(PACK) == {"superset": 43}


def test_a_signature_rests_on_nobody_else() -> None:
    """Were it mapped, what others answered would sign in somebody's name."""
    assert [slug for slug in SIGNED if BY_SLUG[slug].mappings or len(BY_SLUG[slug].questions) != 1] == []
    assert [slug for slug in COMPOSED if not BY_SLUG[slug].mappings] == []


@pytest.mark.parametrize("tier", ASKED)
def test_the_questions_of_each_tier(tier: str) -> None:
    facts = {"tier": tier, "affects_people": True, "personal_data": True}
    found = questions_asked((PACK,), facts)
    assert len(found) == ASKED[tier]
    assert max(Counter(each.stage for each in found).values(), default=0) <= 2


def test_nothing_of_it_applies_to_a_low_tier() -> None:
    for requirement in PACK.requirements:
        facts = {"tier": "low", "affects_people": True, "personal_data": True}
        assert applies(requirement, facts, PACK).applies is False


def test_privacy_and_customer_service_sign_only_what_concerns_them() -> None:
    facts = {"tier": "high", "affects_people": False, "personal_data": False}
    left = {slug for slug in SIGNED if applies(BY_SLUG[slug], facts, PACK).applies}
    assert left == {"gate-plan-signoff", "gate-develop-quality-signoff", "gate-release-signoff"}


def test_it_is_a_sample_that_nobody_adopted() -> None:
    assert PACK.authority == "sample"
    assert "(sample)" in PACK.title["en"]
