"""Outputs: what models return, in one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.spec import Predictions
from hakari.inputs.values import class_text
from hakari.messages import say

__all__ = ["positive_column", "read_output"]


def read_output(output: Any, rows: int, *, positive: str, classes: Sequence[object] | None = None) -> Predictions:
    """Return predictions from an array of classes, of scores (n,) or (n, 1), of probabilities (n, 2), or a mapping.

    Whole numbers, truth values and text are classes; other numbers are scores of the positive class.

    Raises:
        InputError: another shape, or not one prediction per row.
    """
    if isinstance(output, Mapping):
        score = output.get("score")
        label = output.get("prediction")
        if score is None and label is None:
            raise InputError(say("inputs.model.output", found=sorted(map(str, output))))
        first = None if score is None else _one(np.asarray(score, dtype=np.float64), rows)
        return Predictions(first, None if label is None else _one(np.asarray(label), rows))
    values = np.asarray(output)
    if values.ndim == 2 and values.shape[1] == 2:
        values = values[:, positive_column(classes, positive)].astype(np.float64)
    elif values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    values = _one(values, rows)
    if values.dtype.kind == "f":
        return Predictions(values.astype(np.float64), None)
    return Predictions(None, values)


def positive_column(classes: Sequence[object] | None, positive: str) -> int:
    """Which of two probability columns is the positive class: by name where the model has names, else the second.

    Raises:
        InputError: the model has names, and the positive class is none of them.
    """
    if classes is None:
        return 1
    names = [class_text(name) for name in classes]
    if class_text(positive) not in names:
        raise InputError(say("inputs.model.classes", classes=[str(name) for name in classes], positive=positive))
    return names.index(class_text(positive))


def _one(values: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    if values.ndim != 1:
        raise InputError(say("inputs.model.shape", shape=list(values.shape)))
    if len(values) != rows:
        raise InputError(say("inputs.model.length", found=len(values), rows=rows))
    return values
