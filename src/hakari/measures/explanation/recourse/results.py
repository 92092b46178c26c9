"""Results: what was found for each row, and whether that was proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hakari.measures.explanation._attributions import Cost

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Alternative", "Recourse", "Status", "Step"]

Status = Literal["already", "found", "none_exists", "not_found"]
"""`already`: the row is decided as wanted; `none_exists`: every setting of a finite number was tried; `not_found`: the
search ended without one, which proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One column that differs."""

    column: str
    before: Any
    after: Any
    consequence: bool
    """True where it follows from other columns and is not done on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One change of a row with which the model decides as wanted."""

    steps: tuple[Step, ...]
    """Every column that differs, in the order of the columns."""
    levers: tuple[str, ...]
    """What is changed on purpose: columns and one-hot groups."""
    cost: float
    """By the constraint file."""
    output: float
    """What the model says about the changed row, asked again at the end."""
    distance_rank: float
    """Share of the background rows decided as wanted that lie nearer to their neighbours than this row does, 0 … 1."""
    implausible: bool
    """True where that share is above 0.95 and the change led further away than the row was."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Column → value after the change, of the columns that differ."""
        return {step.column: step.after for step in self.steps}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recourse:
    """What was found for n rows."""

    alternatives: tuple[tuple[Alternative, ...], ...]
    """Per row, plausible ones first, then by cost; no two use the same levers."""
    statuses: tuple[Status, ...]
    """Per row."""
    outputs: FloatArray
    """(n,): what the model says about the rows as they are."""
    costs: FloatArray
    """(n,): cost of the cheapest change that was found, plausible or not, shown or not; infinite where there is none,
    0 where none is needed."""
    optimal: BoolArray
    """(n,): whether `costs` is proved to be the least there is, because every setting was tried."""
    cost: Cost
    """What it cost."""

    @property
    def found(self) -> BoolArray:
        """(n,): whether a row has an alternative."""
        return np.array([bool(each) for each in self.alternatives], dtype=bool)

    @property
    def first_costs(self) -> FloatArray:
        """(n,): cost of the first alternative; infinite where there is none, 0 where none is needed."""
        return self._of_first(lambda each: each.cost)

    @property
    def changes(self) -> FloatArray:
        """(n,): number of levers of the first alternative; infinite where there is none, 0 where none is needed."""
        return self._of_first(lambda each: float(len(each.levers)))

    def _of_first(self, value: Callable[[Alternative], float]) -> FloatArray:
        none = [0.0 if status == "already" else np.inf for status in self.statuses]
        pairs = zip(self.alternatives, none, strict=True)
        return np.array([value(found[0]) if found else without for found, without in pairs])
