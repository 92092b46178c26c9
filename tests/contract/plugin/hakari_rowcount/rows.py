"""The measure itself; listing the registry does not import this module."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.evidence import Estimate, Interval
from hakari.inputs import Inputs
from hakari.measures import Context, Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsParameters:
    """What the measure can be asked."""

    times: int = 1
    """How often each row counts."""


def measure_rows(inputs: Inputs, parameters: RowsParameters, *, context: Context) -> Measured:
    """Count the rows."""
    rows = float(inputs.data.rows * parameters.times)
    exact = Interval(low=rows, high=rows, level=1.0, method="count")
    return Measured(estimates=(Estimate(metric="rows", value=rows, interval=exact, n=inputs.data.rows),))
