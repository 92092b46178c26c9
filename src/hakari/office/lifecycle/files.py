"""Attached files: which kinds are taken, how it is checked that a file is what it says, and how it is handed out."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["KINDS", "LARGEST", "Upload", "checked", "looks_like"]

LARGEST: Final = 20 * 2**20
"""Bytes of one attached file."""
_UNPACKED: Final = 200 * 2**20

KINDS: Final[dict[str, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_STARTS: Final = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_OFFICE: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was checked."""

    name: str
    content: bytes
    media_type: str


def checked(name: str, content: bytes) -> Upload:
    """Return an upload whose content is what its name says.

    Raises:
        InputError: empty, too large, of a kind that is not taken, or of another kind than its name says.
    """
    shown = " ".join("".join(char if char.isprintable() else " " for char in name).split())[-120:] or "file"
    shown = shown.replace("/", "_").replace("\\", "_")
    ending = shown.rpartition(".")[2].lower()
    if not content:
        raise InputError(say("office.lifecycle.file_empty", name=shown))
    if len(content) > LARGEST:
        raise InputError(say("office.lifecycle.file_large", name=shown, most=LARGEST // 2**20))
    if ending not in KINDS:
        raise InputError(say("office.lifecycle.file_kind", name=shown, kinds=sorted(KINDS)))
    if not looks_like(ending, content):
        raise InputError(say("office.lifecycle.file_disguised", name=shown, kind=ending))
    return Upload(name=shown, content=content, media_type=KINDS[ending])


def looks_like(ending: str, content: bytes) -> bool:
    """Return whether a content is of the kind that an ending names."""
    if ending in _STARTS:
        return content.startswith(_STARTS[ending])
    if ending in _OFFICE:
        return _is_office(content, _OFFICE[ending])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ending in ("txt", "csv") and b"\0" not in content
    return "\0" not in text


def _is_office(content: bytes, member: str) -> bool:
    """Whether a ZIP is an Office file without macros that does not unpack to more than we would keep."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
    names = {item.filename for item in found}
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return (
        "[Content_Types].xml" in names
        and member in names
        and not macros
        and len(found) <= 10_000
        and sum(item.file_size for item in found) <= _UNPACKED
    )
