"""Words: everything in one language, for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from hakari.messages import Language, Message, join, render, say

__all__ = ["Words", "capital"]


@dataclass(frozen=True, slots=True)
class Words:
    """Renders messages, catalogue entries and the texts of packs in one language."""

    language: Language

    def __call__(self, message: Message | str) -> str:
        return render(message, self.language)

    def say(self, key: str, /, **arguments: Any) -> str:
        """Return the catalogue's text for `key`."""
        return render(say(key, **arguments), self.language)

    def join(self, items: Sequence[Message | str]) -> str:
        """Return a list in the manner of the language."""
        return join(items, self.language)

    def text(self, text: Mapping[str, str] | None) -> str:
        """Return a pack's text; where it has none in this language, marked with the language that it is in."""
        if not text:
            return ""
        if self.language in text:
            return text[self.language]
        other = "en" if "en" in text else next(iter(text))
        return Markup('<span lang="{}">{}</span>').format(other, text[other])

    def day(self, stamp: str) -> str:
        """Return the day of an ISO date or time as the language writes it."""
        try:
            found = date.fromisoformat(stamp[:10])
        except ValueError:
            return stamp
        if self.language == "ja":
            return f"{found.year}年{found.month}月{found.day}日"
        return f"{found.day} {found:%B} {found.year}"

    def time(self, stamp: str) -> str:
        """Return day and time, UTC, of an ISO time."""
        clock = stamp[11:16]
        return f"{self.day(stamp)} {clock} UTC" if clock else self.day(stamp)


def capital(text: str) -> str:
    """Return `text` with its first letter large, for labels; scripts without capitals are left as they are."""
    return text[:1].upper() + text[1:]
