"""Descriptive inference: how sure each figure is that is shown beside a verdict or where there is none.

A verdict keeps its error whatever the truth is (`verdict`, `contrasts`). A *description* says of one number at a time
where the truth may lie, and is measured by its coverage: `Described` holds values and the ends of their intervals, or
why there are none. `CHOICES` says for every method what it is used for, why, and where it stops. Nothing here decides.

Two proportions: `newcombe_difference`, `mover_ratio`. Any smooth function of counts: `bca`, `studentised`. All groups:
`deviation` of rates, `mean_deviation`. Over time: `proportion_sequence`, `difference_sequence`. Tests: `binomial_p`,
`fisher_p`, `permutation_p`; many of them: `holm_adjusted`, `benjamini_hochberg_adjusted`. For display only:
`partially_pooled`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.description.adjusted import benjamini_hochberg_adjusted, holm_adjusted
    from hakari.statistics.description.between_groups import Deviation, deviation
    from hakari.statistics.description.between_means import mean_deviation
    from hakari.statistics.description.cell_bootstrap import bca, studentised
    from hakari.statistics.description.choice import CHOICES, Choice, choice_of
    from hakari.statistics.description.described import Described
    from hakari.statistics.description.exact_tests import binomial_p, fisher_p
    from hakari.statistics.description.permutation import permutation_p
    from hakari.statistics.description.pooling import partially_pooled
    from hakari.statistics.description.sequences import difference_sequence, proportion_sequence
    from hakari.statistics.description.two_proportions import mover_ratio, newcombe_difference, wilson

__all__ = [
    "CHOICES",
    "Choice",
    "Described",
    "Deviation",
    "bca",
    "benjamini_hochberg_adjusted",
    "binomial_p",
    "choice_of",
    "deviation",
    "difference_sequence",
    "fisher_p",
    "holm_adjusted",
    "mean_deviation",
    "mover_ratio",
    "newcombe_difference",
    "partially_pooled",
    "permutation_p",
    "proportion_sequence",
    "studentised",
    "wilson",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "adjusted": ("benjamini_hochberg_adjusted", "holm_adjusted"),
        "between_groups": ("Deviation", "deviation"),
        "between_means": ("mean_deviation",),
        "cell_bootstrap": ("bca", "studentised"),
        "choice": ("CHOICES", "Choice", "choice_of"),
        "described": ("Described",),
        "exact_tests": ("binomial_p", "fisher_p"),
        "permutation": ("permutation_p",),
        "pooling": ("partially_pooled",),
        "sequences": ("difference_sequence", "proportion_sequence"),
        "two_proportions": ("mover_ratio", "newcombe_difference", "wilson"),
    },
)
