"""One row explained, for engineers: a result of its own, its words, and the page with its chart.

It shows one person's data. The person is told by the decision notice, in other words and with less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.explained.page import explained_html
    from hakari.reports.explained.result import Following, RowExplanation
    from hakari.reports.explained.view import RowView, row_view

__all__ = ["Following", "RowExplanation", "RowView", "explained_html", "row_view"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "page": ("explained_html",),
        "result": ("Following", "RowExplanation"),
        "view": ("RowView", "row_view"),
    },
)
