"""Every page of keys, assessments, the committee and the figures in each standing, as those see it who act there.

What a crawl of the demonstration happens to reach first is one page of each kind; here each kind stands as it looks
before, while and after something is done with it.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from hakari.office.people.models import Person
from tests.browser.office.conftest import Site
from tests.browser.office.looking import CHECKS, look_at
from tests.browser.office.standings import fill, names_of_pages
from tests.pages.conftest import make_company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_800)]

NO_PAGES = {
    "committee:close_ballot", "committee:drop_condition", "committee:meeting_act", "committee:minutes_approve",
    "committee:stop_open", "keys:withdraw", "lifecycle:again", "lifecycle:close", "lifecycle:comment",
    "oversight:close",
    # Files:
    "keys:directory", "lifecycle:attachment", "lifecycle:enclosed", "oversight:feed", "oversight:meeting",
}  # fmt: skip
"""Addresses to which a form is sent, and files."""


@pytest.fixture(scope="module")
def addresses(small_site: Site) -> dict[str, tuple[Person, str]]:
    """Return one address for each kind of page in each standing, and who reads it there."""
    return fill(make_company()).pages


@pytest.fixture(scope="module", params=["en", "ja"])
def problems(
    request: pytest.FixtureRequest, small_site: Site, chromium: Browser, addresses: dict[str, tuple[Person, str]]
) -> dict[str, dict[str, Any]]:
    """Look once at every page in one language."""
    return look_at(small_site, chromium, addresses, request.param)


def test_no_page_of_these_rooms_is_left_out(addresses: dict[str, tuple[Person, str]]) -> None:
    there = set(names_of_pages(("keys", "lifecycle", "committee", "oversight")))
    assert {name.split(" ")[0] for name in addresses} & there == there - NO_PAGES


@pytest.mark.parametrize("check", CHECKS)
def test_every_page(problems: dict[str, dict[str, Any]], check: str) -> None:
    assert problems.get(check, {}) == {}
