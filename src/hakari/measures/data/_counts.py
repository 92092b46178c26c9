"""Counts: exact figures of one file as estimates."""

from __future__ import annotations

from collections.abc import Mapping

from hakari.evidence import Estimate, Interval

__all__ = ["count"]


def count(metric: str, value: float, *, n: int, slice_: Mapping[str, str] | None = None) -> Estimate:
    """Return an exact figure; its interval is the figure itself, because nothing is estimated."""
    exact = float(value)
    interval = Interval(low=exact, high=exact, level=1.0, method="count")
    return Estimate(metric=metric, slice=dict(slice_ or {}), value=exact, interval=interval, n=n)
