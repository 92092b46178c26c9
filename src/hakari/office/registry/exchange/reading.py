"""A register from elsewhere, read with care: told by its content, bounded in every direction, never executed."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.registry.exchange.cells import restored

__all__ = ["LARGEST", "MOST_ROWS", "Sheet", "kind_of", "read_sheet"]

LARGEST: Final = 5 * 2**20
"""Bytes of an upload."""
MOST_ROWS: Final = 5_000
_MOST_COLUMNS: Final = 60
_LONGEST: Final = 4_000
"""Characters of a cell that are read."""
_UNPACKED: Final = 40 * 2**20
"""Bytes that a workbook may unpack to."""
_MOST_PARTS: Final = 300
_RATIO: Final = 200
"""How much smaller than its content a part of a workbook may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of texts."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """As many cells in each as there are headings; rows without any text are left out."""


def kind_of(content: bytes) -> str:
    """Return `xlsx` or `csv` by what the bytes are, whatever the file is called.

    Raises:
        InputError: neither, or too large.
    """
    if len(content) > LARGEST:
        raise InputError(say("office.registry.import.too_large", most=LARGEST // 2**20))
    if not content.strip():
        raise InputError(say("office.registry.import.empty"))
    if content[:4] == b"PK\x03\x04":
        _check_workbook(content)
        return "xlsx"
    _decoded(content)
    return "csv"


def read_sheet(content: bytes) -> Sheet:
    """Return the first sheet of a workbook, or a CSV file, as texts.

    Raises:
        InputError: not such a file, no headings, or more than `MOST_ROWS` rows.
    """
    table = _workbook_rows(content) if kind_of(content) == "xlsx" else _csv_rows(content)
    rows = [[restored(_text(cell)) for cell in row[:_MOST_COLUMNS]] for row in table]
    filled = [row for row in rows if any(row)]
    if not filled:
        raise InputError(say("office.registry.import.empty"))
    headings = tuple(filled[0])
    while headings and not headings[-1]:
        headings = headings[:-1]
    if len(filled) - 1 > MOST_ROWS:
        raise InputError(say("office.registry.import.too_many", most=MOST_ROWS))
    width = len(headings)
    return Sheet(headings=headings, rows=tuple(tuple([*row, *[""] * width][:width]) for row in filled[1:]))


def _text(cell: Any) -> str:
    text = "" if cell is None else str(cell)[:_LONGEST]
    return "\n".join(" ".join(part.split()) for part in text.splitlines()).strip()


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932", "utf-16"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        # A picture or a program may decode by chance; text has no control characters but these.
        if not any(char < " " and char not in "\t\r\n" for char in text):
            return text
    raise InputError(say("office.registry.import.kind"))


def _csv_rows(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return list(islice(reader, MOST_ROWS + 1_000))
    except csv.Error as error:
        raise InputError(say("office.registry.import.kind")) from error


def _check_workbook(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(say("office.registry.import.kind")) from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise InputError(say("office.registry.import.kind"))
    unpacked = sum(part.file_size for part in parts)
    swollen = any(part.file_size > 2**20 and part.file_size > _RATIO * part.compress_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _UNPACKED or swollen:
        raise InputError(say("office.registry.import.bomb"))
    if any(part.filename.endswith(".bin") and "vba" in part.filename.casefold() for part in parts):
        raise InputError(say("office.registry.import.macros"))


def _workbook_rows(content: bytes) -> list[list[Any]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1_000, max_col=_MOST_COLUMNS, values_only=True)
        return [list(row) for row in rows]
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise InputError(say("office.registry.import.kind")) from error
