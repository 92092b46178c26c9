"""The ZIP of a case bundle: one byte string for one set of named bytes, and a reader that trusts nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from hakari.errors import BundleError
from hakari.messages import Message, say

__all__ = ["LARGEST_BUNDLE", "LARGEST_MEMBER", "MOST_MEMBERS", "pack_archive", "unpack_archive"]

LARGEST_BUNDLE = 512 * 2**20
LARGEST_MEMBER = 64 * 2**20
MOST_MEMBERS = 20_000

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,4}")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


def pack_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of `files`: stored, names sorted, time and attributes fixed."""
    for name in files:
        if not _safe(name):
            raise BundleError(say("assessment.archive.name", name=_shown(name)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = _MODE
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack_archive(content: bytes) -> tuple[dict[str, bytes], tuple[Message, ...]]:
    """Return the members of an archive, held in memory only, and what is wrong with its form.

    Raises:
        BundleError: not a ZIP, too large, or with members that must not even be read (packed, outside, links, twice).
    """
    if len(content) > LARGEST_BUNDLE:
        raise BundleError(say("assessment.archive.too_large", size=len(content), limit=LARGEST_BUNDLE))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            files = {entry.filename: archive.read(entry) for entry in entries}
    except BundleError:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, IndexError, NotImplementedError, RuntimeError,
            EOFError, OverflowError) as error:  # fmt: skip
        problem = say("assessment.archive.not_zip", problem=str(error) or type(error).__name__)
        raise BundleError(problem) from error
    if pack_archive(files) == content:
        return files, ()
    return files, (say("assessment.archive.not_canonical"),)


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_MEMBERS:
        raise BundleError(say("assessment.archive.too_many", members=len(entries), limit=MOST_MEMBERS))
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.filename
        if not _safe(name):
            raise BundleError(say("assessment.archive.name", name=_shown(name)))
        if name in seen:
            raise BundleError(say("assessment.archive.twice", name=name))
        if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise BundleError(say("assessment.archive.link", name=name))
        # Stored members are as long as they say; a packed one could grow to any size, so none is accepted.
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size or entry.flag_bits & 1:
            raise BundleError(say("assessment.archive.packed", name=name, size=entry.file_size))
        total += entry.file_size
        if entry.file_size > LARGEST_MEMBER or total > size:
            raise BundleError(say("assessment.archive.member_too_large", name=name, size=entry.file_size))
        seen.add(name)


def _shown(name: str) -> str:
    """Return a name that cannot move the cursor or start a new line of the terminal that prints it."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in name[:120])


def _safe(name: str) -> bool:
    return len(name) <= 240 and _NAME.fullmatch(name) is not None
