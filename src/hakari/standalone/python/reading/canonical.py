"""Canonical: JSON that means one thing (RFC 8785), and SHA-256 over it."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from hakari.standalone.python.words import Refused, say

__all__ = ["canonical", "parse", "sha256", "sha256_of"]

_LARGEST_INTEGER = 2**53 - 1
_LARGEST_DOCUMENT = 64 * 2**20
_DEEPEST_JSON = 64
_MOST_DIGITS = 400
_JSON_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of a value."""
    return sha256(canonical(value))


def parse(content: bytes, what: str) -> Any:
    """Return the JSON value in `content`; refuse a key that stands twice, NaN, too much and too deep."""
    if len(content) > _LARGEST_DOCUMENT:
        raise Refused(say("evidence.json.too_large", what=what, size=len(content), limit=_LARGEST_DOCUMENT))
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_parsed_integer,
            parse_float=lambda digits: _finite(float(digits)),
            parse_constant=_constant,
        )
    except (ValueError, RecursionError) as error:
        raise Refused(say("evidence.json.malformed", what=what, problem=str(error))) from None
    if _depth(value) > _DEEPEST_JSON:
        raise Refused(say("evidence.json.malformed", what=what, problem=f"nested deeper than {_DEEPEST_JSON}"))
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _parsed_integer(digits: str) -> int | float:
    """Canonical JSON writes a whole float from 2**53 on as digits: such a number is read as the float that it was."""
    number = int(digits) if len(digits) <= _MOST_DIGITS else math.inf
    return number if abs(number) <= _LARGEST_INTEGER else _finite(float(digits))


def _finite(number: float) -> float:
    if math.isinf(number):
        raise ValueError("a number beyond every float")
    return number


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        item, level = stack.pop()
        deepest = max(deepest, level)
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        stack.extend((child, level + 1) for child in children)
    return deepest


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value."""
    parts: list[str] = []
    try:
        _write(value, parts)
        return "".join(parts).encode("utf-8")
    except (ValueError, UnicodeError) as error:
        raise Refused(say("evidence.canonical.impossible", problem=str(error))) from None


def _write(value: Any, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(_text(value))
    elif isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise ValueError("an integer beyond 2**53 - 1")
        parts.append(str(value))
    elif isinstance(value, float):
        parts.append(_number_text(value))
    elif isinstance(value, dict):
        # Keys are sorted by UTF-16 code units, which is not the order of code points.
        for place, name in enumerate(sorted(value, key=lambda item: item.encode("utf-16-be"))):
            parts += ("," if place else "{", _text(name), ":")
            _write(value[name], parts)
        parts.append("}" if value else "{}")
    else:
        for place, item in enumerate(value):
            parts.append("," if place else "[")
            _write(item, parts)
        parts.append("]" if value else "[]")


def _text(value: str) -> str:
    escaped = (_JSON_ESCAPES.get(sign) or (f"\\u{ord(sign):04x}" if sign < " " else sign) for sign in value)
    return '"' + "".join(escaped) + '"'


def _number_text(value: float) -> str:
    """Return a float as ECMAScript writes it: the shortest digits that read back as the same float."""
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    if value == 0:
        return "0"
    sign, shortest = ("-", repr(-value)) if value < 0 else ("", repr(value))
    mantissa, _, power = shortest.partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + ("" if part == "0" else part)).lstrip("0")
    point = len(whole) + int(power or 0)  # where the point stands, counted from the first digit of `whole`
    if whole.strip("0") == "":
        point = int(power or 0) - (len(part) - len(part.lstrip("0")))
    significant = digits.rstrip("0")
    if len(significant) <= point <= 21:
        return sign + significant + "0" * (point - len(significant))
    if 0 < point <= 21:
        return f"{sign}{significant[:point]}.{significant[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{significant}"
    tail = f".{significant[1:]}" if len(significant) > 1 else ""
    return f"{sign}{significant[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
