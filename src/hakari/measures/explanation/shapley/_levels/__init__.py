"""Levels: exact values of trees grown deep, by walking many trees down together, one level at a time.

A leaf far down has many players, so a table of all its patterns would be too large; and a forest has so many leaves
that a look at each one by itself costs more than the arithmetic. So all nodes of one level are worked on in the same
few array operations. Rows that have met the same conditions on the way to a node are one group there: what a leaf
gives is worked out once for each group, and then added to the rows of the group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.shapley._levels.background import deep_background
    from hakari.measures.explanation.shapley._levels.paths import deep_paths

__all__ = ["deep_background", "deep_paths"]

__getattr__, __dir__ = exports(__name__, {"background": ("deep_background",), "paths": ("deep_paths",)})
