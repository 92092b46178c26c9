"""`fairness.classes`: decisions among several classes, per group and class, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, shortened, slicings, unmeasured
from hakari.measures.fairness._references import check_reference
from hakari.measures.fairness._strata import check_controls, control_limits, strata_of
from hakari.measures.fairness.classes._averages import averages
from hakari.measures.fairness.classes._cells import count_classes
from hakari.measures.fairness.classes._rates import accuracy, by_class
from hakari.measures.fairness.classes._run import ClassRun
from hakari.messages import Message, say
from hakari.statistics.metrics.classes import DEFINITIONS

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["ClassesParameters", "measure_classes"]

_MOST_NUMBERS = 200_000
# Groups × classes: so many rates of each kind are one record at most.


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesParameters:
    """What `fairness.classes` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    label: str | None = None
    """Column of the labels; the manifest's if left out."""
    prediction: str | None = None
    """Column of the predictions; the manifest's if left out."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one, such as a branch or a kind of product."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured as well."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with a smaller denominator are listed, not compared."""
    confidence: float = 0.95
    """Of the intervals of all groups and classes together, and of each value over groups."""


def measure_classes(inputs: Inputs, parameters: ClassesParameters, *, context: Context) -> Measured:
    """Measure decisions among several classes: accuracy, averages over classes, and the rates of every class.

    Raises:
        InputError: no sensitive or prediction column, missing values in labels or predictions, too many classes, or a
            parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = tuple(parameters.columns or inputs.columns.sensitive)
    label = parameters.label or inputs.columns.label
    prediction = parameters.prediction or inputs.columns.prediction
    if not columns or prediction is None:
        raise InputError(say("measures.fairness.classes.needs"))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.classes.min_rows", rows=parameters.min_rows))
    error = error_of(parameters.confidence)
    check_controls(columns, parameters.controls)
    cells = count_classes(inputs, (*columns, *parameters.controls), label, prediction)
    strata = strata_of(parameters.controls, cells.combinations(parameters.controls))
    estimates: list[Estimate] = []
    limits = [say(f"measures.fairness.classes.limit.{key}") for key in ("not_cause", "classes", "averages")]
    if label is not None:
        limits.append(say("measures.fairness.classes.limit.labels"))
    if not cells.plain:
        limits.append(say("measures.fairness.classes.limit.dependent"))
    limits += control_limits(parameters.controls)
    parts = slicings(columns, intersections=parameters.intersections)
    check_reference(parameters.reference, (group for part in parts for group in cells.combinations(part)))
    steps = [(part, stratum) for part in parts for stratum in strata]
    for number, (slicing, stratum) in enumerate(steps):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(steps), say("measures.fairness.classes.progress", columns=list(slicing)))
        some = cells.within(stratum.levels) if stratum.levels else cells
        run = ClassRun(
            cells=some.over(slicing), min_rows=parameters.min_rows, error=error, controls=parameters.controls,
            reference=parameters.reference, deviation=parameters.deviation,
        )  # fmt: skip
        if len(run.cells.groups) * len(cells.classes) > _MOST_NUMBERS:
            estimates += stratum.within(_too_many(run))
            continue
        for part in (accuracy, averages, by_class):
            estimates += stratum.within(part(run))
        if not stratum.levels:
            limits += _small_groups(run)
    context.progress(len(steps), len(steps), say("measures.fairness.classes.progress", columns=list(columns)))
    return Measured(estimates=tuple(estimates), tables=(cells.table(),), limits=tuple(limits))


def _too_many(run: ClassRun) -> list[Estimate]:
    groups, classes = len(run.cells.groups), len(run.cells.classes)
    reason = say("measures.fairness.classes.too_many", groups=groups, classes=classes)
    names = ["accuracy", *(each.name for each in DEFINITIONS)]
    return [unmeasured(name, reason, slice_=dict.fromkeys(run.cells.columns, "*")) for name in names]


def _small_groups(run: ClassRun) -> list[Message]:
    small = sorted(
        (n, group_name(group)) for group, n in zip(run.cells.groups, run.sizes, strict=True) if n < run.min_rows
    )
    if not small:
        return []
    return [
        say(
            "measures.fairness.classes.limit.small",
            columns=list(run.cells.columns),
            number=len(small),
            minimum=run.min_rows,
            groups=shortened([say("measures.fairness.classes.small", group=name, rows=n) for n, name in small]),
        )
    ]
