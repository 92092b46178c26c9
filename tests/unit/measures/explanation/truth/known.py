"""Models whose explanation is known, and exact Shapley values by the sum over all coalitions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.measures.explanation import Asked, Attributions, Cost, Features, players_of

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats], Floats]


def features(rows: int, columns: int = 5, *, seed: int = 0) -> Features:
    matrix = np.random.default_rng(seed).normal(size=(rows, columns))
    return Features({f"x{place}": matrix[:, place] for place in range(columns)})


def asked(function: Function, *, native: Any = None) -> Asked:
    return Asked(lambda rows: function(rows.matrix()), native=native)


def attributions(rows: Features, values: Floats, *, outputs: Floats | None = None, base: float = 0.0) -> Attributions:
    return Attributions(
        method="enumerated_shapley",
        players=players_of(rows.names),
        values=np.asarray(values, dtype=float),
        errors=None,
        base=np.full(rows.rows, base),
        outputs=np.asarray(values, dtype=float).sum(axis=1) + base if outputs is None else outputs,
        quantity="score",
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=7),
    )


def exact(model: Asked, rows: Features, background: Features) -> Attributions:
    """Shapley values by definition: every coalition of the others, over the whole background."""
    n, names = rows.rows, rows.names
    d = len(names)
    worth: dict[frozenset[int], Floats] = {}
    for size in range(d + 1):
        for chosen in combinations(range(d), size):
            mixed = {}
            for place, name in enumerate(names):
                if place in chosen:
                    mixed[name] = np.repeat(rows.columns[name], background.rows)
                else:
                    mixed[name] = np.tile(background.columns[name], n)
            worth[frozenset(chosen)] = model(Features(mixed)).reshape(n, -1).mean(axis=1)
    values = np.zeros((n, d))
    for player in range(d):
        for inside, value in worth.items():
            if player not in inside:
                weight = factorial(len(inside)) * factorial(d - len(inside) - 1) / factorial(d)
                values[:, player] += weight * (worth[inside | {player}] - value)
    found = attributions(rows, values, outputs=worth[frozenset(range(d))])
    return Attributions(
        **{name: getattr(found, name) for name in ("method", "players", "values", "errors", "outputs", "quantity")},
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=n * background.rows * 2**d),
        base=worth[frozenset()],
    )


WEIGHTS = np.array([3.0, -2.0, 1.0, 0.5, 0.0])


def linear(matrix: Floats) -> Floats:
    return np.asarray(matrix @ WEIGHTS[: matrix.shape[1]], dtype=float)


def linear_values(rows: Features, background: Features) -> Floats:
    """w_j (x_j − mean of x_j)."""
    return np.asarray((rows.matrix() - background.matrix().mean(axis=0)) * WEIGHTS[: len(rows.names)], dtype=float)


def xor(matrix: Floats) -> Floats:
    return np.asarray((matrix[:, 0] > 0) != (matrix[:, 1] > 0), dtype=float)


def interaction(matrix: Floats) -> Floats:
    return np.asarray(matrix[:, 0] * matrix[:, 1] + matrix[:, 2], dtype=float)
