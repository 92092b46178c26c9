"""Looking at pages of the office one by one: accessible, whole, quiet, in one language and both schemes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.office.people.models import Person
from tests.browser.office.conftest import Site

__all__ = ["CHECKS", "Problems", "look_at"]

Problems = Mapping[str, Mapping[str, Any]]
"""Check → page → what is wrong there."""

CHECKS: Final = (
    "the page opens",
    "axe finds no violation",
    "no page scrolls sideways",
    "nothing is cut off",
    "no page asks outside or complains",
    "one heading, a title and every glyph",
    "no text is left in its key",
    "every target is large enough to hit",
    "focus is seen and goes down the page",
)
_WIDTHS: Final = (320, 1280)
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_AXE = "rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(found => found.violations)"
_TOFU = """() => {
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = new OffscreenCanvas(40, 40), draw = canvas.getContext('2d', {willReadFrequently: true});
  const picture = letter => {
    draw.clearRect(0, 0, 40, 40); draw.font = '24px ' + family; draw.fillText(letter, 4, 30);
    return draw.getImageData(0, 0, 40, 40).data.join();
  };
  const tofu = new Set(['\\u{10FFFE}', '\\uFFFF', '\\u0378'].map(picture));
  const letters = [...new Set(document.body.textContent)].filter(letter => letter.trim());
  return letters.filter(letter => tofu.has(picture(letter)));
}"""
_CUT = """() => [...document.querySelectorAll('main *, header *, nav *')].filter(item => {
  const hides = ['hidden', 'clip'].includes(getComputedStyle(item).overflowX);
  return hides && item.checkVisibility() && !item.closest('.unseen, thead, svg, input')
    && (item.scrollWidth > item.clientWidth + 1 || item.scrollHeight > item.clientHeight + 1);
}).map(item => item.tagName + ' ' + item.textContent.trim().slice(0, 60))"""
_SMALL = """() => [...document.querySelectorAll('nav a, button, summary, input[type=checkbox], input[type=radio]')]
  .filter(item => item.checkVisibility()).map(item => [item.textContent.trim() || item.id,
  item.closest('label')?.getBoundingClientRect() ?? item.getBoundingClientRect()])
  .filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"""


def look_at(
    site: Site, chromium: Browser, addresses: Mapping[str, tuple[Person, str]], language: str
) -> dict[str, dict[str, Any]]:
    """Open each page in a language, as the person named with its address, and return what is wrong, by check."""
    wrong: dict[str, dict[str, Any]] = defaultdict(dict)
    contexts = {person.pk: site.context(chromium, person) for person, _ in addresses.values()}
    for kind, (person, path) in sorted(addresses.items(), key=lambda item: item[0]):
        context = contexts[person.pk]
        context.add_cookies([{"name": "language", "value": language, "url": site.url}])
        page = context.new_page()
        for check, found in _look(page, site.url, path):
            if found:
                wrong[check][f"{kind} {path}"] = found
        page.close()
    for context in contexts.values():
        context.close()
    return wrong


def _look(page: Page, home: str, path: str) -> Iterable[tuple[str, Any]]:
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text))
    page.on("request", lambda made: None if made.url.startswith((home, "data:")) else noise.append(made.url))
    answer = page.goto(home + path)
    yield "the page opens", None if answer is not None and answer.status == 200 else answer and answer.status
    headings, title = page.locator("h1").count(), page.title()
    good = headings == 1 and title.endswith(" · Hakari") and not title.startswith(" ·")
    missing = page.evaluate(_TOFU)
    yield "one heading, a title and every glyph", (headings, title, missing) if missing or not good else None
    keys = page.locator("text=/\\[[a-z_]+\\.[a-z_.]+\\]/").all_text_contents()
    yield "no text is left in its key", keys
    page.set_viewport_size({"width": 1280, "height": 900})
    yield "focus is seen and goes down the page", _focus(page)
    yield from _sizes(page)
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    yield "axe finds no violation", list(_violations(page))
    yield "no page asks outside or complains", noise


def _sizes(page: Page) -> Iterable[tuple[str, Any]]:
    """As the page comes: what it takes in width; then with everything unfolded, where nothing is cut either."""
    wide, cut = {}, {}
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for unfolded in (False, True):
            page.evaluate(
                "open => document.querySelectorAll('details').forEach(item => { item.open = open })", unfolded
            )
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide[width] = found
            if found := page.evaluate(_CUT):
                cut[width] = found
    yield "no page scrolls sideways", wide
    yield "nothing is cut off", cut
    page.set_viewport_size({"width": 320, "height": 900})
    yield "every target is large enough to hit", page.evaluate(_SMALL)


def _violations(page: Page) -> Iterable[Any]:
    """Each width in each scheme; a scheme changes colours only."""
    page.evaluate(Axe().axe_script)
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("light", _RULES), ("dark", _COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
            for item in page.evaluate(_AXE, rules):
                yield width, scheme, item["id"], [node["html"][:120] for node in item["nodes"]]


def _focus(page: Page) -> Any:
    page.evaluate("window.scrollTo(0, 0); document.activeElement?.blur()")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    return (first, seen) if first != "skip" or seen == "none" else None
