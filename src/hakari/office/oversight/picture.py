"""Picture: a chart as title, sentence, bars and table that say the same, for pages and for the report.

Bars are SVG rectangles with attributes and classes only, so that a strict content security policy lets them stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hakari.messages import Message

__all__ = ["Bar", "Cell", "Look", "Picture", "Table", "bar", "matrix_rows", "span"]

Look = Literal["full", "half", "none", "bad"]
"""Filled, tinted, outlined, or filled as a warning; told by words beside it as well."""
Text = Message | str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rectangle, in hundredths of the line."""

    x: float
    width: float
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart."""

    label: Text
    parts: tuple[Part, ...]
    told: Text
    """What stands at its end."""
    mark: float | None = None
    """Where a dot stands, such as a median."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table; a link if it has an address."""

    text: Any
    url: str = ""
    day: Any = None
    """A date, written as the reader writes dates."""

    @property
    def several(self) -> bool:
        """Whether it holds several texts, one on each line."""
        return isinstance(self.text, (list, tuple))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a chart."""

    caption: Message
    headers: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: Message | None = None
    """What is said of rows that are left out."""

    @property
    def body(self) -> list[list[tuple[Text, Cell]]]:
        """Each cell beside its header."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart that everybody can read."""

    id: str
    title: Message
    sentence: Message
    table: Table
    bars: tuple[Bar, ...] = ()
    columns: tuple[Text, ...] = ()
    """Names of the columns where each line has one bar for each."""
    scale: tuple[Text, ...] = ()
    """What the two ends of a line mean, where its length is no number of things."""
    matrix: tuple[tuple[Text, tuple[Bar, ...]], ...] = ()
    legend: tuple[tuple[Look, Message], ...] = ()
    notes: tuple[Message, ...] = field(default=())
    open: bool = False
    """Whether its table is unfolded: it lists what is to be done."""


def bar(label: Text, amounts: Sequence[tuple[float, Look]], whole: float, told: Text) -> Bar:
    """Return a line whose parts stand one after the other; `whole` is what fills it."""
    parts, x = [], 0.0
    for amount, look in amounts:
        width = round(100 * amount / whole, 2) if whole else 0.0
        if width:
            parts.append(Part(x=round(x, 2), width=width, look=look))
        x += width
    return Bar(label=label, parts=tuple(parts), told=told)


def span(label: Text, low: float, high: float | None, middle: float | None, whole: float, told: Text) -> Bar:
    """Return a line from one value to another with a dot between; without an end it runs to the edge, tinted."""
    start = 100 * low / whole if whole else 0.0
    end = 100.0 if high is None else 100 * high / whole if whole else 0.0
    look: Look = "half" if high is None else "full"
    part = Part(x=round(start, 2), width=round(max(end - start, 0.6), 2), look=look)
    return Bar(
        label=label,
        parts=(part,),
        told=told,
        mark=None if middle is None or not whole else round(100 * middle / whole, 2),
    )


def matrix_rows(
    lines: Sequence[tuple[Text, Sequence[int]]], look: Look = "full"
) -> tuple[tuple[Text, tuple[Bar, ...]], ...]:
    """Return lines of small bars on one scale, one for each column."""
    most = max((number for _, numbers in lines for number in numbers), default=0)
    return tuple(
        (label, tuple(bar(label, [(number, look)], most, number) for number in numbers)) for label, numbers in lines
    )
