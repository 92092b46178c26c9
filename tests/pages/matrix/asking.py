"""Every person asks every view for every object, and what they got is written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.pages.matrix.answers import EVERYBODY, NOBODY, PEOPLE, Answer, Row, answer_of
from tests.pages.matrix.world import World

__all__ = ["Got", "ask_all", "send"]

_ASKING: Final = (*PEOPLE, NOBODY)
_DONE: Final = (Answer.PAGE, Answer.ELSEWHERE)
_TURNED_AWAY: Final = (Answer.SIGN_IN, Answer.REFUSED, Answer.GONE)
_MACHINE: Final = re.compile(r'"(django_session|usersessions_usersession|office_cache|people_token|django_cache\w*)"')
"""Tables that note who is there."""
_WRITES: Final = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_CSRF: Final = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What one person got for one object."""

    row: Row
    person: str
    thing: str
    expected: Answer
    answer: Answer
    text: str
    """Body and place of a redirect, without the address that was asked for."""
    wrote: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """One line of a report."""
        what = f"{self.row.name} · {self.thing or '-'} · {self.person}"
        return f"{what}: {self.expected} expected, {self.answer} given"


@dataclass
class _Writes:
    found: list[str] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        if _WRITES.match(sql) and not _MACHINE.search(sql[:80]):
            self.found.append(sql[:60])
        return execute(sql, params, many, context)


def ask_all(world: World, rows: Iterable[Row]) -> Iterator[Got]:
    """Ask everything; what somebody may do is undone again, so that all find the same world."""
    assert set(_ASKING) == EVERYBODY
    for row in rows:
        for thing in row.on:
            address = reverse(row.view, args=[*(world.ids[row.kind][thing] if row.kind else ()), *row.plus])
            for person in _ASKING:
                if not (row.let_in_only and row.expected(person, thing) in _TURNED_AWAY):
                    yield _ask(world, row, thing, person, address)


def _ask(world: World, row: Row, thing: str, person: str, address: str) -> Got:
    expected = row.expected(person, thing)
    data = row.sends(world, thing, person) if row.sends is not None else {}
    client = (world.programs if row.by_token else world.browsers)[person]
    writes = _Writes()
    with connection.execute_wrapper(writes), _undone(expected in _DONE):
        response = send(client, row.method, address, data)
    body = response.content.decode("utf-8", "replace") if not response.streaming else ""
    text = _CSRF.sub("", body + response.headers.get("Location", "")).replace(address, "ADDRESS")
    return Got(
        row=row,
        person=person,
        thing=thing,
        expected=expected,
        answer=answer_of(response),
        text=text,
        wrote=tuple(writes.found),
    )


def send(client: Client, method: str, address: str, data: Mapping[str, Any]) -> Any:
    """Ask once and leave the browser as it was, also after signing out."""
    kept = dict(client.cookies)
    try:
        return client.get(address, data) if method == "GET" else client.post(address, data)
    finally:
        client.cookies.clear()
        client.cookies.update(kept)


@contextmanager
def _undone(yes: bool) -> Iterator[None]:
    if not yes:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
