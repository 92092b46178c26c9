"""Tabular: what `explanation.tabular` measures, puts to the test and writes into the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.tabular.measuring import measure_tabular
    from hakari.measures.explanation.tabular.parameters import TabularParameters

__all__ = ["TabularParameters", "measure_tabular"]

__getattr__, __dir__ = exports(__name__, {"measuring": ("measure_tabular",), "parameters": ("TabularParameters",)})
