"""The home page: what needs this person now. Each room adds what it knows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hakari.messages import Message

__all__ = ["Need", "Section", "add_section", "sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that waits for this person."""

    title: str
    """What it is about, such as the title of a use case as this person may see it."""
    does: Message
    """What is to be done."""
    url: str
    number: str = ""
    due: datetime.date | None = None
    state: str = ""
    """`late`, `soon` or empty; told by a word too, never by colour alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of things that wait."""

    key: str
    """Message key of the heading."""
    needs: Callable[[Any], Iterable[Need]]
    """From the access of a person to what waits for them; at most `MOST` are asked for."""
    shown: Callable[[Any], bool]
    place: int = 50
    empty: str = ""
    """Message key of what is said if nothing waits; without it the section is left out."""


_SECTIONS: dict[str, Section] = {}


def add_section(section: Section) -> None:
    """Add a section; called by a room when it is loaded."""
    _SECTIONS[section.key] = section


def sections(access: Any) -> list[dict[str, Any]]:
    """Return the sections that this person sees, with what waits in each."""
    found = []
    for section in sorted(_SECTIONS.values(), key=lambda item: item.place):
        if section.shown(access):
            needs = list(section.needs(access))
            if needs or section.empty:
                found.append({"key": section.key, "needs": needs, "empty": section.empty})
    return found
