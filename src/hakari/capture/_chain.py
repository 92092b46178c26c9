"""One writer's chain of lines: files by day and part, numbers, digests; nothing is ever written twice."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hakari.capture._plain import canonical
from hakari.capture.lines import FORMAT, LONGEST, chain_ends
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["LARGEST_FILE", "ChainWriter"]

LARGEST_FILE = 64 * 2**20
"""Bytes after which a writer goes on in a further file."""
_MOST_CITED = 64
_NEVER = float("inf")


class ChainWriter:
    """Appends lines of one process to files that no other process writes to; not safe for threads by itself."""

    def __init__(self, folder: Path, opening: Mapping[str, Any], *, every: float = _NEVER) -> None:
        """Start a chain whose first line holds `opening` and where the newest other chains of the store stand.

        `every` is the number of seconds after which a line is also forced to the disk; 0 forces each.
        """
        self._folder = folder
        self._every = every
        self._name = secrets.token_hex(8)
        self._day = ""
        self._part = 0
        self._size = 0
        self._file: int | None = None
        self._number = -1
        self._previous: str | None = None
        self._torn = False
        self._second, self._prefix = -1, ""
        self._synced = time.monotonic()
        after = chain_ends(folder, most=_MOST_CITED)
        self.append({**opening, "after": after, "format": FORMAT, "kind": "opened", "writer": self._name})

    def append(self, fields: Mapping[str, Any]) -> str:
        """Append one line and return its digest.

        Raises:
            InputError: the line is longer than is kept.
            OSError: it could not be written whole; the chain goes on after the last whole line.
        """
        now = self._now()
        if now[:10] > self._day or self._size >= LARGEST_FILE:
            self._turn(max(now[:10], self._day))
        content = canonical({**fields, "at": now, "number": self._number + 1, "previous": self._previous})
        if len(content) > LONGEST:
            raise InputError(say("capture.line.long", length=len(content), most=LONGEST))
        self._write(content)
        self._previous = hashlib.sha256(content).hexdigest()
        self._number += 1
        if self._every != _NEVER and time.monotonic() - self._synced >= self._every:
            self.sync()
        return self._previous

    def sync(self) -> None:
        """Force what was written to the disk."""
        if self._file is not None:
            os.fsync(self._file)
            self._synced = time.monotonic()

    def close(self) -> None:
        """Force to the disk and close; the chain stays as it is."""
        if self._file is not None:
            try:
                self.sync()
            finally:
                self.abandon()

    def abandon(self) -> None:
        """Close without a word: the file may belong to another process."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _now(self) -> str:
        second, rest = divmod(time.time_ns(), 1_000_000_000)
        if second != self._second:
            self._second, self._prefix = second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._prefix}.{rest // 1000:06d}Z"

    def _turn(self, day: str) -> None:
        """Go on in a new file: another day, or a further part of the same."""
        part = self._part + 1 if day == self._day else 1
        path = self._folder / day / f"{self._name}.{part:04d}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o640)
        try:
            if self._every != _NEVER:
                self.sync()
                _sync_folder(path.parent)
        finally:
            self.abandon()
            self._file, self._day, self._part, self._size, self._torn = opened, day, part, 0, False

    def _write(self, content: bytes) -> None:
        assert self._file is not None
        # A line that broke off is spoilt and closed first: a reader names it and finds the next line whole.
        left = memoryview(b"~\n" * self._torn + content + b"\n")
        while left:
            try:
                written = os.write(self._file, left)
            except OSError:
                self._torn = self._torn or len(left) < len(content) + 1
                raise
            self._size += written
            left = left[written:]
            self._torn = bool(left)


def _sync_folder(path: Path) -> None:
    """Force the entry of a new file to the disk, where the system lets a folder be opened."""
    try:
        folder = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
