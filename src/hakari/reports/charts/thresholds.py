"""Thresholds: what each rate would be at every threshold of the score, one line for each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports._lettering import breadth, shortened
from hakari.reports.charts._canvas import Canvas, Shape
from hakari.reports.charts._panel import AXIS_ROOM, Box, axis_over, down_axis, up_axis
from hakari.reports.charts.readings import MISSING_NUMBER, drawn_groups, joined, signed
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import Table
from hakari.reports.words import Words, capital

__all__ = ["STEPS", "Curve", "thresholds_figure"]

STEPS: Final = 100
"""The thresholds are 0, 0.01, … 1: finer ones would show the scores of single persons."""
MOST_GROUPS: Final = 4
"""Lines that dashes and marks keep apart."""

_PERCENT: Final = Scale(unit="percent", decimals=1)
_LOOKS: Final[tuple[tuple[str, tuple[float, ...], Shape], ...]] = (
    ("accent", (), "circle"),
    ("doubt", (7, 3), "square"),
    ("ink", (2, 3), "triangle-up"),
    ("soft", (8, 3, 2, 3), "diamond"),
)
"""Colour, dashes and mark of each line: any one of them tells it from the others."""
_LEFT: Final = 46
_PLOT: Final = {WIDE: (258, 150), NARROW: (236, 150)}
_TITLE: Final = 26
_BELOW: Final = 14
_KEY: Final = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One rate of one group at the thresholds 0, 0.01, … 1."""

    values: tuple[float | None, ...]
    """As many as `STEPS` + 1; None where nothing can be divided."""

    def __post_init__(self) -> None:
        assert len(self.values) == STEPS + 1


def thresholds_figure(
    identifier: str,
    columns: str,
    rates: Mapping[str, Mapping[str, Curve]],
    rows: Mapping[str, int],
    words: Words,
) -> Figure | None:
    """Return each rate of `rates` (name as read → group → curve) over the thresholds; None without curves.

    `rows` are the rows of the groups that are compared; of more than four the largest are drawn.
    """
    known = {name: n for name, n in rows.items() if any(name in curves for curves in rates.values())}
    if len(known) < 2:
        return None
    shown = drawn_groups(known, MOST_GROUPS)
    drawn = {title: {name: curves[name] for name in shown if name in curves} for title, curves in rates.items()}
    drawn = {title: curves for title, curves in drawn.items() if curves}
    notes = [words.say("reports.charts.thresholds.no_intervals")]
    if len(shown) < len(known):
        notes.append(words.say("reports.charts.cut", shown=len(shown), all=len(known)))
    return Figure(
        id=identifier,
        title=words.say("reports.charts.thresholds.title", columns=columns),
        sentence=joined(_sentences(drawn), words),
        notes=tuple(notes),
        wide=(Markup(_picture(drawn, shown, WIDE, words)),),  # noqa: S704  # the renderer escapes the names
        narrow=(Markup(_picture(drawn, shown, NARROW, words)),),  # noqa: S704  # the same
        tables=tuple(_table(title, columns, curves, shown, words) for title, curves in drawn.items()),
    )


def _sentences(rates: Mapping[str, Mapping[str, Curve]]) -> list[Message]:
    """Where each rate's lines lie farthest apart."""
    found = []
    for title, curves in rates.items():
        gaps = []
        for step in range(STEPS + 1):
            at = [(value, name) for name, curve in curves.items() if (value := curve.values[step]) is not None]
            if len(at) > 1:
                gaps.append((max(at)[0] - min(at)[0], -step, max(at), min(at)))
        if not gaps or max(gaps)[0] <= 0:
            continue
        gap, step, high, low = max(gaps)
        found.append(
            say(
                "reports.charts.thresholds.farthest",
                metric=capital(title),
                threshold=-step / STEPS,
                points=gap * 100,
                high=say("reasons.chart.group_value", group=high[1], value=_PERCENT.say(high[0])),
                low=say("reasons.chart.group_value", group=low[1], value=_PERCENT.say(low[0])),
            )
        )
    return found or [say("reports.charts.thresholds.together")]


def _picture(rates: Mapping[str, Mapping[str, Curve]], names: Sequence[str], width: int, words: Words) -> str:
    beside = 2 if width == WIDE else 1
    across, high = _PLOT[width]
    step = _TITLE + high + AXIS_ROOM + _BELOW
    keys = _keys(names, width)
    top = _KEY * (1 + max(line for line, _ in keys)) + 6
    canvas = Canvas(width=width, height=round(top + step * -(-len(rates) // beside) + 16))
    for (line, x), name, look in zip(keys, names, _LOOKS, strict=False):
        _key(canvas, x, _KEY * line + 11, shortened(name, 13, width - x - 44), look)
    axis = axis_over(0, 1, percent=False, width=across, ticks=5)
    up = axis_over(0, 100, percent=True, width=high, ticks=4)
    for place, (title, curves) in enumerate(rates.items()):
        box = Box(
            x=_LEFT + place % beside * (width - _LEFT - across - 8),
            y=top + _TITLE + place // beside * step,
            width=across,
            height=high,
        )
        canvas.text(capital(title), box.x, box.y - 14, bold=True)
        down_axis(canvas, box, axis)
        up_axis(canvas, box, up)
        for number, (name, look) in enumerate(zip(names, _LOOKS, strict=False)):
            if name in curves:
                _curve(canvas, box, curves[name], look, number)
    canvas.text(words.say("reports.charts.thresholds.axis"), 0, canvas.height - 10, size=12, ink="soft")
    return canvas.svg()


def _keys(names: Sequence[str], width: int) -> list[tuple[int, float]]:
    """Line and place of each group's key above the panels, as many to a line as have room."""
    found: list[tuple[int, float]] = []
    line, x = 0, 0.0
    for name in names:
        needed = min(44 + breadth(name, 13) + 20, width)
        if x and x + needed > width:
            line, x = line + 1, 0.0
        found.append((line, x))
        x += needed
    return found


def _key(canvas: Canvas, x: float, y: float, name: str, look: tuple[str, tuple[float, ...], Shape]) -> None:
    ink, dash, shape = look
    canvas.path([(x, y), (x + 34, y)], ink=ink, thickness=2.5, dash=dash)
    canvas.point(x + 17, y, shape=shape, fill=ink, size=60)
    canvas.text(name, x + 42, y)


def _curve(
    canvas: Canvas, box: Box, curve: Curve, look: tuple[str, tuple[float, ...], Shape], number: int
) -> None:  # fmt: skip
    ink, dash, shape = look
    places: list[tuple[float, float]] = []
    last = box.x
    for step, value in enumerate(curve.values):
        if value is None:
            continue
        last = box.x + step / STEPS * box.width
        place = (last, box.bottom - value * box.height)
        if places and abs(place[1] - places[-1][1]) > 0.05:
            places += [(place[0], places[-1][1]), place]
        elif not places:
            places.append(place)
        # Marks stand at other thresholds on each line, so that they do not cover one another.
        if step % 20 == 4 + 4 * number:
            canvas.point(*place, shape=shape, fill=ink, size=48)
    if places:
        canvas.path([*places, (last, places[-1][1])], ink=ink, thickness=2, dash=dash)


def _table(title: str, columns: str, curves: Mapping[str, Curve], names: Sequence[str], words: Words) -> Table:
    shown = [name for name in names if name in curves]
    rows = []
    for step in range(0, STEPS + 1, 5):
        values = [curves[name].values[step] for name in shown]
        cells = (MISSING_NUMBER if value is None else signed(_PERCENT, value) for value in values)
        rows.append((f"{step / STEPS:.2f}", *cells))
    return Table(
        caption=words.say("reports.charts.thresholds.caption", metric=capital(title), columns=columns),
        headers=(words.say("reports.charts.thresholds.threshold"), *shown),
        rows=tuple(rows),
        numbers=frozenset(range(1, len(shown) + 1)),
    )
