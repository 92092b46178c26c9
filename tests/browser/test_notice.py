"""The notice in a real browser: accessible, quiet, never sideways, and one sheet of A4 on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hakari.assessment.notice.model import DecisionNotice
from hakari.reports import render_report
from hakari.reports.notice import render_notice
from tests.unit.assessment.notice._texts import both, notice
from tests.unit.reports.notice.test_view import CHANGE, reason
from tests.unit.reports.sections.test_notice import noticed_case

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def _full() -> DecisionNotice:
    """As long as a notice gets: four reasons with what to send, three changes of two columns each."""
    correct = both("If this is wrong, send us the papers about it, and we look at them at once.")
    return notice(
        reasons=tuple(reason(code=f"R{number}", correct=correct) for number in range(1, 5)),
        unstable=1, unnamed=1, near_line=True, change_state="found", changes=((CHANGE, CHANGE),) * 3,
        next=both("Nothing is refused for good. A full review follows within ten days."),
    )  # fmt: skip


@pytest.fixture(scope="module", params=[(kind, language) for kind in ("page", "report") for language in ("en", "ja")])
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    kind, language = request.param
    file: Path = tmp_path_factory.mktemp(kind) / "notice.html"
    if kind == "page":
        file.write_text(render_notice(_full(), language), "utf-8")
    else:
        file.write_text(render_report(noticed_case(), language, generated_at="2026-11-22T02:10:00Z"), "utf-8")
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


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_longest_notice_is_one_sheet_of_paper(chromium: Browser, tmp_path: Path, language: str) -> None:
    file = tmp_path / "notice.html"
    file.write_text(render_notice(_full(), language), "utf-8")  # type: ignore[arg-type]  # a literal
    opened = chromium.new_page()
    opened.goto(file.as_uri())

    printed = opened.pdf(format="A4", prefer_css_page_size=True)

    opened.close()
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
