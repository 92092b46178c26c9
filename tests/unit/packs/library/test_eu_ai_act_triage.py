"""Triage by the EU AI Act: worked use cases, letters, areas, the way out, roles, and what is open."""

from __future__ import annotations

from typing import Any

import pytest

from hakari.packs import Pack, load_pack
from hakari.packs.triage import PackTriage, TriageRules, facts_of, load_triage, triage
from hakari.packs.triage.model import Example

CORE = load_pack("ai-ethics-core")


def rules_of(reference: str) -> TriageRules:
    rules = load_triage(reference)
    assert rules is not None
    return rules


SCAN = rules_of("ai-ethics-core").prescan
PACKS: dict[str, tuple[Pack, TriageRules]] = {
    version: (load_pack(f"eu-ai-act@{version}"), rules_of(f"eu-ai-act@{version}")) for version in ("1.0.0", "1.1.0")
}
VERSIONS = pytest.mark.parametrize("version", PACKS)
CASES = [(version, example) for version, (_, rules) in PACKS.items() for example in rules.examples]
NOTHING: dict[str, Any] = {
    **{fact.id: False for fact in CORE.facts if fact.type == "boolean"},
    "market_eu": True, "area": "none", "narrow_task": "none",
}  # fmt: skip


def found(version: str, facts: dict[str, Any]) -> PackTriage:
    return triage([PACKS[version]], facts).packs[0]


def tier(version: str, **facts: Any) -> str:
    outcome = found(version, {**NOTHING, **facts})
    assert outcome.lowest == outcome.highest
    return outcome.lowest.id


@pytest.mark.parametrize(("version", "example"), CASES, ids=[f"{version}:{example.id}" for version, example in CASES])
def test_a_worked_use_case_comes_out_as_the_articles_say(version: str, example: Example) -> None:
    outcome = found(version, {**facts_of(SCAN, example.answers, CORE.facts), **example.facts})
    assert (outcome.lowest.id, outcome.highest.id) == (example.tier, example.tier)
    assert tuple(reason.rule.id for reason in outcome.reasons if reason.rule.tier == example.tier) == example.rules
    assert tuple((role.id, holds) for role, holds in outcome.roles) == tuple((role, True) for role in example.roles)


def test_there_are_thirty_four_cases_and_one_differs_between_the_versions() -> None:
    first, second = (PACKS[version][1].examples for version in PACKS)
    assert len(first) == 34
    assert [one.id for one, other in zip(first, second, strict=True) if one != other] == ["undressing-app"]


@VERSIONS
def test_there_is_a_rule_for_every_letter_area_and_paragraph(version: str) -> None:
    rules = [rule.id for rule in PACKS[version][1].rules]
    letters = [f"art-5-1-{letter}" for letter in "abcdefgh"] + (["art-5-imagery"] if version == "1.1.0" else [])
    areas = ["annex-i", *(f"annex-iii-{number}" for number in range(1, 9))]
    assert rules == [*letters, *areas, *(f"art-50-{number}" for number in range(1, 5))]


@VERSIONS
@pytest.mark.parametrize(
    "facts",
    [
        {"distorts_behaviour": True},
        {"exploits_weakness": True},
        {"social_scoring": True},
        {"predicts_crime": True},
        {"scrapes_faces": True},
        {"reads_emotions": True, "emotions_at_work_or_school": True},
        {"sorts_by_sensitive_traits": True},
        {"live_public_police": True},
    ],
)
def test_each_banned_practice_stops_whatever_the_rest(version: str, facts: dict[str, bool]) -> None:
    assert tier(version, **facts) == "prohibited"
    assert tier(version, **facts, narrow_task="preparatory", is_deployer=True) == "prohibited"


@VERSIONS
def test_emotions_at_work_for_safety_are_high_risk_and_not_banned(version: str) -> None:
    at_work = {"reads_emotions": True, "emotions_at_work_or_school": True, "medical_or_safety_purpose": True}
    assert tier(version, **at_work) == "high-risk"


def test_intimate_pictures_are_banned_by_the_amendment_only() -> None:
    assert tier("1.0.0", intimate_imagery=True) == "minimal"
    assert tier("1.1.0", intimate_imagery=True) == "prohibited"


@VERSIONS
@pytest.mark.parametrize("area", ["biometrics", "education", "employment", "essential_services", "justice"])
def test_the_way_out_is_closed_where_people_are_profiled(version: str, area: str) -> None:
    assert tier(version, area=area) == "high-risk"
    assert tier(version, area=area, narrow_task="procedural") == "minimal"
    assert tier(version, area=area, narrow_task="procedural", profiles_people=True) == "high-risk"


@VERSIONS
def test_infrastructure_counts_by_its_safety_parts_and_has_the_way_out(version: str) -> None:
    assert tier(version, area="critical_infrastructure") == "minimal"
    assert tier(version, area="critical_infrastructure", safety_component=True) == "high-risk"
    small = {"area": "critical_infrastructure", "safety_component": True, "narrow_task": "preparatory"}
    assert tier(version, **small) == "minimal"


@VERSIONS
def test_no_small_part_leads_out_of_product_law(version: str) -> None:
    assert tier(version, safety_component=True, narrow_task="procedural") == "high-risk"


@VERSIONS
def test_notices_concern_providers_and_deep_fakes_those_who_publish_them(version: str) -> None:
    chat = {"talks_with_people": True, "affects_people": True}
    assert tier(version, **chat, is_deployer=True) == "minimal"
    assert tier(version, **chat, is_provider=True) == "transparency"
    assert tier(version, **chat, is_deployer=True, is_developer=True) == "transparency"
    fake = {"generates_content": True, "imitates_person": True}
    assert tier(version, **fake, is_deployer=True) == "transparency"


@VERSIONS
def test_a_general_purpose_model_is_a_role_and_no_tier(version: str) -> None:
    outcome = found(version, {**NOTHING, "general_purpose_model": True, "is_developer": True})
    assert outcome.lowest.id == "minimal"
    assert [role.id for role, _ in outcome.roles] == ["gpai-provider"]


@VERSIONS
def test_importers_and_distributors_have_their_roles(version: str) -> None:
    outcome = found(version, {**NOTHING, "is_importer": True, "is_distributor": True})
    assert [role.id for role, _ in outcome.roles] == ["importer", "distributor"]


@VERSIONS
def test_outside_the_union_it_does_not_apply(version: str) -> None:
    outcome = found(version, {**NOTHING, "market_eu": False, "area": "employment"})
    assert (outcome.applies, outcome.reasons, outcome.roles) == (False, (), ())


@VERSIONS
def test_what_is_unknown_leaves_a_range(version: str) -> None:
    stated = {name: value for name, value in NOTHING.items() if name != "profiles_people"}
    outcome = found(version, {**stated, "area": "employment", "narrow_task": "procedural"})
    assert (outcome.lowest.id, outcome.highest.id) == ("minimal", "high-risk")
    assert [(reason.rule.id, reason.unstated) for reason in outcome.open] == [("annex-iii-4", ("profiles_people",))]
