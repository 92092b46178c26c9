"""Crossing: one rate in every combination of the levels of two columns, as a grid that is read like a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.reports._lettering import shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts.readings import MISSING_NUMBER, Reading, group_title, joined, order_sentences, written
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words, capital

__all__ = ["crossing_figure"]

MOST_LEVELS: Final = 12
"""Levels of either column that are drawn."""

_PERCENT: Final = Scale(unit="percent", decimals=1)
_NAMES: Final = {WIDE: 120, NARROW: 78}
_BESIDE: Final = {WIDE: 5, NARROW: 2}
"""Most cells side by side; further levels of the second column stand in a grid below."""
_CELL: Final = 66
_HEAD: Final = 46
_BETWEEN: Final = 18
_DARKEST: Final = 0.3
"""Of the tint: words stay readable on it in both schemes."""

_Cells = Mapping[tuple[str, str], Reading]


def crossing_figure(
    identifier: str, columns: tuple[str, str], metric: str, cells: _Cells, level: float, words: Words
) -> Figure | None:
    """Return one rate (`metric` as it is read) in every cell of two crossed columns; None without any number.

    `cells` has a reading for each pair of levels that occurs; `level` is the confidence of all intervals together.
    """
    if not any(each.value is not None for each in cells.values()):
        return None
    down, across = _levels(cells, 0), _levels(cells, 1)
    readings = {group_title(pair): reading for pair, reading in cells.items()}
    notes = [words.say("reports.charts.crossing.how")]
    if any(not each.assessed for each in cells.values()):
        notes.append(words.say("reports.charts.crossing.dashed"))
    if max(len(down), len(across)) > MOST_LEVELS:
        notes.append(words.say("reports.charts.crossing.cut", most=MOST_LEVELS))
    shown = (down[:MOST_LEVELS], across[:MOST_LEVELS])
    pictures = {width: Markup(_picture(columns, shown, cells, width)) for width in (WIDE, NARROW)}  # noqa: S704  # escaped
    return Figure(
        id=identifier,
        title=words.say(
            "reports.charts.crossing.title", metric=metric, first=columns[0], second=columns[1], level=f"{level:.0%}"
        ),
        sentence=joined(order_sentences(readings, _PERCENT), words),
        notes=tuple(notes),
        wide=(pictures[WIDE],),
        narrow=(pictures[NARROW],),
        tables=(_table(columns, metric, cells, words),),
    )


def _levels(cells: _Cells, place: int) -> list[str]:
    """Levels in the order of their names; of too many, those with most rows come first."""
    rows: dict[str, int] = {}
    for pair, reading in cells.items():
        rows[pair[place]] = rows.get(pair[place], 0) + reading.n
    if len(rows) > MOST_LEVELS:
        return sorted(rows, key=lambda level: -rows[level])
    return sorted(rows)


def _picture(columns: tuple[str, str], levels: tuple[list[str], list[str]], cells: _Cells, width: int) -> str:
    down, across = levels
    beside = _BESIDE[width]
    blocks = [across[start : start + beside] for start in range(0, len(across), beside)]
    each = min((width - _NAMES[width]) / min(beside, len(across)), 150.0)
    block = _HEAD + _CELL * len(down) + _BETWEEN
    canvas = Canvas(width=width, height=round(block * len(blocks) - _BETWEEN + 2))
    known = [reading.value for reading in cells.values() if reading.value is not None]
    ends = (min(known), max(known))
    for number, part in enumerate(blocks):
        top = number * block
        _heads(canvas, columns, part, top, each, width)
        for row, first in enumerate(down):
            y = top + _HEAD + row * _CELL
            canvas.text(shortened(first, 13, _NAMES[width] - 8), 0, y + _CELL / 2, bold=True)
            for column, second in enumerate(part):
                x = _NAMES[width] + column * each
                _cell(canvas, x, y, each, cells.get((first, second)), ends)
    return canvas.svg()


def _heads(canvas: Canvas, columns: tuple[str, str], part: Sequence[str], top: float, each: float, width: int) -> None:
    room = _NAMES[width]
    canvas.text(shortened(f"{columns[1]} →", 12, width - room), room, top + 10, size=12, ink="soft")
    canvas.text(shortened(f"{columns[0]} ↓", 12, room - 8), 0, top + 32, size=12, ink="soft")
    for column, name in enumerate(part):
        middle = room + (column + 0.5) * each
        canvas.text(shortened(name, 13, each - 6), middle, top + 32, bold=True, align="center")


def _cell(canvas: Canvas, x: float, y: float, width: float, reading: Reading | None, ends: tuple[float, float]) -> None:
    middle = x + width / 2
    if reading is None:
        canvas.text(MISSING_NUMBER, middle, y + _CELL / 2, ink="soft", align="center")
        return
    value, low, high = written(reading, _PERCENT)
    low_end, high_end = ends
    share = 0.0
    if reading.assessed and reading.value is not None and high_end > low_end:
        share = (reading.value - low_end) / (high_end - low_end)
    canvas.area(
        x + 2, y + 2, width - 4, _CELL - 4,
        opacity=share * _DARKEST, ink="line" if reading.assessed else "soft", dash=() if reading.assessed else (4, 3),
    )  # fmt: skip
    canvas.text(value, middle, y + 18, size=15, bold=reading.assessed, align="center")
    if reading.value is not None and low != MISSING_NUMBER:
        span = f"{low.removesuffix('%')}–{high.removesuffix('%')}"
        canvas.text(span, middle, y + 36, size=12, align="center")
    canvas.text(f"n {reading.n:,}", middle, y + 52, size=12, align="center")


def _table(columns: tuple[str, str], metric: str, cells: _Cells, words: Words) -> Table:
    heads = ("rows", "value", "low", "high", "remark")
    rows = [
        (
            group_title(pair),
            f"{reading.n:,}",
            *written(reading, _PERCENT),
            "" if reading.assessed else words.say("reports.table.out"),
        )
        for pair, reading in sorted(cells.items())
    ]
    return Table(
        caption=words.say("reports.table.caption_groups", metric=capital(metric), columns=" × ".join(columns)),
        headers=(words.say("reports.table.group"), *(words.say(f"reports.table.{head}") for head in heads)),
        rows=tuple(rows[:MOST_ROWS]),
        numbers=frozenset(range(1, 5)),
        note=words.say("reports.table.more", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )
