"""Attributions: the one result type of explanations; evidence, charts, tables and sentences follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.evidence import Estimate
    from hakari.measures.explanation._asked import Quantity
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Attributions", "Correlated", "Cost", "Method"]

Method = Literal[
    "additive_shapley",
    "enumerated_shapley",
    "tree_shapley",
    "sampled_shapley",
    "lime",
    "permutation_importance",
    "conditional_importance",
]
"""How the values were found."""

Correlated = Literal["marginal", "conditional", "tree_paths"]
"""What stands in for a feature that is left out: values of other rows whatever the rest says (`marginal`), values of
rows that are alike in the rest (`conditional`), or the shares of training rows along a tree's paths (`tree_paths`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an explanation cost."""

    model_rows: int
    """Rows that the model was asked for; the same on every machine."""
    seconds: float = 0.0
    """Time on this machine; never part of evidence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attributions:
    """How much each player (a feature, or a group of features) adds to what is explained, row by row.

    Shapes: n rows, d players. For an importance over all rows n is 1.
    """

    method: Method
    """How the values were found."""
    players: Players
    """What the d columns of `values` stand for: name → columns of the model."""
    values: FloatArray
    """(n, d): what each player adds, in the unit of `quantity`."""
    errors: FloatArray | None
    """(n, d): standard errors from the finite number of model rows; 0 where exact, None where the method has none."""
    base: FloatArray
    """(n,): where the values start from, such as the mean output over the background."""
    outputs: FloatArray
    """(n,): what the model says about each row (for an importance: the performance with every feature in place)."""
    quantity: Quantity
    """Unit of base, values and outputs."""
    correlated: Correlated
    """What stands in for a feature that is left out."""
    additive: bool
    """True if base and values sum to the output by definition, so that a gap is an error."""
    cost: Cost
    """What it cost."""
    faithfulness: tuple[Estimate, ...] = ()
    """Whether the values say what the model does: figures of the trials that were made, none before (`tried`)."""
    stability: tuple[Estimate, ...] = ()
    """Whether the values hold over other chance and small changes of the row, from the same trials."""
    followed: BoolArray | None = None
    """(n,): whether replacing what is named first moves each row's output faster than chance; None before a trial."""
    kept: FloatArray | None = None
    """(n, d): share of repeats in which a player kept its sign and stayed among the first; None before a trial."""
    near_line: BoolArray | None = None
    """(n,): whether small noise can take the row to the other decision; None before a trial."""
    limits: tuple[Message, ...] = field(default=())
    """What these values cannot say."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(self.players)

    @property
    def rows(self) -> int:
        """Number of explained rows."""
        return len(self.values)

    @property
    def exact(self) -> bool:
        """True if no chance is in the values."""
        return self.errors is not None and not self.errors.any()

    @property
    def gaps(self) -> FloatArray:
        """(n,): output − base − Σ values; 0 for an additive method, what is left unexplained for another."""
        return np.asarray(self.outputs - self.base - self.values.sum(axis=1), dtype=np.float64)

    def importance(self) -> FloatArray:
        """(d,): mean absolute value over the rows (Lundberg et al. 2020, doi 10.1038/s42256-019-0138-9)."""
        return np.asarray(np.abs(self.values).mean(axis=0), dtype=np.float64)

    def take(self, index: IntArray | slice) -> Attributions:
        """Return the rows at `index`; the figures of faithfulness and stability stay those of all rows."""
        return replace(
            self,
            values=self.values[index],
            errors=None if self.errors is None else self.errors[index],
            base=self.base[index],
            outputs=self.outputs[index],
            followed=None if self.followed is None else self.followed[index],
            kept=None if self.kept is None else self.kept[index],
            near_line=None if self.near_line is None else self.near_line[index],
        )

    def sums_to(self) -> Message:
        """Return in words what base and values sum to, and what is explained."""
        key = "sums" if self.additive else "does_not_sum"
        return say(
            f"measures.explanation.attributions.{key}",
            quantity=say(f"measures.explanation.quantity.{self.quantity}"),
            correlated=say(f"measures.explanation.correlated.{self.correlated}"),
        )
