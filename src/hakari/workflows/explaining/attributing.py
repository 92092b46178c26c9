"""Attributing one row: what each feature adds to its result, and which of it holds when that is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from hakari.measures.explanation._reasons import MOST_REASONS
from hakari.messages import Message, say
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions, Explainer, Features
    from hakari.measures.explanation._explaining import Choice
    from hakari.measures.explanation._features import Players
    from hakari.measures.explanation.truth import RankStability
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
    from hakari.measures.explanation.truth import tried

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
    repeated = _repeated_exactly if found.exact else _repeated
    tested = repeated(
        replace(explainer, target_error=None, most_model_rows=max(_REPEATED, least)),
        row,
        found,
        stream(seed, "notice", "stability"),
        threshold=line_in(asked.quantity, question.threshold),
    )
    return tried(found, [tested])


def method_of(found: Attributions, seed: int) -> Mapping[str, Any]:
    """Return how an explanation of `explain_row` was made, for the record."""
    seeds, draws = repeats_of(found)
    return {"method": found.method, "noise": NOISE, "draws": draws, "seeds": seeds, "seed": seed}


def repeats_of(found: Attributions) -> tuple[int, int]:
    """Return the repeats with other draws and with noise: other draws change nothing where nothing is drawn."""
    return (0, _SEEDS + _DRAWS) if found.exact else (_SEEDS, _DRAWS)


def _repeated(
    explainer: Explainer, row: Features, found: Attributions, rng: np.random.Generator, *, threshold: float
) -> RankStability:
    from hakari.measures.explanation.truth import rank_stability

    seeds, draws = repeats_of(found)
    return rank_stability(
        explainer,
        row,
        rng,
        seeds=seeds,
        noise=NOISE,
        draws=draws,
        reasons=MOST_REASONS,
        threshold=threshold,
        background=explainer.background,
        shown=found,
    )


def _repeated_exactly(
    explainer: Explainer, row: Features, found: Attributions, rng: np.random.Generator, *, threshold: float
) -> RankStability:
    """The same for a method without chance: all repeats are rows of one question, of which most of the work is shared.

    Trees are read once and compared with the background once, instead of forty times.
    """
    from hakari.measures.explanation.truth import rank_stability

    _, draws = repeats_of(found)
    copies = rank_stability(
        # Many rows must not make another method of it.
        replace(explainer, choice=cast("Choice", found.method)),
        row.repeated(draws),
        rng,
        seeds=0,
        noise=NOISE,
        draws=1,
        reasons=MOST_REASONS,
        threshold=threshold,
        background=explainer.background,
        shown=found.take(np.zeros(draws, dtype=np.int64)),
    )
    counted = copies.repeats.sum()
    return replace(
        copies,
        estimates=(copies.estimate("rank_correlation"),),
        per_row=copies.kept.sum(axis=0, keepdims=True).max(axis=1) / max(counted, 1.0),
        passed=None,
        left_out=0,
        tables=(),
        limits=tuple(_of_one_row(copies.limits, draws)),
        kept=copies.kept.sum(axis=0, keepdims=True) / max(counted, 1.0),
        crossed=np.array([copies.crossed.mean()]),
        repeats=np.array([counted]),
    )


def _of_one_row(limits: Sequence[Message], draws: int) -> Iterator[Message]:
    """The limits of many copies as those of one row: how often it was repeated, and nothing that counts rows."""
    for limit in limits:
        if limit.key == "measures.explanation.truth.ranks.limit_exact":
            yield say(limit.key, **{**limit.arguments, "draws": draws})
        elif "rows" not in limit.arguments:
            yield limit


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
