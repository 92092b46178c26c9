"""Constraints: which changes to a row are possible, and what they cost.

A *constraint file* is written by people: per column what may change, in which direction, between which limits and at
which cost; between columns what stays in order, what is exactly one of several, and what follows from other columns.
Bound to rows of data (`bind_constraints`) it becomes `Constraints`, which checks changes, prices them and lets
consequences follow. It does not know why somebody changes a row: to find a way to another decision, or to attack a
model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures._constraints.binding import bind_constraints
    from hakari.measures._constraints.constraints import Constraints, Violations
    from hakari.measures._constraints.expressions import Expression
    from hakari.measures._constraints.reading import read_constraints
    from hakari.measures._constraints.rules import ColumnRule, ConstraintFile, CostRule, MostChange, OneHot

__all__ = [
    "ColumnRule",
    "ConstraintFile",
    "Constraints",
    "CostRule",
    "Expression",
    "MostChange",
    "OneHot",
    "Violations",
    "bind_constraints",
    "read_constraints",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "binding": ("bind_constraints",),
        "constraints": ("Constraints", "Violations"),
        "expressions": ("Expression",),
        "reading": ("read_constraints",),
        "rules": ("ColumnRule", "ConstraintFile", "CostRule", "MostChange", "OneHot"),
    },
)
