"""One rule, decided by the facts that it reads; remembered, because the same rules are asked again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from hakari.packs.expression import Name, compile_expression, evaluate
from hakari.packs.facts import domains, stated
from hakari.packs.model import FactDeclaration

__all__ = ["decided"]


def decided(
    source: str, declared: Iterable[FactDeclaration], facts: Mapping[str, Any]
) -> tuple[bool | None, tuple[str, ...]]:
    """Return what a rule gives, None while it is open, and the facts on which it then hangs."""
    names = compile_expression(source).names
    known, possible = stated(facts), domains(fact for fact in declared if (fact.id,) in names)
    read = tuple((name, known[name[0]]) for name in names if name[0] in known)
    return _evaluated(source, read, tuple(possible.items()))


@lru_cache(maxsize=20_000)
def _evaluated(
    source: str, values: tuple[tuple[Name, Any], ...], possible: tuple[tuple[Name, tuple[Any, ...]], ...]
) -> tuple[bool | None, tuple[str, ...]]:
    outcome = evaluate(compile_expression(source), dict(values), dict(possible))
    return outcome.value, tuple(name[0] for name in outcome.open_names)
