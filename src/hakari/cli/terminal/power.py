"""Power: rows per group for each planned check, as a table for who is about to collect data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.evidence import Unmeasured
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.assessment.model import PlannedCheck
    from hakari.assessment.power import PowerLine, Rows
    from hakari.workflows.plan import PowerRun

__all__ = ["show_power"]


def show_power(session: Session, expect: tuple[str, ...], groups: int | None, encoding: str | None) -> None:
    """Compute and print the rows that the planned checks need."""
    from hakari.workflows.plan import plan_power

    with Steps(session, logged=False) as steps:
        run = plan_power(session.folder, expect, groups=groups, encoding=encoding, progress=steps)
    if session.as_json:
        from hakari.statistics.power import CHANCE

        session.emit({"chance": CHANCE, "family": run.plan.family, "lines": run.lines, "notices": run.notices})
        return
    _print(run, session)


def _print(run: PowerRun, session: Session) -> None:
    checks = {check.id: check for check in run.plan.checks}
    if not run.lines:
        session.print(session.say("cli.power.nothing"))
        return
    session.print(session.say("cli.power.title", n=len(run.lines), family=run.plan.family))
    for line in run.lines:
        session.print()
        session.lines(click.style(line.check, bold=True))
        _print_line(checks[line.check], line, session)
    session.print()
    session.print(session.say("cli.power.legend"))
    for notice in run.notices:
        session.print(session.text(notice), first="- ", rest="  ")


def _print_line(check: PlannedCheck, line: PowerLine, session: Session) -> None:
    from hakari.assessment.reasons import check_name, limit_sentence

    def wrapped(message: Message) -> None:
        session.print(session.text(message), first="  ", rest="  ")

    wrapped(say("cli.plan.line", name=check_name(check), limit=limit_sentence(check)))
    expected = line.expected
    if isinstance(expected, Unmeasured):
        wrapped(expected.unmeasured)
        return
    key = "cli.power.expected_groups" if check.columns else "cli.power.expected_whole"
    source = say(f"cli.power.source.{expected.source}")
    wrapped(say(key, rate=expected.rate, source=source, groups=expected.groups))
    if expected.share < 1:
        wrapped(say("cli.power.share", share=expected.share))
    head = [session.say(f"cli.power.column.{name}") for name in ("look", "met", "not_met")]
    rows = [[str(look.look), *(_cell(found, session) for found in (look.met, look.not_met))] for look in line.looks]
    session.lines(table([head, *rows], session.width, indent="    "))
    wrapped(_scenes(check, line))


def _scenes(check: PlannedCheck, line: PowerLine) -> Message:
    from hakari.assessment.quantity import scale_of

    if isinstance(line.apart, Unmeasured):
        return line.apart.unmeasured
    key = "cli.power.apart_groups" if check.aggregation in ("difference", "ratio") else "cli.power.apart_rate"
    return say(key, figure=scale_of(check).say(line.apart))


def _cell(found: Rows | Unmeasured, session: Session) -> str:
    if isinstance(found, Unmeasured):
        return session.text(found.unmeasured)
    if found.rows == found.trials:
        return session.say("cli.power.rows", rows=found.rows)
    return session.say("cli.power.rows_trials", rows=found.rows, trials=found.trials)
