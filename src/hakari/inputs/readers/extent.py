"""Extent: how much room a workbook would take, found before it is read.

A workbook's reader lays every sheet out as a full rectangle. One stray value in the last cell of a sheet, or one row
that says that it stands there a million times, makes gigabytes out of a file of a few kilobytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["check_extent"]

MOST_TO_ONE: Final = 200
"""Bytes that may come out of one packed byte, in archives that unpack to more than `SMALL`."""
SMALL: Final = 64 * 2**20
FREE_CELLS: Final = 1_000_000
"""So many cells may be empty in any workbook …"""
CELLS_FOR_ONE: Final = 20
"""… and beyond that, so many for each that is written."""

_CHUNK = 1 << 22
_SHEET = re.compile(r"xl/.*\.xml")
_COLUMN = re.compile(rb"""\br=["']([A-Za-z]+)""")
_ROW = re.compile(rb"""\br=["'][A-Za-z]*([0-9]+)""")
_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_ODS = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["']([0-9]+)""")


def check_extent(path: Path) -> None:
    """Refuse a workbook (XLSX or OpenDocument) that would unpack, or lay out, to far more than it holds.

    Raises:
        InputError: how many cells or bytes it would take.
        zipfile.BadZipFile, OSError, …: as `zipfile` does for a damaged archive.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        unpacked, packed = (
            sum(sizes) for sizes in ([e.file_size for e in entries], [e.compress_size for e in entries])
        )
        if unpacked > max(SMALL, MOST_TO_ONE * packed):
            raise InputError(say("inputs.sheet.bomb", path=path.name, size=unpacked, packed=packed))
        for entry in entries:
            if _SHEET.fullmatch(entry.filename.lower().lstrip("/")):
                with archive.open(entry) as file:
                    _check(path, *_excel(iter(lambda file=file: file.read(_CHUNK), b"")))  # type: ignore[misc]  # bound now
            elif entry.filename == "content.xml":
                with archive.open(entry) as file:
                    _check(path, *_open_document(iter(lambda file=file: file.read(_CHUNK), b"")))  # type: ignore[misc]


def _check(path: Path, rows: int, columns: int, written: int) -> None:
    if rows * columns > max(FREE_CELLS, CELLS_FOR_ONE * written):
        raise InputError(say("inputs.sheet.sparse", path=path.name, rows=rows, columns=columns, written=written))


def _excel(chunks: Iterator[bytes]) -> tuple[int, int, int]:
    """Last row and column that any cell of a sheet names or stands in, and the cells that are written."""
    rows = columns = written = lines = 0
    for part in _parts(chunks, b"<row"):
        lines += 1
        cells = len(_CELL.findall(part))
        written += cells
        columns = max(columns, cells, *(_number(name) for name in set(_COLUMN.findall(part))))
        rows = max(rows, *(int(number[:12]) for number in _ROW.findall(part)), 0)
    return max(rows, lines), columns, written


def _parts(chunks: Iterator[bytes], mark: bytes) -> Iterator[bytes]:
    """Yield what stands between two marks."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(mark)
        yield from whole
    yield rest


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _open_document(chunks: Iterator[bytes]) -> tuple[int, int, int]:
    """Rows, columns and written cells of the largest table: repetitions count as often as they say."""
    largest = (0, 0, 0)
    rows = columns = written = last = times = filled = position = 0

    def close() -> None:
        nonlocal rows, columns, last
        rows += times
        if filled:
            last, columns = rows, max(columns, filled)

    for part in _parts(chunks, b"<table:"):
        found = _ODS.match(b"<table:" + part)
        if found is None:
            continue
        repeated = _REPEATED.search(found[2])
        count = int(repeated[1][:12]) if repeated else 1
        if found[1] == b"table":
            close()
            largest = max(largest, (last, columns, written), key=lambda item: item[0] * item[1])
            rows = columns = written = last = times = filled = position = 0
        elif found[1] == b"table-row":
            close()
            times, filled, position = count, 0, 0
        else:
            position += count
            if b"value" in found[2] or not found[2].endswith(b"/"):
                written += 1
                filled = position
    close()
    return max(largest, (last, columns, written), key=lambda item: item[0] * item[1])
