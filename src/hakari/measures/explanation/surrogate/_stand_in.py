"""Stand-in: a model that a person can read, beside the one that it imitates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hakari.measures.explanation.importance._encoding import is_number, numbers, texts
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.evidence import Estimate
    from hakari.measures.explanation._asked import Quantity
    from hakari.measures.explanation._attributions import Cost
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Condition", "Leaf", "Operator", "Surrogate", "SurrogateKind", "Term"]

SurrogateKind = Literal["tree", "linear"]
"""A small decision tree, or a sum of terms."""
Operator = Literal["<=", ">", "is", "is_not", "missing", "known"]
"""How a column is compared; `missing` and `known` compare with nothing."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a rule."""

    column: str
    """Column of the model."""
    operator: Operator
    """How it is compared."""
    value: float | str | None
    """A number for <= and >, a level for is and is_not, None for missing and known."""
    missing: bool = False
    """Whether a row without a number fulfils it too."""
    gaps: bool = False
    """Whether rows without a number occurred; if not, the words leave `missing` out."""

    def holds(self, features: Features) -> BoolArray:
        """Return which rows fulfil it (n,)."""
        values = features.columns[self.column]
        if not is_number(values):
            same = np.asarray(texts(values) == self.value, dtype=bool)
            return same if self.operator == "is" else ~same
        plain = numbers(values)
        absent = np.isnan(plain)
        if self.operator in ("missing", "known"):
            return absent if self.operator == "missing" else ~absent
        # Trees are grown on single precision; compared otherwise, a value at the very line would change sides.
        assert isinstance(self.value, float)
        below = plain.astype(np.float32) <= self.value
        return np.where(absent, self.missing, below if self.operator == "<=" else ~below)

    def said(self) -> Message:
        """Return it in words."""
        key = {"<=": "at_most", ">": "above"}.get(self.operator, self.operator)
        found = say(f"measures.explanation.surrogate.condition.{key}", column=self.column, value=_short(self.value))
        return (
            say("measures.explanation.surrogate.condition.or_missing", condition=found)
            if self.missing and self.gaps
            else found
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rule of a tree: rows that fulfil all conditions get one output."""

    conditions: tuple[Condition, ...]
    """All must hold; none at all if the tree did not split."""
    output: float
    """Mean output of the model in the rows that the tree was grown on."""
    share: float
    """Share of all rows that the rule covers."""
    rows: int
    """All rows that the rule covers."""

    def said(self) -> Message:
        """Return the rule in words."""
        key = "rule" if self.conditions else "always"
        return say(
            f"measures.explanation.surrogate.{key}",
            conditions=[condition.said() for condition in self.conditions],
            output=round(self.output, 3), share=round(self.share, 4),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a linear stand-in."""

    column: str
    """Column of the model."""
    operator: Literal["number", "is", "missing"]
    """What is multiplied: the number itself, or 1 where the column is at the level, or missing."""
    level: str | None
    """The level, for `is`."""
    slope: float
    """Change of the output for one unit, or where it holds."""
    middle: float
    """Mean over the rows fitted to; it also stands in for a missing number."""
    spread: float
    """Standard deviation over the rows fitted to: slope × spread says how much the term matters."""

    def at(self, features: Features) -> FloatArray:
        """Return what the term adds to each row (n,), 0 at its mean."""
        values = features.columns[self.column]
        if self.operator == "number":
            plain = numbers(values)
            found = np.where(np.isnan(plain), self.middle, plain)
        elif self.operator == "is":
            found = (texts(values) == self.level).astype(np.float64)
        else:
            found = np.isnan(numbers(values)).astype(np.float64)
        return np.asarray(self.slope * (found - self.middle), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surrogate:
    """A model that a person can read, and how well it imitates the one that decides."""

    kind: SurrogateKind
    """Tree or linear."""
    quantity: Quantity
    """Unit of its output."""
    leaves: tuple[Leaf, ...] = ()
    """Rules of a tree, from the lowest output to the highest; exactly one covers any row."""
    terms: tuple[Term, ...] = ()
    """Terms of a linear stand-in, by slope × spread, largest first."""
    intercept: float = 0.0
    """Output of a linear stand-in at the mean of all terms."""
    fidelity: tuple[Estimate, ...]
    """`surrogate_fidelity` (R²) and `decision_agreement`, on rows that it was not fitted to."""
    fitted_rows: int
    """Rows that it was fitted to."""
    held_out_rows: int
    """Rows that its fidelity was measured on."""
    cost: Cost
    """What it cost."""
    limits: tuple[Message, ...]
    """What it cannot say."""

    def predict(self, features: Features) -> FloatArray:
        """Return its output for rows (n,), by the rules or terms as they are written."""
        if self.kind == "linear":
            found = np.full(features.rows, self.intercept)
            for term in self.terms:
                found += term.at(features)
            return found
        found = np.zeros(features.rows)
        for leaf in self.leaves:
            covered = np.ones(features.rows, dtype=bool)
            for condition in leaf.conditions:
                covered &= condition.holds(features)
            found[covered] = leaf.output
        return found


def _short(value: float | str | None) -> float | str:
    """A number with six digits that count, as short as it can be written."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() else rounded
