"""Ranked: areas within groups and across them, and average precision."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hakari.evidence import Estimate, Interval
from hakari.measures._estimates import unmeasured
from hakari.measures.fairness._spreads import SPREADS, absent, in_groups, over_groups, too_few
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.measures.fairness.scores._run import DEPENDENT, NO_LABEL, ScoreRun
from hakari.messages import say
from hakari.statistics import Limits, score_metrics
from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.limits import RankingLimits
from hakari.statistics.metrics import scores as metrics
from hakari.statistics.metrics.score_limits import EffectiveLimits

__all__ = ["MOST_PAIRED", "across", "average_precision", "exchanged", "paired", "within"]

MOST_PAIRED = 50
"""Groups whose pairs are ranked against each other: beyond, the pairs are too many to be read."""
_ONE_CLASS = say("measures.fairness.scores.one_class")
_NO_POSITIVE = say("measures.fairness.scores.no_positive")


def within(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the area within every group, its difference, ratio and worst group."""
    cells = run.cells
    if not cells.labelled:
        yield from absent("auc", cells.columns, NO_LABEL, *SPREADS)
        return
    limits = _areas_within(cells)
    sizes = run.sizes
    yield from in_groups(
        "auc", limits, cells.columns, cells.groups, sizes, error=run.error, reason=_ONE_CLASS, apart=True
    )
    yield from over_groups("auc", limits, cells.columns, sizes, high_is="good", min_rows=run.min_rows, error=run.error)
    yield from run.spread("auc", limits)
    yield from run.to_reference("auc", limits, of=_areas_within, reason=_ONE_CLASS)


def _areas_within(cells: ScoreCells) -> Limits:
    groups = np.eye(len(cells.groups), dtype=bool)
    return _areas(cells, groups, groups)


def across(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the areas between every group's rows of one class and all other rows of the other (Borkan et al. 2019)."""
    cells = run.cells
    own = np.eye(len(cells.groups), dtype=bool)
    for metric, negatives, positives in (("bpsn_auc", own, ~own), ("bnsp_auc", ~own, own)):
        if not cells.labelled:
            yield from absent(metric, cells.columns, NO_LABEL)
            continue
        limits = _areas(cells, negatives, positives)
        rows = cells.counts(rows=True).sum(axis=2)
        n = negatives @ rows[:, 0] + positives @ rows[:, 1]
        yield from in_groups(
            metric, limits, cells.columns, cells.groups, [int(each) for each in n],
            error=run.error, reason=_ONE_CLASS, apart=False,
        )  # fmt: skip


def average_precision(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the average precision of every group, its difference, ratio and worst group."""
    cells = run.cells
    if not cells.labelled:
        yield from absent("average_precision", cells.columns, NO_LABEL, *SPREADS)
        return
    limits = _precisions(cells)
    sizes = run.sizes
    yield from in_groups(
        "average_precision", limits, cells.columns, cells.groups, sizes,
        error=run.error, reason=_NO_POSITIVE, apart=True,
    )  # fmt: skip
    yield from over_groups(
        "average_precision", limits, cells.columns, sizes, high_is="good", min_rows=run.min_rows, error=run.error
    )
    yield from run.spread("average_precision", limits)
    yield from run.to_reference("average_precision", limits, of=_precisions, reason=_NO_POSITIVE)


def _precisions(cells: ScoreCells) -> EffectiveLimits:
    """Limits of the average precision of every group."""
    counts = cells.counts()
    values = metrics.average_precision(counts[:, 0], counts[:, 1])
    influence = np.stack(metrics.average_precision_influence(counts[:, 0], counts[:, 1]), axis=1)
    groups = np.eye(len(cells.groups), dtype=bool)
    variances, units = _by_units(cells, influence, groups, groups)
    return EffectiveLimits(
        values,
        variances,
        units[:, 1],
        f"infinitesimal jackknife{_kind(cells)}",
        cells.cluster is not None,
        cells.spanning,
    )


def _areas(cells: ScoreCells, negatives: BoolArray, positives: BoolArray) -> Limits:
    """Limits (M,) of the areas between the negatives of some groups (M, G) and the positives of some (M, G)."""
    counts = cells.counts()
    neg, pos = negatives.astype(float) @ counts[:, 0], positives.astype(float) @ counts[:, 1]
    values = score_metrics.auc(neg, pos)
    if cells.plain:
        return RankingLimits(values, neg.sum(axis=-1), pos.sum(axis=-1), *score_metrics.auc_squares(neg, pos))
    influence = np.stack(metrics.auc_influence(neg, pos), axis=1)
    variances, units = _by_units(cells, influence, negatives, positives)
    # One row of a class is no unit that its class's spread could be read off.
    known = np.where(units.min(axis=1) > 0, values, np.nan)
    return EffectiveLimits(
        known,
        variances,
        units.min(axis=1),
        f"structural components{_kind(cells)}",
        cells.cluster is not None,
        cells.spanning,
    )


def _kind(cells: ScoreCells) -> str:
    return (", clustered" if cells.cluster is not None else "") + (", weighted" if cells.weighted else "")


def _by_units(
    cells: ScoreCells, influence: FloatArray, negatives: BoolArray, positives: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Variances (M,) of values with influences (M, 2, S), and the units of each class (M, 2).

    Units are rows, rows at their effective number (Kish) where they have weights, or clusters.
    """
    influence = np.nan_to_num(influence)
    chosen = np.stack([negatives, positives], axis=1).astype(float)
    if cells.cluster is None:
        squares = cells.spread(cells.squares)
        used = np.einsum("mlg,gls->mls", chosen, squares)
        weights = np.einsum("mlg,gl->ml", chosen, cells.counts().sum(axis=2))
        below = used.sum(axis=2)
        units = np.where(below > 0, weights**2 / np.where(below > 0, below, 1.0), 0.0)
        return np.asarray((used * influence**2).sum(axis=(1, 2)), dtype=float), units
    variances, units = np.zeros(len(chosen)), np.zeros((len(chosen), 2))
    for place, (mine, moved) in enumerate(zip(chosen, influence, strict=True)):
        used = mine[cells.label, cells.group] * cells.weights
        sums = np.bincount(cells.cluster, weights=used * moved[cells.label, cells.place])
        for label in (0, 1):
            units[place, label] = len(np.unique(cells.cluster[(used > 0) & (cells.label == label)]))
        number = max(len(np.unique(cells.cluster[used > 0])), 2)
        variances[place] = number / (number - 1) * float(sums @ sums)
    return variances, units


def exchanged(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the largest disparity between two groups: one's positives over the other's negatives, and exchanged.

    Both areas are of other rows, so their difference has MOVER limits; over the pairs intersection–union above and
    union–intersection below.
    """
    cells, name, columns = run.cells, "xauc_difference", run.cells.columns
    slice_ = dict.fromkeys(columns, "*")
    if not cells.labelled:
        yield unmeasured(name, NO_LABEL, slice_=slice_)
        return
    compared = compared_groups(run)
    if len(compared) < 2:
        yield unmeasured(name, too_few("xauc", columns, len(compared), run.min_rows), slice_=slice_)
        return
    if len(compared) > MOST_PAIRED:
        reason = say("measures.fairness.scores.too_many_pairs", groups=len(compared), limit=MOST_PAIRED)
        yield unmeasured(name, reason, slice_=slice_)
        return
    values, limits = paired(cells, compared)
    moved = values - values.T
    n = int(np.asarray(run.sizes)[compared].sum())
    point = float(moved.max())
    if limits is None:
        yield Estimate(metric=name, slice=slice_, value=point, interval=DEPENDENT, n=n)
        return
    size = len(compared)
    apart = ~np.eye(size, dtype=bool)
    one = run.error / 2

    def reach(error: float, sign: int) -> FloatArray:
        low, high = (part(error).reshape(size, size) for part in (limits.lower, limits.upper))
        gain, loss = (high - values, (values - low).T) if sign > 0 else (values - low, (high - values).T)
        return np.asarray(moved + sign * np.sqrt(gain**2 + loss**2), dtype=float)

    upper = float(reach(one, 1)[apart].max())
    lower = float(reach(one / (size * (size - 1)), -1)[apart].max())
    interval = Interval(
        low=max(lower, 0.0),
        high=min(upper, 1.0),
        level=round(1 - run.error, 12),
        method=f"{limits.method}, mover, union–intersection below and intersection–union above",
    )
    yield Estimate(metric=name, slice=slice_, value=point, interval=interval, n=n)


def compared_groups(run: ScoreRun) -> list[int]:
    """Return the groups with enough rows and with both classes."""
    amounts = run.cells.counts().sum(axis=2)
    return [
        place
        for place, (n, both) in enumerate(zip(run.sizes, amounts.min(axis=1).tolist(), strict=True))
        if n >= run.min_rows and both > 0
    ]


def paired(cells: ScoreCells, compared: list[int]) -> tuple[FloatArray, RankingLimits | None]:
    """Return the areas (A, A) of the positives of one group over the negatives of another, and their limits, flat."""
    counts = cells.counts()[compared]
    values = metrics.cross_auc(counts[:, 0], counts[:, 1])
    if not cells.plain:
        return values, None
    neg, pos = counts[:, 0], counts[:, 1]
    parts = [score_metrics.auc_squares(neg, np.broadcast_to(each, neg.shape)) for each in pos]
    squares = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    size = len(compared)
    rows = (np.tile(neg.sum(axis=1), size), np.repeat(pos.sum(axis=1), size))
    return values, RankingLimits(values.ravel(), *rows, *squares)
