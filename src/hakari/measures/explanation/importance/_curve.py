"""Curve: what a model says along the values of one column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Quantity
    from hakari.measures.explanation._attributions import Cost
    from hakari.messages import Message
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Curve", "CurveKind", "Surface"]

CurveKind = Literal["partial_dependence", "individual_expectations", "accumulated_effects"]
"""Mean output with the column set, the same for each row, or accumulated local effects."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """What a model says along the values of one column. Shapes: L lines (1 unless one for each row), G grid values."""

    player: str
    """The column."""
    kind: CurveKind
    """What the values are."""
    grid: tuple[float | str | None, ...]
    """Values of the column, numbers in order or levels as texts; None stands for a missing value."""
    values: FloatArray
    """(L, G): what the model says, in the unit of `quantity`."""
    errors: FloatArray
    """(L, G): standard errors over rows; 0 for the line of a single row, which is what the model says."""
    counts: IntArray
    """(G,): rows nearest to each grid value; for accumulated effects the rows of the step that ends there."""
    centred: bool
    """True if the mean over the rows was taken off, so that only the shape counts."""
    quantity: Quantity
    """Unit of the values."""
    cost: Cost
    """What it cost."""
    limits: tuple[Message, ...] = ()
    """What the curve cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surface:
    """What two columns add together beyond what each adds alone. Shape: G grid values of the first, H of the second."""

    players: tuple[str, str]
    """The two columns."""
    grids: tuple[tuple[float, ...], tuple[float, ...]]
    """Values of the two columns."""
    values: FloatArray
    """(G, H): second-order effect, mean 0 over the rows."""
    errors: FloatArray
    """(G, H): standard errors over rows; cells without rows borrow from the nearest one, and their error with it."""
    counts: IntArray
    """(G − 1, H − 1): rows in each cell."""
    quantity: Quantity
    """Unit of the values."""
    cost: Cost
    """What it cost."""
    limits: tuple[Message, ...] = ()
    """What the surface cannot say."""
