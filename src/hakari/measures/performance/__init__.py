"""Performance: how often a system's output agrees with the labels, over all rows and in each group.

*Rates* (accuracy, precision, recall, specificity) are counts over counts and have exact intervals. *Smooth* metrics
(F1, balanced accuracy, AUC, Brier score, calibration error) are not, and have bootstrap intervals that say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.performance.classification import ClassificationParameters, measure_classification

__all__ = ["ClassificationParameters", "measure_classification"]

__getattr__, __dir__ = exports(__name__, {"classification": ("ClassificationParameters", "measure_classification")})
