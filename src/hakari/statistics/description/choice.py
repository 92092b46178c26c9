"""Choice: which method describes what, why it was chosen, what it guarantees and where it stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hakari.messages import Message, say

__all__ = ["CHOICES", "Choice", "Guarantee", "choice_of"]

Guarantee = Literal["exact", "approximate", "display", "none"]
"""exact: the stated error is never exceeded, by proof, for independent rows (or as the method says).
approximate: measured by simulation; the limits say where it holds.
display: to be drawn, never decided on.
none: nothing is estimated."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One method: the words by which an interval names it, and what a reader must know of it."""

    name: str
    """Short name; its texts are `statistics.description.choice.<name>.*`."""
    mark: str
    """Words that stand in `Interval.method` of every interval made by it."""
    guarantee: Guarantee
    """What its stated level means."""
    source: str
    """Where it is from."""

    @property
    def used_for(self) -> Message:
        """What it is used for."""
        return say(f"statistics.description.choice.{self.name}.used_for")

    @property
    def why(self) -> Message:
        """Why this one and not another."""
        return say(f"statistics.description.choice.{self.name}.why")

    @property
    def limits(self) -> Message:
        """Where it stops."""
        return say(f"statistics.description.choice.{self.name}.limits")


_TABLE = (
    Choice("count", "count", "none", "common"),
    Choice("change", "rows that differ", "approximate", "own: McNemar 1947 with Clopper & Pearson 1934"),
    Choice("contrast", "intersection–union", "approximate", "Zou & Donner 2008; Berger 1982; Roy 1953"),
    Choice("joint", "Bonferroni on both sides", "approximate", "Zou & Donner 2008; Bonferroni"),
    Choice("pair", "contour of two groups", "approximate", "own: Clopper & Pearson 1934 with Zou & Donner 2008"),
    Choice("impact_ratio", "box of ratios", "exact", "Clopper & Pearson 1934; Šidák 1967"),
    Choice("held_out", "held-out rows", "exact", "Clopper & Pearson 1934"),
    Choice("shares", "mover over shares", "approximate", "Zou & Donner 2008"),
    Choice("odds", "robins–breslow–greenland", "approximate", "Robins, Breslow & Greenland 1986"),
    Choice("weighted", "clopper-pearson at effective n, weighted", "approximate", "Korn & Graubard 1998"),
    Choice("clustered", "clopper-pearson at effective n, clustered", "approximate", "Korn & Graubard 1998"),
    Choice("ranking", "DeLong components", "approximate", "DeLong, DeLong & Clarke-Pearson 1988"),
    Choice("bounded_mean", "bounded mean", "approximate", "own: Korn & Graubard 1998 for means"),
    Choice("effective", "clopper-pearson at effective n, asymptotic", "approximate", "own: Korn & Graubard 1998"),
    Choice("order", "order statistics", "exact", "common"),
    Choice("alike", "all rows equal", "exact", "common: 1 − α^(1/n)"),
    Choice("repeats", "t over rows and repeats", "approximate", "own: variance of a mean over pairs of rows"),
    Choice("student", "student t", "approximate", "Student 1908; Hall 1992"),
    Choice("band", "band of Massart", "exact", "Dvoretzky, Kiefer & Wolfowitz 1956; Massart 1990"),
    Choice("norm", "norm of the noise", "approximate", "own: multiplier bootstrap"),
    Choice("inverted", "non-central", "approximate", "common: inversion of a non-central χ²"),
    Choice("clopper_pearson", "clopper-pearson", "exact", "Clopper & Pearson 1934; Šidák 1967"),
    Choice("difference", "hybrid score", "approximate", "Newcombe 1998"),
    Choice("ratio", "MOVER ratio", "approximate", "Donner & Zou 2012"),
    Choice("wilson", "wilson score", "approximate", "Wilson 1927"),
    Choice("deviation", "noise-corrected moments", "approximate", "own; noncentral forms as in Viechtbauer 2007"),
    Choice("bca", "BCa bootstrap", "approximate", "Efron 1987; Hesterberg 2015"),
    Choice("studentised", "studentised bootstrap", "approximate", "Efron & Tibshirani 1993"),
    Choice("percentile", "percentile bootstrap", "display", "Efron 1979"),
    Choice("pooled", "empirical Bayes", "display", "Robbins 1956; Efron & Morris 1975"),
    Choice("sequence", "confidence sequence", "exact", "Robbins 1970; Howard et al. 2021"),
    Choice("binomial_test", "exact binomial test", "exact", "Clopper & Pearson 1934"),
    Choice("fisher_test", "exact conditional test", "exact", "Fisher 1935"),
    Choice("mid_p", "mid-p", "approximate", "Lancaster 1961"),
    Choice("permutation", "permutation test", "exact", "Fisher 1935; Phipson & Smyth 2010"),
    Choice("holm", "holm", "exact", "Holm 1979"),
    Choice("benjamini_hochberg", "benjamini–hochberg", "exact", "Benjamini & Hochberg 1995"),
)
CHOICES: Mapping[str, Choice] = MappingProxyType({choice.name: choice for choice in _TABLE})
"""Every method of description by its short name, the more particular mark before the more general."""


def choice_of(method: str) -> Choice | None:
    """Return the choice whose mark stands in the method of an interval; None for a method that is not in the table."""
    if method == "count":
        return CHOICES["count"]
    return next((choice for choice in _TABLE if choice.mark in method and choice.name != "count"), None)
