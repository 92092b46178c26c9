"""Query: one SELECT over files, run by a database that can reach nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hakari.errors import InputError
from hakari.inputs.confinement import confine
from hakari.inputs.content import digest_path
from hakari.inputs.readers.engine import new_connection, quote_text
from hakari.inputs.readers.files import open_file, open_parquets
from hakari.inputs.readers.opened import Opened
from hakari.messages import say

if TYPE_CHECKING:
    import duckdb

__all__ = ["open_query"]


def open_query(query: str, base: Path | None) -> Opened:
    """Open the result of a SELECT; files are named in quotes after FROM, relative to `base` (or the current folder).

    Each file is opened by the reader of its kind and offered to the query under its name; after that the database is
    locked to the folder. `details["files"]` holds the digest of each file, the version of the query's tables.

    Raises:
        InputError: not one SELECT, a file that cannot be read, or a query that fails.
    """
    import duckdb

    root = (base or Path.cwd()).resolve()
    con = new_connection()
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise InputError(say("inputs.query.not_select", query=query))
        named = {name: _files(name, root) for name in sorted(con.get_table_names(query)) if "/" in name or "." in name}
        opened = {name: _open(name, files, root, con) for name, files in named.items()}
        folders = tuple(folder for table in opened.values() for folder in table.folders)
        for name, table in opened.items():
            table.relation.create_view(name)
        reachable = ", ".join(quote_text(folder) for folder in [str(root), *(str(folder.path) for folder in folders)])
        con.execute(f"SET allowed_directories = [{reachable}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        relation = con.sql(query)
    except duckdb.Error as error:
        raise InputError(say("inputs.query.failed", problem=str(error).splitlines()[0])) from None
    digests = {file.relative_to(root).as_posix(): digest_path(file) for files in named.values() for file in files}
    notices = tuple(notice for table in opened.values() for notice in table.notices)
    return Opened(relation=relation, details={"query": query, "files": digests}, notices=notices, folders=folders)


def _files(name: str, root: Path) -> list[Path]:
    """The files or the folder that a name in the query means; `*` and `?` name several Parquet files."""
    if not any(sign in name for sign in "*?"):
        return [confine(name, root)]
    found = sorted(root.glob(name)) if not Path(name).is_absolute() else []
    if not found:
        raise InputError(say("inputs.path.absent", path=name, folder=str(root)))
    return [confine(file, root) for file in found]


def _open(name: str, files: list[Path], root: Path, con: duckdb.DuckDBPyConnection) -> Opened:
    return open_file(files[0], base=root, con=con) if len(files) == 1 else open_parquets(files, name, con)
