"""`hakari except`: accept a requirement, with its bounds, until a date. Signed, never by who made the evidence."""

from __future__ import annotations

from pathlib import Path

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps

__all__ = ["except_"]


@command("except")
@click.argument("requirement", metavar="REQUIREMENT")
@click.option("--reason", required=True)
@click.option("--until", required=True, metavar="DATE")
@click.option("--condition", required=True)
@click.option("--by", required=True)
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--encoding")
def except_(
    session: Session,
    requirement: str,
    reason: str,
    until: str,
    condition: str,
    by: str,
    key: Path | None,
    encoding: str | None,
) -> None:
    """Sign and keep an acceptance."""
    from hakari.assessment.quantity import scale_of
    from hakari.assessment.reasons import check_name
    from hakari.evidence import load_key
    from hakari.workflows.accept import Acceptance, accept_requirement
    from hakari.workflows.project import open_project
    from hakari.workflows.settings import Clock, default_key_path

    signing = load_key(default_key_path() if key is None else session.path(key))
    given = Acceptance(requirement=requirement, reason=reason, until=until, condition=condition, by=by)
    with Steps(session) as steps:
        project = open_project(session.folder, encoding=encoding, progress=steps.tell)
        accepted = accept_requirement(project, given, key=signing, clock=Clock.read())
    made = accepted.exception
    if session.as_json:
        session.emit({"exception": made, "notices": accepted.notices, "path": accepted.path})
        return
    session.print(session.say("cli.except.accepted", title=accepted.title, by=made.by, until=made.until))
    for check, bound in made.bounds.items():
        planned = next(item for item in accepted.plan.checks if item.id == check)
        told = session.say("cli.except.bound", name=check_name(planned), bound=scale_of(planned).say(bound))
        session.print(told, first="  - ", rest="    ")
    session.print(session.say("cli.except.condition", condition=made.condition))
    session.lines(session.say("cli.except.kept", path=session.shown(accepted.path)))
    for notice in accepted.notices:
        session.print(session.text(notice), first="- ", rest="  ")
    session.print(session.say("cli.except.next"))
