"""Averages over classes: macro and weighted F1 and macro recall, in every group and over the groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np

from hakari.evidence import Estimate, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR
from hakari.measures.fairness._references import Rests
from hakari.measures.fairness._spreads import SPREADS, absent, in_groups, over_groups
from hakari.measures.fairness.classes._cells import ClassCells
from hakari.measures.fairness.classes._run import NO_LABEL, ClassRun
from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray
from hakari.statistics.metrics import classes as metrics
from hakari.statistics.metrics.score_limits import EffectiveLimits

__all__ = ["averages"]

FEWEST_OF_CLASS = 20
"""Labels (rows, or clusters) of every class that occurs in a group: below, an average over classes has no limits."""
_THIN = Unmeasured(unmeasured=say("measures.fairness.classes.thin", rows=FEWEST_OF_CLASS))
_VALUES: Mapping[str, Callable[[FloatArray], FloatArray]] = MappingProxyType(
    {"macro_f1": metrics.macro_f1, "weighted_f1": metrics.weighted_f1, "macro_recall": metrics.macro_recall}
)


def averages(run: ClassRun) -> Iterator[Estimate]:
    """Yield each average of every group, and its difference, ratio and worst group over groups with limits."""
    cells, columns = run.cells, run.cells.columns
    sizes = run.sizes
    for metric, value in _VALUES.items():
        if not cells.labelled:
            yield from absent(metric, columns, NO_LABEL, *SPREADS)
            continue
        limits = _limits(cells, metric, value)
        bounded = _bounded(cells, metric, value)
        thin = np.isnan(bounded.points)
        found = in_groups(
            metric, limits, columns, cells.groups, sizes, error=run.error, reason=NO_DENOMINATOR, apart=True
        )
        yield from (
            replace(each, interval=_THIN) if scarce and isinstance(each.value, float) else each
            for each, scarce in zip(found, thin.tolist(), strict=True)
        )
        yield from over_groups(metric, bounded, columns, sizes, high_is="good", min_rows=run.min_rows, error=run.error)
        yield from run.further(
            metric, bounded, sizes, rest=partial(_rests, cells, metric, value), reason=_THIN.unmeasured
        )


def _bounded(cells: ClassCells, metric: str, value: Callable[[FloatArray], FloatArray]) -> EffectiveLimits:
    """The limits, without the values of groups in which they would not hold."""
    limits = _limits(cells, metric, value)
    thin = _thin(cells) if metric != "weighted_f1" else np.zeros(len(cells.groups), dtype=bool)
    return replace(limits, points=np.where(thin, np.nan, limits.points))


def _rests(cells: ClassCells, metric: str, value: Callable[[FloatArray], FloatArray]) -> Rests:
    """The rest of every group."""
    return Rests([_bounded(cells.against(place), metric, value) for place in range(len(cells.groups))])


def _thin(cells: ClassCells) -> BoolArray:
    """Groups (G,) in which some class that occurs has too few labels."""
    counts = cells.counts(cells.rows)
    labels, predictions = counts.sum(axis=2), counts.sum(axis=1)
    if cells.cluster is not None:
        size = len(cells.classes)
        number = cells.cluster.max(initial=0) + 1
        slot = np.unique((cells.group * size + cells.label) * number + cells.cluster) // number
        labels = np.bincount(slot, minlength=labels.size).reshape(labels.shape).astype(float)
    return np.asarray(((labels + predictions > 0) & (labels < FEWEST_OF_CLASS)).any(axis=1))


def _limits(cells: ClassCells, metric: str, value: Callable[[FloatArray], FloatArray]) -> EffectiveLimits:
    """Limits from the influence of every unit, taken at counts that are rounded out by a row for every class."""
    # Weights count as rows, one on average: the rows that are added have that size.
    masses = cells.total(cells.weights)
    unit_mass = np.where(masses > 0, cells.total(cells.rows) / np.where(masses > 0, masses, 1.0), 0.0)
    weights = cells.weights * unit_mass[cells.group]
    amounts = cells.counts(weights)
    out = metrics.rounded_out(amounts)
    moved = metrics.influence(metric, out)
    added = ((out - amounts) * moved**2).sum(axis=(1, 2))
    detail = "infinitesimal jackknife"
    if cells.cluster is None:
        squares = cells.counts(cells.squares * unit_mass[cells.group] ** 2)
        variances = (squares * moved**2).sum(axis=(1, 2)) + added
        below = squares.sum(axis=(1, 2))
        units = np.where(below > 0, amounts.sum(axis=(1, 2)) ** 2 / np.where(below > 0, below, 1.0), 0.0)
    else:
        pairs, unit = np.unique(cells.cluster * len(cells.groups) + cells.group, return_inverse=True)
        each = weights * moved[cells.group, cells.label, cells.prediction]
        sums = np.bincount(unit, weights=each, minlength=len(pairs))
        group = pairs % len(cells.groups)
        units = np.bincount(group, minlength=len(cells.groups)).astype(float)
        spread = np.bincount(group, weights=sums**2, minlength=len(cells.groups))
        variances = units / np.maximum(units - 1, 1.0) * spread + added
        detail += ", clustered"
    return EffectiveLimits(
        value(amounts), variances, units, detail + (", weighted" if cells.weighted else ""),
        cells.cluster is not None, cells.spanning,
    )  # fmt: skip
