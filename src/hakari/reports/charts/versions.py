"""Versions: a rate of each group under an earlier and a newer version on the same rows, and its change with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports._axis import Axis
from hakari.reports._lettering import breadth, shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import AXIS_ROOM, Box, Line, PanelRow, axis_over, down_axis, draw_lines, draw_rows
from hakari.reports.charts.readings import MISSING_NUMBER, Reading, drawn_groups, joined, signed, written
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words, capital

__all__ = ["ChangePanel", "versions_figure"]

MOST_GROUPS: Final = 20

_PERCENT: Final = Scale(unit="percent", decimals=1)
_POINTS: Final = Scale(unit="points", decimals=1)
_TITLE: Final = 44
_ROW: Final = {WIDE: 26, NARROW: 42}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePanel:
    """One rate of every group under both versions."""

    title: str
    """Name of the rate, in the reader's language."""
    earlier: Mapping[str, float]
    """By group, as shares."""
    newer: Mapping[str, float]
    change: Mapping[str, Reading]
    """Newer less earlier, as shares, with simultaneous limits."""
    margin: float | None = None
    """A change for the worse of less than this is accepted; its sign says which side is worse."""
    verdict: str | None = None
    """What the comparison found: met, not_met or inconclusive; None where it gave none."""
    harmed: tuple[str, ...] = ()
    """Groups shown to be worse off."""


def versions_figure(
    identifier: str, columns: str, panels: Sequence[ChangePanel], level: float, words: Words
) -> Figure | None:
    """Return the paired change of every rate in `panels`; None where none has a number."""
    used = [panel for panel in panels if any(each.value is not None for each in panel.change.values())]
    if not used:
        return None
    rows = {name: each.n for name, each in used[0].change.items()}
    shown = drawn_groups(rows, MOST_GROUPS)
    notes = [words.say("reports.charts.versions.how")]
    if any(not each.assessed for panel in used for each in panel.change.values()):
        notes += [words.say("reports.charts.versions.small"), words.say("reports.charts.clipped")]
    if len(shown) < len(rows):
        notes.append(words.say("reports.charts.cut", shown=len(shown), all=len(rows)))
    draw = {width: tuple(Markup(_picture(panel, shown, width, words)) for panel in used) for width in (WIDE, NARROW)}  # noqa: S704  # escaped
    return Figure(
        id=identifier,
        title=words.say("reports.charts.versions.title", columns=columns, level=f"{level * 100:.4g}%"),
        sentence=joined([each for panel in used for each in _sentences(panel)], words),
        notes=tuple(notes),
        wide=draw[WIDE],
        narrow=draw[NARROW],
        tables=tuple(_table(panel, columns, words) for panel in used),
    )


def _sentences(panel: ChangePanel) -> list[Message]:
    if panel.verdict is None:
        return []
    margin = abs(panel.margin or 0.0) * 100
    found = [say(f"reports.charts.versions.{panel.verdict}", metric=capital(panel.title), margin=margin)]
    if panel.harmed:
        found.append(say("reports.charts.versions.harmed", groups=list(panel.harmed)))
    return found


def _picture(panel: ChangePanel, names: Sequence[str], width: int, words: Words) -> str:
    """Two panels: both versions' rates, and the change; side by side on a page, one under the other on a telephone."""
    row = _ROW[width]
    high = row * len(names)
    canvas = Canvas(width=width, height=0)
    if width == WIDE:
        both = Box(x=130, y=_TITLE, width=214, height=high)
        change = Box(x=386, y=_TITLE, width=176, height=high)
        canvas.height = _TITLE + high + AXIS_ROOM
    else:
        both = Box(x=14, y=_TITLE, width=width - 28, height=high)
        change = Box(x=14, y=2 * _TITLE + high + AXIS_ROOM, width=width - 28, height=high)
        canvas.height = 2 * (_TITLE + high + AXIS_ROOM)
    left = both.x if width == WIDE else 0.0
    canvas.text(capital(panel.title), left, 10, bold=True)
    canvas.text(words.say("reports.charts.versions.both"), left, both.y - 14, size=12, ink="soft")
    title_y = 10 if width == WIDE else change.y - 34
    canvas.text(words.say("reports.charts.versions.change"), change.x if width == WIDE else 0.0, title_y, bold=True)
    _both(canvas, both, panel, names, width)
    _change(canvas, change, panel, names, width, words)
    return canvas.svg()


def _middles(box: Box, place: int, width: int) -> tuple[float, float]:
    row = _ROW[width]
    top = box.y + place * row
    return (top + row * (0.5 if width == WIDE else 0.72), top + (row * 0.5 if width == WIDE else 11))


def _both(canvas: Canvas, box: Box, panel: ChangePanel, names: Sequence[str], width: int) -> None:
    large = [name for name in names if panel.change[name].assessed] or names
    known = [100 * side[name] for side in (panel.earlier, panel.newer) for name in large if name in side]
    axis = _axis(known, box, percent=True, least=4.0, bounds=(0.0, 100.0))
    down_axis(canvas, box, axis)
    for place, name in enumerate(names):
        y, words_y = _middles(box, place, width)
        figure = "" if width == WIDE else _arrow(panel, name)
        room = (box.x if width == WIDE else width - breadth(figure, 13)) - 12
        canvas.text(shortened(name, 13, room), 0, words_y, halo=width == NARROW)
        if figure:
            canvas.text(figure, width, words_y, ink="soft", align="right", halo=True)
        if name not in panel.earlier or name not in panel.newer:
            continue
        start, end = (box.x + axis.pixels(100 * side[name]) for side in (panel.earlier, panel.newer))
        if not box.x - 1 <= min(start, end) <= max(start, end) <= box.right + 1:
            continue
        canvas.line(start, y, end, y, ink="accent", thickness=2, above=True)
        canvas.point(start, y, fill="ground", ink="accent", size=70)
        canvas.point(end, y, size=90)


def _arrow(panel: ChangePanel, name: str) -> str:
    sides = (panel.earlier.get(name), panel.newer.get(name))
    first, second = (MISSING_NUMBER if each is None else signed(_PERCENT, each) for each in sides)
    return f"{first} → {second}"


def _change(canvas: Canvas, box: Box, panel: ChangePanel, names: Sequence[str], width: int, words: Words) -> None:
    found = {name: _points(panel.change[name]) for name in names if name in panel.change}
    known = [each for each in found.values() if each.value is not None]
    ends = [end for each in known if each.assessed for end in each.span] or [end for each in known for end in each.span]
    lines = [Line(at=0.0)]
    if panel.margin is not None:
        word = words.say("reports.charts.versions.margin")
        lines.append(Line(at=panel.margin * 100, word=word, dashed=True, leftwards=panel.margin < 0))
    axis = _axis([*ends, *(line.at for line in lines)], box, percent=False, least=2.0, bounds=(-100.0, 100.0))
    down_axis(canvas, box, axis)
    draw_lines(canvas, box, axis, lines)
    rows = []
    for place, name in enumerate(names):
        y, words_y = _middles(box, place, width)
        reading = found.get(name, Reading(value=None))
        figure = MISSING_NUMBER if reading.value is None else _plus(reading.value)
        rows.append(PanelRow(name=name, figure=figure, reading=reading, y=y, words_y=words_y))
    draw_rows(canvas, box, axis, rows, names=None if width == WIDE else 0.0, figures=width)


def _axis(known: Sequence[float], box: Box, *, percent: bool, least: float, bounds: tuple[float, float]) -> Axis:
    low, high = min(known, default=0.0), max(known, default=least)
    air = max((high - low) * 0.1, (least - (high - low)) / 2)
    start, end = max(low - air, bounds[0]), min(high + air, bounds[1])
    return axis_over(start, end, percent=percent, width=box.width, ticks=4)


def _points(reading: Reading) -> Reading:
    value, low, high = (None if each is None else 100 * each for each in (reading.value, reading.low, reading.high))
    return replace(reading, value=value, low=low, high=high)


def _plus(points: float) -> str:
    """A change with its sign: +1.2 or −0.4."""
    return f"{points:+.1f}".replace("-", "−")


def _table(panel: ChangePanel, columns: str, words: Words) -> Table:
    heads = ("group", "rows", "earlier", "newer", "change", "low", "high", "remark")
    own = ("earlier", "newer", "change")
    rows = []
    for name, each in panel.change.items():
        sides = (panel.earlier.get(name), panel.newer.get(name))
        remark = "reports.charts.versions.worse" if name in panel.harmed else ""
        rows.append(
            (
                name,
                f"{each.n:,}",
                *(MISSING_NUMBER if side is None else signed(_PERCENT, side) for side in sides),
                *written(each, _POINTS),
                words.say(remark) if remark else "" if each.assessed else words.say("reports.table.out"),
            )
        )
    return Table(
        caption=words.say("reports.charts.versions.caption", metric=capital(panel.title), columns=columns),
        headers=tuple(
            words.say(f"reports.{'charts.versions.head' if head in own else 'table'}.{head}") for head in heads
        ),
        rows=tuple(rows[:MOST_ROWS]),
        numbers=frozenset(range(1, 7)),
        note=words.say("reports.table.more", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )
