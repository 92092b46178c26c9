"""The page of one row in a real browser: accessible and never sideways, long names and texts included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.messages import say
from hakari.reports.explained import RowExplanation, explained_html
from tests.unit.reports.explained._found import explanation

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def _hard() -> RowExplanation:
    """Long names, long texts, a group, a missing value, errors, a warning."""
    long = "a_name_that_never_ends_" * 4
    found = explanation(
        {long: -0.9, "町の名前": 0.4, "first+second": 0.2, **{f"x{place}": 0.01 for place in range(14)}}, errors=0.02
    )
    own = {**found.own, "町の名前": "長い名前の町" * 20, "first": None}
    return replace(found, own=own, warnings=(say("workflows.explaining.other_groups"),))


@pytest.fixture(scope="module", params=["en", "ja"])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file: Path = tmp_path_factory.mktemp("explained") / "row.html"
    file.write_text(explained_html(_hard(), request.param), "utf-8")
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(file.as_uri())
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


def test_one_picture_is_seen_at_each_width(page: Page) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        seen = [name for name in ("wide", "narrow") if page.locator(f".figure-{name} svg").first.is_visible()]
        assert seen == ["narrow" if width == 320 else "wide"]
