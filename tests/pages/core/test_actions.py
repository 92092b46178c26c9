"""An action is all or nothing: what it wrote, and the one event that says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import ParamSpec, Protocol, TypeVar

import pytest
from django.db import IntegrityError, connection, transaction

from hakari.errors import ConflictError, HakariError
from hakari.messages import catalogue
from hakari.office.core.actions import ACTIONS, SYSTEM, Actor, Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event, FreeText
from hakari.office.people.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


P = ParamSpec("P")
T = TypeVar("T")


class Maker(Protocol):
    """Makes a function an action that is called after it."""

    def __call__(self, function: Callable[P, Done[T]]) -> Callable[P, T]: ...


@pytest.fixture
def made() -> Iterator[Maker]:
    """Return a function that makes an action of its own for this test, and forget it afterwards."""
    before = set(ACTIONS)

    def make(function: Callable[P, Done[T]]) -> Callable[P, T]:
        return action(f"test.{function.__name__}")(function)

    yield make
    for kind in set(ACTIONS) - before:
        del ACTIONS[kind]


def test_an_action_returns_its_result_and_leaves_one_event(made: Maker) -> None:
    @made
    def note(text: str, *, by: Actor) -> Done[str]:
        return Done(text.upper(), about=("note", "n1"), data={"length": len(text)})

    assert note("word", by=SYSTEM) == "WORD"
    event = Event.objects.get()
    stated = json.loads(bytes(event.body))
    assert (stated["kind"], stated["by"], stated["about"]) == ("test.note", "system", ["note", "n1"])
    assert stated["data"] == {"length": 4}


def test_an_action_that_raises_leaves_nothing(made: Maker) -> None:
    @made
    def fail(*, by: Actor) -> Done[None]:
        FreeText.keep("half done")
        raise ConflictError("no")

    with pytest.raises(ConflictError):
        fail(by=SYSTEM)
    assert (Event.objects.count(), FreeText.objects.count()) == (0, 0)


def test_data_that_cannot_be_written_down_undoes_the_action(made: Maker) -> None:
    @made
    def wrong(*, by: Actor) -> Done[None]:
        FreeText.keep("half done")
        return Done(None, about=("note", "n1"), data={"number": float("nan")})

    with pytest.raises(HakariError):
        wrong(by=SYSTEM)
    assert (Event.objects.count(), FreeText.objects.count()) == (0, 0)


def test_an_action_within_another_is_undone_with_it(made: Maker) -> None:
    @made
    def inner(*, by: Actor) -> Done[None]:
        return Done(None, about=("note", "n1"))

    @made
    def outer(*, by: Actor) -> Done[None]:
        inner(by=by)
        raise ConflictError("no")

    with pytest.raises(ConflictError):
        outer(by=SYSTEM)
    assert Event.objects.count() == 0
    inner(by=SYSTEM)
    assert [event.sequence for event in Event.objects.all()] == [1]


def test_two_actions_cannot_be_of_one_kind(made: Maker) -> None:
    def note(*, by: Actor) -> Done[None]:
        return Done(None, about=("note", "n1"))

    made(note)
    with pytest.raises(ValueError, match=r"two actions are called 'test\.note'"):
        made(note)


def test_every_action_of_the_site_has_a_text_in_the_history() -> None:
    from django.urls import get_resolver

    assert get_resolver().url_patterns  # all rooms are loaded
    assert [kind for kind in ACTIONS if f"office.event.{kind}" not in catalogue()] == []


def test_a_text_can_go_while_the_ledger_stays_whole(made: Maker) -> None:
    @made
    def write(text: str, *, by: Actor) -> Done[FreeText]:
        kept = FreeText.keep(text)
        return Done(kept, about=("note", "n1"), data={"text": kept.digest})

    kept = write("名前が書いてある", by=SYSTEM)
    assert FreeText.objects.get(pk=kept.pk).holds
    assert "名前" not in bytes(Event.objects.get().body).decode()
    FreeText.objects.filter(pk=kept.pk).update(text="")
    assert not FreeText.objects.get(pk=kept.pk).holds
    FreeText.objects.filter(pk=kept.pk).update(text=None, erased_at=Event.objects.get().at)
    assert FreeText.objects.get(pk=kept.pk).holds
    assert verify([]).holds


def test_equal_texts_cannot_be_told_by_their_digests() -> None:
    assert FreeText.keep("yes").digest != FreeText.keep("yes").digest


def test_who_saves_second_is_told_and_overwrites_nothing() -> None:
    person = Person.objects.create_user("a@company.example", None, name="Ada")
    other = Person.objects.get(pk=person.pk)
    change(person, name="Ada Lovelace")
    with pytest.raises(ConflictError, match="Nothing was overwritten"):
        change(other, name="Ada King")
    assert Person.objects.get(pk=person.pk).name == "Ada Lovelace"


def test_an_event_of_a_number_that_is_taken_is_refused_by_the_database(made: Maker) -> None:
    @made
    def note(*, by: Actor) -> Done[None]:
        return Done(None, about=("note", "n1"))

    note(by=SYSTEM)
    copied = "SELECT sequence, body, previous, 'x', kind, at, \"by\", object_kind, object_key FROM core_event"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO core_event {copied}")
