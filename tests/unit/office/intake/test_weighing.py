from __future__ import annotations

import pytest

from hakari.errors import InputError
from hakari.office.intake.weighing import (
    TECHNICAL,
    asked_questions,
    check_answer,
    first_open,
    open_questions,
    question_named,
    technical_open,
)
from hakari.packs.triage import prescan_questions


def test_the_technical_questions_are_questions_of_the_pre_scan() -> None:
    assert set(TECHNICAL) < {question.id for question in prescan_questions()[1]}


def test_an_open_answer_is_asked_again_and_an_unseen_question_comes_first() -> None:
    answers = {"does": "unknown", "who": "adults"}
    found = first_open(answers)
    assert found is not None
    assert found.id == "data"
    assert "does" in {question.id for question in open_questions(answers)}
    assert {question.id for question in technical_open(answers)} <= set(TECHNICAL)


def test_a_question_is_asked_once_its_condition_holds() -> None:
    before, after = ({item.id for item in asked_questions(given)} for given in ({}, {"does": ["body"]}))
    assert after - before == {"body"}


def test_answers_are_kept_in_the_order_of_the_choices() -> None:
    does, who = question_named("does"), question_named("who")
    assert does is not None
    assert who is not None
    assert check_answer(does, ["talks", "decides"]) == ["decides", "talks"]
    assert (check_answer(who, "adults"), check_answer(does, ["unknown"])) == ("adults", "unknown")
    with pytest.raises(InputError):
        check_answer(who, ["adults", "weak"])
