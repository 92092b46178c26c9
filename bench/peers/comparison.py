"""Comparison: whether two libraries say the same of the same rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

TOLERANCE = 1e-12
"""Quotients of the same integers differ by less, however they are put together."""


class Agreement(NamedTuple):
    """What was compared."""

    values: int
    metrics: list[str]
    largest: float
    """Largest absolute difference; infinite where a value is absent or is not a number."""


def agreement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Agreement:
    """Compare every value that the other library gives with ours."""
    flat, known = dict(_flat(theirs)), dict(_flat(ours))
    largest = 0.0
    for key, value in flat.items():
        apart = abs(known.get(key, math.nan) - value)
        largest = max(largest, math.inf if math.isnan(apart) else apart)
    return Agreement(len(flat), sorted({key[1] for key in flat}), largest)


def _flat(values: Mapping[str, Any]) -> Any:
    for section, metrics in values.items():
        for metric, found in metrics.items():
            if isinstance(found, Mapping):
                yield from (((section, metric, group), value) for group, value in found.items())
            else:
                yield (section, metric), found
