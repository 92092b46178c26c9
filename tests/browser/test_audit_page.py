"""The page of an audit in a real browser: accessible in both schemes and widths, quiet, and readable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.reports.audit import audit_html
from tests.unit.reports.audit._audited import audited

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_ASKED: list[str] = []
_COMPLAINTS: list[str] = []


@pytest.fixture(scope="module", params=["en", "ja"])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("audit") / "audit.html"
    file.write_text(audit_html(audited(), request.param), "utf-8")
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    _ASKED.clear()
    _COMPLAINTS.clear()
    opened.on("request", lambda made: _ASKED.append(made.url))
    opened.on("console", lambda said: _COMPLAINTS.append(said.text))
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def _show(page: Page, width: int, scheme: Literal["light", "dark"], *, opened: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("open => document.querySelectorAll('details').forEach(item => { item.open = open })", opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_with_everything_opened(
    page: Page, width: int, scheme: Literal["light", "dark"]
) -> None:
    _show(page, width, scheme, opened=True)

    found = Axe().run(page, options=_RULES)

    assert found.violations_count == 0, found.generate_report()
    assert found.response["passes"], "axe ran no rule"


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(page: Page, width: int, opened: bool) -> None:
    _show(page, width, "light", opened=opened)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_asked_of_the_outside_and_nothing_is_refused(page: Page) -> None:
    assert [url for url in _ASKED if not url.startswith("file:")] == []
    assert _COMPLAINTS == []


@pytest.mark.parametrize("width", [320, 1280])
def test_words_of_charts_stay_on_the_page_and_off_one_another(page: Page, width: int) -> None:
    """Boxes of two words of one picture may touch, not cover each other."""
    _show(page, width, "light", opened=True)

    outside, covered = page.evaluate(
        """() => {
          const outside = [], covered = [];
          for (const svg of document.querySelectorAll('.figure-image svg')) {
            const words = [...svg.querySelectorAll('text')].filter(word => word.getClientRects().length);
            const boxes = words.map(word => word.getBoundingClientRect());
            boxes.forEach((a, i) => {
              if (a.right > innerWidth + 1 || a.left < -1) outside.push(words[i].textContent);
              boxes.slice(i + 1).forEach((b, j) => {
                const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (over > 2 && down > 6) covered.push([words[i].textContent, words[i + 1 + j].textContent]);
              });
            });
          }
          return [outside, covered];
        }"""
    )

    assert outside == []
    assert covered == []


def test_every_target_is_large_enough_to_hit(page: Page) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels."""
    _show(page, 320, "light", opened=True)

    small = page.evaluate(
        "() => [...document.querySelectorAll('nav a, summary')].filter(item => {"
        " const box = item.getBoundingClientRect(); return box.height < 24 || box.width < 24 }).length"
    )

    assert small == 0


def test_the_contents_reach_every_section_and_the_skip_link_the_summary(page: Page) -> None:
    links = page.evaluate("[...document.querySelectorAll('nav a, .skip')].map(item => item.getAttribute('href'))")
    headings = page.evaluate("[...document.querySelectorAll('main h2')].map(item => '#' + item.id)")

    assert all(page.query_selector(link) is not None for link in links)
    assert set(headings) <= set(links)


def test_paper_shows_what_the_screen_folds(page: Page) -> None:
    _show(page, 1280, "light", opened=False)
    page.emulate_media(media="print")

    heights = page.evaluate(
        "() => [...document.querySelectorAll('details table')].map(item => item.getBoundingClientRect().height)"
    )
    page.emulate_media(media="screen")

    assert min(heights) > 20
