"""Beam: settings of the levers put together step by step, many rows at once.

Each step moves one more lever of the most promising states. What is promising is judged by what the state costs and
what the rest would cost at the rate of the best lever that is left: for a model that adds up and costs that add up,
this leads to the cheapest change, as in a fractional knapsack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.measures.explanation.recourse.problem import Problem, States

if TYPE_CHECKING:
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["MOST_LEVERS", "Tries", "backward", "best_of_each", "search", "shrunk_cost"]

MOST_LEVERS: Final = 6
"""Levers that one alternative moves at most, unless all have to be moved."""
_WIDTH: Final = 4
"""States that are kept per row and step."""
_KEPT: Final = 3
"""Solutions per row that are handed on."""
_TOO_DEAR: Final = 1.5
"""States that promise to cost more than this times the best solution are given up."""
_AT_ONCE: Final = 100_000
"""States that are made at once."""
_RANDOM: Final = 200
"""Settings drawn for a row where the beam found nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Tries:
    """The settings that are tried first, of all levers side by side."""

    lever: IntArray
    """(c,): the lever of each setting."""
    settings: FloatArray
    """(n, c): nan where a row does not have it."""
    alone: States
    """Every setting of every row that is searched, moved alone."""
    setting: IntArray
    """Which setting each state of `alone` has."""
    rise: FloatArray
    """(n, c): what each setting alone adds to the margin; -inf where it is not known or breaks a constraint."""

    @classmethod
    def of(cls, problem: Problem, row: IntArray, margin: FloatArray) -> Tries:
        """Return the tries of a problem's levers for the rows that are searched; `margin` (n,) is that of all rows."""
        parts = [lever.first for lever in problem.levers]
        lever = np.repeat(np.arange(len(parts)), [part.shape[1] for part in parts]).astype(np.int64)
        every = np.concatenate(parts, axis=1)
        place, setting = np.nonzero(~np.isnan(every[row]))
        cut = min(len(place), problem.left)
        place, setting = row[place[:cut]], setting[:cut]
        states = []
        for start in range(0, max(cut, 1), _AT_ONCE):
            own = slice(start, start + _AT_ONCE)
            settings = np.full((len(place[own]), len(parts)), np.nan)
            settings[np.arange(len(settings)), lever[setting[own]]] = every[place[own], setting[own]]
            states.append(problem.states(place[own], settings))
        alone = States.joined(states)
        rise = np.full(every.shape, -np.inf)
        rise[place, setting] = alone.margin - margin[place]
        return cls(lever, every, alone, setting, rise)


def search(
    problem: Problem, tries: Tries, row: IntArray, allowed: BoolArray, margin: FloatArray, rng: np.random.Generator
) -> States:
    """Return up to three valid states for each of these rows (i,), with the levers that are allowed (i, levers).

    `margin` (i,) is that of the rows as they are. A row that is not among the states has none that was found.
    """
    size = max(_AT_ONCE // max(_WIDTH * len(tries.lever), 1), 1)
    parts = []
    for start in range(0, len(row), size):
        cut = slice(start, start + size)
        parts.append(_search(problem, tries, row[cut], allowed[cut], margin[cut], rng))
    return States.joined(parts)


def _search(
    problem: Problem, tries: Tries, row: IntArray, allowed: BoolArray, margin: FloatArray, rng: np.random.Generator
) -> States:
    count, levers = allowed.shape
    owner = np.full(problem.rows.rows, -1)
    owner[row] = np.arange(count)
    solutions = [backward(problem, tries, row, allowed)]
    rates = np.zeros((count, levers))
    best = np.full(count, np.inf)
    beam: States | None = None
    for _ in range(min(levers, MOST_LEVERS)):
        if beam is None:
            own = owner[tries.alone.row]
            own = np.flatnonzero((own >= 0) & allowed[own, tries.lever[tries.setting]])
            new, setting = tries.alone.take(own), tries.setting[own]
            place = owner[new.row]
            rise = (new.margin - margin[place]) / np.maximum(new.cost, 1e-12)
            np.maximum.at(rates, (place, tries.lever[setting]), rise)
        else:
            expanded = _expanded(problem, tries, beam, allowed[owner[beam.row]])
            if expanded is None:
                break
            new, place = expanded, owner[expanded.row]
        found = new.take(new.valid)
        if len(found.row):
            estimate = shrunk_cost(found, margin[owner[found.row]])
            np.minimum.at(best, owner[found.row], estimate)
            solutions.append(best_of_each(found, estimate, _KEPT))
        open_ = new.feasible & ~new.valid
        promise = _promise(new, allowed[place], rates[place])
        open_ &= promise <= _TOO_DEAR * best[place]
        beam = best_of_each(new.take(open_), promise[open_], _WIDTH)
        if not len(beam.row):
            break
    lost = np.flatnonzero(np.isinf(best))
    if len(lost):
        solutions.append(_drawn(problem, tries, row[lost], allowed[lost], rng))
    # What was put together backwards is refined in any case: what it will cost cannot be seen yet.
    rest = States.joined([_none(levers), *solutions[1:]])
    return States.joined([solutions[0], best_of_each(rest, shrunk_cost(rest, margin[owner[rest.row]]), _KEPT)])


def _expanded(problem: Problem, tries: Tries, beam: States, allowed: BoolArray) -> States | None:
    """Every state with one more lever moved; None where there is none, or too many for what may still be asked."""
    unmoved = np.isnan(beam.settings) & allowed
    possible = ~np.isnan(tries.settings[beam.row]) & unmoved[:, tries.lever]
    state, setting = np.nonzero(possible)
    if not len(state) or len(state) > problem.left:
        return None
    settings = beam.settings[state]
    settings[np.arange(len(state)), tries.lever[setting]] = tries.settings[beam.row[state], setting]
    return problem.states(beam.row[state], settings)


def backward(problem: Problem, tries: Tries, row: IntArray, allowed: BoolArray) -> States:
    """Return the valid ones among the rows with every lever at the setting that adds most.

    Made small again, these often beat what was put together lever by lever, where a move of one size (a signature)
    tempts the search and small moves of others would do.
    """
    settings = np.full(allowed.shape, np.nan)
    for lever in range(allowed.shape[1]):
        own = np.flatnonzero(tries.lever == lever)
        rise = tries.rise[row][:, own]
        chosen = own[np.argmax(rise, axis=1)]
        useful = allowed[:, lever] & (rise.max(axis=1) > 0)
        settings[:, lever] = np.where(useful, tries.settings[row, chosen], np.nan)
    some = np.flatnonzero(~np.isnan(settings).all(axis=1))
    if not len(some) or len(some) > problem.left:
        return _none(allowed.shape[1])
    found = problem.states(row[some], settings[some])
    return found.take(found.valid)


def _none(levers: int) -> States:
    empty = np.zeros(0)
    return States(empty.astype(np.int64), np.zeros((0, levers)), empty, empty, empty > 0, empty > 0)


def _promise(states: States, allowed: BoolArray, rates: FloatArray) -> FloatArray:
    """What a state may cost in the end: its cost, and the rest at the rate of the best lever that is left."""
    rate = np.where(allowed & np.isnan(states.settings), rates, 0.0).max(axis=1, initial=0.0)
    gap = np.where(np.isfinite(states.margin), np.maximum(-states.margin, 0.0), np.inf)
    # Without any such lever the nearest to the threshold comes first, after all others.
    return states.cost + np.where(rate > 0, gap / np.where(rate > 0, rate, 1.0), 1e9 * (1 + gap))


def shrunk_cost(states: States, margin: FloatArray) -> FloatArray:
    """What valid states may cost once they are made as small as possible, as if the model were straight."""
    gap = np.maximum(-margin, 1e-12)
    return np.asarray(states.cost * gap / (gap + np.maximum(states.margin, 0.0)), dtype=np.float64)


def best_of_each(states: States, value: FloatArray, most: int) -> States:
    """Return the `most` states of each row with the least value, at most one for each set of moved levers."""
    if not len(states.row):
        return states
    marks = np.random.default_rng(0).integers(0, 2**62, states.settings.shape[1], dtype=np.uint64)
    sets = (np.where(np.isnan(states.settings), 0, 1).astype(np.uint64) * marks).sum(axis=1, dtype=np.uint64)
    order = np.lexsort((states.cost, value, sets, states.row))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (states.row[order][1:] != states.row[order][:-1]) | (sets[order][1:] != sets[order][:-1])
    order = order[first]
    order = order[np.lexsort((states.cost[order], value[order], states.row[order]))]
    row = states.row[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    return states.take(order[rank < most])


def _drawn(problem: Problem, tries: Tries, row: IntArray, allowed: BoolArray, rng: np.random.Generator) -> States:
    """Valid states among settings drawn at random: a model may ask for moves that are no use alone."""
    levers = allowed.shape[1]
    parts = []
    for place, each in enumerate(row.tolist()):
        known = ~np.isnan(tries.settings[each]) & allowed[place][tries.lever]
        settings = np.full((_RANDOM, levers), np.nan)
        for lever in np.unique(tries.lever[known]):
            own = np.flatnonzero(known & (tries.lever == lever))
            chosen = rng.integers(0, len(own), _RANDOM)
            # Half of the draws go to the ends: what needs two moves at once often needs them far.
            chosen[::2] = rng.integers(0, 2, len(chosen[::2])) * (len(own) - 1)
            settings[:, lever] = tries.settings[each, own[chosen]]
        settings[rng.random((_RANDOM, levers)) > rng.random((_RANDOM, 1))] = np.nan
        parts.append(settings)
    if not parts or len(parts) * _RANDOM > problem.left:
        return _none(levers)
    found = problem.states(np.repeat(row, _RANDOM), np.concatenate(parts))
    return found.take(found.valid)
