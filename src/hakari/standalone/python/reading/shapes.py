"""Shapes: a record has the fields of its JSON schema, no others, and each of its type.

A very small part of JSON schema: types, required and unknown fields, choices, lists, fixed pairs and alternatives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hakari.standalone.python.embedded import SHAPES
from hakari.standalone.python.words import Refused, say

__all__ = ["shaped"]

_LARGEST_WHOLE = 2**53
_TRUE, _FALSE = {"1", "true", "t", "yes", "y", "on"}, {"0", "false", "f", "no", "n", "off"}


def shaped(value: Any, record: str, what: str) -> tuple[Any, bool]:
    """Return a record with the defaults of absent fields filled in, and whether every value was of its own type.

    A value that only reads as its type, such as "5" for 5, is read so that the rest can be checked; it is then not of
    its own type. A field that is null is the same as absent, but never written so.

    Raises:
        Refused: an unknown field, a missing one or a wrong type; the message names the first place.
    """
    reader = _ShapeReader(SHAPES[record], what)
    return reader.read(value, SHAPES[record], ""), reader.faithful


class _ShapeReader:
    def __init__(self, schema: Mapping[str, Any], what: str) -> None:
        self.definitions = schema.get("$defs", {})
        self.what = what
        self.faithful = True

    def refuse(self, place: str, problem: str) -> Refused:
        where = place.lstrip(".") or "the top"
        return Refused(say("evidence.record.malformed", what=self.what, place=where, problem=problem))

    def read(self, value: Any, schema: Mapping[str, Any], place: str) -> Any:
        if "$ref" in schema:
            return self.read(value, self.definitions[schema["$ref"].rsplit("/", 1)[-1]], place)
        if "anyOf" in schema:
            return self.one_of(value, schema["anyOf"], place)
        if "enum" in schema or "const" in schema:
            if not isinstance(value, str) or value not in schema.get("enum", [schema.get("const")]):
                raise self.refuse(place, "not one of the allowed values")
            return value
        kind = schema.get("type")
        if kind == "object":
            return self.object(value, schema, place)
        if kind == "array":
            return self.array(value, schema, place)
        return value if kind is None else self.scalar(value, kind, place)

    def one_of(self, value: Any, schemas: list[Mapping[str, Any]], place: str) -> Any:
        exact = [schema for schema in schemas if self.fits(value, schema)]
        problem: Refused | None = None
        for schema in exact or schemas:
            try:
                return self.read(value, schema, place)
            except Refused as error:
                problem = problem or error
        raise problem or self.refuse(place, "of no allowed type")

    def fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        kinds = {
            bool: {"boolean"},
            int: {"integer", "number"},
            float: {"number"},
            str: {"string"},
            type(None): {"null"},
        }
        return schema.get("type") in kinds.get(type(value), ())

    def object(self, value: Any, schema: Mapping[str, Any], place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(place, "an object expected")
        known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
        missing = [name for name in schema.get("required", []) if name not in value]
        if missing:
            raise self.refuse(f"{place}.{missing[0]}", "missing")
        found: dict[str, Any] = {}
        for name, item in value.items():
            if name not in known and other is False:
                raise self.refuse(f"{place}.{name}", "not known")
            inner = known.get(name, other if isinstance(other, dict) else {})
            read = self.read(item, inner, f"{place}.{name}")
            if read is not None or name not in known:
                found[name] = read
            else:
                self.faithful = False
        for name, inner in known.items():
            if name not in value and _default(inner) is not None:
                found[name] = _default(inner)
        return found

    def array(self, value: Any, schema: Mapping[str, Any], place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.refuse(place, "a list expected")
        pair = schema.get("prefixItems")
        if pair is not None:
            if len(value) != len(pair):
                raise self.refuse(place, f"{len(pair)} items expected")
            pairs = enumerate(zip(value, pair, strict=True))
            return [self.read(item, inner, f"{place}.{number}") for number, (item, inner) in pairs]
        inner = schema.get("items", {})
        return [self.read(item, inner, f"{place}.{number}") for number, item in enumerate(value)]

    def scalar(self, value: Any, kind: str, place: str) -> Any:
        read = _READERS[kind](value)
        if read is None and kind != "null":
            raise self.refuse(place, f"a value of type {kind} expected")
        if kind == "null" and value is not None:
            raise self.refuse(place, "nothing expected")
        if isinstance(read, bool) != isinstance(value, bool) or read != value:
            self.faithful = False
        return read


def _default(schema: Mapping[str, Any]) -> Any:
    """Return the default of a field; a list or an object without a stated one is empty."""
    if "default" in schema:
        return [] if schema["default"] == [] else schema["default"]
    return {"object": {}, "array": []}.get(schema.get("type", ""))


def _read_string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _read_number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, (str, bool)) else value
    except ValueError:
        return None
    return number if isinstance(number, (int, float)) and not isinstance(number, bool) else None


def _read_integer(value: Any) -> int | None:
    number = value if isinstance(value, int) else _read_number(value)
    if number is None or not math.isfinite(number) or number != int(number) or abs(number) >= _LARGEST_WHOLE:
        return None
    return int(number)


def _read_boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = value.lower() if isinstance(value, str) else str(int(value)) if value in (0, 1) else ""
    return True if text in _TRUE else False if text in _FALSE else None


def _read_nothing(value: Any) -> None:
    del value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "string": _read_string,
    "number": _read_number,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "null": _read_nothing,
}
