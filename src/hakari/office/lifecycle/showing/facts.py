"""Facts of the pinned packs: which are stated, where they are changed, and which rows they decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hakari.office.lifecycle.actions.opening import settled_tier
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.lifecycle.showing.values import fact_text
from hakari.packs import Pack, facts_used
from hakari.packs.model import FactDeclaration

__all__ = ["FactLine", "fact_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact that a pinned pack uses."""

    fact: FactDeclaration
    value: Any
    text: Any
    """The value for the filter `told`; None if nobody stated it."""
    of_prescan: bool
    """Whether it was stated in the notification and is changed there."""
    decides: int
    """How many requirements of this stage hang on it."""


def fact_lines(assessment: StageAssessment, packs: Sequence[Pack]) -> list[FactLine]:
    """Return every fact that the packs declare and use: those that decide most at this stage first."""
    declared: dict[str, FactDeclaration] = {}
    decides: dict[str, int] = {}
    for pack in packs:
        known = {fact.id: fact for fact in pack.facts}
        for requirement in pack.requirements:
            for name in facts_used(requirement):
                if name in known:
                    declared.setdefault(name, known[name])
                    decides[name] = decides.get(name, 0) + (assessment.stage in requirement.stages)
    settled = settled_tier(assessment.use_case, packs)
    lines = [
        FactLine(
            fact=fact,
            value=assessment.facts.get(name),
            text=fact_text(fact, assessment.facts.get(name)),
            of_prescan=name in assessment.use_case.facts or name in settled,
            decides=decides[name],
        )
        for name, fact in declared.items()
    ]
    return sorted(lines, key=lambda line: -line.decides)
