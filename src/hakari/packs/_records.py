"""From located strings to frozen records: the annotations of the records say what each string is."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs._nodes import ListNode, MapNode, Node, ScalarNode

__all__ = ["Places", "RecordReader", "Written"]

T = TypeVar("T")

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_NULL = {"", "~", "null"}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Written:
    """A value whose type only its reader knows: what YAML would make of it, and the letters that stand there."""

    value: Any
    text: Any
    """The letters of one value, or a tuple of them for a list."""


class Places:
    """Where each record was written. Kept by identity, because equal records may stand in two places."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[str, MapNode, object]] = {}

    def put(self, record: object, file: str, node: MapNode) -> None:
        """Remember that `record` was read from `node` of `file`."""
        self._found[id(record)] = (file, node, record)

    def move(self, source: object, record: object) -> None:
        """Give `record` the place of `source`."""
        file, node, _ = self._found[id(source)]
        self._found[id(record)] = (file, node, record)

    def take(self, other: Places) -> None:
        """Add all places of `other`."""
        self._found.update(other._found)

    def at(self, record: object, key: str = "") -> str | None:
        """Return `file:line` of a record, or of one of its keys; None if it came from nowhere that is known."""
        if id(record) not in self._found:
            return None
        file, node, _ = self._found[id(record)]
        return f"{file}:{node.line_of(key)}"


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind)}


@cache
def _needed(kind: Any) -> frozenset[str]:
    return frozenset(i.name for i in fields(kind) if i.default is MISSING and i.default_factory is MISSING)


class RecordReader:
    """Reads the nodes of one file. If there are `languages`, texts must be there in each of them and in no other."""

    def __init__(self, file: str, places: Places, languages: Collection[str] = ()) -> None:
        self.file = file
        self.places = places
        self.languages = tuple(languages)

    def record(self, kind: type[T], node: Node) -> T:
        """Return `node` as a record of type `kind`."""
        arguments = self.arguments(kind, node)
        made = kind(**arguments)
        self.places.put(made, self.file, cast(MapNode, node))
        return made

    def arguments(self, kind: Any, node: Node, *, without: Collection[str] = ()) -> dict[str, Any]:
        """Return the fields of `kind` that `node` holds, typed; `without` names fields that do not come from YAML."""
        keys = self.mapping(node)
        hints = {name: hint for name, hint in _hints(kind).items() if name not in without}
        for name, (line, _) in keys.entries.items():
            if name not in hints:
                self.unknown(line, "packs.key.unknown", name, hints)
        missing = [name for name in hints if name in _needed(kind) and name not in keys.entries]
        if missing:
            self.refuse(keys.line, say("packs.key.missing", keys=missing))
        return {name: self.value(hints[name], keys.entries[name][1], name) for name in hints if name in keys.entries}

    def value(self, hint: Any, node: Node, name: str) -> Any:
        """Return `node` as the annotation `hint` wants it; `name` is the field, for messages."""
        origin, inner = get_origin(hint), get_args(hint)
        if hint is Any:
            return self.free(node)
        if hint is Written:
            return Written(self.free(node), self.letters(node))
        if origin in (Union, UnionType):
            if isinstance(node, ScalarNode) and node.plain and node.text in _NULL:
                return None
            return self.value(next(item for item in inner if item is not NoneType), node, name)
        if origin is Literal:
            return self.literal(inner, self.scalar(node, name), node.line, name)
        if origin is tuple:
            if not isinstance(node, ListNode):
                self.refuse(node.line, say("packs.value.not_list", key=name, value=_shown(node)))
            return tuple(self.value(inner[0], item, name) for item in node.items)
        if origin is not None and issubclass(origin, Mapping):
            localised = inner == (str, str) and self.languages
            return self.text(node, name) if localised else self.pairs(inner, node, name)
        if is_dataclass(hint):
            return self.record(cast(type[Any], hint), node)
        return self.plain(hint, self.scalar(node, name), node.line, name)

    def plain(self, hint: Any, text: str, line: int, name: str) -> str | int | float | bool:
        """Return a string as str, bool, int or float."""
        if hint is str:
            if not text.strip():
                self.refuse(line, say("packs.value.empty", key=name))
            return text
        if hint is bool and text in ("true", "false"):
            return text == "true"
        if hint is int and _INTEGER.match(text):
            return int(text)
        if hint is float and _NUMBER.match(text) and math.isfinite(float(text)):
            return float(text)
        expected = {bool: "boolean", int: "integer", float: "number"}[hint]
        self.refuse(line, say(f"packs.value.type.{expected}", key=name, value=_cut(text)))

    def literal(self, allowed: tuple[Any, ...], text: str, line: int, name: str) -> str:
        if text not in allowed:
            self.refuse(line, say("packs.value.not_allowed", key=name, value=_cut(text), allowed=list(allowed)))
        return text

    def text(self, node: Node, name: str) -> dict[str, str]:
        """Return a text in every language that the pack declares."""
        entries = self.mapping(node, name).entries
        missing = [language for language in self.languages if language not in entries]
        if missing:
            self.refuse(node.line, say("packs.text.language_missing", key=name, languages=missing))
        for language, (line, content) in entries.items():
            if language not in self.languages:
                self.refuse(
                    line,
                    say("packs.text.language_unknown", key=name, language=language, languages=list(self.languages)),
                )
            if not self.scalar(content, name).strip():
                self.refuse(line, say("packs.text.empty", key=name, language=language))
        return {language: self.scalar(entries[language][1], name) for language in self.languages}

    def pairs(self, inner: tuple[Any, ...], node: Node, name: str) -> dict[Any, Any]:
        keys, values = inner
        found = {}
        for key, (line, content) in self.mapping(node, name).entries.items():
            allowed = get_args(keys)
            if allowed and key not in allowed:
                self.unknown(line, "packs.key.unknown", key, allowed)
            found[key] = self.value(values, content, key)
        return found

    def free(self, node: Node) -> Any:
        """Return a parameter of a measure, of which the pack knows no type: quoted is text, the rest reads as JSON."""
        if isinstance(node, ListNode):
            return tuple(self.free(item) for item in node.items)
        if isinstance(node, MapNode):
            return {key: self.free(content) for key, (_, content) in node.entries.items()}
        text = node.text
        if not node.plain:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in _NULL:
            return None
        if _INTEGER.match(text):
            return int(text)
        return float(text) if _NUMBER.match(text) and math.isfinite(float(text)) else text

    def letters(self, node: Node) -> Any:
        """Return the letters of a value, `0812` and not 812."""
        if isinstance(node, ListNode):
            return tuple(self.letters(item) for item in node.items)
        return node.text if isinstance(node, ScalarNode) else self.free(node)

    def mapping(self, node: Node, name: str = "") -> MapNode:
        if not isinstance(node, MapNode):
            self.refuse(node.line, say("packs.value.not_mapping", key=name or self.file, value=_shown(node)))
        return node

    def scalar(self, node: Node, name: str) -> str:
        if not isinstance(node, ScalarNode):
            self.refuse(node.line, say("packs.value.not_scalar", key=name, value=_shown(node)))
        return node.text

    def unknown(self, line: int, key: str, found: str, known: Collection[str]) -> NoReturn:
        nearest = get_close_matches(found, list(known), n=1, cutoff=0.5)
        self.refuse(line, say(key, key=_cut(found), nearest=nearest or sorted(known)))

    def refuse(self, line: int, problem: Message) -> NoReturn:
        raise PackError(say("packs.at", place=f"{self.file}:{line}", problem=problem))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _shown(node: Node) -> str | Message:
    if isinstance(node, ScalarNode):
        return _cut(node.text)
    if isinstance(node, ListNode):
        return say("packs.shape.list", n=len(node.items))
    return say("packs.shape.mapping", keys=_cut(", ".join(node.entries)))
