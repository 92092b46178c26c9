"""Many at once, on real transactions: quorum, recusal and deadlines hold, and nothing is written twice."""

from __future__ import annotations

import datetime
import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from hakari.errors import HakariError
from hakari.office.committee.actions.docket import put_on_docket, withdraw
from hakari.office.committee.actions.voting import close_ballot, close_due, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, Ballot, Decision, Declaration, DocketItem, Form, Meeting, Vote
from hakari.office.committee.votes.box import last_votes, votes_of
from hakari.office.core.conflicts import change
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.models import Answer, Delivery, Record, Round, StageAssessment
from hakari.office.lifecycle.projecting import rebuild
from hakari.office.people.models import Person
from tests.pages.committee.conftest import SOON, circulate, make_item, make_round, seat
from tests.pages.conftest import Company, make_company
from tests.pages.lifecycle.conftest import complete, make_assessment
from tests.pages.lifecycle.trial import ASKED, trial_bundle

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return a folder of its own: what is committed here writes checkpoints."""
    place = tmp_path / "office"
    place.mkdir()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=place, key=place / "keys" / "office.pem")
    return place


@pytest.fixture
def shared(
    folder: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
    transactional_db: None,
) -> Iterator[Company]:
    """Give the threads a company in a database that they share: SQLite as a file instead of in memory."""
    before = connections["default"]
    if before.vendor != "sqlite":
        yield make_company()
        return
    settings = connections.settings["default"]
    name = settings["NAME"]
    with django_db_blocker.unblock():
        del connections["default"]
        settings["NAME"] = str(tmp_path / "office.sqlite3")
        try:
            _migrated(tmp_path_factory.getbasetemp() / "migrated.sqlite3", Path(settings["NAME"]))
            yield make_company()
        finally:
            connections.close_all()
            settings["NAME"] = name
            connections["default"] = before


def _migrated(once: Path, place: Path) -> None:
    """Put a database with all tables in its place; they are made once."""
    if not once.exists():
        call_command("migrate", verbosity=0)
        connections.close_all()
        shutil.copyfile(place, once)
    shutil.copyfile(once, place)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each on a connection of its own; a refusal is returned."""
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        except HakariError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [item.result() for item in [pool.submit(one, act) for act in acts]]


def refusals(results: list[Any]) -> list[HakariError]:
    return [item for item in results if isinstance(item, HakariError)]


def eight(company: Company) -> list[Person]:
    """Seat members until eight may vote, and return them."""
    seat(company, 7)
    return [company.people[name] for name in ["chair", "member", *(f"member{number}" for number in range(2, 8))]]


def item_of(company: Company, people: list[Person], **options: Any) -> DocketItem:
    """Lay a case before the committee, with everybody's declaration."""
    there = make_item(company, **options)
    for person in people:
        declare(there, conflict=False, by=person)
    return there


@pytest.fixture
def voting(shared: Company, monkeypatch: pytest.MonkeyPatch) -> tuple[Company, list[Person], DocketItem]:
    """Return an item of eight voters, all declared."""
    people = eight(shared)
    monkeypatch.setattr("tests.pages.committee.conftest.seat", lambda company: None)
    return shared, people, item_of(shared, people)


def in_meeting(item: DocketItem, company: Company) -> Ballot:
    """Open a ballot that the chair may close at any time."""
    meeting, _ = Meeting.objects.get_or_create(
        number="M-1", defaults={"starts_at": timezone.now(), "standing": "open", "called_by": company.chair}
    )
    Agenda.objects.get_or_create(meeting=meeting, item=item, defaults={"place": 1})
    return open_ballot(DocketItem.objects.get(pk=item.pk), Form.MEETING, meeting=meeting, by=company.chair)


def last_choices(ballot: Ballot) -> Counter[str]:
    return Counter(row.choice for row in votes_of(last_votes(ballot)).values())


@pytest.mark.timeout(300)
def test_votes_at_the_moment_of_closing_are_counted_or_refused(
    voting: tuple[Company, list[Person], DocketItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    company, people, item = voting

    def leave_undecided(ballot: Ballot, item: DocketItem, tally: Any, *, by: Any) -> Any:
        """The vote alone is looked at here, many times over: the item waits again."""
        change(item, standing=DocketItem.Standing.WAITING)
        return SimpleNamespace(statement="")

    monkeypatch.setattr("hakari.office.committee.actions.voting.decide", leave_undecided)
    endings, refused = Counter[str](), 0
    for turn in range(ROUNDS):
        ballot = in_meeting(item, company)
        for person in people[: turn % 6]:
            vote(ballot, "reject", reason="No.", by=person)
        acts = [partial(vote, ballot, "approve", by=person) for person in people]
        closing = _after(turn % 5 * 0.01, partial(close_ballot, ballot, by=company.chair))
        results = together(*acts, closing)
        found = Ballot.objects.get(pk=ballot.pk)
        accepted = sum(isinstance(result, Vote) for result in results)
        assert found.closed_at is not None
        assert Vote.objects.filter(ballot=found).count() == accepted + turn % 6
        assert not Vote.objects.filter(ballot=found, at__gt=found.closed_at).exists()
        event = Event.objects.filter(kind="committee.ballot_closed").order_by("-sequence")[0]
        assert not Event.objects.filter(kind="committee.voted", sequence__gt=event.sequence).exists()
        if found.ending == "decided":
            assert Counter(_data(event)["votes"]) == last_choices(found)
        else:
            assert _data(event)["cast"] == len(last_votes(found))
        endings[found.ending] += 1
        refused += len(refusals(results))
    assert verify().holds
    # Else nothing happened at the same moment.
    assert endings.total() == ROUNDS
    assert refused


def _data(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(bytes(event.body))["data"]
    return data


def test_nobody_slips_in_after_the_deadline(voting: tuple[Company, list[Person], DocketItem]) -> None:
    company, people, item = voting
    ballot = circulate(item, company)
    for person in people[:5]:
        vote(ballot, "approve", by=person)
    near = timezone.now() + datetime.timedelta(milliseconds=40)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=near)
    late = [lambda p=person: vote(ballot, "reject", reason="No.", by=p) for person in people[5:]]
    results = together(*late, _after(0.05, close_due), _after(0.06, close_due))
    found = Ballot.objects.get(pk=ballot.pk)
    assert found.ending == "decided"
    assert Decision.objects.get().votes == dict(last_choices(ballot))
    assert not Vote.objects.filter(at__gt=near).exists()
    assert len(refusals(results)) + last_choices(ballot)["reject"] == 3


def _after(seconds: float, act: Callable[[], Any]) -> Callable[[], Any]:
    def wait() -> Any:
        threading.Event().wait(seconds)
        return act()

    return wait


def test_many_who_close_make_one_decision(voting: tuple[Company, list[Person], DocketItem]) -> None:
    company, people, item = voting
    ballot = circulate(item, company)
    for person in people:
        vote(ballot, "approve", by=person)
    results = together(*[lambda: close_ballot(ballot, by=company.chair)] * 4, *[close_due] * 2)
    assert refusals(results) == []
    assert Decision.objects.count() == 1
    assert Event.objects.filter(kind="committee.ballot_closed").count() == 1
    assert verify().holds


def test_a_member_who_recuses_themselves_while_voting_does_one_of_both(
    voting: tuple[Company, list[Person], DocketItem],
) -> None:
    company, people, item = voting
    ballot = circulate(item, company)
    for person in people:
        results = together(
            lambda p=person: vote(ballot, "approve", by=p),  # type: ignore[misc]
            lambda p=person: declare(item, conflict=True, reason="My brother sells it.", by=p),  # type: ignore[misc]
        )
        voted = Vote.objects.filter(person=person).exists()
        recused = Declaration.objects.filter(person=person, conflict=True).exists()
        assert (voted, recused) in ((True, False), (False, True)), results
    assert verify().holds


def test_two_reviewers_lay_one_round_before_the_committee_once(shared: Company) -> None:
    seat(shared)
    round, until = make_round(shared), timezone.localdate() + SOON
    other = shared.add("reviewer2", "reviewer", None)
    people = [shared.reviewer, other] * 3
    results = together(*[lambda p=person: put_on_docket(round, "approve", until, by=p) for person in people])
    assert {result.pk for result in results} == {DocketItem.objects.get().pk}
    assert verify().holds


def test_two_who_answer_one_question_save_one_answer(shared: Company) -> None:
    found = make_assessment(shared)
    values = ["yes", "no"] * 3
    results = together(
        *[lambda v=value: answer_question(found, ASKED, "told", v, seen=0, by=shared.owner) for value in values]
    )
    assert Answer.objects.count() == 1
    assert len(refusals(results)) == 5
    assert rebuild() == []
    assert verify().holds


def test_one_bundle_delivered_many_times_at_once_is_one_delivery(shared: Company) -> None:
    found, content = make_assessment(shared), trial_bundle()
    results = together(*[lambda: deliver(found, content, by=shared.engineer)] * 5)
    assert {result.pk for result in results} == {Delivery.objects.get().pk}
    assert Record.objects.count() == 1
    assert rebuild() == []
    assert verify().holds


def test_submitted_many_times_at_once_there_is_one_round(shared: Company) -> None:
    found = complete(make_assessment(shared), shared)
    results = together(*[lambda: submit(found, seen=found.version, by=shared.owner)] * 5)
    assert {result.pk for result in results} == {Round.objects.get().pk}
    assert Event.objects.filter(kind="assessment.submitted").count() == 1
    assert verify().holds


def test_answers_given_while_somebody_submits_are_in_the_round_or_refused(shared: Company) -> None:
    found = complete(make_assessment(shared), shared)
    results = together(
        lambda: submit(found, seen=found.version, by=shared.owner),
        lambda: answer_question(found, ASKED, "how", "By letter.", seen=1, by=shared.owner),
    )
    assert rebuild() == []
    if Round.objects.exists() and Answer.objects.filter(question="how").count() == 2:
        given = Answer.objects.get(question="how", revision=2)
        assert given.record is not None
        assert given.record.evidence in Round.objects.get().evidence
    assert len(refusals(results)) <= 1
    assert StageAssessment.objects.get().standing == ("in_review" if Round.objects.exists() else "open")


def test_of_many_ballots_opened_at_once_one_is_open(voting: tuple[Company, list[Person], DocketItem]) -> None:
    company, _, item = voting
    results = together(*[lambda: circulate(item, company)] * 5)
    assert Ballot.objects.count() == 1
    assert len(refusals(results)) == 4
    assert verify().holds


def test_an_item_is_withdrawn_or_voted_on_never_both(voting: tuple[Company, list[Person], DocketItem]) -> None:
    company, _, item = voting
    for _turn in range(10):
        now = DocketItem.objects.get(pk=item.pk)
        together(
            lambda row=now: withdraw(row, "Too early.", seen=row.version, by=company.reviewer),  # type: ignore[misc]
            lambda row=now: circulate(row, company),  # type: ignore[misc]
        )
        found = DocketItem.objects.get(pk=item.pk)
        assert (found.standing == "voting") == Ballot.objects.filter(item=item, closed_at=None).exists()
        assert found.standing in ("voting", "withdrawn")
        if found.standing == "voting":
            break
        put_on_docket(found.round, "approve", timezone.localdate() + SOON, by=company.reviewer)


def test_a_seat_lost_before_closing_does_not_count(voting: tuple[Company, list[Person], DocketItem]) -> None:
    company, people, item = voting
    ballot = circulate(item, company)
    for person in people:
        vote(ballot, "approve", by=person)
    people[3].assignments.update(ended_at=timezone.now())
    close_ballot(ballot, by=company.chair)
    assert Decision.objects.get().votes == {"approve": 7}
