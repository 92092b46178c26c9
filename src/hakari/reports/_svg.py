"""Mends the SVG that the renderer makes: colours as CSS variables, ids of its own, fonts and ground from the page."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["COLOURS", "FONTS", "themed"]

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


def themed(svg: str, *, width: int, height: int) -> str:
    """Return `svg` for a page: inline, scalable, without names of its own (its wrapper has them), always the same."""
    for name, stand_in in COLOURS.items():
        svg = svg.replace(f'"{stand_in}"', f'"var(--chart-{name}, {_LIGHT[name]})"')
    svg = re.sub(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(r"<path class=\"(?:background|foreground)\"[^>]*/>", "", svg)
    svg = re.sub(r' class="[^"]*"', "", svg)
    svg = re.sub(r"(\d\.\d{2})\d+", r"\1", svg)
    fonts = FONTS.replace('"', "'")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{fonts}" focusable="false">'
    )
    svg = re.sub(r"^<svg[^>]*>", root, svg)
    return _renumbered(svg)


def _renumbered(svg: str) -> str:
    """Give clip paths numbers of this picture: the renderer counts over its whole life, so runs would differ."""
    names = list(dict.fromkeys(re.findall(r'id="([^"]+)"', svg)))
    for index, name in enumerate(names):
        svg = svg.replace(f'id="{name}"', f'id="clip-{index}"').replace(f"url(#{name})", f"url(#clip-{index})")
    return svg
