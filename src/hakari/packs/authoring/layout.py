"""Which sheets a workbook has and which columns: the records themselves say it, one table says what hangs on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from hakari.messages import Language, render, say
from hakari.packs.model import (
    Check,
    Choice,
    FactDeclaration,
    Mapping_,
    Pack,
    Principle,
    Question,
    Requirement,
    Source,
    SourceReference,
)

__all__ = [
    "FREE_SHEETS", "READ_ME", "SENTENCE", "SHEETS", "SHELF", "TRIAGE", "Column", "Table", "columns_of", "headings_of",
    "headings_told",
]  # fmt: skip

SENTENCE = "sentence"
"""The column that holds a check as a sentence with blanks."""
READ_ME = "Read me"
SHELF = "Shelf"
TRIAGE = "Triage"
FREE_SHEETS = ("Notes", "メモ")
"""Sheets whose name begins so belong to whoever works on the workbook."""

Kind = Literal["text", "word", "free", "number", "list", "json"]

_WORDS = ("id", "to", "urn", "version", "group", "date", "effective.from", "effective.until")
"""Texts in which a blank at either end is a slip."""
_SPOKEN = ("measure", "metric", "aggregation", "slice", "operator", "threshold", "margin", "set_by", "why")
"""Fields of a check that its sentence says."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record, or one part of a field: `evidence.max_age_days`."""

    key: str
    kind: Kind
    """text: one column for each language; word: an id, a date, one of a closed set; list: words in one cell."""
    choices: tuple[str, ...] = ()
    needed: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The fields that lead to the value."""
        return tuple(self.key.split("."))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one record on each row, below its parent's record in `field`."""

    sheet: str
    record: Any
    """None: the row is a text by itself."""
    field: str
    parent: str = ""
    links: tuple[str, ...] = ()
    """Columns that name the parent, outermost first."""
    without: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns beside the links."""
        if self.record is None:
            return (Column("text", "text", needed=True),)
        own = columns_of(self.record, self.without)
        if self.record is Check:
            return (own[0], Column(SENTENCE, "text", needed=True), *own[1:])
        return own


SHEETS: tuple[Table, ...] = (
    Table("Pack", Pack, "", without=("digest",)),
    Table("Sources", Source, "sources", "Pack"),
    Table("Facts", FactDeclaration, "facts", "Pack"),
    Table("Fact choices", Choice, "choices", "Facts", ("fact",)),
    Table("Principles", Principle, "groups", "Pack"),
    Table("Requirements", Requirement, "requirements", "Pack"),
    Table("References", SourceReference, "sources", "Requirements", ("requirement",)),
    Table("Questions", Question, "questions", "Requirements", ("requirement",)),
    Table("Choices", Choice, "choices", "Questions", ("requirement", "question")),
    Table("Checks", Check, "checks", "Requirements", ("requirement",), without=_SPOKEN),
    Table("Alternatives", None, "alternatives", "Checks", ("requirement", "check")),
    Table("Mappings", Mapping_, "mappings", "Requirements", ("requirement",)),
)


@cache
def columns_of(record: Any, without: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Return the columns of a record; lists of records have sheets of their own."""
    hints = get_type_hints(record)
    found: list[Column] = []
    for item in fields(record):
        if item.name not in without:
            needed = item.default is MISSING and item.default_factory is MISSING
            found += _columns(item.name, hints[item.name], needed)
    return tuple(found)


def _columns(name: str, hint: Any, needed: bool) -> list[Column]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _columns(name, next(item for item in inner if item is not NoneType), False)
    if origin is Literal:
        return [Column(name, "word", inner, needed)]
    if origin is tuple:
        if is_dataclass(inner[0]) or (get_origin(inner[0]) is not None and get_origin(inner[0]) is not Literal):
            return []
        return [Column(name, "list", get_args(inner[0]), needed)]
    if origin is not None and issubclass(origin, Mapping):
        if inner == (str, str):
            return [Column(name, "text", needed=needed)]
        keys = get_args(inner[0])
        if not keys:
            return [Column(name, "json", needed=needed)]
        return [column for key in keys for column in _columns(f"{name}.{key}", inner[1], False)]
    if is_dataclass(hint):
        return [
            Column(f"{name}.{column.key}", column.kind, column.choices, False) for column in columns_of(cast(Any, hint))
        ]
    if hint is bool:
        return [Column(name, "word", ("true", "false"), needed)]
    if hint in (int, float):
        return [Column(name, "number", needed=needed)]
    return [Column(name, "word" if name in _WORDS else "free", needed=needed)]


def headings_of(table: Table, languages: tuple[str, ...]) -> list[str]:
    """Return the headings of a sheet: a text has one column in each language."""
    found = list(table.links)
    for column in table.columns:
        found += [f"{column.key} [{language}]" for language in languages] if column.kind == "text" else [column.key]
    return found


def headings_told(names: Sequence[str], language: Language) -> list[str]:
    """Return names with an explanation below each; only the first line is read again."""
    told = (render(say(f"authoring.column.{name.partition(' [')[0]}"), language) for name in names)
    return [f"{name}\n{line}" for name, line in zip(names, told, strict=True)]
