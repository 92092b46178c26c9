"""Estimates: importances as numbers with intervals, ready for a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import error_of
from hakari.measures.explanation.importance._rises import t_quantile
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["importance_estimates"]


def importance_estimates(found: Attributions, *, rows: int, confidence: float = 0.95) -> tuple[Estimate, ...]:
    """Return one estimate for each player, slice `{"feature": player}`; the intervals hold together at `confidence`.

    `rows` are the rows that the importance was measured on: t quantiles on `rows` − 1, Šidák over the players that
    moved a row. A player that moved none has the value 0 and no interval: nothing here bounds how far rarer rows
    than these might be moved.

    Raises:
        InputError: a confidence that is not strictly between 0 and 1.
    """
    alpha = error_of(confidence)
    errors = [0.0] * len(found.players) if found.errors is None else found.errors[0].tolist()
    measured = max(sum(error > 0 for error in errors), 1)
    each = (1 - alpha) ** (1 / measured)
    method = "t over rows and repeats" + (f", šidák over {measured} features" if measured > 1 else "")
    reach = t_quantile(each, rows - 1)
    return tuple(
        Estimate(
            metric=found.method,
            slice={"feature": player},
            value=value,
            interval=Interval(low=value - reach * error, high=value + reach * error, level=confidence, method=method)
            if error > 0
            else Unmeasured(unmeasured=say("measures.explanation.importance.no_row_moved", rows=rows)),
            n=rows,
        )
        for player, value, error in zip(found.players, found.values[0].tolist(), errors, strict=True)
    )
