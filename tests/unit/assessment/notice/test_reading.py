"""Reading level: the published formula, counted by hand, and our own lines for Japanese."""

from __future__ import annotations

import pytest

from hakari.assessment.notice.reading import LINES, reading_level, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("loan", 1), ("decision", 3), ("application", 4), ("table", 2), ("made", 1), ("asked", 1), ("counted", 2),
        ("program", 2), ("rate", 1), ("rates", 1), ("person", 2), ("the", 1), ("house", 1), ("houses", 2), ("80", 1),
        ("company's", 3),
    ],
)  # fmt: skip
def test_syllables_are_those_that_a_person_hears(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_the_published_formula() -> None:
    # 10 words in 2 sentences; a + per + son + looks + a + gain = 6, the + de + ci + sion + can + change = 6.
    found = reading_level(["A person looks again. The decision can change now, too."], "en")

    words, sounds = 10, (1 + 2 + 1 + 2) + (1 + 3 + 1 + 1 + 1 + 1)
    assert found.sentences == 2
    assert found.figures["grade"] == pytest.approx(0.39 * words / 2 + 11.8 * sounds / words - 15.59)
    assert found.figures["words"] == 6


def test_a_long_english_sentence_is_named() -> None:
    long = " ".join(["we"] * 29) + "."
    found = reading_level(["We look.", long], "en")

    assert [(warning.rule, warning.found, warning.sentence) for warning in found.warnings] == [("words", 29.0, long)]
    assert not found.passes


def test_a_text_that_is_too_hard_as_a_whole_names_its_hardest_sentence() -> None:
    found = reading_level(["We look.", "Institutional creditworthiness determinations necessitate verification."], "en")

    assert [warning.rule for warning in found.warnings] == ["grade", "sentence_grade"]
    assert found.warnings[0].sentence.startswith("Institutional")


def test_a_japanese_sentence_is_measured_by_its_length_and_its_kanji() -> None:
    long = "あ" * 60 + "。"
    found = reading_level(["担当者が見直します。", long], "ja")

    assert found.sentences == 2
    assert [(warning.rule, warning.found) for warning in found.warnings] == [("letters", 61.0)]
    assert found.figures["kanji_share"] == pytest.approx(5 / 69)


def test_dense_japanese_and_long_compounds_are_named() -> None:
    found = reading_level(["住宅融資事前審査結果通知。"], "ja")

    assert {warning.rule for warning in found.warnings} == {"kanji_share", "kanji_run"}
    assert found.figures["kanji_run"] == 12


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_to_read_is_easy_to_read(language: str) -> None:
    found = reading_level([], language)  # type: ignore[arg-type]  # a literal
    assert found.passes
    assert set(found.figures) == set(LINES[language])  # type: ignore[index]  # a literal
