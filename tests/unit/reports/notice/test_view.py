"""The notice in words: every case that a person can be told, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hakari.assessment.notice.model import ChangeLine, ReasonLine
from hakari.reports.notice import notice_view, sentences_of
from hakari.reports.notice.view import NoticePart, NoticeView
from tests.unit.assessment.notice._texts import both, notice, wording


def view(language: str = "en", **changes: Any) -> NoticeView:
    return notice_view(notice(**changes), language)  # type: ignore[arg-type]  # a literal


def part(identifier: str, language: str = "en", **changes: Any) -> NoticePart:
    return next(item for item in view(language, **changes).parts if item.id == identifier)


def told(identifier: str, **changes: Any) -> str:
    found = part(identifier, **changes)
    return " ".join([*found.before, *(item.text for item in found.items), *found.after])


def reason(**changes: Any) -> ReasonLine:
    plain: dict[str, Any] = {
        "player": "debts", "code": "R1", "name": both("debts"), "value": both("40 %"), "side": "high",
        "sentence": {}, "correct": {}, "share": 0.8, "kept": 1.0,
    }  # fmt: skip
    return ReasonLine(**{**plain, **changes})


CHANGE = ChangeLine(column="debts", name=both("debts"), before=both("40 %"), after=both("15 %"))


def test_the_head_names_matter_day_number_and_version() -> None:
    found = dict(view().head)
    assert found["About"] == "loan"
    assert found["Date"] == "22 November 2026"
    assert found["Reference number"] == notice().reference
    assert found["Program version"] == "1.0 (abababababab)"
    assert dict(view("ja").head)["日付"] == "2026年11月22日"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (reason(), "Debts: 40 %. This is more than for most of the cases that we compared you with."),
        (reason(side="low"), "Debts: 40 %. This is less than for most of the cases that we compared you with."),
        (reason(side="plain"), "Debts: 40 %."),
        (reason(side="missing", value={}), "Debts: we had no details about this."),
        (reason(side="plain", value={}), "Debts: we had no details about this."),
        (reason(side="group", value=both("a 1, b 2")), "Debts, taken together: a 1, b 2."),
        (reason(sentence=both("your debts are high.")), "Your debts are high."),
    ],
)
def test_a_reason_is_told_in_the_company_s_words_or_in_ours(line: ReasonLine, sentence: str) -> None:
    assert part("reasons", reasons=(line,)).items[0].text == sentence


def test_left_out_reasons_are_spoken_of() -> None:
    assert "not stay the same" in told("reasons", unstable=1)
    assert "may not name" in told("reasons", unnamed=1)
    assert "not stay the same" not in told("reasons")


def test_without_a_stable_reason_the_notice_says_so_first() -> None:
    found = part("reasons", reasons=(), unstable=4, reliable=False)
    assert found.before[0].startswith("No single reason can be stated reliably.")
    assert found.items == ()
    assert "may not name" in told("reasons", reasons=(), unnamed=1, reliable=True)


def test_changes_are_told_with_what_they_take_together() -> None:
    both_lines = (CHANGE, replace(CHANGE, name=both("Second income"), before={}, after=both("$500")))
    found = part("changes", changes=((CHANGE,), both_lines), change_state="found")
    assert [item.text for item in found.items] == [
        "Debts: 15 % instead of 40 %.", "Debts: 15 % instead of 40 %. Also, second income: $500.",
    ]  # fmt: skip
    assert found.before[0].startswith("Any one of these")
    assert part("changes", changes=((CHANGE,),), change_state="found").before[0].startswith("With this change alone")


@pytest.mark.parametrize(
    ("state", "words"), [("none_found", "found nothing"), ("none_exists", "all the changes"), ("not_looked", "nobody")]
)
def test_where_no_change_is_named_the_notice_says_why(state: str, words: str) -> None:
    assert words in told("changes", change_state=state)


def test_a_favourable_notice_speaks_of_no_changes() -> None:
    found = view(outcome="favourable", change_state="not_needed")
    assert "changes" not in [item.id for item in found.parts]
    assert "counted for you" in told("reasons", outcome="favourable", change_state="not_needed")


def test_a_company_that_names_nothing_as_not_used_says_nothing_about_it() -> None:
    assert "not-used" not in [item.id for item in view(not_used=()).parts]
    assert "race" in told("not-used")


def test_a_score_near_the_line_is_never_rounded_across_it() -> None:
    model = notice().model
    assert "71 out of 100. The line is 80" in told("sure")
    assert "79.99 out of 100. The line is 80.00" in told("sure", model=replace(model, score=0.79999))
    assert "80.00 out of 100" in told("sure", model=replace(model, score=0.8))
    assert "Your score is 71.49 out of 100. The line is 72.50." in told("sure", model=replace(model, line=0.725))
    assert "score" not in told("sure", model=replace(model, score=None, line=None)).lower()


def test_a_row_near_the_line_is_told_so() -> None:
    assert "close to the line" in told("sure", near_line=True)


def test_the_last_day_is_counted_from_the_date_of_the_notice() -> None:
    assert "22 December 2026" in told("contest")
    assert "no last day" in told("contest", contest=wording(contest={"contact": both("Desk")}).contest)


def test_a_missing_contact_or_person_is_one_clear_line() -> None:
    assert told("contest", contest=None).startswith("This notice does not say whom to ask")
    assert "does not say that a person" in told("contest", contest=wording(contest={"contact": both("D")}).contest)


def test_sentences_leave_out_headings_and_addresses() -> None:
    found = sentences_of(view())
    assert "Desk 1" not in " ".join(found)
    assert "The decision" not in found
    assert found[-1] == "This notice explains a decision. It is no legal advice."
