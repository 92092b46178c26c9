"""What the tests of Shapley values share: tables, functions with known answers, and the definition written out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, combinations
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.measures.explanation import Asked, Features

Floats = npt.NDArray[np.float64]


def features(matrix: Floats) -> Features:
    """A matrix as columns f0, f1, …"""
    return Features({f"f{at}": matrix[:, at] for at in range(matrix.shape[1])})


def asked(function: Callable[[Floats], Any]) -> Asked:
    """A function of a matrix as a model."""
    return Asked(lambda rows: function(rows.matrix()))


def subsets(players: Iterable[int]) -> Iterable[tuple[int, ...]]:
    """All subsets, the empty one first."""
    held = tuple(players)
    return chain.from_iterable(combinations(held, size) for size in range(len(held) + 1))


def by_definition(worth: Callable[[frozenset[int]], float], count: int) -> Floats:
    """Shapley's sum over coalitions without the player, term by term."""
    found = np.zeros(count)
    for player in range(count):
        for subset in subsets(set(range(count)) - {player}):
            weight = factorial(len(subset)) * factorial(count - len(subset) - 1) / factorial(count)
            found[player] += weight * (worth(frozenset({*subset, player})) - worth(frozenset(subset)))
    return found


def marginal_worth(
    function: Callable[[Floats], Any], row: Floats, background: Floats
) -> Callable[[frozenset[int]], float]:
    """Worth of a coalition: mean output with its columns from the row and the rest from each background row."""

    def worth(coalition: frozenset[int]) -> float:
        mixed = background.copy()
        mixed[:, list(coalition)] = row[list(coalition)]
        return float(np.mean(function(mixed)))

    return worth
