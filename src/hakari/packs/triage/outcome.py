"""Triage: from facts to a tier for each framework, with every reason, and the range while something is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.packs.expression import compile_expression
from hakari.packs.facts import stated
from hakari.packs.model import Pack
from hakari.packs.triage._decided import decided
from hakari.packs.triage.model import LEVELS, Level, PreScanQuestion, Role, Tier, TierRule, TriageRules
from hakari.packs.triage.prescan import Answers, facts_of, is_asked

__all__ = ["Framework", "PackTriage", "Reason", "Triage", "deciding_question", "triage"]

Framework = tuple[Pack, TriageRules]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule that holds, or may hold, and the facts by which it does."""

    rule: TierRule
    facts: Mapping[str, Any]
    """The stated facts that it reads."""
    unstated: tuple[str, ...] = ()
    """The facts on which it hangs; empty where it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTriage:
    """What one framework says."""

    pack: str
    """`name@version`."""
    applies: bool | None
    """Whether the framework is to be used at all; None while that is open."""
    lowest: Tier
    highest: Tier
    """The same as `lowest` once nothing is open that could raise it."""
    reasons: tuple[Reason, ...]
    """Rules that hold, those of the highest tier first."""
    open: tuple[Reason, ...]
    """Rules that would raise the tier if unstated facts turned out so."""
    roles: tuple[tuple[Role, bool | None], ...]
    """Roles that hold (True) or may hold (None)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What all frameworks say about one use case."""

    facts: Mapping[str, Any]
    packs: tuple[PackTriage, ...]
    lowest: Level
    highest: Level
    question: str | None
    """The pre-scan question that would decide it, if anything is open."""

    @property
    def decided(self) -> bool:
        """True if no answer that is still open could change a tier."""
        return all(item.applies is not None and item.lowest == item.highest for item in self.packs)


def triage(
    frameworks: Sequence[Framework],
    facts: Mapping[str, Any],
    *,
    prescan: Sequence[PreScanQuestion] = (),
    answers: Answers | None = None,
) -> Triage:
    """Return the tiers of a use case with these facts.

    With the pre-scan and its answers the result names the one open question that would decide most.
    """
    packs = tuple(_pack(pack, rules, facts) for pack, rules in frameworks)
    lowest, highest = _levels(packs)
    question = deciding_question(frameworks, facts, prescan, answers or {}) if prescan else None
    return Triage(facts=dict(facts), packs=packs, lowest=lowest, highest=highest, question=question)


def deciding_question(
    frameworks: Sequence[Framework], facts: Mapping[str, Any], prescan: Sequence[PreScanQuestion], answers: Answers
) -> str | None:
    """Return the open question whose answer leaves the least open in the worst case; None if nothing is open.

    A question is open if it is asked and has no answer or `unknown`. What is left open is counted in steps between the
    lowest and the highest level over all frameworks; ties go to the question that is asked first.
    """
    declared = tuple({fact.id: fact for pack, _ in frameworks for fact in pack.facts}.values())
    present = _width(frameworks, facts)
    if present == 0:
        return None
    best: tuple[int, int, str] | None = None
    for place, question in enumerate(prescan):
        if answers.get(question.id, "unknown") != "unknown" or not is_asked(question, facts, declared):
            continue
        widths = [
            _width(frameworks, {**facts, **facts_of(prescan, {**answers, question.id: choice.id}, declared)})
            for choice in question.choices
        ]
        candidate = (max(widths), sum(widths) * 1000 // len(widths) + place, question.id)
        if candidate[0] <= present and (best is None or candidate[:2] < best[:2]):
            best = candidate
    return None if best is None else best[2]


def _width(frameworks: Sequence[Framework], facts: Mapping[str, Any]) -> int:
    """Return how many steps are open, over all frameworks."""
    steps = 0
    for pack, rules in frameworks:
        found = _pack(pack, rules, facts)
        order = [tier.id for tier in rules.tiers]
        steps += order.index(found.highest.id) - order.index(found.lowest.id) + (found.applies is None)
    return steps


def _pack(pack: Pack, rules: TriageRules, facts: Mapping[str, Any]) -> PackTriage:
    applies = True if rules.applies_when is None else decided(rules.applies_when, pack.facts, facts)[0]
    order = {tier.id: place for place, tier in enumerate(rules.tiers)}
    holding: list[Reason] = []
    possible: list[Reason] = []
    for rule in rules.rules if applies is not False else ():
        value, unstated = decided(rule.when, pack.facts, facts)
        if value is not False:
            reason = Reason(rule=rule, facts=_read_by(rule, facts), unstated=() if value else unstated)
            (holding if value else possible).append(reason)
    lowest = max((order[reason.rule.tier] for reason in holding), default=0)
    highest = max((order[reason.rule.tier] for reason in possible), default=lowest)
    if applies is None:
        highest, lowest = max(lowest, highest), 0
    return PackTriage(
        pack=pack.reference,
        applies=applies,
        lowest=rules.tiers[lowest],
        highest=rules.tiers[max(lowest, highest)],
        reasons=tuple(sorted(holding, key=lambda reason: -order[reason.rule.tier])),
        open=tuple(reason for reason in possible if order[reason.rule.tier] > lowest),
        roles=tuple(_roles(pack, rules, facts)) if applies is not False else (),
    )


def _roles(pack: Pack, rules: TriageRules, facts: Mapping[str, Any]) -> list[tuple[Role, bool | None]]:
    found = [(role, decided(role.when, pack.facts, facts)[0]) for role in rules.roles]
    return [(role, value) for role, value in found if value is not False]


def _read_by(rule: TierRule, facts: Mapping[str, Any]) -> dict[str, Any]:
    known = stated(facts)
    return {name[0]: known[name[0]] for name in compile_expression(rule.when).names if name[0] in known}


def _levels(packs: Sequence[PackTriage]) -> tuple[Level, Level]:
    lowest = max((LEVELS.index(item.lowest.level) for item in packs), default=0)
    highest = max((LEVELS.index(item.highest.level) for item in packs), default=0)
    return LEVELS[lowest], LEVELS[max(lowest, highest)]
