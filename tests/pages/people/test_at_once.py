"""Two at the same moment, on real transactions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from hakari.errors import HakariError
from hakari.office.core.ledger.store import verify
from hakari.office.people.actions import accounts, assignments, tokens, units
from hakari.office.people.models import Assignment, Person, Token, Unit
from tests.pages.conftest import TODAY

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def no_failures_counted() -> None:
    """Leave the cache alone: asking for it here would put each test into one transaction."""


@pytest.fixture
def shared_database(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any, transactional_db: None
) -> Iterator[None]:
    """Give the threads a database that they share: PostgreSQL, or SQLite as a file instead of in memory."""
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
            made = tmp_path_factory.getbasetemp() / "migrated.sqlite3"
            if not made.exists():
                call_command("migrate", verbosity=0)
                connections.close_all()
                shutil.copyfile(settings["NAME"], made)
            shutil.copyfile(made, settings["NAME"])
            yield
        finally:
            connections.close_all()
            settings["NAME"] = name
            connections["default"] = before


@pytest.fixture
def admins(shared_database: None) -> list[Person]:
    """Return two administrators and nobody else."""
    found = [Person.objects.create_user(f"{name}@example.com", name=name) for name in ("a", "b")]
    for person in found:
        Assignment.objects.create(person=person, role="admin", starts=TODAY)
    return found


def _together(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread with a connection of its own."""

    def one(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except HakariError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_of_two_administrators_who_close_each_other_one_stays(admins: list[Person]) -> None:
    first, second = admins
    _together(lambda: accounts.deactivate(second, by=first), lambda: accounts.deactivate(first, by=second))
    assert Person.objects.filter(is_active=True).count() == 1
    assert verify([]).holds


def test_of_two_administrators_who_end_each_others_role_one_stays(admins: list[Person]) -> None:
    first, second = (Assignment.objects.get(person=person) for person in admins)
    _together(
        lambda: assignments.end_role(second, by=admins[0]),
        lambda: assignments.end_role(first, by=admins[1]),
    )
    assert Assignment.objects.filter(ended_at=None).count() == 1


def test_two_units_moved_below_each_other_make_no_ring(admins: list[Person]) -> None:
    one, two = Unit.objects.create(name="One"), Unit.objects.create(name="Two")
    by = admins[0]
    _together(
        lambda: units.move_unit(Unit.objects.get(pk=one.pk), Unit.objects.get(pk=two.pk), by=by),
        lambda: units.move_unit(Unit.objects.get(pk=two.pk), Unit.objects.get(pk=one.pk), by=by),
    )
    assert Unit.objects.filter(parent=None).count() == 1
    assert {unit.path.count("/") for unit in Unit.objects.all()} == {2, 3}


def test_a_token_asked_for_ten_times_at_once_is_one(admins: list[Person]) -> None:
    by = admins[0]
    acts = [lambda: tokens.create_token(by, "build", ["use_cases"], 7, seed="s" * 20, by=by)] * 10
    found = _together(*acts)
    assert Token.objects.count() == 1
    assert sum(isinstance(item, Token) for item in found) == 1


def test_one_address_and_one_role_asked_for_many_times_at_once_are_one(admins: list[Person]) -> None:
    by, other = admins
    adds = [lambda: accounts.add_person("new@example.com", "New", by=by)] * 5
    gives = [lambda: assignments.give_role(other, "auditor", None, starts=TODAY, by=by)] * 5
    _together(*adds, *gives)
    assert Person.objects.filter(email="new@example.com").count() == 1
    assert Assignment.objects.filter(person=other, role="auditor").count() == 1
    assert verify([]).holds
