"""Change: one-sided limits of the newer rate minus the earlier one, from the rows on which the two versions differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import Indices, Limits, clopper_pearson_lower, clopper_pearson_upper


class Change(Limits, Protocol):
    """Limits of a change per group, and what its test of harm needs."""

    @property
    def too_few_clusters(self) -> bool:
        """True where some group has too few clusters for a verdict."""
        ...

    def take(self, indices: Indices) -> Change:
        """The same limits for some of the groups, in this order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PairedChange:
    """Limits of (gained − lost) / trials over independent rows that count once each.

    Of d = gained + lost rows that differ, the change is (d / trials) · (2 · gained / d − 1). The share of rows that
    differ and, given d, the share of gains among them are two independent binomial parts, each with Clopper–Pearson
    limits. They are joined along the contour of `joint_errors`: of all pairs of errors that two independent parts have
    jointly, the worst product is the limit. At a change of zero this is the exact test of McNemar (1947): rows that
    agree drop out. Found to hold by enumeration (docs/two-versions.md), not by proof; `DependentChange` has the proof.
    """

    gained: FloatArray
    """Rows on which only the newer version succeeds (G,)."""
    lost: FloatArray
    """Rows on which only the earlier version succeeds (G,)."""
    trials: FloatArray
    """Rows of the rate's denominator, which both versions share (G,)."""

    def __post_init__(self) -> None:
        for name in ("gained", "lost", "trials"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=float))
        if np.any(self.gained < 0) or np.any(self.lost < 0) or np.any(self.gained + self.lost > self.trials):
            raise InputError(say("statistics.paired.counts"))

    @property
    def values(self) -> FloatArray:
        out = np.full(self.trials.shape, np.nan)
        np.divide(self.gained - self.lost, self.trials, out=out, where=self.trials > 0)
        return out

    @property
    def method(self) -> str:
        return "clopper-pearson of rows that differ and of gains among them, along the contour"

    @property
    def approximate(self) -> bool:
        return False

    @property
    def too_few_clusters(self) -> bool:
        return False

    def lower(self, error: float) -> FloatArray:
        return -_largest_loss(self.lost, self.gained, self.trials, error)

    def upper(self, error: float) -> FloatArray:
        return _largest_loss(self.gained, self.lost, self.trials, error)

    def take(self, indices: Indices) -> PairedChange:
        return PairedChange(self.gained[indices], self.lost[indices], self.trials[indices])


def _largest_loss(lost: FloatArray, gained: FloatArray, trials: FloatArray, error: float) -> FloatArray:
    """Upper limit of (lost − gained) / trials (G,); 1 without trials. Groups with equal counts are computed once."""
    counts = np.stack([np.ravel(part) for part in (lost, gained, trials)])
    distinct, place = np.unique(counts, axis=1, return_inverse=True)
    lost, gained, trials = distinct
    differ = lost + gained
    largest = np.full(trials.shape, -1.0)
    errors = joint_errors(error).tolist()
    for at_share, at_differ in zip(errors, reversed(errors), strict=True):
        slope = 1.0 - 2.0 * clopper_pearson_lower(gained, differ, at_share)
        # A loss is largest where many rows differ, a gain is smallest where few do.
        loss = slope > 0
        reach = np.empty(trials.shape)
        reach[loss] = clopper_pearson_upper(differ[loss], trials[loss], at_differ)
        reach[~loss] = clopper_pearson_lower(differ[~loss], trials[~loss], at_differ)
        np.maximum(largest, slope * reach, out=largest)
    # At errors near one half a limit can pass its own value: it is held there.
    held = np.maximum(largest, (lost - gained) / np.where(trials > 0, trials, 1.0))
    return np.where(trials > 0, held, 1.0)[np.ravel(place)]


@dataclass(frozen=True, slots=True, eq=False)
class DependentChange:
    """Limits from those of the rate of gains and of the rate of losses, each at half the error (Bonferroni).

    Holds whatever the dependence between gains, losses and groups, as far as the limits of the two rates hold: strictly
    with `ClopperPearson`, approximately with the limits of weighted or clustered rates.
    """

    gained: Limits
    """Rate of rows on which only the newer version succeeds."""
    lost: Limits
    """Rate of rows on which only the earlier version succeeds."""

    @property
    def values(self) -> FloatArray:
        return self.gained.values - self.lost.values

    @property
    def method(self) -> str:
        return f"{self.gained.method} of gains and of losses, box"

    @property
    def approximate(self) -> bool:
        return self.gained.approximate or self.lost.approximate

    @property
    def too_few_clusters(self) -> bool:
        return bool(getattr(self.gained, "too_few_clusters", False))

    def lower(self, error: float) -> FloatArray:
        return np.minimum(self.gained.lower(error / 2) - self.lost.upper(error / 2), self._held)

    def upper(self, error: float) -> FloatArray:
        return np.maximum(self.gained.upper(error / 2) - self.lost.lower(error / 2), self._held)

    def take(self, indices: Indices) -> DependentChange:
        return DependentChange(self.gained.take(indices), self.lost.take(indices))

    @property
    def _held(self) -> FloatArray:
        """The values; 0 where there are none, so that their limits stay as they are."""
        return np.nan_to_num(self.values)
