"""Surrogate: a model that a person can read, in place of one that nobody can.

A *local* surrogate is a plane through what the model says near one row (LIME); a *global* one is a small tree or a
linear model for all rows. Either is worth what its *fidelity* says, measured on rows that it was not fitted to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.surrogate._stand_in import Condition, Leaf, Surrogate, Term
    from hakari.measures.explanation.surrogate.imitation import glass_box
    from hakari.measures.explanation.surrogate.local_linear import LocalFits, lime, local_fits

__all__ = ["Condition", "Leaf", "LocalFits", "Surrogate", "Term", "glass_box", "lime", "local_fits"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "_stand_in": ("Condition", "Leaf", "Surrogate", "Term"),
        "imitation": ("glass_box",),
        "local_linear": ("LocalFits", "lime", "local_fits"),
    },
)
