"""Worked examples: the rules of a pack against use cases whose tier was written down before the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from hakari.messages import Message, say
from hakari.packs.loader import list_packs, load_pack
from hakari.packs.model import Pack
from hakari.packs.triage.model import Example, PreScanQuestion, TriageRules
from hakari.packs.triage.outcome import triage
from hakari.packs.triage.prescan import facts_of
from hakari.packs.triage.reading import load_triage, shipped_triage

__all__ = ["PRESCAN_PACK", "example_facts", "example_problems", "prescan_questions", "worked_examples"]

PRESCAN_PACK = "ai-ethics-core"
"""The pack whose pre-scan is asked."""


@cache
def prescan_questions() -> tuple[Pack, tuple[PreScanQuestion, ...]]:
    """Return the pack whose facts all frameworks use, and the questions that state them."""
    pack = load_pack(PRESCAN_PACK)
    rules = load_triage(PRESCAN_PACK, pack)
    assert rules is not None
    return pack, rules.prescan


def example_facts(example: Example) -> dict[str, Any]:
    """Return the facts of an example: what its answers to the pre-scan state, and what stands beside them.

    Raises:
        InputError: an answer that the pre-scan does not have.
    """
    pack, questions = prescan_questions()
    return {**facts_of(questions, example.answers, pack.facts), **example.facts}


def worked_examples() -> tuple[tuple[Example, dict[str, Any]], ...]:
    """Return the worked examples of the shipped packs with their facts."""
    return tuple(
        (example, example_facts(example))
        for _, rules in shipped_triage(list_packs(versions=False))
        for example in rules.examples
    )


def example_problems(pack: Pack, rules: TriageRules) -> tuple[Message, ...]:
    """Return one message for each example about which the rules say something else."""
    return tuple(problem for example in rules.examples for problem in _problems(pack, rules, example))


def _problems(pack: Pack, rules: TriageRules, example: Example) -> Iterator[Message]:
    (found,) = triage([(pack, rules)], example_facts(example)).packs
    if (found.lowest.id, found.highest.id) != (example.tier, example.tier):
        yield _differs(example, "tier", [example.tier], sorted({found.lowest.id, found.highest.id}))
    leading = [reason.rule.id for reason in found.reasons if reason.rule.tier == example.tier]
    if not set(example.rules) <= set(leading):
        yield _differs(example, "rules", example.rules, leading)
    roles = [role.id for role, _ in found.roles]
    if sorted(example.roles) != sorted(roles):
        yield _differs(example, "roles", example.roles, roles)


def _differs(example: Example, what: str, expected: Sequence[str], found: Sequence[str]) -> Message:
    return say("packs.triage.example", example=example.id, what=what, expected=list(expected), found=list(found) or "–")
