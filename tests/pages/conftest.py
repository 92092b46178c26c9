"""People, units and use cases for tests of pages and actions, on whichever database the run uses."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test import Client

from hakari.office.core.ledger.checkpoints import checkpoint_folder
from hakari.office.core.ledger.triggers import expected_triggers
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.people.roles import ROLES

TODAY = datetime.date(2020, 1, 1)
"""A day long past: roles in tests hold from then on."""


@dataclass
class Company:
    """A small company: a top, two units side by side and one below; one person for each role in `cameras`."""

    top: Unit
    cameras: Unit
    lenses: Unit
    music: Unit
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def add(self, name: str, role: str | None, unit: Unit | None, **extra: object) -> Person:
        """Make a person who holds a role in a unit (the whole company if none)."""
        home = unit or self.top
        person = Person.objects.create_user(
            f"{name}@example.com", "a long password 1", name=name.title(), unit=home, **extra
        )
        if role is not None:
            Assignment.objects.create(person=person, role=role, unit=unit, starts=TODAY)
        self.people[name] = person
        return person


def make_company() -> Company:
    """Make a company with one person for each role, and `stranger` in another unit, `outsider` without a role."""
    top = Unit.objects.create(name="Company", name_ja="会社")
    found = Company(
        top=top,
        cameras=Unit.objects.create(name="Cameras", name_ja="カメラ", parent=top),
        music=Unit.objects.create(name="Music", name_ja="音楽", parent=top),
        lenses=top,
    )
    found.lenses = Unit.objects.create(name="Lenses", name_ja="レンズ", parent=found.cameras)
    for code, role in ROLES.items():
        found.add(code, code, None if role.whole_company else found.cameras)
    found.add("stranger", "owner", found.music)
    found.add("outsider", None, None)
    return found


@pytest.fixture
def company(db: None) -> Company:
    """Return the company with one person for each role, and `stranger` in another unit, `outsider` without a role."""
    return make_company()


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """Return a function that gives a browser in which a person is signed in."""

    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make


def drop_triggers() -> None:
    """Take the triggers of append-only tables away, so that a database can be emptied; flushing makes them again."""
    with connection.cursor() as cursor:
        for table, names in expected_triggers(connection.vendor).items():
            for name in names:
                where = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{where}')


@pytest.fixture(autouse=True)
def emptied(request: pytest.FixtureRequest, _django_db_helper: None) -> Iterator[None]:
    """Let tests with real transactions be cleaned up: their tables are emptied, which the triggers would refuse."""
    yield
    marker = request.node.get_closest_marker("django_db")
    real = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if real:
        drop_triggers()
    # Witnesses that a test left behind speak of its own ledger, and the next one is another.
    shutil.rmtree(checkpoint_folder(), ignore_errors=True)
