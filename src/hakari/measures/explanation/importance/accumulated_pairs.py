"""Accumulated pairs: what two numeric columns add together beyond what each adds alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.importance._curve import Surface
from hakari.measures.explanation.importance._encoding import is_number, numbers
from hakari.measures.explanation.importance._grid import checked_column, checked_points, edges_of, row_weights
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["accumulated_interaction"]


def accumulated_interaction(
    asked: Asked,
    rows: Features,
    first: str,
    second: str,
    *,
    points: int = 10,
    weights: npt.NDArray[Any] | None = None,
) -> Surface:
    """Return accumulated local effects of second order, main effects taken off (Apley & Zhu 2020, eq. 17 to 20).

    0 everywhere if the two columns act each on its own. Cells without rows take the difference of the nearest cell
    that has some, counted in cells.

    Raises:
        InputError: no such column, a column of texts or with fewer than two values, or the model failed.
    """
    started, before = time.perf_counter(), asked.rows
    weight = row_weights(weights, rows.rows)
    checked_points(points)
    edges, plain = [], []
    for player in (first, second):
        column = checked_column(rows, player)
        if not is_number(column):
            raise InputError(say("measures.explanation.features.texts", columns=[player]))
        plain.append(numbers(column))
        edges.append(edges_of(column, points, weight))
        if len(edges[-1]) < 2:
            raise InputError(say("measures.explanation.importance.one_value", player=player))
    known = np.flatnonzero(np.isfinite(plain[0]) & np.isfinite(plain[1]) & (weight > 0))
    if not len(known):
        raise InputError(say("measures.explanation.importance.one_value", player=f"{first} × {second}"))
    places = [
        np.clip(np.searchsorted(edge, values[known], side="left"), 1, len(edge) - 1) - 1
        for edge, values in zip(edges, plain, strict=True)
    ]
    difference = _corners(asked, rows.take(known), (first, second), edges, places)
    shape = (len(edges[0]) - 1, len(edges[1]) - 1)
    cell = places[0] * shape[1] + places[1]
    values, errors, counts, heavy = _surface(difference, cell, weight[known], shape)
    limits = [say("measures.explanation.importance.limit.accumulated")]
    if (empty := int((heavy == 0).sum())) > 0:
        limits.append(say("measures.explanation.importance.limit.empty", cells=empty, total=heavy.size))
    return Surface(
        players=(first, second),
        grids=(tuple(edges[0].tolist()), tuple(edges[1].tolist())),
        values=values,
        errors=errors,
        counts=counts,
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=tuple(limits),
    )


def _corners(
    asked: Asked, inside: Features, names: tuple[str, str], edges: list[FloatArray], places: list[IntArray]
) -> FloatArray:
    """Return the difference of differences over the corners of each row's own cell (n,)."""

    def at(high_first: int, high_second: int) -> FloatArray:
        columns = {
            name: edge[place + high].astype(inside.columns[name].dtype)
            for name, edge, place, high in zip(names, edges, places, (high_first, high_second), strict=True)
        }
        return asked(inside.with_columns(columns))

    return (at(1, 1) - at(0, 1)) - (at(1, 0) - at(0, 0))


def _surface(
    difference: FloatArray, cell: IntArray, weight: FloatArray, shape: tuple[int, int]
) -> tuple[FloatArray, FloatArray, IntArray, FloatArray]:
    """Return values and errors (G, H), rows (G − 1, H − 1) and their weight, all linear in the means of the cells."""
    size = shape[0] * shape[1]
    heavy: FloatArray = np.bincount(cell, weight, size).astype(np.float64)
    n = np.bincount(cell, minlength=size)
    full = heavy > 0
    mean = np.divide(np.bincount(cell, weight * difference, size), heavy, out=np.zeros(size), where=full)
    left = difference - mean[cell]
    pooled = float((left**2).sum()) / max(len(left) - int(full.sum()), 1)
    own = np.bincount(cell, (weight * left) ** 2, size)
    variance = np.divide(own, heavy**2, out=np.zeros(size), where=full)
    variance = np.where(n > 1, variance * n / np.maximum(n - 1, 1), np.where(n == 1, pooled, 0.0))
    source = _nearest_full(full.reshape(shape))
    linear = _linear_map(heavy.reshape(shape), source)
    grid = (shape[0] + 1, shape[1] + 1)
    values, errors = linear @ mean, np.asarray(np.sqrt(linear**2 @ variance), dtype=np.float64)
    return values.reshape(grid), errors.reshape(grid), n.reshape(shape).astype(np.int64), heavy


def _nearest_full(full: Any) -> IntArray:
    """Return for each cell the nearest one with rows, itself where it has some; ties to the first."""
    every = np.argwhere(np.ones_like(full))
    having = np.argwhere(full)
    apart = ((every[:, None, :] - having[None, :, :]) ** 2).sum(axis=2)
    nearest = having[apart.argmin(axis=1)]
    return np.asarray(nearest[:, 0] * full.shape[1] + nearest[:, 1], dtype=np.int64)


def _linear_map(heavy: FloatArray, source: IntArray) -> FloatArray:
    """Return the matrix from the means of the cells to the values on the grid, one unit cell after another."""
    columns = []
    for unit in range(heavy.size):
        jump = (source == unit).astype(np.float64).reshape(heavy.shape)
        raised = np.zeros((heavy.shape[0] + 1, heavy.shape[1] + 1))
        raised[1:, 1:] = jump.cumsum(axis=0).cumsum(axis=1)
        raised = raised - _main(raised, heavy) - _main(raised.T, heavy.T).T
        middle = (raised[1:, 1:] + raised[:-1, 1:] + raised[1:, :-1] + raised[:-1, :-1]) / 4
        columns.append((raised - (heavy * middle).sum() / heavy.sum()).ravel())
    return np.column_stack(columns)


def _main(raised: FloatArray, heavy: FloatArray) -> FloatArray:
    """Return the accumulated first-order effect along the first axis (G, 1)."""
    rise = np.diff(raised, axis=0)
    over_cell = (rise[:, 1:] + rise[:, :-1]) / 2
    of_step = heavy.sum(axis=1)
    mean = np.divide((heavy * over_cell).sum(axis=1), of_step, out=np.zeros(len(of_step)), where=of_step > 0)
    return np.concatenate([[0.0], np.cumsum(mean)])[:, None]
