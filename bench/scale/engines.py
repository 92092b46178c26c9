"""Engines: the ways in which the same cells are counted, bare and through Hakari. Imported by the child processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

GROUPS = ("sex", "region", "age")
KEYS = (*GROUPS, "label", "prediction")


class Counted(NamedTuple):
    """What an engine found, and how long it took to open the table before it was counted."""

    cells: list[tuple[Any, ...]]
    opening: float


def bare_polars(folder: Path) -> Counted:
    """polars' own lazy group-by on its streaming engine."""
    import polars as pl

    frame = pl.scan_parquet(folder / "*.parquet")
    return Counted(frame.group_by(KEYS).len().collect(engine="streaming").rows(), 0.0)


def bare_duckdb(folder: Path) -> Counted:
    """DuckDB's own GROUP BY."""
    import duckdb

    names = ", ".join(KEYS)
    with duckdb.connect() as con:
        query = f"SELECT {names}, count(*) FROM read_parquet('{folder}/*.parquet') GROUP BY {names}"
        return Counted(con.sql(query).fetchall(), 0.0)


def ours_polars(folder: Path) -> Counted:
    """A polars LazyFrame."""
    import polars as pl

    return tallied(pl.scan_parquet(folder / "*.parquet"))


def ours_duckdb(folder: Path) -> Counted:
    """A relation of the caller's own DuckDB."""
    import duckdb

    with duckdb.connect() as con:
        return tallied(con.read_parquet(f"{folder}/*.parquet"))


def ours_path(folder: Path) -> Counted:
    """The folder itself, read by Hakari."""
    return tallied(folder)


def tallied(source: Any) -> Counted:
    """Open and count once."""
    from hakari.inputs import Columns, Inputs, open_data

    started = time.perf_counter()
    columns = Columns(label="label", prediction="prediction", sensitive=GROUPS)
    inputs = Inputs(open_data(source, role="data.test"), None, columns)
    opening = time.perf_counter() - started
    return Counted([tuple(row) for row in inputs.tally(by=GROUPS).to_rows()], opening)


def digest(folder: Path) -> Counted:
    """The folder as a subject of evidence: the SHA-256 of every file."""
    from hakari.inputs import open_data

    subject = open_data(folder, role="data.test").subject
    return Counted([(subject.digest,)], 0.0)


def digest_lazy(folder: Path) -> Counted:
    """A polars LazyFrame as a subject of evidence."""
    import polars as pl

    from hakari.inputs import open_data

    subject = open_data(pl.scan_parquet(folder / "*.parquet"), role="data.test").subject
    return Counted([(subject.digest,)], 0.0)


ENGINES: dict[str, Callable[[Path], Counted]] = {
    "polars, bare": bare_polars,
    "DuckDB, bare": bare_duckdb,
    "Hakari on a polars LazyFrame": ours_polars,
    "Hakari on a DuckDB relation": ours_duckdb,
    "Hakari on the folder": ours_path,
    "digest of the folder": digest,
    "digest of a polars LazyFrame": digest_lazy,
}
BARE = {
    "Hakari on a polars LazyFrame": "polars, bare",
    "Hakari on a DuckDB relation": "DuckDB, bare",
    "Hakari on the folder": "DuckDB, bare",
}
"""Which bare engine does the work of which of ours."""
