"""An answer goes into the file where it belongs; comments and other answers stay as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.answer_edit import with_answer
from hakari.assessment.answer_file import AnswerEntry, read_answers
from tests.unit.assessment._small import small_pack

PACK = small_pack()
ASKED = next(item for item in PACK.requirements if item.slug == "asked")

WRITTEN = """\
# Who answers what: see the wiki.
answers:
  # About asking
  asked:
    sure: {value: "yes", by: owner}   # asked on Monday
    how:
      value: >-
        By asking the people
        at the counter.
      by: owner
# The end.
"""


def _put(content: str, question: str, value: str) -> str:
    return with_answer(content.encode(), [PACK], ASKED, question, AnswerEntry(value=value)).decode()


def test_only_the_lines_of_the_answer_change() -> None:
    found = _put(WRITTEN, "how", "By letter to everybody.")
    assert found.splitlines()[:5] == WRITTEN.splitlines()[:5]
    assert found.splitlines()[5:] == ["    how:", "      value: By letter to everybody.", "# The end."]


def test_an_answer_in_braces_is_replaced_on_its_line() -> None:
    found = _put(WRITTEN, "sure", "no")
    assert "# About asking" in found
    assert found.splitlines()[6:] == [*WRITTEN.splitlines()[5:]]


def test_a_new_question_comes_after_the_others_of_its_requirement() -> None:
    short = "answers:\n  asked:\n    sure: {value: yes}\n  # more to come\n"
    found = _put(short, "how", "By letter.")
    assert found == "answers:\n  asked:\n    sure: {value: yes}\n    how:\n      value: By letter.\n  # more to come\n"


@pytest.mark.parametrize("content", ["", "answers: {}\n", "answers: {asked: {sure: {value: yes}}}\n"])
def test_a_file_that_cannot_be_edited_is_written_anew(content: str) -> None:
    found = read_answers(_put(content, "how", "By letter.").encode(), [PACK]).answers["asked"]
    assert found["how"].value == "By letter."


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#'\"[]{}&*!|>%@`-? "), min_size=5, max_size=60
).filter(lambda text: len(text.strip()) >= 5)


@given(texts, texts)
def test_whatever_is_written_is_read_and_nothing_else_moves(first: str, second: str) -> None:
    once = with_answer(WRITTEN.encode(), [PACK], ASKED, "how", AnswerEntry(value=first))
    twice = with_answer(once, [PACK], ASKED, "how", AnswerEntry(value=second))
    found = read_answers(twice, [PACK]).answers["asked"]
    assert found["how"].value == second
    assert found["sure"].by == "owner"
