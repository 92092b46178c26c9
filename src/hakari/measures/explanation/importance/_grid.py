"""Grid: the values of one column along which a model is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.inputs.values import is_missing
from hakari.measures.explanation.importance._encoding import is_number, levels_by_frequency, numbers, texts
from hakari.messages import Message, say
from hakari.statistics import MISSING

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Grid", "checked_column", "checked_points", "edges_of", "grid_of", "row_weights"]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Values of one column, and which rows are near them."""

    values: tuple[float | str | None, ...]
    """As shown; None stands for a missing value."""
    raw: npt.NDArray[Any]
    """(G,): as the model is given them, in the column's own type."""
    place: IntArray
    """(n,): grid value nearest to each row's own; −1 for a level that is not on the grid."""

    @property
    def counts(self) -> IntArray:
        """(G,): rows nearest to each grid value."""
        return np.bincount(self.place[self.place >= 0], minlength=len(self.values)).astype(np.int64)

    @property
    def left_out(self) -> int:
        """Rows whose level is not on the grid."""
        return int((self.place < 0).sum())

    def limits(self, player: str) -> tuple[Message, ...]:
        """Say so if levels are not on the grid."""
        if not self.left_out:
            return ()
        return (
            say(
                "measures.explanation.importance.limit.levels",
                player=player, levels=len(self.values), rows=self.left_out,
            ),
        )  # fmt: skip


def checked_column(rows: Features, player: str) -> npt.NDArray[Any]:
    """Return the column.

    Raises:
        InputError: there is no such column.
    """
    if player not in rows.columns:
        raise InputError(say("measures.explanation.features.unknown", columns=[player], known=list(rows.names)))
    return rows.columns[player]


def checked_points(points: int) -> int:
    """Return how many grid values are asked for.

    Raises:
        InputError: fewer than two.
    """
    if points < 2:
        raise InputError(say("measures.explanation.importance.points", points=points))
    return points


def row_weights(weights: npt.NDArray[Any] | None, rows: int) -> FloatArray:
    """Return the weight of each row, 1 if none are given.

    Raises:
        InputError: not one weight for each row, a negative one, or none above 0.
    """
    if weights is None:
        return np.ones(rows)
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (rows,) or not np.isfinite(found).all() or (found < 0).any() or not found.any():
        raise InputError(say("measures.explanation.importance.weights", rows=rows))
    return found


def edges_of(column: npt.NDArray[Any], points: int, weights: FloatArray) -> FloatArray:
    """Return at most `points` different values of a numeric column, at equal shares of the rows; none if all miss.

    Only values that occur are taken, so that a whole number stays one.
    """
    plain = numbers(column)
    known = np.isfinite(plain) & (weights > 0)
    if not known.any():
        return np.empty(0)
    different = np.unique(plain[known])
    if len(different) <= points:
        return different
    order = np.argsort(plain[known], kind="stable")
    ordered, share = plain[known][order], np.cumsum(weights[known][order])
    wanted = np.linspace(0, 1, points) * share[-1]
    # The last row whose share reaches the quantile; rounding must not push the last one over the end.
    return np.unique(ordered[np.minimum(np.searchsorted(share, wanted * (1 - 1e-12)), len(ordered) - 1)])


def grid_of(column: npt.NDArray[Any], points: int, weights: FloatArray, given: Sequence[Any] | None = None) -> Grid:
    """Return the grid of a column: quantiles of a number, or the most frequent levels of a text.

    A missing value is a grid value of its own where one occurs. `given` values are taken instead, in their order.
    """
    return _numeric(column, points, weights, given) if is_number(column) else _texts(column, points, given)


def _numeric(column: npt.NDArray[Any], points: int, weights: FloatArray, given: Sequence[Any] | None) -> Grid:
    plain = numbers(column)
    absent = np.isnan(plain)
    if given is None:
        edges = edges_of(column, points, weights)
    else:
        edges = np.array([value for value in given if not is_missing(value)], dtype=np.float64)
    place = np.full(len(plain), -1, dtype=np.int64)
    if len(edges):
        order = np.argsort(edges, kind="stable")
        middles = (edges[order][1:] + edges[order][:-1]) / 2
        place[~absent] = order[np.searchsorted(middles, plain[~absent], side="left")]
    values: list[float | str | None] = [float(edge) for edge in edges]
    if absent.any() if given is None else any(is_missing(value) for value in given):
        place[absent] = len(values)
        values.append(None)
        edges = np.append(edges, np.nan)
    with_type = column.dtype if column.dtype.kind == "f" or np.array_equal(edges, np.trunc(edges)) else np.float64
    return Grid(tuple(values), edges.astype(with_type), place)


def _texts(column: npt.NDArray[Any], points: int, given: Sequence[Any] | None) -> Grid:
    spelt = texts(column)
    if given is None:
        levels = [level for level, _ in levels_by_frequency(spelt)[:points]]
        first = {level: column[place] for place, level in reversed(list(enumerate(spelt.tolist())))}
        raw_values = [first[level] for level in levels]
    else:
        raw_values = list(given)
        levels = texts(_objects(raw_values)).tolist()
    where = {level: number for number, level in enumerate(levels)}
    place = np.array([where.get(level, -1) for level in spelt.tolist()], dtype=np.int64)
    values = tuple(None if level == MISSING else level for level in levels)
    return Grid(values, _objects(raw_values), place)


def _objects(values: Sequence[Any]) -> npt.NDArray[Any]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
