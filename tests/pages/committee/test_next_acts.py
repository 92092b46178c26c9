from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from hakari.office.committee.actions.docket import put_on_docket
from hakari.office.committee.actions.voting import declare, open_ballot
from hakari.office.committee.models import DocketItem, Form
from hakari.office.people.models import Person
from tests.pages.committee.conftest import SOON, make_item, make_round, meet, seat
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


def _page(client: Client, item: DocketItem) -> str:
    return client.get(f"/committee/items/{item.key}/").content.decode().split("<main")[1]


def _filled(page: str) -> list[str]:
    return re.findall(r'class="button"[^>]*>\s*([^<]+?)\s*<', page)


def test_after_a_vote_in_a_meeting_a_link_leads_back_to_it(company: Company, sign_in: SignIn) -> None:
    item = make_item(company, number="UC-2026-0001")
    found = meet(company, item)
    ballot = open_ballot(item, Form.MEETING, meeting=found, by=company.chair)
    declare(item, conflict=False, by=company.member)
    client = sign_in(company.member)
    answer = client.post(f"/committee/ballots/{ballot.key}/vote/", {"choice": "approve", "seen": 0}, follow=True)
    assert f'<a href="/committee/meetings/{found.key}/">Back to the meeting {found.number}</a>' in (
        answer.content.decode()
    )


def test_a_writer_finds_one_filled_button_that_names_the_next_text(company: Company, sign_in: SignIn) -> None:
    from django.utils import timezone

    seat(company)
    round = make_round(company, number="UC-2026-0001")
    item = put_on_docket(round, "approve", timezone.localdate() + SOON, by=company.reviewer)
    page = _page(sign_in(company.reviewer), item)
    assert _filled(page) == ["Write: What we are asked"]
    assert "button-quiet" not in page


def test_a_written_page_leaves_the_writer_the_opening_of_the_vote(company: Company, sign_in: SignIn) -> None:
    page = _page(sign_in(company.reviewer), make_item(company, number="UC-2026-0001"))
    assert len(_filled(page)) == 1
    assert "open/" in page


@pytest.mark.parametrize("declared", [False, True])
def test_the_chair_who_votes_has_one_filled_button_too(company: Company, sign_in: SignIn, declared: bool) -> None:
    item = make_item(company, number="UC-2026-0001")
    if declared:
        open_ballot(item, Form.MEETING, meeting=meet(company, item), by=company.chair)
        declare(item, conflict=False, by=company.chair)
    assert len(_filled(_page(sign_in(company.chair), item))) == 1
