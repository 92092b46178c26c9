"""The page of one row: whole, quiet, escaped, and clear about whose data it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest

from hakari.reports.explained import explained_html
from tests.unit.reports.explained._found import explanation

_MANY = {f"x{place}": 1.0 / (place + 1) for place in range(250)}


@pytest.mark.parametrize(("language", "word"), [("en", "not for the person"), ("ja", "本人向けではありません")])
def test_whose_data_it_shows_stands_before_everything_else(language: Literal["en", "ja"], word: str) -> None:
    page = explained_html(explanation({"debts": -0.9, "income": 0.2}), language)
    assert f'<html lang="{language}">' in page
    assert page.index(word) < page.index("<figure")
    assert "[reports." not in page


def test_the_page_asks_for_nothing_from_outside() -> None:
    page = explained_html(explanation({"debts": -0.9}), "en")
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', page)
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page


def test_texts_of_the_data_are_escaped() -> None:
    found = explanation({"town": -0.9})
    page = explained_html(replace(found, own={"town": "<img src=x>"}, usual={"town": "</table>"}), "en")
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page
    assert page.count("</table>") == page.count("<table")


def test_errors_have_a_column_only_where_there_are_some() -> None:
    assert "Standard error" not in explained_html(explanation({"debts": -0.9}), "en")
    sampled = explained_html(explanation({"debts": -0.9}, errors=0.012), "en")
    assert "Standard error" in sampled
    assert ">0.012<" in sampled


def test_a_table_of_many_features_is_cut_and_says_so() -> None:
    page = explained_html(explanation(_MANY), "en")
    assert "50 smaller features stand in the output of --json" in page
    assert "x199" in page
    assert "x200" not in page


def test_the_same_row_gives_the_same_bytes() -> None:
    first = explained_html(explanation({"debts": -0.9}, seconds=1.0), "ja")
    assert first == explained_html(explanation({"debts": -0.9}, seconds=2.0), "ja")
