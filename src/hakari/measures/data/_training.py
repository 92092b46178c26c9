"""Training: what the tested table shares with the table that the model learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakari.evidence import Table
from hakari.measures.data._counted import count_column
from hakari.measures.data._shift import Shift, compare, holm

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures.data._columns import ColumnFacts

__all__ = ["ShiftLine", "Training", "compare_training"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLine:
    """One column in both tables."""

    column: str
    shift: Shift
    adjusted: float
    """p-value adjusted for the number of columns."""
    shifted: bool
    """Whether it is at most the level of the family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The tested table against the training table."""

    columns: tuple[str, ...]
    """Feature columns of both tables on which rows were compared."""
    overlap: int | None
    """Tested rows whose values on these columns occur in the training table; None without a shared column."""
    lines: tuple[ShiftLine, ...]
    left_out: tuple[str, ...]
    """Shared columns that could not be compared: too many levels, or another kind in each table."""

    @property
    def table(self) -> Table:
        """One line per compared column."""
        return Table(
            name="shift",
            columns=("column", "test", "statistic", "p", "p_adjusted", "shifted", "effect_kind", "effect"),
            rows=tuple(
                (
                    line.column,
                    line.shift.test,
                    line.shift.statistic,
                    line.shift.p,
                    line.adjusted,
                    line.shifted,
                    line.shift.effect_kind,
                    line.shift.effect,
                )
                for line in self.lines
            ),
        )


def compare_training(inputs: Inputs, facts: tuple[ColumnFacts, ...], *, level: float) -> Training | None:
    """Compare with the training data; None without it. Predictions, scores, weights and identifiers are left out."""
    train, meaning = inputs.train, inputs.columns
    if train is None:
        return None
    own = {meaning.prediction, meaning.score, meaning.weight, meaning.cluster}
    shared = [
        fact for fact in facts if fact.name in train.columns and fact.name not in own and "identifier" not in fact.flags
    ]
    features = tuple(fact.name for fact in shared if fact.name != meaning.label)
    found: list[tuple[str, Shift]] = []
    left_out: list[str] = []
    for fact in shared:
        there = count_column(train, fact.name, None, meaning.positive)
        shift = None if fact.counted is None or there is None else compare(fact.counted, there)
        if shift is None:
            left_out.append(fact.name)
        else:
            found.append((fact.name, shift))
    adjusted = holm([shift.p for _, shift in found])
    lines = tuple(
        ShiftLine(column=column, shift=shift, adjusted=p, shifted=p <= level)
        for (column, shift), p in zip(found, adjusted, strict=True)
    )
    overlap = inputs.data.overlap(train, features) if features else None
    return Training(columns=features, overlap=overlap, lines=lines, left_out=tuple(left_out))
