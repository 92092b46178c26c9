"""Explanation: how much each feature adds to what a model says about a row, and whether that is true.

An *attribution* shares out the difference between a base value and the model's output among *players* (features, or
groups of features that belong together). Every method returns one type, `Attributions`, with standard errors, what the
values sum to, and what they cost; the methods in `truth` then say whether the values hold, and the same type takes up
what they found. Evidence (`explanation.tabular`), chart, table and `sentences` all follow from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._asking import ask
    from hakari.measures.explanation._attributions import Attributions, Cost
    from hakari.measures.explanation._explaining import Explainer, explain
    from hakari.measures.explanation._features import Features, players_of
    from hakari.measures.explanation._sentences import sentences

__all__ = ["Asked", "Attributions", "Cost", "Explainer", "Features", "ask", "explain", "players_of", "sentences"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "_asked": ("Asked",),
        "_asking": ("ask",),
        "_attributions": ("Attributions", "Cost"),
        "_explaining": ("Explainer", "explain"),
        "_features": ("Features", "players_of"),
        "_sentences": ("sentences",),
    },
)
