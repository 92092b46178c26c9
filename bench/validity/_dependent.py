"""Clustered and weighted rows of many runs at once: how they are drawn, and the product's limits on whole arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from _cells import Floats
from _runs import Limit
from scipy import special, stats

from hakari.statistics.limits import ADVERSE_CLUSTERS, clopper_pearson_lower, clopper_pearson_upper

# --- Clusters -------------------------------------------------------------------------------------------------------

SIZES: dict[str, Callable[[int, int, np.random.Generator], Floats]] = {
    "2 each": lambda runs, clusters, rng: np.full((runs, clusters), 2.0),
    "20 each": lambda runs, clusters, rng: np.full((runs, clusters), 20.0),
    "lognormal": lambda runs, clusters, rng: np.ceil(5 * np.exp(rng.standard_normal((runs, clusters)))),
    "one of 30 %": lambda runs, clusters, rng: np.broadcast_to(
        np.r_[np.ceil(0.3 / 0.7 * 10 * (clusters - 1)), np.full(clusters - 1, 10.0)], (runs, clusters)
    ),
}
"""Rows of each cluster."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Successes and rows of every cluster, (groups, runs, clusters)."""

    x: Floats
    n: Floats

    @property
    def values(self) -> Floats:
        """Rates (groups, runs)."""
        found: Floats = self.x.sum(axis=2) / self.n.sum(axis=2)
        return found

    def limit(self) -> Limit:
        """Limits as in `ClusteredRates`."""
        x, n = self.x.sum(axis=2), self.n.sum(axis=2)
        xx, xn, nn = ((a * b).sum(axis=2) for a, b in ((self.x, self.x), (self.x, self.n), (self.n, self.n)))
        size, more = nn / n, ADVERSE_CLUSTERS
        effective, total = n / size, n + more * size

        def rows(error: float, adverse: float) -> Floats:
            q = (x + adverse * more * size) / total
            squares = np.maximum(xx - 2 * q * xn + q * q * nn, 0) + more * (size * (adverse - q)) ** 2
            variance = (effective + more) / (effective + more - 1) * squares / total**2
            found = np.where(variance > 0, q * (1 - q) / np.where(variance > 0, variance, 1), effective)
            ratio = special.ndtri(error) / special.stdtrit(np.maximum(effective - 1, 1), error)
            return np.asarray(np.minimum(found, n) * np.minimum(ratio**2, 1.0))

        def limit(error: float) -> tuple[Floats, Floats]:
            low, high = rows(error, 0.0), rows(error, 1.0)
            p = x / n
            return clopper_pearson_lower(p * low, low, error), clopper_pearson_upper(p * high, high, error)

        return limit

    def first_version(self) -> Limit:
        """The limits of the first version: the wider of a linearised t interval and Korn–Graubard."""
        n, count = self.n.sum(axis=2), self.n.shape[2]
        p = self.values
        residual = self.x - p[:, :, None] * self.n
        variance = count / (count - 1) * (residual**2).sum(axis=2) / n**2

        def limit(error: float) -> tuple[Floats, Floats]:
            t, z = -special.stdtrit(count - 1, error), -special.ndtri(error)
            found = np.where(variance > 0, p * (1 - p) / np.where(variance > 0, variance, 1), count)
            found = np.minimum(found, n) * min((z / t) ** 2, 1.0)
            reach = t * np.sqrt(variance)
            lower = np.minimum(p - reach, clopper_pearson_lower(p * found, found, error))
            upper = np.maximum(p + reach, clopper_pearson_upper(p * found, found, error))
            return np.clip(lower, 0, 1), np.clip(upper, 0, 1)

        return limit


def clusters(
    rates: Floats, count: int, sizes: str, model: str, correlation: float, runs: int, rng: np.random.Generator
) -> Clusters:
    """Groups of independent clusters. beta: each has its own rate; copies: some give one answer in all their rows."""
    xs, ns = [], []
    for rate in rates.tolist():
        n = SIZES[sizes](runs, count, rng)
        if model == "beta":
            total = 1 / correlation - 1
            own = rng.beta(rate * total, (1 - rate) * total, n.shape)
            x = rng.binomial(n.astype(np.int64), own)
        else:
            same, answer = rng.random(n.shape) < correlation, rng.random(n.shape) < rate
            x = np.where(same, np.where(answer, n, 0), rng.binomial(n.astype(np.int64), rate))
        xs.append(x.astype(float))
        ns.append(n)
    return Clusters(np.stack(xs), np.stack(ns))


def spanning(
    rates: Floats, count: int, rows: int, dependence: str, correlation: float, runs: int, rng: np.random.Generator
) -> Clusters:
    """Clusters with rows in every group: alike (high in one, high in all) or opposite (high in one, low in another)."""
    position, total = rng.random((runs, count)), 1 / correlation - 1
    grid = np.linspace(0.0, 1.0, 4001)
    xs = []
    for g, rate in enumerate(rates.tolist()):
        flipped = dependence == "opposite" and g % 2 == 1
        at = 1 - position if flipped else position
        own = np.interp(at, grid, stats.beta.ppf(grid, rate * total, (1 - rate) * total))
        xs.append(rng.binomial(rows, own).astype(float))
    x = np.stack(xs)
    return Clusters(x, np.full(x.shape, float(rows)))


# --- Weights --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scheme:
    """Weights of success rows and of failure rows: lognormal times a factor, or now and then a giant."""

    spread: float = 0.0
    success_factor: float = 1.0
    giant: float = 1.0
    giant_success: float = 0.0
    """Share of success rows with the giant weight."""
    giant_failure: float = 0.0

    def means(self) -> tuple[float, float]:
        """Mean weight of a success and of a failure row, in units of exp(spread²/2)."""
        success = self.success_factor * (1 + self.giant_success * (self.giant - 1))
        return success, 1 + self.giant_failure * (self.giant - 1)

    def plain_rate(self, weighted: float) -> float:
        """The rate of unweighted rows that has this weighted rate."""
        success, failure = self.means()
        odds = weighted / (1 - weighted) * failure / success
        return odds / (1 + odds)


SCHEMES = {
    "lognormal .5": Scheme(0.5),
    "lognormal 1": Scheme(1.0),
    "lognormal 1.5": Scheme(1.5),
    "giant: 3 % × 20": Scheme(giant=20, giant_success=0.03, giant_failure=0.03),
    "giant: 1 % × 50": Scheme(giant=50, giant_success=0.01, giant_failure=0.01),
    "successes × 2": Scheme(0.7, 2.0),
    "successes × ½": Scheme(0.7, 0.5),
    "successes × 4": Scheme(0.7, 4.0),
    "successes × ¼": Scheme(0.7, 0.25),
    "giant: 10 % of successes × 20": Scheme(giant=20, giant_success=0.1, giant_failure=0.02),
    "giant: 30 % of successes × 10": Scheme(giant=10, giant_success=0.3),
}


@dataclass(frozen=True, slots=True)
class Weighted:
    """Sums of weights, each (groups, runs)."""

    n: Floats
    success: Floats
    total: Floats
    success_squares: Floats
    squares: Floats

    @property
    def values(self) -> Floats:
        """Weighted rates (groups, runs)."""
        found: Floats = self.success / self.total
        return found

    def limit(self, *, first_version: bool = False) -> Limit:
        """Limits as in `WeightedRates`; in the first version without the caps by the weight of either outcome."""
        p, kish = self.values, self.total**2 / self.squares
        failures, other = self.squares - self.success_squares, self.total - self.success
        spread = (1 - p) ** 2 * self.success_squares + p**2 * failures
        variance = self.n / (self.n - 1) * spread / self.total**2
        by_variance = np.where(variance > 0, p * (1 - p) / np.where(variance > 0, variance, 1), np.inf)
        most = np.minimum(np.minimum(by_variance, kish), self.n)
        scale = self.n / self.total
        capped = []
        for squares, weights in ((failures, other), (self.success_squares, self.success)):
            pooled = _share((squares * scale**2).sum(axis=0), (weights * scale).sum(axis=0))
            heavy = np.maximum(_share(squares * scale, weights), pooled)
            cap = np.where(heavy > 0, self.n / np.where(heavy > 0, heavy, 1), np.inf)
            capped.append(most if first_version else np.minimum(most, cap))

        def limit(error: float) -> tuple[Floats, Floats]:
            lower = clopper_pearson_lower(p * capped[0], capped[0], error)
            return lower, clopper_pearson_upper(p * capped[1], capped[1], error)

        return limit


def _share(above: Floats, below: Floats) -> Floats:
    out: Floats = np.zeros(below.shape)
    np.divide(above, below, out=out, where=below > 1e-12)
    return out


def weighted(rates: Floats, rows: list[int], scheme: Scheme, runs: int, rng: np.random.Generator) -> Weighted:
    """Rows of groups whose weighted rates are `rates`."""
    parts: list[list[Floats]] = []
    for rate, n in zip(rates.tolist(), rows, strict=True):
        y = rng.random((runs, n)) < scheme.plain_rate(rate)
        w = np.exp(scheme.spread * rng.standard_normal((runs, n))) if scheme.spread else np.ones((runs, n))
        w *= np.where(y, scheme.success_factor, 1.0)
        if scheme.giant > 1:
            w *= np.where(
                rng.random((runs, n)) < np.where(y, scheme.giant_success, scheme.giant_failure), scheme.giant, 1
            )
        each = (np.full(runs, float(n)), (w * y).sum(1), w.sum(1), (w * w * y).sum(1), (w * w).sum(1))
        parts.append(list(each))
    return Weighted(*(np.stack([part[k] for part in parts]) for k in range(5)))
