"""The way round the site: each room adds its entry, shown to those who may go there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

__all__ = ["Entry", "add_entry", "entries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the navigation."""

    key: str
    """Message key of its text."""
    view: str
    """Name of the page."""
    shown: Callable[[Any], bool]
    """Whether a person with this access sees it."""
    place: int
    """Smaller stands earlier."""
    under: str = ""
    """Key of the entry beneath which it stands, for those who see that one; otherwise it stands for itself."""


_ENTRIES: dict[str, Entry] = {}


def add_entry(entry: Entry) -> None:
    """Add an entry; called by a room when it is loaded."""
    _ENTRIES[entry.view] = entry


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what this person sees, with where they are now and what stands below each."""
    access = getattr(request, "access", None)
    if access is None or not access.signed_in:
        return []
    found: list[dict[str, Any]] = []
    for entry in sorted(_ENTRIES.values(), key=lambda item: item.place):
        if entry.shown(access):
            url = reverse(entry.view)
            found.append({"key": entry.key, "url": url, "here": False, "under": entry.under, "below": []})
    # Of two entries under whose address the page lies, it belongs to the one that says more of it.
    around = [item for item in found if request.path == item["url"] or _below(request.path, item["url"])]
    if around:
        max(around, key=lambda item: len(item["url"]))["here"] = True
    return _grouped(found)


def _grouped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put entries below the one under which they stand."""
    heads = {item["key"]: item for item in found if not item["under"]}
    for item in found:
        if item["under"] in heads:
            heads[item["under"]]["below"].append(item)
    return [item for item in found if item["under"] not in heads]


def _below(path: str, url: str) -> bool:
    return url != "/" and path.startswith(url)
