"""Constraints: a constraint file on rows, which checks changes, prices them and lets consequences follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.measures._constraints.comparing import TOLERANCE, absent, differs, is_number
from hakari.measures._constraints.rules import ColumnRule, ConstraintFile
from hakari.messages import Message, say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Constraints", "Rows", "Violations"]

Rows = Mapping[str, "npt.NDArray[Any]"]
"""Column → one value per row."""

_FREE: Final = ColumnRule()
_FIXED: Final = ColumnRule(immutable=True)
_DERIVED_TOLERANCE: Final = 1e-6
"""A derived value may be this far, relative to its size, from what it follows from: files are rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Violations:
    """Which rules a change breaks, row by row."""

    rules: tuple[Message, ...]
    """The v rules that some row breaks."""
    broken: BoolArray
    """(n, v)."""

    @property
    def rows(self) -> BoolArray:
        """(n,): whether a row breaks any rule."""
        return np.asarray(self.broken.any(axis=1), dtype=bool)

    def of(self, row: int) -> tuple[Message, ...]:
        """Return the rules that one row breaks."""
        return tuple(rule for rule, broken in zip(self.rules, self.broken[row], strict=True) if broken)


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """Constraints on rows with known columns and spreads."""

    file: ConstraintFile
    """The rules."""
    names: tuple[str, ...]
    """All columns of a row."""
    spreads: Mapping[str, float]
    """Column of numbers → its robust spread."""
    follows: tuple[str, ...]
    """Derived columns, each after those that it follows from."""

    def rule(self, name: str) -> ColumnRule:
        """Return what may happen to a column, stated or not."""
        return self.file.columns.get(name, _FREE if self.file.others == "free" else _FIXED)

    @property
    def grouped(self) -> Mapping[str, str]:
        """Column → the one-hot group that it is in."""
        return {column: name for name, group in self.file.one_hot.items() for column in group.columns}

    @property
    def actionable(self) -> tuple[str, ...]:
        """Columns that may be changed on their own: not immutable, no consequence, in no group."""
        return tuple(
            name
            for name in self.names
            if name not in self.file.derived and name not in self.grouped and _may(self.rule(name))
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """One-hot groups none of whose columns is held fast by a rule of its own."""
        own = self.file.columns
        return tuple(
            name
            for name, group in self.file.one_hot.items()
            if all(_may(own[column]) for column in group.columns if column in own)
        )

    def unit(self, name: str) -> float:
        """Return by how much a column of numbers moves for one amount of its cost; infinite where a change is one."""
        cost = self.rule(name).cost
        per = "spread" if cost is None else cost.per
        step = self.rule(name).step
        return {"spread": self.spreads[name], "unit": 1.0, "step": step or 1.0, "change": np.inf}[per]

    def amount(self, name: str) -> float:
        """Return what one unit of a column costs."""
        cost = self.rule(name).cost
        return 1.0 if cost is None else cost.amount

    def reach(self, name: str, values: npt.NDArray[Any]) -> FloatArray | None:
        """Return how far these values of a column may move from where they are, or None where nothing limits that.

        In the column's own unit, or in places along its levels (`places`) where the limit counts these.
        """
        most = self.rule(name).most_change
        if most is None:
            return None
        if most.per == "value":
            return np.asarray(np.abs(values.astype(np.float64)) * most.amount)
        return np.full(len(values), most.amount * (self.spreads[name] if most.per == "spread" else 1.0))

    def places(self, name: str, values: npt.NDArray[Any]) -> FloatArray:
        """Return where values stand on the scale that their reach is measured on; nan for what is no level."""
        rule = self.rule(name)
        if rule.most_change is not None and rule.most_change.per == "level":
            place = {level: float(number) for number, level in enumerate(rule.levels)}
            return np.array([place.get(value, np.nan) for value in values.tolist()], dtype=np.float64)
        return values.astype(np.float64)

    def project(self, before: Rows, after: Rows) -> dict[str, npt.NDArray[Any]]:
        """Return `after` with derived columns set to what follows, where something that they follow from changed."""
        found = dict(after)
        for name in self.follows:
            expression = self.file.derived[name]
            moved = _any_differs(expression.columns, before, found)
            if moved.any():
                old = before[name].astype(np.float64)
                found[name] = np.where(moved, expression(before, found), old)
            else:
                found[name] = before[name]
        return found

    def cost(self, before: Rows, after: Rows) -> FloatArray:
        """Return what each change costs (n,); consequences cost nothing, a value that appears or goes is infinite."""
        total = np.zeros(len(next(iter(before.values()))))
        grouped = self.grouped
        for name in self.names:
            if name in grouped or name in self.file.derived:
                continue
            old, new = before[name], after[name]
            moved = differs(old, new)
            if not moved.any():
                continue
            if not is_number(old) or np.isinf(self.unit(name)):
                total[moved] += self.amount(name)
                continue
            far = np.abs(new[moved].astype(np.float64) - old[moved].astype(np.float64)) / self.unit(name)
            total[moved] += np.where(np.isnan(far), np.inf, far * self.amount(name))
        for group in self.file.one_hot.values():
            total += group.cost * _any_differs(group.columns, before, after)
        return total

    def check(self, before: Rows, after: Rows, columns: Iterable[str] | None = None) -> Violations:
        """Return which rules each change breaks; with `columns` those of these columns, and those between columns."""
        rules: list[Message] = []
        broken: list[BoolArray] = []
        for rule, rows in self._broken(before, after, self.names if columns is None else columns):
            if rows.any():
                rules.append(rule)
                broken.append(rows)
        rows_ = len(next(iter(before.values())))
        return Violations(tuple(rules), np.column_stack(broken) if broken else np.zeros((rows_, 0), dtype=bool))

    def _broken(self, before: Rows, after: Rows, columns: Iterable[str]) -> Iterable[tuple[Message, BoolArray]]:
        for name in columns:
            moved = differs(before[name], after[name])
            if moved.any():
                yield from self._broken_column(name, before[name], after[name], moved)
        for name, expression in self.file.derived.items():
            moved = _any_differs((*expression.columns, name), before, after)
            right = expression(before, after)
            far = np.abs(after[name].astype(np.float64) - right) > _DERIVED_TOLERANCE * np.maximum(1.0, np.abs(right))
            yield say("measures.constraints.broken.derived", column=name, text=expression.text), moved & far
        for name, group in self.file.one_hot.items():
            moved = _any_differs(group.columns, before, after)
            values = np.column_stack([after[column].astype(np.float64) for column in group.columns])
            total = values.sum(axis=1)
            one = ((values == 0) | (values == 1)).all(axis=1) & ((total == 1) | (group.none & (total == 0)))
            yield say("measures.constraints.broken.one_hot", group=name), moved & ~one
        for first, second in self.file.ordered:
            moved = _any_differs((first, second), before, after)
            gap = after[first].astype(np.float64) - after[second].astype(np.float64)
            # Rows that were out of order before may stay so, but not get worse.
            allowed = np.maximum(before[first].astype(np.float64) - before[second].astype(np.float64), 0.0)
            slack = TOLERANCE * np.maximum(1.0, np.abs(after[second].astype(np.float64)))
            yield (
                say("measures.constraints.broken.ordered", first=first, second=second),
                moved & (gap > allowed + slack),
            )

    def _broken_column(
        self, name: str, old: npt.NDArray[Any], new: npt.NDArray[Any], moved: BoolArray
    ) -> Iterable[tuple[Message, BoolArray]]:
        rule = self.rule(name)
        grouped = name in self.grouped and name not in self.file.columns
        if name not in self.file.derived and not grouped and not _may(rule):
            yield say("measures.constraints.broken.immutable", column=name), moved
            return
        yield say("measures.constraints.broken.missing", column=name), moved & (absent(old) ^ absent(new))
        if rule.levels:
            known = np.isin(new, np.array(rule.levels, dtype=float if is_number(old) else object))
            yield (
                say("measures.constraints.broken.levels", column=name, levels=list(map(str, rule.levels))),
                moved & ~known,
            )
        if rule.monotone:
            wrong = _ranks(new, rule) < _ranks(old, rule)
            wrong = _ranks(new, rule) > _ranks(old, rule) if rule.monotone == "down" else wrong
            yield say(f"measures.constraints.broken.{rule.monotone}", column=name), moved & wrong
        reach = self.reach(name, old)
        if reach is not None and rule.most_change is not None:
            far = np.abs(self.places(name, new) - self.places(name, old))
            most = say(f"measures.constraints.most_change.{rule.most_change.per}", amount=rule.most_change.amount)
            # What has no place along the levels is at no known distance.
            near = far <= reach + TOLERANCE * np.maximum(1.0, reach)
            yield say("measures.constraints.broken.most_change", column=name, most=most), moved & ~near
        if is_number(old) and is_number(new):
            yield from _broken_number(name, rule, old.astype(np.float64), new.astype(np.float64), moved)


def _may(rule: ColumnRule) -> bool:
    return rule.action and not rule.immutable


def _any_differs(columns: Iterable[str], before: Rows, after: Rows) -> BoolArray:
    moved = np.zeros(len(next(iter(before.values()))), dtype=bool)
    for column in columns:
        if before[column] is not after[column]:
            moved |= differs(before[column], after[column])
    return moved


def _ranks(values: npt.NDArray[Any], rule: ColumnRule) -> FloatArray:
    """The values as places along which a column is monotone; nan for what is no level."""
    if is_number(values):
        return values.astype(np.float64)
    place = {level: float(number) for number, level in enumerate(rule.levels)}
    return np.array([place.get(value, np.nan) for value in values.tolist()])


def _broken_number(
    name: str, rule: ColumnRule, old: FloatArray, new: FloatArray, moved: BoolArray
) -> Iterable[tuple[Message, BoolArray]]:
    slack = TOLERANCE * np.maximum(1.0, np.abs(new))
    low, high = (-np.inf if rule.low is None else rule.low), (np.inf if rule.high is None else rule.high)
    yield (
        say("measures.constraints.broken.range", column=name, low=low, high=high),
        moved & ((new < low - slack) | (new > high + slack)),
    )
    if rule.step is not None:
        steps = (new - old) / rule.step
        yield (
            say("measures.constraints.broken.step", column=name, step=rule.step),
            moved & (np.abs(steps - np.round(steps)) > _DERIVED_TOLERANCE),
        )
    if rule.integer:
        yield say("measures.constraints.broken.integer", column=name), moved & (np.abs(new - np.round(new)) > slack)
