"""Levers: what may be changed on purpose in each row, and the settings that are tried first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.inputs.values import is_missing, text
from hakari.measures._constraints.comparing import TOLERANCE, absent, is_number

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures._constraints import Constraints
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["Lever", "levers_of"]

_QUANTILES: Final = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Values of other rows that are tried first, besides the ends of what is allowed."""
_MOST_OPTIONS: Final = 12
"""Settings of a choice that are tried first: the most common ones."""
_GRAINS: Final = 2_000
"""A number of any size moves by at least a power of ten below its spread over this."""
_MOST_LISTED: Final = 200
"""Up to so many settings a lever counts as finite, and all of them can be tried."""


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """One thing that may be changed: a column, or a group of columns of which one is chosen.

    A setting is a float: the value of a number, the place of an option otherwise. nan leaves the row as it is.
    """

    name: str
    columns: tuple[str, ...]
    start: FloatArray
    """(n,): setting of the row as it is; nan where it is missing or no known option."""
    low: FloatArray
    """(n,): least setting that is allowed; above `high` where the lever cannot be moved."""
    high: FloatArray
    """(n,)."""
    first: FloatArray
    """(n, k): settings that are tried first; nan where there is none."""
    every: FloatArray | None
    """(n, s): all settings, where they are few; else None."""
    step: float
    """Numbers move by a whole number of these from where they are; 0 for any size."""
    whole: bool
    """Numbers are whole."""
    grain: float
    """Numbers of any size move by a multiple of this; 0 where there are steps.

    A line of a tree may run exactly where a person stands; nobody has a use for a move of a millionth across it.
    """
    unit: float
    """By how much a number moves for one `amount`; infinite where any change costs the same."""
    amount: float
    options: tuple[tuple[Any, ...], ...] | None
    """Values of the columns for each option; None for a number."""

    def columns_at(self, settings: FloatArray, rows: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Return the lever's columns with these settings (m,); nan keeps what `rows` hold."""
        moved = ~np.isnan(settings)
        if self.options is None:
            old = rows[self.name]
            whole = old.dtype.kind in "iub" and not (settings[moved] % 1).any()
            return {self.name: np.where(moved, np.where(moved, settings, 0).astype(old.dtype if whole else float), old)}
        places = np.where(moved, settings, 0).astype(np.int64)
        found = {}
        for number, column in enumerate(self.columns):
            listed = [option[number] for option in self.options]
            whole = rows[column].dtype.kind not in "iub" or not any(float(each) % 1 for each in listed)
            values = np.array(listed, dtype=rows[column].dtype if whole else float)
            found[column] = np.where(moved, values[places], rows[column])
        return found

    def costs(self, row: npt.NDArray[np.int64], settings: FloatArray) -> FloatArray:
        """Return the cost of these settings (m,) for these rows (m,); 0 for nan."""
        if self.options is not None or np.isinf(self.unit):
            if self.options is None or np.isinf(self.unit):
                return np.where(np.isnan(settings), 0.0, self.amount)
            values = np.array([float(option[0]) for option in self.options])
            chosen = values[np.where(np.isnan(settings), 0, settings).astype(np.int64)]
            far = np.abs(chosen - values[np.where(np.isnan(self.start[row]), 0, self.start[row]).astype(np.int64)])
            return np.where(np.isnan(settings), 0.0, far / self.unit * self.amount)
        return np.nan_to_num(np.abs(settings - self.start[row]) / self.unit * self.amount)

    def held(
        self, row: npt.NDArray[np.int64], settings: FloatArray, *, least: FloatArray | None, most: FloatArray | None
    ) -> FloatArray:
        """Return settings of a number pulled back towards where it is, as far as these ends ask; nan where that is all.

        A setting never moves further away, so that what was allowed stays allowed.
        """
        start = self.start[row]
        end = np.fmax(settings, least) if least is not None else np.fmin(settings, most if most is not None else np.inf)
        pulled = np.abs(end - settings) > TOLERANCE * np.maximum(1.0, np.abs(settings))
        share = (end - start) / np.where(settings == start, 1.0, settings - start)
        gone = pulled & ~((share > TOLERANCE) & (share < 1))
        moved = (settings - start) * np.clip(share, 0.0, 1.0)
        if self.step:
            moved = np.sign(moved) * np.floor(np.abs(moved) / self.step + 1e-9) * self.step
        held = _tidy(start + moved)
        if self.whole:
            held = np.where(moved > 0, np.floor(held + TOLERANCE), np.ceil(held - TOLERANCE))
        gone |= pulled & ((held - start) * (settings - start) <= 0)
        return np.where(gone, np.nan, np.where(pulled, held, settings))

    def nearer(self, row: npt.NDArray[np.int64], settings: FloatArray, share: FloatArray) -> FloatArray:
        """Return settings that keep `share` of the move, rounded away from the start so that they stay allowed."""
        start = self.start[row]
        moved = (settings - start) * share
        if self.step or self.grain:
            size = self.step or self.grain
            moved = np.sign(moved) * np.ceil(np.abs(moved) / size - 1e-9) * size
        if self.grain:
            # An end of what is allowed need not be a multiple.
            moved = np.sign(moved) * np.fmin(np.abs(moved), np.abs(settings - start))
        found = start + moved
        if self.whole:
            found = np.where(moved > 0, np.ceil(found - TOLERANCE), np.floor(found + TOLERANCE))
        return np.asarray(_tidy(found))


def levers_of(constraints: Constraints, rows: Features, background: Features) -> tuple[Lever, ...]:
    """Return every lever of the constraints for these rows; values that are not stated come from the background."""
    found = []
    for name in constraints.actionable:
        if is_number(rows.columns[name]) and not constraints.rule(name).levels:
            found.append(_number(constraints, name, rows, background.columns[name]))
        else:
            found.append(_choice(constraints, name, rows.columns[name], background.columns[name]))
    found += [_group(constraints, name, rows) for name in constraints.groups]
    return tuple(lever for lever in found if (lever.first == lever.first).any())


def _number(constraints: Constraints, name: str, rows: Features, others: npt.NDArray[Any]) -> Lever:
    rule = constraints.rule(name)
    start, seen = rows.columns[name].astype(np.float64), others.astype(np.float64)
    seen = seen[np.isfinite(seen)]
    # Nobody was seen beyond these: a model says nothing reliable there, and without ends there is no search.
    least = rule.low if rule.low is not None else (seen.min() if len(seen) else np.nan)
    most = rule.high if rule.high is not None else (seen.max() if len(seen) else np.nan)
    low = np.where(rule.monotone == "up", np.fmax(start, least), np.fmin(start, least) if rule.low is None else least)
    high = np.where(rule.monotone == "down", np.fmin(start, most), np.fmax(start, most) if rule.high is None else most)
    reach = constraints.reach(name, start)
    if reach is not None:
        low, high = np.fmax(low, start - reach), np.fmin(high, start + reach)
    step = rule.step or 0.0
    whole = rule.integer
    low, high = _inside(start, low, high, step, whole)
    points = [low, high, *_touching(constraints, name, rows, start, step, whole)]
    if len(seen):
        points += [np.full(len(start), value) for value in np.quantile(seen, _QUANTILES)]
    first = np.column_stack([_rounded(start, np.clip(each, low, high), step, whole) for each in points])
    first = _distinct(first, start, low, high)
    return Lever(
        name=name, columns=(name,), start=start, low=low, high=high, first=first,
        every=_all_steps(start, low, high, step, whole), step=step, whole=whole,
        grain=0.0 if step else 10.0 ** np.floor(np.log10(constraints.spreads[name] / _GRAINS)),
        unit=constraints.unit(name), amount=constraints.amount(name), options=None,
    )  # fmt: skip


def _touching(
    constraints: Constraints, name: str, rows: Features, start: FloatArray, step: float, whole: bool
) -> list[FloatArray]:
    """How far a column can go until it meets one that it must stay above or below."""
    found = []
    for first, second in constraints.file.ordered:
        if name in (first, second):
            other = rows.columns[second if name == first else first].astype(np.float64)
            low, high = _inside(start, other, other, step, whole)
            found.append(high if name == first else low)
    return found


def _inside(
    start: FloatArray, low: FloatArray, high: FloatArray, step: float, whole: bool
) -> tuple[FloatArray, FloatArray]:
    """Ends of what is allowed on the grid of steps from the start, and on whole numbers."""
    if step:
        low = start + np.ceil((low - start) / step - 1e-9) * step
        high = start + np.floor((high - start) / step + 1e-9) * step
    if whole:
        low, high = np.ceil(low - TOLERANCE), np.floor(high + TOLERANCE)
    return _tidy(low), _tidy(high)


def _rounded(start: FloatArray, values: FloatArray, step: float, whole: bool) -> FloatArray:
    if step:
        values = start + np.round((values - start) / step) * step
    return _tidy(np.round(values) if whole else values)


def _tidy(values: FloatArray) -> FloatArray:
    """Without the last digits that sums of steps leave behind."""
    return np.asarray(np.round(values, 9), dtype=np.float64)


def _distinct(points: FloatArray, start: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Sorted settings (n, k) without repetitions, the start, and what is not allowed."""
    slack = TOLERANCE * np.maximum(1.0, np.abs(points))
    wrong = (
        (np.abs(points - start[:, None]) <= slack) | (points < low[:, None] - slack) | (points > high[:, None] + slack)
    )
    # A missing value has no distance to any other: it stays missing.
    wrong |= np.isnan(start)[:, None]
    found = np.sort(np.where(wrong, np.nan, points), axis=1)
    found[:, 1:][found[:, 1:] == found[:, :-1]] = np.nan
    return found


def _all_steps(start: FloatArray, low: FloatArray, high: FloatArray, step: float, whole: bool) -> FloatArray | None:
    """All settings (n, s) of a number that moves in steps, where they are few."""
    size = step or (1.0 if whole else 0.0)
    if not size:
        return None
    if step and whole and step % 1:
        return None
    counts = np.floor((high - low) / size + 1e-9)
    most = np.nanmax(counts, initial=0.0)
    if not most < _MOST_LISTED:
        return None
    listed = low[:, None] + np.arange(int(most) + 1) * size
    return _distinct(_tidy(listed), start, low, high)


def _choice(constraints: Constraints, name: str, values: npt.NDArray[Any], others: npt.NDArray[Any]) -> Lever:
    rule = constraints.rule(name)
    counts: dict[Any, int] = {}
    for value in others.tolist():
        if not is_missing(value):
            counts[value] = counts.get(value, 0) + 1
    allowed: list[Any] = list(rule.levels) or sorted(counts, key=lambda each: (-counts[each], text(each)))
    known = {text(each): each for each in counts}
    # A level as the rows write it, so that a model gets the type that it was fitted on.
    allowed = [known.get(text(each), each) for each in allowed]
    extra = [value for value in dict.fromkeys(values.tolist()) if not is_missing(value) and value not in set(allowed)]
    options = [*allowed, *extra]
    place = {value: float(number) for number, value in enumerate(options)}
    start = np.array([place.get(value, np.nan) for value in values.tolist()])
    start[absent(values)] = np.nan
    settings = np.broadcast_to(np.arange(len(allowed), dtype=float), (len(start), len(allowed))).copy()
    _forbid(settings, options, start, rule.monotone, is_number(values))
    reach = constraints.reach(name, values)
    if reach is not None:
        listed = np.array(allowed, dtype=float if is_number(values) else object)
        now, then = constraints.places(name, values), constraints.places(name, listed)
        near = np.abs(then - now[:, None]) <= (reach + TOLERANCE * np.maximum(1.0, reach))[:, None]
        settings[~near] = np.nan
    settings[np.isnan(start)] = np.nan
    by_count = sorted(range(len(allowed)), key=lambda each: (-counts.get(allowed[each], 0), each))[:_MOST_OPTIONS]
    return Lever(
        name=name, columns=(name,), start=start, low=np.zeros(len(start)),
        high=np.full(len(start), len(allowed) - 1.0), first=settings[:, sorted(by_count)],
        every=settings if len(allowed) <= _MOST_LISTED else None, step=0.0, whole=False, grain=0.0,
        unit=constraints.unit(name) if is_number(values) else np.inf, amount=constraints.amount(name),
        options=tuple((each,) for each in options),
    )  # fmt: skip


def _forbid(settings: FloatArray, options: list[Any], start: FloatArray, monotone: str | None, numbers: bool) -> None:
    """Strike out the settings that a row is at, and those in the wrong direction."""
    settings[settings == start[:, None]] = np.nan
    if monotone is None:
        return
    order = np.array([float(each) for each in options]) if numbers else np.arange(len(options), dtype=float)
    now = order[np.nan_to_num(start).astype(np.int64)][:, None]
    then = order[np.nan_to_num(settings).astype(np.int64)]
    settings[(then < now) if monotone == "up" else (then > now)] = np.nan


def _group(constraints: Constraints, name: str, rows: Features) -> Lever:
    group = constraints.file.one_hot[name]
    values = np.column_stack([rows.columns[column].astype(np.float64) for column in group.columns])
    options = [*np.eye(len(group.columns), dtype=int).tolist(), *([[0] * len(group.columns)] if group.none else [])]
    start = np.full(len(values), np.nan)
    for place, option in enumerate(options):
        start[(values == np.array(option)).all(axis=1)] = place
    settings = np.broadcast_to(np.arange(len(options), dtype=float), (len(values), len(options))).copy()
    settings[settings == start[:, None]] = np.nan
    settings[np.isnan(start)] = np.nan
    # A member may have a rule of its own, such as `monotone: up`; what it forbids is found by the check of each change.
    return Lever(
        name=name, columns=group.columns, start=start, low=np.zeros(len(values)),
        high=np.full(len(values), len(options) - 1.0), first=settings[:, :_MOST_OPTIONS],
        every=settings if len(options) <= _MOST_LISTED else None, step=0.0, whole=False, grain=0.0,
        unit=np.inf, amount=group.cost, options=tuple(tuple(option) for option in options),
    )  # fmt: skip
