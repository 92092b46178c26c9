"""Strip: a picture of an interval against its limit, in one line of characters and one of labels.

    0 ├···━━━━━━●━━━━┿━━━━━━━╋━━━━━▒▒▒▒▒▒▒▒┤ 25 points
                  10 ╵       ╵ 15

Dots are acceptable, the shade is unacceptable, the blank between them is the margin. The heavy line is the interval,
the disc the figure. Each mark has a shape of its own, so nothing depends on colour, and each has an ASCII twin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hakari.cli.terminal.layout import pad, width_of

__all__ = ["ASCII", "UNICODE", "Signs", "Strip", "nice_range", "strip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """One set of characters for the picture."""

    left: str
    right: str
    good: str
    between: str
    bad: str
    bar: str
    value: str
    limit: str
    limit_covered: str
    line: str
    line_covered: str
    tick: str


UNICODE = Signs(
    left="├",
    right="┤",
    good="·",
    between=" ",
    bad="▒",
    bar="━",
    value="●",
    limit="│",
    limit_covered="┿",
    line="┃",
    line_covered="╋",
    tick="╵",
)
ASCII = Signs(
    left="|",
    right="|",
    good=".",
    between=" ",
    bad="x",
    bar="=",
    value="O",
    limit=":",
    limit_covered="+",
    line="!",
    line_covered="#",
    tick="'",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What is drawn, in the unit of the labels (a share of 0.1 as 10 where the labels are per cent)."""

    value: float
    low: float
    high: float
    limit: float
    line: float
    """Unacceptable from here; equal to the limit where there is no margin."""
    at_most: bool
    """True if small values are acceptable."""
    natural: tuple[float, float] | None = None
    """Ends that the quantity cannot pass, such as 0 and 1."""
    whole: bool = False
    """True for counts: the ends of the scale are whole numbers."""


def strip(drawn: Strip, signs: Signs, *, width: int, labels: tuple[str, str], unit: str) -> tuple[str, str]:
    """Return the picture and the line of labels below it; `labels` name the limit and the unacceptable line."""
    low, high = nice_range(drawn)
    left, right = _end(low), _end(high) + unit
    cells = max(width - width_of(left) - width_of(right) - 4, 16)

    def place(number: float) -> int:
        share = (number - low) / (high - low)
        return min(max(round(share * (cells - 1)), 0), cells - 1)

    limit, line = place(drawn.limit), place(drawn.line)
    row = [_ground(column, limit, line, drawn, signs) for column in range(cells)]
    covered = range(place(drawn.low), place(drawn.high) + 1)
    for column in covered:
        row[column] = signs.bar
    row[line] = signs.line_covered if line in covered else signs.line
    if drawn.line != drawn.limit:
        row[limit] = signs.limit_covered if limit in covered else signs.limit
    row[place(drawn.value)] = signs.value
    start = width_of(left) + 2
    picture = f"{left} {signs.left}{''.join(row)}{signs.right} {right}"
    return picture, _labels(start, limit, line, labels, signs.tick).rstrip()


def nice_range(drawn: Strip) -> tuple[float, float]:
    """Return round ends that hold the interval, the figure and both lines, with a little room, inside natural ends."""
    numbers = (drawn.value, drawn.low, drawn.high, drawn.limit, drawn.line)
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0 if drawn.whole else 1e-6)
    step = _step((high - low + 2 * room) / 5)
    if drawn.whole:
        step = max(step, 1.0)
    low, high = math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step
    if drawn.natural is not None:
        low, high = max(low, drawn.natural[0]), min(high, drawn.natural[1])
    return low + 0.0, high


def _step(size: float) -> float:
    base: float = 10.0 ** math.floor(math.log10(size))
    return next(base * factor for factor in (1, 2, 2.5, 5, 10) if base * factor >= size * 0.999)


def _end(number: float) -> str:
    return f"{round(number, 10):,.6g}" if abs(number) < 1e6 else f"{number:,.0f}"


def _ground(column: int, limit: int, line: int, drawn: Strip, signs: Signs) -> str:
    beyond_line = column > line if drawn.at_most else column < line
    within_limit = column <= limit if drawn.at_most else column >= limit
    return signs.good if within_limit else signs.bad if beyond_line else signs.between


def _labels(start: int, limit: int, line: int, labels: tuple[str, str], tick: str) -> str:
    """Labels grow away from each other, so that two lines that nearly meet stay readable."""
    if limit == line:
        text = f"{tick} {labels[0]}" if labels[0] == labels[1] else f"{tick} {labels[0]} / {labels[1]}"
        return " " * (start + limit) + text
    first, second = (limit, line) if limit < line else (line, limit)
    names = labels if limit < line else (labels[1], labels[0])
    room = start + first
    before = f"{names[0]} {tick}"
    if width_of(before) > room + 1:
        before = tick
    left = pad(before, room + 1, right=True)
    return pad(left, start + second) + f"{tick} {names[1]}"
