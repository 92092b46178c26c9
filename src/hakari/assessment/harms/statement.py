"""The statement: a mapping joined with what the facts call up, so that what nobody answered is seen as open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hakari.assessment.harms.model import HarmAnswer, HarmLine, HarmMap, HarmStatement, IncidentLine
from hakari.packs.harms import (
    Harm,
    HarmLibrary,
    HarmMatch,
    Incident,
    IncidentMatch,
    fitting_facts,
    match_incident,
    matching_harms,
)

__all__ = ["make_statement"]


def make_statement(
    found: HarmMap, facts: Mapping[str, Any], library: HarmLibrary, *, incidents: Iterable[Incident] = ()
) -> HarmStatement:
    """Return what is known about who can be harmed in a use case with these `facts`.

    Harms come in the order of the library, those that certainly apply first and those that hang on facts last; a harm
    that somebody mapped although the facts do not call it up is kept, as are harms in own words. `incidents` are the
    company's own; those of the library are added. An incident of which one fact differs is left out.
    """
    given = fitting_facts(facts, library)
    matches = {match.harm.id: match for match in matching_harms(given, library)}
    lines = [_line(harm, matches.get(harm.id), found.harms.get(harm.id)) for harm in library.harms]
    kept = [line for line in lines if line.called or line.answer is not None]
    kept += [_own(name, answer) for name, answer in found.harms.items() if library.harm(name) is None]
    told = [(incident, False) for incident in library.incidents] + [(incident, True) for incident in incidents]
    met = [(match_incident(incident, given), own) for incident, own in told]
    return HarmStatement(
        library=library.reference,
        digest=library.digest,
        exposures=dict(found.exposures),
        asked={kind.id: kind.requirements for kind in library.exposures if kind.requirements},
        asked_by=library.asked_by,
        harms=tuple(sorted(kept, key=_place)),
        incidents=tuple(
            sorted((_incident(match, own) for match, own in met if match.matches is not False), key=_certain_first)
        ),
    )


def _line(harm: Harm, match: HarmMatch | None, answer: HarmAnswer | None) -> HarmLine:
    return HarmLine(
        harm=harm.id,
        title=dict(harm.title),
        who=dict(harm.who),
        severity=harm.severity,
        exposures=answer.exposures if answer is not None and answer.exposures else harm.exposures,
        requirements=harm.requirements,
        called=match is not None,
        certain=match is not None and match.certain,
        unstated=() if match is None else match.unstated,
        answer=answer,
    )


def _own(name: str, answer: HarmAnswer) -> HarmLine:
    """A harm in own words: it was thought of for this use case, so no fact calls it up."""
    return HarmLine(harm=name, exposures=answer.exposures, called=False, certain=False, answer=answer)


def _incident(match: IncidentMatch, own: bool) -> IncidentLine:
    incident = match.incident
    source = " · ".join(part for part in (incident.source.title, incident.source.publisher) if part)
    return IncidentLine(
        incident=incident.id,
        harm=incident.harm,
        exposure=incident.exposure,
        title=dict(incident.title),
        text=dict(incident.text),
        date=incident.date,
        dated=incident.dated,
        source=source,
        own=own,
        certain=match.matches is True,
        unstated=match.unstated,
    )


def _place(line: HarmLine) -> int:
    """What applies, then what somebody answered, then what hangs on facts."""
    return 0 if line.certain else 1 if line.answer is not None else 2


def _certain_first(line: IncidentLine) -> bool:
    return not line.certain
