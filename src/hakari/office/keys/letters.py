"""The mail of this room: to whoever asked for a key, when somebody else decides about it."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from hakari.messages import say
from hakari.office.core.mail import send
from hakari.office.keys.models import RegisteredKey
from hakari.office.people.models import Person

__all__ = ["confirmed", "declined", "revoked"]

_LETTER: Final = "office.keys.letter."


def confirmed(row: RegisteredKey) -> None:
    """Tell who asked that signatures carry the name now."""
    _to(row.asked_by, "confirmed", row)


def declined(row: RegisteredKey) -> None:
    """Tell who asked that the key was not registered; the reason stands on its page."""
    _to(row.asked_by, "declined", row)


def revoked(row: RegisteredKey, by: Person) -> None:
    """Tell who asked, and the person whose it is, unless they did it themselves."""
    people = {person.pk: person for person in (row.asked_by, row.person) if person is not None}
    for pk, person in people.items():
        if pk != by.pk:
            _to(person, "revoked", row)


def _to(person: Person, kind: str, row: RegisteredKey) -> None:
    send(
        person,
        subject=say(f"{_LETTER}{kind}.subject"),
        body=say(f"{_LETTER}{kind}.body", name=row.label, key=row.key_id[:16]),
        link=reverse("keys:key", args=[row.key]),
    )
