"""Run: what every part of one measurement of classes needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hakari.evidence import Estimate
from hakari.measures._estimates import NO_DENOMINATOR
from hakari.measures.fairness._references import REST, Rests, deviation_estimate, reference_place, to_reference
from hakari.measures.fairness._spreads import TOO_FEW_CLUSTERS
from hakari.measures.fairness.classes._cells import ClassCells
from hakari.messages import Message, say
from hakari.statistics import Limits

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
    controls: tuple[str, ...] = ()
    """Columns whose levels stand in the slices as well."""
    reference: str | None = None
    """A group by name, or `rest`, with which each group is compared."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured."""

    @property
    def sizes(self) -> list[int]:
        """Rows of every group (G)."""
        return [int(n) for n in self.cells.total(self.cells.rows)]

    @property
    def class_key(self) -> str:
        """Name of the slice that holds the class; another one where a sensitive column is called so."""
        key = "class"
        while key in self.cells.columns or key in self.controls:
            key += " given"
        return key

    def further(
        self,
        metric: str,
        limits: Limits,
        n: Sequence[int],
        *,
        rest: Callable[[], Limits | Rests],
        parts: int = 1,
        reason: Message = NO_DENOMINATOR,
    ) -> Iterator[Estimate]:
        """Yield the deviation of the groups, and each group against the reference, where they are asked for.

        `rest` gives the limits of the rest of every group. The error of a comparison is shared over so many `parts`.
        `reason` says why a group has no value.
        """
        cells, confidence = self.cells, round(1 - self.error, 12)
        if self.deviation:
            yield deviation_estimate(metric, limits, cells.columns, n, min_rows=self.min_rows, confidence=confidence)
        place = reference_place(self.reference, cells.groups)
        if (place is None and self.reference != REST) or len(cells.groups) < 2:
            return
        yield from to_reference(
            metric, limits, cells.columns, cells.groups, n, place=place, rest=rest() if place is None else None,
            confidence=1 - self.error / parts, few=TOO_FEW_CLUSTERS, reason=reason,
        )  # fmt: skip
