"""The glossary: what the columns of a model are called when a person is told about them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hakari.inputs.values import class_text
from hakari.packs.model import Text

__all__ = ["VALUE", "Entry", "Glossary"]

VALUE = "{value}"
"""Stands in a text for the person's own value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One column, or a group of columns that are one reason."""

    name: Text
    """What it is called, as a noun."""
    code: str = ""
    """Reason code, such as R03."""
    columns: tuple[str, ...] = ()
    """For a group: its columns, each with an entry of its own. Its first column says whether it is high or low."""
    show: Text = field(default_factory=dict)
    """How a number is written, such as `{value} %`; empty for the bare number."""
    scale: float = 1.0
    """Stored value × scale is what is shown."""
    decimals: int = 0
    """Digits after the point."""
    step: float | None = None
    """Changes are rounded to this, in the unit that is shown; one in the last digit without it."""
    levels: Mapping[str, Text] = field(default_factory=dict)
    """Value as text → its words, for categories and yes or no."""
    says: Mapping[str, Text] = field(default_factory=dict)
    """Value as text → a whole sentence, used where this value is a reason."""
    high: Text = field(default_factory=dict)
    """A sentence for a reason whose value lies above the middle of the other cases."""
    low: Text = field(default_factory=dict)
    """The same below the middle."""
    missing: Text = field(default_factory=dict)
    """A sentence for a reason without a value."""
    correct: Text = field(default_factory=dict)
    """What to send if the value is wrong."""
    private: bool = False
    """True if it may never be named in a notice."""

    def __post_init__(self) -> None:
        # Values are looked up as names of classes are: width, case and spaces do not matter.
        for name in ("levels", "says"):
            object.__setattr__(self, name, {class_text(value): text for value, text in getattr(self, name).items()})

    def shown(self, value: Any, languages: tuple[str, ...]) -> Text:
        """Return a value in words, in each language; empty where there is none."""
        if is_missing(value):
            return {}
        words = self.levels.get(class_text(value))
        if words is not None:
            return {language: words[language] for language in languages}
        if not isinstance(value, (int, float)):
            return dict.fromkeys(languages, str(value))
        number = f"{_plain(value * self.scale, self.decimals):,.{self.decimals}f}"
        return {language: self.show.get(language, VALUE).replace(VALUE, number) for language in languages}

    @property
    def unit(self) -> float:
        """The step of changes, in the unit of the stored column."""
        return (self.step or 10.0**-self.decimals) / self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """The file."""

    glossary: int
    """Version of this file's shape."""
    columns: Mapping[str, Entry]
    """Column → its entry."""
    groups: Mapping[str, Entry] = field(default_factory=dict)
    """Group → its entry; a column is in one group at most."""

    def entry(self, name: str) -> Entry | None:
        """Return the entry of a group or column."""
        return self.groups.get(name) or self.columns.get(name)

    def grouped(self, features: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Return each group with those of its columns that a model is given."""
        found = {name: tuple(c for c in entry.columns if c in features) for name, entry in self.groups.items()}
        return {name: columns for name, columns in found.items() if columns}

    def is_private(self, name: str) -> bool:
        """Return whether a column or group may not be named; what stands nowhere in the file may not."""
        entry = self.entry(name)
        if entry is None or entry.private:
            return True
        return any(self.is_private(column) for column in entry.columns)


def is_missing(value: Any) -> bool:
    """Return whether a cell is empty."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _plain(value: float, decimals: int) -> float:
    """A number that rounds to 0 is written without its minus."""
    return round(value, decimals) + 0.0
