"""Versions: the figures of `fairness.versions` from its table of groups × label × both decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hakari.errors import EvidenceError
from hakari.evidence import Table
from hakari.messages import say
from hakari.statistics import RATES, Tally, look_error
from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.paired import OTHER, PairedCells, compare, harm_levels, loss_p_values, paired_cells

__all__ = ["versions_figure"]

_LOSS: Final = "_loss_bound"


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One rate over the groups of one slicing."""

    cells: PairedCells
    few: BoolArray
    """Groups with too few clusters (G,)."""
    worse: int
    """-1 where a fall is worse, 1 where a rise is."""

    def p_values(self) -> FloatArray:
        """P-values of harm (G,); 1 where there is nothing to test."""
        known = (self.cells.trials > 0) & ~self.few
        return np.where(known, loss_p_values(self.cells.change, worse=self.worse), 1.0)


def versions_figure(
    metric: str, columns: tuple[str, ...], parameters: Mapping[str, Any], tables: Sequence[Table]
) -> float | None:
    """Return the largest loss that is not excluded, or the number of groups with harm; None where it is only read.

    Raises:
        EvidenceError: the table is not there, or gives no such figure.
    """
    rate = metric.removesuffix(_LOSS)
    known = metric == "groups_harmed" or (metric.endswith(_LOSS) and rate in parameters["metrics"])
    if columns or not known:
        return None
    table = next((table for table in tables if table.name == "tally"), None)
    if table is None:
        raise EvidenceError(say("assessment.check.no_counts", table="tally"))
    axes = tuple(table.columns[: table.columns.index("n")])
    tally = Tally.from_rows(axes, table.rows, table.details.get("scale"))
    error = look_error(round(1 - parameters["confidence"], 12), parameters["look"]) / 2
    parts = list(_parts(tally, parameters))
    if metric == "groups_harmed":
        found = [float(_harmed(parts, error))] if parts else []
    else:
        found = _bounds([part for part in parts if part.cells.metric == rate], parameters, error)
    if not found:
        raise EvidenceError(say("assessment.check.no_estimate", metric=metric))
    return max(found)


def _parts(tally: Tally, parameters: Mapping[str, Any]) -> Iterator[_Part]:
    more = [axis for axis in ("label", OTHER, "prediction", "cluster") if axis in tally.axes]
    columns = tuple(parameters["columns"] or [axis for axis in tally.axes if axis not in more])
    slicings = [(column,) for column in columns]
    if parameters["intersections"] and len(columns) > 1:
        slicings.append(columns)
    for slicing in slicings:
        reduced = tally.marginal((*slicing, *more))
        for metric in parameters["metrics"]:
            if "label" in tally.axes or not RATES[metric].needs_label:
                cells = paired_cells(reduced, metric, slicing)
                gains = getattr(cells.change, "gained", None)
                few = np.asarray(getattr(gains, "few_clusters", np.zeros(len(cells.groups), dtype=bool)), dtype=bool)
                good = -1 if parameters["favourable"] else 1
                yield _Part(cells, few, {"good": -1, "bad": 1}.get(RATES[metric].high_is, good))


def _harmed(parts: Sequence[_Part], error: float) -> int:
    """In how many groups some rate shows harm, after Holm over every group and rate."""
    tests = [
        (part.cells.columns, part.cells.groups[group], float(p))
        for part in parts
        for group, p in enumerate(part.p_values().tolist())
        if part.cells.trials[group] > 0
    ]
    levels = harm_levels([p for _, _, p in tests], error)
    shown = {(columns, group) for (columns, group, p), most in zip(tests, levels, strict=True) if p <= most}
    return len(shown)


def _bounds(parts: Sequence[_Part], parameters: Mapping[str, Any], error: float) -> list[float]:
    """Return the bound of each slicing; nothing where one of them has none, for then no bound holds for all groups."""
    found = []
    for part in parts:
        cells = part.cells
        compared = np.flatnonzero((cells.trials >= parameters["min_rows"]) & np.isfinite(cells.change.values))
        share = float(cells.trials[compared].sum() / max(cells.trials.sum(), 1.0))
        if not len(compared) or np.any(part.few[compared]) or share < parameters["coverage_min"]:
            return []
        change = cells.change.take(compared)
        result = compare(change, (), margin=parameters["margin"], worse=part.worse, error=error)
        found.append(part.worse * result.bound)
    return found
