"""What later rooms add to the page of a round: a template each, given `round` and whether the reader `judges` it."""

from __future__ import annotations

from typing import Final

__all__ = ["ROUND_PARTS", "add_round_part"]

ROUND_PARTS: Final[list[str]] = []
"""Templates, in the order in which the rooms were loaded."""


def add_round_part(template: str) -> None:
    """Add a part; called by a room when it is loaded."""
    if template not in ROUND_PARTS:
        ROUND_PARTS.append(template)
