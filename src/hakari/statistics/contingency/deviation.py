"""Deviation: how many standard deviations a number of selections lies from what is expected.

Castaneda v. Partida, 430 U.S. 482, 496 n. 17 (1977) counts them from the binomial distribution with a known share of
the population, and Hazelwood School District v. United States, 433 U.S. 299 (1977) follows it: a difference of more
than two or three standard deviations, in large samples, would be suspect. Where the people who could be selected are
all known, nobody is selected twice, so the hypergeometric distribution is the one that fits.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics.contingency.pair import Pair

__all__ = ["NormalTest", "binomial_deviations", "hypergeometric_deviations", "pooled_z"]


@dataclass(frozen=True, slots=True)
class NormalTest:
    """A number of standard deviations with its two-sided p-value; `statistic` < 0 where fewer are selected."""

    statistic: float

    @property
    def p(self) -> float:
        """Two-sided p-value from the normal distribution; an approximation for large samples."""
        return float(special.erfc(abs(self.statistic) / 2**0.5))


def pooled_z(pair: Pair) -> NormalTest | None:
    """Return the z test of two proportions with the pooled variance; None where nobody or everybody is selected.

    z = (p₁ − p₂) / √(p(1−p)(1/n₁ + 1/n₂)), p the rate of all people; z² is Pearson's chi-square.
    """
    if not pair.informative:
        return None
    p = pair.selections / pair.total
    spread = (p * (1 - p) * (1 / pair.rows + 1 / pair.other_rows)) ** 0.5
    return NormalTest((pair.selected / pair.rows - pair.other_selected / pair.other_rows) / spread)


def hypergeometric_deviations(pair: Pair) -> NormalTest | None:
    """Return (seen − expected) / standard deviation given all margins; None where the table says nothing.

    Expected n₁m/N, variance n₁n₂m(N−m) / (N²(N−1)) with m selections among N people: √((N−1)/N) of the pooled z.
    """
    if not pair.informative:
        return None
    n, m = pair.total, pair.selections
    variance = pair.rows / n * pair.other_rows / n * m * (n - m) / (n - 1)
    return NormalTest((pair.selected - pair.expected) / variance**0.5)


def binomial_deviations(selected: int, selections: int, share: float) -> NormalTest | None:
    """Return (seen − expected) / standard deviation where a group makes up `share` of those who could be selected.

    Expected `selections` · share, variance `selections` · share · (1 − share). None without selections.

    Raises:
        InputError: a share that is not strictly between 0 and 1, or more selected than selections.
    """
    if not 0 < share < 1:
        raise InputError(say("statistics.contingency.share", share=share))
    if not 0 <= selected <= selections:
        raise InputError(say("statistics.contingency.pair", selected=selected, rows=selections))
    if not selections:
        return None
    return NormalTest((selected - selections * share) / (selections * share * (1 - share)) ** 0.5)
