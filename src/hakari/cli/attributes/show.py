"""`hakari attributes show`: the register as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.session import Session

if TYPE_CHECKING:
    from hakari.assessment.attribute_use import Alternative, AttributeRegister, GroupThresholds

__all__ = ["attributes", "register_of"]

attributes = group("attributes")


def register_of(session: Session, register: Path | None) -> AttributeRegister:
    """Return the register that the person named, else the one that the manifest names, else the one beside it."""
    from hakari.assessment.attribute_use import REGISTER_NAME, load_register
    from hakari.assessment.manifest import MANIFEST_NAME, load_manifest

    if register is None and session.path(MANIFEST_NAME).is_file():
        named = load_manifest(session.folder).fairness
        register = None if named is None else Path(named)
    return load_register(session.path(register or REGISTER_NAME))


@command("show", of=attributes)
@click.option("--register", type=click.Path(path_type=Path), metavar="FILE")
def show(session: Session, register: Path | None) -> None:
    """Print the register of attribute use."""
    found = register_of(session, register)
    if session.as_json:
        session.emit(found)
        return
    _uses(found, session)
    _thresholds(found.thresholds, session)
    _alternatives(found.alternatives, session)


def _uses(found: AttributeRegister, session: Session) -> None:
    if not found.attributes:
        session.print(session.say("cli.attributes.show.no_attributes"))
    for attribute in found.attributes:
        session.print(click.style(attribute.title or attribute.column, bold=True))
        for use in attribute.uses:
            words = {"purpose": use.purpose, "legal_basis": use.legal_basis, "by": use.decided_by, "on": use.decided_on}
            kind = session.say(f"cli.attributes.use.{use.use}")
            session.print(session.say("cli.attributes.show.use", use=kind, **words), first="  - ", rest="    ")
            for key in ("until", "source", "kept_apart"):
                value = getattr(use, key)
                if value is not None:
                    told = session.say(f"cli.attributes.show.{key}", value=value)
                    session.print(told, first="    ", rest="    ")


def _thresholds(entries: tuple[GroupThresholds, ...], session: Session) -> None:
    session.print()
    session.print(click.style(session.say("cli.attributes.show.thresholds"), bold=True))
    if not entries:
        session.print(session.say("cli.attributes.show.no_thresholds"), first="  ", rest="  ")
    for entry in entries:
        words = {"name": entry.id, "columns": list(entry.columns), "why": entry.why, "legal_basis": entry.legal_basis}
        if entry.signed_off:
            signed = {"by": entry.signed_by, "on": entry.signed_on}
            told = session.say("cli.attributes.show.signed", **words, **signed)
        else:
            told = session.say("cli.attributes.show.unsigned", **words)
        session.print(told, first="  - ", rest="    ")
        if entry.until is not None:
            session.print(session.say("cli.attributes.show.until", value=entry.until), first="    ", rest="    ")


def _alternatives(entries: tuple[Alternative, ...], session: Session) -> None:
    session.print()
    session.print(click.style(session.say("cli.attributes.show.alternatives"), bold=True))
    if not entries:
        session.print(session.say("cli.attributes.show.no_alternatives"), first="  ", rest="  ")
    for entry in entries:
        words = {"what": entry.what, "why": entry.why, "by": entry.considered_by, "on": entry.considered_on}
        outcome = session.say(f"cli.attributes.outcome.{entry.outcome}")
        session.print(
            session.say("cli.attributes.show.alternative", outcome=outcome, **words), first="  - ", rest="    "
        )
        if entry.effect is not None:
            session.print(session.say("cli.attributes.show.effect", value=entry.effect), first="    ", rest="    ")
