"""Explaining one row: its attributions, and which of them hold when the explanation is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.measures.explanation._reasons import MOST_REASONS
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions, Features
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import FloatArray

__all__ = ["Explained", "explain_row"]

_ENUMERATED: Final = 200_000
"""Model rows up to which a row is explained exactly."""
_FIRST: Final = 60_000
"""Model rows of the explanation that is stated, at most."""
_REPEATED: Final = 8_000
"""Model rows of each repeat, at most."""
_TARGET: Final = 0.01
"""Standard error to stop at."""
SEEDS: Final = 20
DRAWS: Final = 20
NOISE: Final = 0.02
"""Small noise: 2 % of a column's robust spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The explanation of one row."""

    attributions: Attributions
    """One row."""
    kept: FloatArray
    """(d,): share of repeats in which a player kept its sign and stayed among the first."""
    near_line: bool
    """True if small noise moved the row across the line."""
    method: Mapping[str, Any]
    """How it was done, for the record."""


def explain_row(
    asked: Asked, row: Features, background: Features, players: Players, *, threshold: float, seed: int
) -> Explained:
    """Return the attributions of one row, and how they hold over other draws and small noise.

    Exact where the coalitions of the players are few enough, else by sampled permutations (see
    `measures.explanation.shapley`). The same seed gives the same bytes.
    """
    from hakari.measures.explanation.shapley import enumerated_shapley, sampled_shapley
    from hakari.measures.explanation.truth import rank_stability

    exact = len(players) <= 12 and 2 ** len(players) * background.rows <= _ENUMERATED
    if exact:
        found = enumerated_shapley(asked, row, background, players)
    else:
        rng = stream(seed, "notice", "attributions")
        most = max(_FIRST, _least_rows(players, background))
        found = sampled_shapley(asked, row, background, players, rng, target_error=_TARGET, most_model_rows=most)
    repeated = max(_REPEATED, _least_rows(players, background))

    def explain(rows: Features, rng: np.random.Generator) -> Attributions:
        return sampled_shapley(asked, rows, background, players, rng, target_error=None, most_model_rows=repeated)

    rng = stream(seed, "notice", "stability")
    tested = rank_stability(
        explain,
        row,
        rng,
        seeds=SEEDS,
        noise=NOISE,
        draws=DRAWS,
        reasons=MOST_REASONS,
        threshold=threshold,
        background=background,
        shown=found,
    )
    return Explained(
        attributions=found,
        kept=tested.kept[0],
        near_line=bool(tested.near_line[0]),
        method={"method": found.method, "noise": NOISE, "draws": DRAWS, "seeds": SEEDS, "seed": seed},
    )


def _least_rows(players: Players, background: Features) -> int:
    """Model rows without which the standard errors of this many players mean nothing: forty walks there and back."""
    return background.rows + 1 + 40 * 4 * len(players)
