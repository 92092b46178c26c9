"""The sections beside the requirements, in a real browser: harms, what a model rests on, and where packs differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.reports import render_report
from tests.unit.reports.sections._explained import explained_case, hostile_case
from tests.unit.reports.sections._mapped import differing_case, mapped_case

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_CASES = {
    "mapped": mapped_case,
    "differing": differing_case,
    "explained": explained_case,
    "hostile": hostile_case,
}


@pytest.fixture(scope="module", params=[(name, language) for name in _CASES for language in ("en", "ja")])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    name, language = request.param
    file: Path = tmp_path_factory.mktemp(name) / "report.html"
    file.write_text(render_report(_CASES[name](), language, generated_at="2026-11-22T02:10:00Z"), "utf-8")
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(file.as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    page: Page, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    found = Axe().run(page, options=_RULES)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_section_is_reached_from_the_contents(page: Page) -> None:
    links = page.evaluate("[...document.querySelectorAll('nav a')].map(item => item.getAttribute('href'))")
    assert "#harms" in links
    assert all(page.query_selector(link) is not None for link in links)
