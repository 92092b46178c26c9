"""Typed: which columns of a text table hold numbers, decided over all rows and by rules that can be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from hakari.inputs.readers.engine import quote_name

if TYPE_CHECKING:
    import duckdb

__all__ = ["typed"]

_GLANCE = 2000
_WIDE, _PLAIN = "０１２３４５６７８９．－−＋　", "0123456789.--+ "
_TYPES = {"int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}
_NULLS = "('na', 'n/a', '#n/a', 'nan', 'null', 'none')"


class _Facts(NamedTuple):
    """How many values of a column …"""

    values: int
    """… there are;"""
    numbers: int
    """… are numbers;"""
    wholes: int
    """… are whole numbers that fit 64 bits;"""
    codes: int
    """… begin with a zero that a number would lose;"""
    nulls: int
    """… are words for null;"""
    truths: int
    """… are true or false;"""
    wide: int
    """… hold a sign beyond ASCII."""


def typed(con: duckdb.DuckDBPyConnection, source: str, names: Sequence[str]) -> tuple[duckdb.DuckDBPyRelation, int]:
    """Return the table of `source` (a FROM clause over text columns) with numbers and truth values typed, and its rows.

    A column is numeric if every value in it is: full-width digits count, `NA` and `null` are missing there, but stay
    text elsewhere (Namibia is `NA`), and codes such as `007` stay text. One pass over all rows; no value is guessed
    from a sample, a sample only rules columns out.
    """
    glance = _facts(con, f"FROM (SELECT * {source} LIMIT {_GLANCE})", names)[1]
    possible = [name for name in names if _kind(glance[name]) != "text"]
    rows, facts = _facts(con, source, possible)
    columns = ", ".join(_column(name, facts.get(name)) for name in names)
    return con.sql(f"SELECT {columns} {source}"), rows


def _facts(con: duckdb.DuckDBPyConnection, source: str, names: Sequence[str]) -> tuple[int, dict[str, _Facts]]:
    """Rows, and per column what its values look like, in one pass."""
    spelt = [f"{quote_name(name)} AS r{index}, {_plain(name)} AS p{index}" for index, name in enumerate(names)]
    tests = []
    for index in range(len(names)):
        r, p = f"r{index}", f"p{index}"
        number = f"TRY_CAST({p} AS DOUBLE) IS NOT NULL AND NOT contains({p}, '_')"
        tests += [
            f"count({r})",
            f"count_if({number})",
            f"count_if({number} AND TRY_CAST({p} AS BIGINT) IS NOT NULL AND NOT regexp_matches({p}, '[.eE]'))",
            f"count_if({p} >= '00' AND {p} < '0:' AND substr({p}, 2, 1) BETWEEN '0' AND '9')",
            f"count_if(NOT ({number}) AND lower({p}) IN {_NULLS})",
            f"count_if(length({r}) IN (4, 5) AND lower({r}) IN ('true', 'false'))",
            f"count_if(strlen({r}) <> length({r}))",
        ]
    inner = f"(SELECT {', '.join(spelt)} {source})" if names else f"(SELECT 1 {source})"
    # Names are quoted; nothing else comes from outside.
    found = con.sql(f"SELECT {', '.join(['count(*)', *tests])} FROM {inner}").fetchall()[0]  # noqa: S608
    width = len(_Facts._fields)
    facts = {name: _Facts(*found[1 + width * i : 1 + width * (i + 1)]) for i, name in enumerate(names)}
    return int(found[0]), facts


def _kind(facts: _Facts) -> str:
    if not facts.values:
        return "empty"
    if facts.truths and facts.truths + facts.nulls == facts.values:
        return "bool"
    if facts.codes or not facts.numbers or facts.numbers + facts.nulls < facts.values:
        return "text"
    return "int" if facts.wholes + facts.nulls == facts.values else "float"


def _plain(name: str) -> str:
    column = quote_name(name)
    # Almost all values are plain already; the test for it costs a fifth of the translation.
    return (
        f"CASE WHEN strlen({column}) = length({column}) THEN {column} "
        f"ELSE trim(translate({column}, '{_WIDE}', '{_PLAIN}')) END"
    )


def _column(name: str, facts: _Facts | None) -> str:
    column = quote_name(name)
    kind = _TYPES.get("text" if facts is None else _kind(facts))
    if kind is None or facts is None:
        return column
    # DuckDB moves a cast of a bare column into its CSV reader, where it is fast and no longer forgives.
    every = not (facts.wide or facts.nulls)
    return f"TRY_CAST({column if every else _plain(name)} AS {kind}) AS {column}"
