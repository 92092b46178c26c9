"""Route: one way in which a library takes a frame and gives its group metrics. Known to every environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

METRICS = (
    "selection_rate",
    "base_rate",
    "accuracy",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "precision",
    "f1",
    "balanced_accuracy",
)
"""The ten metrics, in our words."""

Values = dict[str, dict[str, Any]]
"""`by_group`: metric to (group to value); `overall`, `difference` and `ratio`: metric to value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a library is asked; `convert` and `measure` are timed, `read` is not."""

    name: str
    """What the tables call it."""
    asks: str
    """Which calls are timed, in words."""
    gives: str
    """How much of the task its answer covers."""
    convert: Callable[[Any], Any]
    """From the given frame to the form that the library demands."""
    measure: Callable[[Any], Any]
    """From that form to the library's own answer."""
    read: Callable[[Any], Values]
    """From that answer to plain numbers that can be compared."""
    conversion: Mapping[str, str] = field(default_factory=dict)
    """Per kind of column: why a conversion is needed; a kind that is not named goes in as it is."""
    packages: tuple[str, ...]
    """Whose versions are recorded."""
