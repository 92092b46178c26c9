from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hakari.errors import ConflictError, NotAllowedError
from hakari.office.committee.actions.agenda import pull_item
from hakari.office.committee.actions.meetings import close_meeting
from hakari.office.committee.actions.minutes import approve_minutes, last_minutes, write_words
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Decision, DocketItem, Form, Meeting, Minutes, MinutesApproval
from hakari.office.lifecycle.models import File
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import circulate, meet, voters
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import GAPING

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


def _held(docket: Docket, company: Company) -> tuple[Meeting, DocketItem, DocketItem]:
    """Hold a meeting: one item pulled and voted on with a recusal and a dissent, one left on the consent part."""
    voted, consented = docket(GAPING, proposal="approve_with_conditions"), docket(number="UC-2")
    found = meet(company, voted, consented, consent=True)
    pull_item(found, voted, "Who checks the gap?", by=company.member)
    declare(voted, conflict=True, reason="My sister built it.", by=company.member3)
    ballot = open_ballot(voted, Form.MEETING, meeting=found, by=company.chair)
    for name, choice in (("chair", "approve_with_conditions"), ("member", "reject"), ("member2", "approve")):
        person = company.people[name]
        declare(voted, conflict=False, by=person)
        vote(ballot, choice, reason="The gap is too wide.", dissent=choice == "reject", by=person)
    close_ballot(ballot, by=company.chair)
    return close_meeting(found, by=company.chair), voted, consented


def _document(found: Meeting) -> dict[str, Any]:
    last = last_minutes(found)
    assert last is not None
    document: dict[str, Any] = json.loads(bytes(File.objects.get(digest=last.document).content or b""))
    return document


def test_minutes_say_what_happened_by_keys_numbers_and_digests(docket: Docket, company: Company) -> None:
    found, voted, consented = _held(docket, company)
    rows = {row["number"]: row for row in _document(found)["items"]}
    first, second = rows[voted.number], rows[consented.number]
    assert first["ballots"][0]["votes"] == {"approve": 1, "approve_with_conditions": 1, "reject": 1}
    assert first["ballots"][0]["dissent"][0]["person"] == company.member.key
    assert [row["person"] for row in first["recused"]] == [company.member3.key]
    assert (first["part"], first["pulled"][0]["by"]) == ("discussed", company.member.key)
    assert len(first["decision"]["conditions"]) == 1
    assert (second["part"], second["told"]) == ("consent", "office.minutes.told.decided")
    assert second["decision"]["number"] == Decision.objects.get(form="consent").number


def test_minutes_hold_no_name_and_no_words(docket: Docket, company: Company) -> None:
    found, _, _ = _held(docket, company)
    text = json.dumps(_document(found))
    for word in (company.member.name, "sister", "too wide", "Reply drafts"):
        assert word not in text


@pytest.mark.parametrize(("language", "word"), [("en", "dissents"), ("ja", "反対意見")])
def test_minutes_are_read_in_the_readers_language(
    docket: Docket, company: Company, sign_in: SignIn, language: str, word: str
) -> None:
    found, _, _ = _held(docket, company)
    client = sign_in(company.auditor)
    client.cookies["language"] = language
    page = client.get(f"/committee/meetings/{found.key}/minutes/").content.decode()
    for text in (word, "The gap is too wide.", "My sister built it.", "Who checks the gap?", "Member3", "UC-2"):
        assert text in page


def test_the_office_adds_words_and_the_chair_approves(docket: Docket, company: Company) -> None:
    found, _, _ = _held(docket, company)
    for person in (company.member, company.chair, company.auditor):
        with pytest.raises(NotAllowedError):
            write_words(found, "It was hot.", seen=1, by=person)
    written = write_words(found, "It was hot.", seen=1, by=company.reviewer)
    for person in (company.member, company.reviewer):
        with pytest.raises(NotAllowedError):
            approve_minutes(written, by=person)
    first, second = (approve_minutes(written, by=company.chair) for _ in range(2))
    assert first == second
    assert written.document == Minutes.objects.get(revision=1).document


def test_a_later_revision_needs_a_new_approval(docket: Docket, company: Company) -> None:
    found, _, _ = _held(docket, company)
    first = Minutes.objects.get()
    approve_minutes(first, by=company.chair)
    second = write_words(found, "It was hot.", seen=1, by=company.reviewer)
    assert not MinutesApproval.objects.filter(minutes=second).exists()
    with pytest.raises(ConflictError):
        write_words(found, "It was cold.", seen=1, by=company.head)


def test_the_chair_does_not_approve_what_was_rewritten_meanwhile(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    found, _, _ = _held(docket, company)
    write_words(found, "It was hot.", seen=1, by=company.reviewer)
    chair = sign_in(company.chair)
    chair.post(f"/committee/meetings/{found.key}/minutes/approve/", {"revision": "1"})
    assert not MinutesApproval.objects.exists()
    chair.post(f"/committee/meetings/{found.key}/minutes/approve/", {"revision": "2"})
    assert MinutesApproval.objects.get().minutes.revision == 2


def test_two_who_write_both_see_the_others_words(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found, _, _ = _held(docket, company)
    write_words(found, "It was hot.", seen=1, by=company.head)
    client = sign_in(company.reviewer)
    page = client.post(f"/committee/meetings/{found.key}/minutes/words/", {"words": "It was cold.", "seen": "1"})
    assert page.status_code == 409
    assert "It was hot." in page.content.decode()
    assert "It was cold." in page.content.decode()


def test_there_are_no_minutes_before_the_meeting_is_closed(company: Company, sign_in: SignIn) -> None:
    found = meet(company)
    assert sign_in(company.chair).get(f"/committee/meetings/{found.key}/minutes/").status_code == 404


def test_of_a_case_that_a_reader_does_not_see_the_minutes_say_nothing(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    found, voted, consented = _held(docket, company)
    write_words(found, "We spoke of UC-1.", seen=1, by=company.reviewer)
    UseCase.objects.filter(pk=voted.use_case_id).update(visibility="restricted")
    page = sign_in(company.reviewer).get(f"/committee/meetings/{found.key}/minutes/").content.decode()
    assert consented.number in page
    for text in (voted.number, "We spoke of", "too wide"):
        assert text not in page
    assert sign_in(company.reviewer).get(f"/committee/meetings/{found.key}/minutes/words/").status_code == 403


def test_a_conflict_is_said_once(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found, _, _ = _held(docket, company)
    page = sign_in(company.chair).get(f"/committee/meetings/{found.key}/minutes/").content.decode()
    assert page.count(f"{company.member3.name} declared a conflict of interest.") == 1
    assert f"{company.member3.name}: recused" not in page


def test_a_second_vote_says_why_there_is_one(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item = docket(number="UC-2026-0001")
    declare(item, conflict=False, by=company.member)
    call_to_meeting(circulate(item, company), "Let us talk.", by=company.member)
    found = meet(company, item)
    ballot = open_ballot(item, Form.MEETING, meeting=found, by=company.chair)
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve", by=person)
    close_ballot(ballot, by=company.chair)
    close_meeting(found, by=company.chair)
    page = sign_in(company.chair).get(f"/committee/meetings/{found.key}/minutes/").content.decode()
    assert "Vote 2:" in page
    assert "A member had called the circulated resolution before it to a meeting." in page


def test_the_history_says_the_writing_of_one_page_in_one_line(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    docket(number="UC-2026-0001")
    page = sign_in(company.reviewer).get("/use-cases/UC-2026-0001/").content.decode()
    assert page.count("<strong>Wrote on the one page</strong>") == 1
    assert "times that day)" in page
