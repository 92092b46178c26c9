"""Metrics of decisions among several classes as functions, each figure with its interval.

Every function is one metric of the measure `fairness.classes`, computed by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Unmeasured
from hakari.inputs.values import class_text
from hakari.measures._estimates import error_of
from hakari.measures.fairness.classes._averages import averages
from hakari.measures.fairness.classes._cells import ClassCells, class_order
from hakari.measures.fairness.classes._rates import by_class
from hakari.measures.fairness.classes._run import ClassRun
from hakari.measures.fairness.functions.arrays import grouped, weights_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import MISSING

__all__ = [
    "ClassMetric",
    "class_by_group",
    "macro_f1_difference",
    "macro_f1_worst_group",
    "macro_recall_difference",
    "macro_recall_worst_group",
    "multiclass_equal_opportunity",
    "multiclass_parity",
    "weighted_f1_difference",
    "weighted_f1_worst_group",
]

_Part = Callable[[ClassRun], Iterator[Estimate]]
_PARTS: Mapping[str, _Part] = MappingProxyType(
    {
        **dict.fromkeys(("macro_f1", "weighted_f1", "macro_recall"), averages),
        **dict.fromkeys(("class_selection_rate", "class_recall", "class_precision"), by_class),
    }
)


class ClassMetric(Protocol):
    """A metric of several classes over groups: `metric(y_true, y_pred, *, sensitive_features, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def class_by_group(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    sample_weight: Any = None,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a metric of several classes in every group, each with an interval; they hold together at `confidence`.

    Args:
        metric: `macro_f1`, `weighted_f1`, `macro_recall`; or `class_selection_rate`, `class_recall`,
            `class_precision`, whose keys end in the class.
        y_true: labels (N,); None for `class_selection_rate`.
        y_pred: decisions (N,).
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        sample_weight: weights (N,), 0 or more.
        confidence: of all intervals together.

    >>> class_by_group("class_recall", list("xyzx"), list("xyxx"), sensitive_features=list("aabb"))[("b", "x")].n
    1
    """
    if metric not in _PARTS:
        raise InputError(say("measures.fairness.classes.unknown", metric=metric, known=sorted(_PARTS)))
    if y_true is None and metric != "class_selection_rate":
        raise InputError(say("measures.fairness.classes.labels_needed"))
    run = _run(_cells(y_true, y_pred, sensitive_features, sample_weight), 1, confidence)
    return {
        tuple(each.slice.values()): _figure(each, confidence) for each in _PARTS[metric](run) if each.metric == metric
    }


def _cells(y_true: Any, y_pred: Any, sensitive_features: Any, sample_weight: Any) -> ClassCells:
    if y_pred is None:
        raise InputError(say("measures.fairness.classes.predictions_needed"))
    rows = len(y_pred)
    coded = [
        (what, grouped({what: values}, rows, what=what))
        for what, values in (("y_true", y_true), ("y_pred", y_pred))
        if values is not None
    ]
    names: list[list[str]] = []
    for what, found in coded:
        if (MISSING,) in found.groups:
            number = int((found.index == found.groups.index((MISSING,))).sum())
            raise InputError(say("measures.fairness.classes.missing", column=what, rows=number))
        names.append([class_text(level) for (level,) in found.groups])
    classes = tuple(sorted({name for each in names for name in each}, key=class_order))
    place = {name: number for number, name in enumerate(classes)}
    sides = [
        np.array([place[name] for name in each], dtype=np.int64)[found.index]
        for each, (_, found) in zip(names, coded, strict=True)
    ]
    label = sides[0] if y_true is not None else np.full(rows, -1)
    groups, weight = grouped(sensitive_features, rows), weights_of(sample_weight, rows)
    size = max(len(classes), 1)
    slot = (groups.index * size + np.maximum(label, 0)) * size + sides[-1]
    present, cell = np.unique(slot, return_inverse=True)
    rest, prediction = np.divmod(present, size)

    def total(parts: Any) -> Any:
        return np.bincount(cell, weights=parts, minlength=len(present)).astype(float)

    n = total(None)
    return ClassCells(
        columns=groups.columns,
        groups=groups.groups,
        classes=classes,
        group=rest // size,
        label=rest % size if y_true is not None else np.full(len(present), -1),
        prediction=prediction,
        rows=n,
        weights=n if weight is None else total(weight),
        squares=n if weight is None else total(weight**2),
        cluster=None,
        weighted=weight is not None,
        labelled=y_true is not None,
    )


def _run(cells: ClassCells, min_rows: int, confidence: float) -> ClassRun:
    return ClassRun(cells=cells, min_rows=min_rows, error=error_of(confidence))


def _figure(estimate: Estimate, confidence: float) -> Figure:
    interval = estimate.interval
    if isinstance(estimate.value, Unmeasured):
        return Figure(float("nan"), why=str(estimate.value.unmeasured), level=confidence, n=estimate.n)
    if isinstance(interval, Unmeasured):
        return Figure(estimate.value, why=str(interval.unmeasured), level=confidence, n=estimate.n)
    return Figure(
        estimate.value, low=interval.low, high=interval.high, level=interval.level, method=interval.method, n=estimate.n
    )


def _made(name: str, part: _Part, doc: str) -> ClassMetric:
    def function(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        sample_weight: Any = None,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        run = _run(_cells(y_true, y_pred, sensitive_features, sample_weight), min_rows, confidence)
        return next(_figure(each, confidence) for each in part(run) if each.metric == name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Return {doc}.\n\n"
        "Groups with fewer than `min_rows` rows are left out; the figure is nan where fewer than two are left."
    )
    return function


macro_f1_difference = _made("macro_f1_difference", averages, "the largest difference of macro F1")
macro_f1_worst_group = _made("macro_f1_worst_group", averages, "the smallest macro F1 of a group")
macro_recall_difference = _made("macro_recall_difference", averages, "the largest difference of macro recall")
macro_recall_worst_group = _made("macro_recall_worst_group", averages, "the smallest macro recall of a group")
weighted_f1_difference = _made("weighted_f1_difference", averages, "the largest difference of weighted F1")
weighted_f1_worst_group = _made("weighted_f1_worst_group", averages, "the smallest weighted F1 of a group")
multiclass_parity = _made(
    "multiclass_parity", by_class, "the largest difference in how often a class is given, over all classes"
)
multiclass_equal_opportunity = _made(
    "multiclass_equal_opportunity", by_class, "the largest difference in how often a class is found, over all classes"
)
