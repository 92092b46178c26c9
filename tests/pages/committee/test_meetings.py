from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.office.committee.actions.agenda import add_item, move_item, pull_item, put_on_part, remove_item
from hakari.office.committee.actions.docket import write_passage
from hakari.office.committee.actions.meetings import (
    cancel_meeting,
    change_meeting,
    close_meeting,
    mark_attendance,
    open_meeting,
    plan_meeting,
)
from hakari.office.committee.actions.voting import close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, Ballot, Decision, DocketItem, Form, Meeting, Pull
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event, MailItem
from hakari.office.people.models import Person
from tests.pages.committee.conftest import meet, voters
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


def test_chair_and_office_plan_a_meeting_and_nobody_else(company: Company) -> None:
    at = timezone.now() + datetime.timedelta(days=3)
    for person in (company.chair, company.reviewer):
        assert plan_meeting(at, 60, by=person).standing == "planned"
    for person in (company.member, company.owner, company.auditor):
        with pytest.raises(NotAllowedError):
            plan_meeting(at, 60, by=person)


def test_the_form_sent_twice_plans_one_meeting(company: Company) -> None:
    at = timezone.now() + datetime.timedelta(days=3)
    first, second = (plan_meeting(at, 60, once="a" * 32, by=company.chair) for _ in range(2))
    assert first == second
    assert Meeting.objects.count() == 1


def test_a_time_that_has_passed_is_refused(company: Company) -> None:
    with pytest.raises(InputError):
        plan_meeting(timezone.now() - datetime.timedelta(days=1), 60, by=company.chair)


def test_members_are_told_at_once_that_a_meeting_was_moved(company: Company) -> None:
    found = meet(company, begin=False)
    change_meeting(found, found.starts_at + datetime.timedelta(days=1), 60, "Room 2", seen=1, by=company.chair)
    told = MailItem.objects.filter(digest=False, subject__contains="changed")
    assert {item.person for item in told} == set(voters(company))


def test_an_item_stands_on_one_agenda_only(docket: Docket, company: Company) -> None:
    item = docket()
    meet(company, item, begin=False)
    with pytest.raises(OfficeError, match="already"):
        add_item(meet(company, begin=False), item, by=company.chair)


def test_items_change_places_within_their_part(docket: Docket, company: Company) -> None:
    first, second = docket(), docket(number="UC-2")
    found = meet(company, first, second, begin=False)
    move_item(found, second, up=True, by=company.reviewer)
    rows = Agenda.objects.filter(meeting=found)
    assert [row.item for row in rows] == [second, first]
    remove_item(found, second, by=company.chair)
    assert [row.item for row in rows.all()] == [first]


def test_only_an_approval_is_decided_by_consent(docket: Docket, company: Company) -> None:
    item = docket(proposal="reject")
    with pytest.raises(OfficeError):
        add_item(meet(company, begin=False), item, consent=True, by=company.chair)


def test_what_nobody_pulled_is_decided_as_proposed_when_the_meeting_closes(docket: Docket, company: Company) -> None:
    item = docket()
    close_meeting(meet(company, item, consent=True), by=company.chair)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.form, decision.votes) == ("approve", "consent", {})
    assert Ballot.objects.get().form == Form.CONSENT
    assert Meeting.objects.get().standing == "closed"
    assert verify(checkpoints=[]).holds


def test_each_consented_item_is_an_event_of_its_own(docket: Docket, company: Company) -> None:
    found = meet(company, docket(), docket(number="UC-2"), consent=True)
    close_meeting(found, by=company.chair)
    close_meeting(found, by=company.chair)
    kinds = list(
        Event.objects.filter(kind__in=("committee.consented", "meeting.closed")).values_list("kind", flat=True)
    )
    assert sorted(kinds) == ["committee.consented", "committee.consented", "meeting.closed"]
    assert Decision.objects.count() == 2


def test_any_member_pulls_an_item_and_then_it_is_discussed(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, consent=True)
    pull_item(found, item, "Who is affected?", by=company.member)
    pull_item(found, item, "", by=company.member2)
    close_meeting(found, by=company.chair)
    assert (Decision.objects.count(), Pull.objects.count(), Agenda.objects.get().consent) == (0, 1, False)


def test_who_is_no_member_pulls_nothing(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, consent=True, begin=False)
    for person in (company.owner, company.reviewer, company.head):
        with pytest.raises(NotAllowedError):
            pull_item(found, item, "No.", by=person)


def test_what_was_pulled_does_not_go_back_to_consent(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, consent=True, begin=False)
    pull_item(found, item, "Why?", by=company.member)
    with pytest.raises(OfficeError):
        put_on_part(found, item, consent=True, by=company.chair)


def test_what_stood_there_for_less_than_a_day_is_discussed(docket: Docket, company: Company) -> None:
    found = meet(company, docket(), consent=True, begin=False)
    Agenda.objects.update(part_since=timezone.now() - datetime.timedelta(hours=23))
    open_meeting(found, by=company.chair)
    assert Agenda.objects.get().consent is False


def test_a_page_that_changed_since_is_discussed(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, consent=True, begin=False)
    write_passage(item, "asked", "Something else.", "en", seen=1, by=company.reviewer)
    open_meeting(found, by=company.chair)
    assert Agenda.objects.get().consent is False


def test_a_page_that_changes_during_the_meeting_is_not_decided(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, consent=True)
    write_passage(item, "asked", "Something else.", "en", seen=1, by=company.reviewer)
    close_meeting(found, by=company.chair)
    item.refresh_from_db()
    assert (Decision.objects.count(), item.standing) == (0, "waiting")


def test_without_a_quorum_of_those_who_may_vote_nothing_is_decided(docket: Docket, company: Company) -> None:
    item = docket()  # four sit on the committee: three are the quorum
    found = meet(company, item, consent=True, present=("chair", "member"))
    close_meeting(found, by=company.chair)
    assert Decision.objects.count() == 0
    again = meet(company, item, consent=True, present=("chair", "member", "member2"))
    close_meeting(again, by=company.chair)
    assert Decision.objects.count() == 1


def test_a_recused_member_is_no_part_of_the_quorum(docket: Docket, company: Company) -> None:
    item = docket()
    declare(item, conflict=True, reason="My brother.", by=company.member)
    found = meet(company, item, consent=True, present=("chair", "member"))  # three may vote, one of them is there
    close_meeting(found, by=company.chair)
    assert Decision.objects.count() == 0


def test_the_chair_does_not_decide_their_own_case_by_closing(docket: Docket, company: Company) -> None:
    item = docket(reporter=company.chair)
    close_meeting(meet(company, item, consent=True, by=company.head), by=company.chair)
    assert Decision.objects.count() == 0


def test_nobody_puts_their_own_case_on_the_consent_part(docket: Docket, company: Company) -> None:
    item = docket(reporter=company.chair)
    with pytest.raises(NotAllowedError):
        meet(company, item, consent=True)


def test_a_vote_in_a_meeting_decides(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item)
    ballot = open_ballot(item, Form.MEETING, meeting=found, by=company.chair)
    with pytest.raises(OfficeError, match=item.number):
        close_meeting(found, by=company.chair)
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve", by=person)
    close_ballot(ballot, by=company.chair)
    assert close_meeting(found, by=company.chair).standing == "closed"
    assert Decision.objects.get().form == "meeting"


def test_no_vote_opens_in_a_meeting_that_is_not_open_or_has_another_agenda(docket: Docket, company: Company) -> None:
    item = docket()
    found = meet(company, item, begin=False)
    with pytest.raises(OfficeError):
        open_ballot(item, Form.MEETING, meeting=found, by=company.chair)
    with pytest.raises(OfficeError):
        open_ballot(item, Form.MEETING, meeting=meet(company), by=company.chair)


def test_members_say_themselves_that_they_are_there_and_the_chair_for_all(company: Company) -> None:
    found = meet(company, present=())
    assert mark_attendance(found, company.member, there=True, by=company.member).present
    assert not mark_attendance(found, company.member, there=False, by=company.chair).present
    with pytest.raises(NotAllowedError):
        mark_attendance(found, company.chair, there=True, by=company.member)
    with pytest.raises(NotAllowedError):
        mark_attendance(found, company.owner, there=True, by=company.owner)


def test_only_the_chair_opens_and_closes(company: Company) -> None:
    found = meet(company, begin=False)
    for person in (company.member, company.reviewer, company.head):
        with pytest.raises(NotAllowedError):
            open_meeting(found, by=person)
    open_meeting(found, by=company.chair)
    assert open_meeting(found, by=company.chair).standing == "open"
    with pytest.raises(NotAllowedError):
        close_meeting(found, by=company.member)


def test_a_cancelled_meeting_frees_its_items(docket: Docket, company: Company) -> None:
    item = docket()
    cancel_meeting(meet(company, item, begin=False), by=company.reviewer)
    assert add_item(meet(company, begin=False), item, by=company.chair).item == item


def _act(client: Client, found: Meeting, act: str, **data: str) -> int:
    return client.post(f"/committee/meetings/{found.key}/act/", {"act": act, **data}).status_code


def test_a_meeting_is_held_by_pressing_buttons(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, chair = docket(), sign_in(company.chair)
    typed = {"starts_at": "2099-01-01T10:00", "minutes": "60", "place": "Room 1", "once": "a" * 32}
    assert chair.post("/committee/meetings/new/", typed).status_code == 422
    soon = timezone.localtime(timezone.now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert chair.post("/committee/meetings/new/", {**typed, "starts_at": soon}).status_code == 302
    found = Meeting.objects.get()
    _act(chair, found, "add_consent", item=item.key)
    Agenda.objects.update(part_since=timezone.now() - datetime.timedelta(days=2))
    _act(chair, found, "open")
    for person in voters(company):
        _act(sign_in(person), found, "present")
    assert "Room 1" in chair.get(f"/committee/meetings/{found.key}/").content.decode()
    _act(chair, found, "close")
    assert Decision.objects.get().form == "consent"


def test_what_cannot_be_done_is_said_on_the_page(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, chair = docket(), sign_in(company.chair)
    found = meet(company, item)
    _act(chair, found, "vote_open", item=item.key)
    _act(chair, found, "vote_open", item=item.key)
    _act(chair, found, "close")
    page = chair.get(f"/committee/meetings/{found.key}/").content.decode()
    assert f"Votes are open on {item.number}" in page
    assert Ballot.objects.count() == 1


def test_a_case_that_a_reader_does_not_see_is_not_on_the_agenda(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item = docket()
    found = meet(company, item, begin=False)
    type(item.use_case).objects.filter(pk=item.use_case_id).update(visibility="restricted")
    assert item.number in sign_in(company.chair).get(f"/committee/meetings/{found.key}/").content.decode()
    page = sign_in(company.reviewer).get(f"/committee/meetings/{found.key}/").content.decode()
    assert item.number not in page
    assert _act(sign_in(company.reviewer), found, "remove", item=item.key) == 404


def test_meetings_are_read_by_committee_office_and_auditors(company: Company, sign_in: SignIn) -> None:
    found = meet(company, begin=False)
    for person in (company.member, company.chair, company.reviewer, company.head, company.auditor):
        assert sign_in(person).get(f"/committee/meetings/{found.key}/").status_code == 200
    for person in (company.owner, company.admin, company.stranger, company.outsider):
        assert sign_in(person).get(f"/committee/meetings/{found.key}/").status_code == 403


def test_two_who_move_a_meeting_both_see_what_the_other_wrote(company: Company, sign_in: SignIn) -> None:
    found = meet(company, begin=False)
    change_meeting(found, found.starts_at, 45, "Room of the other", seen=1, by=company.chair)
    soon = timezone.localtime(found.starts_at).strftime("%Y-%m-%dT%H:%M")
    typed = {"starts_at": soon, "minutes": "30", "place": "My room", "version": "1"}
    page = sign_in(company.reviewer).post(f"/committee/meetings/{found.key}/change/", typed)
    assert page.status_code == 409
    assert "Room of the other" in page.content.decode()
    assert "My room" in page.content.decode()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_a_meeting_renders(docket: Docket, company: Company, sign_in: SignIn, language: str) -> None:
    found, client = meet(company, docket(), consent=True), sign_in(company.chair)
    client.cookies["language"] = language
    for address in ("", "new/", f"{found.key}/"):
        assert client.get(f"/committee/meetings/{address}").status_code == 200
    close_meeting(found, by=company.chair)
    for address in ("", f"{found.key}/", f"{found.key}/minutes/"):
        assert client.get(f"/committee/meetings/{address}").status_code == 200
    assert json.loads(bytes(Event.objects.get(kind="meeting.closed").body))["data"]["present"] == 4
