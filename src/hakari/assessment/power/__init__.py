"""Power: how many rows each group needs before a planned check can be expected to reach a verdict.

The *expected rate* of a metric is stated by a person or is the one pooled rate of the data at hand; a group's own rate
is never used, so that the plan stays blind to the differences that it will judge. Looks and the number of checks cost
rows, and the lines say how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.power.expected import Expected, read_expected
    from hakari.assessment.power.lines import LOOKS, LookRows, PowerLine, Rows, power_lines

__all__ = ["LOOKS", "Expected", "LookRows", "PowerLine", "Rows", "power_lines", "read_expected"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "expected": ("Expected", "read_expected"),
        "lines": ("LOOKS", "LookRows", "PowerLine", "Rows", "power_lines"),
    },
)
