"""Attributing one row: what each feature adds to its result, and which of it holds when that is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hakari.measures.explanation._reasons import MOST_REASONS
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions, Features
    from hakari.measures.explanation._features import Players
    from hakari.workflows.explaining.question import Question

__all__ = ["NOISE", "explain_row", "method_of", "repeats_of"]

_FIRST: Final = 60_000
"""Model rows of the explanation that is stated, at most."""
_REPEATED: Final = 8_000
"""Model rows of each repeat, at most."""
_TARGET: Final = 0.01
"""Standard error to stop at."""
_SEEDS: Final = 20
_DRAWS: Final = 20
NOISE: Final = 0.02
"""Small noise: 2 % of a column's robust spread."""


def explain_row(question: Question, players: Players, *, seed: int) -> Attributions:
    """Return the attributions of one row, with how they hold over other draws and small noise.

    In the quantity and by the method that the measure `explanation.tabular` would take: what the report says of the
    model and what is said of one row are of one kind. The same seed gives the same bytes.
    """
    from hakari.measures.explanation._explaining import Explainer, line_in
    from hakari.measures.explanation.truth import rank_stability, tried

    row, background, options = question.row, question.background, question.options
    asked = _in_quantity(question, players, seed)
    least = _least_rows(players, background)
    explainer = Explainer(
        asked,
        background,
        players,
        choice=options.method,
        correlated=options.correlated,
        target_error=_TARGET,
        most_model_rows=max(_FIRST, least),
    )
    found = explainer(row, stream(seed, "notice", "attributions"))
    seeds, draws = repeats_of(found)
    tested = rank_stability(
        replace(explainer, target_error=None, most_model_rows=max(_REPEATED, least)),
        row,
        stream(seed, "notice", "stability"),
        seeds=seeds,
        noise=NOISE,
        draws=draws,
        reasons=MOST_REASONS,
        threshold=line_in(asked.quantity, question.threshold),
        background=background,
        shown=found,
    )
    return tried(found, [tested])


def method_of(found: Attributions, seed: int) -> Mapping[str, Any]:
    """Return how an explanation of `explain_row` was made, for the record."""
    seeds, draws = repeats_of(found)
    return {"method": found.method, "noise": NOISE, "draws": draws, "seeds": seeds, "seed": seed}


def repeats_of(found: Attributions) -> tuple[int, int]:
    """Return the repeats with other draws and with noise: other draws change nothing where nothing is drawn."""
    return (0, _SEEDS + _DRAWS) if found.exact else (_SEEDS, _DRAWS)


def _in_quantity(question: Question, players: Players, seed: int) -> Asked:
    from hakari.measures.explanation._explaining import settled

    options = question.options
    if options.quantity != "auto":
        return question.asked.in_quantity(options.quantity)
    return settled(
        question.asked,
        question.row,
        question.background,
        players,
        stream(seed, "notice", "probe"),
        choice=options.method,
        correlated=options.correlated,
    )


def _least_rows(players: Players, background: Features) -> int:
    """Model rows without which the standard errors of this many players mean nothing: forty walks there and back."""
    return background.rows + 1 + 40 * 4 * len(players)
