from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Argument = Any
"""A plain JSON value, another message, or a list of these."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text as a key of the catalogue and its arguments; equal if both are equal."""

    key: str
    """Key in the message catalogue."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Values for the placeholders; plain JSON values, other messages, or lists of these."""

    def __str__(self) -> str:
        from hakari.messages._render import render

        return render(self, "en")

    def __hash__(self) -> int:
        return hash((self.key, repr(sorted(self.arguments.items(), key=lambda item: item[0]))))


def say(key: str, /, **arguments: Argument) -> Message:
    """Return the message `key` with `arguments`.

    >>> str(say("language.name"))
    'English'
    """
    return Message(key, arguments)
