"""Whom a notice concerns, as plain data: parts of the company, tiers, and facts of use cases.

Facts are conditions `fact = value`: values of one fact are alternatives, different facts must all hold. A fact that
nobody has stated leaves it open, and who it may concern is told: silence is never taken for "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hakari.packs.facts import UNKNOWN

__all__ = ["Audience", "Condition", "conditions_on_offer"]

_LEVELS = ("low", "middle", "high", "stop")


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact and a value of it."""

    fact: str
    value: bool | str

    @property
    def code(self) -> str:
        """As it stands in a form: `personal_data=true`."""
        return f"{self.fact}={str(self.value).lower() if isinstance(self.value, bool) else self.value}"

    @property
    def expression(self) -> str:
        """As it stands in a pack."""
        value = str(self.value).lower() if isinstance(self.value, bool) else f"'{self.value}'"
        return f"{self.fact} == {value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a notice concerns. Empty parts do not narrow it: the empty audience is the whole company."""

    units: tuple[str, ...] = ()
    """Keys of units; everything below belongs to them."""
    levels: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Audience:
        """Return what `stored` wrote."""
        return cls(
            units=tuple(stored.get("units", ())),
            levels=tuple(stored.get("levels", ())),
            conditions=tuple(Condition(str(fact), value) for fact, value in stored.get("facts", ())),
        )

    @property
    def stored(self) -> dict[str, Any]:
        """Plain JSON, with the same rule as an expression for those who read packs."""
        return {
            "units": list(self.units),
            "levels": list(self.levels),
            "facts": [[item.fact, item.value] for item in self.conditions],
            "expression": self.expression,
        }

    @property
    def expression(self) -> str:
        """The conditions as packs write them; empty if there is none."""
        return " && ".join(
            "(" + " || ".join(item.expression for item in items) + ")" for items in self._by_fact().values()
        )

    @property
    def by_case(self) -> bool:
        """Whether it asks for use cases of a kind, and not for parts of the company as such."""
        return bool(self.levels or self.conditions)

    def fits(self, facts: Mapping[str, Any], lowest: str, highest: str) -> bool | None:
        """Return whether a use case with these facts and tier is meant; None if that is open."""
        parts = [self._fits_level(lowest, highest)]
        for fact, items in self._by_fact().items():
            value = facts.get(fact)
            open_ = value is None or value == UNKNOWN
            parts.append(None if open_ else value in {item.value for item in items})
        return False if False in parts else None if None in parts else True

    def covers(self, path: str, paths: Mapping[str, str]) -> bool:
        """Return whether a unit at `path` is meant; `paths` gives the paths of the units that are named."""
        return not self.units or any(path.startswith(paths[key]) for key in self.units if key in paths)

    def _fits_level(self, lowest: str, highest: str) -> bool | None:
        if not self.levels:
            return True
        if lowest not in _LEVELS or highest not in _LEVELS:
            return None
        span = _LEVELS[_LEVELS.index(lowest) : _LEVELS.index(highest) + 1]
        met = [level in self.levels for level in span]
        return True if all(met) else None if any(met) else False

    def _by_fact(self) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for item in self.conditions:
            found.setdefault(item.fact, []).append(item)
        return found


@cache
def conditions_on_offer() -> tuple[tuple[Mapping[str, str], tuple[tuple[Condition, Any], ...]], ...]:
    """Return the facts of the pre-scan that can be asked for: (title, [(condition, text of its value)])."""
    from hakari.messages import say
    from hakari.packs.triage import prescan_questions

    pack, questions = prescan_questions()
    stated = {name for question in questions for choice in question.choices for name in choice.facts}
    found = []
    for fact in pack.facts:
        if fact.id not in stated:
            continue
        values: Iterable[tuple[bool | str, Any]] = ()
        if fact.type == "boolean":
            values = ((True, say("office.information.yes")), (False, say("office.information.no")))
        elif fact.type == "choice":
            values = tuple((choice.id, choice.title or {}) for choice in fact.choices)
        offered = tuple((Condition(fact.id, value), text) for value, text in values)
        if offered:
            found.append((fact.title, offered))
    return tuple(found)
