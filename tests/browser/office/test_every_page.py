"""Every page of the office that people reach by links: accessible, whole, quiet, in both languages and schemes.

Nothing is listed by hand: for each role a crawl follows every link and keeps one address for each kind of page.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.office.people.models import Person
from tests.browser.office.conftest import Site
from tests.pages.crawling import crawl

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_ROLES = ("admin", "head", "reviewer", "delegate", "owner", "auditor")
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


@pytest.fixture(scope="module")
def addresses(site: Site) -> dict[str, tuple[Person, str]]:
    """Return for each kind of page somebody who reaches it, and its address."""
    found: dict[str, tuple[Person, str]] = {}
    for role in _ROLES:
        person = Person.objects.filter(assignments__role=role).order_by("pk").first()
        assert person is not None, f"the demo company has no {role}"
        for kind, path in crawl(person).items():
            found.setdefault(kind, (person, path))
    return found


@pytest.fixture(scope="module", params=["en", "ja"])
def pages(
    request: pytest.FixtureRequest, site: Site, chromium: Browser, addresses: dict[str, tuple[Person, str]]
) -> Iterator[list[tuple[str, Page, list[str]]]]:
    """Open every kind of page once in one language, with what it asked of others and complained about."""
    contexts = {person.pk: site.context(chromium, person) for person, _ in addresses.values()}
    opened = []
    for kind, (person, path) in sorted(addresses.items(), key=lambda item: item[0]):
        context = contexts[person.pk]
        context.add_cookies([{"name": "language", "value": request.param, "url": site.url}])
        page = context.new_page()
        noise: list[str] = []
        listen(page, site.url, noise)
        page.goto(site.url + path)
        opened.append((f"{kind} {path}", page, noise))
    yield opened
    for context in contexts.values():
        context.close()


def listen(page: Page, home: str, noise: list[str]) -> None:
    """Note what the page says to its console and what it asks of other sites."""
    page.on("console", lambda said: noise.append(said.text))
    page.on("request", lambda made: None if made.url.startswith((home, "data:")) else noise.append(made.url))


def test_the_crawl_reaches_every_room(addresses: dict[str, tuple[Person, str]]) -> None:
    rooms = {kind.split(":")[0] for kind in addresses}
    assert {"home", "people", "registry", "intake", "information"} <= rooms
    assert len(addresses) > 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation(pages: list[tuple[str, Page, list[str]]], width: int, scheme: str) -> None:
    problems = {}
    for name, page, _ in pages:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
        found = Axe().run(page, options=_RULES)
        if found.violations_count:
            problems[name] = [
                (item["id"], [node["html"][:120] for node in item["nodes"]]) for item in found.response["violations"]
            ]
    assert problems == {}


def test_no_page_scrolls_sideways_or_is_cut(pages: list[tuple[str, Page, list[str]]]) -> None:
    wide = {}
    for name, page, _ in pages:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide[name] = found
    assert wide == {}


def test_nothing_is_cut_off(pages: list[tuple[str, Page, list[str]]]) -> None:
    """Text that is hidden on purpose (for screen readers, or in a list that scrolls) is not cut."""
    cut = {}
    for name, page, _ in pages:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(_CUT)
            if found:
                cut[f"{name} at {width}"] = found
    assert cut == {}


def test_no_page_asks_outside_or_complains(pages: list[tuple[str, Page, list[str]]]) -> None:
    assert {name: noise for name, _, noise in pages if noise} == {}


def test_every_page_has_one_heading_a_title_and_every_glyph(pages: list[tuple[str, Page, list[str]]]) -> None:
    wrong = {}
    for name, page, _ in pages:
        headings, title = page.locator("h1").count(), page.title()
        missing = page.evaluate(_TOFU)
        if headings != 1 or not title.endswith(" · Hakari") or title.startswith(" ·") or missing:
            wrong[name] = (headings, title, missing)
    assert wrong == {}


def test_no_text_is_left_in_its_key(pages: list[tuple[str, Page, list[str]]]) -> None:
    found = {name: page.locator("text=/\\[[a-z_]+\\.[a-z_.]+\\]/").all_text_contents() for name, page, _ in pages}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_target_is_large_enough_to_hit(pages: list[tuple[str, Page, list[str]]]) -> None:
    small = {}
    for name, page, _ in pages:
        page.set_viewport_size({"width": 320, "height": 900})
        if found := page.evaluate(_SMALL):
            small[name] = found
    assert small == {}


def test_focus_is_seen_and_goes_down_the_page(pages: list[tuple[str, Page, list[str]]]) -> None:
    wrong = {}
    for name, page, _ in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("window.scrollTo(0, 0); document.activeElement?.blur()")
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        page.keyboard.press("Tab")
        seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if first != "skip" or seen == "none":
            wrong[name] = (first, seen)
    assert wrong == {}
