"""The report in a real browser: accessible in both schemes and widths, quiet, and readable in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.reports import render_report
from tests.unit.reports._example import example_case

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
Scheme = Literal["light", "dark"]


@dataclass
class Loaded:
    """A page with everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["en", "ja"])
def loaded(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(render_report(example_case(), request.param, generated_at="2026-11-22T02:10:00Z"), "utf-8")
    loaded = Loaded(chromium.new_page(viewport={"width": 1280, "height": 900}))
    loaded.page.on("request", lambda made: loaded.requests.append(made.url))
    loaded.page.on("console", lambda said: loaded.complaints.append(said.text))
    loaded.page.goto(file.as_uri())
    yield loaded
    loaded.page.close()


def _show(page: Page, width: int, scheme: Scheme, *, opened: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("open => document.querySelectorAll('details').forEach(item => { item.open = open })", opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_with_everything_opened(loaded: Loaded, width: int, scheme: Scheme) -> None:
    _show(loaded.page, width, scheme, opened=True)

    found = Axe().run(loaded.page, options=_RULES)

    assert found.violations_count == 0, found.generate_report()
    assert found.response["passes"], "axe ran no rule"


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(loaded: Loaded, width: int, opened: bool) -> None:
    _show(loaded.page, width, "light", opened=opened)

    assert loaded.page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_asked_of_the_outside_and_nothing_is_refused(loaded: Loaded) -> None:
    assert [url for url in loaded.requests if not url.startswith("file:")] == []
    assert len(loaded.requests) == 1
    assert loaded.complaints == []


def test_no_text_overlaps_the_edge_of_its_chart(loaded: Loaded) -> None:
    """Words of a chart may not leave the page; the SVG itself may let a tick label hang over its edge."""
    for width in (320, 1280):
        _show(loaded.page, width, "light", opened=True)
        outside = loaded.page.evaluate(
            "() => [...document.querySelectorAll('.figure-image text')].filter(t => t.getClientRects().length"
            " && (t.getBoundingClientRect().right > innerWidth || t.getBoundingClientRect().left < 0))"
            ".map(t => t.textContent)"
        )
        assert outside == []


def test_every_letter_has_a_glyph(loaded: Loaded) -> None:
    """A missing glyph is drawn like a code point that no font has; each letter on the page must differ from that."""
    _show(loaded.page, 1280, "light", opened=True)

    missing, unassigned_is_seen = loaded.page.evaluate(
        """() => {
          const family = getComputedStyle(document.body).fontFamily;
          const canvas = new OffscreenCanvas(40, 40), draw = canvas.getContext('2d', {willReadFrequently: true});
          const picture = letter => {
            draw.clearRect(0, 0, 40, 40); draw.font = '24px ' + family; draw.fillText(letter, 4, 30);
            return draw.getImageData(0, 0, 40, 40).data.join();
          };
          const tofu = new Set(['\\u{10FFFE}', '\\uFFFF', '\\u0378'].map(picture));
          const letters = [...new Set(document.body.textContent)].filter(letter => letter.trim());
          return [letters.filter(letter => tofu.has(picture(letter))), tofu.has(picture('\\u0379'))];
        }"""
    )

    assert missing == []
    assert unassigned_is_seen, "the test cannot tell a missing glyph"


def test_every_target_is_large_enough_to_hit(loaded: Loaded) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels, links inside a sentence excepted."""
    _show(loaded.page, 320, "light", opened=True)

    small = loaded.page.evaluate(
        "() => [...document.querySelectorAll('nav a, .marks a, summary')].map(item => [item.textContent.trim(),"
        " item.getBoundingClientRect()]).filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"
    )

    assert small == []


def test_the_keyboard_reaches_the_result_first_and_its_focus_is_seen(loaded: Loaded) -> None:
    _show(loaded.page, 1280, "light", opened=False)
    loaded.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")

    loaded.page.keyboard.press("Tab")
    focused = loaded.page.evaluate(
        "() => { const item = document.activeElement, box = item.getBoundingClientRect();"
        " return [item.getAttribute('href'), box.top >= 0, getComputedStyle(item).outlineStyle] }"
    )

    assert focused == ["#result", True, "solid"]


def test_paper_shows_what_the_screen_folds(loaded: Loaded) -> None:
    _show(loaded.page, 1280, "light", opened=False)
    loaded.page.emulate_media(media="print")

    heights = loaded.page.evaluate(
        "() => [...document.querySelectorAll('.requirement-body')].map(item => item.getBoundingClientRect().height)"
    )
    loaded.page.emulate_media(media="screen")

    assert min(heights) > 50
