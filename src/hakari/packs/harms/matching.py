"""Which harms and incidents a use case with given facts should think of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hakari.packs.applicability import condition
from hakari.packs.facts import check_fact_values, stated
from hakari.packs.harms.model import EXPOSURES, Exposure, Harm, HarmLibrary, Incident

__all__ = ["HarmMatch", "IncidentMatch", "by_exposure", "fitting_facts", "match_incident", "matching_harms"]


@dataclass(frozen=True, slots=True)
class HarmMatch:
    """A harm to think of; `certain` is False while that hangs on facts that nobody has stated."""

    harm: Harm
    certain: bool
    unstated: tuple[str, ...] = ()
    """The facts on which it hangs, in the order of the pack."""


@dataclass(frozen=True, slots=True)
class IncidentMatch:
    """How an incident compares with a use case, fact by fact."""

    incident: Incident
    matches: bool | None
    """None: no fact differs, but some are not stated."""
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


def matching_harms(facts: Mapping[str, Any], library: HarmLibrary | None = None) -> tuple[HarmMatch, ...]:
    """Return the harms that apply to a use case with these `facts` or may do so, in the order of the library.

    As in `applies`, a fact that is absent, None or `unknown` never counts as "no". Facts that the library does not know
    are left alone: another pack may have declared them.

    Raises:
        InputError: a fact that a condition reads does not fit its declaration.
    """
    if library is None:
        from hakari.packs.harms.reading import load_harms

        library = load_harms()
    found = [(harm, condition(harm.applies_when, facts, library.pack)) for harm in library.harms]
    return tuple(
        HarmMatch(harm, outcome.applies is True, outcome.unstated)
        for harm, outcome in found
        if outcome.applies is not False
    )


def fitting_facts(facts: Mapping[str, Any], library: HarmLibrary) -> dict[str, Any]:
    """Return the stated `facts` that the library knows and whose values fit its declarations.

    Another pack may declare a fact of the same name with other values; to the library such a fact is not stated.
    """
    known = {fact.id for fact in library.pack.facts}
    given = {name: value for name, value in stated(facts).items() if name in known}
    return {name: value for name, value in given.items() if not check_fact_values(library.pack, {name: value})}


def match_incident(incident: Incident, facts: Mapping[str, Any]) -> IncidentMatch:
    """Compare what was true of the system in an incident with the `facts` of a use case.

    It matches if every fact of the incident is stated and the same, and does not if one of them differs.
    """
    given = stated(facts)
    unstated = tuple(name for name in incident.facts if name not in given)
    different = tuple(name for name, value in incident.facts.items() if name in given and given[name] != value)
    same = tuple(name for name, value in incident.facts.items() if name in given and given[name] == value)
    matches = False if different else None if unstated else True
    return IncidentMatch(incident, matches, same, different, unstated)


def by_exposure(matches: Iterable[HarmMatch]) -> dict[Exposure, tuple[HarmMatch, ...]]:
    """Return the matches under each of the four exposures, in their order; a harm stands under each of its own."""
    kept = tuple(matches)
    return {exposure: tuple(match for match in kept if exposure in match.harm.exposures) for exposure in EXPOSURES}
