"""Answers: what each type of question accepts, and what an answer does to its requirement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.rules.answer_effects import LONGEST_TEXT, UNKNOWN, answer_problem, effect_of, judge_answer
from hakari.packs.model import Choice, NumberRange, Question

TEXT = {"en": "?", "ja": "？"}
CHOICES = (
    Choice(id="good", effect="meets"),
    Choice(id="bad", effect="fails"),
    Choice(id="other", effect="neutral"),
)


def _question(kind: Any, **changes: Any) -> Question:
    return Question(id="q", type=kind, text=TEXT, **changes)


QUESTIONS: dict[str, Question] = {
    "yes_no": _question("yes_no", effects={"yes": "meets", "no": "fails"}),
    "single": _question("single", choices=CHOICES),
    "multi": _question("multi", choices=CHOICES),
    "number": _question("number", accept=NumberRange(minimum=5, maximum=10)),
    "date": _question("date"),
    "text": _question("text", min_length=5),
    "file": _question("file"),
}

GOOD: list[tuple[str, Any, str]] = [
    ("yes_no", "yes", "met"),
    ("yes_no", "no", "not_met"),
    ("single", "good", "met"),
    ("single", "bad", "not_met"),
    ("single", "other", "neutral"),
    ("multi", ("good",), "met"),
    ("multi", ["good", "other"], "met"),
    ("multi", ("good", "bad"), "not_met"),
    ("multi", ("other",), "neutral"),
    ("number", 5, "met"),
    ("number", 10.0, "met"),
    ("number", 4.999, "not_met"),
    ("number", 11, "not_met"),
    ("date", "2026-11-22", "met"),
    ("text", "alles", "met"),
    ("file", "docs/a.pdf", "met"),
]
BAD: list[tuple[str, Any]] = [
    ("yes_no", True),
    ("yes_no", "maybe"),
    ("yes_no", None),
    ("yes_no", ["yes"]),
    ("single", "best"),
    ("single", ["good"]),
    ("single", None),
    ("multi", ()),
    ("multi", "good"),
    ("multi", ("good", "good")),
    ("multi", ("good", "best")),
    ("multi", ("good", {"a": 1})),
    ("multi", None),
    ("number", "12"),
    ("number", True),
    ("number", float("nan")),
    ("number", float("inf")),
    ("number", None),
    ("date", "22.11.2026"),
    ("date", "2026-02-30"),
    ("date", 20261122),
    ("date", None),
    ("text", "abcd"),
    ("text", "    x    "),
    ("text", " \t "),
    ("text", 12345678),
    ("text", "x" * (LONGEST_TEXT + 1)),
    ("text", None),
    ("file", ""),
    ("file", 3),
    ("file", {"path": "a"}),
]


@pytest.mark.parametrize(("kind", "value", "status"), GOOD)
def test_a_well_formed_answer_does_what_the_fields_of_the_pack_say(kind: str, value: Any, status: str) -> None:
    assert answer_problem(QUESTIONS[kind], value) is None
    result = judge_answer(QUESTIONS[kind], value, evidence="e")
    assert (result.status, result.value, result.evidence, result.reasons) == (status, value, "e", ())


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_an_answer_that_the_question_does_not_accept_counts_as_missing_and_says_why(kind: str, value: Any) -> None:
    problem = answer_problem(QUESTIONS[kind], value)
    assert problem is not None
    assert "“q”" in str(problem)
    assert "\n" not in str(problem)
    result = judge_answer(QUESTIONS[kind], value, evidence="e")
    assert (result.status, result.reasons) == ("missing", (problem,))


@pytest.mark.parametrize("kind", sorted(QUESTIONS))
def test_every_question_accepts_unknown_and_stays_open(kind: str) -> None:
    assert answer_problem(QUESTIONS[kind], UNKNOWN) is None
    result = judge_answer(QUESTIONS[kind], UNKNOWN, evidence="e")
    assert result.status == "missing"
    assert [reason.key for reason in result.reasons] == ["assessment.answer.unknown"]


@pytest.mark.parametrize("value", ["yes", "no"])
def test_a_yes_or_no_without_an_effect_informs_only(value: str) -> None:
    assert effect_of(_question("yes_no"), value) == "neutral"


def test_the_effect_is_a_field_and_not_hidden_in_the_words() -> None:
    upside_down = _question("yes_no", effects={"yes": "fails", "no": "meets"})
    assert (effect_of(upside_down, "yes"), effect_of(upside_down, "no")) == ("fails", "meets")


@pytest.mark.parametrize(
    ("low", "high", "value", "effect"),
    [
        (None, None, -1e9, "meets"),
        (0, None, 0, "meets"),
        (0, None, -0.001, "fails"),
        (None, 3, 3, "meets"),
        (None, 3, 3.001, "fails"),
    ],
)
def test_both_ends_of_a_range_are_accepted_and_may_be_open(low: Any, high: Any, value: float, effect: str) -> None:
    assert effect_of(_question("number", accept=NumberRange(minimum=low, maximum=high)), value) == effect


def test_a_number_without_a_range_meets() -> None:
    assert effect_of(_question("number"), -5) == "meets"


def test_how_long_a_text_must_be_and_may_be_is_said_in_numbers() -> None:
    short, long = (answer_problem(QUESTIONS["text"], text) for text in ("abc", "x" * 20_001))
    assert short is not None
    assert short.arguments == {"question": "q", "length": 3, "least": 5}
    assert long is not None
    assert long.arguments == {"question": "q", "length": 20_001, "most": LONGEST_TEXT}


def test_an_answer_to_choices_names_the_choices() -> None:
    for kind in ("single", "multi"):
        problem = answer_problem(QUESTIONS[kind], "best")
        assert problem is not None
        assert "good, bad, other" in str(problem)


@given(st.lists(st.sampled_from(["good", "bad", "other"]), min_size=1, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_choices_does_nothing(chosen: list[str], random: Any) -> None:
    shuffled = list(chosen)
    random.shuffle(shuffled)
    assert effect_of(QUESTIONS["multi"], shuffled) == effect_of(QUESTIONS["multi"], tuple(chosen))
    assert effect_of(QUESTIONS["multi"], chosen) == "fails" or "bad" not in chosen


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(sorted(QUESTIONS)), anything)
def test_no_json_value_at_all_ends_the_judging(kind: str, value: Any) -> None:
    result = judge_answer(QUESTIONS[kind], value, evidence="e")
    assert result.status in ("met", "not_met", "missing", "neutral")
    assert (result.status == "missing") == (value == UNKNOWN or answer_problem(QUESTIONS[kind], value) is not None)
