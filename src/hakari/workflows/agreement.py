"""Whether two assessments, or two estimates, say the same, where two machines may differ in the last digits.

Statuses, texts and counts must be equal. Exact figures may differ by rounding, because libraries and processors add in
another order. Figures that were simulated may differ by their Monte Carlo error, because a later release of numpy may
draw other numbers from the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["ROUNDING", "agree"]

ROUNDING = 1e-9
"""Relative difference that counts as rounding."""

_SIMULATED_ENDS = frozenset({"low", "high", "worst_case"})
_END_TOLERANCE = 0.02
_MONTE_CARLO = {"noise_floor": 0.05, "likely": 0.25, "sure": 0.02, "probability_now": 0.1}


def agree(first: Any, second: Any, *, key: str = "", simulated: bool = False) -> bool:
    """Return whether two JSON values say the same; `key` is the field that they stand in."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        drawn = "bootstrap" in str(first.get("method", "")) and first.get("method") == second.get("method")
        return first.keys() == second.keys() and all(
            agree(first[name], second[name], key=name, simulated=drawn or simulated) for name in first
        )
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(
            agree(left, right, key=key, simulated=simulated) for left, right in zip(first, second, strict=True)
        )
    if _is_number(first) and _is_number(second):
        tolerance = _MONTE_CARLO.get(key, _END_TOLERANCE if simulated and key in _SIMULATED_ENDS else ROUNDING)
        return math.isclose(first, second, rel_tol=tolerance, abs_tol=max(tolerance * 1e-3, 1e-12))
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
