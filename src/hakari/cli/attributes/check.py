"""`hakari attributes check`: what the register lacks for the manifest in this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from hakari.cli._command import command
from hakari.cli.attributes.show import attributes, register_of
from hakari.cli.terminal.session import Session

__all__ = ["check"]


@command("check", of=attributes)
@click.option("--register", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
def check(session: Session, register: Path | None, as_of: datetime | None) -> int:
    """Compare the register with the manifest; 1 if something must be recorded or ended."""
    from hakari.assessment.attribute_use import review_register
    from hakari.assessment.manifest import load_manifest

    manifest = load_manifest(session.folder)
    model = manifest.subjects.get("model")
    today: date = datetime.now(UTC).date() if as_of is None else as_of.date()
    found = review_register(
        register_of(session, register),
        sensitive=manifest.columns.sensitive,
        features=() if model is None else model.features,
        today=today,
    )
    still_open = sum(finding.open for finding in found)
    if session.as_json:
        listed = [{"open": finding.open, "text": finding.message} for finding in found]
        session.emit({"findings": listed, "open": still_open})
        return 1 if still_open else 0
    head = (
        session.say("cli.attributes.check.open", n=still_open)
        if still_open
        else session.say("cli.attributes.check.none")
    )
    session.print(click.style(head, bold=True))
    for finding in sorted(found, key=lambda finding: not finding.open):
        mark = session.say(f"cli.attributes.check.{'must' if finding.open else 'note'}")
        session.print(f"{mark} {session.text(finding.message)}", first="  - ", rest="    ")
    session.print(session.say("cli.attributes.check.words"))
    return 1 if still_open else 0
