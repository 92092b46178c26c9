"""Engine: the one DuckDB database in memory through which files are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["connection", "quote_name", "quote_path", "quote_text"]

_OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # Never fetches code from the network, and never takes a variable of the program for a table.
    "python_enable_replacements": "false",
}


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """The connection that all files share, so that two of them can be joined where they lie."""
    return new_connection()


def new_connection() -> duckdb.DuckDBPyConnection:
    """A database of its own in memory."""
    import duckdb

    con = duckdb.connect(":memory:", config=dict(_OFFLINE))
    # The footers of a folder's files are read to find its columns, and need not be read again to count.
    con.execute("SET parquet_metadata_cache = true")
    return con


def quote_name(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def quote_path(path: Path) -> str:
    """A path that DuckDB does not read as a pattern: `data[1].csv` is one file."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))
