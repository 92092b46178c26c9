"""The harm mapping of a project: its file, what is recorded in it, and the statement that becomes evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.workflows.harm_mapping.room import HARMS_FILE, HarmRoom
    from hakari.workflows.harm_mapping.stating import statement_evidence

__all__ = ["HARMS_FILE", "HarmRoom", "statement_evidence"]

__getattr__, __dir__ = exports(__name__, {"room": ("HARMS_FILE", "HarmRoom"), "stating": ("statement_evidence",)})
