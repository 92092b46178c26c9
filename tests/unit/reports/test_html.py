"""The report page: complete, self-contained, escaped, the same each time and in either language."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from hakari.assessment.case import Case
from hakari.assessment.reasons import check_sentence, gate_sentence
from hakari.messages import LANGUAGES, Language, render
from hakari.reports import render_report
from tests.unit.reports._example import example_case

_AT = "2026-11-22T02:10:00Z"
_VOID = {"meta", "br", "hr", "img", "link", "input"}


class _Tags(HTMLParser):
    """Collects tags, ids and text, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.named: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids.extend(value for name, value in attrs if name == "id" and value)
        self.links.extend(value for name, value in attrs if name == "href" and value)
        for name in ("aria-labelledby", "aria-describedby"):
            self.named.extend((given.get(name) or "").split())
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def case() -> Case:
    return example_case()


@pytest.fixture(scope="module")
def page(case: Case, language: Language) -> str:
    return render_report(case, language, generated_at=_AT)


@pytest.fixture(scope="module")
def tags(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    return parser


@pytest.fixture(scope="module")
def text(tags: _Tags) -> str:
    return re.sub(r"\s+", " ", " ".join(tags.text))


def test_every_element_is_closed_and_every_id_stands_once(tags: _Tags) -> None:
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))


def test_every_inner_link_and_every_name_leads_somewhere(tags: _Tags) -> None:
    assert {link for link in tags.links if not link.startswith("#")} == set()
    assert {link[1:] for link in tags.links} <= set(tags.ids)
    assert set(tags.named) <= set(tags.ids)


def test_nothing_comes_from_outside_and_no_script_runs(page: str, tags: _Tags) -> None:
    assert "script" not in tags.tags
    assert not re.search(r"\b(?:src|srcset|onclick|style)=", page)
    assert not re.search(r"url\((?!#)", page)
    assert set(re.findall(r"https?://[^\s\"<]+", page)) == {"http://www.w3.org/2000/svg"}


def test_the_policy_allows_this_style_sheet_by_its_hash(page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page or f"style-src 'sha256-{digest}'" in page


def test_the_result_and_every_check_are_said_in_the_shared_words(case: Case, language: Language, text: str) -> None:
    plain = text.replace(" ", "")
    assert render(gate_sentence(case.assessment), language).replace(" ", "") in plain
    for finding in case.assessment.findings:
        for result in finding.checks:
            sentence = render(check_sentence(case.planned(result), result), language)
            assert sentence.replace(" ", "") in plain


def test_every_requirement_is_on_the_page(case: Case, language: Language, text: str) -> None:
    for finding in case.assessment.findings:
        assert case.requirement(finding).title[language] in text


def test_free_text_is_shown_as_written_and_never_as_markup(page: str) -> None:
    assert "&lt;b&gt;Not&lt;/b&gt; counted" in page
    assert "<b>Not</b>" not in page
    assert "<script" not in page


def test_unknown_is_shown_as_an_answer_that_was_not_given(language: Language, text: str) -> None:
    assert {"en": "We do not know.", "ja": "分かりません。"}[language] in text


def test_no_key_of_the_catalogue_is_left_unsaid(text: str) -> None:
    assert not re.search(r"\[(?:reports|reasons|assessment|measures)\.", text)
    assert not re.search(r"\{[a-z_]+\}", text)


def test_the_page_says_that_genuine_does_not_mean_true(language: Language, text: str) -> None:
    phrase = {"en": "Genuine does not mean true", "ja": "真正"}[language]
    met = sum(finding.status == "met" for finding in example_case().assessment.findings)
    assert text.count(phrase) >= met + 2


def test_words_that_claim_too_much_are_never_printed(text: str) -> None:
    assert not re.search(r"compliant|unbiased|debiased|fair model|\bsolve", text, re.I)


def test_the_same_case_gives_the_same_bytes(case: Case, language: Language, page: str) -> None:
    assert render_report(case, language, generated_at=_AT) == page


def test_a_pack_without_the_language_is_shown_in_its_own_and_marked() -> None:
    case = example_case()
    pack = case.packs[0]
    requirements = tuple(replace(item, title={"en": item.title["en"]}) for item in pack.requirements)
    page = render_report(replace(case, packs=(replace(pack, requirements=requirements),)), "ja", generated_at=_AT)
    assert '<span lang="en">A refused applicant can appeal</span>' in page


def test_a_case_with_nothing_open_says_so() -> None:
    case = example_case()
    kept = tuple(item for item in case.assessment.findings if item.status == "met")
    gate = replace(case.assessment.gate, closes=True, counts={"met": len(kept)}, blocking=(), only_open=True)
    assessment = replace(case.assessment, findings=kept, gate=gate, notices=())
    page = render_report(replace(case, assessment=assessment), "en", generated_at=_AT)
    assert "Nothing is open." in page
    assert "verdict-closes" in page
