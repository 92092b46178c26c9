"""Calibration: what share of people with a score turned out positive, against the score, one panel for each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports._axis import Axis
from hakari.reports._lettering import shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import AXIS_ROOM, Box, axis_over, down_axis, up_axis
from hakari.reports.charts.readings import drawn_groups, joined, signed
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words

__all__ = ["Bin", "calibration_figure"]

MOST_GROUPS: Final = 9
"""Groups that are drawn; a reader compares no more panels than that."""

_PERCENT: Final = Scale(unit="percent", decimals=1)
_LEFT: Final = 42
_PLOT: Final = {WIDE: 152, NARROW: 196}
_TITLE: Final = 24
_BELOW: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """People of one group with like scores."""

    score: float
    """Their mean score."""
    rate: float
    """The share of them with a positive label."""
    low: float
    high: float
    n: int

    @property
    def off(self) -> bool:
        """Whether the interval of the share leaves the mean score out."""
        return not self.low <= self.score <= self.high


def calibration_figure(
    identifier: str, columns: str, groups: Mapping[str, Sequence[Bin]], level: float, words: Words
) -> Figure | None:
    """Return the calibration of each group of `groups`; None without any bin.

    `level` is the confidence with which the intervals of the bins of one group hold together.
    """
    used = {name: list(bins) for name, bins in groups.items() if bins}
    if not used:
        return None
    shown = drawn_groups({name: sum(each.n for each in bins) for name, bins in used.items()}, MOST_GROUPS)
    notes = [words.say("reports.charts.calibration.how")]
    if len(shown) < len(used):
        notes.append(words.say("reports.charts.cut", shown=len(shown), all=len(used)))
    return Figure(
        id=identifier,
        title=words.say("reports.charts.calibration.title", columns=columns, level=f"{level:.0%}"),
        sentence=joined(_sentences(used), words),
        notes=tuple(notes),
        wide=(Markup(_picture({name: used[name] for name in shown}, WIDE, words)),),  # noqa: S704  # names are escaped
        narrow=(Markup(_picture({name: used[name] for name in shown}, NARROW, words)),),  # noqa: S704  # the same
        tables=(_table(columns, used, words),),
    )


def _sentences(groups: Mapping[str, Sequence[Bin]]) -> list[Message]:
    off = {name: [each for each in bins if each.off] for name, bins in groups.items()}
    bins, number = sum(map(len, groups.values())), sum(map(len, off.values()))
    if not number:
        return [say("reports.charts.calibration.none", bins=bins)]
    named = [
        say(
            "reports.charts.calibration.group",
            group=name,
            over=sum(each.score > each.high for each in found),
            under=sum(each.score < each.low for each in found),
        )
        for name, found in off.items()
        if found
    ]
    return [say("reports.charts.calibration.off", bins=bins, off=number), say("reports.charts.list", items=named)]


def _picture(groups: Mapping[str, Sequence[Bin]], width: int, words: Words) -> str:
    beside = 3 if width == WIDE else 1
    plot, step = _PLOT[width], _TITLE + _PLOT[width] + AXIS_ROOM + _BELOW
    pitch = (width - 3 * (_LEFT + plot)) / 2 + _LEFT + plot if width == WIDE else 0.0
    lines = -(-len(groups) // beside)
    canvas = Canvas(width=width, height=round(step * lines + 16))
    axis = axis_over(_least(groups), 100, percent=True, width=plot, ticks=4)
    for place, (name, bins) in enumerate(groups.items()):
        box = Box(x=_LEFT + place % beside * pitch, y=_TITLE + place // beside * step + 10, width=plot, height=plot)
        canvas.text(shortened(name, 13, plot + _LEFT), box.x, box.y - 16, bold=True)
        down_axis(canvas, box, axis)
        up_axis(canvas, box, axis)
        canvas.line(box.x, box.bottom, box.right, box.y, ink="soft", thickness=1.5, dash=(5, 3), above=True)
        for each in bins:
            _bin(canvas, box, axis, each)
    canvas.text(words.say("reports.charts.calibration.axes"), 0, canvas.height - 10, size=12, ink="soft")
    return canvas.svg()


def _least(groups: Mapping[str, Sequence[Bin]]) -> float:
    """Where both axes begin, in percent: at 0 unless all bins lie in the upper half, where most scores often are."""
    low = min(min(each.score, each.rate) for bins in groups.values() for each in bins)
    return 50.0 if low >= 0.55 else 0.0


def _bin(canvas: Canvas, box: Box, axis: Axis, each: Bin) -> None:
    x, y = box.x + axis.pixels(100 * each.score), box.bottom - axis.pixels(100 * each.rate)
    ends = [box.bottom - max(axis.pixels(100 * end), 0.0) for end in (each.low, each.high)]
    canvas.line(x, ends[0], x, ends[1], ink="doubt" if each.off else "accent", thickness=2, above=True)
    if each.off:
        canvas.point(x, y, shape="square", fill="doubt", size=64)
    else:
        canvas.point(x, y, size=56)


def _table(columns: str, groups: Mapping[str, Sequence[Bin]], words: Words) -> Table:
    rows = [
        (
            name,
            f"{each.n:,}",
            *(signed(_PERCENT, value) for value in (each.score, each.rate, each.low, each.high)),
            words.say(f"reports.charts.calibration.{_remark(each)}") if each.off else "",
        )
        for name, bins in groups.items()
        for each in bins
    ]
    heads = ("group", "rows", "score", "rate", "low", "high", "remark")
    own = ("score", "rate")
    return Table(
        caption=words.say("reports.charts.calibration.caption", columns=columns),
        headers=tuple(
            words.say(f"reports.{'charts.calibration' if head in own else 'table'}.{head}") for head in heads
        ),
        rows=tuple(rows[:MOST_ROWS]),
        numbers=frozenset(range(1, 6)),
        note=words.say("reports.charts.more_rows", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )


def _remark(each: Bin) -> str:
    return "over" if each.score > each.high else "under"
