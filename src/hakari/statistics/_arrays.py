"""The array types of this floor."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def divide(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return above / below of arrays that broadcast; nan where `below` is not above 0."""
    out: FloatArray = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out
