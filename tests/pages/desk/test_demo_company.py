"""The made-up company after its first start: what its people find when somebody signs in as one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from hakari.evidence import read_directory
from hakari.office.committee.actions.voting import last_votes
from hakari.office.committee.exporting import bundle_of
from hakari.office.committee.members import standing_of
from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem, Meeting, Minutes, OpenedVote, Stop
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from hakari.office.desk.demo import SignIns, seed
from hakari.office.desk.demo.people import DOMAIN
from hakari.office.keys.directory import directory_bytes, name_of
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.lifecycle.projecting import rebuild
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.people.models import Person
from hakari.workflows.verify import verify_bytes
from tests.contract.conftest import Demo, demo
from tests.pages.conftest import drop_triggers

__all__ = ["demo"]  # a fixture: the example, measured once for all tests of a session

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("office commands"), pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Seeded:
    """The demonstration, and how it was made."""

    signs: SignIns
    measured: int
    """How often evidence was asked for."""


@pytest.fixture(scope="module")
def company(
    demo: Demo,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Seeded]:
    """Fill a demonstration once for all tests of this file; afterwards the database is empty again."""
    place, usual, asked = tmp_path_factory.mktemp("demo-office"), settings.ENVIRONMENT, []

    def measure() -> bytes:
        asked.append(1)
        return demo.content

    with django_db_blocker.unblock():
        settings.ENVIRONMENT = replace(usual, folder=place, key=place / "keys" / "office.pem", mode="demo")
        try:
            signs = seed(lambda message: None, measure)
            seed(lambda message: None, measure)
            yield Seeded(signs=signs, measured=len(asked))
        finally:
            settings.ENVIRONMENT = usual
            drop_triggers()
            call_command("flush", interactive=False, verbosity=0)


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def of(title: str) -> StageAssessment:
    return StageAssessment.objects.get(use_case__title=title)


def test_it_is_filled_and_measured_once(company: Seeded) -> None:
    assert company.measured == 1
    assert len(company.signs.people) == Person.objects.filter(is_demo=True).count() == 19
    assert StageAssessment.objects.count() == 4


def test_the_mortgage_case_was_sent_back_once_and_approved_with_conditions(company: Seeded) -> None:
    found = of("Mortgage pre-screening")
    assert [round.reviews.get(kind="changes").by for round in Round.objects.filter(assessment=found, number=1)] == [
        person("reviewer").key
    ]
    decision = Decision.objects.get(assessment=found)
    assert (found.standing, decision.round.number, decision.outcome) == ("decided", 2, "approve_with_conditions")
    assert sorted(Condition.objects.filter(decision=decision, closed_at=None).values_list("rule", flat=True)) == [
        "check", "requirement",
    ]  # fmt: skip
    assert decision.envelope["roles"] == ["data.train", "model"]


def test_its_circular_was_called_to_a_meeting_with_a_recusal_and_a_dissent(company: Seeded) -> None:
    item = DocketItem.objects.get(use_case__title="Mortgage pre-screening")
    assert [(ballot.form, ballot.ending) for ballot in item.ballots.all()] == [
        ("circulation", "called"), ("meeting", "decided"),
    ]  # fmt: skip
    assert Decision.objects.get(round=item.round).recused == 1
    assert OpenedVote.objects.get(dissent=True).vote.person == person("member4")
    seat = standing_of(person("member3"), item)
    assert seat is not None
    assert seat.bar == "conflict"


def test_its_one_page_stands_in_both_languages(company: Seeded) -> None:
    item = DocketItem.objects.get(use_case__title="Mortgage pre-screening")
    last: dict[str, Any] = {row.heading: row for row in item.passages.order_by("revision")}
    assert len(last) == 6
    assert all(row.translation is not None and row.language == "en" for row in last.values())


def test_another_case_was_decided_by_consent_and_its_stage_closed(company: Seeded) -> None:
    found = of("Playlist recommendations")
    assert (Decision.objects.get(assessment=found).form, found.standing) == ("consent", "closed")
    assert Meeting.objects.filter(standing="closed").count() == 1
    assert Minutes.objects.order_by("revision").last().approval is not None  # type: ignore[union-attr]  # there are two


def test_a_member_signs_in_to_a_vote_that_is_missing(company: Seeded) -> None:
    ballot = Ballot.objects.get(item__isnull=False, closed_at=None)
    member = person("member")
    assert member.pk not in last_votes(ballot)
    assert len(last_votes(ballot)) == 2
    seat = standing_of(member, ballot.item)  # type: ignore[arg-type]  # it is on an item
    assert seat is not None
    assert (seat.bar, seat.declared) == ("", False)


def test_a_decision_was_outgrown_and_says_why(company: Seeded) -> None:
    found = of("Sorting applications for jobs")
    assert (found.standing, found.use_case.state) == ("stale", "stale")
    assert [message.key for message in messages_of(found)] == ["assessment.stale.fact"]


def test_a_use_was_stopped_with_a_task_and_a_vote_on_it(company: Seeded) -> None:
    stop = Stop.objects.get()
    assert (stop.use_case.state, stop.tasks.get().person) == ("suspended", person("finance.owner"))
    assert len(last_votes(stop.ballots.get())) == 1


def test_what_was_decided_verifies_offline_with_the_key_directory(company: Seeded) -> None:
    decision = Decision.objects.get(use_case__title="Mortgage pre-screening")
    directory = read_directory(directory_bytes(timezone.now()), what="directory.json")
    found = verify_bytes(bundle_of(decision), directory=directory)
    # The example was measured at a fixed time that lies before the engineer's key was registered.
    members = {problem.member.partition("/")[0] for problem in found.levels[0].problems}
    assert members <= {"evidence"}
    assert found.levels[1].status == "yes"
    assert verify_bytes(bundle_of(decision)).ok


def test_the_engineers_key_is_registered(company: Seeded, demo: Demo) -> None:
    assert name_of(demo.key.public.id, timezone.now()) == ("Mateo Rossi", "valid")


def test_ledger_and_projections_are_in_order(company: Seeded) -> None:
    assert verify().holds
    assert rebuild() == []
    assert {"committee.called", "committee.consented", "stop.made"} <= set(Event.objects.values_list("kind", flat=True))
