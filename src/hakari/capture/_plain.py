"""Values of a serving program as plain JSON, and its RFC 8785 bytes within microseconds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hakari.errors import InputError
from hakari.evidence.canonical import LARGEST_INTEGER, canonical_bytes
from hakari.messages import say

__all__ = ["canonical", "plain"]

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_SMALLEST, _LARGEST = 1e-4, 2.0**53
# Between these, where whole numbers are integers already, Python and ECMAScript write a number in the same way.
_DEEPEST = 20
_FIRST_SURROGATE = "\ud800"
# Keys without characters from here on sort by code point as they do by UTF-16 unit.


def plain(value: Any, *, depth: int = 0) -> Any:
    """Return `value` as JSON: text, whole and other numbers, truth values, null, lists and mappings with text keys.

    A whole number is the same value however it is typed (1 is 1.0); NaN and the missing values of table libraries are
    null; dates, decimals and integers of 2**53 and more are text; array elements and scalars are plain numbers.

    Raises:
        InputError: infinity, a key that is no text, or a value that JSON does not have.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else str(value)
    if kind is float:
        return _number(value)
    if depth > _DEEPEST:
        raise InputError(say("capture.value.deep", most=_DEEPEST))
    if kind is list or kind is tuple:
        return [plain(item, depth=depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {_key(name): plain(item, depth=depth + 1) for name, item in value.items()}
    return _other(value, depth)


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of what `plain` returned.

    The encoder of the standard library writes the same bytes, five times faster, except for very small and very large
    numbers and for keys with rare characters; those go the long way.
    """
    if _common(value):
        return _ENCODER.encode(value).encode("utf-8")
    return canonical_bytes(value)


def _number(value: float) -> float | int | None:
    if math.isfinite(value):
        return int(value) if value.is_integer() and abs(value) <= LARGEST_INTEGER else value
    if math.isnan(value):
        return None
    raise InputError(say("capture.value.infinite", value=str(value)))


def _key(name: Any) -> str:
    if isinstance(name, str):
        return str(name)
    raise InputError(say("capture.value.key", key=repr(name)))


def _other(value: Any, depth: int) -> Any:
    for kind in (str, int, float):
        if isinstance(value, kind):
            return plain(kind(value), depth=depth + 1)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    lists = getattr(value, "tolist", None)
    if callable(lists):
        return plain(lists(), depth=depth + 1)
    if isinstance(value, (list, tuple)):
        return plain(list(value), depth=depth)
    raise InputError(say("capture.value.kind", kind=type(value).__name__, value=repr(value)))


def _common(value: Any) -> bool:
    """Whether the standard encoder writes RFC 8785 bytes of this."""
    kind = type(value)
    if kind is float:
        return bool(_SMALLEST <= abs(value) < _LARGEST)
    if kind is dict:
        return all(name.isascii() or max(name) < _FIRST_SURROGATE for name in value) and all(
            map(_common, value.values())
        )
    return kind is not list or all(map(_common, value))
