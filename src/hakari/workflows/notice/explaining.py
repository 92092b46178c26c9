"""Explaining one row: its attributions, and which of them hold when the explanation is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hakari.measures.explanation._reasons import MOST_REASONS
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions, Features
    from hakari.measures.explanation._features import Players

__all__ = ["explain_row", "method_of"]

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


def explain_row(
    asked: Asked, row: Features, background: Features, players: Players, *, threshold: float, seed: int
) -> Attributions:
    """Return the attributions of one row, with how they hold over other draws and small noise.

    In the quantity and by the method that the measure `explanation.tabular` would take: what the report says of the
    model and what a person is told then are of one kind. The same seed gives the same bytes.
    """
    from hakari.measures.explanation._explaining import Explainer, line_in, settled
    from hakari.measures.explanation.truth import rank_stability, tried

    asked = settled(asked, row, background, players, stream(seed, "notice", "probe"))
    least = _least_rows(players, background)
    explainer = Explainer(asked, background, players, target_error=_TARGET, most_model_rows=max(_FIRST, least))
    found = explainer(row, stream(seed, "notice", "attributions"))
    seeds, draws = _repeats(found)
    tested = rank_stability(
        replace(explainer, target_error=None, most_model_rows=max(_REPEATED, least)),
        row,
        stream(seed, "notice", "stability"),
        seeds=seeds,
        noise=NOISE,
        draws=draws,
        reasons=MOST_REASONS,
        threshold=line_in(asked.quantity, threshold),
        background=background,
        shown=found,
    )
    return tried(found, [tested])


def method_of(found: Attributions, seed: int) -> Mapping[str, Any]:
    """Return how an explanation of `explain_row` was made, for the record."""
    seeds, draws = _repeats(found)
    return {"method": found.method, "noise": NOISE, "draws": draws, "seeds": seeds, "seed": seed}


def _repeats(found: Attributions) -> tuple[int, int]:
    """Repeats with other draws and with noise: other draws change nothing where nothing is drawn."""
    return (0, SEEDS + DRAWS) if found.exact else (SEEDS, DRAWS)


def _least_rows(players: Players, background: Features) -> int:
    """Model rows without which the standard errors of this many players mean nothing: forty walks there and back."""
    return background.rows + 1 + 40 * 4 * len(players)
