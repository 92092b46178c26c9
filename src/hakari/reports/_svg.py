"""Draws a Vega document as an SVG for a page: colours as CSS variables, fonts from the page, the same each time.

The renderer would measure every text with the fonts of the machine, which takes most of the drawing, moves the layout
from machine to machine, and ends the whole process on a control character. So no text reaches it: each is drawn as
nothing with its words as the description, and the words are put in place afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["COLOURS", "FONTS", "drawn"]

FONTS: Final = '"Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Sans JP", system-ui, sans-serif'
"""Fonts of a chart that stands alone; inside the report the page's own fonts win."""

COLOURS: Final = {
    "ink": "#010101",
    "soft": "#010102",
    "line": "#010103",
    "grid": "#010104",
    "accent": "#010105",
    "bad": "#010106",
    "doubt": "#010107",
    "ground": "#010108",
}
"""Name → stand-in colour that the renderer sees; no chart uses any other."""

_LIGHT: Final = {
    "ink": "#1d2129",
    "soft": "#555c67",
    "line": "#7f8691",
    "grid": "#e2ddd1",
    "accent": "#24457a",
    "bad": "#a8321c",
    "doubt": "#80590a",
    "ground": "#fffdf8",
}
"""Colours of a chart that stands alone, on paper."""

_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows in no document, not even escaped."""


def drawn(document: Mapping[str, Any], *, width: int, height: int) -> str:
    """Return the picture of a Vega document for a page: inline, scalable, without names of its own."""
    import vl_convert

    svg = vl_convert.vega_to_svg(_without_texts(document), allowed_base_urls=[])
    return _themed(svg, width=width, height=height)


def _without_texts(document: Mapping[str, Any]) -> dict[str, Any]:
    marks = []
    for mark in document["marks"]:
        encoded = mark["encode"]["enter"]
        if mark["type"] == "text":
            encoded = {**encoded, "description": encoded["text"], "text": {"value": " "}}
        marks.append({**mark, "aria": mark["type"] == "text", "encode": {"enter": encoded}})
    return {**document, "marks": marks}


def _themed(svg: str, *, width: int, height: int) -> str:
    """Mend the renderer's SVG. Quotes and angle brackets in words are escaped there, so no pattern matches inside."""
    for name, stand_in in COLOURS.items():
        svg = re.sub(f'(fill|stroke)="{stand_in}"', rf'\1="var(--chart-{name}, {_LIGHT[name]})"', svg)
    svg = re.sub(r' (?:transform|d|[xy]2)="[^"]*"', lambda found: re.sub(r"(\.\d{2})\d+", r"\1", found[0]), svg)
    svg = re.sub(r' (?:role|aria-roledescription|aria-hidden|pointer-events|font-family|class)="[^"]*"', "", svg)
    svg = re.sub(r"<path(?: d=\"[^\"]*\")?(?: display=\"none\")?/>", "", svg)
    # A halo is the stroke of the words themselves; painted first, it leaves the letters their shape.
    svg = re.sub(r"(<text [^>]*)( stroke=)", r'\1 paint-order="stroke" stroke-linejoin="round"\2', svg)
    svg = re.sub(r'<text aria-label="([^"]*)"([^>]*?)/>', r"<text\2>\1</text>", svg)
    svg = re.sub(r'(<g[^>]*) aria-label="[^"]*"', r"\1", svg)
    fonts = FONTS.replace('"', "'")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{fonts}" focusable="false">'
    )
    return _UNPRINTABLE.sub("\ufffd", re.sub(r"^<svg[^>]*>", root, svg))
