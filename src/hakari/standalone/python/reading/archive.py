"""Archive: the ZIP of a bundle, read into memory by a reader that trusts nothing."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from hakari.standalone.python.words import Message, Refused, say

__all__ = ["LARGEST_BUNDLE", "unpack"]

LARGEST_BUNDLE = 512 * 2**20
_LARGEST_MEMBER = 64 * 2**20
_MOST_MEMBERS = 20_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,4}")


def unpack(content: bytes) -> tuple[dict[str, bytes], list[Message]]:
    """Return the members of an archive, and what is wrong with its form.

    Raises:
        Refused: no ZIP, too large, or with members that must not even be read (packed, outside, links, twice).
    """
    if len(content) > LARGEST_BUNDLE:
        raise Refused(say("assessment.archive.too_large", size=len(content), limit=LARGEST_BUNDLE))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError, RuntimeError, EOFError,
            OverflowError) as error:  # fmt: skip
        raise Refused(say("assessment.archive.not_zip", problem=str(error) or type(error).__name__)) from None
    # Bytes that belong to no member, another order, other times: everything that could hide something is found here.
    return files, [] if _packed(files) == content else [say("assessment.archive.not_canonical")]


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > _MOST_MEMBERS:
        raise Refused(say("assessment.archive.too_many", members=len(entries), limit=_MOST_MEMBERS))
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.filename
        if len(name) > 240 or _NAME.fullmatch(name) is None:
            raise Refused(say("assessment.archive.name", name=name[:120]))
        if name in seen:
            raise Refused(say("assessment.archive.twice", name=name))
        if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise Refused(say("assessment.archive.link", name=name))
        # Stored members are as long as they say; a packed one could grow to any size.
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size or entry.flag_bits & 1:
            raise Refused(say("assessment.archive.packed", name=name, size=entry.file_size))
        total += entry.file_size
        if entry.file_size > _LARGEST_MEMBER or total > size:
            raise Refused(say("assessment.archive.member_too_large", name=name, size=entry.file_size))
        seen.add(name)


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Return the one archive that these files make: stored, names sorted, 1980-01-01, ordinary files."""
    members, directory, offset = [], [], 0
    for name in sorted(files):
        content, letters = files[name], name.encode()
        # flags, method, time, date, checksum, sizes, and the lengths of name and extra field
        common = struct.pack("<4H3L2H", 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(letters), 0)
        members += [struct.pack("<LH", 0x04034B50, 20), common, letters, content]
        head = struct.pack("<L2H", 0x02014B50, 3 << 8 | 20, 20)
        directory += [head, common, struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, offset), letters]
        offset += 30 + len(letters) + len(content)
    listing = b"".join(directory)
    end = struct.pack("<L4H2LH", 0x06054B50, 0, 0, len(files), len(files), len(listing), offset, 0)
    return b"".join(members) + listing + end
