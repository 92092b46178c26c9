"""Classes of groups: decisions among several classes, compared between groups.

Where a system gives one of several classes (a job family, a tariff, a language), no class is the positive one. Each is
looked at by itself, and the averages over classes beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.classes.measure import ClassesParameters, measure_classes

__all__ = ["ClassesParameters", "measure_classes"]

__getattr__, __dir__ = exports(__name__, {"measure": ("ClassesParameters", "measure_classes")})
