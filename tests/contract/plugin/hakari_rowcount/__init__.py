"""Rowcount: a measure from an outside package, the smallest that keeps the contract."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from hakari.measures import CheckMetric, Measure, MeasureFunction
from hakari.messages import say

__all__ = ["MEASURES"]


def _function() -> MeasureFunction:
    return cast(MeasureFunction, import_module(f"{__name__}.rows").measure_rows)


def _parameters() -> type[Any]:
    return cast(type[Any], import_module(f"{__name__}.rows").RowsParameters)


MEASURES = [
    Measure(
        id="rowcount.rows",
        version="2.1.0",
        title=say("language.name"),
        summary=say("language.name"),
        function=_function,
        parameters=_parameters,
        metrics={"rows": CheckMetric(name="rows", basis="count", high_is="good")},
        status="experimental",
    )
]
