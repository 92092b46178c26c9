"""Files: which reader opens which path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hakari.errors import InputError
from hakari.inputs.content import hidden
from hakari.inputs.readers.delimited import open_delimited
from hakari.inputs.readers.engine import connection, quote_path
from hakari.inputs.readers.header import check_header
from hakari.inputs.readers.opened import Opened
from hakari.messages import say

if TYPE_CHECKING:
    import duckdb

__all__ = ["SUFFIXES", "open_file", "open_parquets"]

_TEXT = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
SUFFIXES = (*_TEXT, *_PARQUET, *_SHEETS)
"""Endings that are read."""


def open_file(
    path: Path,
    *,
    base: Path | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    con: duckdb.DuckDBPyConnection | None = None,
) -> Opened:
    """Open a file by its ending, or a folder of Parquet files.

    Raises:
        InputError: unknown ending, nothing to read, no permission, or a damaged file.
    """
    if path.is_dir():
        return _open_folder(path, base, con)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(say("inputs.file.suffix", path=path.name, known=list(SUFFIXES)))
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise InputError(say("inputs.file.empty", path=path.name))
    except OSError as error:
        raise InputError(say("inputs.file.unreadable", path=path.name, problem=error.strerror or str(error))) from error
    if suffix in _PARQUET:
        return open_parquets([path], path.name, con)
    if suffix in _SHEETS:
        from hakari.inputs.readers.spreadsheet import open_spreadsheet

        return open_spreadsheet(path, sheet=sheet, con=con)
    return open_delimited(path, encoding=encoding, con=con)


def _open_folder(path: Path, base: Path | None, con: duckdb.DuckDBPyConnection | None) -> Opened:
    files = [file for suffix in _PARQUET for file in path.rglob(f"*{suffix}") if file.is_file()]
    files = sorted(file for file in files if not hidden(file.relative_to(path).as_posix()))
    if not files:
        raise InputError(say("inputs.folder.no_parquet", path=path.name))
    for file in files:
        if base is not None and not file.resolve().is_relative_to(base.resolve()):
            raise InputError(say("inputs.path.outside", path=str(file.relative_to(path)), base=str(base)))
    return open_parquets(files, path.name, con)


def open_parquets(files: Sequence[Path], shown: str, con: duckdb.DuckDBPyConnection | None) -> Opened:
    """Open Parquet files as one relation, columns matched by name; `shown` is how messages call them."""
    import duckdb

    try:
        relation = (con or connection()).read_parquet([quote_path(file) for file in files], union_by_name=True)
    except duckdb.Error as error:
        problem = str(error).splitlines()[0]
        raise InputError(say("inputs.parquet.unreadable", path=shown, problem=problem)) from error
    check_header(relation.columns, shown)
    return Opened(relation=relation, details={"files": len(files)} if len(files) > 1 else {})
