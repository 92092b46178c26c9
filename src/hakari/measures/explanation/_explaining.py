"""Explaining: which method fits the model at hand, and its attributions for some rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hakari.errors import InputError
from hakari.measures.explanation._asked import Asked, Quantity
from hakari.measures.explanation._features import Features, Players, players_of
from hakari.measures.explanation.shapley.additive import additive_shapley
from hakari.measures.explanation.shapley.enumeration import MOST_PLAYERS, enumerated_shapley
from hakari.measures.explanation.shapley.sampling import sampled_shapley
from hakari.measures.explanation.shapley.trees import tree_quantity, tree_shapley
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["Choice", "Explainer", "explain", "line_in", "settled"]

Choice = Literal["auto", "additive_shapley", "enumerated_shapley", "tree_shapley", "sampled_shapley"]
"""`auto`: exact where that is cheap, sampled otherwise."""

_PROBED: Final = 20
"""Explained and background rows on which it is tried whether the model is a sum."""
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
    target_error: float | None = 0.01
    """Largest standard error of a sampled value, as a share of the spread of the outputs; None spends all rows."""
    most_model_rows: int = 2_000_000
    """Rows that the model is asked for at most in one call."""
    cancelled: Callable[[], bool] | None = None
    _known: dict[str, Quantity | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What the trees of the model add up, once they were read."""

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
                asked.native,
                asked.coded(rows),
                asked.coded(self.background),
                self.players,
                correlated="marginal",
                positive=asked.positive,
            )
            if found is not None:
                return found
        if self._wants("additive_shapley"):
            exact = additive_shapley(asked, rows, self.background, self.players, rng)
            if exact is not None:
                return exact
        if self._by_enumeration(rows):
            return enumerated_shapley(asked, rows, self.background, self.players)
        if self.choice not in ("auto", "sampled_shapley"):
            raise InputError(say("measures.explanation.explaining.does_not_fit", method=self.choice, model=asked.name))
        return sampled_shapley(
            asked,
            rows,
            self.background,
            self.players,
            rng,
            target_error=self.target_error,
            most_model_rows=self.most_model_rows,
            correlated=self.correlated,
            cancelled=self.cancelled,
        )

    def _wants(self, method: Choice) -> bool:
        """Whether an exact method was asked for; each of them answers the marginal question only."""
        return self.choice in ("auto", method) and self.correlated == "marginal"

    def _by_trees(self, asked: Asked) -> bool:
        if not self._wants("tree_shapley"):
            return False
        # Reading hundreds of trees takes longer than asking whether they are of the wanted kind; other models that
        # are explained in the same way are of the same kind.
        if "trees" not in self._known:
            self._known["trees"] = tree_quantity(self.asked.native)
        return self._known["trees"] == asked.quantity

    def _by_enumeration(self, rows: Features) -> bool:
        if self.choice == "enumerated_shapley":
            return self.correlated == "marginal"
        price = 2.0 ** len(self.players) * self.background.rows * rows.rows
        return self._wants("enumerated_shapley") and len(self.players) <= MOST_PLAYERS and price <= _CHEAP


def settled(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    choice: Choice = "auto",
    correlated: Literal["marginal", "conditional"] = "marginal",
) -> Asked:
    """Return the model asked for what it adds up itself: what its trees add, or log-odds where these are a sum.

    A model that adds up neither is asked for its score.
    """
    if correlated != "marginal":
        return asked
    by_trees = tree_quantity(asked.native) if choice in ("auto", "tree_shapley") else None
    if by_trees is not None:
        return asked.in_quantity(by_trees)
    if choice not in ("auto", "additive_shapley"):
        return asked
    few, others = rows.take(slice(0, _PROBED)), background.take(slice(0, _PROBED))
    outputs = asked(few)
    if additive_shapley(asked, few, others, players, rng) is not None or not ((outputs >= 0) & (outputs <= 1)).all():
        # An amount has no odds.
        return asked
    log_odds = asked.in_quantity("log_odds")
    return asked if additive_shapley(log_odds, few, others, players, rng) is None else log_odds


def line_in(quantity: Quantity, line: float) -> float:
    """Return the line of a decision on scores in the unit that is explained."""
    if quantity != "log_odds":
        return line
    if not 0 < line < 1:
        return math.inf if line >= 1 else -math.inf
    return math.log(line) - math.log1p(-line)


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
