"""Means: mean score, Brier score and calibration errors, in every group and over the groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hakari.evidence import Estimate, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR, group_slice, unmeasured
from hakari.measures.fairness._aggregates import Aggregate
from hakari.measures.fairness._spreads import SPREADS, Direction, absent, in_groups, over_groups
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.measures.fairness.scores._run import DEPENDENT, NO_LABEL, ScoreRun
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.limits import Indices
from hakari.statistics.metrics import scores as metrics
from hakari.statistics.metrics.distances import calibration_noise, norm_quantile
from hakari.statistics.metrics.rows import MeanLimits
from hakari.statistics.metrics.score_limits import BoundedMeans

__all__ = ["CALIBRATION", "average_score", "brier", "calibration"]

CALIBRATION = ("calibration_error", "calibration_error_equal_counts")
CALIBRATION_SPREADS: tuple[Aggregate, ...] = ("difference", "worst_group")
# A ratio of two numbers that are above 0 by chance says nothing.
REPLICATES = 4_000
_REFERENCE = Unmeasured(unmeasured=say("measures.fairness.scores.floor"))


def average_score(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the mean score of every group, and its difference (Calders–Verwer on scores) and ratio."""
    yield from _mean(run, "average_score", lambda cells: cells.scores[cells.place], "neutral")


def brier(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the Brier score of every group, its difference, ratio and worst group."""
    cells = run.cells
    if not cells.labelled:
        yield from absent("brier", cells.columns, NO_LABEL, *SPREADS)
        return
    yield from _mean(run, "brier", lambda cells: (cells.scores[cells.place] - cells.label) ** 2, "bad")


def _mean(
    run: ScoreRun, metric: str, numbers: Callable[[ScoreCells], FloatArray], high_is: Direction
) -> Iterator[Estimate]:
    """Yield all that a mean of numbers in [0, 1], one for each cell (K,), has."""
    cells = run.cells
    limits = cells.means(numbers(cells))
    yield from _spread(run, metric, limits, high_is)
    yield from run.spread(metric, _spread_of_rows(run, limits, numbers(cells)))
    yield from run.to_reference(metric, limits, of=lambda other: other.means(numbers(other)))


def _spread_of_rows(run: ScoreRun, limits: BoundedMeans, numbers: FloatArray) -> Limits:
    """The means with standard errors and skewness of their rows, of which the deviation is made."""
    cells = run.cells
    if not cells.plain:
        return limits
    rows = limits.units
    away = numbers - np.nan_to_num(limits.values)[cells.group]
    squares, cubes = (cells.total(cells.rows * away**power) for power in (2, 3))
    safe = np.where(squares > 0, squares, 1.0)
    return MeanLimits(
        points=limits.values,
        errors=np.where((rows > 1) & (squares > 0), np.sqrt(safe / np.maximum(rows * (rows - 1), 1.0)), np.nan),
        skews=np.where(squares > 0, cubes / safe**1.5, 0.0),
        units=rows,
        counted=rows,
        least=0.0,
        most=1.0,
    )


def _spread(
    run: ScoreRun, metric: str, limits: Limits, high_is: Direction, spreads: Sequence[Aggregate] = SPREADS
) -> Iterator[Estimate]:
    columns, error = run.cells.columns, run.error
    yield from in_groups(
        metric, limits, columns, run.cells.groups, run.sizes, error=error, reason=NO_DENOMINATOR, apart=True
    )
    yield from over_groups(
        metric, limits, columns, run.sizes, high_is=high_is, min_rows=run.min_rows, error=error, spreads=spreads
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Norms:
    """Limits of calibration errors: the value ± a quantile of the drawn norm of its noise, cut at 0 and 1."""

    points: FloatArray
    """Values (G,)."""
    norms: FloatArray
    """Drawn norms (R, G), each column in rising order."""
    shift: float = 0.0
    """Moves every quantile by so many standard errors of its rank."""

    @property
    def values(self) -> FloatArray:
        return self.points

    @property
    def method(self) -> str:
        return "norm of the noise, normal multiplier bootstrap, asymptotic"

    @property
    def approximate(self) -> bool:
        return True

    # Where the truth is 0 all of the error lies on the lower side, so no side may count on the other.
    def lower(self, error: float) -> FloatArray:
        known = np.isfinite(self.points)
        return np.where(known, np.maximum(self.points - self._reach(error), 0.0), 0.0)

    def upper(self, error: float) -> FloatArray:
        known = np.isfinite(self.points)
        return np.where(known, np.minimum(self.points + self._reach(error), 1.0), 1.0)

    def take(self, indices: Indices) -> _Norms:
        return _Norms(self.points[indices], self.norms[:, indices], self.shift)

    def shifted(self, shift: float) -> _Norms:
        """The same limits with every quantile moved by `shift` standard errors of its rank."""
        return _Norms(self.points, self.norms, shift)

    def _reach(self, error: float) -> FloatArray:
        return norm_quantile(self.norms, min(error, 0.5), self.shift)


def calibration(run: ScoreRun) -> Iterator[Estimate]:
    """Yield both calibration errors of every group with their noise floors, and their differences and worst groups."""
    cells = run.cells
    for metric in CALIBRATION:
        if not cells.labelled:
            yield from absent(metric, cells.columns, NO_LABEL, "noise_floor", *CALIBRATION_SPREADS)
            continue
        yield from _calibration(run, metric)


def _calibration(run: ScoreRun, metric: str) -> Iterator[Estimate]:
    cells, scores = run.cells, run.cells.scores
    limits = _norms(cells, metric, run.stream(metric))
    rows = cells.counts(rows=True).sum(axis=1)
    floors = np.full(len(cells.groups), np.nan)
    for group in np.flatnonzero(np.isfinite(limits.points)) if cells.plain else ():
        floors[group] = metrics.calibration_floor(scores, rows[group], bins_of(metric, scores, rows[group]))
    if cells.plain:
        yield from _spread(run, metric, limits, "bad", CALIBRATION_SPREADS)
        yield from run.spread(metric, limits)
        draws = run.stream(f"{metric}/rest")
        yield from run.to_reference(metric, limits, of=lambda other: _norms(other, metric, draws), ratio=False)
    else:
        yield from _without_limits(run, metric, limits.points)
    for levels, value, n in zip(cells.groups, floors.tolist(), run.sizes, strict=True):
        slice_ = group_slice(cells.columns, levels)
        if np.isfinite(value):
            yield Estimate(metric=f"{metric}_noise_floor", slice=slice_, value=value, interval=_REFERENCE, n=n)
        else:
            yield unmeasured(f"{metric}_noise_floor", DEPENDENT.unmeasured, slice_=slice_, n=n)


def _norms(cells: ScoreCells, metric: str, rng: np.random.Generator) -> _Norms:
    """Calibration errors of all groups and their drawn noise; without noise where rows are not plain."""
    scores, amounts, rows = cells.scores, cells.counts(), cells.counts(rows=True)
    points, norms = np.full(len(cells.groups), np.nan), np.zeros((REPLICATES, len(cells.groups)))
    for group in range(len(cells.groups)):
        place = bins_of(metric, scores, rows[group].sum(axis=0))
        points[group] = float(metrics.calibration_error(scores, amounts[group, 0], amounts[group, 1], place))
        if np.isfinite(points[group]) and cells.plain:
            norms[:, group] = calibration_noise(scores, rows[group, 0], rows[group, 1], place, rng, REPLICATES)
    return _Norms(points, norms)


def bins_of(metric: str, scores: FloatArray, rows: FloatArray) -> IntArray:
    """Return the bin of each score for one of the two calibration errors."""
    return metrics.equal_width_bins(scores) if metric == CALIBRATION[0] else metrics.equal_count_bins(scores, rows)


def _without_limits(run: ScoreRun, metric: str, points: FloatArray) -> Iterator[Estimate]:
    cells = run.cells
    for group, value, n in zip(cells.groups, points.tolist(), run.sizes, strict=True):
        slice_ = group_slice(cells.columns, group)
        if np.isfinite(value):
            yield Estimate(metric=metric, slice=slice_, value=value, interval=DEPENDENT, n=n)
        else:
            yield unmeasured(metric, NO_DENOMINATOR, slice_=slice_, n=n)
    yield from absent(metric, cells.columns, DEPENDENT.unmeasured, *CALIBRATION_SPREADS)[1:]
