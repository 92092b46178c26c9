"""Delimited text: CSV and TSV in the encodings and shapes that offices send."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakari.errors import InputError
from hakari.inputs.readers.encodings import detect_encoding, transcode
from hakari.inputs.readers.engine import connection, quote_path, quote_text
from hakari.inputs.readers.header import check_header
from hakari.inputs.readers.opened import Opened
from hakari.inputs.readers.temporary import TemporaryFolder
from hakari.inputs.readers.typed import typed
from hakari.messages import say

if TYPE_CHECKING:
    import duckdb

__all__ = ["open_delimited", "open_utf8"]

_SAMPLE = 1 << 18
_DELIMITERS = (",", ";", "\t")
_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_LINE = re.compile(r"CSV Error on Line: (\d+)")


def open_delimited(path: Path, *, encoding: str | None = None, con: duckdb.DuckDBPyConnection | None = None) -> Opened:
    """Open a CSV or TSV file.

    A file that is not UTF-8 is copied as UTF-8 into a temporary folder, which is deleted when the table is no longer
    used and at the latest when the program ends.

    Raises:
        InputError: empty file, undetectable encoding, unusable header, or a row with too many or too few fields.
    """
    found = encoding or detect_encoding(path)
    folders: tuple[TemporaryFolder, ...] = ()
    readable = path
    if encoding is not None or found == "cp932" or found == "utf-16":
        folders = (TemporaryFolder(),)
        readable = folders[0].path / "table.csv"
        transcode(path, found, readable)
    opened = open_utf8(readable, path, con=con)
    notice = say("inputs.encoding.given" if encoding else "inputs.encoding.detected", encoding=found, path=path.name)
    return replace(opened, details={"encoding": found}, notices=(notice,), folders=folders + opened.folders)


def open_utf8(path: Path, shown: Path, *, con: duckdb.DuckDBPyConnection | None = None) -> Opened:
    """Open a delimited file that is UTF-8 already; messages name `shown`.

    Raises:
        InputError: unusable header, or a row with too many or too few fields.
    """
    names, delimiter = _header(path, shown)
    folders: tuple[TemporaryFolder, ...] = ()
    try:
        relation, rows = _table(con or connection(), path, shown, names, delimiter)
    except _UnevenLines:
        # Rows that end in different ways are read from a copy in which all ends are the same.
        folders = (TemporaryFolder(),)
        copy = folders[0].path / "even.csv"
        transcode(path, "utf-8-sig", copy, newlines=True)
        relation, rows = _table(con or connection(), copy, shown, names, delimiter)
    if not rows:
        raise InputError(say("inputs.file.header_only", path=shown.name))
    return Opened(relation=relation, folders=folders)


class _UnevenLines(Exception):
    """Some rows end in \\r\\n and some in \\n alone."""


def _table(
    con: duckdb.DuckDBPyConnection, path: Path, shown: Path, names: tuple[str, ...], delimiter: str
) -> tuple[duckdb.DuckDBPyRelation, int]:
    import duckdb

    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in names)
    source = (
        f"FROM read_csv({quote_text(quote_path(path))}, header = true, auto_detect = false, "
        f"""delim = {quote_text(delimiter)}, quote = '"', escape = '"', columns = {{{columns}}})"""
    )
    try:
        return typed(con, source, names)
    except duckdb.Error as error:
        problem = str(error)
    if "invalid state" in problem and path.name != "even.csv":
        raise _UnevenLines
    line = _LINE.search(problem)
    width = _WIDTH.search(problem)
    number = int(line[1]) if line else 0
    if width:
        raise InputError(
            say("inputs.csv.ragged", path=shown.name, line=number, expected=int(width[1]), found=int(width[2]))
        )
    if "unterminated quote" in problem or "quote should be followed" in problem.lower():
        raise InputError(say("inputs.csv.quote", path=shown.name, line=number))
    first = problem.splitlines()[0]
    raise InputError(say("inputs.csv.unreadable", path=shown.name, line=number, problem=first))


def _header(path: Path, shown: Path) -> tuple[tuple[str, ...], str]:
    """Column names and delimiter, from the first rows."""
    with path.open("r", encoding="utf-8-sig", newline="") as file:
        sample = file.read(_SAMPLE)
        whole = not file.read(1)
    if not sample.strip():
        raise InputError(say("inputs.file.empty", path=shown.name))
    rows = {sign: _rows(sample, sign, whole) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: _agreement(rows[sign]))
    return check_header(rows[best][0], shown.name), best


def _rows(sample: str, delimiter: str, whole: bool) -> list[list[str]]:
    lines = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in lines:
            if row:
                rows.append(row)
            if len(rows) > 50:
                break
    except csv.Error:
        pass
    if len(rows) > 1 and not whole and len(rows) <= 50:
        rows.pop()
    return rows or [[""]]


def _agreement(rows: list[list[str]]) -> tuple[int, int]:
    """How well a delimiter fits: rows as wide as the header where it splits at all, then the width."""
    width = len(rows[0])
    return (sum(len(row) == width for row in rows) if width > 1 else 0, width)
