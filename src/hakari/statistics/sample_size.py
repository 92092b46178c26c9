"""Rows needed: how many trials the limiting groups need for a verdict, for sure and with an 80 % chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import ClopperPearson, clopper_pearson_lower, clopper_pearson_upper, simultaneous
from hakari.statistics.verdict import Rule, extreme_groups

MOST_ROWS = 10**8
"""Above this number of trials the answer is None."""
ASSURANCE = 0.8
"""The chance of a verdict that `likely` promises."""

_MOST_GROUPS = 24  # candidates looked at; with more, those with the fewest trials
_DRAWS = 800
_GRID = 9
_Widths = tuple[FloatArray, FloatArray]
"""How far the limits reach below and above the rates."""


@dataclass(frozen=True, slots=True)
class RowsNeeded:
    """Two numbers of trials (rows of the metric's own denominator) for each of the limiting groups."""

    limiting: tuple[int, ...]
    """Indices of the groups that need more trials."""
    sure: int | None
    """N_sure: with so many trials in each the interval is no wider than the margin. None without a margin, or > 10⁸."""
    likely: int | None
    """N_likely ≤ N_sure: with so many trials in each a verdict comes with probability .8 or more."""
    probability_now: float
    """The chance of a verdict at the next look on a fresh sample of the present size."""


def rows_needed(
    rule: Rule,
    successes: FloatArray,
    trials: FloatArray,
    *,
    error_met: float,
    error_not_met: float,
    error_met_next: float,
    error_not_met_next: float,
    rng: np.random.Generator,
) -> RowsNeeded:
    """Trials needed in the limiting groups for a verdict at the next look's errors, either way.

    Candidates are the groups that the simultaneous intervals at the present errors do not exclude as highest or lowest
    (all groups, if there is a reference). Each candidate with fewer than N trials is raised to N; every other group is
    held at its present number of trials.

    N_likely: smallest N for which a fresh sample gives a verdict with probability .8, averaged over the Jeffreys
    posteriors Beta(x+½, n−x+½) of the present rates: 800 draws of rates and counts, N to within 2 % (assurance,
    O'Hagan & Stevens 2001). Limiting are the candidates with fewer than N_likely trials.
    N_sure: smallest N for the limiting groups, the others held, at which every comparison of candidates has an interval
    no wider than the margin, whatever rates inside the present intervals are observed; then U > b and L ≤ a cannot both
    hold. A comparison of held groups whose present counts already pass b needs no width. Where a held group is too
    small for that, N_sure is the smallest N for all candidates, and all with fewer trials are limiting.
    More than 24 groups or candidates: the 24 with the fewest trials stand for all.
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    if x.shape != n.shape or np.any(x > n):
        raise InputError(say("statistics.limits.pairs", successes=len(x), trials=len(n)))
    design = _Design.of(rule, x, n, error_met + error_not_met, error_met_next, error_not_met_next)
    if design is None:
        return RowsNeeded((), None, None, 0.0)
    least = max(int(design.trials[design.candidates].min()), 1)
    common = _smallest(design.narrow, least, exact=True) if rule.margin > 0 else None
    outcome = _Outcomes(design, rng)
    most = common or MOST_ROWS
    likely = _smallest(lambda size: outcome.probability(size) >= ASSURANCE, least, exact=False, most=most)
    likely = common if likely is None else likely
    targets = design.below(likely or MOST_ROWS)
    sure = None
    if common is not None and likely is not None and len(targets):
        alone = replace(design, targets=targets)
        sure = _smallest(alone.narrow, likely, exact=True)
    if sure is None and common is not None:
        sure, targets = common, design.below(common)
    return RowsNeeded(tuple(design.names[targets].tolist()), sure, likely, outcome.probability(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """The groups that matter, and the contrasts between their sides at the next errors."""

    rule: Rule
    names: IntArray
    successes: FloatArray
    trials: FloatArray
    candidates: IntArray
    targets: IntArray  # the candidates that are raised
    low: IntArray
    high: IntArray
    inside: tuple[FloatArray, FloatArray]  # present simultaneous limits of the sides
    errors_met: tuple[float, ...]  # of the lower side of a pair; of the other side in reverse
    error_not_met: float  # after its division over contrasts or groups

    @classmethod
    def of(
        cls, rule: Rule, x: FloatArray, n: FloatArray, alpha: float, error_met: float, error_not_met: float
    ) -> _Design | None:
        known = np.flatnonzero(n > 0)
        if len(known) < (2 if rule.compares else 1):
            return None
        rates = ClopperPearson(x[known], n[known])
        chosen = np.array(extreme_groups(rule, rates, alpha))
        if rule.reference is not None:
            chosen = np.arange(len(known))
        chosen = chosen[np.argsort(n[known][chosen], kind="stable")[:_MOST_GROUPS]]
        kept = np.arange(len(known)) if len(known) <= _MOST_GROUPS else chosen
        if isinstance(rule.reference, int):
            place = int(np.flatnonzero(known == rule.reference)[0])
            kept = np.union1d(kept, [place])
        names = known[kept]
        candidates = np.flatnonzero(np.isin(kept, chosen))
        low, high, count = _contrasts(rule, names, len(known))
        lower, upper = simultaneous(rates.take(kept), alpha)
        if rule.reference == "rest":
            rest = rates.take(kept).rest()
            more = simultaneous(rest, alpha)
            lower, upper = np.concatenate([lower, more[0]]), np.concatenate([upper, more[1]])
        halve = 2 if rule.compares and rule.method == "box" else 1
        mover = rule.compares and rule.method == "mover"
        errors = tuple(joint_errors(error_met).tolist()) if mover else (error_met / halve,)
        other = error_not_met / count / halve
        return cls(rule, names, x[names], n[names], candidates, candidates, low, high, (lower, upper), errors, other)

    def raised(self, size: int) -> FloatArray:
        """Trials of the groups when every target has at least `size`."""
        trials = self.trials.copy()
        trials[self.targets] = np.maximum(trials[self.targets], size)
        return trials

    def below(self, size: int) -> IntArray:
        """The candidates with fewer trials."""
        found: IntArray = self.candidates[self.trials[self.candidates] < size]
        return found

    def sides(self, counts: FloatArray) -> FloatArray:
        """Counts (..., G) with, against the rest, the pooled others appended (..., 2G)."""
        if self.rule.reference != "rest":
            return counts
        return np.concatenate([counts, counts.sum(axis=-1, keepdims=True) - counts], axis=-1)

    def narrow(self, size: int) -> bool:
        """Whether at `size` no interval is wider than the margin, for any rates inside the present intervals."""
        lower, upper = self.inside
        rates = lower + (upper - lower) * np.linspace(0, 1, _GRID)[:, None]
        # Intervals are widest at one half: where it lies inside, it is on the grid.
        rates = np.concatenate([rates, np.clip(0.5, lower, upper)[None]])
        trials = np.broadcast_to(self.sides(self.raised(size)), rates.shape)
        x = rates * trials
        met = [_half_widths(x, trials, error) for error in self.errors_met]
        other = _half_widths(x, trials, self.error_not_met)
        return self._widest(rates, met, other) <= self.rule.margin

    def _widest(self, rates: FloatArray, met: list[_Widths], other: _Widths) -> float:
        if not self.rule.compares:
            near, far = (0, 1) if self.rule.operator == ">=" else (1, 0)
            return float(np.max((met[0][near] + other[far])[:, self.candidates]))
        i, j = self._open_pairs()
        if self.rule.aggregation == "difference":
            upwards = _reach_up([(below.max(axis=0), above.max(axis=0)) for below, above in met], i, j, 1.0)
            below, above = (part.max(axis=0) for part in other)
            return float(np.max(upwards + self._join(above[i], below[j])))
        return self._widest_ratio(rates, met, other, i, j)

    def _open_pairs(self) -> tuple[IntArray, IntArray]:
        """The contrasts of candidates that need an interval: held pairs that pass b as they are do not."""
        i, j, b = self.low, self.high, self.rule.unacceptable
        if self.rule.reference is None:
            kept = np.isin(i, self.candidates) & np.isin(j, self.candidates)
        else:
            kept = np.ones(len(i), dtype=bool)
        if self.rule.reference != "rest":
            met = [_half_widths(self.successes, self.trials, error) for error in self.errors_met]
            p, ratio = self.successes / self.trials, self.rule.aggregation == "ratio"
            line = b if ratio else 1.0
            reach = line * p[j] - p[i] + _reach_up(met, i, j, line)
            kept &= np.isin(i, self.targets) | np.isin(j, self.targets) | (reach > (0.0 if ratio else b))
        return i[kept], j[kept]

    def _widest_ratio(self, rates: FloatArray, met: list[_Widths], other: _Widths, i: IntArray, j: IntArray) -> float:
        """Where φ·p_j − p_i ± its half width is zero, for all pairs of rates on the grid with p_i ≤ p_j."""
        p, q = rates[:, None, i], rates[None, :, j]
        down = np.ones(())
        for (below, _), (_, above) in zip(met, reversed(met), strict=True):
            with np.errstate(divide="ignore", invalid="ignore"):
                root = (p - below[:, None, i]) / (q + above[None, :, j])
            down = np.minimum(down, np.where(np.isfinite(root), np.maximum(root, 0.0), 0.0))
        width = self._upper_root(p, q, other[1][:, None, i], other[0][None, :, j]) - down
        return float(np.max(np.where(p <= q, width, 0.0)))

    def _upper_root(self, p: FloatArray, q: FloatArray, r: FloatArray, s: FloatArray) -> FloatArray:
        """φ ≤ 1 with φq − p = the half width of p by r and of q by s: the upper limit of p/q."""
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.rule.method == "box":
                root = (p + r) / (q - s)
            else:
                centre = p * q
                reach = np.sqrt(np.maximum(centre**2 - (p**2 - r**2) * (q**2 - s**2), 0.0))
                root = (centre + reach) / (q**2 - s**2)
        return np.where(np.isfinite(root), np.clip(root, 0.0, 1.0), 1.0)

    def _join(self, r: FloatArray, s: FloatArray) -> FloatArray:
        return r + s if self.rule.method == "box" else np.hypot(r, s)

    def decided(self, p: FloatArray, met: list[_Widths], other: _Widths) -> BoolArray:
        """Which replicates (D,) of the sides (D, S) have a verdict."""
        a, b, rule = self.rule.threshold, self.rule.unacceptable, self.rule
        strict = rule.margin == 0
        if not rule.compares:
            side = 1.0 if rule.operator == "<=" else -1.0
            near, far = (1, 0) if rule.operator == "<=" else (0, 1)
            reach = np.max(side * p + met[0][near], axis=1) - side * b
            falls = np.max(side * p - other[far], axis=1) > side * a
        else:
            difference = rule.aggregation == "difference"
            at_b, at_a = (1.0, 1.0) if difference else (b, a)
            i, j = self.low, self.high
            upper = at_b * p[:, j] - p[:, i] + _reach_up(met, i, j, at_b)
            lower = at_a * p[:, j] - p[:, i] - self._join(other[1][:, i], at_a * other[0][:, j])
            reach = np.max(upper, axis=1) - (b if difference else 0.0)
            falls = np.max(lower, axis=1) > (a if difference else 0.0)
        passes: BoolArray = reach < 0 if strict else reach <= 0
        return np.asarray(passes | falls, dtype=bool)


def _reach_up(met: list[_Widths], i: IntArray, j: IntArray, line: float) -> FloatArray:
    """How far the upper limit of φp_j − p_i lies above it: the largest over the angles of a pair."""
    sums = (below[..., i] + line * above[..., j] for (below, _), (_, above) in zip(met, reversed(met), strict=True))
    return reduce(np.maximum, sums)


def _contrasts(rule: Rule, names: IntArray, groups: int) -> tuple[IntArray, IntArray, int]:
    """Sides i and j of every contrast kept, and the number that the error is divided by in the whole plan."""
    size = len(names)
    if not rule.compares:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), groups
    if rule.reference == "rest":
        own, rest = np.arange(size), np.arange(size, 2 * size)
        return np.r_[own, rest], np.r_[rest, own], 2 * groups
    i, j = np.nonzero(~np.eye(size, dtype=bool))
    if rule.reference is None:
        return i, j, groups * (groups - 1)
    place = int(np.flatnonzero(names == rule.reference)[0])
    used = (i == place) | (j == place)
    return i[used], j[used], 2 * (groups - 1)


def _half_widths(x: FloatArray, n: FloatArray, error: float) -> _Widths:
    """How far the Clopper–Pearson limits reach below and above x/n."""
    p = x / n
    x = np.clip(x, 0.0, n)
    lower, upper = clopper_pearson_lower(x, n, error), clopper_pearson_upper(x, n, error)
    return np.maximum(p - lower, 0.0), np.maximum(upper - p, 0.0)


class _Outcomes:
    """Fresh samples at rates drawn from the posterior: the same rates at every size, so that sizes compare."""

    def __init__(self, design: _Design, rng: np.random.Generator) -> None:
        self._design, self._rng = design, rng
        x, n = design.successes, design.trials
        self._rates = rng.beta(x + 0.5, n - x + 0.5, size=(_DRAWS, len(n)))
        self._known: dict[int, float] = {}

    def probability(self, size: int) -> float:
        """The chance of a verdict when every target has at least `size` trials."""
        if size not in self._known:
            design = self._design
            trials = design.raised(size)
            drawn = self._rng.binomial(trials.astype(np.int64), self._rates).astype(float)
            x, n = design.sides(drawn), design.sides(trials)
            met = [_tabled(x, n, error) for error in design.errors_met]
            other = _tabled(x, n, design.error_not_met)
            self._known[size] = float(np.mean(design.decided(x / n, met, other)))
        return self._known[size]


def _tabled(x: FloatArray, n: FloatArray, error: float) -> _Widths:
    """Half widths of x (D, S) of n (S,), interpolated between nodes: exact up to 200 trials, else to about 1e-6."""
    below, above = np.empty_like(x), np.empty_like(x)
    for size in np.unique(n):
        columns = np.flatnonzero(n == size)
        first, last = float(x[:, columns].min()), float(x[:, columns].max())
        nodes = _nodes(first, last, float(size))
        parts = _half_widths(nodes, np.full(len(nodes), size), error)
        for out, part in zip((below, above), parts, strict=True):
            out[:, columns] = np.interp(x[:, columns], nodes, part)
    return below, above


def _nodes(first: float, last: float, size: float) -> FloatArray:
    if last - first <= 200:
        return np.arange(first, last + 1)
    angles = np.linspace(np.arcsin(np.sqrt(first / size)), np.arcsin(np.sqrt(last / size)), 100)
    edge = np.arange(12.0)
    nodes = np.concatenate([size * np.sin(angles) ** 2, first + edge, last - edge])
    return np.unique(np.clip(nodes, first, last))


def _smallest(holds: Callable[[int], bool], least: int, *, exact: bool, most: int = MOST_ROWS) -> int | None:
    """The smallest size from `least` to `most` that holds: doubling, then bisection (to 2 % unless `exact`)."""
    under, over = least - 1, least
    while not holds(over):
        if over >= most:
            return None
        under, over = over, min(over * 2, most)
    while over - under > 1 and (exact or over > 1.02 * under):
        middle = (under + over) // 2 if under < 1 or exact else int(np.sqrt(under * over))
        middle = min(max(middle, under + 1), over - 1)
        if holds(middle):
            over = middle
        else:
            under = middle
    return over
