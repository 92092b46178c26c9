"""How words, people and audiences of this room are shown to a reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hakari.messages import Message, say
from hakari.office.core.language import reader_language
from hakari.office.core.models import Event, FreeText
from hakari.office.information.audience import Audience, conditions_on_offer
from hakari.office.people.models import Person, Unit

__all__ = ["Written", "audience_rows", "history", "one_line", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text in the language in which it was written."""

    language: str
    text: str
    erased: bool


def written(en: FreeText | None, ja: FreeText | None) -> list[Written]:
    """Return what was written, the reader's language first."""
    found = [
        Written(language=name, text=kept.text or "", erased=kept.text is None)
        for name, kept in (("en", en), ("ja", ja))
        if kept is not None
    ]
    return found[::-1] if _japanese() else found


def one_line(en: FreeText | None, ja: FreeText | None) -> Message | str:
    """Return a title in the reader's language, or in the one in which it was written."""
    texts = written(en, ja)
    if not texts or texts[0].erased:
        return say("office.information.erased_text")
    return texts[0].text


def audience_rows(audience: Audience) -> list[dict[str, Any]]:
    """Return whom a notice concerns as lines: what is asked for, and its values."""
    rows: list[dict[str, Any]] = []
    if audience.units:
        units = Unit.objects.filter(key__in=audience.units)
        rows.append({"name": say("office.information.units"), "values": [unit.names for unit in units]})
    if audience.levels:
        levels = [say(f"office.level.{level}") for level in audience.levels]
        rows.append({"name": say("office.information.levels"), "values": levels})
    for title, values in conditions_on_offer():
        told = [text for item, text in values if item in audience.conditions]
        if told:
            rows.append({"name": title, "values": told})
    return rows


def history(about: tuple[str, str], kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Return the events about an object, newest first, with who did it; people who were erased are said to be."""
    events = list(Event.objects.filter(object_kind=about[0], object_key=about[1], kind__in=kinds).order_by("-sequence"))
    people = Person.objects.in_bulk([event.by for event in events], field_name="key")
    return [
        {"what": say(f"office.event.{event.kind}"), "at": event.at, "person": people.get(event.by)} for event in events
    ]


def _japanese() -> bool:
    return reader_language() == "ja"
