"""The budget of questions: what a use case may cost the people who answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.messages import Message, say
from hakari.packs.model import Pack
from hakari.packs.overview.asking import AskedQuestion, questions_asked

__all__ = ["BUDGET", "MOST_AT_ONCE", "Budget", "count_budget", "worked_cases", "worst_budgets"]

BUDGET: Mapping[str, int] = {"low": 12, "middle": 25, "high": 60, "stop": 60}
"""Questions in all stages together, by tier."""
MOST_AT_ONCE = 20
"""Questions for one role at one stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a use case costs at most."""

    tier: str
    questions: tuple[AskedQuestion, ...]

    @property
    def minutes(self) -> int:
        """Minutes that the packs foresee."""
        return sum(item.question.minutes for item in self.questions)

    @property
    def by_role(self) -> Mapping[tuple[str, str], int]:
        """(stage, role) → questions."""
        return Counter((item.stage, item.role) for item in self.questions)

    @property
    def problems(self) -> tuple[Message, ...]:
        """What breaks the budget, in words."""
        found = []
        limit = BUDGET[self.tier]
        if len(self.questions) > limit:
            found.append(say("packs.budget.total", tier=self.tier, count=len(self.questions), limit=limit))
        for (stage, role), count in sorted(self.by_role.items()):
            if count > MOST_AT_ONCE:
                found.append(say("packs.budget.role", role=role, stage=stage, count=count, limit=MOST_AT_ONCE))
        return tuple(found)


def worked_cases(packs: Sequence[Pack]) -> tuple[tuple[str, Mapping[str, Any], str], ...]:
    """Return the worked examples of the shipped packs as (id, facts, tier on the office's scale over `packs`)."""
    from hakari.packs.triage import shipped_triage, triage, worked_examples

    frameworks = shipped_triage(packs)
    return tuple((example.id, facts, triage(frameworks, facts).highest) for example, facts in worked_examples())


def count_budget(packs: Sequence[Pack], facts: Mapping[str, Any], *, tier: str, day: str | None = None) -> Budget:
    """Return what all packs together ask of a use case with these facts, `tier` among them."""
    return Budget(tier=tier, questions=questions_asked(packs, {**facts, "tier": tier}, day=day))


def worst_budgets(packs: Sequence[Pack]) -> tuple[Budget, ...]:
    """Return the most expensive worked use case of each tier, lowest tier first."""
    worst: dict[str, Budget] = {}
    for _, facts, tier in worked_cases(packs):
        counted = count_budget(packs, facts, tier=tier)
        if tier not in worst or _cost(counted) > _cost(worst[tier]):
            worst[tier] = counted
    return tuple(worst[tier] for tier in BUDGET if tier in worst)


def _cost(budget: Budget) -> tuple[int, int]:
    return len(budget.problems), len(budget.questions)
