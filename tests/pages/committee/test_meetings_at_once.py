"""Meetings and stops, pressed by many at the same moment, on real transactions."""

from __future__ import annotations

from typing import Any

import pytest

from hakari.errors import HakariError
from hakari.office.committee.actions.agenda import pull_item
from hakari.office.committee.actions.meetings import close_meeting, open_meeting
from hakari.office.committee.actions.stopping import stop
from hakari.office.committee.actions.voting import close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, Ballot, Decision, Form, Meeting, Minutes, Pull, Stop, Vote
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from tests.pages.committee.conftest import make_item, meet, seat, voters
from tests.pages.committee.test_at_once import folder, shared, together  # noqa: F401  # fixtures
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def _fine(results: list[Any]) -> bool:
    return not [item for item in results if isinstance(item, BaseException)]


def test_two_chairs_who_close_one_meeting_decide_each_item_once(shared: Company) -> None:  # noqa: F811
    other = shared.add("chair2", "chair", None)
    first, second = make_item(shared), make_item(shared, number="UC-2")
    found = meet(shared, first, second, consent=True)
    results = together(*[lambda person=person: close_meeting(found, by=person) for person in (shared.chair, other) * 3])
    assert _fine(results)
    assert Decision.objects.count() == 2
    assert Event.objects.filter(kind="meeting.closed").count() == Minutes.objects.count() == 1
    assert verify(checkpoints=[]).holds


def test_a_meeting_opened_by_many_opens_once(shared: Company) -> None:  # noqa: F811
    found = meet(shared, begin=False)
    assert _fine(together(*[lambda: open_meeting(found, by=shared.chair)] * 5))
    assert Event.objects.filter(kind="meeting.opened").count() == 1


def test_of_a_pull_and_a_close_at_once_one_comes_first(shared: Company) -> None:  # noqa: F811
    item = make_item(shared)
    found = meet(shared, item, consent=True)
    together(lambda: close_meeting(found, by=shared.chair), lambda: pull_item(found, item, "Why?", by=shared.member))
    pulled, decided = Pull.objects.count(), Decision.objects.count()
    assert pulled + decided == 1
    assert Agenda.objects.get().consent == (decided == 1)
    assert verify(checkpoints=[]).holds


def test_a_vote_that_opens_keeps_a_meeting_from_closing_or_comes_too_late(shared: Company) -> None:  # noqa: F811
    item = make_item(shared)
    found = meet(shared, item)
    together(
        lambda: close_meeting(found, by=shared.chair),
        lambda: open_ballot(item, Form.MEETING, meeting=found, by=shared.chair),
    )
    closed = Meeting.objects.get().standing == "closed"
    assert Ballot.objects.filter(closed_at=None).count() == (0 if closed else 1)


def test_a_vote_at_the_moment_of_the_close_counts_or_is_refused(shared: Company) -> None:  # noqa: F811
    item = make_item(shared)
    found = meet(shared, item)
    ballot = open_ballot(item, Form.MEETING, meeting=found, by=shared.chair)
    people = voters(shared)
    for person in people:
        declare(item, conflict=False, by=person)
    for person in people[:3]:
        vote(ballot, "approve", by=person)
    results = together(
        lambda: close_ballot(ballot, by=shared.chair),
        lambda: vote(ballot, "approve", by=people[3]),
        lambda: close_meeting(found, by=shared.chair),
    )
    refused = isinstance(results[1], HakariError)
    assert Decision.objects.get().votes == {"approve": 3 if refused else 4}
    assert Vote.objects.count() == (3 if refused else 4)


def test_many_who_stop_a_use_make_one_stop_with_one_vote(shared: Company) -> None:  # noqa: F811
    seat(shared)
    case = make_case(shared)
    results = together(
        *[
            lambda person=person: stop(case, "stop", "It hurts.", by=person)
            for person in (shared.chair, shared.head) * 3
        ]
    )
    assert _fine(results)
    assert len({found.pk for found in results}) == Stop.objects.count() == Ballot.objects.count() == 1
    assert Event.objects.filter(kind="stop.made").count() == 1
    assert verify(checkpoints=[]).holds
