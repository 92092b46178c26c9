"""Canvas: marks at places in pixels, for charts of several panels that one scale cannot serve.

What is drawn is a Vega document like every other chart's, so that colours, fonts and the mending of the SVG are those
of `hakari.reports._svg`. Marks lie over one another in a fixed order: areas, grid, rules, paths, points, words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from hakari.reports._document import Mark, mark
from hakari.reports._document import field as of
from hakari.reports._svg import COLOURS, drawn

__all__ = ["Canvas", "Shape"]

Shape = Literal["circle", "square", "triangle-up", "diamond"]
Item = dict[str, Any]


@dataclass(slots=True)
class Canvas:
    """One picture while it is being made; `ink` and `fill` are names of `COLOURS`."""

    width: int
    height: int = 0
    areas: list[Item] = field(default_factory=list)
    grid: list[Item] = field(default_factory=list)
    rules: list[Item] = field(default_factory=list)
    paths: list[Item] = field(default_factory=list)
    points: list[Item] = field(default_factory=list)
    words: list[Item] = field(default_factory=list)

    def area(
        self, x: float, y: float, width: float, height: float, *, fill: str = "accent", opacity: float = 0.0,
        ink: str = "grid", dash: Sequence[float] = (),
    ) -> None:  # fmt: skip
        """Add a rectangle with a tinted ground and a rim."""
        ends = {"x": x, "y": y, "x2": x + width, "y2": y + height}
        self.areas.append(
            {**ends, "fill": COLOURS[fill], "opacity": opacity, "ink": COLOURS[ink], "dash": [*dash] or None}
        )

    def line(
        self, x: float, y: float, x2: float, y2: float, *, ink: str = "grid", thickness: float = 1,
        dash: Sequence[float] = (), above: bool = False,
    ) -> None:  # fmt: skip
        """Add a straight line; `above` the grid, with round ends unless it is dashed."""
        item = {
            "x": x,
            "y": y,
            "x2": x2,
            "y2": y2,
            "ink": COLOURS[ink],
            "thickness": thickness,
            "dash": [*dash] or None,
        }
        item["cap"] = "butt" if dash or not above else "round"
        (self.rules if above else self.grid).append(item)

    def path(
        self, places: Sequence[tuple[float, float]], *, ink: str, thickness: float, dash: Sequence[float] = ()
    ) -> None:
        """Add a line through `places`."""
        steps = " ".join(f"{'M' if not n else 'L'}{x:.1f},{y:.1f}" for n, (x, y) in enumerate(places))
        self.paths.append({"path": steps, "ink": COLOURS[ink], "thickness": thickness, "dash": [*dash] or None})

    def point(
        self,
        x: float,
        y: float,
        *,
        shape: Shape = "circle",
        fill: str = "accent",
        ink: str = "ground",
        size: float = 70,
    ) -> None:
        """Add a symbol of `size` square pixels."""
        self.points.append({"x": x, "y": y, "shape": shape, "fill": COLOURS[fill], "ink": COLOURS[ink], "size": size})

    def text(
        self, text: str, x: float, y: float, *, size: int = 13, ink: str = "ink", bold: bool = False,
        align: Literal["left", "center", "right"] = "left", halo: bool = False,
    ) -> None:  # fmt: skip
        """Add words with their middle line at `y`; a halo keeps what is behind from cutting them."""
        self.words.append(
            {"text": text, "x": x, "y": y, "size": size, "ink": COLOURS[ink], "align": align}
            | {"weight": "bold" if bold else "normal", "halo": COLOURS["ground"] if halo else None}
        )

    def svg(self) -> str:
        """Return the picture."""
        plain = [item for item in self.words if item["halo"] is None]
        rimmed = [item for item in self.words if item["halo"] is not None]
        sets = {
            "areas": self.areas, "grid": self.grid, "rules": self.rules, "paths": self.paths, "points": self.points,
            "plain": plain, "rimmed": rimmed,
        }  # fmt: skip
        chart = {
            "$schema": "https://vega.github.io/schema/vega/v6.json",
            "width": self.width,
            "height": self.height,
            "padding": 0,
            "autosize": "none",
            "data": [{"name": name, "values": items} for name, items in sets.items() if items],
            "marks": [_MARKS[name] for name, items in sets.items() if items],
        }
        return drawn(chart, width=self.width, height=self.height)


_ENDS: Final = {"x": of("x"), "y": of("y"), "x2": of("x2"), "y2": of("y2")}
_STROKE: Final = {"stroke": of("ink"), "strokeWidth": of("thickness"), "strokeDash": of("dash")}
_WORDS: Final = {
    "text": of("text"), "x": of("x"), "y": of("y"), "align": of("align"), "fill": of("ink"), "fontSize": of("size"),
    "fontWeight": of("weight"), "baseline": "middle",
}  # fmt: skip

_MARKS: Final[dict[str, Mark]] = {
    "areas": mark(
        "rect", "areas", **_ENDS, fill=of("fill"), fillOpacity=of("opacity"), stroke=of("ink"), strokeDash=of("dash")
    ),
    "grid": mark("rule", "grid", **_ENDS, **_STROKE),
    "rules": mark("rule", "rules", **_ENDS, **_STROKE, strokeCap=of("cap")),
    "paths": mark("path", "paths", path=of("path"), **_STROKE, strokeJoin="round"),
    "points": mark(
        "symbol", "points", x=of("x"), y=of("y"), shape=of("shape"), size=of("size"), fill=of("fill"),
        stroke=of("ink"), strokeWidth=2,
    ),
    "plain": mark("text", "plain", **_WORDS),
    "rimmed": mark("text", "rimmed", **_WORDS, stroke=of("halo"), strokeWidth=4, strokeOpacity=0.9),
}  # fmt: skip
