"""Recourse: what a person could change so that the model decides otherwise, at which cost, if anything.

An *alternative* is a change of a row that the model was asked about again and that breaks no constraint. It is looked
for among *levers* (columns that may be changed on their own, and groups of which one is chosen) by a beam search, made
as small as the model allows, and judged by how far it lies from rows that the model decides as wanted. Where the levers
have few settings all of them are tried, and then "none exists" is proved; elsewhere it says "none found".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.recourse.finding import find_recourse
    from hakari.measures.explanation.recourse.results import Alternative, Recourse, Status, Step

__all__ = ["Alternative", "Recourse", "Status", "Step", "find_recourse"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "finding": ("find_recourse",),
        "results": ("Alternative", "Recourse", "Status", "Step"),
    },
)
