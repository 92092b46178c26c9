"""Changing: which changes would have led to the other decision, in numbers that a person would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.assessment.notice.glossary import Glossary
from hakari.assessment.notice.model import ChangeLine, ChangeState
from hakari.packs.record_file import read_plain
from hakari.statistics.streams import stream
from hakari.workflows.notice.reason_lines import cell
from hakari.workflows.notice.rounding import changed_columns, rounded_change

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures._constraints import ConstraintFile, Constraints
    from hakari.measures.explanation import Asked, Features
    from hakari.statistics._arrays import BoolArray

__all__ = ["MOST_ALTERNATIVES", "Changes", "Wanted", "find_changes", "read_constraint_file"]

MOST_ALTERNATIVES: Final = 3
_LOOKED_FOR: Final = 5
"""More than are shown, because some are left out."""
_MOST_ROWS: Final = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What could change the decision."""

    state: ChangeState
    alternatives: tuple[tuple[ChangeLine, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The decision that a change shall lead to."""

    above: bool
    """True if the output must reach the threshold, False if it must fall below it."""
    threshold: float

    def holds(self, outputs: Any) -> BoolArray:
        """Return which outputs are that decision."""
        reached = np.asarray(outputs) >= self.threshold
        return np.asarray(reached if self.above else ~reached, dtype=bool)


def read_constraint_file(path: Path) -> ConstraintFile:
    """Return what the file says that people can change.

    Raises:
        InputError, PackError: not YAML, or not constraints; with the place.
    """
    from hakari.measures._constraints import read_constraints

    return read_constraints(read_plain(path.read_bytes(), file=path.name), source=path.name)


def find_changes(
    asked: Asked,
    row: Features,
    background: Features,
    file: ConstraintFile | None,
    glossary: Glossary,
    *,
    wanted: Wanted,
    languages: tuple[str, ...],
    seed: int,
) -> Changes:
    """Return up to three changes, each valid, actionable and plausible after it was rounded.

    A change of something that may not be named is left out, and so is one that does not hold in rounded numbers.
    "None exists" is said only where every possible change was tried.
    """
    if file is None:
        return Changes(state="not_looked")
    from hakari.measures._constraints import bind_constraints
    from hakari.measures.explanation.recourse import find_recourse

    found = find_recourse(
        asked,
        row,
        background,
        file,
        wanted="at_least" if wanted.above else "below",
        threshold=wanted.threshold,
        rng=stream(seed, "notice", "recourse"),
        count=_LOOKED_FOR,
        most_model_rows=_MOST_ROWS,
    )
    constraints = bind_constraints(_in_said_steps(file, glossary), background.columns)
    change = _Change(asked=asked, row=row, constraints=constraints, glossary=glossary, wanted=wanted)
    held: list[Features] = []
    for alternative in found.alternatives[0]:
        if not alternative.implausible and not any(glossary.is_private(step.column) for step in alternative.steps):
            rounded = change.rounded(alternative.values)
            if rounded is not None:
                held.append(rounded)
    chosen = _different(row, held)[:MOST_ALTERNATIVES]
    if chosen:
        return Changes(state="found", alternatives=tuple(change.lines(each, languages) for each in chosen))
    return Changes(state="none_exists" if found.statuses[0] == "none_exists" else "none_found")


def _in_said_steps(file: ConstraintFile, glossary: Glossary) -> ConstraintFile:
    """The rules without a step from where the person stands, where a step that is said is at least as coarse."""
    rules = {
        name: replace(rule, step=None)
        if rule.step is not None and name in glossary.columns and glossary.columns[name].unit >= rule.step * (1 - 1e-9)
        else rule
        for name, rule in file.columns.items()
    }
    return replace(file, columns=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What a change of one row is judged by."""

    asked: Asked
    row: Features
    constraints: Constraints
    glossary: Glossary
    wanted: Wanted

    def rounded(self, values: Mapping[str, Any]) -> Features | None:
        """Return the row with these values in rounded numbers, or None where that does not hold."""
        changed = {
            name: np.array([value]).astype(self.row.columns[name].dtype) if name in self.row.numeric else _text(value)
            for name, value in values.items()
        }
        after = self.row.with_columns(changed)
        return rounded_change(self.row, after, self._units(), self.accepts, settled=self._settled, exact=self._is_exact)

    def accepts(self, rows: Features) -> BoolArray:
        """Return which rows lead to the wanted decision and break no rule; consequences must follow."""
        before = self.row.repeated(rows.rows)
        broken = self.constraints.check(before.columns, rows.columns).rows
        return np.asarray(self.wanted.holds(self.asked(rows)) & ~broken, dtype=bool)

    def lines(self, after: Features, languages: tuple[str, ...]) -> tuple[ChangeLine, ...]:
        """Return what is changed on purpose, in words; what only follows from it is not asked of the person."""
        found = []
        for column in changed_columns(self.row, after):
            if column in self.constraints.file.derived:
                continue
            entry = self.glossary.columns[column]
            found.append(
                ChangeLine(
                    column=column,
                    name={language: entry.name[language] for language in languages},
                    before=entry.shown(cell(self.row, column), languages),
                    after=entry.shown(cell(after, column), languages),
                )
            )
        return tuple(found)

    def _settled(self, after: Features) -> Features:
        """The rows with what follows from their values."""
        return after.with_columns(self.constraints.project(self.row.columns, after.columns))

    def _units(self) -> dict[str, float]:
        """Numbers that are said with a unit; levels and what stands in a one-hot group are not rounded."""
        fixed = {*self.constraints.grouped, *self.constraints.file.derived}
        return {
            name: entry.unit for name, entry in self.glossary.columns.items() if not entry.levels and name not in fixed
        }

    def _is_exact(self, after: Features) -> bool:
        """Whether every changed number is what its words say."""
        for name in changed_columns(self.row, after):
            entry = self.glossary.columns[name]
            value = cell(after, name)
            if isinstance(value, float) and not entry.levels:
                said = round(value * entry.scale, entry.decimals) / entry.scale
                if abs(said - value) > 1e-9 * max(1.0, abs(value)):
                    return False
        return True


def _text(value: Any) -> npt.NDArray[Any]:
    return np.array([value], dtype=object)


def _different(row: Features, found: list[Features]) -> list[Features]:
    """Alternatives that still change other columns after rounding."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for each in found:
        columns = changed_columns(row, each)
        if columns not in seen:
            seen.add(columns)
            kept.append(each)
    return kept
