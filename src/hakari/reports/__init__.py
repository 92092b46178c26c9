"""Reports: what a person sees of a case, made from data and messages alone.

A report never decides anything. The sentences come from `hakari.assessment.reasons`, the labels from the message
catalogue; charts, tables and pages only place them, so that chart, table, terminal and screen reader say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.figure import Figure
    from hakari.reports.figures import forest_svg, strip_svg
    from hakari.reports.html import render_report
    from hakari.reports.tables import Table

__all__ = ["Figure", "Table", "forest_svg", "render_report", "strip_svg"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "figure": ("Figure",),
        "figures": ("forest_svg", "strip_svg"),
        "html": ("render_report",),
        "tables": ("Table",),
    },
)
