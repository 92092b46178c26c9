"""Scores of groups: how the numbers behind decisions are spread, ranked and calibrated in each group and between them.

A score is a number in [0, 1]; the higher, the more likely the positive class. Whatever threshold turns scores into
decisions, now or later, rests on them, so they are compared as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.scores.measure import ScoresParameters, measure_scores

__all__ = ["ScoresParameters", "measure_scores"]

__getattr__, __dir__ = exports(__name__, {"measure": ("ScoresParameters", "measure_scores")})
