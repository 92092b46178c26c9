"""Accumulated effects: small steps of one column between values that the rows have, added up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.importance._curve import Curve
from hakari.measures.explanation.importance._encoding import encoding_of, is_number, numbers
from hakari.measures.explanation.importance._grid import (
    Grid,
    checked_column,
    checked_points,
    edges_of,
    grid_of,
    row_weights,
)
from hakari.messages import Message, say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["accumulated_effects"]

Order = Literal["similarity", "frequency"]
"""How levels of a text are put in a line: those next to each other whose rows are alike, or by their rows."""


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Differences of the output along the grid, each of one row at one step."""

    grid: tuple[float | str | None, ...]
    step: IntArray
    """(E,): step of each difference; step s leads from grid value s to s + 1."""
    row: IntArray
    """(E,): row that was asked."""
    difference: FloatArray
    """(E,): rise of the output over the step."""
    middle: FloatArray
    """(G,): share of the rows' weight at each grid value, over which the curve has mean 0."""
    counts: IntArray
    """(G,): rows behind the step that ends at each grid value, 0 at the first."""
    limits: tuple[Message, ...]


def accumulated_effects(
    asked: Asked,
    rows: Features,
    player: str,
    *,
    points: int = 20,
    order: Order = "similarity",
    weights: npt.NDArray[Any] | None = None,
) -> Curve:
    """Return accumulated local effects of first order, with mean 0 over the rows (Apley & Zhu 2020, eq. 15 and 16).

    Apley & Zhu 2020: doi 10.1111/rssb.12377. A number is cut at `points` quantiles; every row moves only between the
    two edges of its own interval, so that columns that go together stay together. Rows whose value is missing are
    left out. Of a text the `points` most frequent levels are put in a line by the first principal component of their
    rows' other columns (`similarity`; the paper uses distances of distributions), and every row moves to the levels
    next to its own. Standard errors are over rows, with the edges and the rows of each interval as they are.

    Raises:
        InputError: no such column, fewer than two points, weights that cannot be used, or the model failed.
    """
    started, before = time.perf_counter(), asked.rows
    weight = row_weights(weights, rows.rows)
    column = checked_column(rows, player)
    checked_points(points)
    if is_number(column):
        steps = _numeric_steps(asked, rows, player, edges_of(column, points, weight), weight)
    else:
        steps = _level_steps(asked, rows, player, points, order, weight)
    values, errors = _accumulated(steps, weight)
    return Curve(
        player=player,
        kind="accumulated_effects",
        grid=steps.grid,
        values=values[None],
        errors=errors[None],
        counts=steps.counts,
        centred=True,
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.importance.limit.accumulated"), *steps.limits),
    )


def _numeric_steps(asked: Asked, rows: Features, player: str, edges: FloatArray, weight: FloatArray) -> _Steps:
    column = rows.columns[player]
    plain = numbers(column)
    known = np.flatnonzero(np.isfinite(plain) & (weight > 0))
    absent = int(np.isnan(plain).sum())
    limits = (say("measures.explanation.importance.limit.missing", player=player, rows=absent),) if absent else ()
    if len(edges) < 2:
        return _flat(edges.tolist() or [None], len(known) or rows.rows, limits)
    step = np.clip(np.searchsorted(edges, plain[known], side="left"), 1, len(edges) - 1) - 1
    inside = rows.take(known)
    kind = column.dtype
    high = asked(inside.with_columns({player: edges[step + 1].astype(kind)}))
    low = asked(inside.with_columns({player: edges[step].astype(kind)}))
    # The curve is straight between two edges: a row counts for both, for the nearer one more.
    along = np.clip((plain[known] - edges[step]) / (edges[step + 1] - edges[step]), 0.0, 1.0)
    middle = np.bincount(step, weight[known] * (1 - along), len(edges))
    middle += np.bincount(step + 1, weight[known] * along, len(edges))
    counts = np.append(0, np.bincount(step, minlength=len(edges) - 1)).astype(np.int64)
    return _Steps(tuple(edges.tolist()), step, known, high - low, middle / middle.sum(), counts, limits)


def _level_steps(asked: Asked, rows: Features, player: str, points: int, order: Order, weight: FloatArray) -> _Steps:
    grid = grid_of(rows.columns[player], points, weight)
    # Levels whose rows all weigh nothing cannot be stepped from.
    place = np.where(weight > 0, grid.place, -1)
    line = _line_of_levels(rows, player, grid, place, weight, order)
    line = line[np.bincount(place[place >= 0], minlength=len(grid.values))[line] > 0]
    names = tuple(grid.values[at] for at in line)
    limits = (say(f"measures.explanation.importance.order.{order}", player=player), *grid.limits(player))
    rank = np.full(len(grid.values) + 1, -1, dtype=np.int64)
    rank[line] = np.arange(len(line))
    own = rank[place]
    if len(line) < 2:
        return _flat(list(names), int((own >= 0).sum()), limits)
    raw = grid.raw[line]
    here = np.zeros(rows.rows)
    on_line = np.flatnonzero(own >= 0)
    here[on_line] = asked(rows.take(on_line))
    up, down = np.flatnonzero((own >= 0) & (own < len(line) - 1)), np.flatnonzero(own > 0)
    above = asked(rows.take(up).with_columns({player: raw[own[up] + 1]})) - here[up]
    below = here[down] - asked(rows.take(down).with_columns({player: raw[own[down] - 1]}))
    step = np.concatenate([own[up], own[down] - 1])
    middle = np.bincount(own[on_line], weight[on_line], len(line))
    counts = np.append(0, np.bincount(step, minlength=len(line) - 1)).astype(np.int64)
    return _Steps(
        names, step, np.concatenate([up, down]), np.concatenate([above, below]), middle / middle.sum(), counts, limits
    )


def _flat(grid: list[Any], rows: int, limits: tuple[Message, ...]) -> _Steps:
    """A column with one value has no steps: its effect is 0."""
    none = np.empty(0, dtype=np.int64)
    return _Steps(tuple(grid), none, none, np.empty(0), np.ones(1), np.array([rows], dtype=np.int64), limits)


def _line_of_levels(
    rows: Features, player: str, grid: Grid, place: IntArray, weight: FloatArray, order: Order
) -> IntArray:
    """Return the levels in a line: places on the grid, which is ordered by frequency."""
    levels = np.arange(len(grid.values))
    others = [name for name in rows.names if name != player]
    if order == "frequency" or not others or len(levels) < 3:
        return levels
    matrix = encoding_of(rows, others).matrix(rows)
    known = ~np.isnan(matrix)
    spread = np.where(known, matrix, 0.0)
    mean = spread.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    moved = np.where(known, matrix - mean, 0.0)
    scale = np.sqrt((moved**2).mean(axis=0))
    moved = moved[:, scale > 0] / scale[scale > 0]
    if not moved.shape[1]:
        return levels
    on = place >= 0
    heavy = np.bincount(place[on], weight[on], len(levels))
    centre = np.column_stack([np.bincount(place[on], weight[on] * column[on], len(levels)) for column in moved.T])
    centre = np.divide(centre, heavy[:, None], out=np.zeros_like(centre), where=heavy[:, None] > 0)
    centre = centre - heavy @ centre / heavy.sum()
    direction = np.linalg.svd(np.sqrt(heavy)[:, None] * centre, full_matrices=False)[2][0]
    # A component has no sign of its own: its largest part is made positive.
    direction = direction * np.sign(direction[np.abs(direction).argmax()] or 1.0)
    return np.argsort(np.round(centre @ direction, 12), kind="stable")


def _accumulated(steps: _Steps, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the centred curve (G,) and its standard errors: both are linear in the means of the steps."""
    size = len(steps.grid)
    sums = np.tril(np.ones((size, size - 1)), -1)
    linear = sums - steps.middle @ sums
    if size < 2:
        return np.zeros(1), np.zeros(1)
    w = weight[steps.row]
    heavy = np.bincount(steps.step, w, size - 1)
    mean = np.bincount(steps.step, w * steps.difference, size - 1) / heavy
    n = np.bincount(steps.step, minlength=size - 1)
    left = steps.difference - mean[steps.step]
    factor = np.sqrt(np.divide(n, n - 1, out=np.zeros(size - 1), where=n > 1))
    # One row may stand at two steps, so its parts are added before they are squared.
    part = np.zeros((len(weight), size - 1))
    np.add.at(part, (steps.row, steps.step), (w / heavy[steps.step]) * left * factor[steps.step])
    variance = ((part @ linear.T) ** 2).sum(axis=0)
    alone = n == 1
    if alone.any():
        # A single row tells nothing about its own spread: that of all steps stands in.
        pooled = float((left**2).sum()) / max(len(left) - (size - 1), 1)
        variance = variance + (linear[:, alone] ** 2).sum(axis=1) * pooled
    return linear @ mean, np.sqrt(variance)
