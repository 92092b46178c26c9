"""Linear: the terms of a linear stand-in, in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hakari.measures.explanation.importance._encoding import encoding_of
from hakari.measures.explanation.surrogate._stand_in import Term

if TYPE_CHECKING:
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["fitted_terms"]

_RIDGE: Final = 1e-6
# In units of each term's own spread: it shares a slope between terms that no row tells apart.


def fitted_terms(rows: Features, outputs: FloatArray) -> tuple[tuple[Term, ...], float]:
    """Return the terms of a least-squares fit of the outputs, by how much they matter, and the output at their mean."""
    encoding = encoding_of(rows)
    columns: list[FloatArray] = []
    named: list[tuple[str, Literal["number", "is", "missing"], str | None]] = []
    for atom, column in zip(encoding.atoms, encoding.matrix(rows).T, strict=True):
        absent = np.isnan(column)
        if absent.all():
            continue
        columns.append(np.where(absent, column[~absent].mean(), column))
        named.append((atom.column, "number" if atom.level is None else "is", atom.level))
        if absent.any():
            columns.append(absent.astype(np.float64))
            named.append((atom.column, "missing", None))
    if not columns:
        return (), float(outputs.mean())
    matrix = np.column_stack(columns)
    middle, spread = matrix.mean(axis=0), matrix.std(axis=0)
    used = spread > 1e-12 * np.maximum(np.abs(middle), 1.0)
    scaled = (matrix[:, used] - middle[used]) / spread[used]
    inside = scaled.T @ scaled / len(scaled) + _RIDGE * np.eye(int(used.sum()))
    slopes = np.linalg.solve(inside, scaled.T @ (outputs - outputs.mean()) / len(scaled)) / spread[used]
    terms = [
        Term(*named[place], slope=float(slope), middle=float(middle[place]), spread=float(spread[place]))
        for place, slope in zip(np.flatnonzero(used).tolist(), slopes, strict=True)
    ]
    return tuple(sorted(terms, key=lambda term: -abs(term.slope * term.spread))), float(outputs.mean())
