"""Encoding: columns of any type as numbers, for what compares rows or fits a small model of its own to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.inputs.values import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["Atom", "Encoding", "encoding_of", "is_number", "levels_by_frequency", "numbers", "texts"]

_MOST_LEVELS: Final = 20
"""Levels of a text that get a number of their own; the rarer ones share a row of zeros."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One number of a row: a numeric column itself, or whether a column of texts holds one level."""

    column: str
    """Column of the model."""
    level: str | None = None
    """The level asked for; None for a numeric column."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How rows are turned into numbers; fixed on some rows, so that others are turned alike."""

    atoms: tuple[Atom, ...]
    """What the columns of the matrix stand for."""

    def matrix(self, features: Features) -> FloatArray:
        """Return the rows as numbers of shape (rows, atoms); NaN where a number is missing."""
        found = np.empty((features.rows, len(self.atoms)))
        known: dict[str, npt.NDArray[Any]] = {}
        for place, atom in enumerate(self.atoms):
            values = features.columns[atom.column]
            if atom.level is None:
                found[:, place] = numbers(values)
            else:
                if atom.column not in known:
                    known[atom.column] = texts(values)
                found[:, place] = known[atom.column] == atom.level
        return found


def encoding_of(features: Features, names: Sequence[str] | None = None, *, most: int = _MOST_LEVELS) -> Encoding:
    """Return the encoding of some columns, all if `names` is left out; of a text the `most` frequent levels count."""
    atoms: list[Atom] = []
    for name in features.names if names is None else names:
        values = features.columns[name]
        if is_number(values):
            atoms.append(Atom(name))
        else:
            levels = [level for level, _ in levels_by_frequency(texts(values))]
            atoms += [Atom(name, level) for level in levels[:most]]
    return Encoding(tuple(atoms))


def is_number(values: npt.NDArray[Any]) -> bool:
    """Whether a column holds numbers (truth values count as 0 and 1)."""
    return values.dtype.kind in "biuf"


def numbers(values: npt.NDArray[Any]) -> FloatArray:
    """Return a numeric column as floats; what is not finite is missing."""
    found = values.astype(np.float64)
    return np.where(np.isfinite(found), found, np.nan)


def texts(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column as texts in one spelling; a missing value is the text `missing`."""
    found = np.empty(len(values), dtype=object)
    spelt: dict[Any, str] = {}
    for place, value in enumerate(values.tolist()):
        key = (type(value), value)
        if key not in spelt:
            spelt[key] = text(value)
        found[place] = spelt[key]
    return found


def levels_by_frequency(values: npt.NDArray[Any]) -> list[tuple[str, int]]:
    """Return the levels of a column of texts and their rows, most frequent first, ties by name."""
    return sorted(Counter(values.tolist()).items(), key=lambda item: (-item[1], item[0]))
