"""Whom an audience means, against the expressions that packs use."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hakari.office.information.audience import Audience, Condition, conditions_on_offer
from hakari.packs.applicability import condition
from hakari.packs.triage import prescan_questions

PACK, _ = prescan_questions()
OFFERED = [item for _, values in conditions_on_offer() for item, _ in values]
CONDITIONS = st.lists(st.sampled_from(OFFERED), max_size=5, unique=True).map(tuple)
FACTS = st.lists(st.sampled_from(OFFERED), max_size=12).map(lambda items: {item.fact: item.value for item in items})
LEVELS = ("low", "middle", "high", "stop")


@given(CONDITIONS, FACTS)
def test_conditions_say_what_their_expression_says(conditions: tuple[Condition, ...], facts: dict[str, Any]) -> None:
    audience = Audience(conditions=conditions)
    found = audience.fits(facts, "low", "low")
    if not conditions:
        assert found is True
        return
    expected = condition(audience.expression, facts, PACK).applies
    # An expression over every value of an unstated fact is true; here it stays open, and is told all the same.
    assert found == expected or (found is None and expected is True)


@given(CONDITIONS, st.lists(st.sampled_from(LEVELS), unique=True).map(tuple))
def test_an_audience_is_read_as_it_was_stored(conditions: tuple[Condition, ...], levels: tuple[str, ...]) -> None:
    audience = Audience(units=("a",), levels=levels, conditions=conditions)
    assert Audience.read(audience.stored) == audience


@given(st.sets(st.sampled_from(LEVELS), min_size=1), st.integers(0, 3), st.integers(0, 3))
def test_a_tier_fits_if_every_tier_it_may_have_does(wanted: set[str], one: int, other: int) -> None:
    lowest, highest = sorted((one, other))
    possible = set(LEVELS[lowest : highest + 1])
    found = Audience(levels=tuple(wanted)).fits({}, LEVELS[lowest], LEVELS[highest])
    assert found == (True if possible <= wanted else None if possible & wanted else False)


def test_what_is_not_triaged_may_be_meant() -> None:
    assert Audience(levels=("high",)).fits({}, "", "") is None


def test_unknown_is_no_answer() -> None:
    audience = Audience(conditions=(Condition("personal_data", True),))
    for value in (None, "unknown"):
        assert audience.fits({"personal_data": value}, "", "") is None


def test_a_unit_covers_what_lies_below_it_and_nothing_beside() -> None:
    audience, paths = Audience(units=("cameras",)), {"cameras": "/1/2/"}
    assert audience.covers("/1/2/", paths)
    assert audience.covers("/1/2/7/", paths)
    assert not audience.covers("/1/20/", paths)
    assert not audience.covers("/1/", paths)
    assert Audience().covers("/9/", {})


def test_an_audience_whose_units_are_gone_covers_nothing() -> None:
    assert not Audience(units=("gone",)).covers("/1/", {})
