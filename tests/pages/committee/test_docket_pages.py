from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hakari.office.committee.actions.voting import call_to_meeting, declare, vote
from hakari.office.committee.models import Ballot, Decision, Declaration, DocketItem, Vote
from hakari.office.committee.votes.box import last_votes, votes_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import circulate, decide_by, make_item, make_round, voters
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import FAIR, GAPING

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]
SECRET = "Because the moon is full."


@pytest.fixture
def docket(company: Company) -> Docket:
    """Return a function that lays a complete case, of a number that has a page, before the committee."""
    return lambda groups=FAIR, **options: make_item(company, groups, **{"number": "UC-2026-0001", **options})


def _address(item: DocketItem, *rest: str) -> str:
    return f"/committee/items/{item.key}/" + "".join(f"{part}/" for part in rest)


def _page(client: Client, address: str, status: int = 200, **options: Any) -> str:
    answer = client.get(address, **options)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def _send(client: Client, ballot: Ballot, choice: str, *, seen: int = 0, **more: Any) -> Any:
    return client.post(f"/committee/ballots/{ballot.key}/vote/", {"choice": choice, "seen": seen, **more})


def _say_no_conflict(client: Client, item: DocketItem) -> Any:
    return client.post(_address(item, "declare"), {"conflict": "no", "reason": ""})


@pytest.mark.parametrize("name", ["reviewer", "head", "member", "chair", "auditor"])
def test_office_committee_and_auditors_read_docket_and_item(
    docket: Docket, company: Company, sign_in: SignIn, name: str
) -> None:
    item, client = docket(), sign_in(company.people[name])
    assert item.number in _page(client, "/committee/")
    page = _page(client, _address(item))
    assert "About asked." in page
    assert "Reply drafts" in page


@pytest.mark.parametrize("name", ["owner", "engineer", "delegate", "stranger", "admin", "outsider", "publisher"])
def test_nobody_else_reads_it(docket: Docket, company: Company, sign_in: SignIn, name: str) -> None:
    item, client = docket(), sign_in(company.people[name])
    for address in ("/committee/", _address(item)):
        assert "About asked." not in _page(client, address, 403)


def test_who_has_not_signed_in_is_asked_to(docket: Docket, company: Company) -> None:
    assert Client().get(_address(docket())).status_code == 302


def test_an_item_of_a_case_that_is_not_shown_does_not_exist(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item = docket()
    UseCase.objects.update(visibility="restricted")
    item.use_case.people.clear()
    client = sign_in(company.reviewer)
    assert _page(client, _address(item), 404)
    assert item.number not in _page(client, "/committee/")


def test_a_member_who_was_admitted_reads_a_case_under_its_own_name(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item = docket()
    UseCase.objects.update(code_name="Marblestone", visibility="restricted")
    item.use_case.people.add(company.member)
    assert "Reply drafts" in _page(sign_in(company.member), _address(item))
    item.use_case.people.remove(company.member)
    assert _page(sign_in(company.member), _address(item), 404)


def test_a_member_declares_and_votes(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    assert f"/committee/ballots/{ballot.key}/vote/" not in _page(client, _address(item))
    assert _say_no_conflict(client, item).status_code == 302
    assert f"/committee/ballots/{ballot.key}/vote/" in _page(client, _address(item))
    assert _send(client, ballot, "approve", reason=SECRET).headers["Location"] == _address(item) + "#vote"
    assert SECRET in _page(client, _address(item))


def test_a_vote_can_be_changed_until_it_closes(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    _say_no_conflict(client, item)
    _send(client, ballot, "approve")
    _send(client, ballot, "reject", seen=1, reason="I see now.")
    (cast,) = votes_of(last_votes(ballot)).values()
    assert (cast.revision, cast.choice, cast.reason, Vote.objects.count()) == (2, "reject", "I see now.", 2)


def test_sending_twice_makes_one_vote_and_one_declaration(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    assert [_say_no_conflict(client, item).status_code for _ in range(2)] == [302, 302]
    assert [_send(client, ballot, "approve", reason="Yes.").status_code for _ in range(2)] == [302, 302]
    assert (Declaration.objects.count(), Vote.objects.count()) == (1, 1)


def test_a_vote_from_another_device_is_shown_beside_what_is_typed(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    _say_no_conflict(client, item)
    vote(ballot, "defer", reason="Wait a month.", by=company.member)
    answer = _send(client, ballot, "reject", seen=0, reason="Too soon.")
    assert answer.status_code == 409
    assert all(text in answer.content.decode() for text in ("Wait a month.", "Too soon."))
    assert _send(client, ballot, "reject", seen=1, reason="Too soon.").status_code == 302


@pytest.mark.parametrize("name", ["member2", "chair", "reviewer", "auditor", "head"])
def test_nobody_sees_how_another_votes_before_it_closes(
    docket: Docket, company: Company, sign_in: SignIn, name: str
) -> None:
    item = docket()
    ballot = circulate(item, company)
    for person in (company.member, company.member2):
        declare(item, conflict=False, by=person)
    before = _page(sign_in(company.people[name]), _address(item))
    vote(ballot, "reject", reason=SECRET, dissent=True, by=company.member)
    page = _page(sign_in(company.people[name]), _address(item))
    assert SECRET not in page
    for word in ("reject", "dissent", "Member"):
        assert page.count(word) == before.count(word), word
    assert "1 voted" in page
    assert SECRET not in _page(sign_in(company.people[name]), f"/use-cases/{item.use_case.number}/")
    assert SECRET not in _page(sign_in(company.people[name]), "/committee/")


def test_votes_of_a_ballot_that_decided_nothing_stay_sealed_until_another_decides(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item, client = docket(), sign_in(company.member2)
    ballot = circulate(item, company)
    for person in (company.member, company.member2):
        declare(item, conflict=False, by=person)
    vote(ballot, "reject", reason=SECRET, by=company.member)
    call_to_meeting(ballot, "Let us talk.", by=company.member2)
    page = _page(client, _address(item))
    assert SECRET not in page
    assert "Let us talk." in page
    item.refresh_from_db()
    decide_by(item, company, "approve")
    assert SECRET in _page(client, _address(item))


def test_after_closing_votes_are_shown_with_names_reasons_and_dissent(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item = docket()
    ballot = circulate(item, company)
    declare(item, conflict=True, reason="My brother sells it.", by=company.member3)
    for person in (company.member, company.member2, company.chair):
        declare(item, conflict=False, by=person)
        against = person == company.member
        choice = "reject" if against else "approve"
        vote(ballot, choice, reason=SECRET if against else "", dissent=against, by=person)
    sign_in(company.chair).post(f"/committee/ballots/{ballot.key}/close/")
    page = _page(sign_in(company.auditor), _address(item))
    assert all(text in page for text in (SECRET, "dissent recorded", "Member3", "recused", "Decision D-"))


def test_after_the_deadline_the_page_closes_the_vote_and_takes_none(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    _say_no_conflict(client, item)
    Ballot.objects.update(deadline=timezone.now() - datetime.timedelta(seconds=1))
    late = _send(client, ballot, "approve", reason="My words stay.")
    assert (late.status_code, Vote.objects.count()) == (400, 0)
    assert "My words stay." in late.content.decode()
    page = _page(client, _address(item))
    ballot.refresh_from_db()
    assert (ballot.ending, Decision.objects.count()) == ("no_quorum", 0)
    assert "no quorum" in page
    assert f"/committee/ballots/{ballot.key}/vote/" not in page


@pytest.mark.parametrize("who", ["member", "member2"])
def test_a_member_reads_their_own_case_and_has_no_vote_form(
    docket: Docket, company: Company, sign_in: SignIn, who: str
) -> None:
    item = docket()
    ballot = circulate(item, company)
    if who == "member":
        UseCase.objects.update(owner=company.member)
    else:
        declare(item, conflict=True, reason="My sister works there.", by=company.member2)
    client = sign_in(company.people[who])
    page = _page(client, _address(item))
    assert "About asked." in page
    assert f"/committee/ballots/{ballot.key}/vote/" not in page
    assert ("You took part in this case" if who == "member" else "You declared a conflict") in page
    assert _send(client, ballot, "approve").status_code == 403


def test_who_put_it_on_the_docket_does_not_vote(docket: Docket, company: Company, sign_in: SignIn) -> None:
    from hakari.office.people.models import Assignment
    from tests.pages.conftest import TODAY

    item = docket()
    Assignment.objects.create(person=company.reviewer, role="member", starts=TODAY)
    circulate(item, company)
    assert "You laid this before the committee" in _page(sign_in(company.reviewer), _address(item))


def test_an_auditor_reads_and_never_votes(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.auditor)
    ballot = circulate(item, company)
    assert "<form" not in _page(client, _address(item)).split("<main", 1)[1]
    assert _send(client, ballot, "approve").status_code == 403
    assert client.post(f"/committee/ballots/{ballot.key}/close/").status_code == 403
    assert client.post(_address(item, "open"), {"deadline": "2030-01-01T10:00"}).status_code == 403


def test_a_vote_against_needs_a_reason_and_what_was_typed_stays(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    _say_no_conflict(client, item)
    answer = _send(client, ballot, "reject", dissent="on")
    assert (answer.status_code, Vote.objects.count()) == (400, 0)
    assert "Say why" in answer.content.decode()


def test_a_conflict_needs_its_reason(docket: Docket, company: Company, sign_in: SignIn) -> None:
    client, item = sign_in(company.member), docket()
    assert client.post(_address(item, "declare"), {"conflict": "yes"}).status_code == 400
    answer = client.post(_address(item, "declare"), {"conflict": "yes", "reason": "My brother."})
    assert (answer.status_code, Declaration.objects.get().conflict) == (302, True)


def test_a_member_calls_a_circulated_resolution_to_a_meeting(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    ballot = circulate(item, company)
    _say_no_conflict(client, item)
    address = f"/committee/ballots/{ballot.key}/call/"
    assert client.post(address, {"call-reason": ""}).status_code == 400
    assert [client.post(address, {"call-reason": "We should talk."}).status_code for _ in range(2)] == [302, 302]
    item.refresh_from_db()
    assert item.standing == "waiting"
    assert "Member called it to a meeting" in _page(client, _address(item))


def test_the_chair_opens_a_circulated_vote_once(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.chair)
    until = timezone.localtime() + datetime.timedelta(days=3)
    address, typed = _address(item, "open"), {"deadline": f"{until:%Y-%m-%dT%H:%M}"}
    assert "datetime-local" in _page(client, address)
    assert client.post(address, {"deadline": "2001-01-01T10:00"}).status_code == 400
    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert Ballot.objects.get().deadline == until.replace(second=0, microsecond=0)


def test_the_chair_cannot_close_too_early_and_is_told_why(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.chair)
    ballot = circulate(item, company)
    answer = client.post(f"/committee/ballots/{ballot.key}/close/", follow=True)
    assert "4 members have not voted" in answer.content.decode()
    assert Ballot.objects.get().closed_at is None


def test_closing_twice_decides_once(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.chair)
    ballot = circulate(item, company)
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve", by=person)
    assert "Close the vote" in _page(client, _address(item))
    for _ in range(2):
        assert client.post(f"/committee/ballots/{ballot.key}/close/").status_code == 302
    assert Decision.objects.count() == 1


def test_the_figures_are_those_of_the_frozen_document(docket: Docket, company: Company, sign_in: SignIn) -> None:
    from hakari.office.lifecycle.models import Projection

    item = docket(GAPING)
    Projection.objects.all().delete()
    page = _page(sign_in(company.member), _address(item))
    assert "Gaps in results" in page
    assert "30.0" in page  # 700 of 1,000 less 400 of 1,000
    assert item.round.document in page


def test_the_docket_asks_as_often_for_many_items_as_for_few(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    circulate(item, company)
    client.get("/committee/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        _page(client, "/committee/")
    for number in range(2, 6):
        other = _another(item, number, company)
        circulate(other, company)
    with CaptureQueriesContext(connection) as many:
        assert _page(client, "/committee/").count("your vote is missing") == 5
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as home:
        _page(client, "/")
    assert len(home) < 60


def _another(item: DocketItem, number: int, company: Company) -> DocketItem:
    """Copy an item onto another use case; the rows are made by hand, as the way there is long."""
    from hakari.office.committee.models import Passage
    from hakari.office.lifecycle.models import Round, StageAssessment

    case = UseCase.objects.get(pk=item.use_case_id)
    case.pk, case.number, case.key = None, f"UC-2026-000{number}", f"{number:032}"
    case.save()
    assessment = StageAssessment.objects.get(pk=item.round.assessment_id)
    assessment.pk, assessment.key, assessment.use_case = None, f"{number:032}", case
    assessment.save()
    round = Round.objects.get(pk=item.round_id)
    values = {
        name: getattr(round, name)
        for name in ("document", "plan", "scope", "packs", "evidence", "counts", "closes", "submitted_by")
    }
    made = Round.objects.create(assessment=assessment, number=1, **values)
    other = DocketItem.objects.create(
        number=f"A-{number}", round=made, use_case=case, proposal=item.proposal, valid_until=item.valid_until,
        put_by=company.reviewer,
    )  # fmt: skip
    for row in Passage.objects.filter(item=item):
        Passage.objects.create(item=other, heading=row.heading, revision=1, language="en", text=row.text, by=row.by)
    return other


def test_filters_stand_in_the_address(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.member)
    for query, there in {
        "standing=waiting": True, "standing=voting": False, "standing=decided": False, "stage=develop": True,
        "stage=plan": False, "tier=high": True, "tier=low": False, "mine=1": False, "standing=none&tier=x": True,
    }.items():  # fmt: skip
        assert (item.number in _page(client, f"/committee/?{query}")) == there, query
    circulate(item, company)
    assert item.number in _page(client, "/committee/?mine=1")


def test_home_tells_members_chair_and_reviewers_what_waits(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item = docket()
    assert "say whether you have a conflict" in _page(sign_in(company.member), "/")
    assert "open the vote" in _page(sign_in(company.chair), "/")
    ballot = circulate(item, company)
    assert _address(item) in _page(sign_in(company.member), "/")
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve", by=person)
    assert _address(item) not in _page(sign_in(company.member), "/")
    assert "close the vote" in _page(sign_in(company.chair), "/")


def test_home_tells_a_reviewer_of_a_page_that_is_not_whole(company: Company, sign_in: SignIn) -> None:
    from hakari.office.committee.actions.docket import put_on_docket
    from tests.pages.committee.conftest import SOON, seat

    seat(company)
    item = put_on_docket(
        make_round(company, number="UC-2026-0001"), "approve", timezone.localdate() + SOON, by=company.reviewer
    )
    assert _address(item) in _page(sign_in(company.reviewer), "/")


def test_everything_is_there_in_japanese(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(GAPING, proposal="approve_with_conditions"), sign_in(company.member)
    circulate(item, company)
    client.cookies["language"] = "ja"
    page = _page(client, _address(item))
    assert all(text in page for text in ("お諮りする事項", "原文（正文）", "条件付きで承認する", 'lang="en"'))
    assert "[office.committee" not in page
