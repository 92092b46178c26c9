"""Versions: the figures of two versions on the same rows, from groups × label × both decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.numbers.beta import binomial_half_tail, clopper_pearson_lower, clopper_pearson_upper
from hakari.standalone.python.numbers.contrasts import joint_errors
from hakari.standalone.python.numbers.counts import RATE_CELLS, Cell, Tally, group_order, read_tally
from hakari.standalone.python.numbers.verdict import holm_levels
from hakari.standalone.python.words import Impossible, say
from hakari.standalone.python.work import spend

__all__ = ["versions_figure"]

_EARLIER = "other_prediction"
_LOSS_BOUND = "_loss_bound"
_PAIRED = (
    "selection_rate",
    "accuracy",
    "error_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
)
_BAD_WHEN_HIGH = ("error_rate", "false_positive_rate", "false_negative_rate")


@dataclass(frozen=True)
class PairedRate:
    """One rate over the groups of one slicing; a change for the worse counts as lost."""

    metric: str
    columns: tuple[str, ...]
    groups: Mapping[Cell, Sequence[int]]
    """Group → rows of the denominator, rows on which only the newer version does better, only the earlier one."""


def versions_figure(
    metric: str, columns: Sequence[str], parameters: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]
) -> float | None:
    """Return the largest loss that is not excluded, or the number of groups with harm; None where it is only read.

    Raises:
        Impossible: the table is not there, or gives no such figure.
    """
    rate = metric.removesuffix(_LOSS_BOUND)
    known = metric == "groups_harmed" or (metric.endswith(_LOSS_BOUND) and rate in parameters["metrics"])
    if columns or not known:
        return None
    table = next((table for table in tables if table["name"] == "tally"), None)
    if table is None:
        raise Impossible(say("assessment.check.no_counts", table="tally"))
    tally = read_tally(table)
    if tally.scale is not None or "cluster" in tally.axes:
        return None
    look = parameters["look"]
    error = round(1 - parameters["confidence"], 12) / (look * (look + 1)) / 2
    parts = list(_paired_rates(tally, parameters))
    if metric == "groups_harmed" and parts:
        return float(_harmed(parts, error))
    bounds = [_bound(part, parameters, error) for part in parts if part.metric == rate]
    if not bounds or None in bounds:
        raise Impossible(say("assessment.check.no_estimate", metric=metric))
    return max(bound for bound in bounds if bound is not None)


def _paired_rates(tally: Tally, parameters: Mapping[str, Any]) -> Iterator[PairedRate]:
    counted = [axis for axis in ("label", _EARLIER, "prediction") if axis in tally.axes]
    columns = tuple(parameters["columns"] or [axis for axis in tally.axes if axis not in counted])
    slicings = [(column,) for column in columns]
    if parameters["intersections"] and len(columns) > 1:
        slicings.append(columns)
    for slicing in slicings:
        for metric in parameters["metrics"]:
            if metric not in _PAIRED:
                raise Impossible(say("statistics.rates.unknown", metric=metric, known=sorted(_PAIRED)))
            if metric == "selection_rate" or "label" in tally.axes:
                yield _paired_rate(tally, metric, slicing, favourable=parameters["favourable"])


def _paired_rate(tally: Tally, metric: str, columns: tuple[str, ...], *, favourable: bool) -> PairedRate:
    hit, used = RATE_CELLS[metric]
    needs_label = metric != "selection_rate"
    places = [tally.place(column) for column in columns]
    label = tally.place("label") if needs_label else 0
    sides = [tally.place(_EARLIER), tally.place("prediction")]
    worse_when_high = metric in _BAD_WHEN_HIGH or (metric == "selection_rate" and not favourable)

    def within(cell: Cell, side: int, cells: frozenset[tuple[int, int]]) -> bool:
        if needs_label:
            return (cell[label], cell[side]) in cells
        return cell[side] in {prediction for _, prediction in cells}

    groups: dict[Cell, list[int]] = {}
    for cell, numbers in tally.cells.items():
        found = groups.setdefault(tuple(cell[place] for place in places), [0, 0, 0])
        if all(within(cell, side, used) for side in sides):
            before, after = (within(cell, side, hit) for side in sides)
            found[0] += numbers[0]
            if before != after:
                found[1 if after != worse_when_high else 2] += numbers[0]
    return PairedRate(metric, columns, {group: groups[group] for group in sorted(groups, key=group_order)})


def _harmed(parts: Sequence[PairedRate], error: float) -> int:
    """In how many groups some rate shows harm: McNemar's exact test, Holm over every group and rate."""
    tests = [
        (part.columns, group, binomial_half_tail(lost, gained))
        for part in parts
        for group, (rows, gained, lost) in part.groups.items()
        if rows > 0
    ]
    spend(1e-5 * len(tests))
    levels = holm_levels([p for _, _, p in tests], [error] * len(tests))
    return len({(columns, group) for (columns, group, p), most in zip(tests, levels, strict=True) if p <= most})


def _bound(part: PairedRate, parameters: Mapping[str, Any], error: float) -> float | None:
    """Return the largest loss that is not excluded in any group that is compared, or None where there is no bound."""
    compared = [numbers for numbers in part.groups.values() if numbers[0] >= max(parameters["min_rows"], 1)]
    rows = sum(numbers[0] for numbers in part.groups.values())
    if not compared or sum(numbers[0] for numbers in compared) / max(rows, 1) < parameters["coverage_min"]:
        return None
    return max(_largest_loss(rows, gained, lost, error) for rows, gained, lost in compared)


def _largest_loss(rows: int, gained: int, lost: int, error: float) -> float:
    """Return the upper limit of (lost − gained) / rows: shares of rows that differ and of gains, along the contour."""
    differ, errors = gained + lost, joint_errors(error)
    spend(8e-5 * len(errors))
    largest = -1.0
    for at_share, at_differ in zip(errors, reversed(errors), strict=True):
        slope = 1.0 - 2.0 * clopper_pearson_lower(gained, differ, at_share)
        limit = clopper_pearson_upper if slope > 0 else clopper_pearson_lower
        largest = max(largest, slope * limit(differ, rows, at_differ))
    # At errors near one half a limit can pass its own value: it is held there.
    return max(largest, (lost - gained) / rows)
