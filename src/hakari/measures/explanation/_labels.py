"""Labels: a column of two classes as 1 for the positive one, 0 for the other, and nan where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hakari.inputs.classes import encode_classes
from hakari.inputs.values import is_missing, text

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.statistics._arrays import FloatArray

__all__ = ["binary_labels"]


def binary_labels(inputs: Inputs, column: str) -> FloatArray:
    """Return the classes of a column, one number per row.

    Raises:
        InputError: an unknown column, or more than two classes.
    """
    values = inputs.data.read([column])[column].tolist()
    written = [None if is_missing(value) else text(value) for value in values]
    codes = encode_classes(
        {column: {value for value in written if value is not None}}, inputs.columns.positive, inputs.columns.negative
    )[column]
    return np.array([np.nan if value is None else float(codes[value]) for value in written])
