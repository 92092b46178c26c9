"""Panel: one plot among several in a picture, with its numbers below or beside it, and rows of intervals on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hakari.reports._axis import Axis, fitted
from hakari.reports._lettering import breadth, shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts.readings import MISSING_NUMBER, Reading

__all__ = ["AXIS_ROOM", "Box", "Line", "PanelRow", "axis_over", "down_axis", "draw_lines", "draw_rows", "up_axis"]

AXIS_ROOM: Final = 24
"""Room below a panel for the numbers of its axis."""
_SMALL: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a panel stands, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where the panel ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where the panel stands on its axis."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """One group on a panel: its number, and where its words stand."""

    name: str
    figure: str
    reading: Reading
    """In the unit of the axis."""
    y: float
    """Middle of the interval."""
    words_y: float
    """Middle of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A place on the axis that readers compare with, such as no change at all."""

    at: float
    word: str = ""
    dashed: bool = False
    leftwards: bool = False
    """Whether its words stand left of it."""


def axis_over(low: float, high: float, *, percent: bool, width: float, ticks: int) -> Axis:
    """Return an axis from `low` to `high` exactly: the ends that `fitted` would move outwards are moved in before."""
    air = (high - low) * 0.12 / 1.24
    return fitted([low + air, high - air], title="", percent=percent, width=round(width), ticks=ticks)


def down_axis(canvas: Canvas, box: Box, axis: Axis) -> None:
    """Draw upright grid lines and their numbers below the panel."""
    for at, number in axis.ticks:
        x = box.x + axis.pixels(at)
        canvas.line(x, box.y, x, box.bottom)
        half = breadth(number, _SMALL) / 2
        # Numbers at the edge of the picture lean inwards, so that none of them is cut.
        canvas.text(
            number, min(max(x, half), canvas.width - half), box.bottom + 13, size=_SMALL, ink="soft", align="center"
        )
    canvas.line(box.x, box.bottom, box.right, box.bottom, ink="line")


def up_axis(canvas: Canvas, box: Box, axis: Axis) -> None:
    """Draw level grid lines and their numbers left of the panel; the axis runs upwards."""
    for at, number in axis.ticks:
        y = box.bottom - axis.pixels(at)
        canvas.line(box.x, y, box.right, y)
        canvas.text(number, box.x - 6, y, size=_SMALL, ink="soft", align="right")


def draw_lines(canvas: Canvas, box: Box, axis: Axis, lines: Sequence[Line]) -> None:
    """Draw what readers compare with; words stand above the panel, beside their line."""
    for line in lines:
        if not axis.low <= line.at <= axis.high:
            continue
        x = box.x + axis.pixels(line.at)
        top = box.y - (14 if line.word else 0)
        canvas.line(x, top, x, box.bottom, ink="soft", thickness=1.5, dash=(5, 3) if line.dashed else (), above=True)
        if line.word:
            room = breadth(line.word, _SMALL) + 6
            left = x + room > canvas.width or (line.leftwards and x > room)
            place = x - 5 if left else x + 5
            canvas.text(
                line.word, place, box.y - 8, size=_SMALL, ink="soft", align="right" if left else "left", halo=True
            )


def draw_rows(
    canvas: Canvas, box: Box, axis: Axis, rows: Sequence[PanelRow], *, names: float | None, figures: float
) -> None:
    """Draw one interval a row: full circles are compared, hollow diamonds on dashes have too few rows for it.

    Names begin at `names`, or are left out; figures end at `figures`. What lies outside the panel is cut off.
    """
    for row in rows:
        on_plot = row.y != row.words_y
        if names is not None:
            room = (box.x - names - 8) if not on_plot else figures - names - breadth(row.figure, 13) - 12
            canvas.text(shortened(row.name, 13, room), names, row.words_y, halo=on_plot)
        ink = "soft" if row.reading.value is not None else "line"
        canvas.text(row.figure or MISSING_NUMBER, figures, row.words_y, ink=ink, align="right", halo=on_plot)
        if row.reading.value is None:
            continue
        low, high = (box.x + min(max(axis.pixels(end), 0.0), box.width) for end in row.reading.span)
        at = box.x + axis.pixels(row.reading.value)
        if not box.x - 1 <= at <= box.right + 1:
            continue
        if row.reading.assessed:
            canvas.line(low, row.y, high, row.y, ink="accent", thickness=3, above=True)
            canvas.point(at, row.y, size=56)
        else:
            canvas.line(low, row.y, high, row.y, ink="soft", thickness=1.5, dash=(3, 3), above=True)
            canvas.point(at, row.y, shape="diamond", fill="ground", ink="soft")
