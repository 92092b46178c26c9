"""`answers.yaml`: a file that people read and edit, and that says the same after being written again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.answer_file import AnswerEntry, Answers, read_answers, typed_value, write_answers
from hakari.errors import ManifestError
from hakari.packs import Pack
from hakari.packs.model import Question
from tests.unit.workflows._project import both, pack_of, requirement

CHOICES = [{"id": name, "text": both(name)} for name in ("experts", "affected")]
PACK: Pack = pack_of(
    requirement(
        "asked",
        questions=[
            {"id": "heard", "type": "yes_no", "text": both("?"), "effects": {"yes": "meets", "no": "fails"}},
            {"id": "who", "type": "single", "text": both("?"), "choices": CHOICES},
            {"id": "whom", "type": "multi", "text": both("?"), "choices": CHOICES},
            {"id": "number", "type": "number", "text": both("?")},
            {"id": "when", "type": "date", "text": both("?")},
            {"id": "how", "type": "text", "text": both("?")},
            {"id": "file", "type": "file", "text": both("?")},
        ],
    )
)
BY_ID: dict[str, Question] = {question.id: question for question in PACK.requirements[0].questions}


def _read(text: str) -> Answers:
    return read_answers(text.encode(), [PACK])


def _value(question: str, written: str) -> Any:
    entry = _read(f"answers:\n  asked:\n    {question}: {{value: {written}}}\n").answers["asked"][question]
    return typed_value(BY_ID[question], entry.value)


def _refusal(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        _read(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("question", "written", "value"),
    [
        ("heard", "yes", "yes"),
        ("heard", "true", "yes"),
        ("heard", "false", "no"),
        ("who", "experts", "experts"),
        ("whom", "[affected, experts]", ("affected", "experts")),
        ("number", "12.5", 12.5),
        ("number", "-3", -3),
        ("when", "2026-11-22", "2026-11-22"),
        ("how", "by asking", "by asking"),
        ("how", "2024", "2024"),
        ("how", '"0.50"', "0.50"),
        ("file", "docs/a.pdf", "docs/a.pdf"),
        *((name, "unknown", "unknown") for name in ("heard", "who", "whom", "number", "when", "how", "file")),
    ],
)
def test_a_value_is_read_as_its_question_means_it(question: str, written: str, value: Any) -> None:
    found = _value(question, written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["0.50", "0812345678", "1e3"])
def test_digits_without_quotes_stay_the_digits_that_were_written(written: str) -> None:
    assert _value("how", written) == written


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("heard", "maybe"),
        ("who", "nobody"),
        ("whom", "experts"),
        ("whom", "[]"),
        ("number", "many"),
        ("number", '"12"'),
        ("when", "22.11.2026"),
        ("how", '"   "'),
        ("file", "~"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_file_requirement_and_question(question: str, written: str) -> None:
    message = _refusal(f"answers:\n  asked:\n    {question}: {{value: {written}}}\n")
    assert message.startswith("answers.yaml")
    assert "asked" in message
    assert f"“{question}”" in message


def test_an_unknown_requirement_or_question_offers_the_nearest() -> None:
    assert "asked" in _refusal("answers: {aksed: {heard: {value: yes}}}")
    assert "heard" in _refusal("answers: {asked: {herd: {value: yes}}}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("answers:\n  asked:\n    heard: {valeu: yes}", 3),
        ("answers:\n  asked:\n    heard: yes", 3),
        ("answers:\n  asked:\n    heard: {value: yes}\n    heard: {value: no}", 4),
        ("answer: {}", 1),
        ("answers: [1]", 1),
        ("answers: {", 2),
        ("", 1),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(text: str, line: int) -> None:
    assert _refusal(text).startswith((f"answers.yaml:{line}", f"answers.yaml:{max(line - 1, 1)}"))


def test_a_file_without_answers_is_empty() -> None:
    assert _read("answers: {}") == Answers()


def test_what_is_written_is_sorted_and_reads_the_same() -> None:
    entries = {
        "heard": AnswerEntry(value="yes", by="O. Ito", at="2026-11-22T09:00:00+00:00"),
        "whom": AnswerEntry(value=("experts", "affected")),
        "how": AnswerEntry(value="日本語の答え\n二行目: [x]"),
    }
    content = write_answers(Answers(answers={"asked": entries}))
    assert content.decode().index("heard:") < content.decode().index("how:") < content.decode().index("whom:")
    assert "日本語の答え" in content.decode()
    assert read_answers(content, [PACK]) == Answers(answers={"asked": entries})


def test_the_order_of_answers_changes_no_byte() -> None:
    one, two = AnswerEntry(value="yes"), AnswerEntry(value=3)
    first = write_answers(Answers(answers={"asked": {"heard": one, "number": two}}))
    assert first == write_answers(Answers(answers={"asked": {"number": two, "heard": one}}))


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#'\"[]{}&*!|>%@`-? "), min_size=1, max_size=40
).filter(lambda text: bool(text.strip()))


@given(texts)
def test_any_text_survives_being_written_and_read(text: str) -> None:
    content = write_answers(Answers(answers={"asked": {"how": AnswerEntry(value=text)}}))
    entry = read_answers(content, [PACK]).answers["asked"]["how"]
    assert typed_value(BY_ID["how"], entry.value) == text


@pytest.mark.parametrize("text", ["1e3", "08", "0812345678"])
def test_digits_that_a_person_typed_survive_being_written_and_read(text: str) -> None:
    content = write_answers(Answers(answers={"asked": {"how": AnswerEntry(value=text)}}))
    entry = read_answers(content, [PACK]).answers["asked"]["how"]
    assert typed_value(BY_ID["how"], entry.value) == text


@given(st.integers(-(10**14), 10**14) | st.floats(-1e15, 1e15))
def test_any_number_survives_being_written_and_read(number: float) -> None:
    content = write_answers(Answers(answers={"asked": {"number": AnswerEntry(value=number)}}))
    found = read_answers(content, [PACK]).answers["asked"]["number"].value
    assert found == number
    assert json.dumps(found) == json.dumps(number)
