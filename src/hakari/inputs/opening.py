"""Opening: from whatever a person has to a `Data`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.evidence.canonical import digest_json
from hakari.evidence.subject import Subject
from hakari.inputs.confinement import confine
from hakari.inputs.content import digest_path, digest_rows
from hakari.inputs.data import Data
from hakari.inputs.values import text
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.inputs.readers.opened import Opened
    from hakari.inputs.tables import Table

__all__ = ["open_data"]

QUERY = "duckdb:"
ROWS_READ = 1_000_000
"""Up to so many rows of a frame go into its digest one by one; beyond that one query asks for bounds of each column."""


def open_data(
    source: Any,
    *,
    role: str,
    base: Path | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> Data:
    """Open a table without loading it.

    Args:
        source: a path (.csv, .tsv, .parquet, .xlsx, .xls, .ods, or a folder of Parquet files), `duckdb:SELECT …` over
            such files, or a frame: pandas, polars (eager or lazy), pyarrow, DuckDB, or another that narwhals reads.
        role: what the table is to the use case, such as `data.test`.
        base: folder that paths are relative to and may not leave; None allows any path.
        encoding: of a text file; None detects it.
        sheet: of a spreadsheet; None takes the first.
        name: name that a person recognises; None takes the path, the query or the kind of frame.

    Raises:
        InputError: the source cannot be read, is empty, or has unusable column names.
    """
    if isinstance(source, str) and source.startswith(QUERY):
        return _open_query(source[len(QUERY) :].strip(), role=role, base=base, name=name)
    if isinstance(source, str | Path):
        return _open_path(source, role=role, base=base, encoding=encoding, sheet=sheet, name=name)
    return _open_frame(source, role=role, name=name)


def _open_path(
    source: str | Path, *, role: str, base: Path | None, encoding: str | None, sheet: str | None, name: str | None
) -> Data:
    from hakari.inputs.readers.files import open_file

    path = confine(source, base)
    known = name or (path.name if base is None else path.relative_to(base.resolve()).as_posix())
    opened = open_file(path, base=base, encoding=encoding, sheet=sheet)

    def subject(data: Data) -> Subject:
        size = path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
        details = {"bytes": size, "rows": data.rows, "columns": list(data.columns), **opened.details}
        return Subject(role=role, kind="file", name=known, digest=digest_path(path), details=details)

    return _from_relation(opened, role=role, name=known, subject=subject)


def _open_query(query: str, *, role: str, base: Path | None, name: str | None) -> Data:
    from hakari.inputs.readers.query import open_query

    opened = open_query(query, base)

    def subject(data: Data) -> Subject:
        details = {"rows": data.rows, "columns": list(data.columns), **opened.details}
        digest = digest_json({"query": query, "files": opened.details["files"]})
        return Subject(role=role, kind="snapshot", name=name or query, digest=digest, details=details)

    return _from_relation(opened, role=role, name=name or query, subject=subject)


def _from_relation(opened: Opened, *, role: str, name: str, subject: Callable[[Data], Subject]) -> Data:
    from hakari.inputs.tables.duck import DuckTable

    table = DuckTable(opened.relation)
    return _checked(Data(table, role=role, name=name, subject=subject, notices=opened.notices, keep=opened.folders))


def _open_frame(source: Any, *, role: str, name: str | None) -> Data:
    kind = f"{type(source).__module__.split('.')[0].lstrip('_')}.{type(source).__name__}"
    known = name or kind

    def subject(data: Data) -> Subject:
        details = {"rows": data.rows, "columns": list(data.columns), "frame": kind}
        if data.rows <= ROWS_READ:
            content: object = digest_rows(data.iterate(data.columns))
        else:
            content = {column: [text(value) for value in found] for column, found in data.table.bounds().items()}
            details["digest_of"] = "column names, rows; per column missing, least and greatest"
        digest = digest_json([list(data.columns), data.rows, content])
        return Subject(role=role, kind="summary", name=known, digest=digest, details=details)

    data = _checked(Data(_table(source, kind), role=role, name=known, subject=subject))
    if data.rows <= ROWS_READ:
        data.notices = (say("inputs.frame.summary", source=known),)
    else:
        data.notices = (say("inputs.frame.bounds", source=known, rows=data.rows, limit=ROWS_READ),)
    return data


def _table(source: Any, kind: str) -> Table:
    if kind == "duckdb.DuckDBPyRelation":
        from hakari.inputs.tables.duck import DuckTable

        return DuckTable(source)
    import narwhals as nw
    from narwhals.exceptions import NarwhalsError

    from hakari.inputs.tables.frame import FrameTable

    if kind.startswith("pandas."):
        names = list(getattr(source, "columns", ()))
        strange = [str(column) for column in names if not isinstance(column, str)]
        if strange:
            raise InputError(say("inputs.columns.not_text", source=kind, columns=strange[:10]))
        double = sorted(name for name, times in Counter(names).items() if times > 1)
        if double:
            raise InputError(say("inputs.columns.duplicate", source=kind, columns=double))
    try:
        return FrameTable(nw.from_native(source))
    except NarwhalsError as error:
        raise InputError(say("inputs.frame.unusable", kind=kind, problem=str(error).splitlines()[0])) from error
    except TypeError:
        raise InputError(say("inputs.frame.unknown", kind=kind)) from None


def _checked(data: Data) -> Data:
    if not data.columns:
        raise InputError(say("inputs.file.empty", path=data.name))
    if data.rows == 0:
        raise InputError(say("inputs.file.header_only", path=data.name))
    return data
