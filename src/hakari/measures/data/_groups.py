"""Groups: how many rows each group has and how often its label is positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakari.evidence import Estimate, Table
from hakari.inputs.values import class_text, text
from hakari.measures._estimates import group_name, group_slice, rate_estimates, slicings
from hakari.measures.data._counts import count
from hakari.statistics import MISSING, GroupRates, Tally, group_rates

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["Groups", "count_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Sizes and label rates of the groups of each sensitive column and of all of them crossed."""

    rates: tuple[GroupRates, ...]
    """One entry per column, then all crossed; without a label column only the rows count."""
    labelled: bool
    """Whether there is a label column."""

    @property
    def smallest(self) -> int | None:
        """Rows of the smallest group of a single column, or None without sensitive columns."""
        return min((min(rates.rows) for rates in self.rates if len(rates.columns) == 1), default=None)

    def estimates(self, *, confidence: float, rows: int) -> list[Estimate]:
        """Return rows (exact) and label rate (with simultaneous intervals) of every group."""
        found: list[Estimate] = []
        for rates in self.rates:
            for group, size in zip(rates.groups, rates.rows, strict=True):
                found.append(count("rows", size, n=rows, slice_=group_slice(rates.columns, group)))
            if self.labelled:
                found += rate_estimates(rates, metric="base_rate", confidence=confidence)
        return found

    def table(self, rows: int) -> Table:
        """Return rows, share, labelled rows and positive labels of every group."""
        lines = []
        for rates in self.rates:
            name = " × ".join(rates.columns)
            trials = rates.trials.tolist() if self.labelled else [None] * len(rates.rows)
            successes = rates.successes.tolist() if self.labelled else trials
            for group, size, n, x in zip(rates.groups, rates.rows, trials, successes, strict=True):
                known = (None, None) if n is None or x is None else (int(n), int(x))
                lines.append((name, group_name(group), size, size / rows, *known))
        columns = ("columns", "group", "rows", "share", "labelled", "positive")
        return Table(name="groups", columns=columns, rows=tuple(lines))


def count_groups(inputs: Inputs) -> Groups:
    """Count the groups in one pass; rows without a label count as rows, not towards the label rate."""
    columns, label = inputs.columns.sensitive, inputs.columns.label
    if not columns:
        return Groups(rates=(), labelled=label is not None)
    one = class_text(inputs.columns.positive)
    width = len(columns)
    rows = []
    for cell in inputs.data.count_cells([*columns, *([label] if label else [])]):
        groups = [text(value) for value in cell[:width]]
        rows.append([*groups, _label(cell[width], one) if label else MISSING, cell[-1]])
    tally = Tally.from_cells((*columns, "label"), rows)
    parts = slicings(columns)
    return Groups(rates=tuple(group_rates(tally, "base_rate", part) for part in parts), labelled=label is not None)


def _label(value: object, one: str) -> int | str:
    return MISSING if value == MISSING else int(class_text(value) == one)
