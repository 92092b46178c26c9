"""Small multiples: several rates of the same groups side by side, on scales on which distances can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports._axis import Axis
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import AXIS_ROOM, Box, PanelRow, axis_over, down_axis, draw_rows
from hakari.reports.charts.readings import Reading, drawn_groups, joined, order_sentences, signed, written
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words, capital

__all__ = ["RatePanel", "rates_figure"]

MOST_GROUPS: Final = 20
"""Groups that one panel draws."""

_PERCENT: Final = Scale(unit="percent", decimals=1)
_NAMES: Final = 112
_GAP: Final = 20
_FIGURES: Final = 58
_TITLE: Final = 24
_BELOW: Final = 14
_ROW: Final = {WIDE: 24, NARROW: 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePanel:
    """One rate of every group."""

    title: str
    """Name of the rate, in the reader's language."""
    readings: Mapping[str, Reading]
    """By group, as shares; groups without the rate may be absent."""


def rates_figure(
    identifier: str, columns: str, panels: Sequence[RatePanel], rows: Mapping[str, int], level: float, words: Words
) -> Figure | None:
    """Return the rates of the groups in `rows` as small multiples; None where no rate has a number.

    Args:
        identifier: of the figure on its page.
        columns: what the groups are made of, as it is read.
        panels: the rates, the most important one first.
        rows: rows of each group.
        level: confidence of the intervals of all groups of one rate together.
        words: the reader's language.
    """
    used = [panel for panel in panels if any(each.value is not None for each in panel.readings.values())]
    if not used:
        return None
    shown = _ordered(used[0], drawn_groups(rows, MOST_GROUPS))
    sentences = [*_lead(used[0]), *_apart(used)]
    return Figure(
        id=identifier,
        title=words.say("reports.charts.rates.title", columns=columns, level=f"{level:.0%}"),
        sentence=joined(sentences, words),
        notes=_notes(used, shown, len(rows), words),
        wide=(Markup(_picture(used, shown, WIDE)),),  # noqa: S704  # the renderer escapes the names
        narrow=(Markup(_picture(used, shown, NARROW)),),  # noqa: S704  # the same
        tables=(_table(columns, used, rows, words),),
    )


def _lead(panel: RatePanel) -> list[Message]:
    found = order_sentences(panel.readings, _PERCENT)
    return [say("reports.charts.rates.about", metric=capital(panel.title)), *found]


def _apart(panels: Sequence[RatePanel]) -> list[Message]:
    """Which rates have two groups whose intervals do not meet: what the eye looks for in the panels."""
    apart: list[str | Message] = []
    together: list[str | Message] = []
    for panel in panels:
        spans = [each.span for each in panel.readings.values() if each.assessed and each.value is not None]
        if len(spans) > 1:
            clear = max(low for low, _ in spans) > min(high for _, high in spans)
            (apart if clear else together).append(panel.title)
    if not apart:
        return [say("reports.charts.rates.none_apart")] if together else []
    if not together:
        return [say("reports.charts.rates.all_apart")]
    return [say("reports.charts.rates.apart", metrics=apart)]


def _notes(panels: Sequence[RatePanel], shown: Sequence[str], known: int, words: Words) -> tuple[str, ...]:
    notes = []
    drawn = [panel.readings[name] for panel in panels for name in shown if name in panel.readings]
    if any(not each.assessed for each in drawn):
        notes.append(words.say("reports.check.legend"))
        notes.append(words.say("reports.charts.clipped"))
    notes.append(words.say("reports.charts.rates.scale"))
    if known > len(shown):
        notes.append(words.say("reports.charts.cut", shown=len(shown), all=known))
    return tuple(notes)


def _ordered(panel: RatePanel, names: Sequence[str]) -> list[str]:
    def rank(name: str) -> tuple[bool, bool, float]:
        each = panel.readings.get(name)
        if each is None or each.value is None:
            return (True, True, 0.0)
        return (not each.assessed, False, -each.value)

    return sorted(names, key=rank)


def _picture(panels: Sequence[RatePanel], names: Sequence[str], width: int) -> str:
    beside = 2 if width == WIDE and len(panels) > 1 else 1
    left, right = (_NAMES, _FIGURES) if width == WIDE else (14, 14)
    each = (width - left - beside * right - (beside - 1) * _GAP) / beside
    step = _TITLE + _ROW[width] * len(names) + AXIS_ROOM + _BELOW
    canvas = Canvas(width=width, height=round(step * -(-len(panels) // beside) - _BELOW))
    axes = _axes(panels, names, each)
    for place, (panel, axis) in enumerate(zip(panels, axes, strict=True)):
        column = place % beside
        box = Box(
            x=left + column * (each + right + _GAP),
            y=place // beside * step + _TITLE,
            width=each,
            height=_ROW[width] * len(names),
        )
        canvas.text(capital(panel.title), box.x if width == WIDE else 0, box.y - 14, bold=True)
        down_axis(canvas, box, axis)
        first = 0.0 if column == 0 or width == NARROW else None
        draw_rows(canvas, box, axis, _rows(panel, names, box, width), names=first, figures=box.right + right)
    return canvas.svg()


def _rows(panel: RatePanel, names: Sequence[str], box: Box, width: int) -> list[PanelRow]:
    found = []
    for number, name in enumerate(names):
        reading = panel.readings.get(name) or Reading(value=None)
        top, row = box.y + number * _ROW[width], _ROW[width]
        middle = top + row / 2
        found.append(
            PanelRow(
                name=name,
                figure="" if reading.value is None else signed(_PERCENT, reading.value),
                reading=_on_axis(reading),
                y=middle if width == WIDE else top + row * 0.72,
                words_y=middle if width == WIDE else top + 11,
            )
        )
    return found


def _on_axis(reading: Reading) -> Reading:
    value, low, high = (None if each is None else 100 * each for each in (reading.value, reading.low, reading.high))
    return replace(reading, value=value, low=low, high=high)


def _axes(panels: Sequence[RatePanel], names: Sequence[str], width: float) -> list[Axis]:
    """One axis a panel, all of the same length in points, so that a gap looks as large as it is in every panel."""
    ends = [_ends([panel.readings[name] for name in names if name in panel.readings]) for panel in panels]
    length = min(max(max(high - low for low, high in ends) * 1.24, 5.0), 100.0)
    found = []
    for low, high in ends:
        start = min(max((low + high - length) / 2, 0.0), 100.0 - length)
        found.append(axis_over(start, start + length, percent=True, width=width, ticks=4))
    return found


def _ends(readings: Sequence[Reading]) -> tuple[float, float]:
    """Where a panel's numbers lie: a group of four rows, with half the axis as interval, must not flatten the rest."""
    known = [each for each in readings if each.value is not None]
    spans = [end for each in known if each.assessed for end in each.span] or [
        end for each in known for end in each.span
    ]
    return 100 * min(spans, default=0.0), 100 * max(spans, default=1.0)


def _table(columns: str, panels: Sequence[RatePanel], rows: Mapping[str, int], words: Words) -> Table:
    say_ = words.say
    lines = []
    for name in list(rows)[:MOST_ROWS]:
        cells = [name, f"{rows[name]:,}"]
        for panel in panels:
            value, low, high = written(panel.readings.get(name), _PERCENT)
            cells.append(value if low == value else say_("reports.charts.span", value=value, low=low, high=high))
        lines.append(tuple(cells))
    return Table(
        caption=say_("reports.charts.rates.caption", columns=columns),
        headers=(say_("reports.table.group"), say_("reports.table.rows"), *(capital(each.title) for each in panels)),
        rows=tuple(lines),
        numbers=frozenset(range(1, len(panels) + 2)),
        note=say_("reports.table.more", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )
