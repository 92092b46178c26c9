"""Explaining one row: its attributions, and which of them hold when the explanation is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hakari.measures.explanation._reasons import MOST_REASONS
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions, Features
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import FloatArray

__all__ = ["Explained", "explain_row"]

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

    In the quantity and by the method that the measure `explanation.tabular` would take: what the report says of the
    model and what a person is told then are of one kind. The same seed gives the same bytes.
    """
    from hakari.measures.explanation._explaining import Explainer, line_in, settled
    from hakari.measures.explanation.truth import rank_stability

    asked = settled(asked, row, background, players, stream(seed, "notice", "probe"))
    least = _least_rows(players, background)
    explainer = Explainer(asked, background, players, target_error=_TARGET, most_model_rows=max(_FIRST, least))
    found = explainer(row, stream(seed, "notice", "attributions"))
    exact = found.errors is not None and not found.errors.any()
    # Other draws change nothing where nothing is drawn: noise has all the repeats then.
    seeds, draws = (0, SEEDS + DRAWS) if exact else (SEEDS, DRAWS)
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
    return Explained(
        attributions=found,
        kept=tested.kept[0],
        near_line=bool(tested.near_line[0]),
        method={"method": found.method, "noise": NOISE, "draws": draws, "seeds": seeds, "seed": seed},
    )


def _least_rows(players: Players, background: Features) -> int:
    """Model rows without which the standard errors of this many players mean nothing: forty walks there and back."""
    return background.rows + 1 + 40 * 4 * len(players)
