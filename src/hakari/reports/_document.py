"""The Vega document of a chart: data sets, one axis, and marks that draw a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hakari.reports._axis import Axis
from hakari.reports._svg import COLOURS

__all__ = ["AXIS_ROOM", "Mark", "document", "field", "mark", "on_axis", "words"]

AXIS_ROOM = 48
"""Room below the plot for the numbers of the axis and its title, in pixels."""

Mark = Mapping[str, Any]
Place = Mapping[str, Any] | float
"""Where a mark stands: a field of its data, or pixels."""


def document(
    axis: Axis,
    data: Mapping[str, Sequence[Mapping[str, Any]]],
    marks: Sequence[Mark],
    *,
    height: int,
    padding: Mapping[str, int],
) -> dict[str, Any]:
    """Return the Vega document of a chart: a quiet axis below, no frame, no ground of its own."""
    sets: dict[str, Sequence[Mapping[str, Any]]] = {
        "numbers": [{"at": at, "number": number} for at, number in axis.ticks],
        "title": [{"title": axis.title}],
        **data,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": axis.width,
        "height": height,
        "padding": dict(padding),
        "autosize": "none",
        "data": [{"name": name, "values": list(values)} for name, values in sets.items()],
        "scales": [
            {"name": "x", "type": "linear", "domain": [axis.low, axis.high], "range": [0, axis.width], "zero": False}
        ],
        "axes": [
            {
                "scale": "x",
                "orient": "bottom",
                "values": [at for at, _ in axis.ticks],
                "labels": False,
                "grid": True,
                "tickSize": 4,
                "gridColor": COLOURS["grid"],
                "tickColor": COLOURS["line"],
                "domainColor": COLOURS["line"],
            }
        ],
        "marks": [
            words("numbers", "number", x=on_axis("at"), y=height + 14, align="center", size=12, ink="soft"),
            words("title", "title", x=axis.width / 2, y=height + 33, align="center", size=12, ink="soft"),
            *marks,
        ],
    }


def field(name: str) -> Mapping[str, Any]:
    """Return what reads a mark's property from a field of its data."""
    return {"field": name}


def on_axis(name: str) -> Mapping[str, Any]:
    """Return the place on the axis of a field of the data."""
    return {"scale": "x", "field": name}


def mark(kind: str, data: str, **properties: Any) -> Mark:
    """Return a mark for each item of `data`; plain values hold for all of them."""
    encoded = {
        name: value if isinstance(value, (Mapping, list)) else {"value": value} for name, value in properties.items()
    }
    return {"type": kind, "from": {"data": data}, "encode": {"enter": encoded}}


def words(
    data: str,
    text: str,
    *,
    x: Place,
    y: Place,
    size: int = 13,
    ink: str | None = None,
    halo: float = 0.0,
    **properties: Any,
) -> Mark:
    """Return texts from the field `text`; `halo` is how much of what is behind them a rim of the ground hides."""
    fill = {} if ink is None else {"fill": COLOURS[ink]}
    rim = {"stroke": COLOURS["ground"], "strokeWidth": 4, "strokeOpacity": halo} if halo else {}
    return mark("text", data, text=field(text), x=x, y=y, baseline="middle", fontSize=size, **fill, **rim, **properties)
