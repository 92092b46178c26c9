"""Parameters: what the scan for proxies can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = ["ProxiesParameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxiesParameters:
    """What `fairness.proxies` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns to be guessed; all that the manifest names if left out."""
    predictors: tuple[str, ...] | None = None
    """Columns to guess from; if left out, all but label, prediction, score, weight and cluster."""
    bins: int = 10
    """Bands of about equal size that numbers with many values are put into."""
    min_rows: int = 30
    """Levels of a sensitive column with fewer rows are guessed, but not ranked one by one."""
    confidence: float = 0.95
    """Of the intervals of one figure over all pairs of columns together."""
