from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hakari.errors import NotAllowedError, OfficeError
from hakari.office.committee.actions.stopping import resume, stop, turn_into_recall, unratified
from hakari.office.committee.actions.voting import close_ballot, vote
from hakari.office.committee.models import Ballot, Stop
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event, MailItem
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.people.models import Person
from tests.pages.committee.conftest import seat
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_assessment, make_case

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


def _stopped(company: Company) -> Stop:
    seat(company)
    return stop(make_case(company), "stop", "It hurts.", by=company.chair)


def _say(found: Stop, company: Company, choice: str) -> Ballot:
    ballot = Ballot.objects.get(stop=found, closed_at=None)
    # Who made a stop does not vote on it.
    for name in ("member", "member2", "member3", *(["chair"] if found.by != company.chair.key else [])):
        vote(ballot, choice, reason="So it is.", by=company.people[name])
    return close_ballot(ballot, by=company.reviewer)


@pytest.mark.parametrize("name", ["chair", "head"])
def test_chair_or_head_turns_a_stop_into_a_recall_in_one_act(company: Company, name: str) -> None:
    found = _stopped(company)
    made = turn_into_recall(found, "It is sold.", by=company.people[name])
    assert (made.kind, made.turned_from, made.use_case.state) == ("recall", found, "suspended")
    event = Event.objects.get(kind="stop.turned_into_recall")
    assert json.loads(bytes(event.body))["data"]["before"] == found.key
    assert verify(checkpoints=[]).holds


@pytest.mark.parametrize("name", ["owner", "reviewer", "member", "auditor", "stranger"])
def test_nobody_else_does(company: Company, name: str) -> None:
    found = _stopped(company)
    with pytest.raises(NotAllowedError):
        turn_into_recall(found, "It is sold.", by=company.people[name])
    assert Stop.objects.count() == 1


def test_the_vote_on_the_stop_ends_and_one_on_the_recall_begins(company: Company) -> None:
    found = _stopped(company)
    made = turn_into_recall(found, "It is sold.", by=company.head)
    assert Ballot.objects.get(stop=found).ending == "withdrawn"
    assert list(unratified()) == [made]
    _say(made, company, "lift")
    assert type(made.use_case).objects.get().state == "triaged"


def test_a_second_press_gives_the_same_recall(company: Company) -> None:
    found = _stopped(company)
    made = turn_into_recall(found, "It is sold.", by=company.head)
    assert turn_into_recall(found, "Again.", by=company.chair) == made
    with pytest.raises(OfficeError):
        turn_into_recall(made, "And again.", by=company.chair)


def test_what_is_not_stopped_any_more_is_not_recalled(company: Company) -> None:
    found = _stopped(company)
    _say(found, company, "lift")
    with pytest.raises(OfficeError):
        turn_into_recall(found, "It is sold.", by=company.chair)


def test_an_upheld_stop_becomes_a_recall_and_goes_on_by_the_vote_on_that(company: Company) -> None:
    found = _stopped(company)
    _say(found, company, "uphold")
    made = turn_into_recall(found, "It is sold.", by=company.head)
    with pytest.raises(OfficeError):
        resume(found.use_case, "Mended.", by=company.chair)
    _say(made, company, "uphold")
    assert resume(found.use_case, "Mended.", by=company.chair).state == "triaged"


def test_everybody_concerned_is_told_of_the_recall(company: Company) -> None:
    turn_into_recall(_stopped(company), "It is sold.", by=company.head)
    assert MailItem.objects.filter(subject__startswith="Recalled", person=company.owner).count() == 1


def test_the_page_of_the_stop_leads_to_the_recall_and_back(company: Company, sign_in: SignIn) -> None:
    seat(company)
    found = stop(make_case(company, number="UC-2026-0001"), "stop", "It hurts.", by=company.chair)
    head, address = sign_in(company.head), f"/committee/stops/{found.key}/recall/"
    assert "Turn into a recall" in head.get(f"/committee/stops/{found.key}/").content.decode()
    assert "Turn into a recall" in head.get(address).content.decode()
    given: dict[str, Any] = {"reason": "It is sold.", "task-TOTAL_FORMS": "0", "task-INITIAL_FORMS": "0"}
    first, second = head.post(address, given), head.post(address, given)
    made = Stop.objects.get(kind="recall")
    assert first["Location"] == second["Location"] == f"/committee/stops/{made.key}/"
    assert f"It became the recall {made.number}." in head.get(f"/committee/stops/{found.key}/").content.decode()
    assert f"It began as the stop {found.number}." in head.get(f"/committee/stops/{made.key}/").content.decode()
    assert "became a recall" in head.get("/committee/stops/").content.decode()


def test_who_may_not_stop_gets_no_page_for_it(company: Company, sign_in: SignIn) -> None:
    found = _stopped(company)
    for person, status in ((company.owner, 403), (company.member, 403), (company.stranger, 404)):
        assert sign_in(person).get(f"/committee/stops/{found.key}/recall/").status_code == status


def test_resumed_every_decided_assessment_is_out_of_date(company: Company) -> None:
    seat(company)
    first = make_assessment(company)
    StageAssessment.objects.filter(pk=first.pk).update(standing=Standing.CLOSED, standing_since=timezone.now())
    second = StageAssessment.objects.create(
        use_case=first.use_case, stage="release", number=1, packs=first.packs, facts=first.facts,
        opened_by=company.owner, before=first,
    )  # fmt: skip
    type(first.use_case).objects.update(state="assessing")
    found = stop(first.use_case, "stop", "It hurts.", by=company.chair)
    _say(found, company, "uphold")
    resume(first.use_case, "Mended.", by=company.chair)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.standing, second.standing) == (Standing.STALE, Standing.OPEN)
    assert type(first.use_case).objects.get().state == "assessing"
