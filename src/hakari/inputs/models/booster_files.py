"""Booster files: what the files of XGBoost and LightGBM have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import read_output
from hakari.inputs.models.spec import Predictions
from hakari.inputs.values import class_text
from hakari.messages import say

__all__ = ["MOST_BYTES", "in_order", "matrix_of", "open_checked", "score_of"]

MOST_BYTES: Final = 512 * 2**20
"""Size up to which a model is read."""


def open_checked(path: Path, *, start: bytes) -> bytes:
    """Return the bytes of a model, after a look at its size and first bytes.

    Raises:
        InputError: too large, not there, or another kind of file: the libraries' own readers expect their own files.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise InputError(say("inputs.model.too_large", path=path.name, bytes=size, most=MOST_BYTES))
        content = path.read_bytes()
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise InputError(say("inputs.model.unreadable", path=path.name, problem=problem)) from error
    if not content.startswith(start):
        raise InputError(say("inputs.model.other_format", path=path.name, start=start.decode("ascii")))
    return content


def in_order(features: Sequence[str], known: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    """Return the features in the model's order: by name where the model has the same names, else as they were given.

    Raises:
        InputError: another number of columns than the model takes.
    """
    if len(features) != columns:
        names = list(known) if known else [f"{columns}"]
        raise InputError(say("inputs.model.features", model=names, features=list(features)))
    return tuple(known) if known and set(known) == set(features) else tuple(features)


def matrix_of(features: Mapping[str, npt.NDArray[Any]], names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the columns as a matrix of numbers.

    Raises:
        InputError: a column that is not of numbers.
    """
    for name in names:
        texts = [value for value in features[name].tolist() if type(value) is str] if _may_hold(features[name]) else []
        if texts:
            raise InputError(say("inputs.model.texts", column=name, value=texts[0]))
    try:
        return np.column_stack([features[name].astype(np.float64) for name in names])
    except (ValueError, TypeError) as error:
        raise InputError(say("inputs.model.values", problem=str(error).splitlines()[0])) from error


def _may_hold(values: npt.NDArray[Any]) -> bool:
    """Whether a column may hold texts."""
    return values.dtype.kind in "OUT"


def score_of(output: npt.NDArray[np.float64], rows: int, positive: str) -> Predictions:
    """Return scores of the positive class. A booster knows classes by number: only “0” asks for the other one."""
    found = read_output(output, rows, positive="1", classes=("0", "1") if output.ndim == 2 else None)
    if class_text(positive) == "0" and found.score is not None:
        return Predictions(1 - found.score, None)
    return found
