"""Small stores, and ways to tamper with them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hakari.capture import Recorder

SALT = b"s" * 32
REASONS = [("debt_share", 0.21), ("income", -0.13)]


def filled(folder: Path, decisions: int = 5, *, first: int = 0, **options: Any) -> Path:
    """A store of one chain; decision A-k has income k."""
    with Recorder(folder, model="2026.11", salt=SALT, by="test", **options) as recorder:
        for number in range(first, first + decisions):
            recorder.record(f"A-{number}", inputs={"income": number}, score=0.5, decision="refuse", reasons=REASONS)
    return folder


def only_file(folder: Path) -> Path:
    """The one file of a store of one chain."""
    (path,) = folder.glob("*/*.jsonl")
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    """What the lines of a file say."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def edit(path: Path, row: int, **fields: Any) -> None:
    """Change fields of one line (from 1) and leave the others as they are."""
    lines = path.read_bytes().splitlines()
    changed = {**json.loads(lines[row - 1]), **fields}
    lines[row - 1] = json.dumps(changed, sort_keys=True, separators=(",", ":")).encode()
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def rewrite(path: Path, row: int, **fields: Any) -> None:
    """Change one line and chain all later ones to it anew: what somebody who may write the store can do."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    lines[row - 1] |= fields
    written, previous = [], None
    for line in lines:
        content = json.dumps({**line, "previous": previous}, sort_keys=True, separators=(",", ":")).encode()
        previous = hashlib.sha256(content).hexdigest()
        written.append(content + b"\n")
    path.write_bytes(b"".join(written))
