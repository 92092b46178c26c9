"""Comparing: whether values are the same before and after, and how far columns spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.inputs.values import is_missing

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["TOLERANCE", "absent", "differs", "is_number", "spread"]

TOLERANCE: Final = 1e-9
"""Numbers that are nearer, relative to their size, are the same number."""
_NORMAL_IQR: Final = 1.3489795003921634
"""Interquartile range of a standard normal distribution: the spread of normal data is its standard deviation."""


def is_number(values: npt.NDArray[Any]) -> bool:
    """Whether a column holds numbers."""
    return values.dtype.kind in "biuf"


def absent(values: npt.NDArray[Any]) -> BoolArray:
    """Return where a value is missing (n,)."""
    if is_number(values):
        return np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
    return np.array([is_missing(value) for value in values.tolist()], dtype=bool)


def differs(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> BoolArray:
    """Return where two columns differ (n,); missing is the same as missing."""
    if is_number(before) and is_number(after):
        old, new = before.astype(np.float64, copy=False), after.astype(np.float64, copy=False)
        near = np.abs(new - old) <= TOLERANCE * np.maximum(1.0, np.abs(old))
        return np.asarray(~(near | (old == new) | (np.isnan(old) & np.isnan(new))), dtype=bool)
    unequal = np.asarray(before.astype(object) != after.astype(object), dtype=bool)
    places = np.flatnonzero(unequal)
    unequal[places[absent(before[places]) & absent(after[places])]] = False
    return unequal


def spread(values: npt.NDArray[Any]) -> float:
    """Return the robust spread of numbers: IQR / 1.349, else their standard deviation, else 1."""
    known: FloatArray = values.astype(np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return 1.0
    low, high = np.quantile(known, [0.25, 0.75])
    found = float(high - low) / _NORMAL_IQR or float(known.std())
    return found if np.isfinite(found) and found > 0 else 1.0
