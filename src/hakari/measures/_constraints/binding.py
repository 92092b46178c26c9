"""Binding: a constraint file put on rows, so that every name and kind of column is known to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.measures._constraints.comparing import is_number, spread
from hakari.measures._constraints.constraints import Constraints
from hakari.measures._constraints.rules import ColumnRule, ConstraintFile
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["bind_constraints"]


def bind_constraints(file: ConstraintFile, rows: Mapping[str, npt.NDArray[Any]]) -> Constraints:
    """Return the constraints of a file on rows like these, whose spreads price the changes.

    Raises:
        InputError: a column that is not there, or a rule for numbers on a column of texts.
    """
    _check_names(file, rows)
    numeric = {name for name, values in rows.items() if is_number(values)}
    rules = {name: _checked(file, name, rule, name in numeric) for name, rule in file.columns.items()}
    for column in _columns_of_numbers(file):
        if column not in numeric:
            raise InputError(say("measures.constraints.texts", column=column, source=file.source))
    return Constraints(
        file=replace(file, columns=rules),
        names=tuple(rows),
        spreads={name: spread(values) for name, values in rows.items() if name in numeric},
        follows=_in_order(file),
    )


def _check_names(file: ConstraintFile, rows: Mapping[str, Any]) -> None:
    named = {*file.columns, *file.derived}
    for group in file.one_hot.values():
        named |= set(group.columns)
    for expression in file.derived.values():
        named |= expression.columns | expression.columns_before
    named |= {name for pair in file.ordered for name in pair}
    unknown = sorted(named - set(rows))
    if unknown:
        raise InputError(say("measures.constraints.column", source=file.source, columns=unknown, known=list(rows)[:20]))


def _columns_of_numbers(file: ConstraintFile) -> list[str]:
    """Columns that the file calculates or compares."""
    found = {*file.derived, *(name for pair in file.ordered for name in pair)}
    for expression in file.derived.values():
        found |= expression.columns | expression.columns_before
    for group in file.one_hot.values():
        found |= set(group.columns)
    return sorted(found)


def _checked(file: ConstraintFile, name: str, rule: ColumnRule, numeric: bool) -> ColumnRule:
    """Return the rule with levels of the column's own kind."""
    most = rule.most_change
    for_numbers = rule.low is not None or rule.high is not None or rule.step is not None or rule.integer
    for_numbers |= most is not None and most.per != "level"
    if not numeric and (for_numbers or (rule.monotone and not rule.levels)):
        raise InputError(say("measures.constraints.texts", column=name, source=file.source))
    if not numeric:
        return replace(rule, levels=tuple(f"{level:g}" if isinstance(level, float) else level for level in rule.levels))
    try:
        return replace(rule, levels=tuple(float(level) for level in rule.levels))
    except ValueError:
        levels = [str(level) for level in rule.levels]
        raise InputError(say("measures.constraints.levels", column=name, source=file.source, levels=levels)) from None


def _in_order(file: ConstraintFile) -> tuple[str, ...]:
    """Derived columns, each after those that it follows from; reading refused circles."""
    left, found = dict(file.derived), list[str]()
    while left:
        ready = sorted(name for name, expression in left.items() if not expression.columns & set(left))
        found += ready
        for name in ready:
            del left[name]
    return tuple(found)
