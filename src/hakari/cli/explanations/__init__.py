"""Explanations on the command line: what moved the model's result for one row, for engineers."""

from __future__ import annotations

from hakari.cli.explanations.row import explain

__all__ = ["explain"]
