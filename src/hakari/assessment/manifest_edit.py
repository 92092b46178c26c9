"""Writing facts into a manifest without touching anything else that a person wrote there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from hakari.errors import ManifestError
from hakari.messages import say

__all__ = ["with_facts"]

_NOT_TEXT = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
# YAML reads these words as something else than text.


def with_facts(text: str, facts: Mapping[str, Any]) -> str:
    """Return the manifest `text` with these facts stated: known lines are replaced, others are added to the block.

    Comments, order and everything outside the block `facts:` stay as they are.

    Raises:
        ManifestError: the facts stand in a form that is not line by line.
    """
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if re.match(r"facts\s*:", line)), None)
    if start is None:
        return "\n".join([*lines, "", "facts:", *(f"  {name}: {_scalar(facts[name])}" for name in facts), ""])
    if re.match(r"facts\s*:\s*(\{\s*\})?\s*(#.*)?\Z", lines[start]) is None:
        raise ManifestError(say("assessment.manifest.facts_inline", line=start + 1))
    lines[start] = "facts:"
    end = _end_of_block(lines, start)
    left = dict(facts)
    for number in range(start + 1, end):
        found = re.match(r"(\s+)([a-z][a-z0-9_]*)\s*:([^#]*)(#.*)?\Z", lines[number])
        if found and found[2] in left:
            comment = f"  {found[4]}" if found[4] else ""
            lines[number] = f"{found[1]}{found[2]}: {_scalar(left.pop(found[2]))}{comment}"
    lines[end:end] = [f"  {name}: {_scalar(value)}" for name, value in left.items()]
    return "\n".join(lines) + "\n"


def _end_of_block(lines: list[str], start: int) -> int:
    """Return the line after the last one that belongs to the block."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        if lines[number].strip() and not lines[number].startswith((" ", "\t", "#")):
            break
        if lines[number].startswith((" ", "\t")) and lines[number].strip():
            end = number + 1
    return end


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and re.fullmatch(r"[a-z_]+", value) and value not in _NOT_TEXT
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
