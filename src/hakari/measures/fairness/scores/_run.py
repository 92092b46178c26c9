"""Run: what every part of one measurement of scores needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from hakari.evidence import Estimate, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR
from hakari.measures.fairness._references import REST, Rests, deviation_estimate, reference_place, to_reference
from hakari.measures.fairness._spreads import TOO_FEW_CLUSTERS
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.messages import Message, say
from hakari.statistics import Limits

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
    reference: str | None = None
    """A group by name, or `rest`, with which each group is compared."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured."""

    def stream(self, metric: str) -> np.random.Generator:
        """Return the random numbers of one metric in this slicing."""
        return self.rng("/".join((metric, *self.cells.columns)))

    @property
    def sizes(self) -> list[int]:
        """Rows of every group (G)."""
        return [int(n) for n in self.cells.total(self.cells.rows)]

    @property
    def reference_place(self) -> int | None:
        """Place of the named group among these; None where it is not one of them, or is `rest`."""
        return reference_place(self.reference, self.cells.groups)

    def to_reference(
        self,
        metric: str,
        limits: Limits,
        *,
        of: Callable[[ScoreCells], Limits],
        ratio: bool = True,
        reason: Message = NO_DENOMINATOR,
    ) -> Iterator[Estimate]:
        """Yield each group's number against the reference, where there is one; `of` gives the limits of other cells."""
        cells, place = self.cells, self.reference_place
        if (place is None and self.reference != REST) or len(cells.groups) < 2:
            return
        rest = None
        if place is None:
            rest = Rests([of(cells.against(each)) for each in range(len(cells.groups))])
        yield from to_reference(
            metric, limits, cells.columns, cells.groups, self.sizes, rest=rest, place=place, ratio=ratio,
            confidence=round(1 - self.error, 12), few=TOO_FEW_CLUSTERS, reason=reason,
        )  # fmt: skip

    def spread(self, metric: str, limits: Limits) -> Iterator[Estimate]:
        """Yield the deviation of the groups, where it is asked for."""
        if self.deviation:
            yield deviation_estimate(
                metric, limits, self.cells.columns, self.sizes,
                min_rows=self.min_rows, confidence=round(1 - self.error, 12),
            )  # fmt: skip
