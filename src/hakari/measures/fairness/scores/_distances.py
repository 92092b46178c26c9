"""Distances between the score distributions of groups: of each from all others, and the largest between two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures._estimates import group_slice, unmeasured
from hakari.measures.fairness._spreads import too_few
from hakari.measures.fairness.scores._run import DEPENDENT, NO_LABEL, ScoreRun
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.metrics import scores as metrics
from hakari.statistics.metrics.distances import CURVE_POINTS, Noise, divergence_limits, massart, norm_quantile

__all__ = ["DISTANCES", "conditional", "distances"]

DISTANCES = ("kolmogorov_smirnov", "wasserstein_distance", "kl_divergence")
_DRAWN = "norm of the noise, multinomial bootstrap, asymptotic"
_GUARANTEED = "band of Massart around the distribution functions"
_INVERTED = "non-central χ² inverted and delta method, the wider end, asymptotic"
_ALONE = say("measures.fairness.scores.alone")
_FEWEST_DRAWN = 30
# Below this many rows a band that holds for any number of rows is used instead of draws.
_FEWEST_DIVERGENCE = 300
_FEW_ROWS = Unmeasured(unmeasured=say("measures.fairness.scores.few_rows", rows=_FEWEST_DIVERGENCE))
_MOST_PAIRED = 20
# Groups whose pairs have their own noise: beyond, one bound for all pairs is used.
_WORK = 20_000_000
# Numbers of drawn noise that are kept in memory at once.


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Limits of one distance."""

    low: float
    high: float
    method: str
    drawn: float | None = None
    """Standard error of both ends from a finite number of draws."""

    @classmethod
    def around(cls, value: float, reach: float, method: str, drawn: float | None = None) -> _Bounds:
        """The value ± a reach, cut at 0 and 1."""
        return cls(max(value - reach, 0.0), min(value + reach, 1.0), method, drawn)

    @classmethod
    def of_norms(cls, value: float, norms: FloatArray, error: float) -> _Bounds:
        """The value ± the norm of the noise."""
        reach, narrow, wide = (float(norm_quantile(norms, error, shift)) for shift in (0.0, 1.0, -1.0))
        return cls.around(value, reach, _DRAWN, abs(wide - narrow) / 2)

    def interval(self, error: float, suffix: str) -> Interval:
        """The interval; an end that was cut at 0 or 1 does not move with the draws."""
        errors = None
        if self.drawn is not None:
            errors = (self.drawn if self.low > 0 else 0.0, self.drawn if self.high < 1 else 0.0)
        level = round(1 - error, 12)
        return Interval(
            low=self.low, high=self.high, level=level, method=self.method + suffix, monte_carlo_error=errors
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Counts of two sets of rows, and their noise, drawn or not."""

    scores: FloatArray
    first: FloatArray
    second: FloatArray
    norms: tuple[FloatArray, FloatArray] | None

    def value(self, metric: str) -> float:
        """Return the distance between the two."""
        if metric == "kolmogorov_smirnov":
            return float(metrics.kolmogorov_smirnov(self.first, self.second))
        if metric == "wasserstein_distance":
            return float(metrics.wasserstein_distance(self.scores, self.first, self.second))
        return float(metrics.kl_divergence(*self.bins()))

    def bins(self) -> tuple[FloatArray, FloatArray]:
        """Return the counts in ten bins of equal width."""
        place = metrics.equal_width_bins(self.scores)
        one, other = (np.bincount(place, weights=part, minlength=metrics.BINS) for part in (self.first, self.second))
        return one.astype(float), other.astype(float)

    def limits(self, metric: str, error: float) -> _Bounds | None:
        """Return both limits, each at `error`; None where there are too few rows for any."""
        rows = (float(self.first.sum()), float(self.second.sum()))
        if metric == "kl_divergence":
            if min(rows) < _FEWEST_DIVERGENCE:
                return None
            return _Bounds(*divergence_limits(*self.bins(), error), _INVERTED)
        value = self.value(metric)
        if min(rows) < _FEWEST_DRAWN or self.norms is None:
            return _Bounds.around(value, sum(massart(n, error / 2) for n in rows), _GUARANTEED)
        return _Bounds.of_norms(value, self.norms[0 if metric == "kolmogorov_smirnov" else 1], error)


def distances(run: ScoreRun) -> Iterator[Estimate]:
    """Yield each group's distances from all other rows, and the largest between two groups that are large enough."""
    cells = run.cells
    # Weights count as rows, one on average: the rows that the divergence adds to its bins have that size.
    mass = float(cells.weights.sum())
    counts = cells.counts().sum(axis=1) * (float(cells.rows.sum()) / mass if mass > 0 else 0.0)
    noise = _noise(run, counts, "distances")
    yield from _from_others(run, counts, noise)
    yield from _from_reference(run, counts, noise)
    for metric in DISTANCES:
        yield _largest(run, f"{metric}_largest", metric, counts, noise)


def conditional(run: ScoreRun) -> Iterator[Estimate]:
    """Yield the largest gap in true and in false positive rates that any one threshold makes between two groups."""
    for label, name in ((1, "kolmogorov_smirnov_of_positives"), (0, "kolmogorov_smirnov_of_negatives")):
        if not run.cells.labelled:
            yield unmeasured(name, NO_LABEL, slice_=dict.fromkeys(run.cells.columns, "*"))
            continue
        counts = run.cells.counts()[:, label]
        yield _largest(run, name, "kolmogorov_smirnov", counts, _noise(run, counts, name))


def _noise(run: ScoreRun, counts: FloatArray, name: str) -> Noise | None:
    if not run.cells.plain:
        return None
    replicates = int(np.clip(_WORK // (max(len(counts), 1) * CURVE_POINTS), 200, 1_000))
    return Noise.drawn(run.cells.scores, counts, run.stream(name), replicates)


def _from_others(run: ScoreRun, counts: FloatArray, noise: Noise | None) -> Iterator[Estimate]:
    cells, error = run.cells, run.error
    whole = counts.sum(axis=0)
    norms = list(noise.rests()) if noise is not None else [None] * len(counts)
    suffix = "" if len(counts) < 2 else f", bonferroni over {len(counts)} groups"
    for group, own, drawn, n in zip(cells.groups, counts, norms, run.sizes, strict=True):
        sides = _Sides(cells.scores, own, np.maximum(whole - own, 0.0), drawn)
        for metric in DISTANCES:
            slice_ = group_slice(cells.columns, group)
            value = sides.value(metric)
            if not np.isfinite(value):
                yield unmeasured(metric, _ALONE, slice_=slice_, n=n)
                continue
            interval: Interval | Unmeasured = DEPENDENT
            if cells.plain:
                # A drawn norm and a band cover both sides at once.
                each = error / len(counts) / (2 if metric == "kl_divergence" else 1)
                found = sides.limits(metric, each)
                interval = _FEW_ROWS if found is None else found.interval(error, suffix)
            yield Estimate(metric=metric, slice=slice_, value=value, interval=interval, n=n)


def _from_reference(run: ScoreRun, counts: FloatArray, noise: Noise | None) -> Iterator[Estimate]:
    """Yield each group's distances from the named reference, where there is one: those from the rest stand above."""
    place = run.reference_place
    if place is None:
        return
    others = [group for group in range(len(counts)) if group != place]
    suffix = "" if len(others) < 2 else f", bonferroni over {len(others)}"
    for group in others:
        drawn = None if noise is None else noise.pair(group, place)
        sides = _Sides(run.cells.scores, counts[group], counts[place], drawn)
        for metric in DISTANCES:
            name, n = f"{metric}_to_reference", run.sizes[group]
            slice_ = group_slice(run.cells.columns, run.cells.groups[group])
            value = sides.value(metric)
            if not np.isfinite(value):
                yield unmeasured(name, _ALONE, slice_=slice_, n=n)
                continue
            interval: Interval | Unmeasured = DEPENDENT
            if run.cells.plain:
                each = run.error / len(others) / (2 if metric == "kl_divergence" else 1)
                found = sides.limits(metric, each)
                interval = _FEW_ROWS if found is None else found.interval(run.error, suffix)
            yield Estimate(metric=name, slice=slice_, value=value, interval=interval, n=n)


def _largest(run: ScoreRun, name: str, metric: str, counts: FloatArray, noise: Noise | None) -> Estimate:
    """Return the largest distance between two groups: union–intersection below, intersection–union above."""
    cells, slice_ = run.cells, dict.fromkeys(run.cells.columns, "*")
    sizes = counts.sum(axis=1)
    compared = [g for g, n in enumerate(run.sizes) if n >= run.min_rows and sizes[g] > 0]
    if len(compared) < 2:
        return unmeasured(name, too_few(metric, cells.columns, len(compared), run.min_rows), slice_=slice_)
    n = int(np.asarray(run.sizes)[compared].sum())
    if len(compared) > _MOST_PAIRED:
        return _largest_of_many(run, name, metric, counts, noise, compared)
    pairs = [(a, b) for a in compared for b in compared if a < b or (a > b and metric == "kl_divergence")]
    point, above, below = 0.0, list[_Bounds | None](), list[_Bounds | None]()
    for a, b in pairs:
        sides = _Sides(cells.scores, counts[a], counts[b], None if noise is None else noise.pair(a, b))
        point = max(point, sides.value(metric))
        if cells.plain:
            above.append(sides.limits(metric, run.error / 2))
            below.append(sides.limits(metric, run.error / 2 / len(pairs)))
    interval = _joined(above, below, run.error) if cells.plain else DEPENDENT
    return Estimate(metric=name, slice=slice_, value=point, interval=interval, n=n)


def _joined(above: list[_Bounds | None], below: list[_Bounds | None], error: float) -> Interval | Unmeasured:
    uppers, lowers = ([each for each in part if each is not None] for part in (above, below))
    if len(uppers) < len(above) or len(lowers) < len(below):
        return _FEW_ROWS
    upper, lower = max(uppers, key=lambda each: each.high), max(lowers, key=lambda each: each.low)
    errors = None
    if upper.drawn is not None or lower.drawn is not None:
        errors = (lower.drawn or 0.0 if lower.low > 0 else 0.0, upper.drawn or 0.0 if upper.high < 1 else 0.0)
    methods = " or ".join(dict.fromkeys((upper.method, lower.method)))
    return Interval(
        low=lower.low,
        high=upper.high,
        level=round(1 - error, 12),
        method=f"{methods}, union–intersection below and intersection–union above",
        monte_carlo_error=errors,
    )


def _largest_of_many(
    run: ScoreRun, name: str, metric: str, counts: FloatArray, noise: Noise | None, compared: list[int]
) -> Estimate:
    """The same for many groups: a value over all pairs, and one bound of the noise of all of them."""
    slice_ = dict.fromkeys(run.cells.columns, "*")
    n, used = int(np.asarray(run.sizes)[compared].sum()), counts[compared]
    if metric == "kl_divergence":
        reason = say("measures.fairness.scores.too_many_pairs", groups=len(used), limit=_MOST_PAIRED)
        return unmeasured(name, reason, slice_=slice_, n=n)
    scores = run.cells.scores
    point = 0.0
    for each in used:
        if metric == "kolmogorov_smirnov":
            point = max(point, float(metrics.kolmogorov_smirnov(each, used).max()))
        else:
            point = max(point, float(metrics.wasserstein_distance(scores, each, used).max()))
    interval: Interval | Unmeasured = DEPENDENT
    if noise is not None:
        sizes = np.sort(used.sum(axis=1))
        if sizes[0] < _FEWEST_DRAWN:
            reach = sum(massart(n, run.error / len(used)) for n in sizes[:2].tolist())
            bounds = _Bounds.around(point, reach, _GUARANTEED)
        else:
            norms = noise.all_pairs(compared)[0 if metric == "kolmogorov_smirnov" else 1]
            bounds = _Bounds.of_norms(point, norms, run.error)
        interval = bounds.interval(run.error, ", one bound for all pairs")
    return Estimate(metric=name, slice=slice_, value=point, interval=interval, n=n)
