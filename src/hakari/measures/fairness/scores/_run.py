"""Run: what every part of one measurement of scores needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hakari.evidence import Unmeasured
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.messages import say

__all__ = ["DEPENDENT", "NO_LABEL", "ScoreRun"]

DEPENDENT = Unmeasured(unmeasured=say("measures.fairness.scores.dependent"))
NO_LABEL = say("measures.fairness.scores.no_label")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRun:
    """The cells of one slicing, and how they are to be measured."""

    cells: ScoreCells
    min_rows: int
    """Groups with fewer rows are listed, not compared."""
    error: float
    """Of each set of intervals that hold together."""
    rng: Callable[[str], np.random.Generator]

    def stream(self, metric: str) -> np.random.Generator:
        """Return the random numbers of one metric in this slicing."""
        return self.rng("/".join((metric, *self.cells.columns)))

    @property
    def sizes(self) -> list[int]:
        """Rows of every group (G)."""
        return [int(n) for n in self.cells.total(self.cells.rows)]
