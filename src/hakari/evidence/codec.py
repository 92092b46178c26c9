"""From frozen dataclass to JSON and back: pydantic stands at the door, the records stay plain."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hakari.errors import EvidenceError
from hakari.evidence.canonical import LARGEST_INTEGER
from hakari.messages import Message, say

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["LARGEST_DOCUMENT", "decode", "encode", "json_schema", "parse_json"]

T = TypeVar("T")

LARGEST_DOCUMENT = 64 * 2**20
_DEEPEST = 64
_MOST_DIGITS = 400


def encode(value: Any) -> Any:
    """Return a record as JSON values.

    Fields that are None are left out, so that an optional field which is added later keeps old digests.
    """
    if isinstance(value, Message):
        return {"arguments": encode(value.arguments), "key": value.key}
    if is_dataclass(value) and not isinstance(value, type):
        items = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: encode(content) for name, content in items if content is not None}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def decode(kind: type[T], value: Any, *, what: str = "") -> T:
    """Return `value` (JSON values) as a record of type `kind`.

    Raises:
        EvidenceError: an unknown key, a missing one or a wrong type; the message names the first place.
    """
    from pydantic import ValidationError

    try:
        return cast(T, _adapter(cast(Hashable, kind)).validate_python(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the top"
        problem = say("evidence.record.malformed", what=what or kind.__name__, place=place, problem=first["msg"])
        raise EvidenceError(problem) from error


def json_schema(kind: type[Any]) -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a record type."""
    return _adapter(cast(Hashable, kind)).json_schema()


def parse_json(content: bytes, *, what: str) -> Any:
    """Return the JSON value in `content`, refusing duplicate keys, NaN, too much and too deep.

    Raises:
        EvidenceError: the bytes are not such JSON; `what` names the document in the message.
    """
    if len(content) > LARGEST_DOCUMENT:
        raise EvidenceError(say("evidence.json.too_large", what=what, size=len(content), limit=LARGEST_DOCUMENT))
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=lambda digits: _finite(float(digits)),
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise EvidenceError(say("evidence.json.malformed", what=what, problem=str(error))) from error
    if _depth(value) > _DEEPEST:
        raise EvidenceError(say("evidence.json.malformed", what=what, problem=f"nested deeper than {_DEEPEST}"))
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _integer(digits: str) -> int | float:
    """Canonical JSON writes a whole float from 2**53 on as digits: such a number is read as the float that it was."""
    number = int(digits) if len(digits) <= _MOST_DIGITS else math.inf
    if abs(number) <= LARGEST_INTEGER:
        return number
    return _finite(float(digits))


def _finite(number: float) -> float:
    if math.isinf(number):
        raise ValueError("a number beyond every float is not JSON that can be kept")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    """Return how deep a value is nested. Only lists and objects are gone through: there may be millions of numbers."""
    depth, level = 1, [value]
    while level:
        inner: list[Any] = []
        filled = False
        for item in level:
            children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            filled = filled or bool(children)
            inner += [child for child in children if isinstance(child, (dict, list))]
        depth += filled
        level = inner
    return depth
