"""Limits: one-sided confidence limits of one number per group, at any error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy import special

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

FEWEST_CLUSTERS = 15
"""Below this many clusters in a group no verdict is given: the t approximation is not trusted."""

Indices = Sequence[int] | IntArray
_MANY = 200
# Groups from which on looking for equal counts pays.


class Limits(Protocol):
    """What the verdict rule needs to know of the groups. `error` is one-sided, 0 < error < 1."""

    @property
    def values(self) -> FloatArray:
        """Plain plug-in values (G,); nan where a group has no denominator."""
        ...

    @property
    def method(self) -> str:
        """How the limits are made, for the evidence."""
        ...

    @property
    def approximate(self) -> bool:
        """True where the stated error holds only approximately."""
        ...

    def lower(self, error: float) -> FloatArray:
        """Lower limits (G,): each is above the true value with probability at most `error`."""
        ...

    def upper(self, error: float) -> FloatArray:
        """Upper limits (G,): each is below the true value with probability at most `error`."""
        ...

    def take(self, indices: Indices) -> Limits:
        """The same limits for some of the groups, in this order."""
        ...


def clopper_pearson_lower(successes: FloatArray, trials: FloatArray, error: float | FloatArray) -> FloatArray:
    """One-sided lower Clopper–Pearson limits; 0 at zero successes. Real-valued counts are allowed.

    Clopper & Pearson 1934, in the form l = Beta⁻¹(ε; x, n−x+1).
    """
    some = successes > 0
    x = np.where(some, successes, 1.0)
    n = np.where(some, trials, 1.0)
    return np.where(some, special.betaincinv(x, n - x + 1.0, error), 0.0)


def clopper_pearson_upper(successes: FloatArray, trials: FloatArray, error: float | FloatArray) -> FloatArray:
    """One-sided upper Clopper–Pearson limits; 1 at successes = trials. u = Beta⁻¹(1−ε; x+1, n−x)."""
    some = successes < trials
    x = np.where(some, successes, 0.0)
    n = np.where(some, trials, 1.0)
    # The complementary inverse keeps its digits where 1−ε would round to 1.
    return np.where(some, special.betainccinv(x + 1.0, n - x, error), 1.0)


def clopper_pearson(successes: float, trials: float, error: float) -> tuple[float, float]:
    """Lower and upper one-sided limits of one proportion, each at `error`; (0, 1) without trials."""
    x, n = np.array([successes], dtype=float), np.array([trials], dtype=float)
    return float(clopper_pearson_lower(x, n, error)[0]), float(clopper_pearson_upper(x, n, error)[0])


def _ratio(numerators: FloatArray, denominators: FloatArray) -> FloatArray:
    out = np.full(np.shape(denominators), np.nan)
    np.divide(numerators, denominators, out=out, where=denominators > 0)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class ClopperPearson:
    """Exact limits of proportions of independent rows that count once each."""

    successes: FloatArray
    """Successes (G,)."""
    trials: FloatArray
    """Trials (G,): the metric's own denominators."""
    _pairs: list[tuple[FloatArray, FloatArray, IntArray]] = field(default_factory=list, init=False, repr=False)
    # the different pairs of counts and the place of each group among them, once looked for

    def __post_init__(self) -> None:
        object.__setattr__(self, "successes", np.asarray(self.successes, dtype=float))
        object.__setattr__(self, "trials", np.asarray(self.trials, dtype=float))
        if np.any(self.successes < 0) or np.any(self.successes > self.trials):
            raise InputError(say("statistics.limits.successes"))

    @property
    def values(self) -> FloatArray:
        return _ratio(self.successes, self.trials)

    @property
    def method(self) -> str:
        return "clopper-pearson"

    @property
    def approximate(self) -> bool:
        return False

    def lower(self, error: float) -> FloatArray:
        return self._of_pairs(clopper_pearson_lower, error)

    def upper(self, error: float) -> FloatArray:
        return self._of_pairs(clopper_pearson_upper, error)

    def lower_at(self, errors: FloatArray) -> FloatArray:
        """Lower limits (E, G) at each of several errors."""
        return self._of_pairs(clopper_pearson_lower, errors[:, None])

    def upper_at(self, errors: FloatArray) -> FloatArray:
        """Upper limits (E, G) at each of several errors."""
        return self._of_pairs(clopper_pearson_upper, errors[:, None])

    def _of_pairs(
        self, limit: Callable[[FloatArray, FloatArray, float | FloatArray], FloatArray], error: float | FloatArray
    ) -> FloatArray:
        """The limit of every different pair of counts once: thousands of small groups share a few hundred."""
        if len(self.successes) < _MANY:
            return limit(self.successes, self.trials, error)
        if not self._pairs:
            both, found = np.unique(self.successes + 1j * self.trials, return_inverse=True)
            self._pairs.append((both.real, both.imag, found.astype(np.int64)))
        successes, trials, place = self._pairs[0]
        return np.asarray(limit(successes, trials, error)[..., place], dtype=float)

    def take(self, indices: Indices) -> ClopperPearson:
        return ClopperPearson(self.successes[indices], self.trials[indices])

    def outermost(self) -> IntArray:
        """The groups among which the two lowest and the two highest limits are, at every error.

        Limits grow with the successes. So of the groups with equal trials only those with the two fewest and the two
        most successes matter, however many there are.
        """
        order = np.lexsort((self.successes, self.trials))
        trials = self.trials[order]
        first = np.searchsorted(trials, trials, side="left")
        last = np.searchsorted(trials, trials, side="right")
        place = np.arange(len(order))
        return np.sort(order[(place < first + 2) | (place >= last - 2)])

    def rest(self) -> ClopperPearson:
        """For each group the limits of all other groups pooled."""
        return ClopperPearson(self.successes.sum() - self.successes, self.trials.sum() - self.trials)


@dataclass(frozen=True, slots=True, eq=False)
class WeightedRates:
    """Limits of weighted proportions: Clopper–Pearson at the effective number of rows (Korn & Graubard 1998).

    The design variance of the ratio Σwy/Σw over independent rows is v = n/(n−1) · Σw²(y−p̂)²/(Σw)². The effective n is
    p̂(1−p̂)/v, capped at the rows, at (Σw)²/Σw², and at n/h. For the upper limit h says how much heavier a success row
    is than an average row (their Σw²/Σw in mean weights of the group), in the group or over all groups, whichever is
    more; for the lower limit the same of failures. Without the caps a few light rows make v, and the interval, far too
    small, and heavy successes of which few or none were drawn count as if they were light.
    """

    trials: FloatArray
    """Rows in the denominator (G,)."""
    success_weights: FloatArray
    """Σw over successes (G,)."""
    trial_weights: FloatArray
    """Σw over trials (G,)."""
    success_squares: FloatArray
    """Σw² over successes (G,)."""
    trial_squares: FloatArray
    """Σw² over trials (G,)."""
    heaviness: tuple[float, float] | None = field(default=None, kw_only=True)
    """How much heavier than an average row of its group a success row and a failure row are, over all groups; from the
    sums above unless given."""

    def __post_init__(self) -> None:
        if self.heaviness is None:
            scale = np.nan_to_num(_ratio(self.trials, self.trial_weights))
            sides = [(squares * scale**2, weights * scale) for squares, weights in self._sides()]
            pooled = (float(_ratio(squares.sum(), weights.sum())) for squares, weights in sides)
            success, failure = (0.0 if np.isnan(each) else each for each in pooled)
            object.__setattr__(self, "heaviness", (success, failure))

    @property
    def values(self) -> FloatArray:
        return np.clip(_ratio(self.success_weights, self.trial_weights), 0.0, 1.0)

    @property
    def method(self) -> str:
        return "clopper-pearson at effective n, weighted"

    @property
    def approximate(self) -> bool:
        return True

    @property
    def effective(self) -> tuple[FloatArray, FloatArray]:
        """Effective numbers of rows (G,) of the lower and of the upper limit."""
        p = np.nan_to_num(self.values)
        kish = np.nan_to_num(_ratio(self.trial_weights**2, self.trial_squares))
        spread = (1 - p) ** 2 * self.success_squares + p**2 * (self.trial_squares - self.success_squares)
        correction = self.trials / np.maximum(self.trials - 1, 1)
        variance = correction * np.nan_to_num(_ratio(spread, self.trial_weights**2))
        by_variance = np.where(variance > 0, p * (1 - p) / np.where(variance > 0, variance, 1.0), np.inf)
        most = np.minimum(np.minimum(by_variance, kish), self.trials)
        assert self.heaviness is not None
        mean = np.nan_to_num(_ratio(self.trial_weights, self.trials))
        found = []
        for (squares, weights), shared in zip(self._sides(), self.heaviness, strict=True):
            own = np.nan_to_num(_ratio(squares, weights * mean))
            heavy = np.maximum(own, shared)
            found.append(np.where(heavy > 0, np.minimum(most, self.trials / np.where(heavy > 0, heavy, 1.0)), most))
        return found[1], found[0]

    def lower(self, error: float) -> FloatArray:
        n = self.effective[0]
        return clopper_pearson_lower(np.nan_to_num(self.values) * n, n, error)

    def upper(self, error: float) -> FloatArray:
        n = self.effective[1]
        return clopper_pearson_upper(np.nan_to_num(self.values) * n, n, error)

    def take(self, indices: Indices) -> WeightedRates:
        return WeightedRates(*(part[indices] for part in self._parts()), heaviness=self.heaviness)

    def rest(self) -> WeightedRates:
        """For each group the limits of all other groups pooled."""
        parts = (np.maximum(part.sum() - part, 0.0) for part in self._parts())
        return WeightedRates(*parts, heaviness=self.heaviness)

    def _parts(self) -> tuple[FloatArray, ...]:
        squares = (self.success_squares, self.trial_squares)
        return (self.trials, self.success_weights, self.trial_weights, *squares)

    def _sides(self) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Σw² and Σw (G,) of successes, and of failures."""
        squares = np.maximum(self.trial_squares - self.success_squares, 0.0)
        weights = np.maximum(self.trial_weights - self.success_weights, 0.0)
        return (self.success_squares, self.success_weights), (squares, weights)


ADVERSE_CLUSTERS = 4.0
"""Clusters imagined on the far side of each limit: so many stay unseen with a probability of e⁻⁴, about .018."""


@dataclass(frozen=True, slots=True, eq=False)
class ClusteredRates:
    """Limits of proportions whose rows come in clusters (several rows of one person), from per-cluster sums.

    Clopper–Pearson at the effective number of rows p(1−p)/v (Korn & Graubard 1998), shrunk by (z/t)² with t on the
    effective number of clusters K = (Σn)²/Σn² less one. The variance v of the ratio Σx/Σn is estimated as if four more
    clusters of the size Σn²/Σn had been drawn, all successes for the upper limit and all failures for the lower one:
    where most clusters agree, the spread of those at hand says nothing of the rare ones that differ, and limits without
    this missed in up to 60 % of runs where 2.5 % were stated. Groups are taken as independent: a cluster lies in one
    group (see `spanning`).
    """

    groups: int
    """Number of groups G."""
    group: IntArray
    """Group of each per-cluster sum (M,)."""
    cluster: IntArray
    """Cluster of each per-cluster sum (M,)."""
    successes: FloatArray
    """Successes, or their weights, of this cluster in this group (M,)."""
    trials: FloatArray
    """Trials, or their weights, of this cluster in this group (M,)."""
    weighted: bool = False
    """True where the sums are weights."""
    _sums: tuple[FloatArray, ...] = field(init=False, repr=False)
    # clusters, Σx, Σn, Σx², Σxn and Σn² per group (G,)

    def __post_init__(self) -> None:
        def per_group(numbers: FloatArray) -> FloatArray:
            return np.bincount(self.group, weights=numbers, minlength=self.groups).astype(float)

        x, n = self.successes, self.trials
        parts = ((n > 0).astype(float), x, n, x * x, x * n, n * n)
        object.__setattr__(self, "_sums", tuple(per_group(part) for part in parts))

    @property
    def values(self) -> FloatArray:
        return _ratio(self._sums[1], self._sums[2])

    @property
    def method(self) -> str:
        return "clopper-pearson at effective n, clustered" + (", weighted" if self.weighted else "")

    @property
    def approximate(self) -> bool:
        return True

    @property
    def clusters(self) -> FloatArray:
        """Clusters with trials (G,)."""
        return self._sums[0]

    @property
    def few_clusters(self) -> BoolArray:
        """Groups with too few clusters for a verdict (G,)."""
        return self.clusters < FEWEST_CLUSTERS

    @property
    def too_few_clusters(self) -> bool:
        """True where any group has too few clusters for a verdict."""
        return bool(np.any(self.few_clusters))

    @property
    def spanning(self) -> bool:
        """True where some cluster has trials in more than one group: then the groups are not independent."""
        used = self.cluster[self.trials > 0]
        return len(used) > 0 and int(np.bincount(used).max()) > 1

    def lower(self, error: float) -> FloatArray:
        x, n = self._at_effective(error, adverse=0.0)
        return np.where(self.clusters > 1, clopper_pearson_lower(x, n, error), 0.0)

    def upper(self, error: float) -> FloatArray:
        x, n = self._at_effective(error, adverse=1.0)
        return np.where(self.clusters > 1, clopper_pearson_upper(x, n, error), 1.0)

    def take(self, indices: Indices) -> ClusteredRates:
        chosen = np.asarray(indices, dtype=np.int64)
        parts = [np.flatnonzero(self.group == g) for g in chosen]
        order = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        group = np.repeat(np.arange(len(chosen)), [len(part) for part in parts])
        sums = (self.cluster[order], self.successes[order], self.trials[order])
        return ClusteredRates(len(chosen), group, *sums, weighted=self.weighted)

    def rest(self) -> ClusteredRates:
        """For each group the limits of all other groups pooled, cluster by cluster."""
        names, code = np.unique(self.cluster, return_inverse=True)
        shape = (self.groups, len(names))
        x, n = np.zeros(shape), np.zeros(shape)
        np.add.at(x, (self.group, code), self.successes)
        np.add.at(n, (self.group, code), self.trials)
        group, cluster = (np.ravel(index) for index in np.indices(shape))
        rest = (np.ravel(x.sum(axis=0) - x), np.ravel(n.sum(axis=0) - n))
        return ClusteredRates(self.groups, group, cluster, *rest, weighted=self.weighted)

    def _at_effective(self, error: float, adverse: float) -> tuple[FloatArray, FloatArray]:
        """Successes and trials (G,) at the effective number of rows; `adverse` is the rate of the imagined clusters."""
        clusters, x, n, xx, xn, nn = self._sums
        rows, size = np.where(n > 0, n, 1.0), np.where(n > 0, nn / np.where(n > 0, n, 1.0), 1.0)
        effective = rows / size
        imagined = ADVERSE_CLUSTERS
        total = rows + imagined * size
        q = (x + adverse * imagined * size) / total
        squares = np.maximum(xx - 2 * q * xn + q * q * nn, 0.0) + imagined * (size * (adverse - q)) ** 2
        variance = (effective + imagined) / (effective + imagined - 1) * squares / total**2
        found = np.where(variance > 0, q * (1 - q) / np.where(variance > 0, variance, 1.0), effective)
        # Rows cannot tell more than independent rows would; weights do not count rows, so there clusters are the cap.
        found = np.minimum(found, clusters if self.weighted else n)
        found = np.maximum(found * _shrink(effective, error), 0.0)
        return np.nan_to_num(self.values) * found, found


def _shrink(units: FloatArray, error: float) -> FloatArray | float:
    """(z/t)² with t on the units less one: how much less they say than if their variance were known."""
    quantile = -special.stdtrit(np.maximum(units - 1, 1.0), error)
    normal = -special.ndtri(error)
    return 1.0 if abs(normal) < 1e-9 else np.minimum((normal / quantile) ** 2, 1.0)


ADVERSE_ROWS = 1.0
"""Positives, and negatives, imagined on the far side of each limit."""
MOST_PER_ROW = 3.0
"""The effective number is at most so many times the rows of the rarer class: what a continuous score that says nothing
would have against endless rows of the other class."""


@dataclass(frozen=True, slots=True, eq=False)
class RankingLimits:
    """Asymptotic limits of the AUC of independent rows: Clopper–Pearson at an effective number of rows.

    DeLong, DeLong & Clarke-Pearson (1988) read the variance v of the AUC off its structural components: of each
    positive the share of negatives below it, and of each negative the share of positives above it. The rest is ours.
    v is estimated as if one more positive and one more negative had been seen, ranked all wrong for the lower limit and
    all right for the upper one: where almost all rows are in order, those at hand say nothing of the rare one that is
    not. The effective number is q(1−q)/v, where q is the mean component of the rarer class with its imagined row; it is
    at most three times the rows of that class, and shrunk by (z/t)² with t on those rows less one. Without the cap v is
    far too small where one score holds nearly all rows of both classes.
    """

    areas: FloatArray
    """Plain AUC (G,); nan without both classes."""
    negatives: FloatArray
    """Rows with label 0 (G,)."""
    positives: FloatArray
    """Rows with label 1 (G,)."""
    negative_squares: FloatArray
    """Σ(component − AUC)² over the negatives (G,)."""
    positive_squares: FloatArray
    """Σ(component − AUC)² over the positives (G,)."""

    @property
    def values(self) -> FloatArray:
        return self.areas

    @property
    def method(self) -> str:
        return "DeLong components, clopper-pearson at effective n, asymptotic"

    @property
    def approximate(self) -> bool:
        return True

    def effective(self, error: float, adverse: float) -> FloatArray:
        """Effective numbers of rows (G,); `adverse` is the component of the imagined rows. 0 without both classes."""
        known = np.isfinite(self.areas)
        area = np.where(known, self.areas, adverse)
        rarer = np.minimum(self.negatives, self.positives)
        variance = _ranking_variance(area, self.negatives, self.negative_squares, adverse)
        variance = variance + _ranking_variance(area, self.positives, self.positive_squares, adverse)
        q = (area * rarer + adverse * ADVERSE_ROWS) / (rarer + ADVERSE_ROWS)
        # No variance is left only where the area lies at the end that the limit moves to: any number will do.
        found = np.where(variance > 0, q * (1 - q) / np.where(variance > 0, variance, 1.0), rarer)
        found = np.minimum(found, MOST_PER_ROW * rarer)
        return np.where(known, np.maximum(found * _shrink(rarer, error), 0.0), 0.0)

    def lower(self, error: float) -> FloatArray:
        known, n = np.isfinite(self.areas), self.effective(error, adverse=0.0)
        area = np.where(known, self.areas, 0.0)
        return np.where(known, np.minimum(clopper_pearson_lower(area * n, n, error), area), 0.0)

    def upper(self, error: float) -> FloatArray:
        known, n = np.isfinite(self.areas), self.effective(error, adverse=1.0)
        area = np.where(known, self.areas, 1.0)
        return np.where(known, np.maximum(clopper_pearson_upper(area * n, n, error), area), 1.0)

    def take(self, indices: Indices) -> RankingLimits:
        parts = (self.areas, self.negatives, self.positives, self.negative_squares, self.positive_squares)
        return RankingLimits(*(part[indices] for part in parts))


def _ranking_variance(area: FloatArray, rows: FloatArray, squares: FloatArray, adverse: float) -> FloatArray:
    """Variance (G,) of the mean component of one class, with the imagined rows.

    Σ(c − q)² over the rows and the imagined ones is split around the area A: Σ(c − A)² + Pλ/(P+λ) · (A − a)².
    """
    total = rows + ADVERSE_ROWS
    spread = squares + rows * ADVERSE_ROWS / total * (area - adverse) ** 2
    found = np.zeros(len(area))
    np.divide(spread, total * (total - 1), out=found, where=rows > 0)
    return found


def simultaneous(limits: Limits, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Two-sided limits (lower, upper) of all groups at once: each misses with 1−(1−α)^(1/G) (Šidák)."""
    known = max(int(np.isfinite(limits.values).sum()), 1)
    error = -np.expm1(np.log1p(-alpha) / known) / 2
    return limits.lower(float(error)), limits.upper(float(error))
