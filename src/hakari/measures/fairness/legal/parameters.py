"""Parameters: what the legal tests can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

__all__ = ["LegalParameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalParameters:
    """What `fairness.legal` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    controls: tuple[str, ...] = ()
    """Columns whose levels, crossed, are the strata of the stratified tests; numbers must be in bands."""
    reference: str | None = None
    """A group by name (`men`, or `men × young` of crossed columns) that the others of its column are compared with.

    Left out or `rest`, and in columns without such a group: each group with all others.
    """
    outcome: Literal["prediction", "label"] = "prediction"
    """What counts as being selected: the system's decision, or the decision or outcome that the label holds."""
    favourable: Literal["positive", "negative"] = "positive"
    """Which side of it is the good one for a person."""
    availability: Mapping[str, Mapping[str, float]] | None = None
    """Column → level → its share of the people who could have been selected, where that is known from elsewhere."""
    intersections: bool = False
    """Whether the groups of all columns crossed are tested as well; they join the family of the correction."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the intervals."""
