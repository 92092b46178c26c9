"""Statistics: what a check may say of counts, and how often it may be wrong.

Pure functions of counts. A *tally* holds integer counts over cells; a *rate* is a quotient of two sums of them;
*limits* bound each group's number at any one-sided error; *contrasts* bound how far the groups lie apart; a *verdict*
reads the limits against a line. This floor knows no file, no data frame and no policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.bootstrap import DisplayInterval, percentile_interval, replicate_counts
    from hakari.statistics.confusion_matrix import Confusion, confusion
    from hakari.statistics.contrasts import method_for
    from hakari.statistics.limits import (
        ClopperPearson,
        ClusteredRates,
        Limits,
        WeightedRates,
        clopper_pearson,
        simultaneous,
    )
    from hakari.statistics.multiplicity import candidates_error, holm_levels, look_error
    from hakari.statistics.noise import noise_floor
    from hakari.statistics.rates import ALIASES, RATES, GroupRates, RateDefinition, group_rates, rate_definition
    from hakari.statistics.sample_size import RowsNeeded, rows_needed
    from hakari.statistics.smooth import SMOOTH_METRICS, SmoothMetric, smooth_limits, smooth_rates
    from hakari.statistics.streams import stream
    from hakari.statistics.studentised import StudentisedBootstrap, monte_carlo_error
    from hakari.statistics.tally import MISSING, Tally, Value, Weights
    from hakari.statistics.verdict import Decision, FiringLevels, Rule, Verdict, decide, firing_levels, plug_in

__all__ = [
    "ALIASES",
    "MISSING",
    "RATES",
    "SMOOTH_METRICS",
    "ClopperPearson",
    "ClusteredRates",
    "Confusion",
    "Decision",
    "DisplayInterval",
    "FiringLevels",
    "GroupRates",
    "Limits",
    "RateDefinition",
    "RowsNeeded",
    "Rule",
    "SmoothMetric",
    "StudentisedBootstrap",
    "Tally",
    "Value",
    "Verdict",
    "WeightedRates",
    "Weights",
    "candidates_error",
    "clopper_pearson",
    "confusion",
    "decide",
    "firing_levels",
    "group_rates",
    "holm_levels",
    "look_error",
    "method_for",
    "monte_carlo_error",
    "noise_floor",
    "percentile_interval",
    "plug_in",
    "rate_definition",
    "replicate_counts",
    "rows_needed",
    "simultaneous",
    "smooth_limits",
    "smooth_rates",
    "stream",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "bootstrap": ("DisplayInterval", "percentile_interval", "replicate_counts"),
        "confusion_matrix": ("Confusion", "confusion"),
        "contrasts": ("method_for",),
        "limits": (
            "ClopperPearson",
            "ClusteredRates",
            "Limits",
            "WeightedRates",
            "clopper_pearson",
            "simultaneous",
        ),
        "multiplicity": ("candidates_error", "holm_levels", "look_error"),
        "noise": ("noise_floor",),
        "rates": ("ALIASES", "RATES", "GroupRates", "RateDefinition", "group_rates", "rate_definition"),
        "sample_size": ("RowsNeeded", "rows_needed"),
        "smooth": ("SMOOTH_METRICS", "SmoothMetric", "smooth_limits", "smooth_rates"),
        "streams": ("stream",),
        "studentised": ("StudentisedBootstrap", "monte_carlo_error"),
        "tally": ("MISSING", "Tally", "Value", "Weights"),
        "verdict": ("Decision", "FiringLevels", "Rule", "Verdict", "decide", "firing_levels", "plug_in"),
    },
)
