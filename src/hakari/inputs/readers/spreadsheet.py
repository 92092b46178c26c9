"""Spreadsheets: Excel and OpenDocument, through python-calamine."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.inputs.optional import need
from hakari.inputs.readers.delimited import open_utf8
from hakari.inputs.readers.extent import check_extent
from hakari.inputs.readers.opened import Opened
from hakari.inputs.readers.temporary import TemporaryFolder
from hakari.inputs.values import level
from hakari.messages import say

if TYPE_CHECKING:
    import duckdb

__all__ = ["open_spreadsheet"]

_PANIC = "PanicException"


def open_spreadsheet(path: Path, *, sheet: str | None = None, con: duckdb.DuckDBPyConnection | None = None) -> Opened:
    """Open one sheet, whose first row holds the column names.

    A sheet has no column types of its own, so it is written as text into a temporary file and typed by the same rules
    as a CSV. The file is deleted when the table is no longer used and at the latest when the program ends.

    Raises:
        InputError: python-calamine is not installed, the file is damaged, or there is no such sheet.
    """
    calamine = need("python_calamine", package="python-calamine", extra="data", what=f"“{path.name}”")
    try:
        if path.suffix.lower() != ".xls":
            check_extent(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
        names: list[str] = book.sheet_names
        if sheet is not None and sheet not in names:
            raise InputError(say("inputs.sheet.unknown", path=path.name, sheet=sheet, sheets=names))
        chosen = sheet if sheet is not None else names[0]
        rows = _filled(book.get_sheet_by_name(chosen).to_python(skip_empty_area=True))
    except InputError:
        raise
    except BaseException as error:
        # A panic of the library is not even an `Exception`, and can only be told by its name.
        known = (calamine.CalamineError, OSError, ValueError, IndexError, zipfile.BadZipFile, NotImplementedError)
        if not isinstance(error, (*known, EOFError, RuntimeError, zlib.error)) and type(error).__name__ != _PANIC:
            raise
        raise InputError(say("inputs.sheet.unreadable", path=path.name, problem=str(error))) from error
    if not rows:
        raise InputError(say("inputs.file.empty", path=path.name))
    folder = TemporaryFolder()
    copy = folder.path / "table.csv"
    with copy.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    notice = say("inputs.sheet.chosen", path=path.name, sheet=chosen)
    opened = open_utf8(copy, path, con=con)
    return replace(opened, details={"sheet": chosen}, notices=(notice,), folders=(folder, *opened.folders))


def _filled(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Rows as text, without the empty columns and rows that spreadsheets carry around the table."""
    texts = [["" if value is None or value == "" else str(level(value)) for value in row] for row in rows]
    while texts and not any(texts[-1]):
        texts.pop()
    width = max((index + 1 for row in texts for index, value in enumerate(row) if value), default=0)
    return [row[:width] for row in texts if any(row)]
