"""Looking at pages of the office one by one: accessible, whole, quiet, in one language and both schemes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

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
_WIDTHS: Final = (1280, 320)
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_AXE = "rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(found => found.violations)"
_TOFU = """drawn => {
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = new OffscreenCanvas(40, 40), draw = canvas.getContext('2d', {willReadFrequently: true});
  const picture = letter => {
    draw.clearRect(0, 0, 40, 40); draw.font = '24px ' + family; draw.fillText(letter, 4, 30);
    return draw.getImageData(0, 0, 40, 40).data.join();
  };
  const tofu = new Set(['\\u{10FFFE}', '\\uFFFF', '\\u0378'].map(picture)), known = new Set(drawn[family] ?? '');
  const letters = [...new Set(document.body.textContent)].filter(letter => letter.trim() && !known.has(letter));
  const missing = letters.filter(letter => tofu.has(picture(letter)));
  return [family, letters.filter(letter => !missing.includes(letter)).join(''), missing];
}"""
_SIZES = """open => {
  document.querySelectorAll('details').forEach(item => { item.open = open });
  return document.documentElement.scrollWidth;
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
    wrong: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(list))
    eye = _Eye(site, chromium, language)
    for kind, (person, path) in sorted(addresses.items(), key=lambda item: (item[1][0].pk, item[0])):
        for check, found in eye.look(person, path):
            if found:
                wrong[check][f"{kind} {path}"].append(found)
    eye.page.context.close()
    return wrong


class _Eye:
    """One window for all pages and people: a new one for each page would take half of the time."""

    drawn: ClassVar[dict[str, str]] = defaultdict(str)
    """Font family → letters that were seen to have a glyph in it, which no other page can change."""

    def __init__(self, site: Site, chromium: Browser, language: str) -> None:
        self.site, self.language = site, language
        self.person: Person | None = None
        self.noise: list[str] = []
        context = site.context(chromium)
        context.add_init_script(Axe().axe_script)
        self.page = context.new_page()
        self.page.on("console", lambda said: self.noise.append(said.text))
        self.page.on("request", lambda made: self._note(made.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:")):
            self.noise.append(url)

    def look(self, person: Person, path: str) -> Iterable[tuple[str, Any]]:
        """Open a page as somebody and look at all there is to look at, by check."""
        page = self.page
        if person != self.person:
            self._sign_in(person)
        page.set_viewport_size({"width": _WIDTHS[0], "height": 900})
        self.noise.clear()
        answer = page.goto(self.site.url + path)
        yield "the page opens", None if answer is not None and answer.status == 200 else answer and answer.status
        headings, title = page.locator("h1").count(), page.title()
        good = headings == 1 and title.endswith(" · Hakari") and not title.startswith(" ·")
        missing = self._missing()
        yield "one heading, a title and every glyph", (headings, title, missing) if missing or not good else None
        keys = page.locator("text=/\\[[a-z_]+\\.[a-z_.]+\\]/").all_text_contents()
        yield "no text is left in its key", keys
        yield "focus is seen and goes down the page", _focus(page)
        for width in _WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            yield from _look_in_width(page, width)
        yield "no page asks outside or complains", [*self.noise]

    def _sign_in(self, person: Person) -> None:
        self.person = person
        context = self.page.context
        context.clear_cookies()
        context.add_cookies([{"name": "language", "value": self.language, "url": self.site.url}])
        self.site.sign_in(context, person)

    def _missing(self) -> list[str]:
        family, drawn, missing = self.page.evaluate(_TOFU, self.drawn)
        self.drawn[family] += drawn
        return list(missing)


def _look_in_width(page: Page, width: int) -> Iterable[tuple[str, Any]]:
    """As the page comes: what it takes in width; then with everything unfolded, where nothing is cut either."""
    for unfolded in (False, True):
        wide = page.evaluate(_SIZES, unfolded)
        yield "no page scrolls sideways", (width, wide) if wide > width else None
        cut = page.evaluate(_CUT)
        yield "nothing is cut off", (width, cut) if cut else None
    if width == min(_WIDTHS):
        yield "every target is large enough to hit", page.evaluate(_SMALL)
    yield "axe finds no violation", list(_violations(page, width))


def _violations(page: Page, width: int) -> Iterable[Any]:
    """In each scheme; a scheme changes colours only. The light one comes last, in which the next page is opened."""
    for scheme, rules in (("dark", _COLOURS), ("light", _RULES)):
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
