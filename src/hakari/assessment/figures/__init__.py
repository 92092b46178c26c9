"""Figures: what a check of the basis *count* reads from a record, made again from the cells of the record's tables.

A figure that is *read* is compared with its line as it stands in the record. A figure that is *derived* was computed
again from cells, so that a record whose figure and cells disagree is found out. On which of the two a verdict rests is
always said: `figure_lines` gives one line for each verdict of this basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.figures.derivation import derive_figure
    from hakari.assessment.figures.lines import FigureLine, figure_lines

__all__ = ["FigureLine", "derive_figure", "figure_lines"]

__getattr__, __dir__ = exports(__name__, {"derivation": ("derive_figure",), "lines": ("FigureLine", "figure_lines")})
