"""Rowcount: a measure from an outside package, the smallest that keeps the contract."""

from __future__ import annotations

from hakari.measures import CheckMetric, Measure
from hakari.messages import say

__all__ = ["MEASURES"]


def _function():  # type: ignore[no-untyped-def]
    from hakari_rowcount.rows import measure_rows

    return measure_rows


def _parameters():  # type: ignore[no-untyped-def]
    from hakari_rowcount.rows import RowsParameters

    return RowsParameters


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
