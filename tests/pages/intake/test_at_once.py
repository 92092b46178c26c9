"""Many at once, on real transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from hakari.errors import HakariError
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from hakari.office.intake.actions.notifying import answer, start, submit
from hakari.office.intake.models import Answer, LaneStep, Notification, Outcome, Step, TriageRecord
from hakari.office.people.models import Assignment, Person, Unit, new_key
from tests.pages.conftest import TODAY
from tests.pages.intake.conftest import MIDDLE, make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shared_database(tmp_path: Path, django_db_blocker: Any, transactional_db: None) -> Iterator[None]:
    """Give the threads a database that they share: SQLite as a file instead of in memory."""
    before = connections["default"]
    if before.vendor != "sqlite":
        yield
        return
    settings = connections.settings["default"]
    name = settings["NAME"]
    with django_db_blocker.unblock():
        del connections["default"]
        settings["NAME"] = str(tmp_path / "office.sqlite3")
        try:
            call_command("migrate", verbosity=0)
            yield
        finally:
            connections.close_all()
            settings["NAME"] = name
            connections["default"] = before


@pytest.fixture
def reporter(shared_database: None) -> Person:
    """Return somebody who may notify in a unit with a delegate."""
    unit = Unit.objects.create(name="Cameras")
    people = [Person.objects.create_user(f"{role}@example.com", name=role, unit=unit) for role in ("owner", "delegate")]
    for person, role in zip(people, ("owner", "delegate"), strict=True):
        Assignment.objects.create(person=person, role=role, unit=unit, starts=TODAY)
    return people[0]


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in many threads, each with a connection of its own."""

    def one(place: int) -> Any:
        try:
            return act(place)
        except HakariError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_fifty_who_send_at_once_send_one_notification(reporter: Person) -> None:
    assert reporter.unit is not None
    found = make(MIDDLE, by=reporter, unit=reporter.unit, send=False)
    results = together(50, lambda _: submit(Notification.objects.get(), seen=found.version, by=reporter))
    assert [item for item in results if isinstance(item, HakariError)] == []
    now = Notification.objects.get()
    assert (now.step, now.use_case.state) == (Step.WAITING, "notified")
    assert TriageRecord.objects.count() == LaneStep.objects.filter(outcome=Outcome.SENT).count() == 1
    assert Event.objects.filter(kind="notification.submitted").count() == 1
    assert verify(checkpoints=[]).holds


def test_fifty_first_pages_with_one_key_begin_one_notification(reporter: Person) -> None:
    unit, once = reporter.unit, new_key()
    assert unit is not None
    together(50, lambda _: start(unit, title="Replies", purpose="P", once=once, by=reporter))
    assert Notification.objects.count() == 1
    assert verify(checkpoints=[]).holds


def test_of_many_different_answers_to_one_question_one_is_saved(reporter: Person) -> None:
    assert reporter.unit is not None
    found = make({}, by=reporter, unit=reporter.unit, send=False)
    choices = ["credit", "education", "employment", "games", "other"] * 2
    together(10, lambda place: answer(found, "field", choices[place], seen=0, by=reporter))
    saved = Answer.objects.get()
    assert Notification.objects.get().answers == {"field": saved.value}


def test_answers_to_many_questions_at_once_are_all_kept(reporter: Person) -> None:
    assert reporter.unit is not None
    found = make({}, by=reporter, unit=reporter.unit, send=False)
    items = list(MIDDLE.items())
    together(len(items), lambda place: answer(found, *items[place], seen=0, by=reporter))
    assert Notification.objects.get().answers == MIDDLE
    assert verify(checkpoints=[]).holds
