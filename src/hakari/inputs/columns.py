"""Columns: what the columns of a table mean."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Names of the columns by meaning, and how the two classes are written in them."""

    label: str | None = None
    """What happened or was decided; two classes."""
    prediction: str | None = None
    """What the model decided; two classes."""
    score: str | None = None
    """What the model's decision rests on, between 0 and 1; higher means the positive class."""
    sensitive: tuple[str, ...] = ()
    """Columns whose values are groups of people."""
    weight: str | None = None
    """How many rows of the population one row stands for; 0 or more."""
    cluster: str | None = None
    """Rows with the same value belong together (one person, one shop) and are not independent."""
    positive: str = "1"
    """The value of the class that is counted as 1, as text; `1`, `1.0` and `true` are the same."""
    negative: str | None = None
    """The value of the other class; None takes whatever the other value is."""
