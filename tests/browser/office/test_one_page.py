"""The page that a member reads fits one sheet of A4 in print, however full it is, and is read on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route

from hakari.errors import InputError
from hakari.office.committee.actions.docket import propose_condition, set_terms, translate, write_passage
from hakari.office.committee.actions.fitting import ROOM, filled
from hakari.office.committee.actions.rules import page_of
from hakari.office.committee.models import DocketItem, Heading, ProposedCondition
from hakari.office.committee.showing import onepage
from hakari.office.lifecycle.showing.differences import Change
from hakari.office.people.models import Person
from tests.pages.committee.conftest import SOON, circulate, make_item
from tests.pages.conftest import Company, make_company
from tests.pages.lifecycle.trial import CHECK, GAPING, GAPS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
Open = Callable[..., Page]

ENGLISH = (
    "We are asked to let the service team use drafts of replies that a model of our own proposes to subscribers, "
    "provided that a person reads every draft before it is sent and can always write the answer without it. "
)
JAPANESE = (
    "サービス部門が、自社開発のモデルによる返信案を契約者への回答に利用することの可否をお諮りします。返信案は送信前に必ず担当者が確認し、"
    "使わずに回答することもできます。"
)
TEXTS = {"en": (ENGLISH, JAPANESE), "ja": (JAPANESE, ENGLISH)}


@pytest.fixture
def full(db: None) -> Company:
    """Return a company before whose committee lies an item with every heading written, two conditions and terms."""
    company = make_company()
    Person.objects.filter(pk=company.head.pk).update(name="Maximiliane Oberhauser-Lindström")
    return company


@pytest.fixture
def show(chromium: Browser) -> Iterator[Open]:
    """Return a function that opens a page of this very transaction as a person, without a server."""
    opened = []

    def make(person: Person, path: str, *, language: str = "en", width: int = 800) -> Page:
        client = Client()
        client.force_login(person)
        client.cookies["language"] = language

        # Asked before the browser does: its handlers have a database connection of their own.
        got = client.get(path)
        assert got.status_code == 200

        def answer(route: Route) -> None:
            asked = urlsplit(route.request.url).path
            if asked.startswith("/static/"):
                found = finders.find(asked.removeprefix("/static/"))
                route.fulfill(path=str(found)) if found else route.fulfill(status=404)
            else:
                route.fulfill(content_type="text/html; charset=utf-8", body=got.content)

        context = chromium.new_context(viewport={"width": width, "height": 900})
        opened.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(f"http://office.test{path}")
        return page

    yield make
    for context in opened:
        context.close()


def _fill(company: Company, language: str, *, translated: bool, share: float = 1.0) -> DocketItem:
    """Write under every heading, in turn, until nothing more goes in."""
    item = make_item(company, GAPING, proposal="approve_with_conditions", number="UC-2026-0001", title="Reply " * 16)
    until = timezone.localdate() + SOON
    propose_condition(
        item, text=TEXTS[language][0], language=language, requirement=GAPS, due=until, rule="requirement",
        by=company.reviewer,
    )  # fmt: skip
    terms = {"roles": ["model", "data.test"], "checks": [CHECK], "until": until.isoformat()}
    item = DocketItem.objects.get(pk=item.pk)
    set_terms(item, proposal=item.proposal, valid_until=until, envelope=terms, seen=item.version, by=company.reviewer)
    item = DocketItem.objects.get(pk=item.pk)
    for length in range(1, 9):
        for heading in Heading.values:
            if not _write(item, heading, language, length, translated, company) or _taken(item) >= share * ROOM:
                return item
    raise AssertionError("it never became full")


def _write(item: DocketItem, heading: str, language: str, length: int, translated: bool, company: Company) -> bool:
    own, other = (text * length for text in TEXTS[language])
    try:
        _, seen = _last(item, heading)
        write_passage(item, heading, own[:1_200], language, seen=seen, by=company.reviewer)
        if translated:
            translate(item, heading, other[:1_200], seen=seen + 1, by=company.head)
    except InputError:
        return False
    return True


def _last(item: DocketItem, heading: str) -> tuple[str, int]:
    row = page_of(item).get(heading)
    return (str(row.text), row.revision) if row else ("", 0)


def _taken(item: DocketItem) -> int:
    return filled(page_of(item), list(ProposedCondition.objects.filter(item=item)))


def _crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the page more figures, differences and like cases than the sheet holds, each with long names."""
    make = onepage.make_page

    def crowded(*arguments: Any) -> onepage.OnePage:
        page = make(*arguments)
        figure = replace(page.figures[0], title={"en": "Groups of people are treated alike " * 2, "ja": "結果の差" * 8})
        figure = replace(figure, checks=figure.checks * 3, until="21 May 2027")
        requirement: Any = type("Requirement", (), {"title": figure.title})()
        change = Change(
            kind="figure", requirement=requirement, what=figure.checks[0].name, before=("30.0 (24.5–34.8)",),
            after=("30.0 (24.5–34.8)",),
        )  # fmt: skip
        return replace(page, figures=(figure,) * 9, changes=(change,) * 9, before=_decision())

    monkeypatch.setattr("hakari.office.committee.views.items.make_page", crowded)


def _decision() -> Any:
    return type("Decision", (), {"number": "D-2026-0001", "at": timezone.now(), "outcome": "defer"})()


def _sheets(page: Page, path: Path) -> int:
    """Print a page and count its sheets, each of which must be A4."""
    content = page.pdf(path=path, prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", content)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", content))


@pytest.mark.parametrize("translated", [True, False])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_fullest_page_fits_one_sheet(
    full: Company, show: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, translated: bool
) -> None:
    item = _fill(full, language, translated=translated)
    assert _taken(item) > ROOM * 3 // 4
    _crowd(monkeypatch)
    for reader in ("en", "ja"):
        page = show(full.member, f"/committee/items/{item.key}/", language=reader)
        assert _sheets(page, tmp_path / f"{reader}.pdf") == 1, reader


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_page_with_little_on_it_is_printed_in_larger_letters_on_one_sheet(
    full: Company, show: Open, tmp_path: Path, language: str
) -> None:
    item = _fill(full, language, translated=False, share=0.6)
    page = show(full.member, f"/committee/items/{item.key}/", language=language)
    assert page.locator(".onepage-roomy").count() == 1
    assert _sheets(page, tmp_path / "roomy.pdf") == 1


def test_the_vote_is_not_printed(full: Company, show: Open) -> None:
    item = _fill(full, "en", translated=False, share=0.5)
    circulate(item, full)
    page = show(full.member, f"/committee/items/{item.key}/")
    assert page.locator("#vote").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#vote").is_visible()
    assert page.locator(".onepage h1").is_visible()


def test_a_phone_in_japanese_reads_the_translation_first_and_does_not_scroll_sideways(
    full: Company, show: Open
) -> None:
    item = _fill(full, "en", translated=True, share=0.6)
    circulate(item, full)
    page = show(full.member, f"/committee/items/{item.key}/", language="ja", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    first = page.locator("#asked .words-said").first
    assert first.get_attribute("lang") == "ja"
    assert page.locator("#asked .words-said").nth(1).get_attribute("lang") == "en"
    boxes = [page.locator("#asked .words-said").nth(number).bounding_box() for number in range(2)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] < boxes[1]["y"]
