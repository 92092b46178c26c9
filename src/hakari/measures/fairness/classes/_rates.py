"""Rates: accuracy, and selection rate, recall and precision of every class, with exact limits where rows allow them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import NO_DENOMINATOR, unmeasured
from hakari.measures.fairness._spreads import SPREADS, absent, in_groups, over_groups, too_few
from hakari.measures.fairness.classes._cells import ClassCells
from hakari.measures.fairness.classes._run import NO_LABEL, ClassRun
from hakari.statistics import ClopperPearson, ClusteredRates, Limits, WeightedRates
from hakari.statistics._arrays import BoolArray

__all__ = ["accuracy", "by_class"]

_RATES = (
    ("class_selection_rate", "multiclass_parity"),
    ("class_recall", "multiclass_equal_opportunity"),
    ("class_precision", None),
)
"""Rate, and the name of its largest difference over the classes."""


def accuracy(run: ClassRun) -> Iterator[Estimate]:
    """Yield the accuracy of every group, its difference, ratio and worst group."""
    cells = run.cells
    if not cells.labelled:
        yield from absent("accuracy", cells.columns, NO_LABEL, *SPREADS)
        return
    limits = cells.rate(cells.label == cells.prediction, np.ones(len(cells.rows), dtype=bool))
    sizes = run.sizes
    yield from in_groups(
        "accuracy", limits, cells.columns, cells.groups, sizes, error=run.error, reason=NO_DENOMINATOR, apart=True
    )
    yield from over_groups(
        "accuracy", limits, cells.columns, sizes, high_is="good", min_rows=run.min_rows, error=run.error
    )
    yield from run.further("accuracy", limits, sizes, rest=lambda: _rest_of(limits))


def by_class(run: ClassRun) -> Iterator[Estimate]:
    """Yield the rates of every class in every group, their differences, and the largest of these over the classes.

    Over the classes the level is divided (Bonferroni), over the groups Šidák: the intervals of a rate hold together.
    """
    cells = run.cells
    for metric, largest in _RATES:
        if metric != "class_selection_rate" and not cells.labelled:
            yield from absent(metric, cells.columns, NO_LABEL, "difference")
            if largest is not None:
                yield unmeasured(largest, NO_LABEL, slice_=dict.fromkeys(cells.columns, "*"))
            continue
        error = run.error / len(cells.classes)
        uppers, lowers = list[Estimate](), list[Estimate]()
        for number, name in enumerate(cells.classes):
            hit, used = _cells_of(cells, metric, number)
            limits, n = cells.rate(hit, used), _rows(cells, used)
            found = in_groups(
                metric, limits, cells.columns, cells.groups, n, error=error, reason=NO_DENOMINATOR, apart=True
            )
            yield from (_of_class(run, each, name, f", bonferroni over {len(cells.classes)} classes") for each in found)
            uppers.append(_difference(run, metric, limits, n, run.error))
            lowers.append(_difference(run, metric, limits, n, error))
            yield _of_class(run, uppers[-1], name, "")
            for each in run.further(metric, limits, n, rest=partial(_rest_of, limits), parts=len(cells.classes)):
                # The deviation stands for itself; the comparisons of all classes hold together.
                shared = "" if each.metric.endswith("_deviation") else f", bonferroni over {len(cells.classes)} classes"
                yield _of_class(run, each, name, shared)
        if largest is not None:
            yield _largest(run, largest, metric, uppers, lowers)


def _rest_of(limits: Limits) -> Limits:
    """Return the limits of the rest of every group: of rates they are known."""
    assert isinstance(limits, ClopperPearson | WeightedRates | ClusteredRates)
    return limits.rest()


def _cells_of(cells: ClassCells, metric: str, number: int) -> tuple[BoolArray, BoolArray]:
    """Cells in the numerator and in the denominator of one class's rate."""
    given, predicted = cells.label == number, cells.prediction == number
    if metric == "class_selection_rate":
        return predicted, np.ones(len(predicted), dtype=bool)
    return (predicted, given) if metric == "class_recall" else (given, predicted)


def _rows(cells: ClassCells, used: BoolArray) -> list[int]:
    return [int(n) for n in cells.total(cells.rows * used)]


def _of_class(run: ClassRun, estimate: Estimate, name: str, suffix: str) -> Estimate:
    """Return the estimate in the slice of one class, at the level at which the intervals of all classes hold."""
    interval = estimate.interval
    if isinstance(interval, Interval) and suffix:
        interval = replace(interval, level=round(1 - run.error, 12), method=interval.method + suffix)
    return replace(estimate, slice={**estimate.slice, run.class_key: name}, interval=interval)


def _difference(run: ClassRun, metric: str, limits: Limits, n: Sequence[int], error: float) -> Estimate:
    (found,) = over_groups(
        metric, limits, run.cells.columns, n,
        high_is="neutral", min_rows=run.min_rows, error=error, spreads=("difference",),
    )  # fmt: skip
    return found


def _largest(run: ClassRun, name: str, metric: str, uppers: list[Estimate], lowers: list[Estimate]) -> Estimate:
    """Return the largest difference over the classes: intersection–union above, union–intersection below.

    So the upper ends are those of each class by itself (`uppers`), the lower ones hold for all classes (`lowers`).
    """
    slice_ = dict.fromkeys(run.cells.columns, "*")
    known = [place for place, each in enumerate(uppers) if isinstance(each.value, float)]
    if not known:
        compared = sum(n >= run.min_rows for n in run.sizes)
        return unmeasured(name, too_few(metric, run.cells.columns, min(compared, 1), run.min_rows), slice_=slice_)
    intervals = [uppers[place].interval for place in known]
    bounded = [each for each in intervals if isinstance(each, Interval)]
    below = [lowers[place].interval for place in known]
    interval: Interval | Unmeasured
    if len(bounded) < len(known):
        interval = next(each for each in intervals if isinstance(each, Unmeasured))
    else:
        interval = Interval(
            low=max(each.low for each in below if isinstance(each, Interval)),
            high=max(each.high for each in bounded),
            level=round(1 - run.error, 12),
            method=f"{bounded[0].method}; the same over {len(known)} classes",
        )
    values = [each.value for each in uppers if isinstance(each.value, float)]
    n = max(uppers[place].n for place in known)
    return Estimate(metric=name, slice=slice_, value=max(values), interval=interval, n=n)
