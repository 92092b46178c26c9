"""`hakari harms project`: the four questions, and what the facts of the use case in this folder call up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command
from hakari.cli.harms.look import harms, modality_word, row_of, severity_word
from hakari.cli.terminal.session import Session
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.packs.harms import HarmLibrary, HarmMatch, IncidentMatch

__all__ = ["project"]


@command("project", of=harms)
@click.option("--incidents", type=click.Path(path_type=Path), metavar="FILE")
def project(session: Session, incidents: Path | None) -> None:
    """Put the four questions to the use case in this folder."""
    from hakari.assessment.manifest import load_manifest
    from hakari.packs.harms import match_incident, matching_harms
    from hakari.workflows.harm_mapping import HarmRoom

    manifest = load_manifest(session.folder)
    room = HarmRoom.of(session.folder, manifest, incidents=session.path(incidents) if incidents else None)
    library = room.library
    found = matching_harms(manifest.facts, library)
    told = [*library.incidents, *room.incidents]
    matched = [match_incident(incident, manifest.facts) for incident in told]
    near = [match for match in matched if match.matches is not False]
    if session.as_json:
        session.emit(_document(found, near, library, session))
        return
    certain = sum(match.certain for match in found)
    counts = {"certain": certain, "open": len(found) - certain}
    session.print(session.say("harms.project.head", use_case=manifest.use_case.id, **counts))
    _questions(found, library, session)
    _incidents(near, session)
    session.print()
    session.print(session.say("harms.project.next"))


def _questions(found: tuple[HarmMatch, ...], library: HarmLibrary, session: Session) -> None:
    """Print each question with its harms, those that certainly apply first."""
    from hakari.packs.harms import by_exposure

    groups = by_exposure(found)
    for exposure in library.exposures:
        session.print()
        session.print(click.style(session.pick(exposure.question), bold=True))
        session.print(session.pick(exposure.help))
        matches = sorted(groups[exposure.id], key=lambda match: not match.certain)
        if not matches:
            session.print(session.say("harms.project.none"), first="  - ", rest="    ")
        for match in matches:
            session.print(session.text(_sentence(match)), first=f"  - {match.harm.id}: ", rest="    ")


def _sentence(match: HarmMatch) -> Message:
    harm = match.harm
    words = {"title": dict(harm.title), "modality": modality_word(harm), "severity": severity_word(harm)}
    if match.certain:
        return say("harms.project.line", **words, who=dict(harm.who))
    return say("harms.project.open", **words, facts=list(match.unstated))


def _incidents(near: list[IncidentMatch], session: Session) -> None:
    if not near:
        return
    session.print()
    session.print(click.style(session.say("harms.project.incidents"), bold=True))
    for match in near:
        incident = match.incident
        words = {"date": incident.date, "title": dict(incident.title), "source": incident.source.title}
        if match.matches:
            told = session.say("harms.project.incident", **words, text=dict(incident.text))
        else:
            told = session.say("harms.project.incident_open", **words, facts=list(match.unstated))
        session.print(told, first="  - ", rest="    ")


def _document(
    found: tuple[HarmMatch, ...], near: list[IncidentMatch], library: HarmLibrary, session: Session
) -> dict[str, object]:
    return {
        "harms": [
            {**row_of(match.harm, session), "certain": match.certain, "unstated": match.unstated} for match in found
        ],
        "incidents": [
            {
                "certain": match.matches is True,
                "date": match.incident.date,
                "harm": match.incident.harm,
                "incident": match.incident.id,
                "source": match.incident.source.title,
                "title": session.pick(match.incident.title),
                "unstated": match.unstated,
            }
            for match in near
        ],
        "questions": {exposure.id: session.pick(exposure.question) for exposure in library.exposures},
        "reference": library.reference,
    }
