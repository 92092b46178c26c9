"""Session: how one run speaks: language, format, width, and where relative paths begin."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Literal

import click

from hakari.cli.terminal.layout import paragraph
from hakari.messages import Argument, Language, Message, join, render, say

__all__ = ["LogFormat", "Session", "detect_language", "plain"]

LogFormat = Literal["text", "json"]
_NARROWEST, _WIDEST = 60, 100


def detect_language() -> Language:
    """Return the language of `HAKARI_LANG`, else Japanese where the locale is Japanese, else English."""
    stated = os.environ.get("HAKARI_LANG", "")
    if stated in ("en", "ja"):
        return "ja" if stated == "ja" else "en"
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if locale.startswith("ja") else "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Settings of one run that every command shares."""

    language: Language = "en"
    as_json: bool = False
    quiet: bool = False
    log: LogFormat = "text"
    folder: Path = Path()

    @property
    def width(self) -> int:
        """Columns to write in."""
        return min(max(get_terminal_size((80, 24)).columns, _NARROWEST), _WIDEST)

    @property
    def unicode(self) -> bool:
        """Whether the terminal can show box drawing."""
        if os.environ.get("HAKARI_ASCII"):
            return False
        try:
            "├━●┿╋▒┤╵✗".encode(getattr(sys.stdout, "encoding", None) or "ascii")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def path(self, name: str | Path) -> Path:
        """Return a path as the person means it: relative to the folder of `-C`."""
        return self.folder / name

    def shown(self, path: Path) -> str:
        """Return a path as short as it can be said from where the person stands."""
        try:
            return str(path.resolve().relative_to(Path.cwd().resolve()))
        except ValueError:
            return str(path)

    def text(self, message: Message | str) -> str:
        """Return a message in the reader's language."""
        return render(message, self.language)

    def say(self, key: str, /, **arguments: Argument) -> str:
        """Return the message `key` in the reader's language."""
        return render(say(key, **arguments), self.language)

    def pick(self, text: Mapping[str, str] | None) -> str:
        """Return a pack's text in the reader's language, or in the language there is."""
        if not text:
            return ""
        return text.get(self.language) or next(iter(text.values()))

    def join(self, items: list[Any]) -> str:
        """Return a list in the manner of the language."""
        return join(items, self.language)

    def print(self, text: str = "", *, first: str = "", rest: str = "") -> None:
        """Write a paragraph to stdout."""
        click.echo(paragraph(text, self.width, first=first, rest=rest))

    def lines(self, text: str) -> None:
        """Write text to stdout as it is laid out."""
        click.echo(text)

    def emit(self, document: Any) -> None:
        """Write one JSON document to stdout."""
        click.echo(json.dumps(plain(document, self.language), ensure_ascii=False, indent=2, sort_keys=True))


def plain(value: Any, language: Language) -> Any:
    """Return a value as JSON for machines, with each message as its sentence."""
    if isinstance(value, Message):
        return render(value, language)
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: plain(content, language) for name, content in pairs}
    if isinstance(value, Mapping):
        return {str(key): plain(item, language) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, language) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value
