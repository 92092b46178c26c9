"""Trial: what one question to one explanation found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Table
from hakari.measures.explanation._asked import Asked
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation._features import Features
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Explain", "ExplainModel", "Trial", "generator", "require_match"]

Explain = Callable[[Features, np.random.Generator], Attributions]
"""Explain these rows with this chance; method, background and players stay the same."""

ExplainModel = Callable[[Asked, Features, np.random.Generator], Attributions]
"""Explain another model by the same method, background and players."""

_MOST_SEED = 2**53


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """One question to one explanation of n rows."""

    about: Literal["faithfulness", "stability"]
    """Whether it asks if the values say what the model does, or if they hold."""
    estimates: tuple[Estimate, ...]
    """The figures with their intervals over rows, the main one first."""
    per_row: FloatArray
    """(n,): the main figure of each row; nan where the row was left out."""
    passed: BoolArray | None = None
    """(n,): whether the row's explanation passed; None where the question has no such line. False if left out."""
    left_out: int = 0
    """Rows of which the question cannot be asked, such as rows with nothing to explain."""
    cost: Cost
    """What it cost, beyond the explanation that was tried."""
    tables: tuple[Table, ...] = ()
    """Counts from which the shares can be derived again."""
    limits: tuple[Message, ...] = ()
    """What these figures cannot say."""

    def estimate(self, metric: str) -> Estimate:
        """Return the estimate of one metric.

        Raises:
            KeyError: no such metric.
        """
        found = {each.metric: each for each in self.estimates}
        return found[metric]


def generator(rng: np.random.Generator) -> Callable[[], np.random.Generator]:
    """Draw one seed and return what makes a fresh generator of it each time: equal chance for equal questions."""
    seed = int(rng.integers(_MOST_SEED))
    return lambda: np.random.Generator(np.random.PCG64(seed))


def require_match(rows: Features, attributions: Attributions, asked: Asked | None = None) -> None:
    """Refuse an explanation of other rows or of another quantity, and values that are no numbers.

    Raises:
        InputError: one of these.
    """
    if attributions.rows != rows.rows:
        raise InputError(say("measures.explanation.truth.rows", explained=attributions.rows, rows=rows.rows))
    if rows.rows == 0:
        raise InputError(say("measures.explanation.truth.no_rows"))
    if asked is not None and asked.quantity != attributions.quantity:
        raise InputError(
            say("measures.explanation.truth.quantity", explained=attributions.quantity, asked=asked.quantity)
        )
    wrong = int((~np.isfinite(attributions.values)).sum())
    if wrong:
        raise InputError(say("measures.explanation.truth.not_finite", count=wrong))
