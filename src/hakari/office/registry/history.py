"""What happened to a use case, read from the ledger, with names and texts looked up where they still stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.timezone import localdate

from hakari.messages import Message, catalogue, say
from hakari.office.core.models import Event, FreeText
from hakari.office.people.models import Person
from hakari.office.registry.states import State

__all__ = ["IN_ONE_LINE", "Happened", "history"]

_PAGE = 20
IN_ONE_LINE: set[str] = set()
"""Kinds of acts that are told once for each person and day, with their number; a room adds its own."""
_TEXTS: Final = ("title", "code_name", "purpose", "reason")
"""Names in an event's data under which the digest of a text stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event as a reader sees it."""

    sequence: int
    what: Message
    at: datetime
    by: Message | str
    details: tuple[tuple[Message, Message | str], ...]
    times: int = 1
    """How often, where one line stands for a person's acts of a kind on one day."""


def history(kind: str, key: str, page: Any, *, texts: bool = True) -> tuple[list[Happened], Page[Event]]:
    """Return one page of the events about an object, the latest first, and the page itself.

    Args:
        texts: Whether the reader may see what people wrote; without it only what happened is told.
    """
    events = Event.objects.filter(object_kind=kind, object_key=key).order_by("-sequence")
    shown = Paginator(events, _PAGE).get_page(page)
    bodies = [(event, dict(json.loads(bytes(event.body)).get("data") or {})) for event in shown]
    keys = {event.by for event, _ in bodies} | {
        str(data.get(name, "")) for _, data in bodies for name in ("from", "to")
    }
    people = _people(keys)
    written = _texts(data for _, data in bodies) if texts else {}
    told = [(event, _happened(event, data, people, written if texts else None)) for event, data in bodies]
    return _in_lines(told), shown


def _in_lines(told: Iterable[tuple[Event, Happened]]) -> list[Happened]:
    """Put acts of which one line is enough into the line of the latest of them."""
    lines: dict[Any, Happened] = {}
    for event, happened in told:
        several = event.kind in IN_ONE_LINE
        line: Any = (event.kind, event.by, localdate(event.at)) if several else event.sequence
        before = lines.get(line)
        lines[line] = replace(before, times=before.times + 1, details=()) if before is not None else happened
    return list(lines.values())


def _happened(
    event: Event, data: Mapping[str, Any], people: Mapping[str, Any], written: Mapping[str, Any] | None
) -> Happened:
    details: list[tuple[Message, Message | str]] = []
    for name in ("from", "to"):
        value = str(data.get(name, ""))
        if value in State.values:
            details.append((say(f"office.registry.history.{name}"), say(f"office.state.{value}")))
        elif value in people:
            details.append((say(f"office.registry.history.{name}"), people[value]))
    for name in _TEXTS:
        if written is not None and str(data.get(name, "")) in written:
            details.append((say(f"office.registry.field.{name}"), written[str(data[name])]))
    known = f"office.event.{event.kind}"
    what = say(known, **dict(data)) if known in catalogue() else say("office.registry.history.other", kind=event.kind)
    by = people.get(event.by) or say(f"office.registry.by.{'system' if event.by == 'system' else 'outside'}")
    return Happened(sequence=event.sequence, what=what, at=event.at, by=by, details=tuple(details))


def _people(keys: Iterable[str]) -> dict[str, Message | str]:
    asked = {key for key in keys if len(key) == 32}
    found = Person.objects.filter(key__in=asked) if asked else []
    return {person.key: say("office.registry.erased") if person.erased_at else person.name for person in found}


def _texts(many: Iterable[Mapping[str, Any]]) -> dict[str, Message | str]:
    asked = {str(data[name]) for data in many for name in _TEXTS if data.get(name)}
    found = FreeText.objects.filter(digest__in=asked) if asked else []
    return {
        row.digest: say("office.registry.erased_text") if row.text is None else row.text
        for row in found
        if row.text != ""
    }
