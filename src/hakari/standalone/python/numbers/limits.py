"""Limits: one-sided confidence limits of one rate per group, at any error."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hakari.standalone.python.numbers.beta import (
    clopper_pearson_lower,
    clopper_pearson_upper,
    normal_quantile,
    t_quantile,
)
from hakari.standalone.python.words import Impossible, say
from hakari.standalone.python.work import spend

__all__ = [
    "ClusteredRates",
    "Limits",
    "PlainRates",
    "Ranked",
    "RankingLimits",
    "WeightedRates",
    "known_groups",
    "simultaneous",
]

_FEWEST_CLUSTERS = 15
_QUANTILE = 4e-5  # seconds that one quantile takes


class Limits:
    """What the verdict rule needs to know of the groups."""

    values: list[float]
    """Plain rates; nan where a group has no denominator."""
    method: str
    too_few_clusters = False
    spanning = False
    """Whether a cluster has trials in more than one group: then the groups are not independent."""

    def lower(self, error: float) -> list[float]:
        """Return lower limits: each is above the true rate with probability at most `error`."""
        raise NotImplementedError

    def upper(self, error: float) -> list[float]:
        """Return upper limits: each is below the true rate with probability at most `error`."""
        raise NotImplementedError

    def take(self, places: Sequence[int]) -> Limits:
        """Return the limits of some of the groups."""
        raise NotImplementedError

    def rest(self) -> Limits:
        """Return, for each group, the limits of all other groups pooled."""
        raise Impossible(say("statistics.contrasts.rest", method=self.method))


def known_groups(limits: Limits) -> list[int]:
    """Return the groups that have a value."""
    return [place for place, value in enumerate(limits.values) if math.isfinite(value)]


def simultaneous(limits: Limits, alpha: float) -> tuple[list[float], list[float]]:
    """Return two-sided limits of all groups at once: each misses with 1 - (1 - α)^(1/G) (Šidák)."""
    error = -math.expm1(math.log1p(-alpha) / max(len(known_groups(limits)), 1)) / 2
    return limits.lower(error), limits.upper(error)


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def _or_zero(number: float) -> float:
    return 0.0 if math.isnan(number) else number


class PlainRates(Limits):
    """Exact limits (Clopper & Pearson 1934) of proportions of independent rows that count once each."""

    method = "clopper-pearson"

    def __init__(self, groups: Sequence[tuple[float, float]]) -> None:
        """Take (successes, trials) of each group."""
        if any(x < 0 or x > n for x, n in groups):
            raise Impossible(say("statistics.limits.successes"))
        self.groups = [(float(x), float(n)) for x, n in groups]
        self.values = [_ratio(x, n) for x, n in self.groups]

    def lower(self, error: float) -> list[float]:
        spend(_QUANTILE * len(self.groups))
        return [clopper_pearson_lower(x, n, error) for x, n in self.groups]

    def upper(self, error: float) -> list[float]:
        spend(_QUANTILE * len(self.groups))
        return [clopper_pearson_upper(x, n, error) for x, n in self.groups]

    def take(self, places: Sequence[int]) -> PlainRates:
        return PlainRates([self.groups[place] for place in places])

    def rest(self) -> PlainRates:
        x, n = (sum(part) for part in zip(*self.groups, strict=True))
        return PlainRates([(x - mine, n - rows) for mine, rows in self.groups])


@dataclass(frozen=True)
class Weighed:
    """Sums over the rows of one group: rows, Σw and Σw² of trials and of successes."""

    trials: float
    success_weight: float
    weight: float
    success_square: float
    square: float

    def side(self, *, success: bool) -> tuple[float, float]:
        """Return Σw² and Σw of the successes, or of the failures."""
        if success:
            return self.success_square, self.success_weight
        return max(self.square - self.success_square, 0.0), max(self.weight - self.success_weight, 0.0)


class WeightedRates(Limits):
    """Clopper–Pearson at an effective number of rows (Korn & Graubard 1998), for rows with weights.

    The variance of Σwy/Σw is v = n/(n-1) · Σw²(y-p)²/(Σw)², and the effective number p(1-p)/v, at most the rows, at
    most (Σw)²/Σw², and at most n/h. For the upper limit, h says how much heavier a success is than an average row
    (Σw²/Σw of the successes in mean weights of the group), in this group or over all groups, whichever is more; for
    the lower limit the same of failures.
    """

    method = "clopper-pearson at effective n, weighted"

    def __init__(self, groups: Sequence[Weighed], shared: tuple[float, float] | None = None) -> None:
        self.groups = list(groups)
        self.shared = shared if shared is not None else (self._shared(success=True), self._shared(success=False))
        rates = [_ratio(group.success_weight, group.weight) for group in groups]
        self.values = [rate if math.isnan(rate) else min(max(rate, 0.0), 1.0) for rate in rates]

    def _shared(self, *, success: bool) -> float:
        """Return how much heavier than an average row of its group the successes, or failures, of all groups are."""
        squares = weights = 0.0
        for group in self.groups:
            scale = _or_zero(_ratio(group.trials, group.weight))
            square, weight = group.side(success=success)
            squares += square * scale**2
            weights += weight * scale
        return _or_zero(_ratio(squares, weights))

    def _effective(self, group: Weighed, p: float, *, success: bool) -> float:
        kish = _or_zero(_ratio(group.weight**2, group.square))
        spread = (1 - p) ** 2 * group.success_square + p**2 * (group.square - group.success_square)
        correction = group.trials / max(group.trials - 1, 1)
        variance = correction * _or_zero(_ratio(spread, group.weight**2))
        most = min(p * (1 - p) / variance if variance > 0 else math.inf, kish, group.trials)
        square, weight = group.side(success=success)
        own = _or_zero(_ratio(square, weight * _or_zero(_ratio(group.weight, group.trials))))
        heavy = max(own, self.shared[0] if success else self.shared[1])
        return min(most, group.trials / heavy) if heavy > 0 else most

    def lower(self, error: float) -> list[float]:
        return self._limits(clopper_pearson_lower, error, success=False)

    def upper(self, error: float) -> list[float]:
        return self._limits(clopper_pearson_upper, error, success=True)

    def _limits(self, limit: Callable[[float, float, float], float], error: float, *, success: bool) -> list[float]:
        spend(_QUANTILE * len(self.groups))
        found = []
        for group, value in zip(self.groups, self.values, strict=True):
            p = _or_zero(value)
            n = self._effective(group, p, success=success)
            found.append(limit(p * n, n, error))
        return found

    def take(self, places: Sequence[int]) -> WeightedRates:
        return WeightedRates([self.groups[place] for place in places], self.shared)

    def rest(self) -> WeightedRates:
        parts = [(g.trials, g.success_weight, g.weight, g.success_square, g.square) for g in self.groups]
        totals = [sum(column) for column in zip(*parts, strict=True)]
        rests = [Weighed(*(max(total - own, 0.0) for total, own in zip(totals, part, strict=True))) for part in parts]
        return WeightedRates(rests, self.shared)


def _shrink(units: float, error: float) -> float:
    """Return (z/t)² with t on the units less one: how much less they say than if their variance were known."""
    quantile, normal = t_quantile(max(units - 1, 1.0), error), -normal_quantile(error)
    return 1.0 if abs(normal) < 1e-9 else min((normal / quantile) ** 2, 1.0)


Cluster = tuple[int, float, float]
"""(number of the cluster, successes, trials), or their weights."""


_ADVERSE_CLUSTERS = 4.0
# Clusters imagined on the far side of each limit: so many stay unseen with a probability of about .018.


class ClusteredRates(Limits):
    """Limits of proportions whose rows come in clusters, such as several rows of one person.

    Clopper–Pearson at the effective number of rows p(1-p)/v (Korn & Graubard 1998), shrunk by (z/t)² with t on the
    effective number of clusters (Σn)²/Σn² less one. The variance v of Σx/Σn is taken as if four more clusters of the
    size Σn²/Σn had been drawn, all successes for the upper limit and all failures for the lower one.
    """

    def __init__(self, groups: Sequence[Sequence[Cluster]], *, weighted: bool) -> None:
        self.groups = [list(group) for group in groups]
        self.weighted = weighted
        self.method = "clopper-pearson at effective n, clustered" + (", weighted" if weighted else "")
        self.clusters = [sum(n > 0 for _, _, n in group) for group in self.groups]
        self.values = [_ratio(sum(x for _, x, _ in group), sum(n for _, _, n in group)) for group in self.groups]
        self.too_few_clusters = any(number < _FEWEST_CLUSTERS for number in self.clusters)
        used = [cluster for group in self.groups for cluster, _, n in group if n > 0]
        self.spanning = len(set(used)) < len(used)

    def lower(self, error: float) -> list[float]:
        return [self._limit(place, error, 0.0) for place in range(len(self.groups))]

    def upper(self, error: float) -> list[float]:
        return [self._limit(place, error, 1.0) for place in range(len(self.groups))]

    def take(self, places: Sequence[int]) -> ClusteredRates:
        return ClusteredRates([self.groups[place] for place in places], weighted=self.weighted)

    def rest(self) -> ClusteredRates:
        totals: dict[int, list[float]] = {}
        for group in self.groups:
            for cluster, x, n in group:
                total = totals.setdefault(cluster, [0.0, 0.0])
                total[0] += x
                total[1] += n
        rests = []
        for group in self.groups:
            own = {cluster: (x, n) for cluster, x, n in group}
            none = (0.0, 0.0)
            rests.append(
                [(c, total[0] - own.get(c, none)[0], total[1] - own.get(c, none)[1]) for c, total in totals.items()]
            )
        return ClusteredRates(rests, weighted=self.weighted)

    def _limit(self, place: int, error: float, adverse: float) -> float:
        """Return one limit; `adverse` is the rate of the imagined clusters, and the limit where nothing is known."""
        if self.clusters[place] <= 1:
            return adverse
        spend(2 * _QUANTILE)
        group, rate = self.groups[place], _or_zero(self.values[place])
        x, n = sum(x for _, x, _ in group), sum(n for _, _, n in group)
        xx, xn, nn = sum(x * x for _, x, _ in group), sum(x * n for _, x, n in group), sum(n * n for _, _, n in group)
        size = nn / n if n > 0 else 1.0
        clusters = (n if n > 0 else 1.0) / size
        several = clusters + _ADVERSE_CLUSTERS
        total = size * several
        q = (x + adverse * _ADVERSE_CLUSTERS * size) / total
        squares = max(xx - 2 * q * xn + q * q * nn, 0.0) + _ADVERSE_CLUSTERS * (size * (adverse - q)) ** 2
        variance = several / (several - 1) * squares / total**2
        effective = q * (1 - q) / variance if variance > 0 else clusters
        # Rows cannot tell more than independent rows would; weights do not count rows, so there clusters are the cap.
        effective = min(effective, self.clusters[place] if self.weighted else n)
        effective = max(effective * _shrink(clusters, error), 0.0)
        limit = clopper_pearson_upper if adverse else clopper_pearson_lower
        return limit(rate * effective, effective, error)


_ADVERSE_ROWS = 1.0
# Positives, and negatives, imagined on the far side of each limit.
_MOST_PER_ROW = 3.0


@dataclass(frozen=True)
class Ranked:
    """One group: AUC, rows of both classes, Σ(c - AUC)² over the rows of each (see `ranking_parts`)."""

    area: float
    negatives: float
    positives: float
    negative_squares: float
    positive_squares: float


class RankingLimits(Limits):
    """Limits of the AUC: Clopper–Pearson at an effective number of rows q(1-q)/v.

    v is the variance of the AUC from its structural components (DeLong et al. 1988), taken as if one more positive and
    one more negative had been seen, ranked all wrong for the lower limit and all right for the upper one. q is the mean
    component of the rarer class with its imagined row. The number is at most three times the rows of the rarer class,
    and shrunk by (z/t)² with t on those rows less one.
    """

    method = "DeLong components, clopper-pearson at effective n, asymptotic"

    def __init__(self, groups: Sequence[Ranked]) -> None:
        self.groups = list(groups)
        self.values = [group.area for group in self.groups]

    def lower(self, error: float) -> list[float]:
        return [self._limit(group, error, 0.0) for group in self.groups]

    def upper(self, error: float) -> list[float]:
        return [self._limit(group, error, 1.0) for group in self.groups]

    def take(self, places: Sequence[int]) -> RankingLimits:
        return RankingLimits([self.groups[place] for place in places])

    def _limit(self, group: Ranked, error: float, adverse: float) -> float:
        """Return one limit; `adverse` is the component of the imagined rows, and the limit where nothing is known."""
        if not math.isfinite(group.area):
            return adverse
        spend(2 * _QUANTILE)
        rarer = min(group.negatives, group.positives)
        variance = 0.0
        for rows, squares in (
            (group.negatives, group.negative_squares),
            (group.positives, group.positive_squares),
        ):
            total = rows + _ADVERSE_ROWS
            spread = squares + rows * _ADVERSE_ROWS / total * (group.area - adverse) ** 2
            variance += spread / (total * (total - 1))
        q = (group.area * rarer + adverse * _ADVERSE_ROWS) / (rarer + _ADVERSE_ROWS)
        n = q * (1 - q) / variance if variance > 0 else rarer
        n = max(min(n, _MOST_PER_ROW * rarer) * _shrink(rarer, error), 0.0)
        if adverse:
            return max(clopper_pearson_upper(group.area * n, n, error), group.area)
        return min(clopper_pearson_lower(group.area * n, n, error), group.area)
