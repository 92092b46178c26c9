"""Triage as data: a short pre-scan states facts, and each framework's rules turn facts into a tier with reasons.

Rules stand in a pack's `triage.yaml` beside worked examples that are run as tests. Nothing is decided on silence: while
facts are unknown the outcome is a range, with the one question that would settle it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.packs.triage.examples import (
        PRESCAN_PACK,
        example_facts,
        example_problems,
        prescan_questions,
        worked_examples,
    )
    from hakari.packs.triage.model import LEVELS, Level, PreScanQuestion, TriageRules
    from hakari.packs.triage.outcome import PackTriage, Reason, Triage, deciding_question, triage
    from hakari.packs.triage.prescan import facts_of, is_asked, next_question
    from hakari.packs.triage.reading import load_triage, read_triage, shipped_triage

__all__ = [
    "LEVELS",
    "PRESCAN_PACK",
    "Level",
    "PackTriage",
    "PreScanQuestion",
    "Reason",
    "Triage",
    "TriageRules",
    "deciding_question",
    "example_facts",
    "example_problems",
    "facts_of",
    "is_asked",
    "load_triage",
    "next_question",
    "prescan_questions",
    "read_triage",
    "shipped_triage",
    "triage",
    "worked_examples",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "examples": ("PRESCAN_PACK", "example_facts", "example_problems", "prescan_questions", "worked_examples"),
        "model": ("LEVELS", "Level", "PreScanQuestion", "TriageRules"),
        "outcome": ("PackTriage", "Reason", "Triage", "deciding_question", "triage"),
        "prescan": ("facts_of", "is_asked", "next_question"),
        "reading": ("load_triage", "read_triage", "shipped_triage"),
    },
)
