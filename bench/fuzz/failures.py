"""Failures: a small reproducer of each, and those that are known and wait for the owner of another module."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.fuzz.mutate_bundle import unzipped
from bench.fuzz.oracle import Verdict, judge

if TYPE_CHECKING:
    from bench.fuzz.doors import Door

__all__ = ["KNOWN", "known", "save", "shrunk"]

KNOWN: dict[str, tuple[str, ...]] = {}
"""Door → beginnings of `kind: where` that are reported and not yet mended. Empty is the goal."""

_SHRINK_SECONDS = 10.0


def known(door: str, found: Verdict) -> bool:
    """Return whether a failure is reported already."""
    return f"{found.kind}: {found.where}".startswith(KNOWN.get(door, ()) or ("\x00",))


def save(folder: Path, door: Door, data: bytes, found: Verdict, room: Path) -> Path:
    """Write the smallest input that still fails in the same way, and beside it what happened."""
    small = shrunk(door, data, found, room)
    name = f"{door.name}-{hashlib.sha256(f'{found.kind} {found.where}'.encode()).hexdigest()[:10]}"
    path = folder / f"{name}.bin"
    path.write_bytes(small)
    (folder / f"{name}.orig").write_bytes(data)
    told = {"door": door.name, "kind": found.kind, "where": found.where, "detail": found.detail, "bytes": len(small)}
    path.with_suffix(".json").write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"FAILURE {door.name} {found.kind}: {found.where} → {path.name}\n  {found.detail[-600:]}", flush=True)
    return path


def shrunk(door: Door, data: bytes, found: Verdict, room: Path) -> bytes:
    """Return a smaller input that fails in the same way: lines and then letters are left out while it still does."""
    if found.kind in ("slow", "memory"):
        return data
    end = time.process_time() + _SHRINK_SECONDS

    def same(other: bytes) -> bool:
        _empty(room)
        again = judge(door, other, room)
        return (again.kind, again.where) == (found.kind, found.where)

    best, moved = data, True
    while moved and time.process_time() < end:
        moved = False
        for smaller in _smaller(best):
            if time.process_time() > end:
                break
            if len(smaller) < len(best) and same(smaller):
                best, moved = smaller, True
                break
    _empty(room)
    return best


def _smaller(data: bytes) -> Iterator[bytes]:
    files = unzipped(data) if data.startswith(b"PK") else None
    if files is not None:
        from hakari.assessment.archive import pack_archive
        from hakari.errors import HakariError

        for name in sorted(files):
            try:
                yield pack_archive({other: content for other, content in files.items() if other != name})
            except HakariError:
                return
        return
    lines = data.splitlines(keepends=True)
    size = len(lines) // 2
    while size:
        for start in range(0, len(lines), size):
            yield b"".join(lines[:start] + lines[start + size :])
        size //= 2
    size = len(data) // 2
    while size:
        for start in range(0, len(data), size):
            yield data[:start] + data[start + size :]
        size = size // 2 if size > 1 and len(data) < 4000 else size // 4


def _empty(room: Path) -> None:
    for path in room.iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
