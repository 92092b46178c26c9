"""Figure: a number that carries its interval, and is otherwise the number that other libraries return."""

from __future__ import annotations

from typing import Any, Self

__all__ = ["Figure"]


class Figure(float):
    """A float with its interval, so that `figure <= 0.1` works and `print(figure)` says how sure it is.

    `nan` where there is nothing to measure; `why` then says it.
    """

    __slots__ = ("high", "level", "low", "method", "n", "why")

    low: float
    """Lower limit; nan without an interval."""
    high: float
    """Upper limit; nan without an interval."""
    level: float
    """Confidence of the interval."""
    method: str
    """How the interval is made."""
    n: int
    """Rows in the metric's own denominator."""
    why: str
    """Why there is no number or no interval; empty otherwise."""

    def __new__(
        cls,
        value: float,
        *,
        low: float = float("nan"),
        high: float = float("nan"),
        level: float = 0.95,
        method: str = "",
        n: int = 0,
        why: str = "",
    ) -> Self:
        made = super().__new__(cls, value)
        made.low, made.high, made.level, made.method, made.n, made.why = low, high, level, method, n, why
        return made

    def __repr__(self) -> str:
        if self.low != self.low:
            return f"{float(self):.4g} (n = {self.n:,})"
        return f"{float(self):.4g} [{self.low:.4g}, {self.high:.4g}] (n = {self.n:,})"

    __str__ = __repr__

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (float(self), self.low, self.high, self.level, self.method, self.n, self.why)


def _again(value: float, low: float, high: float, level: float, method: str, n: int, why: str) -> Figure:
    return Figure(value, low=low, high=high, level=level, method=method, n=n, why=why)
