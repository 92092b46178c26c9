from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError, PackError
from hakari.packs import Requirement, applies, asked, facts_used, read_pack
from hakari.packs.expression import compile_expression, try_all
from tests.unit.packs.example import FILES

PACK = read_pack(FILES, name="lending")
RATES = PACK.requirements[0]
HEARD, WHOM, COUNT = RATES.questions


def when(source: str | None) -> Requirement:
    return replace(RATES, applies_when=source)


@pytest.mark.parametrize(
    ("source", "facts", "expected", "unstated"),
    [
        (None, {}, True, ()),
        ("decides", {"decides": True}, True, ()),
        ("decides", {"decides": False}, False, ()),
        ("decides", {}, None, ("decides",)),
        ("decides", {"decides": None}, None, ("decides",)),
        ("decides", {"decides": "unknown"}, None, ("decides",)),
        ("decides || domain == 'lending'", {"decides": True}, True, ()),
        ("domain == 'lending' || decides", {"decides": True}, True, ()),
        ("decides && domain == 'lending'", {"decides": False}, False, ()),
        ("domain == 'lending' && decides", {"decides": False}, False, ()),
        ("decides && domain == 'lending'", {"decides": True}, None, ("domain",)),
        ("decides && domain == 'lending'", {}, None, ("decides", "domain")),
        ("domain == 'lending' && decides", {}, None, ("decides", "domain")),
        ("decides || !decides", {}, True, ()),
        ("domain in ['lending', 'hiring']", {}, True, ()),
        ("decides ? domain == 'lending' : domain == 'lending'", {}, None, ("domain",)),
        ("people > 100.0", {"people": 101}, True, ()),
        ("people > 100", {"people": 100}, False, ()),
        ("people > 100", {}, None, ("people",)),
        ("people > 100 || !(people > 100)", {}, None, ("people",)),
        ("people > 100 && decides", {"decides": False}, False, ()),
        ("decides && people > 100", {}, None, ("decides", "people")),
        ("(decides || !decides) && people > 100", {}, None, ("people",)),
        ("launch >= '2026-04-01'", {"launch": date(2026, 4, 1)}, True, ()),
        ("launch >= '2026-04-01'", {"launch": "2026-03-31"}, False, ()),
        ("country.startsWith('J')", {"country": "Japan"}, True, ()),
        ("['J', 'K'].exists(c, country.startsWith(c))", {"country": "Korea"}, True, ()),
        ("['J', 'K'].exists(c, country.startsWith(c))", {}, None, ("country",)),
        ("decides == true && 'lending' == domain", {"domain": "lending"}, None, ("decides",)),
    ],
)
def test_a_requirement_applies_by_the_facts_that_are_stated(
    source: str | None, facts: dict[str, Any], expected: bool | None, unstated: tuple[str, ...]
) -> None:
    found = applies(when(source), facts, PACK)
    assert (found.applies, found.unstated) == (expected, unstated)


def test_facts_of_other_packs_do_not_disturb() -> None:
    assert applies(when("decides"), {"decides": True, "other": object()}, PACK).applies is True


@pytest.mark.parametrize(("fact", "value"), [("decides", "yes"), ("domain", "loans"), ("people", "many")])
def test_a_fact_of_the_wrong_type_is_an_error_and_not_a_no(fact: str, value: str) -> None:
    with pytest.raises(InputError, match=value):
        applies(when("decides && domain == 'lending' && people > 1"), {fact: value}, PACK)


def test_a_stated_fact_on_which_the_expression_fails_is_an_error() -> None:
    with pytest.raises(PackError, match="int"):
        applies(when("int(country) > 3"), {"country": "Japan"}, PACK)


EXPRESSIONS = st.recursive(
    st.sampled_from(["decides", "domain == 'lending'", "domain != 'hiring'", "people > 10", "country == 'J'"]),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)
VALUES: dict[str, list[Any]] = {
    "decides": [False, True],
    "domain": ["lending", "hiring"],
    "people": [0, 11],
    "country": ["J", "K"],
}


@given(source=EXPRESSIONS, known=st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in VALUES.items()}))
def test_what_is_decided_early_stays_decided_whatever_the_rest_turns_out_to_be(
    source: str, known: dict[str, Any]
) -> None:
    """Soundness: true or false from part of the facts equals the value under every completion."""
    early = applies(when(source), known, PACK)
    missing = [name for name in VALUES if name not in known]
    later = {
        applies(when(source), {**known, **dict(zip(missing, values, strict=True))}, PACK).applies
        for values in product(*(VALUES[name] for name in missing))
    }
    assert None not in later
    if early.applies is not None:
        assert later == {early.applies}
        assert early.unstated == ()
    else:
        assert early.unstated
        assert set(early.unstated) <= set(missing)


@given(source=EXPRESSIONS, known=st.fixed_dictionaries({n: st.sampled_from(VALUES[n]) for n in ("people", "country")}))
def test_unstated_booleans_and_choices_leave_open_only_what_they_change(source: str, known: dict[str, Any]) -> None:
    """Completeness where every value is tried: open only if two completions differ."""
    early = applies(when(source), known, PACK).applies
    later = {
        applies(when(source), {**known, "decides": decides, "domain": domain}, PACK).applies
        for decides, domain in product(VALUES["decides"], VALUES["domain"])
    }
    assert early is (later.pop() if len(later) == 1 else None)


def test_many_unstated_choices_stay_bounded() -> None:
    names = [f"f{n}" for n in range(30)]
    fact = PACK.facts[0]
    pack = replace(PACK, facts=tuple(replace(fact, id=name) for name in names))
    found = applies(when(" || ".join(names)), {}, pack)
    assert (found.applies, found.unstated) == (None, tuple(names))
    assert applies(when(" || ".join(names)), {"f29": True}, pack).applies is True


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"heard": "yes"}, True),
        ({"heard": "no"}, False),
        ({"heard": True}, True),
        ({}, None),
        ({"heard": "unknown"}, None),
    ],
)
def test_a_question_is_asked_by_the_answers_before_it(answers: dict[str, Any], expected: bool | None) -> None:
    assert asked(WHOM, answers, {}) is expected
    assert asked(WHOM, answers, {}, requirement=RATES, pack=PACK) is expected


def test_a_question_without_when_is_always_asked() -> None:
    assert asked(HEARD, {}, {}) is True


def test_a_question_may_depend_on_facts_and_answers_together() -> None:
    question = replace(COUNT, when="decides && answers.heard == 'yes'")
    assert asked(question, {}, {"decides": False}) is False
    assert asked(question, {"heard": "yes"}, {}) is None
    assert asked(question, {"heard": "yes"}, {"decides": True}) is True


def test_a_question_behind_one_that_is_not_asked_is_not_asked_either() -> None:
    """Nor does an answer count that was left over from the time when the question was asked."""
    behind = replace(COUNT, when="answers.whom == 'experts'")
    requirement = replace(RATES, questions=(HEARD, WHOM, behind))
    assert asked(behind, {"heard": "no"}, {}, requirement=requirement) is False
    assert asked(behind, {"heard": "no", "whom": "experts"}, {}, requirement=requirement) is False
    assert asked(behind, {"heard": "yes", "whom": "experts"}, {}, requirement=requirement) is True
    assert asked(behind, {"heard": "yes"}, {}, requirement=requirement) is None


def test_choices_of_an_open_answer_are_tried_with_the_requirement() -> None:
    behind = replace(COUNT, when="answers.whom in ['experts', 'affected']")
    requirement = replace(RATES, questions=(HEARD, WHOM, behind))
    assert asked(behind, {"heard": "yes"}, {}, requirement=requirement) is True


def test_a_list_of_answers_is_bounded() -> None:
    question = replace(COUNT, when="'x' in answers.whom")
    assert asked(question, {"whom": ["x", "y"]}, {}) is True
    with pytest.raises(PackError, match="1,001"):
        asked(question, {"whom": ["x"] * 1001}, {})


def test_facts_used_are_those_of_the_requirement_and_its_questions() -> None:
    requirement = replace(RATES, questions=(HEARD, WHOM, replace(COUNT, when="people > 3 && answers.heard == 'no'")))
    assert facts_used(requirement) == {"decides", "domain", "people"}


def test_an_expression_that_was_tried_is_tried_again_with_values_of_another_type() -> None:
    """1 equals `True` in Python, and the one is no truth value in a pack."""
    expression = compile_expression("x && true")
    for _ in range(2):
        try_all(expression, {("x",): (True, False)})
        with pytest.raises(PackError, match="x && true"):
            try_all(expression, {("x",): (1, 0)})
