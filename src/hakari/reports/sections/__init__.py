"""Sections of the page beside the requirements: who can be harmed, and where packs differ about the same evidence.

Each module turns one record of the assessment into a view with all text rendered, for a template of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.sections.harms import harm_view
    from hakari.reports.sections.packs_apart import conflict_view

__all__ = ["conflict_view", "harm_view"]

__getattr__, __dir__ = exports(__name__, {"harms": ("harm_view",), "packs_apart": ("conflict_view",)})
