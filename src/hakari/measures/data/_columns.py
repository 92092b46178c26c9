"""Columns: what stands out about each column of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hakari.evidence import Table
from hakari.measures.data._counted import Counted, count_column, strength

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["ColumnFacts", "columns_table", "describe"]

Flag = Literal["constant", "identifier", "leaking", "not_examined"]

_FEWEST_FOR_IDENTIFIER = 20
# Among a handful of rows, values differ by chance.


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """One column of the tested table."""

    name: str
    kind: Literal["number", "category"]
    missing: int
    distinct: int
    predicts: float | None
    """How well the column alone tells the two classes apart, from .5 to 1; None where that was not examined."""
    flags: tuple[Flag, ...]
    counted: Counted | None
    """Its values with their counts, unless they are too many."""


def describe(
    inputs: Inputs, columns: tuple[str, ...], *, near_perfect: float, identifier_share: float, step: Callable[[], None]
) -> tuple[ColumnFacts, ...]:
    """Return the facts of each column; `step` is called before each."""
    found = []
    for column in columns:
        step()
        found.append(_describe_one(inputs, column, near_perfect, identifier_share))
    return tuple(found)


def _describe_one(inputs: Inputs, column: str, near_perfect: float, identifier_share: float) -> ColumnFacts:
    data, meaning = inputs.data, inputs.columns
    missing, distinct = data.missing_counts()[column], data.distinct_counts()[column]
    numeric = column in data.numeric_columns
    counted = count_column(data, column, meaning.label, meaning.positive)
    own = {meaning.label, meaning.prediction, meaning.score, meaning.weight, meaning.cluster}
    predicts = None if column in own or counted is None else strength(counted)
    known = data.rows - missing
    whole = not numeric or (counted is not None and counted.whole)
    flags: list[Flag] = []
    if distinct == 0 or (distinct == 1 and not missing):
        flags.append("constant")
    named = column in own and column != meaning.cluster
    if not named and whole and known >= _FEWEST_FOR_IDENTIFIER and distinct >= identifier_share * known:
        flags.append("identifier")
    if predicts is not None and predicts >= near_perfect:
        flags.append("leaking")
    if counted is None:
        flags.append("not_examined")
    return ColumnFacts(
        name=column,
        kind="number" if numeric else "category",
        missing=missing,
        distinct=distinct,
        predicts=predicts,
        flags=tuple(flags),
        counted=counted,
    )


def columns_table(facts: tuple[ColumnFacts, ...], rows: int) -> Table:
    """Return one line per column; `predicts` is 1 for a column that alone tells the classes apart without error."""
    return Table(
        name="columns",
        columns=("column", "kind", "missing", "missing_share", "distinct", "predicts", "flags"),
        rows=tuple(
            (f.name, f.kind, f.missing, f.missing / rows, f.distinct, f.predicts, " ".join(f.flags)) for f in facts
        ),
    )
