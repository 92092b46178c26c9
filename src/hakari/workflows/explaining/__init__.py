"""Explaining one row: which row and which decision, what moved the model's result, and whether that account is true.

The notice to the person and the engineer's view of the same row stand on this one account of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.workflows.explaining.attributing import explain_row, method_of
    from hakari.workflows.explaining.options import RowOptions
    from hakari.workflows.explaining.question import Question, ask_about, find_row, row_number
    from hakari.workflows.explaining.single import explain_single

__all__ = [
    "Question",
    "RowOptions",
    "ask_about",
    "explain_row",
    "explain_single",
    "find_row",
    "method_of",
    "row_number",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "attributing": ("explain_row", "method_of"),
        "options": ("RowOptions",),
        "question": ("Question", "ask_about", "find_row", "row_number"),
        "single": ("explain_single",),
    },
)
