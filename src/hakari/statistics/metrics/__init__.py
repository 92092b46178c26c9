"""Metrics: one table of definitions, and the arithmetic of each on counts.

A *metric* here is a number with a formula, a direction and a source. It belongs to one group, to all groups together
(how far they lie apart) or to all rows. Public functions, the documentation and the measures are made from the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.metrics.aggregate import AGGREGATES, FAMILIAR, AggregateDefinition, Familiar
    from hakari.statistics.metrics.definition import MetricDefinition
    from hakari.statistics.metrics.table import METRICS

__all__ = ["AGGREGATES", "FAMILIAR", "METRICS", "AggregateDefinition", "Familiar", "MetricDefinition"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "aggregate": ("AGGREGATES", "FAMILIAR", "AggregateDefinition", "Familiar"),
        "definition": ("MetricDefinition",),
        "table": ("METRICS",),
    },
)
