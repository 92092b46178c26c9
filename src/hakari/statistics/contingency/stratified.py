"""Stratified: one comparison of a group with others over strata of people who are alike in something else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["MantelHaenszel", "mantel_haenszel"]

_LEAST_ROOM = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MantelHaenszel:
    """What S fourfold tables say together. A number that they do not determine is nan."""

    odds_ratio: float
    """Common odds ratio (Mantel & Haenszel 1959): Σ(ad/n) / Σ(bc/n); inf where Σ(bc/n) is 0."""
    low: float
    """Limits of the odds ratio with the variance of Robins, Breslow & Greenland (1986); nan at 0 and at inf."""
    high: float
    statistic: float
    """Chi-square with one degree of freedom (Mantel & Haenszel 1959; Cochran 1954), without correction."""
    p: float
    corrected: float
    """The same with the continuity correction: ½ is taken from |Σ(a − E)|, but no more than there is."""
    corrected_p: float
    homogeneity: float
    """Breslow & Day (1980) with Tarone's correction (1985): whether one odds ratio fits all strata."""
    homogeneity_p: float
    breslow_day: float
    """The same without Tarone's correction."""
    degrees: int
    """Degrees of freedom of the homogeneity test: informative strata less one."""
    room: float
    """How far Σa may move from its expectation to either side, the shorter of the two (Mantel & Fleiss 1980)."""
    strata: int
    """Strata that say anything: both groups are there, and neither nobody nor everybody is selected."""
    rows: int
    """People in these strata."""

    @property
    def trusted(self) -> bool:
        """Whether the approximations may be trusted: the criterion of Mantel & Fleiss, more than 5 to either side."""
        return self.room > _LEAST_ROOM


def mantel_haenszel(tables: IntArray, level: float = 0.95) -> MantelHaenszel:
    """Return the Mantel–Haenszel analysis of counts (S, 2, 2): [group, others] × [selected, not selected].

    Strata that could not have come out otherwise are left out of everything; they add nothing to any of the sums.
    """
    counts = np.asarray(tables, dtype=float).reshape(-1, 2, 2)
    margins = np.concatenate([counts.sum(axis=1), counts.sum(axis=2)], axis=1)
    kept = counts[(margins > 0).all(axis=1)]
    odds, low, high = _odds_ratio(kept, level)
    statistic, corrected = _association(kept)
    plain, tarone = _homogeneity(kept, odds)
    degrees = max(len(kept) - 1, 0)
    return MantelHaenszel(
        odds_ratio=odds,
        low=low,
        high=high,
        statistic=statistic,
        p=float(special.chdtrc(1, statistic)),
        corrected=corrected,
        corrected_p=float(special.chdtrc(1, corrected)),
        homogeneity=tarone,
        homogeneity_p=float(special.chdtrc(degrees, tarone)) if degrees else float("nan"),
        breslow_day=plain,
        degrees=degrees,
        room=_room(kept),
        strata=len(kept),
        rows=int(kept.sum()),
    )


def _odds_ratio(counts: FloatArray, level: float) -> tuple[float, float, float]:
    """Common odds ratio with its limits."""
    n = counts.sum(axis=(1, 2))
    alike = (counts[:, 0, 0] + counts[:, 1, 1]) / n
    for_it, against = counts[:, 0, 0] * counts[:, 1, 1] / n, counts[:, 0, 1] * counts[:, 1, 0] / n
    above, below = float(for_it.sum()), float(against.sum())
    if not above or not below:
        found = float("nan") if not above and not below else float("inf") if above else 0.0
        return found, float("nan"), float("nan")
    mixed = float((alike * against + (1 - alike) * for_it).sum())
    variance = float((alike * for_it).sum()) / above**2 + mixed / (above * below)
    variance = (variance + float(((1 - alike) * against).sum()) / below**2) / 2
    reach = float(special.ndtri((1 + level) / 2)) * variance**0.5
    odds = above / below
    return odds, odds * float(np.exp(-reach)), odds * float(np.exp(reach))


def _association(counts: FloatArray) -> tuple[float, float]:
    """Chi-square without and with the continuity correction."""
    n, group, selected = counts.sum(axis=(1, 2)), counts.sum(axis=2), counts.sum(axis=1)
    excess = abs(float((counts[:, 0, 0] - group[:, 0] * selected[:, 0] / n).sum()))
    shares = group.prod(axis=1) / n * (selected.prod(axis=1) / n)
    variance = float((shares / (n - 1)).sum())
    if not variance:
        return float("nan"), float("nan")
    return excess**2 / variance, max(excess - 0.5, 0.0) ** 2 / variance


def _room(counts: FloatArray) -> float:
    """Σ(E − least) or Σ(most − E), the smaller, over the values that the first cell may take given the margins."""
    n, group, selected = counts.sum(axis=(1, 2)), counts.sum(axis=2)[:, 0], counts.sum(axis=1)[:, 0]
    expected = group * selected / n
    down = expected - np.maximum(group + selected - n, 0.0)
    up = np.minimum(group, selected) - expected
    return min(float(down.sum()), float(up.sum()))


def _homogeneity(counts: FloatArray, odds: float) -> tuple[float, float]:
    """Breslow–Day without and with Tarone's correction; nan where the common odds ratio is 0, inf or unknown."""
    if not np.isfinite(odds) or not odds or len(counts) < 2:
        return float("nan"), float("nan")
    seen, group, selected = counts[:, 0, 0], counts.sum(axis=2)[:, 0], counts.sum(axis=1)[:, 0]
    rest = counts.sum(axis=(1, 2)) - group - selected
    # e(rest + e) = ψ(group − e)(selected − e), written so that nothing cancels, nor is anything divided by 1 − ψ.
    linear = rest + odds * (group + selected)
    root = np.sqrt(linear**2 + 4 * (1 - odds) * odds * group * selected)
    expected = 2 * odds * group * selected / (linear + root)
    variance = 1 / (1 / expected + 1 / (group - expected) + 1 / (selected - expected) + 1 / (rest + expected))
    plain = float(((seen - expected) ** 2 / variance).sum())
    return plain, plain - float((seen - expected).sum()) ** 2 / float(variance.sum())
