"""Query: one SELECT over files, run by a database that can reach nothing else."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from hakari.errors import InputError
from hakari.inputs.confinement import confine
from hakari.inputs.content import digest_path
from hakari.inputs.readers.engine import new_connection, quote_name
from hakari.inputs.readers.files import open_file, open_parquets
from hakari.inputs.readers.opened import Opened
from hakari.messages import Message, say

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
    files: dict[str, str] = {}
    keep: list[object] = [con]
    notices: list[Message] = []
    allowed = [str(root)]
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise InputError(say("inputs.query.not_select", query=query))
        for name in sorted(con.get_table_names(query, qualified=False)):
            if not _is_file(name):
                continue
            opened = _open_named(name, root, con)
            opened.relation.create_view(quote_name(name)[1:-1])
            files[name] = _digest(name, root)
            keep.append(opened.keep)
            notices += opened.notices
            allowed += [folder.name for folder in _folders(opened.keep)]
        folders = ", ".join("'" + folder.replace("'", "''") + "'" for folder in allowed)
        con.execute(f"SET allowed_directories = [{folders}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        relation = con.sql(query)
    except duckdb.Error as error:
        raise InputError(say("inputs.query.failed", problem=str(error).splitlines()[0])) from error
    return Opened(relation=relation, details={"query": query, "files": files}, notices=tuple(notices), keep=keep)


def _is_file(name: str) -> bool:
    return "/" in name or "." in name


def _open_named(name: str, root: Path, con: duckdb.DuckDBPyConnection) -> Opened:
    if any(sign in name for sign in "*?["):
        return open_parquets(_matches(name, root), name, con)
    return open_file(confine(name, root), base=root, con=con)
