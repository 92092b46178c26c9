"""Over several packs at once: what is asked of whom, what it costs, and how requirements relate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.packs.overview.asking import STAGES, AskedQuestion, answering, asking_at, questions_asked
    from hakari.packs.overview.budget import BUDGET, MOST_AT_ONCE, Budget, count_budget, worked_cases, worst_budgets
    from hakari.packs.overview.crosswalk import (
        Conflict,
        Link,
        Served,
        conflicts,
        coverage,
        links_of,
        served_by,
        unknown_targets,
    )

__all__ = [
    "BUDGET",
    "MOST_AT_ONCE",
    "STAGES",
    "AskedQuestion",
    "Budget",
    "Conflict",
    "Link",
    "Served",
    "answering",
    "asking_at",
    "conflicts",
    "count_budget",
    "coverage",
    "links_of",
    "questions_asked",
    "served_by",
    "unknown_targets",
    "worked_cases",
    "worst_budgets",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "asking": ("STAGES", "AskedQuestion", "answering", "asking_at", "questions_asked"),
        "budget": ("BUDGET", "MOST_AT_ONCE", "Budget", "count_budget", "worked_cases", "worst_budgets"),
        "crosswalk": (
            "Conflict",
            "Link",
            "Served",
            "conflicts",
            "coverage",
            "links_of",
            "served_by",
            "unknown_targets",
        ),
    },
)
