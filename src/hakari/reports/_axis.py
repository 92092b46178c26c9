"""Axis: where a chart's scale begins and ends and which of its places carry a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hakari.reports._lettering import breadth

__all__ = ["Axis", "fitted"]

_LABEL_SIZE = 12
_AIR = 10
"""Least room between two numbers of the axis, in pixels."""
_LEAST_SPAN = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A linear scale from `low` to `high` over `width` pixels, with numbers at `ticks`."""

    title: str
    low: float
    high: float
    width: int
    ticks: tuple[tuple[float, str], ...]

    def pixels(self, value: float) -> float:
        """Return how far right of the axis' beginning `value` stands."""
        return (value - self.low) / (self.high - self.low) * self.width


def fitted(
    numbers: Sequence[float], *, title: str, percent: bool, width: int, ticks: int, from_zero: bool = False
) -> Axis:
    """Return an axis that holds `numbers` with air around them, within what the unit allows, and about `ticks` numbers.

    `from_zero` begins at zero where that wastes less than the data take.
    """
    low, high = _ends(numbers, percent=percent, from_zero=from_zero)
    return Axis(title=title, low=low, high=high, width=width, ticks=_ticks(low, high, ticks, width, "%" * percent))


def _ends(numbers: Sequence[float], *, percent: bool, from_zero: bool) -> tuple[float, float]:
    low, high, top = min(numbers), max(numbers), 100.0 if percent else 1.0
    # Numbers that lie on one spot still need an axis to stand on.
    air = (high - low) * 0.12 if high - low > _LEAST_SPAN else 0.01 * top
    least = 0.0 if low >= 0 else low - air
    low = least if from_zero and low >= 0 and low - (high - low) <= 0 else max(least, low - air)
    high = min(high + air, top) if high <= top else high + air
    return round(low, 6), round(high, 6)


def _ticks(low: float, high: float, wanted: int, width: int, unit: str) -> tuple[tuple[float, str], ...]:
    """Return multiples of 1, 2 or 5 times a power of ten, as many as `wanted` asks for and have room side by side."""
    ticks: tuple[tuple[float, str], ...] = ()
    for count in range(wanted, 0, -1):
        power = math.floor(math.log10((high - low) / count))
        rest = (high - low) / count / 10.0**power
        times = 10 if rest >= math.sqrt(50) else 5 if rest >= math.sqrt(10) else 2 if rest >= math.sqrt(2) else 1
        step, places = times * 10.0**power, max(0, -power - (times == 10))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        ticks = tuple((round(n * step, places), _number(n * step, places) + unit) for n in range(first, last + 1))
        widest = max((breadth(label, _LABEL_SIZE) for _, label in ticks), default=0.0)
        if widest + _AIR <= step / (high - low) * width:
            break
    return ticks


def _number(value: float, places: int) -> str:
    # Adding zero turns -0.0 into 0.0, which would otherwise be printed with its sign.
    text = f"{round(value, places) + 0.0:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")
