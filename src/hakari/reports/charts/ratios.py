"""Ratios: each group's rate of selection over the highest one, beside the line of four-fifths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import AXIS_ROOM, Box, Line, PanelRow, axis_over, down_axis, draw_lines, draw_rows
from hakari.reports.charts.readings import Reading, drawn_groups, joined, signed, written
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words

__all__ = ["FOUR_FIFTHS", "ratios_figure"]

FOUR_FIFTHS: Final = 0.8
"""29 CFR 1607.4(D): a rule of thumb of the Uniform Guidelines on Employee Selection Procedures (1978)."""
MOST_GROUPS: Final = 20

_NUMBER: Final = Scale(unit="number", decimals=2)
_TOP: Final = 24
_ROW: Final = {WIDE: 28, NARROW: 42}


def ratios_figure(
    identifier: str, columns: str, ratios: Mapping[str, Reading], level: float, words: Words
) -> Figure | None:
    """Return the impact ratio of each group in `ratios`; None where fewer than two groups are compared."""
    known = {name: each for name, each in ratios.items() if each.value is not None}
    if len(known) < 2:
        return None
    shown = drawn_groups({name: each.n for name, each in known.items()}, MOST_GROUPS)
    shown.sort(key=lambda name: -(known[name].value or 0.0))
    notes = [words.say("reports.charts.ratios.how")]
    if len(shown) < len(known):
        notes.append(words.say("reports.charts.cut", shown=len(shown), all=len(known)))
    pictures = {width: Markup(_picture(shown, known, width, words)) for width in (WIDE, NARROW)}  # noqa: S704  # escaped
    return Figure(
        id=identifier,
        title=words.say("reports.charts.ratios.title", columns=columns, level=f"{level:.0%}"),
        sentence=joined(_sentences(known), words),
        notes=tuple(notes),
        wide=(pictures[WIDE],),
        narrow=(pictures[NARROW],),
        tables=(_table(columns, ratios, words),),
    )


def _sentences(ratios: Mapping[str, Reading]) -> list[Message]:
    below = [name for name, each in ratios.items() if each.span[1] < FOUR_FIFTHS]
    above = [name for name, each in ratios.items() if each.span[0] >= FOUR_FIFTHS]
    across = [name for name in ratios if name not in below and name not in above]
    named = {"below": below, "across": across, "above": above}
    return [say(f"reports.charts.ratios.{place}", groups=_shortened(names)) for place, names in named.items() if names]


def _shortened(names: Sequence[str]) -> list[str | Message]:
    most = 12
    rest = [say("reasons.chart.more", n=len(names) - most)] if len(names) > most else []
    return [*names[:most], *rest]


def _picture(names: Sequence[str], ratios: Mapping[str, Reading], width: int, words: Words) -> str:
    left, right, row = (196, 60, _ROW[width]) if width == WIDE else (16, 16, _ROW[width])
    box = Box(x=left, y=_TOP, width=width - left - right, height=row * len(names))
    canvas = Canvas(width=width, height=_TOP + row * len(names) + AXIS_ROOM)
    ends = [end for name in names for end in ratios[name].span]
    low, high = max(min([*ends, FOUR_FIFTHS]) - 0.04, 0.0), max(1.0, *ends) + 0.02
    axis = axis_over(low, high, percent=False, width=box.width, ticks=6 if width == WIDE else 4)
    down_axis(canvas, box, axis)
    draw_lines(canvas, box, axis, [Line(at=FOUR_FIFTHS, word=words.say("reports.charts.ratios.line"), dashed=True)])
    rows = [
        PanelRow(
            name=name,
            figure=signed(_NUMBER, ratios[name].value or 0.0),
            reading=ratios[name],
            y=box.y + place * row + row * (0.5 if width == WIDE else 0.72),
            words_y=box.y + place * row + (row * 0.5 if width == WIDE else 11),
        )
        for place, name in enumerate(names)
    ]
    draw_rows(canvas, box, axis, rows, names=0.0, figures=width)
    return canvas.svg()


def _table(columns: str, ratios: Mapping[str, Reading], words: Words) -> Table:
    heads = ("group", "rows", "value", "low", "high", "remark")
    rows = [
        (
            name,
            f"{each.n:,}",
            *written(each, _NUMBER),
            words.say("reports.charts.ratios.not_compared") if each.value is None else "",
        )
        for name, each in ratios.items()
    ]
    return Table(
        caption=words.say("reports.charts.ratios.caption", columns=columns),
        headers=tuple(words.say(f"reports.table.{head}") for head in heads),
        rows=tuple(rows[:MOST_ROWS]),
        numbers=frozenset(range(1, 5)),
        note=words.say("reports.table.more", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )
