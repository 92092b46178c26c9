from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from string import Formatter
from typing import Any

from hakari.messages._catalogue import Language, template
from hakari.messages._one_line import LONGEST_SHOWN, shown

Argument = Any
"""A plain JSON value, another message, or a list of these."""

_IN_LIST = 60
_MOST_ITEMS = 20
_SEPARATOR: dict[Language, str] = {"en": ", ", "ja": "、"}


@dataclass(frozen=True, slots=True)
class Message:
    """One text as a key of the catalogue and its arguments; equal if both are equal."""

    key: str
    """Key in the message catalogue."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Values for the placeholders; plain JSON values, other messages, or lists of these."""

    def __str__(self) -> str:
        return render(self, "en")

    def on_one_line(self) -> Message:
        """Return this message with every text in its arguments on one line and no longer than is shown of it."""
        return in_one_line(self)

    def __hash__(self) -> int:
        return hash((self.key, repr(sorted(self.arguments.items(), key=lambda item: item[0]))))


def say(key: str, /, **arguments: Argument) -> Message:
    """Return the message `key` with `arguments`.

    >>> str(say("language.name"))
    'English'
    """
    return Message(key, arguments)


def in_one_line(message: Message, most: int = LONGEST_SHOWN) -> Message:
    """Return `message` with every text in its arguments on one line and no longer than `most`."""
    return Message(message.key, {name: _argument(value, most) for name, value in message.arguments.items()})


def _argument(value: Any, most: int) -> Any:
    if isinstance(value, Message):
        return in_one_line(value, most)
    if isinstance(value, str):
        return shown(value, most)
    if isinstance(value, Mapping):
        pairs = islice(value.items(), _MOST_ITEMS)
        return {shown(str(name), _IN_LIST): _argument(item, min(most, _IN_LIST)) for name, item in pairs}
    if isinstance(value, (list, tuple)):
        first = [_argument(item, min(most, _IN_LIST)) for item in value[:_MOST_ITEMS]]
        return [*first, "…"] if len(value) > _MOST_ITEMS else first
    return value


def render(message: Message | str, language: Language = "en") -> str:
    """Return `message` in `language`; a plain string is returned as it is (free text that a person wrote)."""
    if isinstance(message, str):
        return message
    return _MessageFormatter(language).vformat(template(message.key, language), (), dict(message.arguments))


def join(items: Sequence[Argument], language: Language = "en") -> str:
    """Return a list in the manner of `language`."""
    return _SEPARATOR[language].join(_plain(item, language) for item in items)


def _plain(value: Argument, language: Language) -> str:
    if isinstance(value, Message):
        return render(value, language)
    if isinstance(value, Mapping):
        if set(value) == {"key", "arguments"} and isinstance(value["arguments"], Mapping):
            return render(Message(str(value["key"]), value["arguments"]), language)
        if set(value) <= {"en", "ja"}:
            return str(value.get(language, value.get("en", "")))
        return _SEPARATOR[language].join(f"{key}={_plain(item, language)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return join(value, language)
    return str(value)


class _MessageFormatter(Formatter):
    """Formats placeholders by name only: no attribute or index access, so a text can never reach into an object."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs.get(field_name, "{" + field_name + "}"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        # Arguments may come from a file that somebody wrote: what is not a number is shown as it is.
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and format_spec.startswith("count|"):
            _, singular, plural = format_spec.split("|")
            return f"{value:,} {singular if value == 1 else plural}"
        if number and format_spec:
            return format(value, format_spec)
        return _plain(value, self.language)
