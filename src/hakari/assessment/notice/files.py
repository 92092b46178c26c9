"""Files: `glossary.yaml` and `notice.yaml`, read with the same care and the same file:line messages as a manifest."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from hakari.assessment.manifest import nearest
from hakari.assessment.notice.glossary import VALUE, Entry, Glossary
from hakari.assessment.notice.wording import Wording
from hakari.errors import ManifestError, PackError
from hakari.messages import Message, say
from hakari.packs import Places, located_record
from hakari.packs.model import Text

__all__ = ["LONGEST_TEXT", "read_glossary", "read_wording"]

T = TypeVar("T")

LONGEST_TEXT = 1_000
"""Letters of one text; a notice is one page."""
_VERSION = 1
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,11}")
_BRACES = re.compile(r"\{[^}]*\}")
_WITH_VALUE = {"show", "high", "low"}
"""Texts in which the person's value may stand."""


def read_wording(content: bytes, *, file: str = "notice.yaml") -> Wording:
    """Return the wording in `content`.

    Raises:
        ManifestError: malformed, another format version, a text that lacks a language, or a thing said not to be used
            that names no column; with file and line.
    """
    wording, places = _located(Wording, content, file)
    where = _Where(places, file)
    where.version(wording, "notice", wording.notice)
    if not wording.languages or len(set(wording.languages)) < len(wording.languages):
        raise where.wrong(wording, "languages", say("assessment.notice.languages"))
    for record in (wording, wording.favourable, wording.unfavourable, wording.contest, *wording.not_used):
        if record is not None:
            where.texts(record, wording.languages)
    for item in wording.not_used:
        if not item.columns:
            raise where.wrong(item, "columns", say("assessment.notice.no_columns"))
    if wording.contest is not None and wording.contest.days is not None and wording.contest.days < 1:
        raise where.wrong(wording.contest, "days", say("assessment.notice.days", days=wording.contest.days))
    if wording.example is not None and wording.example.row < 1:
        raise where.wrong(wording.example, "row", say("assessment.notice.row", row=wording.example.row))
    return wording


def read_glossary(content: bytes, languages: Sequence[str], *, file: str = "glossary.yaml") -> Glossary:
    """Return the glossary in `content`; its texts must stand in each of `languages`.

    Raises:
        ManifestError: malformed, another format version, a text that lacks a language, a group of unknown columns, a
            column in two groups, or a code that stands twice; with file and line.
    """
    glossary, places = _located(Glossary, content, file)
    where = _Where(places, file)
    where.version(glossary, "glossary", glossary.glossary)
    owner: dict[str, str] = {}
    codes: dict[str, str] = {}
    for name, entry in (*glossary.columns.items(), *glossary.groups.items()):
        where.texts(entry, languages)
        where.entry(entry, codes.setdefault(entry.code, name) if entry.code else name, name)
    for name, entry in glossary.columns.items():
        if entry.columns:
            raise where.wrong(entry, "columns", say("assessment.notice.not_a_group", column=name))
    for name, entry in glossary.groups.items():
        where.group(name, entry, glossary, owner)
    return glossary


def _located(kind: type[T], content: bytes, file: str) -> tuple[T, Places]:
    try:
        return located_record(kind, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None


class _Where:
    """Checks that name the line of what they refuse."""

    def __init__(self, places: Places, file: str) -> None:
        self.places = places
        self.file = file

    def wrong(self, record: object, key: str, problem: Message) -> ManifestError:
        """Return the error for one key of a record."""
        return ManifestError(
            say("assessment.notice.at", place=self.places.at(record, key) or self.file, problem=problem)
        )

    def version(self, record: object, key: str, found: int) -> None:
        """Refuse another version of the file's shape."""
        if found != _VERSION:
            raise self.wrong(record, key, say("assessment.notice.version", version=found, known=_VERSION))

    def texts(self, record: Any, languages: Sequence[str]) -> None:
        """Refuse a text that lacks a language, is too long, or has a placeholder that nothing fills."""
        for key, text in _texts(record):
            missing = [language for language in languages if not text.get(language, "").strip()]
            unknown = sorted(set(text) - {"en", "ja"})
            if missing or unknown:
                problem = say("assessment.notice.text", key=key, missing=missing or unknown, languages=list(languages))
                raise self.wrong(record, key, problem)
            for words in text.values():
                if len(words) > LONGEST_TEXT:
                    problem = say("assessment.notice.long", key=key, length=len(words), most=LONGEST_TEXT)
                    raise self.wrong(record, key, problem)
                known = {VALUE} if key in _WITH_VALUE else set()
                if extra := sorted(set(_BRACES.findall(words)) - known):
                    problem = say(
                        "assessment.notice.placeholder", key=key, found=extra[0], known=sorted(known) or ["–"]
                    )
                    raise self.wrong(record, key, problem)

    def entry(self, entry: Entry, first: str, name: str) -> None:
        """Refuse numbers and codes that mean nothing."""
        if first != name:
            raise self.wrong(entry, "code", say("assessment.notice.code_twice", code=entry.code, first=first))
        if entry.code and _CODE.fullmatch(entry.code) is None:
            raise self.wrong(entry, "code", say("assessment.notice.code", code=entry.code[:40]))
        for key, fits in (
            ("scale", entry.scale > 0 and math.isfinite(entry.scale)),
            ("decimals", 0 <= entry.decimals <= 6),
            ("step", entry.step is None or entry.step > 0),
        ):
            if not fits:
                raise self.wrong(entry, key, say("assessment.notice.number", key=key, value=getattr(entry, key)))

    def group(self, name: str, entry: Entry, glossary: Glossary, owner: dict[str, str]) -> None:
        """Refuse a group that is named like a column, has unknown columns, or shares one with another group."""
        if name in glossary.columns:
            raise self.wrong(entry, "name", say("assessment.notice.group_name", group=name))
        if not entry.columns:
            raise self.wrong(entry, "columns", say("assessment.notice.no_columns"))
        for column in entry.columns:
            if column not in glossary.columns:
                near = nearest(column, list(glossary.columns))[:5]
                raise self.wrong(entry, "columns", say("assessment.notice.group_column", column=column, nearest=near))
            if owner.setdefault(column, name) != name:
                problem = say("assessment.notice.two_groups", column=column, group=owner[column])
                raise self.wrong(entry, "columns", problem)


def _texts(record: Any) -> Iterator[tuple[str, Text]]:
    """Yield each text of a record with its key; a text that is left out is none."""
    hints = get_type_hints(type(record))
    for item in fields(record):
        value = getattr(record, item.name)
        if hints[item.name] == Text and value:
            yield item.name, value
        elif item.name in ("levels", "says"):
            for text in value.values():
                yield item.name, text
