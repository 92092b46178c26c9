"""`explanation.capture`: of all decisions made, how many were recorded when they were made, and with reasons."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval
from hakari.inputs.values import is_missing, text
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, rate_estimates, slicings, tally_table, unmeasured
from hakari.messages import Message, say
from hakari.statistics import Tally, group_rates

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.inputs import Data, Inputs
    from hakari.measures._context import Context

__all__ = ["METRICS", "CaptureParameters", "measure_capture"]

METRICS = {
    "captured_share": "captured_lines",
    "reasons_captured_share": "captured",
    "late_share": "late",
    "inputs_match_share": "inputs_match",
}
"""Each share and the table of counts from which it is derived: the share of 1 in `prediction`."""
_COUNTS = {"chain_faults": "store_faults", "capture_failures": "store_failures"}
"""Each figure of the store as a whole, and the column that carries it."""
_FLAGS = {"0": 0, "1": 1, "false": 0, "true": 1, "0.0": 0, "1.0": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureParameters:
    """What `explanation.capture` can be asked. The columns are those that `hakari capture export` writes."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    captured: str = "captured"
    """Column of 0 and 1: whether the decision has a line in the store."""
    has_reasons: str = "has_reasons"
    """Column of 0 and 1: whether that line gives reasons, the model's or a person's."""
    line_whole: str = "line_whole"
    """Column of 0 and 1, empty where not captured: whether no fault of the store names the line."""
    inputs_match: str = "inputs_match"
    """Column of 0 and 1, or empty: whether the inputs in the log are those whose digest was recorded."""
    seconds_late: str = "seconds_late"
    """Column of seconds from the decision to its line, or empty."""
    late_after: float = 60.0
    """From more than so many seconds on, a line counts as late."""
    columns: tuple[str, ...] | None = None
    """Columns of groups; the sensitive ones of the manifest if left out."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """One share: 1 or 0 for each row (N,), nan where the row is outside the denominator; or why there is none."""

    metric: str
    values: npt.NDArray[np.float64]
    reason: Message | None = None


def measure_capture(inputs: Inputs, parameters: CaptureParameters, *, context: Context) -> Measured:
    """Measure the shares of decisions captured, captured with reasons, and late, each with Clopper–Pearson intervals.

    The tested data hold one row per decision made. A line that a fault of the store names does not count as captured.

    Raises:
        InputError: a column is missing or holds other values than 0 and 1, or a parameter is out of its range.
        InterruptedRun: the person asked to stop.
    """
    error_of(parameters.confidence)
    if not (math.isfinite(parameters.late_after) and parameters.late_after >= 0):
        raise InputError(say("measures.explanation.capture.late_after", value=parameters.late_after))
    data = inputs.data
    if not data.rows:
        raise InputError(say("measures.explanation.capture.no_rows"))
    columns = parameters.columns or inputs.columns.sensitive
    data.require(columns)
    absent = [name for name in (parameters.captured, parameters.has_reasons) if name not in data.columns]
    if absent:
        # A table of decisions that nobody joined with a store: no figure, and no reason to stop everything else.
        reason = say("measures.explanation.capture.no_column", column=absent[0])
        return Measured(estimates=tuple(unmeasured(metric, reason) for metric in (*METRICS, *_COUNTS)))
    shares, seconds = _shares(data, parameters)
    parts = ((), *slicings(columns, intersections=parameters.intersections))
    estimates = list(_store_estimates(data))
    tables = []
    for number, share in enumerate(shares):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(shares), say("measures.explanation.capture.progress"))
        if share.reason is not None:
            estimates.append(unmeasured(share.metric, share.reason))
            continue
        tally = _tally(data, columns, share)
        tables.append(tally_table(tally, name=METRICS[share.metric]))
        for part in parts:
            rates = group_rates(tally.marginal((*part, "prediction")), "selection_rate", part)
            estimates += rate_estimates(rates, metric=share.metric, confidence=parameters.confidence)
    context.progress(len(shares), len(shares), say("measures.explanation.capture.progress"))
    limits = tuple(_limits(inputs, seconds))
    return Measured(estimates=tuple(estimates), tables=tuple(tables), limits=limits)


def _shares(data: Data, parameters: CaptureParameters) -> tuple[list[_Share], npt.NDArray[np.float64] | None]:
    captured = _flags(data, parameters.captured, empty=False)
    whole = _flags(data, parameters.line_whole) if parameters.line_whole in data.columns else np.ones(len(captured))
    held = np.where((captured == 1) & (whole != 0), 1.0, 0.0)
    reasons = np.where(held == 1, _flags(data, parameters.has_reasons, empty=False), 0.0)
    shares = [_Share("captured_share", held), _Share("reasons_captured_share", reasons)]
    seconds = _seconds(data, parameters.seconds_late, held)
    timed = None if seconds is None else np.where(np.isnan(seconds), np.nan, seconds > parameters.late_after)
    shares.append(_share("late_share", timed, say("measures.explanation.capture.no_times")))
    agrees = None
    if parameters.inputs_match in data.columns:
        agrees = np.where(held == 1, _flags(data, parameters.inputs_match), np.nan)
    shares.append(_share("inputs_match_share", agrees, say("measures.explanation.capture.not_compared")))
    return shares, seconds


def _share(metric: str, values: npt.NDArray[np.float64] | None, reason: Message) -> _Share:
    if values is None or np.isnan(values).all():
        return _Share(metric, np.empty(0), reason)
    return _Share(metric, values)


def _flags(data: Data, column: str, *, empty: bool = True) -> npt.NDArray[np.float64]:
    """Return a column of 0 and 1 as numbers (N,); nan where it is empty and may be."""
    found = np.empty(data.rows)
    known: dict[Any, float] = {}
    for row, value in enumerate(data.read([column])[column].tolist()):
        absent = is_missing(value)
        name = None if absent else value
        if name not in known:
            code = math.nan if absent and empty else _FLAGS.get("" if absent else text(value).lower())
            if code is None:
                raise InputError(
                    say("measures.explanation.capture.flag", column=column, value="" if absent else text(value))
                )
            known[name] = code
        found[row] = known[name]
    return found


def _seconds(data: Data, column: str, held: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Return how late each held line is (N,), nan where nothing says so or the decision is not held."""
    if column not in data.columns or (column not in data.numeric_columns and data.missing_counts()[column] < data.rows):
        return None
    values = data.read([column])[column]
    if values.dtype == object:
        return None
    return np.where(held == 1, values.astype(float), np.nan)


def _tally(data: Data, columns: tuple[str, ...], share: _Share) -> Tally:
    """Count the rows of the denominator by group and 0 or 1."""
    values = share.values
    codes = np.where(np.isnan(values), -1, values).astype(np.int64)
    name = "prediction"
    while name in data.columns:
        name += "_"
    cells = data.extended({name: codes}).count_cells([*columns, name])
    rows = [(*(text(level) for level in cell), code, n) for *cell, code, n in cells if code != -1]
    return Tally.from_rows((*columns, "prediction"), rows)


def _store_estimates(data: Data) -> Iterator[Estimate]:
    for metric, column in _COUNTS.items():
        values = [] if column not in data.columns else [cell[0] for cell in data.count_cells([column])]
        numbers = [float(value) for value in values if isinstance(value, (int, float))]
        if not numbers:
            yield unmeasured(metric, say("measures.explanation.capture.no_store"))
            continue
        exact = max(numbers)
        interval = Interval(low=exact, high=exact, level=1.0, method="count")
        yield Estimate(metric=metric, slice={}, value=exact, interval=interval, n=data.rows)


def _limits(inputs: Inputs, seconds: npt.NDArray[np.float64] | None) -> Iterator[Message]:
    for name in ("log", "genuine", "reasons"):
        yield say(f"measures.explanation.capture.limit.{name}")
    if seconds is not None and not np.isnan(seconds).all():
        untimed, early = int(np.isnan(seconds).sum()), int((seconds < 0).sum())
        yield say("measures.explanation.capture.limit.late", n=untimed, early=early)
    if "captured_times" in inputs.data.columns:
        times = inputs.data.count_cells(["captured_times"])
        again = sum(n for value, n in times if isinstance(value, (int, float)) and value > 1)
        if again:
            yield say("measures.explanation.capture.limit.twice", n=again)
    if inputs.columns.weight is not None or inputs.columns.cluster is not None:
        yield say("measures.explanation.capture.limit.unweighted")
