"""First sentence: what must be read before an explanation that fails on this model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures.explanation.truth.trial import Trial
from hakari.messages import Message, say

__all__ = ["LINES", "Line", "says_first"]


@dataclass(frozen=True, slots=True)
class Line:
    """When a figure shows that an explanation fails: its whole interval lies on the bad side."""

    value: float
    bad: Literal["below", "above"]
    """Side on which the explanation fails."""

    def failed(self, low: float, high: float) -> bool:
        """Whether the whole interval lies on the bad side."""
        return high < self.value if self.bad == "below" else low > self.value


LINES: Final[Mapping[str, Line]] = MappingProxyType(
    {
        # Half way between chance, at most 1/2, and every row.
        "faithful_share": Line(0.75, "below"),
        # 1 is the score of saying nothing.
        "infidelity": Line(1.0, "above"),
        # Half of the variation of the ranks (ρ² ≈ .5) is there whatever the model learnt.
        "randomisation_similarity": Line(0.7, "above"),
        # In the middle row, noise that hardly moves the row changes the explanation by more than its own size.
        "max_sensitivity": Line(1.0, "above"),
    }
)
"""Metric → its line, in the order in which failures are named."""

_ENOUGH: Final = 6
"""Rows from which on their range holds the middle one: 2 · .5⁶ ≤ .05."""


def says_first(trials: Sequence[Trial]) -> Message | None:
    """Return the sentence that stands before everything else, or None if no trial shows a failure.

    An interval that contains the line shows none: too few rows are no evidence against an explanation.
    """
    failed = [
        message
        for metric, line in LINES.items()
        for trial in trials
        for estimate in trial.estimates
        if estimate.metric == metric and (message := _failure(trial, estimate, line)) is not None
    ]
    if not failed:
        return None
    return say("measures.explanation.truth.first", count=len(failed), failures=failed)


def _failure(trial: Trial, estimate: Estimate, line: Line) -> Message | None:
    if isinstance(estimate.value, Unmeasured):
        return None
    span = _span(trial, estimate)
    if span is None or not line.failed(*span):
        return None
    return say(
        f"measures.explanation.truth.failure.{estimate.metric}",
        value=estimate.value,
        low=span[0],
        high=span[1],
        line=line.value,
        rows=estimate.n,
    )


def _span(trial: Trial, estimate: Estimate) -> tuple[float, float] | None:
    """The interval; without one, the range of the rows if there are enough of them.

    Rows that are all alike give a mean without an interval. The range of six rows or more holds the middle row of all
    with .95 (order statistics), so that it still shows on which side of a line an explanation lies.
    """
    if isinstance(estimate.interval, Interval):
        return estimate.interval.low, estimate.interval.high
    known = [value for value in trial.per_row.tolist() if not math.isnan(value)]
    return (min(known), max(known)) if len(known) >= _ENOUGH else None
