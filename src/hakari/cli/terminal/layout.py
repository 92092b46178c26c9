"""Layout: wrapping and columns, counted in columns of the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

__all__ = ["paragraph", "table", "width_of"]

_WIDE = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_TOKEN = re.compile(f"[^\\S\\n]+|[{_WIDE}]|[^\\s{_WIDE}]+")
# A Japanese line begins with none of the first and ends with none of the second.
_NOT_FIRST = set("、。，．・：；？！）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％～")
_NOT_LAST = set("（「『【〈《〔")


def width_of(text: str) -> int:
    """Return how many columns `text` takes."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` filled with spaces to `width` columns; `right` aligns it to the right."""
    fill = " " * max(width - width_of(text), 0)
    return fill + text if right else text + fill


def paragraph(text: str, width: int, *, first: str = "", rest: str = "") -> str:
    """Return `text` in lines of at most `width` columns, the first after `first`, all others after `rest`."""
    lines: list[str] = []
    for part in text.split("\n"):
        lead = first if not lines else rest
        lines += _wrapped(part, width, lead, rest)
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], width: int, *, indent: str = "  ", right: Sequence[int] = ()) -> str:
    """Return rows in columns; the last column wraps into its own place, those in `right` are aligned to the right."""
    if not rows:
        return ""
    count = max(len(row) for row in rows)
    widths = [max((width_of(row[place]) for row in rows if place < len(row)), default=0) for place in range(count - 1)]
    lines = []
    for row in rows:
        cells = [pad(cell, widths[place], right=place in right) for place, cell in enumerate(row[: count - 1])]
        lead = indent + "".join(f"{cell}  " for cell in cells)
        last = row[count - 1] if len(row) == count else ""
        lines.append(paragraph(last, max(width, width_of(lead) + 24), first=lead, rest=" " * width_of(lead)).rstrip())
    return "\n".join(lines)


def _wrapped(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    line, used, lead = "", width_of(first), first
    for token in _units(text):
        size = width_of(token)
        if used + width_of(token.rstrip()) > width and line.strip():
            yield (lead + line).rstrip()
            line, lead = "", rest
            used = width_of(rest)
            token = token.lstrip()
            size = width_of(token)
        line += token
        used += size
    yield (lead + line).rstrip()


def _units(text: str) -> Iterator[str]:
    """Yield the smallest pieces between which a line may break."""
    unit = ""
    for token in _TOKEN.findall(text):
        joins = bool(unit) and (token[0] in _NOT_FIRST or unit[-1] in _NOT_LAST)
        narrow = bool(unit) and not unit[-1].isspace() and _is_narrow(unit[-1]) and _is_narrow(token[0])
        if unit and not joins and not narrow and not token.isspace():
            yield unit
            unit = ""
        unit += token
    if unit:
        yield unit


def _is_narrow(sign: str) -> bool:
    return not sign.isspace() and east_asian_width(sign) not in "WF"
