"""The sample pack for systems that make content, talk with people or act in other systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from hakari.evidence import encode
from hakari.packs import Pack, applies, asked, facts_used, load_pack
from hakari.packs.triage import LEVELS, load_triage

WORDS = """
gen-ai-said gen-content-marked gen-imitation-shown gen-mark-lasts
gen-inputs-stay gen-leakage-measured gen-foreign-instructions gen-injection-measured gen-tool-limits gen-acts-stopped
gen-acts-measured gen-never-made gen-harmful-tried gen-harmful-measured
gen-grounded gen-grounding-measured gen-guesses-measured gen-person-reached gen-handover-measured gen-works-for-all
gen-reliance
gen-makers-rights gen-likeness gen-likeness-measured gen-memory-measured gen-supplier-terms gen-supplier-known
gen-work-kept
gen-four-questions gen-watched gen-incidents
"""
PLANNED = {
    "gen-mark-lasts": ["behaviour.marking@1"],
    "gen-leakage-measured": ["privacy.leakage@1"],
    "gen-injection-measured": ["behaviour.injection@1"],
    "gen-acts-measured": ["behaviour.tool_limits@1"],
    "gen-harmful-measured": ["behaviour.harmful_content@1", "behaviour.harmful_content@1"],
    "gen-grounding-measured": ["behaviour.grounding@1"],
    "gen-guesses-measured": ["behaviour.abstention@1"],
    "gen-handover-measured": ["behaviour.handover@1"],
    "gen-likeness-measured": ["behaviour.likeness@1"],
    "gen-memory-measured": ["privacy.memorisation@1"],
}
OWN = {"low": 1, "middle": 4, "high": 8, "stop": 8}


@cache
def pack() -> Pack:
    return load_pack("generative-systems")


def core() -> Pack:
    return load_pack("ai-ethics-core")


def everything(tier: str, *, value: bool = True) -> dict[str, Any]:
    """Return facts under which all that can be asked in a tier is asked; who imitates a person is never below high."""
    facts = {fact.id: tier if fact.id == "tier" else value for fact in pack().facts}
    return facts if tier in ("high", "stop") else {**facts, "imitates_person": False}


def own_questions(facts: Mapping[str, Any]) -> list[str]:
    return [
        f"{requirement.slug}/{question.id}"
        for requirement in pack().requirements
        if applies(requirement, facts, pack()).applies
        for question in requirement.questions
        if asked(question, {}, facts, requirement=requirement, pack=pack())
    ]


def texts(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, Mapping):
        if "en" in value:
            yield value
        else:
            for item in value.values():
                yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def test_it_holds_what_it_is_meant_to_hold() -> None:
    assert [item.slug for item in pack().requirements] == WORDS.split()
    assert (pack().reference, pack().authority) == ("generative-systems@1.0.0", "sample")


def test_what_no_measure_answers_is_planned_and_nothing_else_is_measured() -> None:
    found = {item.slug: [check.measure for check in item.checks] for item in pack().requirements if item.checks}
    assert found == PLANNED
    assert all(check.planned for item in pack().requirements for check in item.checks)


@pytest.mark.parametrize("tier", LEVELS)
def test_its_own_questions_stay_within_their_share_of_the_budget(tier: str) -> None:
    assert len(own_questions(everything(tier))) == OWN[tier]


def test_nothing_is_asked_of_a_system_that_neither_makes_talks_nor_acts() -> None:
    facts = everything("high", value=False)
    assert [item.slug for item in pack().requirements if applies(item, facts, pack()).applies] == []


def test_an_inner_tool_of_a_low_tier_is_asked_where_its_inputs_go() -> None:
    facts = {**everything("low", value=False), "generates_content": True}
    assert own_questions(facts) == ["gen-inputs-stay/inputs"]


@pytest.mark.parametrize(
    ("fact", "slug"),
    [
        ("talks_with_people", "gen-ai-said"),
        ("acts_with_tools", "gen-tool-limits"),
        ("imitates_person", "gen-likeness"),
        ("informs_public", "gen-imitation-shown"),
    ],
)
def test_each_fact_brings_in_its_own_requirement(fact: str, slug: str) -> None:
    requirement = next(item for item in pack().requirements if item.slug == slug)
    without = everything("high", value=False)
    assert applies(requirement, without, pack()).applies is False
    assert applies(requirement, {**without, fact: True}, pack()).applies is True


def test_every_question_shows_an_answer_that_helps_and_one_that_does_not() -> None:
    questions = [question for item in pack().requirements for question in item.questions]
    assert len(questions) == 8
    assert all(question.help and question.good and question.poor for question in questions)
    assert all({"meets", "fails"} <= _effects(question) for question in questions)


def _effects(question: Any) -> set[str]:
    return {choice.effect for choice in question.choices} | set(question.effects.values())


def test_everything_is_measured_asked_or_rests_on_another_requirement() -> None:
    bare = [
        item.slug
        for item in pack().requirements
        if not item.questions and not item.checks and not any(mapping.answers for mapping in item.mappings)
    ]
    assert bare == []


def test_every_mapping_leads_to_a_requirement_that_is_there_and_is_a_draft() -> None:
    known = {f"{core().reference}:{item.slug}" for item in core().requirements}
    mappings = [mapping for item in pack().requirements for mapping in item.mappings]
    assert {mapping.to for mapping in mappings} <= known
    assert {mapping.status for mapping in mappings} == {"draft"}


def test_a_planned_measurement_is_never_answered_by_a_question() -> None:
    """Somebody's word must not stand where a figure is awaited."""
    answered = [
        item.slug for item in pack().requirements if item.checks and any(mapping.answers for mapping in item.mappings)
    ]
    assert answered == []


def test_facts_are_declared_as_in_the_core_and_each_is_used() -> None:
    declared = {fact.id: fact for fact in core().facts}
    assert [fact.id for fact in pack().facts if declared.get(fact.id) != fact] == []
    assert {fact.id for fact in pack().facts} == set().union(*map(facts_used, pack().requirements))


def test_every_text_is_written_in_both_languages() -> None:
    found = list(texts(encode(pack())))
    assert len(found) > 250
    assert [text for text in found if not text["en"].strip() or not text["ja"].strip()] == []
    # Titles of published works stay as they are; everything else is translated.
    assert [text["en"] for text in found if text["en"] == text["ja"]] == []


@pytest.mark.parametrize("tier", LEVELS)
def test_consent_is_asked_for_in_whatever_tier_somebody_wrote_down(tier: str) -> None:
    facts = {**everything(tier, value=False), "imitates_person": True}
    assert "gen-likeness/consent" in own_questions(facts)


def test_the_office_never_puts_an_imitation_of_a_person_below_high() -> None:
    rules = load_triage("ai-ethics-core")
    assert rules is not None
    assert [rule.tier for rule in rules.rules if rule.when == "imitates_person"] == ["high"]
