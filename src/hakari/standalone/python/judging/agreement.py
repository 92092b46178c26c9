"""Agreement: whether a stated assessment and the one made again say the same.

Statuses, words and counts must be equal. Exact figures may differ by rounding. Bounds that were drawn may differ by the
chance of the draw, of which only the one that was made again is believed. Two things are not made again here, and not
compared: the noise floor, and how many rows would settle a check.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["agree", "comparable"]

_ROUNDING = 1e-9
_DEVIATIONS = 5.0
_CHANCE = "monte_carlo_error"
_SPREAD_OF_CHANCE = 4.0
_NOT_MADE_AGAIN = ("noise_floor", "rows_needed")
_CANNOT = "assessment.check.cannot"


def comparable(value: Any) -> Any:
    """Return a part of an assessment without what is not made again here.

    Why a check cannot be computed is said in the words of the library that failed: only that it cannot is compared.
    """
    if isinstance(value, dict):
        if value.keys() == {"arguments", "key"} and value["key"] == _CANNOT:
            return {"key": _CANNOT}
        left_out = _NOT_MADE_AGAIN if "check" in value and "status" in value else ()
        return {name: comparable(item) for name, item in value.items() if name not in left_out}
    return [comparable(item) for item in value] if isinstance(value, list) else value


def agree(stated: Any, again: Any) -> bool:
    """Return whether two JSON values say the same."""
    if isinstance(stated, Mapping) and isinstance(again, Mapping):
        return _records_agree(stated, again)
    if isinstance(stated, list) and isinstance(again, list):
        return len(stated) == len(again) and all(agree(a, b) for a, b in zip(stated, again, strict=True))
    if _is_number(stated) and _is_number(again):
        return math.isclose(stated, again, rel_tol=_ROUNDING, abs_tol=1e-12)
    return bool(stated == again) and isinstance(stated, bool) == isinstance(again, bool)


def _records_agree(stated: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    # Records from before the error was recorded lack it: that is no difference.
    if stated.keys() | ({_CHANCE} & again.keys()) != again.keys():
        return False
    if _CHANCE not in again:
        return all(agree(stated[name], again[name]) for name in again)
    low, high = (_DEVIATIONS * math.sqrt(2) * error for error in again[_CHANCE])
    if _CHANCE in stated and not _same_size(stated[_CHANCE], again[_CHANCE]):
        return False
    free = {"low": low, "high": high, "worst_case": max(low, high)}
    return all(
        _within(stated[name], again[name], free[name]) if name in free else agree(stated[name], again[name])
        for name in stated
        if name != _CHANCE
    )


def _same_size(stated: Any, again: Any) -> bool:
    pairs = [(float(a), float(b)) for a, b in zip(stated, again, strict=True)]
    return all(a <= _SPREAD_OF_CHANCE * b + 1e-9 and b <= _SPREAD_OF_CHANCE * a + 1e-9 for a, b in pairs)


def _within(stated: Any, again: Any, distance: float) -> bool:
    if _is_number(stated) and _is_number(again):
        return bool(abs(stated - again) <= distance + _ROUNDING * max(abs(stated), abs(again)))
    return agree(stated, again)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
