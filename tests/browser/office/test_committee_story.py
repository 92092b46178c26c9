"""The story of one assessment, as its people live it: assessed, changed, decided, shown, carried over, stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hakari.office.desk.ledger_check import verify_ledger
from tests.browser.office import after_story as after
from tests.browser.office import committee_story as acts
from tests.browser.office import deciding_story as deciding
from tests.browser.office.committee_story import Story
from tests.browser.office.conftest import Site
from tests.pages.conftest import Company, make_company
from tests.pages.lifecycle.trial import install_pack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
PHONE: dict[str, object] = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def company(small_site: Site) -> Company:
    """Return a company with a committee of four."""
    install_pack()
    found = make_company()
    for name in ("member2", "member3"):
        found.add(name, "member", None)
    return found


@pytest.mark.parametrize(("number", "script"), [("UC-2026-0001", True), ("UC-2026-0002", False)])
def test_from_the_first_question_to_the_stop(
    small_site: Site, open_small: Open, company: Company, number: str, script: bool
) -> None:
    options: dict[str, object] = {"java_script_enabled": script}
    story = Story(small_site, open_small, company, "en", options=options).begin(number)
    acts.assess(story)
    acts.ask_for_changes(story)
    acts.second_round(story)
    decide(story)
    after.show_condition(story)
    after.close_stage(story)
    after.change_system(story)
    after.assess_again(story)
    after.next_stage(story)
    after.stop(story)
    after.take_away(story, story.owner)
    assert verify_ledger().holds


def test_the_committee_decides_on_phones_in_japanese(small_site: Site, open_small: Open, company: Company) -> None:
    options = {**PHONE, "java_script_enabled": False}
    story = Story(small_site, open_small, company, "ja", options=options).begin_submitted("UC-2026-0003")
    decide(story)
    assert verify_ledger().holds


def decide(story: Story) -> None:
    """The committee's part, from the docket to the decision."""
    deciding.lay_before_committee(story)
    deciding.circulate_and_call(story)
    deciding.meet(story)
    deciding.vote(story)
    deciding.approve_minutes(story)
    deciding.read_decision(story, story.owner)
