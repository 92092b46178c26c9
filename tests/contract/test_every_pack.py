"""What every shipped pack keeps to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from hakari.errors import MeasureError
from hakari.evidence import encode
from hakari.packs import Pack, applies, diff_packs, list_packs, load_pack, pack_files, read_pack, warnings_of
from hakari.packs.expression import compile_expression
from hakari.packs.overview import conflicts, count_budget, served_by, unknown_targets, worked_cases
from hakari.packs.triage import example_problems, load_triage

PACKS = list_packs()
USUAL = list_packs(versions=False)
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.reference)


class Registered:
    """The registry of measures, as packs see it."""

    def metrics(self, measure_reference: str) -> Mapping[str, Any] | None:
        from hakari.measures import find_measure

        try:
            return find_measure(measure_reference)[0].metrics
        except MeasureError:
            return None


def texts(value: Any) -> list[Mapping[str, str]]:
    """Return every text in several languages below `value`."""
    if isinstance(value, Mapping):
        if "en" in value or "ja" in value:
            return [value]
        return [text for item in value.values() for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, (list, tuple)) else []


def test_a_pack_is_shipped() -> None:
    assert PACKS


@each_pack
def test_every_measure_and_metric_is_there(pack: Pack) -> None:
    assert [str(warning) for warning in warnings_of(pack, Registered())] == []


@each_pack
def test_every_text_stands_in_english_and_japanese(pack: Pack) -> None:
    assert {"en", "ja"} <= set(pack.languages)
    found = texts(encode(pack))
    assert found
    assert [text for text in found if not all(text.get(language, "").strip() for language in pack.languages)] == []


@each_pack
def test_every_line_of_a_sample_says_that_nobody_confirmed_it(pack: Pack) -> None:
    if pack.authority == "sample":
        confirmed = [check.id for item in pack.requirements for check in item.checks if check.confirmed]
        assert confirmed == []


@each_pack
def test_every_requirement_can_be_shown_and_every_group_has_one(pack: Pack) -> None:
    silent = [item for item in pack.requirements if not item.questions and not item.checks]
    assert [item.slug for item in silent if not any(mapping.answers for mapping in item.mappings)] == []
    assert {item.group for item in pack.requirements} == {group.id for group in pack.groups}


@each_pack
def test_every_expression_compiles_and_is_decided_once_all_facts_are_stated(pack: Pack) -> None:
    example: dict[str, Any] = {"boolean": True, "number": 1, "text": "x", "date": "2026-01-01"}
    facts = {fact.id: fact.choices[0].id if fact.choices else example[fact.type] for fact in pack.facts}
    for requirement in pack.requirements:
        for question in requirement.questions:
            assert question.when is None or compile_expression(question.when).source == question.when
        assert applies(requirement, facts, pack).applies is not None
        nothing = applies(requirement, {}, pack)
        assert nothing.applies is True or nothing.unstated


def facts_read(pack: Pack) -> set[str]:
    """Return the facts that any expression of a pack reads."""
    sources = [item.applies_when for item in pack.requirements]
    sources += [question.when for item in pack.requirements for question in item.questions]
    rules = load_triage(pack.reference, pack)
    if rules is not None:
        sources += [rules.applies_when, *(rule.when for rule in rules.rules), *(role.when for role in rules.roles)]
        sources += [question.when for question in rules.prescan]
    return {name[0] for source in sources if source for name in compile_expression(source).names}


@each_pack
def test_every_fact_is_used(pack: Pack) -> None:
    """A fact that no expression reads is a question asked for nothing. What the pre-scan states is there for all."""
    rules = load_triage(pack.reference, pack)
    used = facts_read(pack)
    if rules is not None and rules.prescan:
        used = set().union(*map(facts_read, PACKS))
    assert {fact.id for fact in pack.facts} - used == set()


@each_pack
def test_every_check_says_who_drew_the_line_why_and_what_else_was_considered(pack: Pack) -> None:
    checks = [check for item in pack.requirements for check in item.checks if not check.planned]
    assert [check.id for check in checks if not check.alternatives] == []


@each_pack
def test_the_requirements_follow_the_order_of_the_groups(pack: Pack) -> None:
    places = [[group.id for group in pack.groups].index(item.group) for item in pack.requirements]
    assert all(one <= two for one, two in pairwise(places))


@each_pack
def test_it_reads_the_same_from_a_bundle(pack: Pack) -> None:
    again = read_pack(pack_files(pack.reference), name="a bundle")
    assert again == pack
    assert not diff_packs(pack, again)
    assert load_pack(pack.reference) == pack


@each_pack
def test_every_question_shows_an_answer_that_helps_and_one_that_does_not(pack: Pack) -> None:
    questions = [(item.slug, question) for item in pack.requirements for question in item.questions]
    assert [
        f"{slug}/{question.id}"
        for slug, question in questions
        if not (question.help and question.good and question.poor)
    ] == []


@each_pack
def test_the_worked_examples_of_its_triage_come_out_as_written(pack: Pack) -> None:
    rules = load_triage(pack.reference, pack)
    assert rules is None or [str(problem) for problem in example_problems(pack, rules)] == []


@each_pack
def test_a_pack_that_was_not_checked_says_why(pack: Pack) -> None:
    """What is marked in a requirement is said of the pack as well, so that no assessment can overlook it."""
    assert pack.unverified or not any(item.unverified for item in pack.requirements) or pack.name == "eu-ai-act"


def test_a_fact_means_the_same_in_every_pack() -> None:
    declared: dict[str, Any] = {}
    for pack in PACKS:
        for fact in pack.facts:
            # `evident_from` is for new manifests only and stands where the fact is at home.
            same = encode(replace(fact, evident_from=None))
            assert declared.setdefault(fact.id, same) == same, (pack.reference, fact.id)


def test_every_mapping_leads_to_a_requirement() -> None:
    assert [(item.slug, mapping.to) for item, mapping in unknown_targets(PACKS)] == []
    known = {pack.reference for pack in PACKS}
    pinned = {mapping.to.partition(":")[0] for pack in PACKS for item in pack.requirements for mapping in item.mappings}
    assert pinned - known == set()


def test_no_two_packs_name_a_requirement_alike() -> None:
    names = [item.slug for pack in USUAL for item in pack.requirements]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_no_two_packs_draw_different_lines_through_one_figure() -> None:
    assert conflicts(USUAL) == ()


def test_one_measurement_serves_at_least_five_frameworks() -> None:
    assert len({item.pack.name for item in served_by(USUAL, "fairness.groups")}) >= 5


def test_the_worked_use_cases_stay_within_the_budget_with_all_packs_on() -> None:
    cases = worked_cases(USUAL)
    assert len(cases) >= 30
    assert {tier for _, _, tier in cases} == {"low", "middle", "high", "stop"}
    problems = {
        name: [str(problem) for problem in count_budget(USUAL, facts, tier=tier).problems]
        for name, facts, tier in cases
    }
    assert {name: found for name, found in problems.items() if found} == {}
