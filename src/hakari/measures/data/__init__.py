"""Data: what a table holds before anything is learnt or tested on it.

Everything here is an exact count of one file: rows, gaps, repeats, columns that never change, name single rows or give
the label away, sizes of groups, and what the tested rows share with the training rows. Only the label rates of groups
are estimates about a population, and only they have a confidence interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.data.profile import ProfileParameters, measure_profile

__all__ = ["ProfileParameters", "measure_profile"]

__getattr__, __dir__ = exports(__name__, {"profile": ("ProfileParameters", "measure_profile")})
