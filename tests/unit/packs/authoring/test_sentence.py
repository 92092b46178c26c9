from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import PackError
from hakari.packs import Places, list_packs
from hakari.packs._records import RecordReader
from hakari.packs.authoring import check_sentence, merge_sentences, read_sentence
from hakari.packs.authoring._plain import node_of
from hakari.packs.model import Check

CHECKS = [check for pack in list_packs() for item in pack.requirements for check in item.checks]
BRIEF = (
    "The [difference] of [selection rate] between [groups of each sensitive column] is at most [0.10], and is "
    "unacceptable from [0.15]; set by [the committee] because [people would notice]."
)
GAP = next(check for check in CHECKS if check.id == "selection-rate-gap")


def back(check: Check, *languages: str) -> Check:
    """Return a check after it was said and read in these languages."""
    parts = {language: read_sentence(check_sentence(check, language, full=True), language) for language in languages}
    fields: dict[str, Any] = {"id": check.id, **merge_sentences(parts)}
    return RecordReader("sentence", Places(), languages).record(Check, node_of(fields, 1))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_every_shipped_check_is_said_and_read_without_loss(check: Check) -> None:
    assert back(check, "en", "ja") == check


def test_the_sentence_reads_as_people_speak() -> None:
    said = check_sentence(replace(GAP, set_by={"en": "us", "ja": "当社"}, why={"en": "noticed", "ja": "気付く"}), "en")
    assert said == (
        "The [difference] of [selection rate] between [groups of each sensitive column], measured by "
        "[fairness.groups@1], is at most [0.1], and is unacceptable from [0.15]; set by [us] because [noticed]."
    )
    said = check_sentence(replace(GAP, set_by={"en": "us", "ja": "当社"}, why={"en": "noticed", "ja": "気付く"}), "ja")
    assert said == (
        "[各センシティブ列のグループ]の間における[選択率]の[差]（[fairness.groups@1]で測定）は[0.1]以下とし、"
        "[0.15]以上は認めない。設定者は[当社]、理由は[気付く]。"
    )


def test_a_sentence_without_its_measure_takes_the_usual_one() -> None:
    found = read_sentence(BRIEF, "en")
    assert (found["measure"], found["metric"]) == ("fairness.groups@1", "selection_rate")
    assert (found["operator"], found["threshold"], found["margin"]) == ("<=", 0.1, 0.05)


def test_percent_wide_signs_and_other_spacing_are_understood() -> None:
    told = BRIEF.replace("[0.10]", "[10 %]").replace("[0.15]", "[０．１５]").replace("The [", "the　[").rstrip(".")
    assert read_sentence(told, "en") == read_sentence(BRIEF, "en")
    wide = check_sentence(GAP, "ja").replace("[", "［").replace("]", "］")
    assert read_sentence(wide, "ja") == read_sentence(check_sentence(GAP, "ja"), "ja")


def test_ids_are_accepted_in_place_of_words() -> None:
    told = BRIEF.replace("[selection rate]", "[selection_rate]").replace(
        "[groups of each sensitive column]", "[each_sensitive]"
    )
    assert read_sentence(told, "en") == read_sentence(BRIEF, "en")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)


@given(
    threshold=NUMBERS, margin=st.floats(0, 1e6), operator=st.sampled_from(["<=", ">="]),
    texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), rows=st.integers(1, 10**6), confidence=st.floats(0.5, 0.999),
)  # fmt: skip
def test_any_numbers_and_any_texts_come_back(
    threshold: float, margin: float, operator: Any, texts: tuple[str, ...], rows: int, confidence: float
) -> None:
    first, second, third, fourth = ({"en": text, "ja": text[::-1]} for text in texts)
    check = replace(
        GAP, threshold=threshold, margin=margin, operator=operator, aggregation="worst_group", set_by=first, why=second,
        source=third, alternatives=(fourth,), min_rows=rows, confidence=confidence, severity="critical", planned=True,
        parameters={"a": (1, 2.0, "2", None, True)}, reference=texts[0], method="box", family_met="holm",
    )  # fmt: skip
    assert back(check, "en", "ja") == check


FAULTS = [
    ("The gap is small.", ["The gap is small", "[difference]"]),
    ("", ["[difference]"]),
    (BRIEF.replace("people would notice]", "people would notice"), ["closing bracket"]),
    (BRIEF.replace("[0.10]", "[little]"), ["little", "0.10"]),
    (BRIEF.replace("[0.10]", "[inf]"), ["inf"]),
    (BRIEF.replace("[0.15]", "[0.05]"), ["0.05", "0.10"]),
    (BRIEF.replace("[difference]", "[distance]"), ["distance", "difference", "ratio"]),
    (BRIEF.replace("[groups of each sensitive column]", "[men]"), ["men", "all rows"]),
    (BRIEF.replace("[selection rate]", "[happiness]"), ["happiness", "measured by"]),
    (BRIEF + " Confidence: [0.9]. Confidence: [0.8].", ["confidence", "twice"]),
    (BRIEF + " And be kind.", ["andbekind"]),
    (BRIEF + " Parameters: [{].", ["JSON"]),
]


@pytest.mark.parametrize(("told", "says"), FAULTS)
def test_what_is_no_sentence_is_refused_with_the_form(told: str, says: list[str]) -> None:
    with pytest.raises(PackError) as problem:
        read_sentence(told, "en")
    assert [part for part in says if part not in str(problem.value)] == []


def test_two_languages_that_differ_are_refused() -> None:
    english = read_sentence(check_sentence(GAP, "en"), "en")
    japanese = read_sentence(check_sentence(GAP, "ja").replace("[0.1]", "[0.12]"), "ja")
    with pytest.raises(PackError, match="threshold"):
        merge_sentences({"en": english, "ja": japanese})
