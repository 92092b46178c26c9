"""The page of an audit: complete, self-contained, escaped, the same each time, and without a verdict."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from hakari.messages import LANGUAGES, Language, render, say
from hakari.reports.audit import audit_html
from tests.unit.reports.audit._audited import NAMES, audited, groups_part, scores_part
from tests.unit.reports.test_html import _Tags


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def page(language: Language) -> str:
    return audit_html(audited(), language)


@pytest.fixture(scope="module")
def tags(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    return parser


def test_the_page_is_well_formed_and_every_reference_finds_its_element(tags: _Tags) -> None:
    assert tags.open == []
    assert len(set(tags.ids)) == len(tags.ids)
    inside = {link[1:] for link in tags.links if link.startswith("#")}
    assert inside | set(tags.named) <= set(tags.ids)
    assert tags.tags.count("h1") == 1


def test_the_same_audit_gives_the_same_bytes(page: str, language: Language) -> None:
    assert audit_html(audited(), language) == page


def test_nothing_is_fetched_and_the_style_is_pinned(page: str) -> None:
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "<script" not in page
    assert not re.search(r" style=[\"']", page)


def test_names_from_the_data_are_escaped(page: str, tags: _Tags) -> None:
    assert "<b>" not in page
    assert any(NAMES[1] in text for text in tags.text)


def test_the_head_says_what_was_measured_when_and_without_a_plan(tags: _Tags, language: Language) -> None:
    text = "".join(tags.text)
    assert all(word in text for word in ("1,772", "decision", "sex", "age", "ab" * 32, "02:10 UTC", "0.95"))
    assert render(say("reports.audit.no_plan"), language) in text


def test_no_status_is_given(page: str) -> None:
    """An audit decides nothing: neither a sign nor the look of a status stands in it."""
    assert "sign-" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert 'class="status' not in page


def test_every_figure_has_title_sentence_both_widths_and_a_table(page: str) -> None:
    figures = re.findall(r'<figure class="figure".*?</figure>', page, re.DOTALL)
    assert len(figures) == 8
    for figure in figures:
        assert re.search(r"<figcaption[^>]*>[^<]", figure)
        assert re.search(r'class="figure-says"[^>]*>[^<]', figure)
        assert "figure-wide" in figure
        assert "figure-narrow" in figure
        assert "<table>" in figure


def test_measures_left_out_are_named_with_their_reason(tags: _Tags, language: Language) -> None:
    text = "".join(tags.text)
    assert render(say("workflows.audit.needs", columns=["label"]), language) in text
    assert "performance.classification" in text


def test_limits_of_several_measures_are_said_once_and_before_those_of_one(tags: _Tags, language: Language) -> None:
    text = "".join(tags.text)
    shared = render(say("measures.fairness.groups.limit.not_cause"), language)
    assert text.count(shared) == 1
    assert text.index(render(say("reports.audit.limits.shared"), language)) < text.index(shared)
    assert render(say("measures.fairness.groups.limit.missing", column="age", rows=3), language) in text


def test_scores_of_single_persons_are_not_written_out() -> None:
    """The curves of the measure hold rows; the page has them in steps of 0.01 only."""
    scores = scores_part()
    tables = [
        replace(table, rows=tuple((*row[:2], row[2] + 0.00123456, *row[3:]) for row in table.rows))  # type: ignore[operator]  # numbers
        if table.disclosure == "rows"
        else table
        for table in scores.measured.tables
    ]
    page = audit_html(audited(replace(scores, measured=replace(scores.measured, tables=tuple(tables)))), "en")
    assert "Rates at every threshold" in page
    assert "123456" not in page


def test_without_rates_of_groups_the_page_says_so() -> None:
    page = audit_html(audited(scores_part(), left_out=(), notices=()), "en")
    assert render(say("reports.audit.summary.no_groups"), "en") in page
    assert 'id="left-out"' not in page


def test_a_single_measure_needs_no_heading_for_shared_limits() -> None:
    page = audit_html(audited(groups_part()), "en")
    assert render(say("reports.audit.limits.shared"), "en") not in page
