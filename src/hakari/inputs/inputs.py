"""Inputs: tested data, training data and the meaning of their columns; the source of every tally."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hakari.errors import InputError
from hakari.evidence.subject import Subject
from hakari.inputs.classes import encode_classes
from hakari.inputs.columns import Columns
from hakari.inputs.data import Data
from hakari.inputs.models.at_hand import ModelAtHand
from hakari.inputs.numbers import check_scores, check_weights
from hakari.inputs.tables import WEIGHT_SCALE
from hakari.inputs.values import level, text
from hakari.messages import say
from hakari.statistics.tally import MISSING, Tally

__all__ = ["EXACT_SCORES", "SCORE_STEP", "Inputs"]

EXACT_SCORES = 100_000
"""Up to so many different scores are counted one by one."""
SCORE_STEP = 1e-4
"""Beyond that they are rounded to this step, so that no score moves by more than half of it."""
_SHOWN = 5
_MISSING_KEYS = {
    "label": "inputs.label.missing",
    "prediction": "inputs.prediction.missing",
    "cluster": "inputs.cluster.missing",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a measure is given to measure."""

    data: Data
    """The table that is tested."""
    train: Data | None
    """The table that the model learnt from, where known."""
    columns: Columns
    """What the columns mean."""
    model: ModelAtHand | None = None
    """The model, where it may be asked for more than the predictions in the table."""
    _cache: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        columns = self.columns
        named = (columns.label, columns.prediction, columns.score, columns.weight, columns.cluster, *columns.sensitive)
        self.data.require([name for name in named if name is not None])

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The tables as subjects of evidence."""
        return (self.data.subject, *([] if self.train is None else [self.train.subject]))

    def tally(
        self, by: Sequence[str] = (), *, label: bool = True, prediction: bool = True, score: bool = False
    ) -> Tally:
        """Count the tested data once: axes `by`…, then `label`, `prediction`, `score` and `cluster` where they apply.

        Label and prediction are 0 or 1, groups are text with null as `missing`, scores are numbers; weights are sums
        at `WEIGHT_SCALE`. No row is left out.

        Raises:
            InputError: an unknown or undeclared column, missing or wrong labels, predictions, scores or weights.
        """
        key = (tuple(by), label, prediction, score)
        if key not in self._cache:
            self._cache[key] = self._count(*key)
        found: Tally = self._cache[key]
        return found

    def score_step(self) -> float | None:
        """Return the step that scores are rounded to in tallies, or None where they are exact."""
        if "score" not in self._cache:
            self._cache["score"] = check_scores(self.data, self._declared("score"))
        return SCORE_STEP if self._cache["score"] > EXACT_SCORES else None

    def _count(self, by: tuple[str, ...], label: bool, prediction: bool, score: bool) -> Tally:
        classes = {
            axis: self._declared(axis) for axis, asked in (("label", label), ("prediction", prediction)) if asked
        }
        parts = dict(classes)
        if score:
            parts["score"] = self._declared("score")
        if self.columns.cluster is not None:
            parts["cluster"] = self.columns.cluster
        cells = self._cells([*by, *parts.values()], scored=score)
        for position, (axis, column) in enumerate(parts.items(), start=len(by)):
            self._refuse_missing(axis, column, sum(n[0] for cell, n in cells.items() if cell[position] == MISSING))
        found = {column: {cell[i] for cell in cells} for i, column in enumerate(classes.values(), start=len(by))}
        codes = encode_classes(found, self.columns.positive, self.columns.negative)
        spell: list[Callable[[Any], Any]] = [text for _ in by]
        spell += [codes[column].__getitem__ for column in classes.values()]
        spell += [float if axis == "score" else text for axis in parts if axis not in classes]
        rows = ([*(to(value) for to, value in zip(spell, cell, strict=True)), *n] for cell, n in cells.items())
        return Tally.from_rows((*by, *parts), rows, None if self.columns.weight is None else WEIGHT_SCALE)

    def _cells(self, columns: Sequence[str], *, scored: bool) -> dict[tuple[Any, ...], list[int]]:
        """Per cell [n], or [n, Σw, Σw²] where rows have weights."""
        rounded = {}
        if scored and self.score_step() is not None:
            rounded[self._declared("score")] = round(1 / SCORE_STEP)
        weight = self.columns.weight
        if weight is not None and "weight" not in self._cache:
            self._cache["weight"] = check_weights(self.data, weight)
        return self.data.merge_cells(columns, weight=weight, per_unit=rounded)

    def _refuse_missing(self, axis: str, column: str, count: int) -> None:
        if count:
            values = self.data.read([column])[column].tolist()
            rows = [number for number, value in enumerate(values, start=1) if level(value) == MISSING][:_SHOWN]
            raise InputError(say(_MISSING_KEYS[axis], column=column, count=count, rows=rows))

    def _declared(self, meaning: str) -> str:
        column: str | None = getattr(self.columns, meaning)
        if column is None:
            raise InputError(say("inputs.columns.undeclared", meaning=meaning))
        return column
