"""Importance: which features a model leans on over all rows, and in what shape.

An *importance* is the rise of a loss when a player's columns come from other rows: any other row (permutation), or one
that is alike in the rest (conditional). A *curve* is what the model says along the values of one column: partial
dependence, one line for each row, or accumulated local effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.importance._curve import Curve, Surface
    from hakari.measures.explanation.importance._scoring import Loss
    from hakari.measures.explanation.importance.accumulated import accumulated_effects
    from hakari.measures.explanation.importance.accumulated_pairs import accumulated_interaction
    from hakari.measures.explanation.importance.conditional import conditional_importance
    from hakari.measures.explanation.importance.dependence import individual_expectations, partial_dependence
    from hakari.measures.explanation.importance.estimates import importance_estimates
    from hakari.measures.explanation.importance.permutation import permutation_importance

__all__ = [
    "Curve",
    "Loss",
    "Surface",
    "accumulated_effects",
    "accumulated_interaction",
    "conditional_importance",
    "importance_estimates",
    "individual_expectations",
    "partial_dependence",
    "permutation_importance",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "_curve": ("Curve", "Surface"),
        "_scoring": ("Loss",),
        "accumulated": ("accumulated_effects",),
        "accumulated_pairs": ("accumulated_interaction",),
        "conditional": ("conditional_importance",),
        "dependence": ("individual_expectations", "partial_dependence"),
        "estimates": ("importance_estimates",),
        "permutation": ("permutation_importance",),
    },
)
