"""`fairness.scores`: scores within and across groups, with intervals; their curves, calibration and distances."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, shortened, slicings, tally_table, unmeasured
from hakari.measures.fairness._references import check_reference
from hakari.measures.fairness._strata import Stratum, check_controls, control_limits, strata_of
from hakari.measures.fairness.scores import _distances, _means, _ranked
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.measures.fairness.scores._run import ScoreRun
from hakari.measures.fairness.scores._tables import tables_of
from hakari.messages import Message, say
from hakari.statistics import MISSING, Tally
from hakari.statistics.metrics.scores import DEFINITIONS

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["PARTS", "ScoresParameters", "measure_scores"]

PARTS: tuple[Callable[[ScoreRun], Iterator[Estimate]], ...] = (
    _means.average_score,
    _ranked.within,
    _ranked.across,
    _ranked.exchanged,
    _ranked.average_precision,
    _means.brier,
    _means.calibration,
    _distances.distances,
    _distances.conditional,
)
"""The metrics, in the order of the record."""
_MOST_CELLS = 200_000
_MOST_GROUPS = 500
_STEPS = (1e-4, 1e-3, 1e-2)
# To these the scores are rounded, one after the other, until the cells fit into a record.


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresParameters:
    """What `fairness.scores` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the intervals of all groups together, and of each value over groups."""
    curve_points: int = 1_000
    """Thresholds per group in the table of curves, at most; fewer where there are many groups."""
    controls: tuple[str, ...] = ()
    """Columns whose levels are looked at one by one, such as a branch or a kind of product."""
    reference: str | None = None
    """A group by name (`white`, or `white × 40+` for several columns), or `rest`: each group with all others."""
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured as well."""


def measure_scores(inputs: Inputs, parameters: ScoresParameters, *, context: Context) -> Measured:
    """Measure the scores of groups: level, ranking within and across groups, calibration, and distances.

    Raises:
        InputError: no sensitive column, no score column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = tuple(parameters.columns or inputs.columns.sensitive)
    if not columns:
        raise InputError(say("measures.fairness.scores.no_columns"))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.scores.min_rows", rows=parameters.min_rows))
    if not 2 <= parameters.curve_points <= 1_000:
        raise InputError(say("measures.fairness.scores.curve_points", points=parameters.curve_points))
    error_of(parameters.confidence)
    labelled = inputs.columns.label is not None
    check_controls(columns, parameters.controls)
    tally = inputs.tally((*columns, *parameters.controls), label=labelled, prediction=False, score=True)
    step = inputs.score_step()
    if "cluster" not in tally.axes:
        tally, step = _fitting(tally, step)
    strata = strata_of(parameters.controls, tally.marginal(parameters.controls).cells if parameters.controls else ())
    estimates: list[Estimate] = []
    limits = [*_general_limits(labelled, step), *control_limits(parameters.controls)]
    runs: list[ScoreRun] = []
    parts = slicings(columns, intersections=parameters.intersections)
    check_reference(parameters.reference, (group for part in parts for group in tally.marginal(part).cells))
    steps = [(part, stratum) for part in parts for stratum in strata]
    for number, (slicing, stratum) in enumerate(steps):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(steps), say("measures.fairness.scores.progress", columns=list(slicing)))
        run = _run_of(tally, slicing, stratum, parameters, context)
        if len(run.cells.groups) > _MOST_GROUPS:
            estimates += stratum.within(_too_many(run))
            continue
        for part in PARTS:
            estimates += stratum.within(part(run))
        if not stratum.levels:
            runs.append(run)
            limits += _group_limits(run)
    context.progress(len(steps), len(steps), say("measures.fairness.scores.progress", columns=list(columns)))
    tables = (_scores_table(tally, step), *tables_of(runs, parameters.curve_points))
    return Measured(estimates=tuple(estimates), tables=tables, limits=tuple(limits))


def _run_of(
    tally: Tally, columns: tuple[str, ...], stratum: Stratum, parameters: ScoresParameters, context: Context
) -> ScoreRun:
    within = tally.where(**stratum.levels) if stratum.levels else tally
    if parameters.controls:
        within = within.marginal([axis for axis in tally.axes if axis not in parameters.controls])
    return ScoreRun(
        cells=ScoreCells.of(within, columns),
        min_rows=parameters.min_rows,
        error=error_of(parameters.confidence),
        rng=lambda key: context.rng(stratum.stream(key)),
        reference=parameters.reference,
        deviation=parameters.deviation,
    )


def _fitting(tally: Tally, step: float | None) -> tuple[Tally, float | None]:
    """Return a tally that a record may hold: its scores rounded as far as that needs, and the step they have then."""
    for wanted in _STEPS:
        if len(tally.cells) <= _MOST_CELLS:
            break
        position, per = tally.position("score"), round(1 / wanted)
        rows = (
            [round(float(value) * per) / per if at == position else value for at, value in enumerate(row)]
            for row in tally.to_rows()
        )
        scale = None if tally.weights is None else tally.weights.scale
        tally, step = Tally.from_rows(tally.axes, rows, scale), wanted
    return tally, step


def _scores_table(tally: Tally, step: float | None) -> Table:
    table = tally_table(tally, name="scores")
    return table if step is None else replace(table, details={**table.details, "rounding": step / 2})


def _too_many(run: ScoreRun) -> list[Estimate]:
    columns = run.cells.columns
    reason = say("measures.fairness.scores.too_many_groups", groups=len(run.cells.groups), limit=_MOST_GROUPS)
    return [unmeasured(each.name, reason, slice_=dict.fromkeys(columns, "*")) for each in DEFINITIONS]


def _general_limits(labelled: bool, step: float | None) -> list[Message]:
    keys = ["not_cause", *(["labels", "base_rates", "calibration"] if labelled else []), "threshold", "asymptotic"]
    found = [say(f"measures.fairness.scores.limit.{key}") for key in keys]
    if step is not None:
        found.append(say("measures.fairness.scores.limit.rounded", error=step / 2))
    return found


def _group_limits(run: ScoreRun) -> list[Message]:
    cells, sizes = run.cells, run.sizes
    found = []
    small = sorted((n, group_name(group)) for group, n in zip(cells.groups, sizes, strict=True) if n < run.min_rows)
    if small:
        names = [say("measures.fairness.scores.small", group=name, rows=n) for n, name in small]
        found.append(
            say(
                "measures.fairness.scores.limit.small",
                columns=list(cells.columns),
                number=len(small),
                minimum=run.min_rows,
                groups=shortened(names),
            )
        )
    missing = sum(n for group, n in zip(cells.groups, sizes, strict=True) if group == (MISSING,))
    if missing:
        found.append(say("measures.fairness.scores.limit.missing", column=cells.columns[0], rows=missing))
    if not cells.plain:
        found.append(say("measures.fairness.scores.limit.dependent"))
    return found
