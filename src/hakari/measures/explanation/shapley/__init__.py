"""Shapley: what each feature adds to a prediction, as the average over all orders in which features become known.

The value of a player (a feature, or a group of features) is the weighted mean of what it adds to every coalition of
the others (Shapley 1953). What a coalition is worth is the model's mean output when its features keep their values and
the rest is replaced. Three roads lead to the same numbers: all coalitions (`enumeration`), the leaves of trees
(`trees`), and a sample of walks from a background row to the explained row, with standard errors (`sampling`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.shapley.enumeration import MOST_PLAYERS, enumerated_shapley
    from hakari.measures.explanation.shapley.interactions import (
        Interactions,
        enumerated_interactions,
        sampled_interactions,
    )
    from hakari.measures.explanation.shapley.sampling import sampled_shapley
    from hakari.measures.explanation.shapley.trees import opens, tree_shapley

__all__ = [
    "MOST_PLAYERS",
    "Interactions",
    "enumerated_interactions",
    "enumerated_shapley",
    "opens",
    "sampled_interactions",
    "sampled_shapley",
    "tree_shapley",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "enumeration": ("MOST_PLAYERS", "enumerated_shapley"),
        "interactions": ("Interactions", "enumerated_interactions", "sampled_interactions"),
        "sampling": ("sampled_shapley",),
        "trees": ("opens", "tree_shapley"),
    },
)
