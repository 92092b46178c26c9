from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from hakari.messages._catalogue import Language, template
from hakari.messages._message import Argument, Message

_SEPARATOR: dict[Language, str] = {"en": ", ", "ja": "、"}


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
        if format_spec.startswith("count|"):
            _, singular, plural = format_spec.split("|")
            return f"{value:,} {singular if value == 1 else plural}"
        if format_spec and isinstance(value, (int, float)) and not isinstance(value, bool):
            return format(value, format_spec)
        return _plain(value, self.language)
