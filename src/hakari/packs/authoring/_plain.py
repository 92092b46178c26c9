"""Records as what YAML would hold: for writing a pack's files, and for reading a record that came from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from hakari.packs._nodes import ListNode, MapNode, Node, ScalarNode
from hakari.packs.model import Pack

__all__ = ["node_of", "pack_files_of", "plain_record", "yaml_text"]

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_WIDEST = 110


def plain_record(record: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a record as dicts, tuples and scalars, without what is empty and without usual numbers and flags."""
    found = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in without or value is None or value in ("", (), {}):
            continue
        if isinstance(value, (bool, int, float)) and value == _default(item):
            continue
        found[item.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return plain_record(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return tuple(_plain(item) for item in value) if isinstance(value, (tuple, list)) else value


def _default(item: Field[Any]) -> Any:
    return None if item.default is MISSING else item.default


def node_of(value: Any, line: int) -> Node:
    """Return a plain value as if it had been written at `line`."""
    if isinstance(value, Mapping):
        return MapNode(line, {str(key): (line, node_of(item, line)) for key, item in value.items()})
    if isinstance(value, (tuple, list)):
        return ListNode(line, [node_of(item, line) for item in value])
    return ScalarNode(line, value if isinstance(value, str) else _scalar(value), not isinstance(value, str))


def pack_files_of(pack: Pack, triage: bytes | None = None) -> dict[str, bytes]:
    """Return the YAML files of a pack: its header, one file for each principle, and its triage as it was written."""
    files = {"pack.yaml": yaml_text(plain_record(pack, without=("digest", "requirements"))).encode()}
    for group in pack.groups:
        own = [plain_record(item) for item in pack.requirements if item.group == group.id]
        if own:
            files[f"requirements/{group.id}.yaml"] = yaml_text({"requirements": own}).encode()
    return files if triage is None else {**files, "triage.yaml": triage}


def yaml_text(value: Mapping[str, Any]) -> str:
    """Return a mapping as YAML in which every text is quoted."""
    return "\n".join(_block(value, "")) + "\n"


def _block(value: Any, indent: str) -> list[str]:
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, item in value.items():
            lead = f"{indent}{_key(key)}:"
            short = _flow(item)
            if len(lead) + len(short) < _WIDEST or not isinstance(item, (Mapping, tuple, list)) or not item:
                lines.append(f"{lead} {short}")
            else:
                lines += [lead, *_block(item, indent + "  ")]
        return lines
    for item in value:
        short = _flow(item)
        if len(indent) + len(short) < _WIDEST or not isinstance(item, (Mapping, tuple, list)) or not item:
            lines.append(f"{indent}- {short}")
        else:
            first, *rest = _block(item, indent + "  ")
            lines += [f"{indent}- {first[len(indent) + 2 :]}", *rest]
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _scalar(value)


def _key(key: Any) -> str:
    text = str(key)
    return text if _KEY.match(text) else json.dumps(text, ensure_ascii=False)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else repr(value)
