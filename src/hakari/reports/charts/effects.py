"""Effects: how a model's result moves along each column, as small multiples on one upright axis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hakari.reports._axis import Axis, fitted
from hakari.reports._lettering import breadth, shortened
from hakari.reports.charts._canvas import Canvas
from hakari.reports.charts._panel import Box, up_axis
from hakari.reports.figures import WIDE

__all__ = ["REACH", "EffectPanel", "EffectPoint", "effects_svg"]

REACH: Final = 1.96
"""Standard errors that a band or a bar reaches to each side."""

_BESIDE: Final = 3
_GAP: Final = 20
_TITLE: Final = 24
_PLOT: Final = 144
_RUG: Final = 5
"""Height of the mark below the plot at each value."""
_NAMES: Final = 26
"""Room for the marks and the names of values."""
_BELOW: Final = 16
_INSET: Final = 5
"""Room between the rim of a panel and its first value."""
_SMALL: Final = 12
_AIR: Final = 8
_FEW: Final = 3
"""Levels that are all named, cut short if need be; of more, the first and the last unless all have room."""
_POINT: Final = 56
_ROOMY: Final = 10
"""Levels from which on points are small, so that neighbours do not cover each other."""
_LINE: Final = 3
"""Numbers from which a line is drawn: two values have nothing between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPoint:
    """One value of a column, and how far the result there lies from its mean."""

    name: str
    """The value as it is written."""
    at: float | None
    """The value itself; None for a level."""
    effect: float
    error: float
    """Standard error of the effect."""

    @property
    def low(self) -> float:
        """Lower end of the band."""
        return self.effect - REACH * self.error

    @property
    def high(self) -> float:
        """Upper end of the band."""
        return self.effect + REACH * self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPanel:
    """One column: its name and its values from left to right."""

    title: str
    points: tuple[EffectPoint, ...]

    @property
    def line(self) -> bool:
        """Whether the values are numbers with something between them, so that a line may join them."""
        return len(self.points) >= _LINE and all(point.at is not None for point in self.points)


def effects_svg(panels: Sequence[EffectPanel], *, width: int) -> str:
    """Return the panels, each with at least one point, three beside each other on a page and one on a telephone.

    All share the upright axis, and the line at 0 is the mean. Numbers are a line in a band, levels are points on bars.
    """
    beside = min(_BESIDE, len(panels)) if width == WIDE else 1
    ends = [0.0, *(end for panel in panels for point in panel.points for end in (point.low, point.high))]
    axis = fitted(ends, title="", percent=False, width=_PLOT, ticks=5)
    left = max(breadth(number, _SMALL) for _, number in axis.ticks) + 10
    # One or two panels keep the size that three would have.
    each = (width - left - (_BESIDE - 1) * _GAP) / _BESIDE if width == WIDE else width - left
    step = _TITLE + _PLOT + _NAMES + _BELOW
    canvas = _Canvas(width=width, height=round(step * -(-len(panels) // beside) - _BELOW))
    for place, panel in enumerate(panels):
        x = left + place % beside * (each + _GAP)
        box = Box(x=x, y=place // beside * step + _TITLE, width=each, height=_PLOT)
        canvas.text(shortened(panel.title, 13, each / 1.08), box.x, box.y - 13, bold=True)
        _ground(canvas, box, axis, numbered=place % beside == 0)
        _curve(canvas, box, axis, panel)
    return canvas.svg()


class _Canvas(Canvas):
    """A canvas that can also tint what lies between two lines."""

    __slots__ = ("bands",)

    def __init__(self, *, width: int, height: int) -> None:
        super().__init__(width=width, height=height)
        self.bands: list[str] = []

    def band(self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> None:
        """Add the ground between two lines, below everything else."""
        steps = "L".join(f"{x:.1f},{y:.1f}" for x, y in (*upper, *reversed(lower)))
        self.bands.append(f'<path d="M{steps}Z" fill="var(--chart-accent, #24457a)" fill-opacity="0.18"/>')

    def svg(self) -> str:
        """Return the picture."""
        bands = "".join(self.bands)
        return re.sub("^<svg[^>]*>", lambda root: root[0] + bands, super().svg())


def _ground(canvas: Canvas, box: Box, axis: Axis, *, numbered: bool) -> None:
    if numbered:
        up_axis(canvas, box, axis)
    else:
        for at, _ in axis.ticks:
            y = box.bottom - axis.pixels(at)
            canvas.line(box.x, y, box.right, y)
    zero = box.bottom - axis.pixels(0.0)
    canvas.line(box.x, zero, box.right, zero, ink="soft", thickness=1.2, above=True)


def _curve(canvas: _Canvas, box: Box, axis: Axis, panel: EffectPanel) -> None:
    across = _across(panel, box)
    if panel.line:
        up = [
            (x, *(box.bottom - axis.pixels(value) for value in (point.effect, point.low, point.high)))
            for x, point in zip(across, panel.points, strict=True)
        ]
        canvas.band([(x, high) for x, _, _, high in up], [(x, low) for x, _, low, _ in up])
        canvas.path([(x, middle) for x, middle, _, _ in up], ink="accent", thickness=2)
        for x in across:
            canvas.line(x, box.bottom + 2, x, box.bottom + 2 + _RUG, ink="line")
        _ends(canvas, box, panel, across)
        return
    size = _POINT if len(panel.points) <= _ROOMY else _POINT / 4
    for x, point in zip(across, panel.points, strict=True):
        low, middle, high = (box.bottom - axis.pixels(value) for value in (point.low, point.effect, point.high))
        canvas.line(x, low, x, high, ink="accent", thickness=3, above=True)
        canvas.point(x, middle, size=size)
    room = box.width / len(panel.points) - 4
    if len(panel.points) <= _FEW or all(breadth(point.name, _SMALL) <= room for point in panel.points):
        for x, point in zip(across, panel.points, strict=True):
            name = shortened(point.name, _SMALL, room)
            canvas.text(name, x, box.bottom + _RUG + 13, size=_SMALL, ink="soft", align="center")
    else:
        _ends(canvas, box, panel, across)


def _across(panel: EffectPanel, box: Box) -> list[float]:
    """Where the values stand: numbers by their size, levels and two numbers at equal distances."""
    points = panel.points
    first, last = points[0].at, points[-1].at
    if panel.line and first is not None and last is not None and last > first:
        wide = box.width - 2 * _INSET
        return [box.x + _INSET + ((point.at or 0.0) - first) / (last - first) * wide for point in points]
    return [box.x + (place + 0.5) * box.width / len(points) for place in range(len(points))]


def _ends(canvas: Canvas, box: Box, panel: EffectPanel, across: Sequence[float]) -> None:
    """Name the first and the last value, and of numbers the one nearest to the middle, where there is room."""
    points = panel.points
    room = (box.width - _AIR) / 2
    first, last = (shortened(points[at].name, _SMALL, room) for at in (0, -1))
    y = box.bottom + _RUG + 13
    canvas.text(first, box.x, y, size=_SMALL, ink="soft")
    canvas.text(last, box.right, y, size=_SMALL, ink="soft", align="right")
    if not panel.line:
        return
    centre = box.x + box.width / 2
    middle = min(range(len(points)), key=lambda at: abs(across[at] - centre))
    half = breadth(points[middle].name, _SMALL) / 2 + _AIR
    free = (box.x + breadth(first, _SMALL), box.right - breadth(last, _SMALL))
    if free[0] + half <= across[middle] <= free[1] - half:
        canvas.text(points[middle].name, across[middle], y, size=_SMALL, ink="soft", align="center")
