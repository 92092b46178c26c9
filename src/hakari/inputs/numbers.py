"""Numbers: whether scores and weights are what they claim to be."""

from __future__ import annotations

import math

from hakari.errors import InputError
from hakari.inputs.data import Data
from hakari.inputs.tables import WEIGHT_SCALE
from hakari.inputs.values import is_missing
from hakari.messages import say

__all__ = ["check_scores", "check_weights"]

_LARGEST_WEIGHT = 1e9
_LEAST_UNITS = 1_000


def check_scores(data: Data, column: str) -> int:
    """Return how many different scores there are, after proving that all lie in [0, 1].

    Raises:
        InputError: text, missing, NaN, infinite or out-of-range scores; names how many, the first row and its value.
    """
    _require_numbers(data, column)
    found = data.table.within(column, 1)
    if found.good != data.rows:
        _refuse(data, column, "inputs.score.invalid", 1)
    return found.distinct


def check_weights(data: Data, column: str) -> float:
    """Return the mean weight, after proving that all are finite, 0 or more, and large enough to be kept as integers.

    Raises:
        InputError: text, missing, NaN, infinite, negative or vanishingly small weights.
    """
    _require_numbers(data, column)
    found = data.table.within(column, _LARGEST_WEIGHT)
    if found.good != data.rows:
        _refuse(data, column, "inputs.weight.invalid", _LARGEST_WEIGHT)
    if found.mean * WEIGHT_SCALE < _LEAST_UNITS:
        raise InputError(say("inputs.weight.small", column=column, mean=found.mean))
    return found.mean


def _require_numbers(data: Data, column: str) -> None:
    if column in data.numeric_columns:
        return
    for number, value in enumerate(data.read([column])[column].tolist(), start=1):
        try:
            float(value)
        except (TypeError, ValueError):
            raise InputError(say("inputs.number.text", column=column, value=str(value), row=number)) from None
    raise InputError(say("inputs.number.stored_as_text", column=column))


def _refuse(data: Data, column: str, key: str, highest: float) -> None:
    values = data.read([column])[column].tolist()
    bad = [
        (number, value)
        for number, value in enumerate(values, start=1)
        if is_missing(value) or not math.isfinite(value) or not 0 <= value <= highest
    ]
    row, value = bad[0]
    raise InputError(say(key, column=column, count=len(bad), row=row, value=str(value)))
