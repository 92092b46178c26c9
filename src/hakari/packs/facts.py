"""Facts about a use case: what is stated, and whether it fits its declaration."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from hakari.messages import Message, in_one_line, say
from hakari.packs.expression import Name
from hakari.packs.model import FactDeclaration, Pack

__all__ = ["UNKNOWN", "check_fact_values", "domains", "stated"]

UNKNOWN = "unknown"
"""What a person says who does not know; the same as saying nothing."""
_LONGEST_TEXT = 10_000


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that somebody has stated: neither None nor `unknown`."""
    return {name: value for name, value in facts.items() if value is not None and value != UNKNOWN}


def check_fact_values(pack: Pack, facts: Mapping[str, Any]) -> tuple[Message, ...]:
    """Return one message for each fact that `pack` does not declare or whose value does not fit its declaration."""
    declared = {fact.id: fact for fact in pack.facts}
    return tuple(in_one_line(problem) for problem in _problems(declared, facts, pack.reference))


def domains(facts: Iterable[FactDeclaration]) -> dict[Name, tuple[Any, ...]]:
    """Return all values of each fact that has finitely many."""
    found: dict[Name, tuple[Any, ...]] = {}
    for fact in facts:
        if fact.type == "boolean":
            found[(fact.id,)] = (False, True)
        elif fact.type == "choice":
            found[(fact.id,)] = tuple(choice.id for choice in fact.choices)
    return found


def _problems(declared: Mapping[str, FactDeclaration], facts: Mapping[str, Any], pack: str) -> Iterator[Message]:
    from difflib import get_close_matches

    for name in facts:
        if name not in declared:
            nearest = get_close_matches(name, declared, n=1) or sorted(declared) or "–"
            yield say("packs.fact.undeclared", fact=name, pack=pack, nearest=nearest)
    for name, value in stated(facts).items():
        fact = declared.get(name)
        if fact is None:
            continue
        if fact.type == "choice":
            allowed = [choice.id for choice in fact.choices]
            if value not in allowed:
                nearest = get_close_matches(str(value), allowed, n=1) or allowed
                yield say("packs.fact.choice_unknown", fact=name, value=str(value)[:60], nearest=nearest)
        elif not _fits(fact.type, value):
            yield say(f"packs.fact.type.{fact.type}", fact=name, value=str(value)[:60])


def _fits(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "text":
        return isinstance(value, str) and len(value) <= _LONGEST_TEXT
    if isinstance(value, date):
        return True
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
