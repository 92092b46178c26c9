"""Exact: Fisher's test of a fourfold table, from the hypergeometric distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hakari.statistics._arrays import FloatArray
from hakari.statistics.contingency.pair import Pair

__all__ = ["ExactTest", "fisher_exact"]

_TIE = 1e-10
# Tables that are equally likely by symmetry differ in the last digits; they count as equally likely.


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactTest:
    """P-values given all four margins, if selection has nothing to do with the group."""

    two_sided: float
    """All tables that are no more likely than the one seen (Fisher's test as R and SciPy define it)."""
    fewer: float
    """So few or fewer selected in the group."""
    more: float
    """So many or more selected in the group."""

    @property
    def doubled(self) -> float:
        """Twice the smaller tail, at most 1: the other common definition of two-sided."""
        return min(2 * min(self.fewer, self.more), 1.0)


def fisher_exact(pair: Pair) -> ExactTest:
    """Return Fisher's exact test of one table (Fisher 1935); 1 where the margins allow only one table.

    The likelihoods follow from each other outwards from the most likely table, so nothing is lost with large counts.
    """
    low = max(0, pair.selections - pair.other_rows)
    likelihood = _likelihoods(pair, low)
    seen = pair.selected - low
    as_unlikely = likelihood <= likelihood[seen] * (1 + _TIE)
    return ExactTest(
        two_sided=min(float(likelihood[as_unlikely].sum()), 1.0),
        fewer=min(float(likelihood[: seen + 1].sum()), 1.0),
        more=min(float(likelihood[seen:].sum()), 1.0),
    )


def _likelihoods(pair: Pair, low: int) -> FloatArray:
    """P(k selected in the group) for k = `low`, … : hypergeometric, summing to 1."""
    n, other, drawn = pair.rows, pair.other_rows, pair.selections
    k = np.arange(low, min(n, drawn), dtype=float)
    # How much more likely one selection more is.
    ratio = (n - k) * (drawn - k) / ((k + 1) * (other - drawn + k + 1))
    mode = int(np.count_nonzero(ratio > 1))
    up = np.cumprod(ratio[mode:])
    down = np.cumprod(1 / ratio[:mode][::-1])[::-1]
    shape = np.concatenate([down, [1.0], up])
    return np.asarray(shape / shape.sum(), dtype=float)
