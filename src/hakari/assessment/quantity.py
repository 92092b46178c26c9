"""Quantities in words: the unit of a check's numbers and as many decimals as keep a figure apart from its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from hakari.assessment.model import CheckResult, PlannedCheck
from hakari.messages import Message, say

__all__ = ["Scale", "Unit", "group_scale_of", "scale_of"]

Unit = Literal["percent", "points", "number", "count"]

_SHARES: Final = ("_share", "_share_max", "_rate", "_fraction")
_DECIMALS: Final[dict[Unit, tuple[int, int]]] = {"percent": (1, 4), "points": (1, 4), "number": (3, 5), "count": (0, 0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How the numbers of one check are written."""

    unit: Unit
    decimals: int

    def say(self, value: float) -> Message:
        """Return one number as a message: `12.3%`, `4.1 points`, `0.83` or `1,234`."""
        if self.unit == "count":
            return say("reasons.quantity.count", value=round(value))
        factor = 100.0 if self.unit == "points" else 1.0
        # Adding zero turns -0.0 into 0.0, which would otherwise be printed with its sign.
        return say(f"reasons.quantity.{self.unit}.{self.decimals}", value=value * factor + 0.0)

    def bare(self, value: float) -> Message:
        """Return one number without the word for points, for places where the axis or heading names the unit."""
        full = self.say(value)
        return Message(full.key.replace(".points.", ".points_bare."), full.arguments)

    def span(self, low: float, high: float) -> Message:
        """Return an interval as a message: `0.0 to 9.2 points`."""
        return say("reasons.quantity.range", low=self.bare(low), high=self.say(high))

    def axis(self, value: float) -> float:
        """Return `value` in the unit that a chart's axis shows."""
        return value * 100.0 if self.unit in ("percent", "points") else value


def scale_of(planned: PlannedCheck, result: CheckResult | None = None) -> Scale:
    """Return the scale of a check's own figure: a difference of rates in points, a ratio plain.

    The decimals grow until no figure that differs from a line is printed like it: a reader must never see
    "10.0%, limit 10.0%, not met".
    """
    lines = _lines(planned)
    figures = [] if result is None else _numbers(result.value, result.low, result.high)
    unit = _unit(planned, [*figures, *lines])
    fewest, most = _DECIMALS[unit]
    if planned.aggregation == "ratio":
        fewest = 2
    return Scale(unit=unit, decimals=_decimals(figures, lines, unit, fewest, most))


def group_scale_of(planned: PlannedCheck) -> Scale:
    """Return the scale of the groups' own values, also where the check compares them by a difference or ratio."""
    percent = planned.basis == "rate" or planned.metric.endswith(_SHARES)
    return Scale(unit="percent", decimals=1) if percent else Scale(unit="number", decimals=3)


def _lines(planned: PlannedCheck) -> list[float]:
    worse = planned.margin if planned.operator == "<=" else -planned.margin
    return [planned.threshold, planned.threshold + worse]


def _numbers(*values: object) -> list[float]:
    return [float(value) for value in values if isinstance(value, (int, float))]


def _unit(planned: PlannedCheck, numbers: list[float]) -> Unit:
    percent = planned.basis == "rate" or planned.metric.endswith(_SHARES)
    if planned.aggregation == "ratio":
        return "number"
    if percent:
        return "points" if planned.aggregation == "difference" else "percent"
    if planned.basis == "count" and all(float(number).is_integer() for number in numbers):
        return "count"
    return "number"


def _decimals(figures: list[float], lines: list[float], unit: Unit, fewest: int, most: int) -> int:
    shift = 2 if unit in ("percent", "points") else 0
    for decimals in range(fewest, most):
        places = decimals + shift
        # Differences below 1e-9 are rounding of the machine, no digits can show them.
        if not any(
            abs(figure - line) > 1e-9 and round(figure, places) == round(line, places)
            for figure in figures
            for line in lines
        ):
            return decimals
    return most
