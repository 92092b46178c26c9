"""Counted: the values of one column with their counts, split by the class of the label where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.inputs.values import class_text, level
from hakari.statistics import MISSING
from hakari.statistics.score_metrics import auc

if TYPE_CHECKING:
    from hakari.inputs import Data
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["FEWEST_OF_A_CLASS", "Counted", "count_column", "strength"]

MOST_DISTINCT = 100_000
MOST_ROWS = 5_000_000
FEWEST_OF_A_CLASS = 10
"""With fewer rows of a class, a column can predict the label perfectly by chance."""

_UNLABELLED = 2


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Values of one column in rising or canonical order, with counts per class of the label."""

    values: FloatArray | None
    """The S numbers, or None for a column of anything else."""
    levels: tuple[object, ...]
    """The S levels of a column that is no number; empty for numbers."""
    counts: IntArray
    """Rows (S, 3) with label 0, label 1, and without a label."""
    missing: IntArray
    """Rows (3,) without a value."""

    @property
    def whole(self) -> bool:
        """Whether all values are whole numbers."""
        return self.values is not None and bool(np.all(self.values == np.floor(self.values)))


def count_column(data: Data, column: str, label: str | None, positive: str) -> Counted | None:
    """Return the values of a column with their counts, or None if they are too many to be worth counting.

    Up to 100,000 distinct values are counted where the data lies; beyond that, numbers are read, up to five million.
    """
    numeric = column in data.numeric_columns
    few = data.distinct_counts()[column] <= MOST_DISTINCT
    if not few and not (numeric and data.rows <= MOST_ROWS):
        return None
    classify = _classifier(positive)
    split = label if label is not None and label != column else None
    if few:
        cells = data.count_cells([column] if split is None else [column, split])
        values = [cell[0] for cell in cells]
        labels = [_UNLABELLED if split is None else classify(cell[1]) for cell in cells]
        return _gather(values, labels, [int(cell[-1]) for cell in cells], numeric)
    arrays = data.read([column] if split is None else [column, split])
    numbers = np.asarray(arrays[column], dtype=float)
    classes = np.full(len(numbers), _UNLABELLED) if split is None else _classes(arrays[split], classify)
    return _from_arrays(numbers, classes)


def _classes(labels: np.ndarray, classify: Callable[[object], int]) -> IntArray:
    """Return the class of each row; each different label is looked at once."""
    if labels.dtype.kind in "iufb":
        raw, place = np.unique(labels, return_inverse=True)
        return np.array([classify(level(value)) for value in raw.tolist()], dtype=np.int64)[place]
    known = {value: classify(level(value)) for value in set(labels.tolist())}
    return np.array([known[value] for value in labels.tolist()], dtype=np.int64)


def _classifier(positive: str) -> Callable[[object], int]:
    one = class_text(positive)
    return lambda value: _UNLABELLED if value == MISSING else int(class_text(value) == one)


def _gather(values: list[object], labels: list[int], n: list[int], numeric: bool) -> Counted:
    missing = np.zeros(3, dtype=np.int64)
    by_value: dict[object, list[int]] = {}
    for value, label, count in zip(values, labels, n, strict=True):
        if value == MISSING:
            missing[label] += count
        else:
            by_value.setdefault(value, [0, 0, 0])[label] += count
    levels = sorted(by_value, key=lambda value: float(str(value))) if numeric else list(by_value)
    counts = np.array([by_value[value] for value in levels], dtype=np.int64).reshape(-1, 3)
    if numeric:
        return Counted(np.array([float(str(value)) for value in levels]), (), counts, missing)
    return Counted(None, tuple(levels), counts, missing)


def _from_arrays(numbers: FloatArray, classes: IntArray) -> Counted:
    known = np.isfinite(numbers)
    values, place = np.unique(numbers[known], return_inverse=True)
    flat = np.bincount(place * 3 + classes[known], minlength=len(values) * 3)
    missing = np.bincount(classes[~known], minlength=3)
    return Counted(values, (), flat.reshape(-1, 3).astype(np.int64), missing.astype(np.int64))


def strength(counted: Counted) -> float | None:
    """Return how well the column alone tells the two classes apart: 1 perfectly, .5 not at all; None with few labels.

    The larger of two figures: the balanced accuracy of the majority class at each level, each row left out of its own
    majority (so that a column with a value of its own for every row tells nothing), and for numbers the AUC in either
    direction, with missing values at either end.
    """
    table = np.vstack([counted.counts, counted.missing])[:, :2].astype(float)
    negatives, positives = table[:, 0], table[:, 1]
    if min(negatives.sum(), positives.sum()) < FEWEST_OF_A_CLASS:
        return None
    best = _majority(negatives, positives)
    if counted.values is None:
        return best
    for order in (slice(None), np.r_[len(table) - 1, : len(table) - 1]):
        area = float(auc(negatives[order], positives[order]))
        best = max(best, area, 1 - area)
    return best


def _majority(negatives: FloatArray, positives: FloatArray) -> float:
    common = positives.sum() > negatives.sum()
    # A tie after leaving the row out goes to the class that is more common overall.
    right_one = (positives - 1 > negatives) | ((positives - 1 == negatives) & common)
    right_zero = (negatives - 1 > positives) | ((negatives - 1 == positives) & ~common)
    of_one = float((positives * right_one).sum() / positives.sum())
    of_zero = float((negatives * right_zero).sum() / negatives.sum())
    return (of_one + of_zero) / 2
