"""Scores: their counts, exact as long as that is small, and the calibration table made from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hakari.evidence import Table
from hakari.measures._estimates import error_of, tally_table
from hakari.statistics import ClopperPearson, Tally, simultaneous
from hakari.statistics.smooth import group_scores

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.statistics._arrays import FloatArray

__all__ = ["Scores", "calibration_table", "count_scores"]

_MOST_CELLS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts of (group columns,) label and score."""

    tally: Tally
    grouped: bool
    """False if the group columns had to be left out, because the cells were too many."""
    rounding: float | None
    """Largest distance of a score from the value that stands for it; None where scores are exact."""

    @property
    def table(self) -> Table:
        """The counts, with the rounding in the details."""
        table = tally_table(self.tally, name="scores")
        if self.rounding is None:
            return table
        return replace(table, details={**table.details, "rounding": self.rounding})


def count_scores(inputs: Inputs, by: tuple[str, ...]) -> Scores:
    """Return the counts of label and score: exact up to 100,000 distinct scores, else rounded to the inputs' step."""
    tally = inputs.tally(by, label=True, prediction=False, score=True)
    grouped = len(tally.cells) <= _MOST_CELLS
    if not grouped:
        tally = tally.marginal([axis for axis in tally.axes if axis not in by])
    step = inputs.score_step()
    return Scores(tally=tally, grouped=grouped, rounding=None if step is None else step / 2)


def calibration_table(tally: Tally, *, bins: int, confidence: float) -> Table:
    """Return per bin of the score: rows, mean score and share of positives with simultaneous intervals.

    Bins have equal width on [0, 1] and hold their lower end, the last also its upper one. Rows count once each.
    """
    whole = group_scores(tally, "score")[0]
    place = np.minimum((whole.scores * bins).astype(np.int64), bins - 1)

    def total(numbers: FloatArray) -> FloatArray:
        return np.bincount(place, weights=numbers, minlength=bins).astype(float)

    rows = total(whole.negatives + whole.positives)
    positives = total(whole.positives)
    mass = total(whole.scores * (whole.negatives + whole.positives))
    low, high = simultaneous(ClopperPearson(positives, rows), error_of(confidence))
    lines = tuple(
        (
            number + 1,
            number / bins,
            (number + 1) / bins,
            int(rows[number]),
            float(mass[number] / rows[number]) if rows[number] else None,
            int(positives[number]),
            float(positives[number] / rows[number]) if rows[number] else None,
            float(low[number]) if rows[number] else None,
            float(high[number]) if rows[number] else None,
        )
        for number in range(bins)
    )
    columns = ("bin", "low", "high", "n", "mean_score", "positives", "rate", "rate_low", "rate_high")
    return Table(name="calibration", columns=columns, rows=lines, details={"confidence": confidence})
