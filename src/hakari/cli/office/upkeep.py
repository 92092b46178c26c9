"""Checking, saving and restoring an installation."""

from __future__ import annotations

from pathlib import Path

import click

from hakari.cli._command import command
from hakari.cli.office.keys import public_half
from hakari.cli.office.site import at, in_folder, office, teller
from hakari.cli.terminal.layout import pad, paragraph, width_of
from hakari.cli.terminal.session import Session

__all__ = ["backup", "check", "restore"]


@command("check", of=office)
@in_folder
def check(session: Session, site: Path | None) -> int:
    """Look at an installation, and return 1 if something refuses production."""
    at(session, site)
    from hakari.office.desk.inspection import inspect

    found = inspect()
    bad = sum(item.status == "bad" for item in found)
    if session.as_json:
        session.emit({"findings": found, "ready": bad == 0})
        return 1 if bad else 0
    names = {item.subject: session.say(f"office.desk.subject.{item.subject}") for item in found}
    wide = max(map(width_of, names.values()))
    for item in found:
        shape, plain, colour = ("✓", "+", "green") if item.status == "good" else ("✗", "x", "red")
        lead = f"@ {pad(names[item.subject], wide)}  "
        lines = paragraph(session.text(item.told), session.width, first=lead, rest=" " * width_of(lead))
        session.lines(lines.replace("@", click.style(shape if session.unicode else plain, fg=colour, bold=True), 1))
    session.print()
    session.print(session.say("cli.office.refused" if bad else "cli.office.ready", n=bad))
    return 1 if bad else 0


@command("backup", of=office)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@in_folder
@click.option("--with-keys", is_flag=True)
def backup(session: Session, file: Path, site: Path | None, with_keys: bool) -> int:
    """Save everything into one file."""
    at(session, site)
    from hakari.office.desk.saving import save

    saved = save(session.path(file), with_keys=with_keys, tell=teller(session))
    if session.as_json:
        session.emit(saved)
        return 0
    told = session.say("cli.office.saved", rows=saved.rows, files=saved.files, events=saved.events)
    session.print(f"{session.shown(saved.path)}: {told}")
    session.print(session.say("cli.office.saved_keys" if with_keys else "cli.office.saved_no_keys"))
    return 0


@command("restore", of=office)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@in_folder
@click.option("--public", metavar="HEX")
def restore(session: Session, file: Path, site: Path | None, public: str | None) -> int:
    """Bring a backup back into an empty installation."""
    at(session, site)
    from hakari.office.desk.restoring import restore as bring_back

    half = public_half(public)
    found = bring_back(session.path(file), public=half, tell=teller(session))
    if session.as_json:
        session.emit(found)
        return 0
    told = session.say("cli.office.restored", rows=found.rows, files=found.files, events=found.events)
    session.print(told)
    compared = found.tables is not None
    key = "cli.office.restored_tables" if compared else "cli.office.restored_uncompared"
    session.print(session.say(key, n=found.tables or 0) if compared else session.say(key))
    if found.lost:
        session.print(session.say("cli.office.restored_lost"))
        for role, hexadecimal in found.lost.items():
            session.lines(f"  hakari office key renew {role} --lost DATE --public {hexadecimal}")
    return 0
