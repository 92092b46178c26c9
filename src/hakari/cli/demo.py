"""`hakari demo`: the mortgage example from its training script to a checked bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps

if TYPE_CHECKING:
    from hakari.workflows.demo import DemoRun

__all__ = ["demo"]


@command("demo")
@click.option("--folder", "where", type=click.Path(path_type=Path), metavar="FOLDER", default=Path("hakari-demo"))
@click.option("--tamper", is_flag=True)
def demo(session: Session, where: Path, tamper: bool) -> int:
    """Run the demo; with `tamper`, show what verification says about one changed count."""
    from hakari.workflows.demo import run_demo
    from hakari.workflows.settings import Clock

    with Steps(session) as steps:
        run = run_demo(session.path(where), clock=Clock.read(), tampering=tamper, progress=steps)
    caught = run.tampered_verification is None or not run.tampered_verification.ok
    if session.as_json:
        _emit(run, session)
    else:
        _show(run, session)
    return 0 if run.verification.ok and caught else 1


def _emit(run: DemoRun, session: Session) -> None:
    from hakari.cli.terminal.formats import result_document

    document = result_document(run.run.case, session, bundle=run.run.bundle, reports=dict(run.run.reports))
    document["verification"] = {"levels": run.verification.levels, "ok": run.verification.ok}
    if run.tampered is not None and run.tampered_verification is not None:
        found = run.tampered_verification
        document["tampered"] = {"change": run.tampered, "levels": found.levels, "ok": found.ok}
    session.emit(document)


def _show(run: DemoRun, session: Session) -> None:
    from hakari.cli.terminal.result import result_text
    from hakari.cli.verify import show_verification

    session.lines(run.training)
    session.print()
    session.lines(result_text(run.run.case, session))
    session.print()
    _heading("cli.demo.verified", session)
    show_verification(run.verification, session)
    if run.tampered is not None and run.tampered_verification is not None:
        change = run.tampered
        session.print()
        _heading("cli.demo.tampered", session)
        told = session.say("cli.demo.change", cell=change.cell, before=change.before, after=change.after)
        session.print(told)
        session.lines(session.say("cli.verify.bundle", path=session.shown(change.bundle)))
        show_verification(run.tampered_verification, session)
    session.print()
    report = run.run.reports.get(session.language) or next(iter(run.run.reports.values()))
    session.lines(session.say("cli.assess.bundle", path=session.shown(run.run.bundle)))
    session.lines(session.say("cli.assess.report", path=session.shown(report)))
    if run.tampered is None:
        session.print(session.say("cli.demo.next", folder=session.shown(run.folder)))


def _heading(key: str, session: Session) -> None:
    session.lines(click.style(session.say(key), bold=True))
