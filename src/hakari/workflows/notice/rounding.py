"""Rounding: a change in numbers that a person would say, asked of the model again after it was rounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation import Features

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray

__all__ = ["changed_columns", "rounded_change"]

_FURTHER: Final = 5
"""Steps that a rounded value may go further than the change that was found."""

Accepts = Callable[[Features], "BoolArray"]
"""Rows → whether each leads to the other decision and is a change that people can make."""


def changed_columns(before: Features, after: Features) -> tuple[str, ...]:
    """Return the columns whose value differs between two single rows; missing is like missing."""
    return tuple(
        name
        for name, values in before.columns.items()
        if not (values[0] == after.columns[name][0] or (_is_nan(values[0]) and _is_nan(after.columns[name][0])))
    )


def rounded_change(
    before: Features,
    after: Features,
    units: Mapping[str, float],
    accepts: Accepts,
    *,
    settled: Callable[[Features], Features] = lambda rows: rows,
    exact: Callable[[Features], bool] | None = None,
) -> Features | None:
    """Return the change `after` with each changed number on a multiple of its unit, or None if no such change holds.

    The nearest multiple is tried first, then those one, two, … steps further away from where the person stands, and
    last the change as it was found, if it can be said exactly; the first that `accepts` is taken, so that nothing is
    said that was not asked of the model.

    Args:
        before: the person's row.
        after: a change that was found.
        units: column → unit of its numbers; a column without one is left as it is.
        accepts: see `Accepts`.
        settled: sets what follows from the rounded values.
        exact: whether a row can be said without rounding it again.
    """
    columns = [name for name in changed_columns(before, after) if name in units and name in before.numeric]
    tried = [settled(_moved(before, after, units, columns, further)) for further in range(-1, _FURTHER + 1)]
    if exact is not None and exact(after):
        tried.append(after)
    accepted = accepts(Features.joined(tried))
    for candidate, holds in zip(tried, accepted, strict=True):
        if holds and changed_columns(before, candidate):
            return candidate
    return None


def _moved(before: Features, after: Features, units: Mapping[str, float], columns: list[str], further: int) -> Features:
    """Each number on a multiple of its unit: the nearest for −1, else the next one outwards and `further` beyond it."""
    found = {}
    for name in columns:
        start, end, unit = float(before.columns[name][0]), float(after.columns[name][0]), units[name]
        if further < 0 or np.isnan(start):
            steps = round(end / unit)
        else:
            # A change that stands on a multiple already must not be pushed outwards by the last digit of a float.
            exact = end / unit
            steps = (
                round(exact)
                if abs(exact - round(exact)) < 1e-6
                else int(np.ceil(exact) if end > start else np.floor(exact))
            )
            steps += further if end > start else -further
        found[name] = np.array([round(steps * unit, 10)]).astype(before.columns[name].dtype)
    return after.with_columns(found)


def _is_nan(value: object) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value)))
