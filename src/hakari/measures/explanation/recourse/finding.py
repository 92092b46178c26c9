"""Finding: the nearest changes with which a model decides otherwise, for many rows at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hakari.errors import InputError
from hakari.measures._constraints import bind_constraints
from hakari.measures._constraints.comparing import differs
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.recourse.beam import Tries, best_of_each, search
from hakari.measures.explanation.recourse.enumerating import enumerated, sizes
from hakari.measures.explanation.recourse.levers import levers_of
from hakari.measures.explanation.recourse.plausibility import IMPLAUSIBLE, Plausibility
from hakari.measures.explanation.recourse.problem import Problem, States
from hakari.measures.explanation.recourse.refining import exchanged, refined
from hakari.measures.explanation.recourse.results import Alternative, Recourse, Status, Step
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.measures._constraints import ConstraintFile, Constraints
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["find_recourse"]

_Alternatives = tuple[tuple[Alternative, ...], ...]

_EXCHANGES: Final = 2
"""Rounds in which cheaper levers are put in the place of others."""
_FEW: Final = 2_000
"""Rows with at most so many settings have all of them tried."""
_ROWS_EACH: Final = 20_000
"""Model rows per row to explain, where nothing is said."""
_PARTS: Final = 1_000
"""Rows that are worked on together."""


def find_recourse(
    asked: Asked,
    rows: Features,
    background: Features,
    constraints: ConstraintFile,
    *,
    threshold: float,
    rng: np.random.Generator,
    wanted: Literal["at_least", "below"] = "at_least",
    count: int = 3,
    most_model_rows: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Recourse:
    """Return up to `count` changes for each row with which the model's output is `wanted` of `threshold`.

    Ends of columns that the constraints leave open, spreads that price changes, and what is plausible come from the
    background. `most_model_rows` bounds what the model is asked for (20,000 per row if left out); `progress` is called
    with (done, total) and may raise to stop.

    Raises:
        InputError: the constraints do not fit the columns, `count` is below 1, or the model failed.
    """
    if count < 1 or (most_model_rows is not None and most_model_rows < 1):
        raise InputError(say("measures.explanation.counterfactual.range", count=count, rows=most_model_rows or 0))
    began, asked_before = time.perf_counter(), asked.rows
    on = bind_constraints(constraints, background.columns)
    budget = _ROWS_EACH * rows.rows if most_model_rows is None else most_model_rows
    outputs = asked(rows)
    base = Problem(asked, rows, on, (), wanted, threshold, budget, lambda: None)
    near = Plausibility.of(background.take(base.is_wanted(asked(background))), on.spreads, rng)
    parts: list[tuple[_Alternatives, tuple[Status, ...], FloatArray, BoolArray]] = []
    spent = 0
    for start in range(0, rows.rows, _PARTS):
        some = rows.take(slice(start, start + _PARTS))
        share = (budget - spent) * some.rows // (rows.rows - start)

        def step(done: int = start) -> None:
            if progress is not None:
                progress(done, rows.rows)

        step()
        problem = Problem(asked, some, on, levers_of(on, some, background), wanted, threshold, share, step)
        parts.append(_found(problem, outputs[start : start + _PARTS], near, count, rng))
        spent += problem.spent
    if progress is not None:
        progress(rows.rows, rows.rows)
    return Recourse(
        alternatives=tuple(each for part in parts for each in part[0]),
        statuses=tuple(each for part in parts for each in part[1]),
        outputs=outputs,
        costs=np.concatenate([np.zeros(0), *(part[2] for part in parts)]),
        optimal=np.concatenate([np.zeros(0, dtype=bool), *(part[3] for part in parts)]),
        cost=Cost(model_rows=asked.rows - asked_before, seconds=time.perf_counter() - began),
    )


def _found(
    problem: Problem, outputs: FloatArray, near: Plausibility, count: int, rng: np.random.Generator
) -> tuple[_Alternatives, tuple[Status, ...], FloatArray, BoolArray]:
    already = problem.is_wanted(outputs)
    size = sizes(problem)
    few = ~already & (size <= _FEW)
    if size[few].sum() > problem.left:
        few[:] = False
    states = []
    if few.any() and problem.levers:
        states.append(enumerated(problem, np.flatnonzero(few), 4 * count))
    searched = np.flatnonzero(~already & ~few)
    if len(searched) and problem.levers:
        states.append(_searched(problem, searched, outputs, count, rng))
    alternatives: _Alternatives = ((),) * problem.rows.rows
    costs = np.where(already, 0.0, np.inf)
    if states:
        alternatives, least = _alternatives(problem, near, _pools(States.joined(states), count), count)
        costs = np.minimum(costs, least)
    statuses: list[Status] = []
    for row, found in enumerate(alternatives):
        status: Status = "found" if found else ("none_exists" if few[row] else "not_found")
        statuses.append("already" if already[row] else status)
    return alternatives, tuple(statuses), costs, few & np.isfinite(costs)


def _searched(problem: Problem, row: IntArray, outputs: FloatArray, count: int, rng: np.random.Generator) -> States:
    """Search once with all levers, then without the one that the last alternative rests on, or the next one of it."""
    margin = problem.margins(outputs)
    tries = Tries.of(problem, row, margin)
    size, levers = problem.rows.rows, len(problem.levers)
    allowed = np.ones((size, levers), dtype=bool)
    # Levers of each row's last alternative, the one that costs most first, and which of them is left out now.
    order, place = np.zeros((size, levers), dtype=np.int64), np.zeros(size, dtype=np.int64)
    moved, have = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    found: list[States] = []
    for _ in range(2 * count - 1):
        if not len(row):
            break
        now = allowed[row].copy()
        again = moved[row] > 0
        now[np.flatnonzero(again), order[row[again], place[row[again]]]] = False
        masks = np.zeros((size, levers), dtype=bool)
        masks[row] = now
        states = refined(problem, search(problem, tries, row, now, margin[row], rng))
        best = best_of_each(states, states.cost, 1)
        for _ in range(_EXCHANGES):
            best = exchanged(problem, tries, best, masks[best.row], margin[best.row])
        found += [states, best]
        hit = best.row
        allowed[hit], place[hit] = masks[hit], 0
        have[hit] += 1
        shares = np.column_stack([lever.costs(hit, best.settings[:, at]) for at, lever in enumerate(problem.levers)])
        used = ~np.isnan(best.settings)
        order[hit] = np.argsort(np.where(used, -shares, np.inf), axis=1, kind="stable")
        moved[hit] = used.sum(axis=1)
        missed = np.setdiff1d(row, hit)
        place[missed] += 1
        row = row[(place[row] < moved[row]) & (have[row] < count)]
    return States.joined(found)


def _pools(states: States, count: int) -> States:
    """Per row its cheapest states with different levers, none of which moves all levers of a cheaper one and more."""
    states = best_of_each(states, states.cost, 4 * count)
    kept: list[int] = []
    moved = ~np.isnan(states.settings)
    of_row: list[int] = []
    for place, row in enumerate(states.row.tolist()):
        if of_row and states.row[of_row[0]] != row:
            of_row = []
        if not any((moved[place] >= moved[other]).all() for other in of_row):
            of_row.append(place)
            kept.append(place)
    return states.take(np.array(kept, dtype=np.int64))


def _alternatives(problem: Problem, near: Plausibility, states: States, count: int) -> tuple[_Alternatives, FloatArray]:
    """Per row up to `count` alternatives, plausible ones first, then by cost; and the cost of the cheapest of all."""
    found: list[list[Alternative]] = [[] for _ in range(problem.rows.rows)]
    least = np.full(problem.rows.rows, np.inf)
    if not len(states.row):
        return tuple(tuple(each) for each in found), least
    # Asked again, so that nothing is shown that the model does not say twice or a rule forbids.
    before, after = problem.changed(states.row, states.settings)
    # A column that is told as unchanged is unchanged to the last digit: a tree may decide by that digit.
    after = after.with_columns(
        {
            name: np.where(differs(before.columns[name], new), new, before.columns[name])
            for name, new in after.columns.items()
            if new is not before.columns[name]
        }
    )
    outputs = problem.asked(after)
    sound = problem.is_wanted(outputs) & ~problem.constraints.check(before.columns, after.columns).rows
    distance = near.distance(after)
    rank = near.rank(distance)
    odd = (rank > IMPLAUSIBLE) & (distance > near.distance(before) * (1 + 1e-9))
    cost = problem.constraints.cost(before.columns, after.columns)
    steps = _steps(problem.constraints, before, after)
    for place in np.lexsort((np.arange(len(cost)), cost, odd)).tolist():
        own = found[states.row[place]]
        if not sound[place] or len(own) >= count:
            continue
        levers = (
            lever.name
            for lever, setting in zip(problem.levers, states.settings[place], strict=True)
            if not np.isnan(setting)
        )
        own.append(
            Alternative(
                steps=steps[place], levers=tuple(levers), cost=float(cost[place]), output=float(outputs[place]),
                distance_rank=float(rank[place]), implausible=bool(odd[place]),
            )
        )  # fmt: skip
    np.minimum.at(least, states.row[sound], cost[sound])
    return tuple(tuple(each) for each in found), least


def _steps(constraints: Constraints, before: Features, after: Features) -> list[tuple[Step, ...]]:
    """The columns that differ, for each row."""
    found: list[list[Step]] = [[] for _ in range(before.rows)]
    for name in before.names:
        old, new = before.columns[name], after.columns[name]
        for row in np.flatnonzero(differs(old, new)).tolist():
            consequence = name in constraints.file.derived
            found[row].append(
                Step(column=name, before=old[row : row + 1].tolist()[0], after=new[row : row + 1].tolist()[0],
                     consequence=consequence)
            )  # fmt: skip
    return [tuple(each) for each in found]
