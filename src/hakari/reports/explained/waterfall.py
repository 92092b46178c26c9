"""Waterfall: the way from the mean of the rows compared to this row as bars one under the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from hakari.reports._axis import Axis, fitted
from hakari.reports._lettering import shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import AXIS_ROOM, Box, Line, down_axis, draw_lines
from hakari.reports.explained.steps import Step, steps_of
from hakari.reports.explained.view import RowView
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import Table
from hakari.reports.words import Words

__all__ = ["waterfall_figure"]

_ROW: Final = {WIDE: 28, NARROW: 42}
_SIDES: Final = {WIDE: (216, 78), NARROW: (16, 16)}
_TOP: Final = 26
_HALF: Final = 8
"""Half the height of a bar."""
_NORMAL: Final = 1.96
_FAR: Final = 3.0
"""A decision line that is further away than this many times the way would press the way together to nothing."""


def waterfall_figure(view: RowView, words: Words) -> Figure:
    """Return the chart of an explained row with its sentence and its table of steps."""
    steps = steps_of(view, words)
    line = _drawn_line(view, steps)
    notes = [words.say("reports.explained.figure.how")]
    if any(step.error for step in steps):
        notes.append(words.say("reports.explained.figure.errors"))
    if line is None and view.line is not None:
        notes.append(words.say("reports.explained.figure.off", line=view.numbers.plain(view.line)))
    # The renderer escapes the names in the data itself.
    pictures = {width: Markup(_picture(view, steps, line, width, words)) for width in (WIDE, NARROW)}  # noqa: S704
    return Figure(
        id="explained-way",
        title=words.say("reports.explained.figure.title", unit=view.unit),
        sentence=view.way,
        notes=tuple(notes),
        wide=(pictures[WIDE],),
        narrow=(pictures[NARROW],),
        tables=(_table(view, steps, words),),
    )


def _ends(view: RowView, steps: Sequence[Step]) -> list[float]:
    found = [view.base, view.output]
    for step in steps:
        found += [step.end, step.end - _NORMAL * step.error, step.end + _NORMAL * step.error]
    return found


def _drawn_line(view: RowView, steps: Sequence[Step]) -> float | None:
    ends = _ends(view, steps)
    low, high = min(ends), max(ends)
    if view.line is None or not low - _FAR * (high - low) <= view.line <= high + _FAR * (high - low):
        return None
    return view.line


def _picture(view: RowView, steps: Sequence[Step], line: float | None, width: int, words: Words) -> str:
    left, right = _SIDES[width]
    row = _ROW[width]
    box = Box(x=left, y=_TOP, width=width - left - right, height=row * (len(steps) + 2))
    canvas = Canvas(width=width, height=round(box.bottom) + AXIS_ROOM)
    numbers = [*_ends(view, steps), *([] if line is None else [line])]
    axis = fitted(numbers, title="", percent=False, width=round(box.width), ticks=6 if width == WIDE else 4)
    down_axis(canvas, box, axis)
    if line is not None:
        draw_lines(canvas, box, axis, [Line(at=line, word=view.line_word, dashed=True)])
    places = [box.y + place * row + row * (0.5 if width == WIDE else 0.74) for place in range(len(steps) + 2)]
    bars = _Bars(canvas=canvas, box=box, axis=axis, width=width)
    bars.end(places[0], view.base, words.say("reports.explained.figure.base"), view.numbers.plain(view.base))
    for step, y, following in zip(steps, places[1:], places[2:], strict=False):
        bars.step(y, following, step, view.numbers.signed(step.by))
    bars.link(view.base, places[0], places[1])
    bars.end(
        places[-1], view.output, words.say("reports.explained.figure.output"), view.numbers.plain(view.output)
    )  # fmt: skip
    return canvas.svg()


class _Bars:
    """What is drawn on one row: its words, and its bar or point."""

    def __init__(self, *, canvas: Canvas, box: Box, axis: Axis, width: int) -> None:
        self._canvas = canvas
        self._box = box
        self._axis = axis
        self._width = width

    def end(self, y: float, at: float, name: str, figure: str) -> None:
        """Draw where the way begins or ends."""
        self._words(y, name, figure, bold=True)
        self._canvas.point(self._x(at), y, shape="diamond", size=110)

    def step(self, y: float, following: float, step: Step, figure: str) -> None:
        """Draw one step, and its link to the next one."""
        self._words(y, step.name, figure, bold=False)
        start, end = self._x(step.start), self._x(step.end)
        if step.by:
            ink = "accent" if step.by > 0 else "doubt"
            # A step too small to be seen still has a place.
            size = max(abs(end - start), 1.5)
            opacity = 0.9 if step.by > 0 else 0.0
            self._canvas.area(min(start, end), y - _HALF, size, 2 * _HALF, fill=ink, opacity=opacity, ink=ink)
        if step.error:
            low, high = (self._x(step.end + side * _NORMAL * step.error) for side in (-1, 1))
            self._canvas.line(low, y, high, y, ink="ink", thickness=1.5, above=True)
            for cap in (low, high):
                self._canvas.line(cap, y - 4, cap, y + 4, ink="ink", thickness=1.5, above=True)
        self.link(step.end, y, following)

    def link(self, at: float, y: float, following: float) -> None:
        """Draw what joins the end of one bar to the beginning of the next."""
        self._canvas.line(self._x(at), y + _HALF, self._x(at), following - _HALF, ink="line", above=True)

    def _words(self, y: float, name: str, figure: str, *, bold: bool) -> None:
        wide = self._width == WIDE
        words_y = y if wide else y - 20
        room = self._box.x - 12 if wide else self._width - 90
        self._canvas.text(shortened(name, 13, room), 0, words_y, bold=bold, halo=not wide)
        self._canvas.text(figure, self._width, words_y, ink="soft", bold=bold, align="right", halo=not wide)

    def _x(self, value: float) -> float:
        return self._box.x + self._axis.pixels(value)


def _table(view: RowView, steps: Sequence[Step], words: Words) -> Table:
    numbers = view.numbers
    rows = [(step.name, numbers.plain(step.start), numbers.signed(step.by), numbers.plain(step.end)) for step in steps]
    headers = ("table.feature", "steps.from", "steps.by", "steps.to")
    return Table(
        caption=words.say("reports.explained.steps.caption"),
        headers=tuple(words.say(f"reports.explained.{header}") for header in headers),
        rows=tuple(rows),
        numbers=frozenset({1, 2, 3}),
    )
