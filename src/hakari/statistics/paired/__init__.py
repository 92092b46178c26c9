"""Paired: two versions of a system on the same rows.

Every row of a rate's denominator falls into one of four cells: both versions succeed, only the earlier one (*lost*),
only the newer one (*gained*), or neither. The *change* is the newer rate minus the earlier one, (gained − lost) / rows;
rows on which both agree say nothing of its sign. A rate is paired only if both versions share its denominator: that of
the positive predictive value is each version's own selected rows, so it has no paired cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.paired.cells import OTHER, PAIRED_RATES, PairedCells, paired_cells
    from hakari.statistics.paired.change import Change, DependentChange, PairedChange
    from hakari.statistics.paired.comparison import Comparison, compare
    from hakari.statistics.paired.harm import harm_levels, loss_p_values, mcnemar_p

__all__ = [
    "OTHER",
    "PAIRED_RATES",
    "Change",
    "Comparison",
    "DependentChange",
    "PairedCells",
    "PairedChange",
    "compare",
    "harm_levels",
    "loss_p_values",
    "mcnemar_p",
    "paired_cells",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "cells": ("OTHER", "PAIRED_RATES", "PairedCells", "paired_cells"),
        "change": ("Change", "DependentChange", "PairedChange"),
        "comparison": ("Comparison", "compare"),
        "harm": ("harm_levels", "loss_p_values", "mcnemar_p"),
    },
)
