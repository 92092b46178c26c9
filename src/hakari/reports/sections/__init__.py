"""Sections of the page beside the requirements: who can be harmed, what one person is told, where packs differ.

Each module turns one record of the assessment into a view with all text rendered, for a template of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.sections.explanation import explanation_view
    from hakari.reports.sections.harms import harm_view
    from hakari.reports.sections.notice import notice_section
    from hakari.reports.sections.packs_apart import conflict_view

__all__ = ["conflict_view", "explanation_view", "harm_view", "notice_section"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "explanation": ("explanation_view",),
        "harms": ("harm_view",),
        "notice": ("notice_section",),
        "packs_apart": ("conflict_view",),
    },
)
