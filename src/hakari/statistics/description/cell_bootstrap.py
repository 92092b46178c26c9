"""Bootstrap intervals of any smooth number that is a function of counts, at the cost of the cells.

Rows with equal cells are the same to a function of counts. So a bootstrap sample of the rows is one multinomial draw
over the cells, and the jackknife needs one value per cell, weighted with its count, instead of one per row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from hakari.errors import InputError
from hakari.messages import Message, say
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.description.described import Described, error_of

__all__ = ["BCA", "FEWEST_ROWS", "STUDENTISED", "bca", "studentised"]

BCA = "BCa bootstrap from cell counts, asymptotic"
STUDENTISED = "studentised bootstrap from cell counts, asymptotic"

Statistic = Callable[[FloatArray], FloatArray]
"""Counts (..., K) → one value (...) or M values (..., M); nan where there is none."""

FEWEST_ROWS = 10.0
"""Rows that carry a value (see `_carriers`) below which there is no interval."""
MOST_LOST = 0.05
"""Share of replicates without a value above which there is no interval."""
MOST_SHIFT = 0.25
"""Bias of the replicates, in their standard errors, above which there is no interval."""
MOST_STRETCH = 1.5
"""Factor between the spread of the replicates and that of the jackknife above which there is no interval."""
_CHUNK = 4_000_000  # counts held in memory at once
_LARGEST_JACKKNIFE = 8_000  # cells
_OUTERMOST = 20  # replicates outside a quantile below which it is extended


def bca(
    counts: ArrayLike,
    statistic: Statistic,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    replicates: int = 2000,
    strata: ArrayLike | None = None,
    units: ArrayLike | None = None,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Described:
    """BCa intervals (Efron 1987) of one or several smooth functions of cell counts.

    Args:
        counts: rows per cell (K,), whole numbers; cells that could occur but did not belong to it as 0.
        statistic: counts (..., K) → (...) or (..., M), broadcasting over leading axes; nan where undefined.
        rng: source of the draws.
        level: two-sided confidence of each interval.
        replicates: bootstrap samples, at least 200.
        strata: group of every cell (K,) whose rows are drawn within it, so that group sizes stay as they are. Give it
            for numbers that compare groups: without it a group whose rows all agree is not noticed.
        units: what one draw of unit k adds to the cells (U, K), where units are clusters (their rows per cell) or rows
            with weights; `counts` and `strata` are then per unit (U,). Default: one row of its own cell.
        bounds: smallest and largest possible value.

    Returns:
        values and ends of shape () or (M,). A value has a reason instead of an interval (`why`) where it is undefined,
        where all rows agree, where fewer than 10 rows carry it, where over 5 % of the replicates have no value,
        or where it is not smooth at these counts (`MOST_SHIFT`, `MOST_STRETCH`).

    Not for maxima or minima over groups: their bootstrap does not converge (see `statistics.bootstrap`).
    """
    sample = _Sample.of(counts, statistic, strata, units)
    error, count = error_of(level), _enough(replicates)
    found = sample.influence()
    ends, why = np.full((4, sample.size), np.nan), sample.refusals(found)
    if len(why) < sample.size:
        drawn = sample.replicates(rng, count)
        for place in sorted(set(range(sample.size)) - set(why)):
            known = np.sort(drawn[np.isfinite(drawn[:, place]), place])
            point, acceleration = float(sample.value[place]), float(found.acceleration[place])
            reason = _lost(known, count) or _bent(known, point, float(found.spread[place]))
            if reason is not None:
                why[place] = reason
                continue
            ends[:, place] = _bca_ends(known, point, acceleration, _reach(found.carriers[place], error))
    method = BCA if units is None else f"{BCA}; units drawn as a whole"
    return sample.described(ends, level, method, why, bounds)


def studentised(
    counts: ArrayLike,
    statistic: Statistic,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    replicates: int = 2000,
    variance: Statistic | None = None,
    strata: ArrayLike | None = None,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Described:
    """Bootstrap-t intervals (Efron & Tibshirani 1993, ch. 12) of one or several smooth functions of cell counts.

    Arguments and refusals are those of `bca`. `variance` gives the variance of the values from the same counts;
    without it every replicate has its own jackknife over the cells (K² values each: for up to some 60 cells). On each
    side the wider of the bootstrap-t and the normal limit is taken.
    """
    sample = _Sample.of(counts, statistic, strata, None)
    error, count = error_of(level), _enough(replicates)
    found = sample.influence()
    ends, why = np.full((4, sample.size), np.nan), sample.refusals(found)
    if len(why) < sample.size:
        values, spreads = sample.studied(rng, count, variance)
        own = found.spread if variance is None else np.sqrt(np.atleast_1d(variance(sample.counts)))
        for place in sorted(set(range(sample.size)) - set(why)):
            point = float(sample.value[place])
            with np.errstate(divide="ignore", invalid="ignore"):
                pivots = (values[:, place] - point) / spreads[:, place]
            known = np.sort(pivots[~np.isnan(pivots)])
            drawn = values[np.isfinite(values[:, place]), place]
            reason = _lost(known, count) or _bent(drawn, point, float(found.spread[place]))
            if reason is not None:
                why[place] = reason
                continue
            ends[:, place] = _pivot_ends(known, point, float(own[place]), error)
    return sample.described(ends, level, STUDENTISED, why, bounds)


@dataclass(frozen=True, slots=True, eq=False)
class _Influence:
    """What the jackknife over the cells says of each of M values."""

    spread: FloatArray
    """Standard errors (M,)."""
    acceleration: FloatArray
    """Skewness of the influences over 6 (M,): Efron 1987, eq. 7.3, over strata as in Davison & Hinkley 1997, 5.3.2."""
    carriers: FloatArray
    """Rows that carry the value, in the stratum that has fewest of those that matter (M,)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """The counts, how they are drawn again, and the values."""

    counts: FloatArray
    statistic: Statistic
    strata: IntArray
    units: FloatArray | None
    value: FloatArray
    single: bool

    @classmethod
    def of(cls, counts: ArrayLike, statistic: Statistic, strata: ArrayLike | None, units: ArrayLike | None) -> _Sample:
        numbers = np.asarray(counts, dtype=float)
        group = np.zeros(numbers.shape, dtype=np.int64)
        if strata is not None:
            group = np.unique(np.asarray(strata), return_inverse=True)[1]
        table = None if units is None else np.asarray(units, dtype=float)
        fits = numbers.ndim == 1 and group.shape == numbers.shape and (table is None or len(table) == len(numbers))
        if not fits or not np.all((numbers >= 0) & (numbers == np.floor(numbers)) & np.isfinite(numbers)):
            raise InputError(say("statistics.description.cells"))
        if numbers.sum() == 0:
            raise InputError(say("statistics.bootstrap.no_rows"))
        value = np.asarray(statistic(numbers if table is None else numbers @ table), dtype=float)
        return cls(numbers, statistic, group, table, np.atleast_1d(value), value.ndim == 0)

    @property
    def size(self) -> int:
        return len(self.value)

    def of_counts(self, counts: FloatArray) -> FloatArray:
        """Values (rows, M) of many counts (rows, units)."""
        found = np.asarray(self.statistic(counts if self.units is None else counts @ self.units), dtype=float)
        return found[:, None] if self.single else found

    def draw(self, rng: np.random.Generator, size: int) -> FloatArray:
        out = np.empty((size, len(self.counts)))
        for stratum in range(int(self.strata.max()) + 1):
            mine = np.flatnonzero(self.strata == stratum)
            rows = self.counts[mine]
            total = int(rows.sum())
            out[:, mine] = rng.multinomial(total, rows / total, size=size) if total else 0.0
        return out

    def replicates(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Values of bootstrap samples (R, M)."""
        step = max(_CHUNK // self._width, 1)
        parts = [self.of_counts(self.draw(rng, min(step, count - start))) for start in range(0, count, step)]
        return np.concatenate(parts)

    def studied(
        self, rng: np.random.Generator, count: int, variance: Statistic | None
    ) -> tuple[FloatArray, FloatArray]:
        """Values and standard errors of bootstrap samples, both (R, M)."""
        cells = len(self.counts)
        step = max(_CHUNK // (cells if variance is not None else cells * cells), 1)
        values, spreads = [], []
        for start in range(0, count, step):
            drawn = self.draw(rng, min(step, count - start))
            values.append(self.of_counts(drawn))
            if variance is not None:
                found = np.asarray(variance(drawn), dtype=float)
                spreads.append(np.sqrt(found[:, None] if self.single else found))
            else:
                spreads.append(self._spreads(drawn, values[-1]))
        return np.concatenate(values), np.concatenate(spreads)

    def _spreads(self, drawn: FloatArray, values: FloatArray) -> FloatArray:
        """Jackknife standard errors of many counts (rows, K): (rows, M)."""
        rows, cells = drawn.shape
        less = drawn[:, None, :] - np.eye(cells) * (drawn[:, None, :] > 0)
        left = self.of_counts(less.reshape(-1, cells)).reshape(rows, cells, self.size)
        change = np.nan_to_num(values[:, None, :] - left)
        total = np.zeros((rows, self.size))
        for stratum in range(int(self.strata.max()) + 1):
            mine = np.flatnonzero(self.strata == stratum)
            weight = drawn[:, mine, None]
            n = np.maximum(weight.sum(axis=1), 2.0)
            mean = np.sum(weight * change[:, mine], axis=1) / n
            total += (n - 1) / n * np.sum(weight * (change[:, mine] - mean[:, None]) ** 2, axis=1)
        return np.sqrt(total)

    def influence(self) -> _Influence:
        """The jackknife: what one row less, or where that leaves no value one row more, of each cell changes."""
        if len(self.counts) > _LARGEST_JACKKNIFE:
            raise InputError(say("statistics.description.many_cells", cells=len(self.counts), most=_LARGEST_JACKKNIFE))
        less, more = self._changed(-1.0), self._changed(+1.0)
        change = np.where(np.isfinite(less), -less, more)
        change = np.where(np.isfinite(change), change, 0.0)
        variance, second, third = (np.zeros(self.size) for _ in range(3))
        parts: list[tuple[FloatArray, FloatArray]] = []
        for stratum in range(int(self.strata.max()) + 1):
            mine = np.flatnonzero(self.strata == stratum)
            weight = self.counts[mine, None]
            rows = max(float(weight.sum()), 1.0)
            moved = change[mine] - np.sum(weight * change[mine], axis=0) / rows
            square, fourth = np.sum(weight * moved**2, axis=0), np.sum(weight * moved**4, axis=0)
            variance += square * (rows - 1) / rows
            second += square
            third += np.sum(weight * moved**3, axis=0)
            one_more = np.where(np.isfinite(more[mine]), np.abs(more[mine]), 0.0).max(axis=0)
            parts.append((_carriers(square, fourth), one_more))
        spread = np.sqrt(variance)
        cube = second**1.5
        acceleration = np.divide(third, 6 * cube, out=np.zeros(self.size), where=cube > 0)
        carriers = np.full(self.size, np.inf)
        for carried, one_more in parts:
            # A stratum matters where three rows that happened not to be drawn would move the value visibly.
            matters = 3 * one_more > spread / 4
            carriers = np.where(matters, np.minimum(carriers, carried), carriers)
        return _Influence(spread, acceleration, carriers)

    def _changed(self, by: float) -> FloatArray:
        """T with one unit more or less of each, minus T (units, M); nan where there is no such unit to take."""
        units, step = len(self.counts), max(_CHUNK // self._width, 1)
        out = np.full((units, self.size), np.nan)
        places = np.flatnonzero(self.counts + by >= 0)
        for start in range(0, len(places), step):
            some = places[start : start + step]
            moved = np.repeat(self.counts[None], len(some), axis=0)
            moved[np.arange(len(some)), some] += by
            out[some] = self.of_counts(moved) - self.value
        return out

    def refusals(self, found: _Influence) -> dict[int, Message]:
        """The values that have no interval whatever is drawn, and why."""
        why: dict[int, Message] = {}
        for place in range(self.size):
            if not np.isfinite(self.value[place]):
                why[place] = say("statistics.description.undefined")
            elif found.spread[place] == 0:
                why[place] = say("statistics.description.flat")
            elif found.carriers[place] < FEWEST_ROWS:
                rows = int(found.carriers[place])
                why[place] = say("statistics.description.few_rows", rows=rows, fewest=int(FEWEST_ROWS))
        return why

    @property
    def _width(self) -> int:
        return len(self.counts) if self.units is None else max(self.units.shape)

    def described(
        self, ends: FloatArray, level: float, method: str, why: dict[int, Message], bounds: tuple[float, float]
    ) -> Described:
        low, high = (np.clip(each, *bounds) for each in ends[:2])
        shape: tuple[int, ...] = () if self.single else (self.size,)
        parts = [each.reshape(shape) for each in (self.value, low, high, ends[2], ends[3])]
        return Described(parts[0], parts[1], parts[2], level, method, (parts[3], parts[4]), why)


def _carriers(square: FloatArray, fourth: FloatArray) -> FloatArray:
    """How many rows carry a value: (Σu²)²/Σu⁴ of the influences u of all rows.

    About n where all rows count alike, and about the successes where these are rare; 0 where nothing moves the value.
    """
    return np.divide(square**2, fourth, out=np.zeros(square.shape), where=fourth > 0)


def _lost(known: FloatArray, count: int) -> Message | None:
    """Why the replicates (those with a value, sorted) give no interval, if they do not."""
    if len(known) < (1 - MOST_LOST) * count:
        return say("statistics.description.lost", lost=count - len(known), replicates=count)
    return say("statistics.description.flat") if known[0] == known[-1] else None


def _bent(known: FloatArray, point: float, spread: float) -> Message | None:
    """Why a value that is not smooth at these counts has no interval.

    Where a sum of absolute values bends, or a sum of squares is near 0, the replicates lie beside the value instead of
    around it, or spread otherwise than the jackknife foresees, and no bootstrap is right.
    """
    own = float(np.std(known))
    if own == 0:
        return say("statistics.description.flat")
    shift = abs(float(np.mean(known)) - point) / own
    if shift <= MOST_SHIFT and 1 / MOST_STRETCH <= own / spread <= MOST_STRETCH:
        return None
    return say("statistics.description.bent", shift=shift, stretch=own / spread)


def _reach(carriers: float, error: float) -> float:
    """The quantile of t on the rows that carry the value, less one: the expanded percentile of Hesterberg 2015, 3.3.

    Percentiles of few rows are too close together, as a standard error over n instead of n − 1 is too small.
    """
    return -float(special.stdtrit(max(carriers - 1, 1.0), error / 2))


def _bca_ends(known: FloatArray, point: float, acceleration: float, reach: float) -> tuple[float, float, float, float]:
    """Lower and upper end, and the standard errors of both; `known` are the sorted replicates."""
    below = float(np.mean(known < point) + np.mean(known == point) / 2)
    shift = float(special.ndtri(np.clip(below, 1 / len(known), 1 - 1 / len(known))))
    ends, errors = [], []
    for z in (-reach, reach):
        moved = shift + z
        share = float(special.ndtr(shift + moved / max(1 - acceleration * moved, 0.1)))
        ends.append(_quantile(known, point, share, 0.0))
        errors.append(abs(_quantile(known, point, share, 1.0) - _quantile(known, point, share, -1.0)) / 2)
    return min(ends[0], point), max(ends[1], point), errors[0], errors[1]


def _pivot_ends(pivots: FloatArray, point: float, spread: float, error: float) -> tuple[float, float, float, float]:
    normal = -float(special.ndtri(error / 2))
    ends, errors = [], []
    for share, sign in ((1 - error / 2, -1.0), (error / 2, 1.0)):
        moves = [_quantile(pivots, 0.0, share, step) for step in (0.0, 1.0, -1.0)]
        reach = max(sign * -moves[0], normal)
        ends.append(point + sign * reach * spread)
        errors.append(abs(moves[1] - moves[2]) / 2 * spread)
    return ends[0], ends[1], errors[0], errors[1]


def _quantile(ordered: FloatArray, centre: float, share: float, shift: float) -> float:
    """The replicate with `share` of them below it, rounded to the outside; its rank moved by `shift` standard errors.

    Beyond the 20th outermost replicate the distance to the centre grows as the normal quantile does.
    """
    count = len(ordered)
    least = min(_OUTERMOST / count, 0.5)
    used = float(np.clip(share, least, 1 - least))
    rank = used * (count + 1) - 1 + shift * np.sqrt(used * (1 - used) * count)
    rank = np.floor(rank) if share < 0.5 else np.ceil(rank)
    found = float(ordered[int(np.clip(rank, 0, count - 1))])
    if used == share or share in (0.0, 1.0):
        return found
    return centre + (found - centre) * float(special.ndtri(share) / special.ndtri(used))


def _enough(replicates: int) -> int:
    if replicates < 200:
        raise InputError(say("statistics.description.replicates", replicates=replicates))
    return replicates
