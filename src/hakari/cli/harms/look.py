"""`hakari harms list` and `hakari harms show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import Message, say
from hakari.packs.harms.model import MODALITIES

if TYPE_CHECKING:
    from hakari.packs.harms import Harm, HarmLibrary

__all__ = ["harms", "modality_word", "row_of", "severity_word"]

harms = group("harms")


def modality_word(harm: Harm) -> Message:
    """Return the kind of system in words."""
    return say(f"harms.modality.{harm.modality}")


def severity_word(harm: Harm) -> Message:
    """Return how grave a harm is, in words."""
    return say(f"harms.severity.{harm.severity}")


@command("list", of=harms)
@click.option("--modality", type=click.Choice(MODALITIES), metavar="KIND")
def list_harms(session: Session, modality: str | None) -> None:
    """List the harms, by kind of system."""
    from hakari.packs.harms import load_harms

    library = load_harms()
    wanted = [harm for harm in library.harms if modality in (None, harm.modality)]
    if session.as_json:
        session.emit({"harms": [row_of(harm, session) for harm in wanted], "reference": library.reference})
        return
    counts = {"harms": len(library.harms), "incidents": len(library.incidents)}
    session.print(session.say("harms.list.head", reference=library.reference, **counts))
    for kind in MODALITIES:
        found = [harm for harm in wanted if harm.modality == kind]
        if found:
            session.print()
            session.print(click.style(session.text(modality_word(found[0])), bold=True))
            rows = [(harm.id, _line(harm, session)) for harm in found]
            session.lines(table(rows, session.width))


@command("show", of=harms)
@click.argument("harm", metavar="HARM")
def show(session: Session, harm: str) -> None:
    """Print one harm."""
    from hakari.assessment.manifest import nearest
    from hakari.packs.harms import load_harms

    library = load_harms()
    found = library.harm(harm)
    if found is None:
        near = nearest(harm, [item.id for item in library.harms])
        raise InputError(say("harms.show.unknown", harm=harm, nearest=near[:5]))
    if session.as_json:
        session.emit({**row_of(found, session), "text": session.pick(found.text), "motives": found.motives})
        return
    _print(found, library, session)


def row_of(harm: Harm, session: Session) -> dict[str, Any]:
    """Return a harm for machines."""
    return {
        "applies_when": harm.applies_when,
        "exposures": harm.exposures,
        "harm": harm.id,
        "kind": harm.kind,
        "modality": harm.modality,
        "requirements": harm.requirements,
        "reversible": harm.reversible,
        "severity": harm.severity,
        "sources": [source.id for source in harm.sources],
        "title": session.pick(harm.title),
        "who": session.pick(harm.who),
    }


def _line(harm: Harm, session: Session) -> str:
    return session.say("harms.list.line", title=dict(harm.title), severity=severity_word(harm))


def _print(harm: Harm, library: HarmLibrary, session: Session) -> None:
    kind = next(dict(kind.title) for kind in library.kinds if kind.id == harm.kind)
    exposures = [dict(exposure.title) for exposure in library.exposures if exposure.id in harm.exposures]
    motives = [dict(motive.title) for motive in library.motives if motive.id in harm.motives]
    session.print(click.style(session.pick(harm.title), bold=True))
    words = {"modality": modality_word(harm), "kind": kind, "severity": severity_word(harm)}
    session.print(session.say("harms.show.about", **words, reversible=say(f"harms.reversible.{harm.reversible}")))
    session.print()
    session.print(session.pick(harm.text))
    session.print()
    session.print(session.say("harms.show.who", who=dict(harm.who)))
    session.print(session.say("harms.show.exposures", exposures=exposures))
    if motives:
        session.print(session.say("harms.show.motives", motives=motives))
    session.print(session.say("harms.show.applies", rule=harm.applies_when))
    session.print(session.say("harms.show.requirements", requirements=list(harm.requirements)))
    session.print(session.say("harms.show.source", source=_source(harm, library)))


def _source(harm: Harm, library: HarmLibrary) -> Any:
    """Return title, publisher and place of the published source, or that a harm is our own."""
    if not harm.sources:
        return say("harms.own")
    source = next(item for item in library.sources if item.id == harm.sources[0].id)
    section = harm.sources[0].section
    return [dict(source.title), source.publisher, *([dict(section)] if section else [])]
