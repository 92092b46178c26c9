"""Scoring: how wrong a model is about each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from scipy import special

from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Quantity
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["Loss", "Scoring", "checked_labels", "decisions"]

Loss = Literal["zero_one", "log_loss", "squared", "output"]
"""A wrong decision; minus the log of the score of what happened; the squared error; the change of the output itself."""

_LEAST: Final = 1e-12
"""A score is kept this far from 0 and 1, so that one row that was called impossible costs 27.6 and not infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """The loss of each row, given the model's outputs for it."""

    loss: Loss
    """Which loss."""
    labels: FloatArray | None
    """What happened (n,); None for `output`."""
    outputs: FloatArray
    """What the model says about the rows as they are (n,)."""
    quantity: Quantity
    """Unit of the outputs."""
    threshold: float = 0.5
    """Score from which on the positive class is decided."""

    def __post_init__(self) -> None:
        if self.loss == "log_loss":
            if self.quantity == "class":
                raise InputError(say("measures.explanation.importance.no_scores"))
            low, high = float(self.scores(self.outputs).min()), float(self.scores(self.outputs).max())
            if low < 0 or high > 1:
                raise InputError(say("measures.explanation.importance.score_range", low=low, high=high))

    def scores(self, outputs: FloatArray) -> FloatArray:
        """Return outputs as scores."""
        return np.asarray(special.expit(outputs)) if self.quantity == "log_odds" else outputs

    def __call__(self, outputs: FloatArray) -> FloatArray:
        """Return the loss of each output of shape (…, n)."""
        if self.labels is None:
            return np.asarray(np.abs(outputs - self.outputs), dtype=np.float64)
        if self.loss == "zero_one":
            wrong = decisions(outputs, self.quantity, self.threshold) != (self.labels == 1)
            return np.asarray(wrong, dtype=np.float64)
        scores = self.scores(outputs)
        if self.loss == "squared":
            return np.asarray((scores - self.labels) ** 2)
        inside = np.clip(scores, _LEAST, 1 - _LEAST)
        return np.asarray(-np.where(self.labels == 1, np.log(inside), np.log1p(-inside)))


def decisions(outputs: FloatArray, quantity: Quantity, threshold: float) -> BoolArray:
    """Return which outputs decide for the positive class."""
    line = {"score": threshold, "class": 0.5, "log_odds": float(special.logit(threshold))}[quantity]
    return np.asarray(outputs >= line)


def checked_labels(labels: npt.NDArray[Any] | None, rows: int, loss: Loss) -> tuple[FloatArray | None, BoolArray]:
    """Return the labels as numbers (n,), and which rows have one; None and all rows for `output`.

    Raises:
        InputError: no labels, another number of them than rows, none that is known, or others than 0 and 1.
    """
    if loss == "output":
        return None, np.ones(rows, dtype=bool)
    if labels is None:
        raise InputError(say("measures.explanation.importance.no_labels", loss=loss))
    try:
        found = np.asarray(labels, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(say("measures.explanation.importance.label_texts", value=str(np.ravel(labels)[0]))) from None
    if found.shape != (rows,):
        raise InputError(say("measures.explanation.importance.label_count", labels=found.size, rows=rows))
    known = np.isfinite(found)
    if not known.any():
        raise InputError(say("measures.explanation.importance.no_labels", loss=loss))
    if loss != "squared" and not np.isin(found[known], (0.0, 1.0)).all():
        wrong = found[known][~np.isin(found[known], (0.0, 1.0))][0]
        raise InputError(say("measures.explanation.importance.label_values", value=float(wrong), loss=loss))
    return found, known
