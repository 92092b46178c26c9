"""Office files are archives that somebody sent: their sizes are looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from hakari.errors import HakariError, InputError
from hakari.messages import say

__all__ = ["LARGEST_ARCHIVE", "LARGEST_UNPACKED", "check_archive", "need", "office_errors"]

LARGEST_ARCHIVE = 20 * 2**20
"""Bytes of a Word or Excel file."""
LARGEST_UNPACKED = 100 * 2**20
"""Bytes of all its parts together."""
_MOST_PARTS = 2_000
_BEGINNING = 4096
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, TypeError, AttributeError, EOFError,
    RuntimeError, NotImplementedError, SyntaxError, AssertionError, ArithmeticError,
)  # fmt: skip
"""What the libraries raise on damaged files; they promise nothing narrower."""


def need(module: str, package: str) -> Any:
    """Import and return a module of the extra `policy`.

    Raises:
        InputError: the package is not installed; names the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise InputError(say("authoring.package.missing", package=package)) from None


def check_archive(path: Path, shown: str) -> None:
    """Refuse a file that is no archive, unpacks to too much, or declares entities in its XML.

    Raises:
        InputError: with the name of the file.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(say("authoring.file.missing", file=shown, problem=error.strerror or "")) from None
    if size > LARGEST_ARCHIVE:
        raise InputError(say("authoring.file.large", file=shown, size=size, limit=LARGEST_ARCHIVE))
    with office_errors(shown), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > LARGEST_UNPACKED:
            raise InputError(say("authoring.file.unpacks", file=shown, size=unpacked, limit=LARGEST_UNPACKED))
        for part in parts:
            if part.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as stream:
                    beginning = stream.read(_BEGINNING).replace(b"\0", b"")
                if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                    raise InputError(say("authoring.file.entities", file=shown, part=part.filename))


@contextmanager
def office_errors(shown: str) -> Iterator[None]:
    """Turn what the libraries raise on a damaged file into one line."""
    try:
        yield
    except HakariError:
        raise
    except Exception as error:
        known = isinstance(error, _DAMAGE) or type(error).__module__.partition(".")[0] in ("docx", "openpyxl")
        if not known:
            raise
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(say("authoring.file.damaged", file=shown, problem=problem)) from error
