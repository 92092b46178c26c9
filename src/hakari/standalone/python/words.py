"""Words: everything that is told is a key with arguments, and becomes a sentence at the edge, in the reader's language.

What a text from outside brings along must not break a line or steer the terminal that shows it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from hakari.standalone.python.embedded import TEXTS

__all__ = ["Impossible", "Message", "Refused", "plain_message", "render", "say", "shown"]

_LONGEST_SHOWN = 500
_IN_LIST = 60
_MOST_ITEMS = 20
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Message:
    """One text: the key of a sentence and its arguments."""

    key: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """Something that cannot be read or computed; `message` says what and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


class Impossible(Refused):
    """One check cannot be computed; the others can."""


def say(key: str, /, **arguments: Any) -> Message:
    """Return the message `key`."""
    return Message(key, arguments)


def plain_message(message: Message) -> dict[str, Any]:
    """Return a message as records hold it."""
    return {"arguments": _plain(message.arguments), "key": message.key}


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return plain_message(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def shown(text: str, most: int = _LONGEST_SHOWN) -> str:
    """Return `text` on one line, commands to the terminal by their number, cut at `most` characters."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(_sign(sign) for sign in cut)


def _sign(sign: str) -> str:
    if sign in "\n\r\t":
        return " "
    if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _TURNING:
        return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"
    return sign


def render(message: Message, language: str) -> str:
    """Return a message as a sentence; arguments of our own stand in it as they are, others on one line."""
    texts = TEXTS.get(message.key)
    template = f"[{shown(message.key, _IN_LIST)}]" if texts is None else texts[language]
    arguments = {name: _in_line(value, _LONGEST_SHOWN) for name, value in message.arguments.items()}
    return shown(_Sentence(language).vformat(template, (), arguments), 4 * _LONGEST_SHOWN)


def _in_line(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return shown(value, most)
    if isinstance(value, (list, tuple)):
        return [_in_line(item, _IN_LIST) for item in value[:_MOST_ITEMS]] + ["…"] * (len(value) > _MOST_ITEMS)
    return value


class _Sentence(Formatter):
    """Fills placeholders by name only; `{n:count|row|rows}` chooses a word by number."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs.get(field_name, "{" + field_name + "}"), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("count|"):
            _, singular, plural = format_spec.split("|")
            return f"{value:,} {singular if value == 1 else plural}"
        if format_spec and isinstance(value, (int, float)) and not isinstance(value, bool):
            return format(value, format_spec)
        return self.word(value)

    def word(self, value: Any) -> str:
        if isinstance(value, Message):
            return render(value, self.language)
        if isinstance(value, Mapping):
            if set(value) == {"key", "arguments"} and isinstance(value["arguments"], Mapping):
                return render(Message(str(value["key"]), value["arguments"]), self.language)
            return ", ".join(f"{shown(str(name), _IN_LIST)}={self.word(item)}" for name, item in value.items())
        if isinstance(value, (list, tuple)):
            return ("、" if self.language == "ja" else ", ").join(self.word(item) for item in value)
        return shown(str(value))
