"""Every page of the office that people reach by links: accessible, whole, quiet, in both languages and schemes.

Nothing is listed by hand: for each role a crawl follows every link and keeps one address for each kind of page.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from hakari.office.people.models import Person
from tests.browser.office.conftest import Site
from tests.browser.office.looking import CHECKS, look_at
from tests.pages.crawling import crawl

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_200)]

_ROLES = ("admin", "head", "reviewer", "delegate", "owner", "engineer", "chair", "member", "auditor")


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
def problems(
    request: pytest.FixtureRequest, site: Site, chromium: Browser, addresses: dict[str, tuple[Person, str]]
) -> dict[str, dict[str, Any]]:
    """Look once at every kind of page in one language."""
    return look_at(site, chromium, addresses, request.param)


def test_the_crawl_reaches_every_room(addresses: dict[str, tuple[Person, str]]) -> None:
    rooms = {kind.split(":")[0] for kind in addresses}
    assert {
        "home",
        "people",
        "registry",
        "intake",
        "information",
        "keys",
        "lifecycle",
        "committee",
        "oversight",
    } <= rooms
    assert len(addresses) > 60


@pytest.mark.parametrize("check", CHECKS)
def test_every_page(problems: dict[str, dict[str, Any]], check: str) -> None:
    assert problems.get(check, {}) == {}
