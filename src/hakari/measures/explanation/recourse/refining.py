"""Refining: valid states made as small as the model allows, and exchanged for cheaper ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation.recourse.beam import Tries, best_of_each, shrunk_cost
from hakari.measures.explanation.recourse.problem import Problem, States

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["exchanged", "refined"]

_HALVINGS: Final = 11
"""Each move is cut to within 1/2048 of what is needed."""
_FEW: Final = 2_000
"""States up to which time goes into asking, not into answering."""
_AT_ONCE: Final = 100_000


def refined(problem: Problem, states: States) -> States:
    """Return valid states with no lever that could be left alone or moved less, the least useful levers first."""
    if not len(states.row):
        return states
    moved = ~np.isnan(states.settings)
    order = np.argsort(np.where(moved, _usefulness(problem, states, moved), np.inf), axis=1, kind="stable")
    found = _in_turn(problem, states, moved, order)
    if not problem.constraints.file.ordered:
        return found
    # Columns that hold each other back: what is moved back first decides how far the others can stay.
    count = moved.sum(axis=1)[:, None]
    places = np.arange(moved.shape[1])
    back = np.take_along_axis(order, np.where(places < count, count - 1 - places, places), axis=1)
    other = _in_turn(problem, states, moved, back)
    return found.where(found.cost <= other.cost, other)


def _in_turn(problem: Problem, states: States, moved: BoolArray, order: IntArray) -> States:
    """Move the levers back one after another, in this order (m, levers) for each state."""
    for place in range(int(moved.sum(axis=1).max())):
        lever = order[:, place]
        alive = np.flatnonzero(~np.isnan(states.settings[np.arange(len(lever)), lever]))
        if not len(alive) or len(alive) > problem.left:
            continue
        states = _shrunk(problem, states, alive, lever[alive])
    return states


def _usefulness(problem: Problem, states: States, moved: BoolArray) -> FloatArray:
    """(m, levers): how much of the margin each lever carries for one unit of its cost."""
    found = np.zeros(moved.shape)
    state, lever = np.nonzero(moved)
    if len(state) > problem.left:
        return found
    settings = states.settings[state]
    settings[np.arange(len(state)), lever] = np.nan
    without = problem.states(states.row[state], settings)
    saved = np.maximum(states.cost[state] - without.cost, 1e-12)
    lost = states.margin[state] - np.where(np.isfinite(without.margin), without.margin, -1e12)
    found[state, lever] = lost / saved
    return found


def _shrunk(problem: Problem, states: States, alive: IntArray, lever: IntArray) -> States:
    """Move one lever of each of these states back as far as the state stays valid."""
    some = states.take(alive)
    places = np.arange(len(alive))
    far = some.settings[places, lever]
    settings = some.settings.copy()
    settings[places, lever] = np.nan
    tried = problem.states(some.row, settings)
    better = tried.where(tried.valid, some)  # a copy, which is changed below
    numbers = np.array([each.options is None and np.isfinite(each.unit) for each in problem.levers])
    going = np.flatnonzero(~tried.valid & numbers[lever])
    low, high = np.zeros(len(alive)), np.ones(len(alive))
    # A model is asked about few rows as fast as about one: few states are cut into eight parts at once, many into two.
    parts = 8 if len(alive) <= _FEW else 2
    for _ in range(_HALVINGS if parts == 2 else _HALVINGS // 3 + 1):
        if not len(going) or len(going) * (parts - 1) > problem.left:
            break
        going = _narrowed(problem, better, going, lever, far, low, high, parts)
    return _put(states, alive, better)


def _narrowed(
    problem: Problem,
    better: States,
    going: IntArray,
    lever: IntArray,
    far: FloatArray,
    low: FloatArray,
    high: FloatArray,
    parts: int,
) -> IntArray:
    """Cut the moves of some states in `parts`, keep the shortest that stays valid; return which may be cut again.

    `low`, `high` and `better` are changed in place.
    """
    steps = np.arange(1, parts) / parts
    shares = low[going, None] + (high - low)[going, None] * steps
    state = np.repeat(going, parts - 1)
    nearer = _nearer(problem, better.row[state], lever[state], far[state], shares.ravel())
    now = better.settings[state, lever[state]]
    # A move that is rounded to steps may come out where it was: nothing more is to be won there.
    moves = nearer != now
    valid = np.zeros(len(state), dtype=bool)
    if moves.any():
        settings = better.settings[state[moves]]
        settings[np.arange(len(settings)), lever[state[moves]]] = nearer[moves]
        tried = problem.states(better.row[state[moves]], settings)
        valid[moves] = tried.valid
        table = valid.reshape(-1, parts - 1)
        hit = np.flatnonzero(table.any(axis=1))
        first = table[hit].argmax(axis=1)
        place = np.cumsum(moves) - 1
        chosen = place[hit * (parts - 1) + first]
        for name in States.__slots__:
            getattr(better, name)[going[hit]] = getattr(tried, name)[chosen]
    table = valid.reshape(-1, parts - 1)
    any_ = table.any(axis=1)
    first = np.where(any_, table.argmax(axis=1), parts - 1)
    width = (high - low)[going] / parts
    low[going] += width * first
    high[going] = np.where(any_, low[going] + width, high[going])
    again: IntArray = going[moves.reshape(-1, parts - 1).any(axis=1)]
    return again


def _nearer(problem: Problem, row: IntArray, lever: IntArray, far: FloatArray, share: FloatArray) -> FloatArray:
    found = far.copy()
    for place in np.unique(lever):
        own = lever == place
        found[own] = problem.levers[place].nearer(row[own], far[own], share[own])
    return found


def _put(states: States, index: IntArray, new: States) -> States:
    """Return the states with some exchanged."""
    copy = States(*(getattr(states, name).copy() for name in States.__slots__))
    for name in States.__slots__:
        getattr(copy, name)[index] = getattr(new, name)
    return copy


def exchanged(problem: Problem, tries: Tries, states: States, allowed: BoolArray, margin: FloatArray) -> States:
    """Return for each state (one per row) a cheaper one, where moving another lever instead, or as well, gives one.

    `allowed` (m, levers) and `margin` (m,) of the row as it is belong to the states.
    """
    size = max(_AT_ONCE // max(len(tries.lever) * 4, 1), 1)
    parts = []
    for start in range(0, len(states.row), size):
        cut = slice(start, start + size)
        parts.append(
            _exchanged(problem, tries, states.take(np.arange(len(states.row))[cut]), allowed[cut], margin[cut])
        )
    return States.joined(parts) if parts else states


def _exchanged(problem: Problem, tries: Tries, states: States, allowed: BoolArray, margin: FloatArray) -> States:
    moved = ~np.isnan(states.settings)
    known = ~np.isnan(tries.settings[states.row]) & allowed[:, tries.lever]
    row, settings = [], []
    # Instead of lever a; `levers` stands for none, which adds another lever.
    for a in range(moved.shape[1] + 1):
        has = moved[:, a] if a < moved.shape[1] else np.ones(len(moved), dtype=bool)
        state, setting = np.nonzero(known & has[:, None] & (tries.lever != a))
        new = states.settings[state]
        if a < moved.shape[1]:
            new[:, a] = np.nan
        new[np.arange(len(state)), tries.lever[setting]] = tries.settings[states.row[state], setting]
        row.append(state)
        settings.append(new)
    source, candidates = np.concatenate(row), np.concatenate(settings)
    if not len(source) or len(source) > problem.left:
        return states
    found = problem.states(states.row[source], candidates)
    estimate = shrunk_cost(found, margin[source])
    good = found.valid & (estimate < states.cost[source] * (1 - 1e-9))
    if not good.any():
        return states
    better = refined(problem, best_of_each(found.take(good), estimate[good], 2))
    better = best_of_each(better, better.cost, 1)
    place = np.full(problem.rows.rows, -1)
    place[states.row] = np.arange(len(states.row))
    wins = better.cost < states.cost[place[better.row]] * (1 - 1e-9)
    return _put(states, place[better.row[wins]], better.take(wins))
