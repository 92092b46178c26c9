"""What every shipped pack keeps to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from hakari.errors import MeasureError
from hakari.evidence import encode
from hakari.packs import Pack, applies, diff_packs, list_packs, load_pack, pack_files, read_pack, warnings_of
from hakari.packs.expression import compile_expression

PACKS = list_packs()
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)


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
    assert [item.slug for item in pack.requirements if not item.questions and not item.checks] == []
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


@each_pack
def test_every_fact_is_used(pack: Pack) -> None:
    """A fact that no expression reads is a question asked for nothing."""
    sources = [item.applies_when for item in pack.requirements]
    sources += [question.when for item in pack.requirements for question in item.questions]
    used = {name[0] for source in sources if source for name in compile_expression(source).names}
    assert {fact.id for fact in pack.facts} - used == set()


@each_pack
def test_every_check_says_who_drew_the_line_why_and_what_else_was_considered(pack: Pack) -> None:
    checks = [check for item in pack.requirements for check in item.checks]
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
