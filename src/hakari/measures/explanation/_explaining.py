"""Explaining: which method fits the model at hand, and its attributions for some rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hakari.measures.explanation._asked import Asked
from hakari.measures.explanation._features import Features, Players, players_of
from hakari.measures.explanation.shapley.additive import additive_shapley
from hakari.measures.explanation.shapley.enumeration import MOST_PLAYERS, enumerated_shapley
from hakari.measures.explanation.shapley.sampling import sampled_shapley
from hakari.measures.explanation.shapley.trees import tree_quantity, tree_shapley

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["Choice", "Explainer", "explain"]

Choice = Literal["auto", "additive_shapley", "enumerated_shapley", "tree_shapley", "sampled_shapley"]
"""`auto`: exact where that is cheap, sampled otherwise."""

_CHEAP: Final = 2_000_000
"""Model rows up to which every coalition is asked for: some seconds with most models."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """One way to explain, held fast: the model, what stands in for what is left out, the players and the method.

    Called with rows and chance it gives their attributions; the tests of faithfulness and stability call it again.
    """

    asked: Asked
    background: Features
    players: Players
    choice: Choice = "auto"
    correlated: Literal["marginal", "conditional"] = "marginal"
    target_error: float = 0.01
    """Largest standard error of a sampled value, as a share of the spread of the outputs."""
    most_model_rows: int = 2_000_000
    """Rows that the model is asked for at most in one call."""
    progress: Callable[[int, int], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def __call__(self, rows: Features, rng: np.random.Generator) -> Attributions:
        """Return the attributions of `rows`.

        Raises:
            InputError: the method does not fit the model, or the model failed.
        """
        return self.of(self.asked, rows, rng)

    def of(self, asked: Asked, rows: Features, rng: np.random.Generator) -> Attributions:
        """Return the attributions of `rows` for another model by the same method."""
        if self._by_trees(asked):
            found = tree_shapley(
                asked.native, rows, self.background, self.players, correlated="marginal", positive=asked.positive
            )
            if found is not None:
                return found
        if self.choice in ("auto", "additive_shapley") and self.correlated == "marginal":
            exact = additive_shapley(asked, rows, self.background, self.players, rng)
            if exact is not None:
                return exact
        if self._by_enumeration(rows):
            return enumerated_shapley(asked, rows, self.background, self.players)
        return sampled_shapley(
            asked,
            rows,
            self.background,
            self.players,
            rng,
            target_error=self.target_error,
            most_model_rows=self.most_model_rows,
            correlated=self.correlated,
            progress=self.progress,
            cancelled=self.cancelled,
        )

    def _by_trees(self, asked: Asked) -> bool:
        wanted = self.choice in ("auto", "tree_shapley") and self.correlated == "marginal"
        return wanted and tree_quantity(asked.native) == asked.quantity

    def _by_enumeration(self, rows: Features) -> bool:
        if self.choice == "enumerated_shapley":
            return True
        few = len(self.players) <= MOST_PLAYERS
        price = 2.0 ** len(self.players) * self.background.rows * rows.rows
        return self.choice == "auto" and self.correlated == "marginal" and few and price <= _CHEAP


def explain(
    asked: Asked,
    rows: Features,
    background: Features,
    *,
    seed: int = 0,
    players: Players | None = None,
    choice: Choice = "auto",
    correlated: Literal["marginal", "conditional"] = "marginal",
    target_error: float = 0.01,
    most_model_rows: int = 2_000_000,
) -> Attributions:
    """Return how much each feature adds to what a model says about `rows`, compared with `background`.

    Args:
        asked: the model, from `ask(model, names=…)`.
        rows: what is explained.
        background: rows whose values stand in for a feature that is left out.
        seed: of the draws; the same seed gives the same values.
        players: groups of columns that belong together, from `players_of`; each column alone if left out.
        choice: the method; `auto` takes an exact one where that is cheap.
        correlated: whether values that stand in come from any row (`marginal`) or from rows alike (`conditional`).
        target_error: sampling stops at this standard error, as a share of the spread of the outputs.
        most_model_rows: sampling stops at this price at the latest.

    Raises:
        InputError: the method does not fit the model, or the model failed.

    >>> import numpy as np
    >>> x = Features({"a": np.array([0.0, 2.0]), "b": np.array([1.0, 1.0])})
    >>> found = explain(ask(lambda columns: columns["a"] + columns["b"] / 2, names=("a", "b")), x, x)
    >>> found.values.tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    explainer = Explainer(
        asked,
        background,
        players or players_of(rows.names),
        choice=choice,
        correlated=correlated,
        target_error=target_error,
        most_model_rows=most_model_rows,
    )
    return explainer(rows, np.random.Generator(np.random.PCG64(seed)))
