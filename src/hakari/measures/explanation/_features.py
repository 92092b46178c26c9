"""Features: rows of a model's inputs, column by column, as every explanation takes them apart and mixes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Features", "Players", "players_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Rows of features: column name → array of one value per row, in the order that the model knows.

    Columns keep their own type: numbers with NaN for what is missing, or texts. Nothing is encoded here, because the
    model was fitted on the columns as they are.
    """

    columns: Mapping[str, npt.NDArray[Any]]

    def __post_init__(self) -> None:
        sizes = {len(values) for values in self.columns.values()}
        if not sizes:
            raise InputError(say("measures.explanation.features.none"))
        if len(sizes) > 1:
            raise InputError(say("measures.explanation.features.lengths", lengths=sorted(sizes)))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values())))

    @property
    def numeric(self) -> tuple[str, ...]:
        """Names of the columns that hold numbers."""
        return tuple(name for name, values in self.columns.items() if values.dtype.kind in "biuf")

    def take(self, index: IntArray | BoolArray | slice | Sequence[int]) -> Features:
        """Return the rows at `index`."""
        return Features({name: values[index] for name, values in self.columns.items()})

    def repeated(self, times: int) -> Features:
        """Return each row `times` times, one after another."""
        return Features({name: np.repeat(values, times) for name, values in self.columns.items()})

    def with_columns(self, columns: Mapping[str, npt.NDArray[Any]]) -> Features:
        """Return the rows with some columns exchanged; the order of columns stays.

        Raises:
            InputError: a column that is not there.
        """
        unknown = sorted(set(columns) - set(self.columns))
        if unknown:
            raise InputError(say("measures.explanation.features.unknown", columns=unknown, known=list(self.names)))
        return Features({name: columns.get(name, values) for name, values in self.columns.items()})

    def mixed(self, kept: Mapping[str, BoolArray], other: Features) -> Features:
        """Return rows that keep a value where `kept[column]` is true and take that of `other` elsewhere.

        A column that `kept` does not name is kept whole.
        """
        found: dict[str, npt.NDArray[Any]] = {}
        for name, values in self.columns.items():
            keep = kept.get(name)
            found[name] = values if keep is None else np.where(keep, values, other.columns[name])
        return Features(found)

    def matrix(self) -> FloatArray:
        """Return the rows as one matrix of shape (rows, columns).

        Raises:
            InputError: a column holds texts.
        """
        texts = sorted(set(self.columns) - set(self.numeric))
        if texts:
            raise InputError(say("measures.explanation.features.texts", columns=texts))
        return np.column_stack([values.astype(np.float64) for values in self.columns.values()])

    @staticmethod
    def joined(parts: Iterable[Features]) -> Features:
        """Return the rows of all `parts`, one after another."""
        found = list(parts)
        return Features({name: np.concatenate([part.columns[name] for part in found]) for name in found[0].columns})


Players = Mapping[str, tuple[str, ...]]
"""What shares out a prediction: name → its columns. A group of columns that belong together is one player."""


def players_of(names: Sequence[str], groups: Mapping[str, Sequence[str]] | None = None) -> Players:
    """Return one player for each group and each column that is in none, in the order of the columns.

    Raises:
        InputError: a group without columns, with an unknown column or one of another group, or named like a column.
    """
    owner: dict[str, str] = {}
    for group, members in (groups or {}).items():
        if not members:
            raise InputError(say("measures.explanation.features.empty_group", group=group))
        if group in names and tuple(members) != (group,):
            raise InputError(say("measures.explanation.features.group_name", group=group))
        for member in members:
            if member not in names:
                raise InputError(
                    say("measures.explanation.features.group_member", group=group, column=member, known=list(names))
                )
            if member in owner:
                raise InputError(
                    say("measures.explanation.features.two_groups", column=member, first=owner[member], second=group)
                )
            owner[member] = group
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(owner.get(name, name), []).append(name)
    return {player: tuple(members) for player, members in found.items()}
