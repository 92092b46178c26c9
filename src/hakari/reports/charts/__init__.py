"""Charts: what an audit found, as figures that everybody can read: title, sentence, picture and table say the same.

A *chart* takes numbers that are already there and words of the catalogue; it computes nothing but places. Each picture
comes in two widths. Nothing is told by colour alone: groups differ by place, shape, dashes and words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.charts.calibration import Bin, calibration_figure
    from hakari.reports.charts.crossing import crossing_figure
    from hakari.reports.charts.ratios import ratios_figure
    from hakari.reports.charts.readings import Reading
    from hakari.reports.charts.small_multiples import RatePanel, rates_figure
    from hakari.reports.charts.thresholds import Curve, thresholds_figure
    from hakari.reports.charts.versions import ChangePanel, versions_figure

__all__ = [
    "Bin",
    "ChangePanel",
    "Curve",
    "RatePanel",
    "Reading",
    "calibration_figure",
    "crossing_figure",
    "rates_figure",
    "ratios_figure",
    "thresholds_figure",
    "versions_figure",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "calibration": ("Bin", "calibration_figure"),
        "crossing": ("crossing_figure",),
        "ratios": ("ratios_figure",),
        "readings": ("Reading",),
        "small_multiples": ("RatePanel", "rates_figure"),
        "thresholds": ("Curve", "thresholds_figure"),
        "versions": ("ChangePanel", "versions_figure"),
    },
)
