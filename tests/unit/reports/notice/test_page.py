"""The page and the text of a notice: self-contained, escaped, and the same words in both."""

from __future__ import annotations

import re
from html import unescape

import pytest

from hakari.reports.notice import notice_view, render_notice, render_plain_notice
from tests.unit.assessment.notice._texts import both, notice


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_and_text_say_everything_that_the_view_holds(language: str) -> None:
    told = notice()
    page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", render_notice(told, language))))  # type: ignore[arg-type]  # a literal
    text = re.sub(r"\s+", " ", render_plain_notice(told, language))  # type: ignore[arg-type]  # a literal

    for part in notice_view(told, language).parts:  # type: ignore[arg-type]  # a literal
        for sentence in (part.heading, *part.before, *(item.text for item in part.items), *part.after):
            assert sentence in page
            assert sentence in text


def test_the_page_asks_for_nothing_and_names_its_language() -> None:
    page = render_notice(notice(), "ja")
    assert '<html lang="ja">' in page
    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<h1>") == 1


def test_the_same_notice_gives_the_same_bytes() -> None:
    assert render_notice(notice(), "en") == render_notice(notice(), "en")


def test_words_of_a_company_are_never_markup() -> None:
    page = render_notice(notice(decision=both("<script>alert(1)</script>")), "en")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_english_text_is_narrow_and_japanese_text_has_its_own_brackets() -> None:
    assert max(len(line) for line in render_plain_notice(notice(), "en").splitlines()) <= 78
    assert "（コード R1）" in render_plain_notice(notice(), "ja")
    assert "(Code R1)" in render_plain_notice(notice(), "en")
