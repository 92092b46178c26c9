"""Run: what every part of one measurement of classes needs."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.measures.fairness.classes._cells import ClassCells
from hakari.messages import say

__all__ = ["NO_LABEL", "ClassRun"]

NO_LABEL = say("measures.fairness.classes.no_label")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRun:
    """The cells of one slicing, and how they are to be measured."""

    cells: ClassCells
    min_rows: int
    """Groups with fewer rows in a denominator are listed, not compared."""
    error: float
    """Of each set of intervals that hold together."""

    @property
    def sizes(self) -> list[int]:
        """Rows of every group (G)."""
        return [int(n) for n in self.cells.total(self.cells.rows)]

    @property
    def class_key(self) -> str:
        """Name of the slice that holds the class; another one where a sensitive column is called so."""
        key = "class"
        while key in self.cells.columns:
            key += " given"
        return key
