"""Distances: how far rows lie from one row, column by column, whatever the columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.measures.explanation._features import Features
from hakari.measures.explanation.importance._encoding import is_number, numbers, texts

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["Deviations", "Plain", "plain_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """Rows and background as one kind of numbers: standard deviations of the background, or the number of a level."""

    rows: FloatArray
    """(n, p): the explained rows; NaN where a number is missing."""
    background: FloatArray
    """(B, p): the background, likewise."""
    measured: BoolArray
    """(p,): columns in which a difference has a size; in the others two values are the same or not."""
    gaps: BoolArray
    """(p,): measured columns with a missing value somewhere."""

    def deviations(self, row: int, others: FloatArray) -> Deviations:
        """Return how rows (S, p) deviate from the explained row at `row`."""
        own = self.rows[row]
        absent = np.isnan(others) != np.isnan(own)
        size = np.where(self.measured, np.nan_to_num(others - own), (others != own).astype(np.float64))
        apart = np.where(self.measured, size**2 + absent, size)
        design = np.column_stack([size, absent[:, self.gaps].astype(np.float64)])
        return Deviations(design, np.sqrt(apart.mean(axis=1)))

    def column_of(self) -> IntArray:
        """Return for each design column the column that it belongs to."""
        return np.concatenate([np.arange(len(self.measured)), np.flatnonzero(self.gaps)]).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """What sets rows apart from one row."""

    design: FloatArray
    """(S, c): a signed difference in standard deviations, 1 for another level, 1 for known against missing."""
    distance: FloatArray
    """(S,): root of the mean square over the columns, so that it does not grow with their number."""


def plain_rows(rows: Features, background: Features) -> Plain:
    """Return rows and background as numbers.

    A number is measured in standard deviations of the background; two different levels of a text, a known against a
    missing value, and two values of a number that never varies in the background are 1 apart (Gower 1971, doi
    10.2307/2528823, with the standard deviation for the range, which a single outlier would rule).
    """
    n = rows.rows
    both = Features.joined([rows, background])
    parts, measured, gaps = [], [], []
    for values in both.columns.values():
        if is_number(values):
            plain = numbers(values)
            known = plain[n:][np.isfinite(plain[n:])]
            spread = float(known.std()) if len(known) else 0.0
            if spread > 0:
                parts.append((plain - known.mean()) / spread)
                measured.append(True)
                gaps.append(bool(np.isnan(plain).any()))
                continue
            values = plain
            codes = np.unique(np.nan_to_num(values, nan=np.inf), return_inverse=True)[1]
        else:
            codes = np.unique(texts(values).astype(str), return_inverse=True)[1]
        parts.append(codes.astype(np.float64))
        measured.append(False)
        gaps.append(False)
    matrix = np.column_stack(parts)
    return Plain(matrix[:n], matrix[n:], np.array(measured, dtype=bool), np.array(gaps, dtype=bool))
