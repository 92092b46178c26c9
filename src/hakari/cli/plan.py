"""`hakari plan`: fix what will be measured and judged, before any number is seen; `--power` says what rows it needs."""

from __future__ import annotations

import click

from hakari.assessment.model import Plan
from hakari.cli._command import command
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.power import show_power
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.errors import InputError
from hakari.messages import Message, say

__all__ = ["plan"]


@command("plan")
@click.option("--encoding")
@click.option("--power", is_flag=True)
@click.option("--expect", multiple=True, metavar="METRIC=RATE")
@click.option("--groups", type=int, metavar="NUMBER")
def plan(session: Session, encoding: str | None, power: bool, expect: tuple[str, ...], groups: int | None) -> None:
    """Write the plan and show it; with `--power` write nothing and show how many rows each group needs."""
    if power:
        show_power(session, expect, groups, encoding)
        return
    if expect or groups is not None:
        raise InputError(say("cli.power.without"))
    from hakari.workflows.plan import plan_project
    from hakari.workflows.project import open_project

    with Steps(session) as steps:
        project = open_project(session.folder, encoding=encoding, progress=steps.tell)
        steps.tell(say("cli.plan.planning"))
        run = plan_project(project)
    if session.as_json:
        document = {"digest": run.digest, "path": run.path, "plan": run.plan, "replaced": run.replaced}
        session.emit({**document, "notices": [session.text(notice) for notice in project.notices]})
        return
    session.print(
        session.say("cli.plan.replaced" if run.replaced else "cli.plan.written", path=session.shown(run.path))
    )
    show_plan(run.plan, run.digest, session)
    for notice in project.notices:
        session.print(session.text(notice), first="- ", rest="  ")
    session.print()
    session.print(session.say("cli.plan.next"))


def show_plan(plan: Plan, digest: str, session: Session) -> None:
    """Print digest, groups, checks and warnings of a plan."""
    from hakari.assessment.reasons import stage_word

    session.print(session.say("cli.plan.digest", digest=digest))
    session.print(
        session.say(
            "cli.plan.counts",
            checks=len(plan.checks),
            measurements=len(plan.measurements),
            family=plan.family,
            stage=stage_word(plan.stage),
        )
    )
    if plan.groups:
        session.print()
        session.print(session.say("cli.plan.groups"))
        rows = [(column, _levels(levels, session)) for column, levels in plan.groups.items()]
        session.lines(table(rows, session.width))
    _show_checks(plan, session)
    if plan.warnings:
        session.print()
        session.print(session.say("cli.plan.warnings"))
        for warning in plan.warnings:
            session.print(session.text(warning), first="  - ", rest="    ")


def _levels(levels: object, session: Session) -> str:
    assert isinstance(levels, dict)
    shown: list[str | Message] = [
        say("cli.plan.level", level=level, n=rows) for level, rows in list(levels.items())[:12]
    ]
    if len(levels) > len(shown):
        shown.append(say("cli.plan.more", n=len(levels) - len(shown)))
    return session.join(shown)


def _show_checks(plan: Plan, session: Session) -> None:
    from hakari.assessment.reasons import check_name, limit_sentence

    for title, wanted in (("cli.plan.checks", False), ("cli.plan.impossible", True)):
        checks = [check for check in plan.checks if (check.impossible is not None) is wanted]
        if not checks:
            continue
        session.print()
        session.print(session.say(title, n=len(checks)))
        for check in checks:
            session.print(check.id, first="  ")
            told = check.impossible or say("reasons.join.two", first=check_name(check), second=limit_sentence(check))
            if wanted:
                session.print(session.text(told), first="    ", rest="    ")
                continue
            session.print(
                session.say("cli.plan.line", name=check_name(check), limit=limit_sentence(check)),
                first="    ",
                rest="    ",
            )
    unconfirmed = sum(not check.confirmed for check in plan.checks)
    if unconfirmed:
        session.print()
        session.print(session.say("cli.plan.unconfirmed", n=unconfirmed))
