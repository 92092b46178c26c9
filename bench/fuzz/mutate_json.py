"""Mutators of JSON: one place of a document gets another value, goes, moves, or stands twice."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from bench.fuzz.mutate_bytes import bent_bytes, bent_text, odd_text

__all__ = ["bent_document", "bent_json", "odd_value", "raw_json"]

Place = tuple[Any, Any]
"""A list or dictionary, and the index or key in it."""

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -0.0, -1, 1, 2, 0.5, 1.5, -0.5, 1e308, -1e308, 5e-324, 1e-9, 2**31, 2**53 - 1, 2**53,
    -(2**53), 10**15, "", "1", "0", "unknown", "missing", "met", "not_met", "*", "rest", [], {}, [[]], [None],
    {"": None}, {"key": "text", "arguments": {}}, {"key": "text", "arguments": {"text": "\x1b[31m\nred"}},
    {"key": "no.such.key", "arguments": {}}, {"key": "assessment.check.few_rows", "arguments": {"rows": "x"}},
    {"unmeasured": {"key": "text", "arguments": {"text": "why"}}}, "2026-11-22", "2026-11-22T09:00:00+00:00",
    "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59", "urn:hakari:requirement:small:gaps@1",
    "fairness.groups@1", "0" * 64, "f" * 64,
)  # fmt: skip


def odd_value(rng: Random) -> Any:
    """Return a JSON value that a reader may not expect."""
    way = rng.random()
    if way < 0.7:
        return copy.deepcopy(rng.choice(_VALUES))
    if way < 0.85:
        return odd_text(rng)
    if way < 0.9:
        return [rng.choice(_VALUES)] * rng.choice((2, 50, 2000))
    if way < 0.95:
        return rng.choice((rng.randrange(-10, 1000), rng.uniform(-2, 2), rng.randrange(2**53)))
    deep: Any = 0
    for _ in range(rng.choice((5, 40, 70, 200))):
        deep = [deep] if rng.random() < 0.5 else {"a": deep}
    return deep


def bent_document(document: Any, rng: Random, times: int | None = None) -> Any:
    """Return a copy of a JSON document with some places changed."""
    bent = copy.deepcopy(document)
    for _ in range(times or rng.choice((1, 1, 1, 2, 3, 6))):
        places = list(_places(bent))
        if not places:
            return odd_value(rng)
        if len(places) > 20_000:
            return bent
        _bend(rng.choice(places), places, rng)
    return bent


def bent_json(content: bytes, rng: Random) -> bytes:
    """Return JSON bytes with a change in the document or in the way it is written."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return bent_bytes(content, rng)
    way = rng.random()
    if way < 0.75:
        return raw_json(bent_document(document, rng))
    if way < 0.85:
        return bent_bytes(content, rng)
    return _written_otherwise(content, document, rng)


def raw_json(document: Any) -> bytes:
    """Return canonical bytes where there are any, and otherwise what Python writes."""
    from hakari.errors import EvidenceError
    from hakari.evidence import canonical_bytes

    try:
        return canonical_bytes(document)
    except EvidenceError:
        return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def _places(value: Any) -> Iterator[Place]:
    stack = [value]
    while stack:
        item = stack.pop()
        entries = (
            list(item.items()) if isinstance(item, dict) else list(enumerate(item)) if isinstance(item, list) else []
        )
        for key, child in entries:
            yield item, key
            stack.append(child)


def _bend(place: Place, places: list[Place], rng: Random) -> None:
    owner, key = place
    value = owner[key]
    way = rng.randrange(9)
    if way <= 2:
        owner[key] = odd_value(rng)
    elif way == 3:
        del owner[key]
    elif way == 4:
        other, at = rng.choice(places)
        owner[key] = copy.deepcopy(other[at]) if _inside(other, at) else None
    elif way == 5 and isinstance(owner, dict):
        owner[rng.choice((odd_text(rng), "schema", "n", str(key) + "x"))] = owner.pop(key)
    elif way == 6 and isinstance(owner, list):
        owner[key:key] = [copy.deepcopy(value)] * rng.choice((1, 2, 60))
    elif way == 7 and isinstance(value, str):
        owner[key] = bent_text(value, rng)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        owner[key] = rng.choice(
            (value + 1, value - 1, -value, value * 1000, value / 3, str(value), float(value), bool(value))
        )
    else:
        owner[key] = odd_value(rng)


def _inside(owner: Any, key: Any) -> bool:
    """Whether a place that was noted before another change is still there."""
    return key in owner if isinstance(owner, dict) else isinstance(key, int) and key < len(owner)


def _written_otherwise(content: bytes, document: Any, rng: Random) -> bytes:
    way = rng.randrange(6)
    if way == 0:
        return json.dumps(document, indent=1).encode()
    if way == 1:
        return content + rng.choice((b" ", b"\n", b"{}", b"\x00"))
    if way == 2:
        return b"\xef\xbb\xbf" + content
    if way == 3:
        return content.replace(b":", rng.choice((b": ", b":1e400+", b":NaN//", b":\\ud800")), 1)
    if way == 4:
        return content.replace(b'"', rng.choice((b'"\\u0000', b'"\\ud83d', b'"\xff')), rng.randrange(1, 4))
    return b'{"keys":[],' + content[1:]
