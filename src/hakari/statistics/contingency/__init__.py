"""Contingency: tables of counts, and the tests and measures of association that law and statistics put to them.

A *pair* is two groups with the people selected in each. A *stratum* is one pair among people who are alike in
something else; several strata are compared without mixing them. A *cross table* holds the levels of one column by the
levels of another. A test here says how well the counts agree with no difference at all; it is no verdict with stated
errors against a line, and none of it speaks of causes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.contingency.association import Association, cramers_v, theils_u
    from hakari.statistics.contingency.deviation import (
        NormalTest,
        binomial_deviations,
        hypergeometric_deviations,
        pooled_z,
    )
    from hakari.statistics.contingency.disparity import Disparity, demographic_disparity
    from hakari.statistics.contingency.exact import ExactTest, fisher_exact
    from hakari.statistics.contingency.halves import Guess, Halves, guess, one_against_rest, split_rows
    from hakari.statistics.contingency.impact import FOUR_FIFTHS, impact_ratios, selections_to_flip
    from hakari.statistics.contingency.pair import Pair
    from hakari.statistics.contingency.stratified import MantelHaenszel, mantel_haenszel

__all__ = [
    "FOUR_FIFTHS",
    "Association",
    "Disparity",
    "ExactTest",
    "Guess",
    "Halves",
    "MantelHaenszel",
    "NormalTest",
    "Pair",
    "binomial_deviations",
    "cramers_v",
    "demographic_disparity",
    "fisher_exact",
    "guess",
    "hypergeometric_deviations",
    "impact_ratios",
    "mantel_haenszel",
    "one_against_rest",
    "pooled_z",
    "selections_to_flip",
    "split_rows",
    "theils_u",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "association": ("Association", "cramers_v", "theils_u"),
        "deviation": ("NormalTest", "binomial_deviations", "hypergeometric_deviations", "pooled_z"),
        "disparity": ("Disparity", "demographic_disparity"),
        "exact": ("ExactTest", "fisher_exact"),
        "halves": ("Guess", "Halves", "guess", "one_against_rest", "split_rows"),
        "impact": ("FOUR_FIFTHS", "impact_ratios", "selections_to_flip"),
        "pair": ("Pair",),
        "stratified": ("MantelHaenszel", "mantel_haenszel"),
    },
)
