"""Whether a stated record and the same record made again say the same, where two machines may differ in last digits.

Statuses, texts and counts must be equal. Exact figures may differ by rounding, because libraries and processors add in
another order. Figures that were simulated may differ by the Monte Carlo error of the one that was made again, because
a later release of numpy may draw other numbers from the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["DEVIATIONS", "ROUNDING", "agree"]

ROUNDING = 1e-9
"""Relative difference that counts as rounding."""
DEVIATIONS = 5.0
"""Simulated ends may lie so many standard errors of their difference apart."""

_CHANCE = "monte_carlo_error"
_SPREAD_OF_CHANCE = 4.0
# A Monte Carlo error is itself an estimate: it may be this many times as large on the other machine.
_RELATIVE = {"noise_floor": 0.05, "likely": 0.25, "sure": 0.02, "probability_now": 0.1}
# Simulated figures that carry no error of their own.


def agree(stated: Any, again: Any) -> bool:
    """Return whether two JSON values say the same; only `again` is trusted to say how far chance may move an end."""
    return _agree(stated, again, "")


def _agree(stated: Any, again: Any, name: str) -> bool:
    if isinstance(stated, Mapping) and isinstance(again, Mapping):
        return _agree_records(stated, again)
    if isinstance(stated, (list, tuple)) and isinstance(again, (list, tuple)):
        return len(stated) == len(again) and all(_agree(a, b, "") for a, b in zip(stated, again, strict=True))
    if _is_number(stated) and _is_number(again):
        relative = _RELATIVE.get(name, ROUNDING)
        return math.isclose(stated, again, rel_tol=relative, abs_tol=max(relative * 1e-3, 1e-12))
    return bool(stated == again) and isinstance(stated, bool) == isinstance(again, bool)


def _agree_records(stated: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    # Records from before the error was recorded lack it: that is no difference.
    if stated.keys() | ({_CHANCE} & again.keys()) != again.keys():
        return False
    free = _tolerances(again)
    if _CHANCE in stated and not _same_size(stated[_CHANCE], again[_CHANCE]):
        return False
    return all(
        _within(stated[name], again[name], free[name]) if name in free else _agree(stated[name], again[name], name)
        for name in stated
        if name != _CHANCE
    )


def _tolerances(again: Mapping[str, Any]) -> dict[str, float]:
    """Return how far the simulated ends of an interval may lie apart; empty where nothing was simulated."""
    if _CHANCE not in again:
        return {}
    low, high = (DEVIATIONS * math.sqrt(2) * error for error in again[_CHANCE])
    return {"low": low, "high": high, "worst_case": max(low, high)}


def _same_size(stated: Any, again: Any) -> bool:
    for first, second in zip(stated, again, strict=True):
        larger, smaller = max(float(first), float(second)), min(float(first), float(second))
        if larger > _SPREAD_OF_CHANCE * smaller + 1e-9:
            return False
    return True


def _within(stated: Any, again: Any, distance: float) -> bool:
    if _is_number(stated) and _is_number(again):
        return bool(abs(stated - again) <= distance + ROUNDING * max(abs(stated), abs(again)))
    return _agree(stated, again, "")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
