"""Figures: charts as SVG through Altair and vl-convert, with data and words passed in and one theme.

A chart is drawn with stand-in colours that are then replaced by CSS variables, so that one picture follows light and
dark. Texts are placed by hand and never measured, so that a layout does not depend on the fonts of a machine. Each
chart comes in two widths, because text that fits a page cannot be shrunk to a telephone and still be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal

from hakari.reports._svg import COLOURS, themed

__all__ = ["NARROW", "WIDE", "Bar", "Lines", "Row", "forest_svg", "strip_svg", "theme"]

WIDE: Final = 640
"""Width of the chart on a page, in pixels of the drawing."""
NARROW: Final = 288
"""Width of the chart on a telephone."""

_ROW: Final = {WIDE: 28, NARROW: 42}
_LABELS: Final = {WIDE: 196, NARROW: 0}
_FIGURES: Final = {WIDE: 132, NARROW: 0}
_STRIP_TOP: Final = {WIDE: 44, NARROW: 66}
_SIDE: Final = 16
"""Room for half of a label at either end of the axis."""


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


def theme() -> dict[str, Any]:
    """Return the one Vega-Lite configuration of all charts: quiet axis, no frame, no ground of its own."""
    axis = {
        "domainColor": COLOURS["line"],
        "tickColor": COLOURS["line"],
        "gridColor": COLOURS["grid"],
        "labelColor": COLOURS["soft"],
        "titleColor": COLOURS["soft"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelPadding": 5,
        "titlePadding": 8,
        "tickSize": 4,
        "labelOverlap": True,
        "labelFlush": False,
    }
    return {
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "text": {"color": COLOURS["ink"], "fontSize": 13},
        "padding": 0,
    }


def forest_svg(rows: Sequence[Row], *, axis_title: str, percent: bool, lines: Lines | None, width: int = WIDE) -> str:
    """Return a forest plot: one line for each group with its simultaneous interval; groups below min_rows are hollow.

    `lines` are drawn where they face the groups' own values (worst group), not where they face a difference.
    """
    with _quickly():
        return _forest(rows, axis_title, percent, lines, width)


def strip_svg(bar: Bar, *, axis_title: str, percent: bool, lines: Lines, width: int = WIDE) -> str:
    """Return one interval against its two lines: the acceptable side, the margin between, the unacceptable side."""
    with _quickly():
        return _strip(bar, axis_title, percent, lines, width)


def _quickly() -> AbstractContextManager[None]:
    """Switch off Altair's validation of each part while it is built: it takes longer than the drawing."""
    from altair.utils.schemapi import debug_mode

    return debug_mode(False)


def _forest(rows: Sequence[Row], axis_title: str, percent: bool, lines: Lines | None, width: int) -> str:
    import altair as alt

    top = 42 if lines is not None else 6
    row = _ROW[width]
    height = top + row * len(rows)
    extent = [number for item in rows for number in (item.low, item.high)]
    domain = _domain([*extent, *([] if lines is None else [lines.limit, lines.unacceptable])], percent=percent)
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    data = alt.InlineData(
        values=[
            {
                "name": item.name,
                "figure": item.figure,
                "value": item.value,
                "low": item.low,
                "high": item.high,
                "y": top + index * row + row * (0.5 if width == WIDE else 0.72),
                "label_y": top + index * row + (row * 0.5 if width == WIDE else 11),
                "scope": item.in_scope,
                "extreme": item.extreme,
            }
            for index, item in enumerate(rows)
        ]
    )
    x = alt.X("low:Q", scale=scale, axis=_axis(alt, axis_title, percent, width))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    base = alt.Chart(data)
    layers = [
        *(_line_layers(alt, lines, scale, _plot_width(width), start=0, end=height) if lines is not None else []),
        *_interval_layers(alt, base, x, y, scale),
        *_label_layers(alt, base, width, height),
    ]
    return _render(alt.layer(*layers), width=width, height=height)


def _strip(bar: Bar, axis_title: str, percent: bool, lines: Lines, width: int) -> str:
    import altair as alt

    numbers = [bar.low, bar.high, bar.value, lines.limit, lines.unacceptable]
    domain = _domain(numbers if bar.noise is None else [*numbers, bar.noise], percent=percent, from_zero=True)
    scale = alt.Scale(domain=domain, nice=False, zero=False)
    top = _STRIP_TOP[width]
    height = top + 44
    data = alt.InlineData(
        values=[
            {
                "name": bar.name,
                "figure": bar.figure,
                "low": bar.low,
                "high": bar.high,
                "value": bar.value,
                "y": _STRIP_TOP[width] + 10,
                "label_y": _STRIP_TOP[width] + 10 if width == WIDE else 8,
                "scope": True,
            }
        ]
    )
    base = alt.Chart(data)
    x = alt.X("low:Q", scale=scale, axis=_axis(alt, axis_title, percent, width))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    layers = [
        *_line_layers(alt, lines, scale, _plot_width(width), start=top - 42, end=height),
        *_interval_layers(alt, base, x, y, scale, heavy=True),
        *_label_layers(alt, base, width, height),
    ]
    if bar.noise is not None:
        layers.extend(_noise_layers(alt, bar, scale, height))
    return _render(alt.layer(*layers), width=width, height=height)


def _axis(alt: Any, title: str, percent: bool, width: int) -> Any:
    return alt.Axis(
        title=title,
        format=".4~r",
        labelExpr="datum.label + '%'" if percent else "datum.label",
        tickCount=6 if width == WIDE else 4,
        grid=True,
    )


def _interval_layers(alt: Any, base: Any, x: Any, y: Any, scale: Any, *, heavy: bool = False) -> list[Any]:
    value = alt.X("value:Q", scale=scale)
    inside, outside = alt.datum.scope, ~alt.datum.scope
    colour = COLOURS["accent"]
    scoped, left_out = base.transform_filter(inside), base.transform_filter(outside)
    thick = 5 if heavy else 3
    point = {"size": 130 if heavy else 90, "opacity": 1}
    return [
        scoped.mark_rule(stroke=colour, strokeWidth=thick, strokeCap="round").encode(x=x, x2=alt.X2("high"), y=y),
        left_out.mark_rule(stroke=COLOURS["soft"], strokeWidth=1.5, strokeDash=[3, 3]).encode(
            x=x, x2=alt.X2("high"), y=y
        ),
        scoped.mark_point(shape="circle", fill=colour, stroke=COLOURS["ground"], strokeWidth=2, **point).encode(
            x=value, y=y
        ),
        left_out.mark_point(shape="diamond", fill=COLOURS["ground"], stroke=COLOURS["soft"], **point).encode(
            x=value, y=y
        ),
    ]


def _label_layers(alt: Any, base: Any, width: int, height: int) -> list[Any]:
    y = alt.Y("label_y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    plot = _plot_width(width)
    left, right = (-_LABELS[width], plot + _FIGURES[width]) if width == WIDE else (-_SIDE, plot + _SIDE)
    limit = _LABELS[WIDE] - 16 if width == WIDE else width - 96
    name = base.mark_text(align="left", baseline="middle", limit=limit).encode(
        x=alt.XValue(left), y=y, text=alt.Text("name:N")
    )
    figure = base.mark_text(align="right", baseline="middle", color=COLOURS["soft"]).encode(
        x=alt.XValue(right), y=y, text=alt.Text("figure:N")
    )
    if width == WIDE:
        return [name, figure]
    # On a telephone the names stand on the plot itself; the halo keeps lines from cutting them.
    halo = base.mark_text(
        align="left", baseline="middle", limit=limit, color=COLOURS["ground"], stroke=COLOURS["ground"], strokeWidth=4
    ).encode(x=alt.XValue(left), y=y, text=alt.Text("name:N"))
    return [halo, name, figure]


def _line_layers(alt: Any, lines: Lines, scale: Any, plot: int, *, start: int, end: int) -> list[Any]:
    """Bands and lines: the unacceptable side is tinted and its line solid, the limit is dashed; both carry words."""
    low, high = scale.domain
    a, b = lines.limit, lines.unacceptable
    bad = (b, high) if lines.bad_side == "high" else (low, b)
    x = alt.X("from:Q", scale=scale)
    layers = [
        alt.Chart(alt.InlineData(values=[{"from": ends[0], "to": ends[1]}]))
        .mark_rect(color=colour, opacity=0.16)
        .encode(x=x, x2=alt.X2("to"), y=alt.YValue(start), y2=alt.Y2Value(end))
        for ends, colour in ((bad, COLOURS["bad"]), ((min(a, b), max(a, b)), COLOURS["doubt"]))
        if ends[1] > ends[0]
    ]
    # Each line begins beside its own words, so that neither line runs through the words of the other.
    words = [(b, lines.unacceptable_word, COLOURS["bad"], [1, 0], start)]
    if a != b:
        words.append((a, lines.limit_word, COLOURS["doubt"], [5, 3], start + 18))
    for at, word, colour, dash, level in words:
        mark = alt.Chart(alt.InlineData(values=[{"from": at, "word": word}]))
        layers.append(
            mark.mark_rule(stroke=colour, strokeWidth=2, strokeDash=dash).encode(
                x=x, y=alt.YValue(level), y2=alt.Y2Value(end)
            )
        )
    for at, word, colour, _, level in words:
        to_left = _to_left(lines, at, word, (at - low) / (high - low) * plot, plot)
        layers.extend(_words(alt, at, word, scale, level + 8, colour, to_left=to_left, weight="bold"))
    return layers


def _to_left(lines: Lines, at: float, word: str, left: float, plot: float) -> bool:
    """Words of the limit go to the acceptable side, the others to the unacceptable side, as far as there is room."""
    bad_is_right = lines.bad_side == "high"
    wanted_left = bad_is_right if at == lines.limit and lines.limit != lines.unacceptable else not bad_is_right
    # A rough width, from the number of letters alone: fonts differ between machines, the picture must not.
    needed = 10 + sum(7.2 if letter.isascii() else 12.5 for letter in word)
    room_left, room_right = left, plot - left
    if wanted_left:
        return room_left >= needed or room_left > room_right
    return room_right < needed and room_left > room_right


def _words(
    alt: Any, at: float, word: str, scale: Any, y: float, colour: str, *, to_left: bool, weight: str = "normal"
) -> list[Any]:
    """Words beside a point of the axis, over a halo of the ground, so that a line behind them does not cut them."""
    mark = alt.Chart(alt.InlineData(values=[{"at": at, "word": word}]))
    style = {
        "align": "right" if to_left else "left",
        "dx": -7 if to_left else 7,
        "baseline": "middle",
        "fontSize": 12,
        "fontWeight": weight,
    }
    place = {"x": alt.X("at:Q", scale=scale), "y": alt.YValue(y), "text": alt.Text("word:N")}
    halo = mark.mark_text(color=COLOURS["ground"], stroke=COLOURS["ground"], strokeWidth=4, opacity=0.75, **style)
    return [halo.encode(**place), mark.mark_text(color=colour, **style).encode(**place)]


def _noise_layers(alt: Any, bar: Bar, scale: Any, height: int) -> list[Any]:
    low, high = scale.domain
    assert bar.noise is not None
    mark = alt.Chart(alt.InlineData(values=[{"at": bar.noise}]))
    shape = mark.mark_point(shape="triangle-up", size=60, stroke=COLOURS["soft"], filled=False, opacity=1)
    to_left = (bar.noise - low) / (high - low) > 0.5
    return [
        *_words(alt, bar.noise, bar.noise_word, scale, height - 8, COLOURS["soft"], to_left=to_left),
        shape.encode(x=alt.X("at:Q", scale=scale), y=alt.YValue(height - 8)),
    ]


def _domain(numbers: Sequence[float], *, percent: bool, from_zero: bool = False) -> tuple[float, float]:
    """Return the ends of the axis: the data with air around it, within what the unit allows."""
    low, high = min(numbers), max(numbers)
    air = max((high - low) * 0.12, 1e-6)
    least = 0.0 if low >= 0 else low - air
    low = least if from_zero and low >= 0 and low - (high - low) <= 0 else max(least, low - air)
    top = 100.0 if percent else 1.0
    high = min(high + air, top) if high <= top else high + air
    return round(low, 6), round(high, 6)


def _plot_width(width: int) -> int:
    return width - _LABELS[width] - _FIGURES[width] - (0 if width == WIDE else 2 * _SIDE)


def _render(chart: Any, *, width: int, height: int) -> str:
    import vl_convert

    left = _LABELS[width] if width == WIDE else _SIDE
    right = _FIGURES[width] if width == WIDE else _SIDE
    spec = chart.to_dict(validate=False)
    spec.update(
        config=theme(),
        width=_plot_width(width),
        height=height,
        autosize={"type": "none"},
        padding={"left": left, "right": right, "top": 4, "bottom": 48},
    )
    return themed(vl_convert.vegalite_to_svg(spec), width=width, height=height + 52)
