"""What the rooms share: slices, tallies as tables, and one estimate per group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval, Table, Unmeasured
from hakari.messages import Message, say
from hakari.statistics import GroupRates, Limits, Tally, monte_carlo_error, simultaneous

__all__ = [
    "NO_DENOMINATOR",
    "error_of",
    "group_estimates",
    "group_name",
    "group_slice",
    "rate_estimates",
    "shortened",
    "slicings",
    "tally_table",
    "unmeasured",
]

_NAMES_IN_A_SENTENCE = 20
NO_DENOMINATOR = say("measures.estimates.no_denominator")


def slicings(columns: Sequence[str], *, intersections: bool = True) -> tuple[tuple[str, ...], ...]:
    """Return each column alone and, if there are several, all of them crossed."""
    alone = tuple((column,) for column in columns)
    return (*alone, tuple(columns)) if intersections and len(columns) > 1 else alone


def group_slice(columns: Sequence[str], group: Sequence[object]) -> dict[str, str]:
    """Return the slice of one group: column → level, as text."""
    return {column: str(level) for column, level in zip(columns, group, strict=True)}


def group_name(group: Sequence[object]) -> str:
    """Return the levels of a group as one name."""
    return " × ".join(str(level) for level in group)


def tally_table(tally: Tally, *, name: str = "tally") -> Table:
    """Return a tally as a table: its axes, then `n`, or `n`, `w` and `w2` with their fixed scale in the details."""
    weighted = ("w", "w2") if tally.weights else ()
    return Table(
        name=name,
        columns=(*tally.axes, "n", *weighted),
        rows=tuple(tuple(row) for row in tally.to_rows()),
        details={"scale": tally.weights.scale} if tally.weights else {},
    )


def rate_estimates(rates: GroupRates, *, metric: str, confidence: float) -> tuple[Estimate, ...]:
    """Return the rate of every group; the intervals of all groups hold together at `confidence`."""
    denominators = [int(trials) for trials in rates.trials]
    return group_estimates(
        rates.limits, rates.columns, rates.groups, metric=metric, n=denominators, confidence=confidence
    )


def group_estimates(
    limits: Limits,
    columns: Sequence[str],
    groups: Sequence[Sequence[object]],
    *,
    metric: str,
    n: Sequence[int],
    confidence: float,
    reason: Message = NO_DENOMINATOR,
) -> tuple[Estimate, ...]:
    """Return one estimate per group with simultaneous two-sided intervals (Šidák over the groups with a value).

    `reason` says why a group without a value has none; `n` are the groups' denominators.
    """
    low, high = simultaneous(limits, error_of(confidence))
    drawn = monte_carlo_error(lambda each: simultaneous(each, error_of(confidence)), limits)
    chance: list[tuple[float, float] | None] = [None] * len(groups)
    if drawn is not None:
        chance = list(zip(drawn[0].tolist(), drawn[1].tolist(), strict=True))
    values = limits.values
    known = int(np.isfinite(values).sum())
    method = limits.method if known < 2 else f"{limits.method}, šidák over {known} groups"
    return tuple(
        unmeasured(metric, reason, slice_=group_slice(columns, group), n=size)
        if math.isnan(value)
        else Estimate(
            metric=metric,
            slice=group_slice(columns, group),
            value=value,
            interval=Interval(low=lower, high=upper, level=confidence, method=method, monte_carlo_error=errors),
            n=size,
        )
        for group, value, lower, upper, errors, size in zip(
            groups, values.tolist(), low.tolist(), high.tolist(), chance, n, strict=True
        )
    )


def error_of(confidence: float) -> float:
    """Return α, without the last digits that 1 − .95 leaves behind.

    Raises:
        InputError: the confidence is not strictly between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise InputError(say("measures.estimates.confidence", confidence=confidence))
    return round(1 - confidence, 12)


def unmeasured(metric: str, reason: Message, *, slice_: Mapping[str, str] | None = None, n: int = 0) -> Estimate:
    """Return an estimate that says why there is no number."""
    absent = Unmeasured(unmeasured=reason)
    return Estimate(metric=metric, slice=dict(slice_ or {}), value=absent, interval=absent, n=n)


def shortened(names: Sequence[Message | str]) -> list[Message | str]:
    """Return the first names of a list and, past twenty, how many more there are."""
    first = list(islice(names, _NAMES_IN_A_SENTENCE))
    left = len(names) - len(first)
    return [*first, say("measures.estimates.more", n=left)] if left else first
