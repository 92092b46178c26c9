"""Content: digests of what was measured."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from hakari.errors import InputError
from hakari.evidence.canonical import digest_json
from hakari.inputs.values import text
from hakari.messages import say

__all__ = ["digest_file", "digest_path", "digest_rows"]


def digest_file(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(say("inputs.file.unreadable", path=str(path), problem=error.strerror or str(error))) from error


def digest_path(path: Path) -> str:
    """Return the digest of a file, or of a folder as its sorted (name, digest) pairs; hidden files do not count."""
    if not path.is_dir():
        return digest_file(path)
    files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
    return digest_json([[name, digest_file(file)] for name, file in files if not hidden(name)])


def hidden(name: str) -> bool:
    """Whether a file in a folder is a mark of the system that wrote it and not data."""
    return any(part.startswith((".", "_")) for part in name.split("/"))


def digest_rows(rows: Iterable[Sequence[object]]) -> str:
    """Return a digest of rows in any order: the sum of the rows' SHA-256.

    A sum can be forged by someone who chooses the rows, which is one reason why such a subject is a *summary*.
    """
    total = 0
    for row in rows:
        line = "\x1f".join([text(value) for value in row])
        total += int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest(), "big")
    return f"{total % 2**256:064x}"
