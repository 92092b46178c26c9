"""The lines of a store as they lie there, read without trusting them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["FORMAT", "LONGEST", "Line", "chain_ends", "files_of", "first_of", "read_lines"]

FORMAT = 1
LONGEST = 16 * 2**10
"""Bytes of one line."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILE = re.compile(r"([0-9a-f]{16})\.(\d{4,})\.jsonl")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a store."""

    file: str
    """Path below the store, with forward slashes."""
    row: int
    """Number of the line in its file, from 1."""
    fields: dict[str, Any] | None
    """What it says; None where it is torn or was never JSON."""
    digest: str
    """SHA-256 of its bytes without the line end: what the next line cites."""

    @property
    def writer(self) -> str:
        """Name of the chain that the file belongs to."""
        return self.file.rpartition("/")[2].partition(".")[0]

    @property
    def number(self) -> int:
        """Place in the chain from 0, or -1 where the line says none."""
        found = (self.fields or {}).get("number")
        return found if type(found) is int else -1


def files_of(folder: Path) -> list[Path]:
    """Return the files of a store: chain by chain, each in the order in which it was written.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(say("capture.store.missing", path=str(folder)))
    found = [
        (named[1], day.name, int(named[2]), path)
        for day in folder.iterdir()
        if _DAY.fullmatch(day.name) and day.is_dir()
        for path in day.iterdir()
        if (named := _FILE.fullmatch(path.name))
    ]
    return [path for *_, path in sorted(found)]


def read_lines(folder: Path) -> Iterator[Line]:
    """Yield every line of a store, chain by chain; holds one line in memory.

    Raises:
        InputError: there is no such folder.
    """
    for path in files_of(folder):
        yield from _lines_of(path, f"{path.parent.name}/{path.name}")


def _lines_of(path: Path, name: str) -> Iterator[Line]:
    with path.open("rb") as file:
        row = 0
        while content := file.readline(LONGEST + 2):
            row += 1
            whole = content.endswith(b"\n")
            while not content.endswith(b"\n") and (rest := file.readline(LONGEST)):
                content = rest  # A line beyond the bound is no line of ours; only its end is looked for.
            body = content[:-1] if whole else content
            yield Line(name, row, _parsed(body) if whole else None, hashlib.sha256(body).hexdigest())


def first_of(path: Path) -> dict[str, Any] | None:
    """Return what the first line of a file says, or None where it is torn."""
    with path.open("rb") as file:
        content = file.readline(LONGEST + 2)
    return _parsed(content[:-1]) if content.endswith(b"\n") else None


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def chain_ends(folder: Path, *, most: int) -> dict[str, list[Any]]:
    """Return [number, digest] of the last whole line of the newest chains of a store, by the name of the chain."""
    if not folder.is_dir():
        return {}
    last = {path.name.partition(".")[0]: path for path in files_of(folder)}
    newest = sorted(last.items(), key=lambda item: (item[1].parent.name, _changed(item[1])), reverse=True)[:most]
    found: dict[str, list[Any]] = {}
    for writer, path in newest:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 2 * LONGEST))
            whole = file.read().split(b"\n")[:-1]
        for content in reversed(whole):
            fields = _parsed(content)
            if fields is not None and type(fields.get("number")) is int:
                found[writer] = [fields["number"], hashlib.sha256(content).hexdigest()]
                break
    return found


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns
