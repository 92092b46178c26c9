"""Heads: how far every chain of a store had come, on one small page for somebody else to keep."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hakari.capture.lines import read_lines
from hakari.errors import EvidenceError, InputError, SignatureError
from hakari.evidence.canonical import canonical_bytes, digest_bytes
from hakari.evidence.codec import parse_json
from hakari.evidence.envelope import open_envelope, seal
from hakari.evidence.keys import PublicKey, SigningKey
from hakari.messages import say

__all__ = ["FOLDER", "HEAD_TYPE", "Head", "heads_of", "signers", "write_head"]

FOLDER = "heads"
HEAD_TYPE = "urn:hakari:predicate:capture-head:1"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)\.json")


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chains had come when it was written."""

    path: Path
    """The page itself; a signature lies beside it as `.dsse.json`."""
    day: str
    """Lines up to this day (UTC) are in it."""
    digest: str
    """SHA-256 of the page: the line that somebody else keeps."""
    previous: str | None
    """Digest of the head before."""
    chains: Mapping[str, tuple[int, str]]
    """Last number and digest of every chain that had lines on this day."""


def write_head(folder: Path, day: date, *, key: SigningKey | None = None) -> Head:
    """Write and return the head of one day, signed where a key is given; an earlier head is never overwritten.

    Raises:
        InputError: no such store, or no line on that day.
    """
    ends: dict[str, list[Any]] = {}
    for line in read_lines(folder):
        if line.file.startswith(f"{day.isoformat()}/") and line.number >= 0:
            ends[line.writer] = [line.number, line.digest]
    if not ends:
        raise InputError(say("capture.head.empty", day=day.isoformat(), path=str(folder)))
    earlier = heads_of(folder)
    previous = earlier[-1].digest if earlier else None
    page = {"chains": ends, "day": day.isoformat(), "number": len(earlier), "previous": previous}
    content = canonical_bytes(page)
    path = folder / FOLDER / f"{day.isoformat()}.{len(earlier)}.json"
    path.parent.mkdir(exist_ok=True)
    _write(path, content)
    digest = digest_bytes(content)
    if key is not None:
        _write(path.with_suffix(".dsse.json"), seal(HEAD_TYPE, page, [(path.name, digest)], [key]))
    return _head(path, content)


def heads_of(folder: Path) -> list[Head]:
    """Return the heads of a store in the order in which they were written.

    Raises:
        InputError: a page is not what was written.
    """
    pages = (folder / FOLDER).iterdir() if (folder / FOLDER).is_dir() else ()
    found = sorted((int(named[2]), path) for path in pages if (named := _NAME.fullmatch(path.name)))
    return [_head(path, path.read_bytes()) for _, path in found]


def signers(head: Head, keys: Sequence[PublicKey]) -> tuple[str, ...] | None:
    """Return the ids of the keys that signed a head; () for none, None where no key given here verifies it."""
    path = head.path.with_suffix(".dsse.json")
    if not path.is_file():
        return ()
    try:
        opened = open_envelope(
            path.read_bytes(), what=path.name, predicate_type=HEAD_TYPE, keys={key.id: key for key in keys}
        )
    except (SignatureError, EvidenceError):
        return None
    return opened.key_ids if opened.subjects == ((head.path.name, head.digest),) else None


def _head(path: Path, content: bytes) -> Head:
    try:
        page = parse_json(content, what=path.name)
        chains = {str(name): (int(number), str(digest)) for name, (number, digest) in page["chains"].items()}
        return Head(path, str(page["day"]), digest_bytes(content), page["previous"], chains)
    except (EvidenceError, SignatureError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(say("capture.head.unreadable", path=str(path))) from error


def _write(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise InputError(say("capture.store.unwritable", path=str(path), problem=problem)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
