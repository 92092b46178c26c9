"""Dependence: what a model says of the rows with one column set to each of its values in turn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.importance._curve import Curve
from hakari.measures.explanation.importance._grid import Grid, checked_column, checked_points, grid_of, row_weights
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["individual_expectations", "partial_dependence"]


def partial_dependence(
    asked: Asked,
    rows: Features,
    player: str,
    *,
    points: int = 20,
    grid: Sequence[Any] | None = None,
    centred: bool = False,
    weights: npt.NDArray[Any] | None = None,
) -> Curve:
    """Return the mean output with the column set to each grid value in all rows (Friedman 2001, eq. 53).

    Friedman 2001: doi 10.1214/aos/1013203451. `points` values at equal shares of the rows, or the most frequent levels
    of a text; or the values of `grid`. With `centred` each row's own mean over the grid is taken off first: then the
    errors are those of the shape, without the spread of the rows' levels.

    Raises:
        InputError: no such column, fewer than two points, weights that cannot be used, or the model failed.
    """
    started, before = time.perf_counter(), asked.rows
    weight = row_weights(weights, rows.rows)
    found = grid_of(checked_column(rows, player), checked_points(points), weight, grid)
    lines = _lines(asked, rows, player, found, centred=centred)
    share = weight / weight.sum()
    mean = share @ lines
    n = int((weight > 0).sum())
    spread = (share**2) @ (lines - mean) ** 2 * (n / (n - 1) if n > 1 else 1.0)
    return Curve(
        player=player,
        kind="partial_dependence",
        grid=found.values,
        values=mean[None],
        errors=np.sqrt(spread)[None],
        counts=found.counts,
        centred=centred,
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.importance.limit.dependence"), *found.limits(player)),
    )


def individual_expectations(
    asked: Asked,
    rows: Features,
    player: str,
    *,
    points: int = 20,
    grid: Sequence[Any] | None = None,
    centred: bool = False,
) -> Curve:
    """Return one line for each row: its output with the column set to each grid value (Goldstein et al. 2015).

    Goldstein et al. 2015: doi 10.1080/10618600.2014.907095. Lines that cross show that columns act together, which
    their mean, the partial dependence, hides. Parameters as in `partial_dependence`.

    Raises:
        InputError: no such column, fewer than two points, or the model failed.
    """
    started, before = time.perf_counter(), asked.rows
    found = grid_of(checked_column(rows, player), checked_points(points), np.ones(rows.rows), grid)
    lines = _lines(asked, rows, player, found, centred=centred)
    return Curve(
        player=player,
        kind="individual_expectations",
        grid=found.values,
        values=lines,
        errors=np.zeros_like(lines),
        counts=found.counts,
        centred=centred,
        quantity=asked.quantity,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        limits=(say("measures.explanation.importance.limit.dependence"), *found.limits(player)),
    )


def _lines(asked: Asked, rows: Features, player: str, grid: Grid, *, centred: bool) -> FloatArray:
    """Return the outputs (n, G) with the column set to each grid value."""
    outputs = [asked(rows.with_columns({player: np.repeat(grid.raw[[at]], rows.rows)})) for at in range(len(grid.raw))]
    lines = np.column_stack(outputs)
    if centred:
        counts = grid.counts
        weights = counts if counts.any() else np.ones(len(counts))
        lines = lines - (lines @ weights / weights.sum())[:, None]
    return lines
