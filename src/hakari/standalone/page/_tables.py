"""Tables: the fields of records and of packs, short enough to stand in a page.

A type is a name (`string`, `integer`, `number`, `boolean`, `null`, `any`, `text`) or a list of a kind and what it is
of: `["list", type]`, `["tuple", [types]]`, `["map", …]`, `["one", [values]]`, `["or", [types]]`, `["record", name]`,
`["optional", type]`. A field is [type, required, default].
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from importlib.resources import files
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from hakari.evidence import encode
from hakari.packs._changes import OverlayFile
from hakari.packs.model import Pack

__all__ = ["pack_records", "records"]

Type = str | list[Any]
Table = dict[str, dict[str, list[Any]]]

_SCHEMAS: Final = {
    "Plan": ("hakari.assessment", "plan-1.json"),
    "Assessment": ("hakari.assessment", "assessment-1.json"),
    "Exception_": ("hakari.assessment", "exception-1.json"),
    "Decision": ("hakari.assessment", "decision-1.json"),
    "Evidence": ("hakari.evidence", "evidence-1.json"),
}
_PLAIN: Final = {str: "string", bool: "boolean", int: "integer", float: "number", Any: "any"}


def records() -> Table:
    """Return the records of a bundle by name, from the published schemas.

    Raises:
        ValueError: two schemas give one name to different records.
    """
    found: Table = {}
    for name, (package, file) in _SCHEMAS.items():
        schema = json.loads(files(package).joinpath("schemas", file).read_text("utf-8"))
        for title, part in {name: schema, **schema.get("$defs", {})}.items():
            table = _record(part)
            if found.setdefault(title, table) != table:
                raise ValueError(f"two records are called {title}")
    return found


def _record(schema: Mapping[str, Any]) -> dict[str, list[Any]]:
    required = schema.get("required", [])
    return {
        name: [_type(part), name in required, part.get("default", _nothing(part))]
        for name, part in schema["properties"].items()
    }


def _nothing(schema: Mapping[str, Any]) -> Any:
    """What a field holds that is left out and has no stated default."""
    return {"array": [], "object": {}}.get(schema.get("type", ""))


def _type(schema: Mapping[str, Any]) -> Type:
    if "$ref" in schema:
        return ["record", schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return ["or", [_type(part) for part in schema["anyOf"]]]
    if "enum" in schema or "const" in schema:
        return ["one", schema.get("enum") or [schema["const"]]]
    kind = schema.get("type", "any")
    if kind == "array":
        if "prefixItems" in schema:
            return ["tuple", [_type(part) for part in schema["prefixItems"]]]
        return ["list", _type(schema.get("items", {}))]
    if kind == "object":
        inner = schema.get("additionalProperties", True)
        return ["map", _type(inner) if isinstance(inner, dict) else "any"]
    return str(kind)


def pack_records() -> Table:
    """Return the records of a pack and of an overlay by name, from their annotations."""
    found: Table = {}
    waiting: list[Any] = [Pack, OverlayFile]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in found:
            continue
        hints = get_type_hints(kind)
        found[kind.__name__] = {
            item.name: [_annotated(hints[item.name], waiting), *_standard(item)] for item in fields(kind)
        }
    return dict(sorted(found.items()))


def _annotated(hint: Any, waiting: list[Any]) -> Type:
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint):
        waiting.append(hint)
        return ["record", hint.__name__]  # type: ignore[union-attr]  # a class, not an instance
    if origin in (Union, UnionType):
        return ["optional", _annotated(next(item for item in inner if item is not NoneType), waiting)]
    if origin is Literal:
        return ["one", list(inner)]
    if origin is tuple:
        return ["list", _annotated(inner[0], waiting)]
    keys, values = inner
    if (keys, values) == (str, str):
        return "text"
    return ["map", list(get_args(keys)) or None, _annotated(values, waiting)]


def _standard(item: Field[Any]) -> tuple[bool, Any]:
    if item.default is not MISSING:
        return False, encode(item.default)
    if item.default_factory is not MISSING:
        return False, encode(item.default_factory())
    return True, None
