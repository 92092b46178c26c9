"""Duck: a DuckDB relation, asked in SQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.inputs.readers.engine import connection, quote_name
from hakari.inputs.tables.table import LIMB, WEIGHT_SCALE, Key, Table, Within, joined_sums, plain
from hakari.messages import say

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt

__all__ = ["DuckTable"]

_BATCH = 50_000
_FLOATS = ("FLOAT", "DOUBLE")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BIGNUM")
_NUMBERS = frozenset((*_FLOATS, *_INTEGERS, *(f"U{kind}" for kind in _INTEGERS)))
_ZONED = "TIMESTAMP WITH TIME ZONE"
_SERIAL = itertools.count()


class DuckTable:
    """A relation that is never loaded: counts are pushed down and come back by `fetchall`."""

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self._relation = relation = _in_utc(relation)
        self.columns = tuple(relation.columns)
        """Names in order."""
        self._types = {name: str(kind) for name, kind in zip(self.columns, relation.types, strict=True)}

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns of numbers."""
        return tuple(name for name, kind in self._types.items() if kind in _NUMBERS or kind.startswith("DECIMAL"))

    def rows(self) -> int:
        """Number of rows."""
        return int(_fetch(self._relation.aggregate("count(*)"))[0][0])

    def count(self, keys: Sequence[Key], weight: str | None = None) -> list[tuple[Any, ...]]:
        """Per cell: the values, n, and for a weight Σw and Σw²."""
        keyed = [f"{self._key(key)} AS k{index}" for index, key in enumerate(keys)]
        group = ", ".join(f"k{index}" for index in range(len(keys)))
        if weight is None:
            relation = self._relation.project(", ".join(keyed)) if keyed else self._relation
            return _fetch(relation.aggregate(f"{group}, count(*)" if group else "count(*)", group))
        units = f"CAST(floor(CAST({quote_name(weight)} AS DOUBLE) * {WEIGHT_SCALE} + 0.5) AS BIGINT)"
        relation = self._relation.project(", ".join([*keyed, f"{units} AS w"]))
        limbs = f"w // {LIMB**2} AS a, w // {LIMB} % {LIMB} AS b, w % {LIMB} AS c"
        relation = relation.project(f"{group}, {limbs}" if group else limbs)
        sums = ", ".join(
            f"sum({part})" for part in ("a", "b", "c", "a * a", "a * b", "2 * a * c + b * b", "b * c", "c * c")
        )
        found = _fetch(relation.aggregate(f"{group}, count(*), {sums}" if group else f"count(*), {sums}", group))
        return [joined_sums(row) for row in found]

    def within(self, column: str, highest: float) -> Within:
        """How many values are numbers between 0 and `highest`; NaN is the greatest number to DuckDB."""
        name = quote_name(column)
        asked = f"count_if({name} >= 0 AND {name} <= {highest!r}), count(DISTINCT {name}), avg({name})"
        good, distinct, mean = _fetch(self._relation.aggregate(asked))[0]
        return Within(int(good), int(distinct), float("nan") if mean is None else float(mean))

    def column_counts(self) -> dict[str, tuple[int, int]]:
        """Per column, missing values and different other values."""
        asked = ["count(*)"]
        for name in self.columns:
            asked += [f"count({self._known(name)})", f"count(DISTINCT {self._known(name)})"]
        rows, *numbers = _fetch(self._relation.aggregate(", ".join(asked)))[0]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return {name: (rows - values, distinct) for name, (values, distinct) in zip(self.columns, pairs, strict=True)}

    def bounds(self) -> dict[str, tuple[int, Any, Any]]:
        """Per column missing values, and the least and greatest other value."""
        asked = ["count(*)"]
        for name in self.columns:
            column = self._known(name)
            asked += [f"count({column})", f"min({column})", f"max({column})"]
        rows, *found = _fetch(self._relation.aggregate(", ".join(asked)))[0]
        parts = zip(found[::3], found[1::3], found[2::3], strict=True)
        return {name: (rows - known, low, high) for name, (known, low, high) in zip(self.columns, parts, strict=True)}

    def distinct_rows(self) -> int:
        """Rows that differ from each other."""
        return int(_fetch(self._cells(self.columns).distinct().aggregate("count(*)"))[0][0])

    def overlap(self, other: Table, columns: Sequence[str]) -> int | None:
        """A semi-join in which null equals null; None where the two lie in different databases or differ in type."""
        import duckdb

        if not isinstance(other, DuckTable) or any(self._types[c] != other._types[c] for c in columns):
            return None
        left, right = self._cells(columns).set_alias("l"), other._cells(columns).set_alias("r")
        same = " AND ".join(f"l.k{index} IS NOT DISTINCT FROM r.k{index}" for index in range(len(columns)))
        try:
            joined = left.join(right, condition=same, how="semi")
        except duckdb.InvalidInputException:
            # The two belong to different connections.
            return None
        return int(_fetch(joined.aggregate("count(*)"))[0][0])

    def read(self, columns: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
        """Columns as arrays in row order."""
        chosen = self._relation.project(", ".join(f"{self._whole(name)} AS {quote_name(name)}" for name in columns))
        with _reading():
            found: Mapping[str, npt.NDArray[Any]] = chosen.fetchnumpy()
        return {name: plain(found[name]) for name in columns}

    def first(self, column: str, rows: int) -> list[Any]:
        """The first values of a column that are not missing."""
        present = self._cells([column]).filter("k0 IS NOT NULL").limit(rows)
        return [value for (value,) in _fetch(present)]

    def iterate(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows, a batch at a time."""
        chosen = self._relation.project(", ".join(quote_name(name) for name in columns))
        with _reading():
            yield from chosen.iter_rows(_BATCH)

    def extended(self, columns: Mapping[str, npt.NDArray[Any]]) -> DuckTable:
        """The table with further columns, as a new table of the common database."""
        con = connection()
        everything = {**self.read(self.columns), **columns}
        names = [f"c{index}" for index in range(len(everything))]
        con.register("hakari_extended", dict(zip(names, everything.values(), strict=True)))
        try:
            chosen = ", ".join(f"{c} AS {quote_name(name)}" for c, name in zip(names, everything, strict=True))
            table = f"extended_{next(_SERIAL)}"
            con.sql(f"SELECT {chosen} FROM hakari_extended").create(table)  # noqa: S608 - names are quoted
        finally:
            con.unregister("hakari_extended")
        return DuckTable(con.table(table))

    def _cells(self, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
        return self._relation.project(", ".join(f"{self._known(name)} AS k{i}" for i, name in enumerate(columns)))

    def _known(self, name: str) -> str:
        """The column with one kind of missing value."""
        column = quote_name(name)
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {column} END" if self._types[name] in _FLOATS else column

    def _key(self, key: Key) -> str:
        column = quote_name(key.column)
        if key.per_unit is None:
            return column
        return f"CAST(floor(CAST({column} AS DOUBLE) * {key.per_unit} + 0.5) AS BIGINT)"

    def _whole(self, name: str) -> str:
        """The column in a type that numpy has."""
        kind = self._types[name]
        if kind.startswith("DECIMAL") or kind in ("HUGEINT", "UHUGEINT", "BIGNUM"):
            return f"CAST({quote_name(name)} AS DOUBLE)"
        return quote_name(name)


def _in_utc(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Moments with a time zone as text in UTC: as such DuckDB hands them over only where pytz is installed."""
    zoned = {name for name, kind in zip(relation.columns, relation.types, strict=True) if str(kind) == _ZONED}
    if not zoned:
        return relation
    moment = "strftime(make_timestamp(epoch_us({0})), '%Y-%m-%dT%H:%M:%S.%f')"
    text = f"replace({moment}, '.000000', '') || '+00:00'"
    columns = [(name, quote_name(name)) for name in relation.columns]
    return relation.project(", ".join(f"{text.format(q)} AS {q}" if name in zoned else q for name, q in columns))


def _fetch(relation: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
    with _reading():
        return relation.fetchall()


@contextmanager
def _reading() -> Iterator[None]:
    """A table is read late, so a broken query or a file that has changed since shows itself only here."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise InputError(say("inputs.table.unreadable", problem=str(error).splitlines()[0])) from None
