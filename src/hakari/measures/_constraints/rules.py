"""Rules: a constraint file as it was written, before it meets any rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hakari.measures._constraints.expressions import Expression

__all__ = ["ColumnRule", "ConstraintFile", "CostRule", "MostChange", "OneHot", "Per", "Within"]

Per = Literal["spread", "unit", "step", "change"]
"""What one amount of cost buys: a move by the column's robust spread, by 1, by one step, or any change at all."""
Within = Literal["unit", "value", "spread", "level"]
"""What a limit of a change counts in: the column's own unit, its value before the change, its robust spread, or places
along its levels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRule:
    """What a change costs."""

    amount: float = 1.0
    """Cost of one unit; 0 or more."""
    per: Per = "spread"
    """The unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MostChange:
    """How far a value may move from where it is, in either direction."""

    amount: float
    """Above 0."""
    per: Within = "unit"
    """What the amount counts in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """What may happen to one column."""

    immutable: bool = False
    """It never changes."""
    action: bool = True
    """False where it changes only as a consequence of other columns."""
    monotone: Literal["up", "down"] | None = None
    """The only direction; along `levels` where these are given, as they are ordered there."""
    low: float | None = None
    """Least value after a change."""
    high: float | None = None
    """Largest value after a change."""
    step: float | None = None
    """A change is a whole number of these."""
    integer: bool = False
    """A value after a change is a whole number."""
    levels: tuple[str | float, ...] = ()
    """The only values after a change."""
    most_change: MostChange | None = None
    """How far a value may move from where it is; None for as far as the rest allows."""
    cost: CostRule | None = None
    """None: 1 per robust spread of the column, or 1 per change of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneHot:
    """Columns of which exactly one is 1 and all others 0."""

    columns: tuple[str, ...]
    none: bool = False
    """Whether all may be 0."""
    cost: float = 1.0
    """Cost of a change from one to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintFile:
    """Everything that a constraint file says."""

    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    """Column → what may happen to it."""
    others: Literal["immutable", "free"] = "immutable"
    """What holds for columns that are not named."""
    one_hot: Mapping[str, OneHot] = field(default_factory=dict)
    """Name of the group → its columns."""
    derived: Mapping[str, Expression] = field(default_factory=dict)
    """Column → what it follows from."""
    ordered: tuple[tuple[str, str], ...] = ()
    """Pairs of columns, the first of which is never above the second after a change."""
    source: str = "constraints"
    """How messages call it."""
