"""Figures: charts as Vega documents, drawn as SVG through vl-convert, with data and words passed in and one look.

A chart is drawn with stand-in colours that are then replaced by CSS variables, so that one picture follows light and
dark. Texts are placed by hand and never measured, so that a layout does not depend on the fonts of a machine. Each
chart comes in two widths, because text that fits a page cannot be shrunk to a telephone and still be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from hakari.reports._axis import Axis, fitted
from hakari.reports._document import AXIS_ROOM, Mark, document, field, mark, on_axis, words
from hakari.reports._lettering import breadth, shortened
from hakari.reports._svg import COLOURS, drawn

__all__ = ["NARROW", "WIDE", "Bar", "Lines", "Row", "forest_svg", "strip_svg"]

WIDE: Final = 640
"""Width of the chart on a page, in pixels of the drawing."""
NARROW: Final = 288
"""Width of the chart on a telephone."""

_ROW: Final = {WIDE: 28, NARROW: 42}
_LEFT: Final = {WIDE: 196, NARROW: 16}
"""Room left of the plot: for the names on a page, for half of a number of the axis on a telephone."""
_RIGHT: Final = {WIDE: 148, NARROW: 16}
_NAMES: Final = {WIDE: 184, NARROW: NARROW - 96}
"""Room for a name."""
_TICKS: Final = {WIDE: 6, NARROW: 4}
_STRIP_TOP: Final = {WIDE: 44, NARROW: 66}
_ABOVE: Final = 4
_STEP: Final = 18
"""From the words of one line to the words of the other."""
_GAP: Final = 7
"""Between a place on the axis and the words beside it."""
_BESIDE: Final[dict[str, Any]] = {
    "x": on_axis("at"),
    "dx": field("dx"),
    "align": field("align"),
    "size": 12,
    "halo": 0.75,
}
"""How words stand beside their place on the axis."""

_Data = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The two lines of a check, in the unit of the axis, with their words."""

    limit: float
    unacceptable: float
    limit_word: str
    unacceptable_word: str
    bad_side: Literal["low", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group: name, figure as printed, and where it lies on the axis."""

    name: str
    figure: str
    value: float
    low: float
    high: float
    in_scope: bool
    extreme: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The figure of a check and its interval, in the unit of the axis."""

    name: str
    figure: str
    value: float
    low: float
    high: float
    noise: float | None = None
    noise_word: str = ""


def forest_svg(rows: Sequence[Row], *, axis_title: str, percent: bool, lines: Lines | None, width: int = WIDE) -> str:
    """Return a forest plot: one line for each group with its simultaneous interval; groups below min_rows are hollow.

    `lines` are drawn where they face the groups' own values (worst group), not where they face a difference.
    """
    top, each = 6 if lines is None else 42, _ROW[width]
    height = top + each * len(rows)
    numbers = [number for row in rows for number in (row.low, row.high)]
    numbers += [] if lines is None else [lines.limit, lines.unacceptable]
    axis = fitted(numbers, title=axis_title, percent=percent, width=_plot(width), ticks=_TICKS[width])
    groups = [
        {
            "name": shortened(row.name, 13, _NAMES[width]),
            "figure": row.figure,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "assessed": row.in_scope,
            "y": top + index * each + each * (0.5 if width == WIDE else 0.72),
            "name_y": top + index * each + (each * 0.5 if width == WIDE else 11),
        }
        for index, row in enumerate(rows)
    ]
    data, marks = ({}, []) if lines is None else _facing(lines, axis, start=0, end=height)
    data["groups"] = groups
    marks += [*_intervals(thickness=3, size=90), *_labels(width)]
    return _draw(axis, data, marks, height=height, width=width)


def strip_svg(bar: Bar, *, axis_title: str, percent: bool, lines: Lines, width: int = WIDE) -> str:
    """Return one interval against its two lines: the acceptable side, the margin between, the unacceptable side."""
    top = _STRIP_TOP[width]
    height = top + 44
    numbers = [bar.low, bar.high, bar.value, lines.limit, lines.unacceptable]
    numbers += [] if bar.noise is None else [bar.noise]
    axis = fitted(numbers, title=axis_title, percent=percent, width=_plot(width), ticks=_TICKS[width], from_zero=True)
    own = {
        "name": shortened(bar.name, 13, _NAMES[width]),
        "figure": bar.figure,
        "value": bar.value,
        "low": bar.low,
        "high": bar.high,
        "assessed": True,
        "y": top + 10,
        "name_y": top + 10 if width == WIDE else 8,
    }
    data, marks = _facing(lines, axis, start=top - 42, end=height)
    data["groups"] = [own]
    marks += [*_intervals(thickness=5, size=130), *_labels(width)]
    if bar.noise is not None:
        data["noise"] = [{"at": bar.noise, "word": bar.noise_word, **_side(axis.pixels(bar.noise) > axis.width / 2)}]
        marks += _noise(y=height - 8)
    return _draw(axis, data, marks, height=height, width=width)


def _intervals(*, thickness: float, size: float) -> list[Mark]:
    """Intervals and points of groups: a group that is not assessed differs by shape and dashes, not only by colour."""
    accent, soft, ground = ({"value": COLOURS[name]} for name in ("accent", "soft", "ground"))
    y = field("y")

    def by_scope(assessed: Any, left_out: Any) -> list[Any]:
        return [{"test": "datum.assessed", **assessed}, left_out]

    return [
        mark(
            "rule",
            "groups",
            x=on_axis("low"),
            x2=on_axis("high"),
            y=y,
            stroke=by_scope(accent, soft),
            strokeWidth=by_scope({"value": thickness}, {"value": 1.5}),
            strokeDash=[{"test": "!datum.assessed", "value": [3, 3]}],
            strokeCap=[{"test": "datum.assessed", "value": "round"}],
        ),
        mark(
            "symbol",
            "groups",
            x=on_axis("value"),
            y=y,
            size=size,
            shape=by_scope({"value": "circle"}, {"value": "diamond"}),
            fill=by_scope(accent, ground),
            stroke=by_scope(ground, soft),
            strokeWidth=2,
        ),
    ]


def _labels(width: int) -> list[Mark]:
    """Names and figures; on a telephone they stand on the plot itself, where a halo keeps lines from cutting them."""
    y = field("name_y")
    return [
        words("groups", "name", x=-_LEFT[width], y=y, ink="ink", halo=0.0 if width == WIDE else 1.0),
        words("groups", "figure", x=_plot(width) + _RIGHT[width], y=y, ink="soft", align="right"),
    ]


def _facing(lines: Lines, axis: Axis, *, start: int, end: int) -> tuple[_Data, list[Mark]]:
    """Bands and lines: the unacceptable side is tinted and its line solid, the limit is dashed; both carry words."""
    a, b = lines.limit, lines.unacceptable
    bad = (b, axis.high) if lines.bad_side == "high" else (axis.low, b)
    bands = [
        {"from": low, "to": high, "colour": COLOURS[name]}
        for (low, high), name in ((bad, "bad"), ((min(a, b), max(a, b)), "doubt"))
        if high > low
    ]
    # Each line begins beside its own words, so that neither line runs through the words of the other.
    both = [_line(lines, axis, b, lines.unacceptable_word, colour="bad", y=start)]
    if a != b:
        both.append({**_line(lines, axis, a, lines.limit_word, colour="doubt", y=start + _STEP), "dashed": True})
    colour = field("colour")
    dash = [{"test": "datum.dashed", "value": [5, 3]}]
    marks = [
        mark("rect", "bands", x=on_axis("from"), x2=on_axis("to"), y=start, y2=end, fill=colour, opacity=0.16),
        mark("rule", "lines", x=on_axis("at"), y=field("y"), y2=end, stroke=colour, strokeWidth=2, strokeDash=dash),
        words("lines", "word", y=field("word_y"), fill=colour, fontWeight="bold", **_BESIDE),
    ]
    return {"bands": bands, "lines": both}, marks


def _line(lines: Lines, axis: Axis, at: float, word: str, *, colour: str, y: float) -> dict[str, Any]:
    to_left = _to_left(lines, at, axis.pixels(at), axis.width, breadth(word, 12, bold=True) + _GAP + 2)
    return {"at": at, "word": word, "colour": COLOURS[colour], "y": y, "word_y": y + 8, **_side(to_left)}


def _to_left(lines: Lines, at: float, left: float, plot: float, needed: float) -> bool:
    """Words of the limit go to the acceptable side, the others to the unacceptable side, as far as there is room."""
    bad_is_right = lines.bad_side == "high"
    wanted_left = bad_is_right if at == lines.limit and lines.limit != lines.unacceptable else not bad_is_right
    right = plot - left
    if wanted_left:
        return left >= needed or left > right
    return right < needed and left > right


def _side(to_left: bool) -> dict[str, Any]:
    return {"align": "right", "dx": -_GAP} if to_left else {"align": "left", "dx": _GAP}


def _noise(y: float) -> list[Mark]:
    """The largest figure that chance alone would often make, as a triangle on the axis with words beside it."""
    soft = COLOURS["soft"]
    return [
        words("noise", "word", y=y, ink="soft", **_BESIDE),
        mark("symbol", "noise", x=on_axis("at"), y=y, shape="triangle-up", size=60, stroke=soft, strokeWidth=2),
    ]


def _plot(width: int) -> int:
    return width - _LEFT[width] - _RIGHT[width]


def _draw(axis: Axis, data: _Data, marks: Sequence[Mark], *, height: int, width: int) -> str:
    padding = {"left": _LEFT[width], "right": _RIGHT[width], "top": _ABOVE, "bottom": AXIS_ROOM}
    chart = document(axis, data, marks, height=height, padding=padding)
    return drawn(chart, width=width, height=_ABOVE + height + AXIS_ROOM)
