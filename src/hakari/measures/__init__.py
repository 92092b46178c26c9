"""Measures: registered, versioned methods that turn inputs into estimates and counts.

A measure is one file in one room, one entry in `BUILT_IN` (or in the entry-point group `hakari.measures` of another
package), one test and one page in the reference. It returns data and message keys. Listing the registry imports no
room: the callables are loaded only when a measurement runs.
"""

from __future__ import annotations

from hakari.measures._built_in import BUILT_IN
from hakari.measures._context import Context
from hakari.measures._contract import CheckMetric, Measure, Measured, MeasureFunction
from hakari.measures._registry import find_measure, registered_measures

__all__ = [
    "BUILT_IN",
    "CheckMetric",
    "Context",
    "Measure",
    "MeasureFunction",
    "Measured",
    "find_measure",
    "registered_measures",
]
