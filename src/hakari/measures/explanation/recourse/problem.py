"""Problem: rows, levers and a model, asked for many settings of the levers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from hakari.measures._constraints import Constraints
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.measures.explanation.recourse.levers import Lever
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Problem", "States"]

_LEAST: Final = 1e-9
"""Scores are kept this far from 0 and 1 before margins are taken on the scale of log-odds."""


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """m settings of the levers, each of one row, with what the model says about them."""

    row: IntArray
    """(m,): the row that is changed."""
    settings: FloatArray
    """(m, levers): nan leaves a lever as it is."""
    cost: FloatArray
    """(m,)."""
    margin: FloatArray
    """(m,): how far beyond the threshold, on the wanted side; below 0 where not wanted."""
    valid: BoolArray
    """(m,): decided as wanted, and no constraint broken."""
    feasible: BoolArray
    """(m,): no constraint broken."""

    def take(self, index: IntArray | BoolArray) -> States:
        """Return some of them."""
        return States(
            self.row[index], self.settings[index], self.cost[index], self.margin[index], self.valid[index],
            self.feasible[index],
        )  # fmt: skip

    def where(self, mask: BoolArray, other: States) -> States:
        """Return these where `mask` is true (m,), the states of `other` elsewhere."""
        return States(
            self.row.copy(),
            np.where(mask[:, None], self.settings, other.settings),
            np.where(mask, self.cost, other.cost),
            np.where(mask, self.margin, other.margin),
            np.where(mask, self.valid, other.valid),
            np.where(mask, self.feasible, other.feasible),
        )

    @staticmethod
    def joined(parts: list[States]) -> States:
        """Return the states of all parts."""
        return States(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("row", "settings", "cost", "margin", "valid", "feasible")
            )
        )


@dataclass(slots=True, eq=False)
class Problem:
    """Everything that a search asks; it counts what it asked for."""

    asked: Asked
    rows: Features
    constraints: Constraints
    levers: tuple[Lever, ...]
    wanted: Literal["at_least", "below"]
    threshold: float
    most_model_rows: int
    step: Callable[[], None]
    """Called between parts of the work; may raise to stop it."""
    spent: int = 0

    @property
    def left(self) -> int:
        """Model rows that may still be asked for."""
        return max(self.most_model_rows - self.spent, 0)

    def outputs(self, features: Features) -> FloatArray:
        """Return what the model says about these rows."""
        self.spent += features.rows
        return self.asked(features)

    def is_wanted(self, outputs: FloatArray) -> BoolArray:
        """Return which outputs are decided as wanted."""
        return outputs >= self.threshold if self.wanted == "at_least" else outputs < self.threshold

    def margins(self, outputs: FloatArray) -> FloatArray:
        """Return how far outputs lie on the wanted side: in log-odds for scores, where equal effects add up."""
        sign = 1.0 if self.wanted == "at_least" else -1.0
        if self.asked.quantity == "score" and 0 < self.threshold < 1 and not ((outputs < 0) | (outputs > 1)).any():
            return sign * (_logit(outputs) - _logit(np.float64(self.threshold)))
        return sign * (outputs - self.threshold)

    def changed(self, row: IntArray, settings: FloatArray) -> tuple[Features, Features]:
        """Return the rows before and after these settings, consequences included."""
        from hakari.measures.explanation._features import Features

        before = self.rows.take(row)
        after = dict(before.columns)
        for place, lever in enumerate(self.levers):
            if not np.isnan(settings[:, place]).all():
                after |= lever.columns_at(settings[:, place], before.columns)
        return before, Features(self.constraints.project(before.columns, after))

    def states(self, row: IntArray, settings: FloatArray) -> States:
        """Ask the model about these settings (m, levers) of these rows (m,)."""
        self.step()
        settings = self._in_order(row, settings)
        before, after = self.changed(row, settings)
        cost = np.zeros(len(row))
        for place, lever in enumerate(self.levers):
            cost += lever.costs(row, settings[:, place])
        between = (*self.constraints.follows, *(name for name in self.constraints.grouped if name in self._ruled))
        feasible = ~self.constraints.check(before.columns, after.columns, between).rows
        margin = np.full(len(row), -np.inf)
        valid = np.zeros(len(row), dtype=bool)
        if feasible.any():
            # What breaks a constraint is not asked about: a consequence may even have become impossible.
            outputs = self.outputs(after.take(feasible))
            margin[feasible] = self.margins(outputs)
            valid[feasible] = self.is_wanted(outputs)
        return States(row, settings, cost, margin, valid, feasible)

    def _in_order(self, row: IntArray, settings: FloatArray) -> FloatArray:
        """Return settings with numbers pulled back to the columns that they must stay above or below.

        Those columns may move with others, or follow from them: how far a lever can go is known only together.
        """
        numbers = {lever.name: place for place, lever in enumerate(self.levers) if lever.options is None}
        for pair in self.constraints.file.ordered:
            for name in pair:
                place = numbers.get(name)
                if place is None or np.isnan(settings[:, place]).all():
                    continue
                before, after = self.changed(row, settings)
                first, second = (after.columns[each].astype(np.float64) for each in pair)
                # Rows that were out of order may stay so: as in the check of the rule.
                slack = np.fmax(before.columns[pair[0]].astype(float) - before.columns[pair[1]].astype(float), 0.0)
                held = self.levers[place].held(
                    row,
                    settings[:, place],
                    least=None if name == pair[0] else first - slack,
                    most=second + slack if name == pair[0] else None,
                )
                settings = settings.copy()
                settings[:, place] = held
        return settings

    @property
    def _ruled(self) -> set[str]:
        return set(self.constraints.file.columns)


def _logit(values: FloatArray | np.float64) -> FloatArray:
    inside = np.clip(values, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)
