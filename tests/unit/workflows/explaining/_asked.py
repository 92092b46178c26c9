"""Questions about functions whose contributions are arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from hakari.measures.explanation import Features, ask
from hakari.workflows.explaining import Question, RowOptions

NAMES = ("a", "b", "c", "d", "e", "f")
WEIGHTS = (32.0, 16.0, 8.0, 4.0, 2.0, 1.0)

Columns = dict[str, npt.NDArray[np.float64]]


def weighted(columns: Columns) -> npt.NDArray[np.float64]:
    """Return the sum of all columns, each with half the weight of the one before it."""
    return np.asarray(np.column_stack([columns[name] for name in NAMES]) @ np.array(WEIGHTS), dtype=np.float64)


def asked_about(
    function: Callable[[Columns], npt.NDArray[np.float64]],
    row: Columns,
    background: Columns,
    *,
    threshold: float = 0.0,
    options: RowOptions | None = None,
) -> Question:
    """Return the question about one row."""
    return Question(
        asked=ask(function, names=tuple(row)),
        row=Features(row),
        background=Features(background),
        score=1.0,
        threshold=threshold,
        positive=True,
        options=options or RowOptions(),
        other_decision=None,
    )


def others(rows: int = 40, seed: int = 3) -> Columns:
    """Return rows around 0."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0.0, 0.3, rows) for name in NAMES}


def ones() -> Columns:
    """Return the row of which every value is 1."""
    return {name: np.ones(1) for name in NAMES}
