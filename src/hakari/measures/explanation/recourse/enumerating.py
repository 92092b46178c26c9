"""Enumerating: every setting of the levers of a row, where they are few, so that what is found is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation.recourse.problem import Problem, States

if TYPE_CHECKING:
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["enumerated", "sizes"]

_AT_ONCE: Final = 100_000


def sizes(problem: Problem) -> FloatArray:
    """Return how many settings each row has (n,), the row as it is among them; infinite where a lever has any size."""
    found = np.ones(problem.rows.rows)
    for lever in problem.levers:
        if lever.every is None:
            # A row that cannot move this lever has no endless number of settings.
            found[~np.isnan(lever.first).all(axis=1)] = np.inf
        else:
            found *= 1 + (~np.isnan(lever.every)).sum(axis=1)
    return found


def enumerated(problem: Problem, row: IntArray, most: int) -> States:
    """Return the cheapest valid states of these rows (i,), up to `most` of each set of levers among all settings.

    A row that is not among them has no valid state at all.
    """
    parts: list[States] = []
    waiting: list[FloatArray] = []
    owners: list[IntArray] = []
    size = 0
    for each in row.tolist():
        settings = _all(problem, each)
        waiting.append(settings)
        owners.append(np.full(len(settings), each, dtype=np.int64))
        size += len(settings)
        if size >= _AT_ONCE:
            parts.append(_tried(problem, owners, waiting, most))
            waiting, owners, size = [], [], 0
    if waiting:
        parts.append(_tried(problem, owners, waiting, most))
    return States.joined(parts)


def _tried(problem: Problem, owners: list[IntArray], settings: list[FloatArray], most: int) -> States:
    from hakari.measures.explanation.recourse.beam import best_of_each

    found = problem.states(np.concatenate(owners), np.concatenate(settings))
    found = found.take(found.valid)
    return best_of_each(found, found.cost, most)


def _all(problem: Problem, row: int) -> FloatArray:
    """All settings of one row (s, levers) but the row as it is."""
    choices = []
    for lever in problem.levers:
        every = np.zeros(0) if lever.every is None else lever.every[row]
        choices.append(np.r_[np.nan, every[~np.isnan(every)]])
    grid = np.meshgrid(*choices, indexing="ij")
    return np.column_stack([axis.ravel() for axis in grid])[1:]
