"""Question: which row is explained, against which others, and the decision that the model made about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.errors import InputError
from hakari.inputs.values import class_text
from hakari.messages import Message, say
from hakari.statistics.streams import stream
from hakari.workflows.explaining.options import RowOptions

if TYPE_CHECKING:
    from hakari.inputs import Data, Inputs, ModelAtHand
    from hakari.measures.explanation import Asked, Features
    from hakari.workflows.project import Project

__all__ = ["Question", "ask_about", "find_row", "model_at_hand", "row_number"]

_PROBED: Final = 50
"""Rows that the model is asked twice for, to see whether it answers alike."""
_ALIKE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is explained: one row, the model, and the decision that it made."""

    asked: Asked
    row: Features
    background: Features
    score: float | None
    """None where the model gives classes only."""
    threshold: float
    positive: bool
    """Whether the model gave the row the positive class."""
    options: RowOptions
    other_decision: Message | None
    """What is wrong if the data hold another decision than the model at hand makes."""


def ask_about(project: Project, number: int) -> Question:
    """Return the question about row `number` (1 is the first) of the project's tested data.

    Raises:
        InputError: no data, no model that can be asked, a row that is not there, a model that fails, or one that gives
            different results for the same rows.
    """
    from hakari.measures.explanation._asking import ask_inputs, read_features

    inputs, at_hand = model_at_hand(project)
    if not 1 <= number <= inputs.data.rows:
        raise InputError(say("workflows.explaining.row", row=number, rows=inputs.data.rows))
    options = RowOptions.of(project.parameters)
    row = read_features(inputs.data, at_hand.features).take([number - 1])
    others = read_features(inputs.train or inputs.data, at_hand.features)
    if others.rows > options.background:
        # The purposes of chance keep the name of the notice: what was written before must come out the same again.
        rng = stream(project.manifest.seed, "notice", "background")
        others = others.take(np.sort(rng.choice(others.rows, options.background, replace=False)))
    told = at_hand.predict(row.columns)
    asked = ask_inputs(inputs)
    _require_alike(asked, row, others)
    output = float(asked(row)[0])
    threshold = at_hand.spec.threshold if told.score is not None else 0.5
    positive = output >= threshold
    return Question(
        asked=asked,
        row=row,
        background=others,
        score=None if told.score is None else output,
        threshold=threshold,
        positive=positive,
        options=options,
        other_decision=_other_decision(inputs, number, positive),
    )


def _require_alike(asked: Asked, row: Features, others: Features) -> None:
    """A model that says something else each time has no reasons."""
    some = others.take(slice(0, _PROBED))
    differs = max(asked.repeat_difference(each) for each in (row, some))
    if differs > _ALIKE:
        raise InputError(say("measures.explanation.tabular.not_alike", difference=differs, rows=some.rows + 1))


def find_row(data: Data, where: str) -> int:
    """Return the number of the one row in which a column has a value, from `column=value`.

    Raises:
        InputError: no such column, or not exactly one such row.
    """
    column, equals, value = where.partition("=")
    if not equals:
        raise InputError(say("workflows.explaining.where", where=where))
    data.require([column])
    wanted = class_text(value)
    values = data.read([column])[column].tolist()
    found = [number for number, item in enumerate(values, 1) if class_text(item) == wanted]
    if len(found) != 1:
        raise InputError(say("workflows.explaining.rows", where=where, n=len(found)))
    return found[0]


def row_number(project: Project, row: int | None, where: str | None) -> int:
    """Return the number of the row that a person asked for, by its number or by a condition, one of the two.

    Raises:
        InputError: neither or both, no data, no such column, or not exactly one such row.
    """
    if (row is None) == (where is None):
        raise InputError(say("workflows.explaining.which"))
    if project.inputs is None:
        raise InputError(say("workflows.explaining.no_data"))
    return row if where is None else find_row(project.inputs.data, where)  # type: ignore[return-value]  # one is given


def model_at_hand(project: Project) -> tuple[Inputs, ModelAtHand]:
    """Return the data and the model of a project.

    Raises:
        InputError: there are none, or the model cannot be asked.
    """
    inputs = project.inputs
    if inputs is None:
        raise InputError(say("workflows.explaining.no_data"))
    if inputs.model is None or not inputs.model.features:
        raise InputError(say("measures.explanation.asking.no_model"))
    return inputs, inputs.model


def _other_decision(inputs: Inputs, number: int, positive: bool) -> Message | None:
    """The decision that was made stands in the data: a model that says something else explains another decision."""
    column = inputs.columns.prediction
    if column is None:
        return None
    value = inputs.data.read([column])[column][number - 1]
    if (class_text(value) == class_text(inputs.columns.positive)) == positive:
        return None
    return say("workflows.explaining.other_decision", row=number, column=column, value=class_text(value))
