"""`hakari assess`: measure what the plan names, judge it, seal the case, and say what is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps

if TYPE_CHECKING:
    from datetime import datetime

    from hakari.assessment.model import GateMode, GateResult
    from hakari.workflows.assess import AssessRun

__all__ = ["assess", "exit_code"]


@command("assess")
@click.option("--gate", "mode", type=click.Choice(["advisory", "regression", "full"]))
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "gitlab", "junit"]))
@click.option("--encoding")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--out", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--set-baseline", is_flag=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
def assess(
    session: Session,
    mode: str | None,
    form: str | None,
    encoding: str | None,
    key: Path | None,
    out: Path | None,
    set_baseline: bool,
    as_of: datetime | None,
) -> int:
    """Assess the project and return the exit code of its gate."""
    from hakari.workflows.assess import assess_project
    from hakari.workflows.project import open_project
    from hakari.workflows.settings import Clock, find_key
    from hakari.workflows.store import Store

    clock = Clock.read()
    signing = find_key(None if key is None else session.path(key))
    with Steps(session) as steps:
        project = open_project(session.folder, encoding=encoding, progress=steps.tell)
        run = assess_project(
            project,
            clock=clock,
            key=signing,
            mode=cast("GateMode | None", mode),
            as_of=None if as_of is None else as_of.date(),
            out=None if out is None else session.path(out),
            progress=steps,
        )
        if set_baseline:
            Store(project.folder).save_accepted(run.assessment)
    _show(run, "json" if session.as_json else form or "text", session, baseline=set_baseline)
    return exit_code(run.assessment.gate)


def exit_code(gate: GateResult) -> int:
    """Return 0 if the gate holds, 3 if it does not and nothing is shown to be not met, else 1."""
    if gate.holds:
        return 0
    return 3 if gate.only_open else 1


def _show(run: AssessRun, form: str, session: Session, *, baseline: bool) -> None:
    from hakari.cli.terminal.formats import FORMATS, result_document
    from hakari.cli.terminal.result import result_text

    if form == "json":
        files = {"bundle": run.bundle, "reports": dict(run.reports), "reused": run.reused}
        session.emit(result_document(run.case, session, **files, plan_written_now=run.plan_written_now))
        return
    if form in FORMATS:
        session.lines(FORMATS[form](run.case, session))
        return
    session.lines(result_text(run.case, session))
    session.print()
    report = run.reports.get(session.language) or next(iter(run.reports.values()))
    session.lines(session.say("cli.assess.bundle", path=session.shown(run.bundle)))
    session.lines(session.say("cli.assess.report", path=session.shown(report)))
    if run.reused:
        session.print(session.say("cli.assess.reused", n=run.reused))
    if run.plan_written_now:
        session.print(session.say("cli.assess.plan_written"))
    if baseline:
        session.print(session.say("cli.assess.baseline"))
