"""`hakari verify`: genuine, recomputed, re-run. Three questions, always all three answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command
from hakari.cli.terminal.layout import pad, paragraph, width_of
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.messages import Message, in_one_line, say

if TYPE_CHECKING:
    from hakari.workflows.verification import Level, Problem, Verification

__all__ = ["show_verification", "verify"]

_SIGNS = {
    "yes": ("✓", "+", "green"),
    "no": ("✗", "x", "red"),
    "partly": ("◐", "~", "yellow"),
    "not_done": ("–", "-", None),
}

_SHORT = 21


@command("verify")
@click.argument("bundle", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option("--keys", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--rerun", type=click.Path(path_type=Path), metavar="FOLDER")
def verify(session: Session, bundle: Path, keys: Path | None, rerun: Path | None) -> int:
    """Check a bundle and return 0 if no level failed."""
    from hakari.workflows.settings import Clock
    from hakari.workflows.verify import verify_bundle

    today = Clock.read().today
    with Steps(session) as steps:
        found = verify_bundle(
            session.path(bundle),
            keys=None if keys is None else session.path(keys),
            rerun=None if rerun is None else session.path(rerun),
            today=today,
            progress=steps.tell,
        )
    if session.as_json:
        session.emit(
            {
                "bundle": bundle,
                "decision": found.decision,
                "levels": found.levels,
                "ok": found.ok,
                "signed": found.signed,
                "verdicts": found.verdicts,
            }
        )
    else:
        session.lines(session.say("cli.verify.bundle", path=session.shown(session.path(bundle))))
        show_verification(found, session)
    return 0 if found.ok else 1


def show_verification(found: Verification, session: Session) -> None:
    """Print who signed and what was decided, the levels, every fault and what rests on it, and what was only read."""
    session.print(session.text(found.signed))
    for line in () if found.decision is None else found.decision.told:
        session.print(session.text(line))
    session.print()
    names = {level.name: session.say(f"cli.verify.level.{level.name.replace('-', '')}") for level in found.levels}
    words = {level.name: session.say(f"cli.verify.status.{level.status}") for level in found.levels}
    wide = max(map(width_of, names.values()))
    second = max(map(width_of, words.values()))
    for level in found.levels:
        lead = f"  {pad(names[level.name], wide)}  {pad(words[level.name], second)}  "
        told = session.text(level.summary)
        lines = paragraph(told, session.width, first=f"@ {lead[2:]}", rest=" " * width_of(lead))
        session.lines(lines.replace("@", _mark(level, session), 1))
    for level in found.levels:
        _show_problems(level, names[level.name], session)
    _show_read(found, session)
    session.print()
    session.print(session.say("assessment.notice.genuine"))


def _mark(level: Level, session: Session) -> str:
    shape, plain, colour = _SIGNS[level.status]
    return click.style(shape if session.unicode else plain, fg=colour, bold=True)


def _show_problems(level: Level, name: str, session: Session) -> None:
    """Name each file once, with everything that is wrong with it and everything that rests on it."""
    if not level.problems:
        return
    session.print()
    session.print(session.say("cli.verify.problems", level=name, n=len(level.problems)))
    members: dict[str, list[Problem]] = {}
    for problem in level.problems:
        members.setdefault(problem.member, []).append(problem)
    for member, problems in members.items():
        session.lines(f"  {member or session.say('cli.verify.whole')}")
        for problem in problems:
            session.print(session.text(_shortened(problem.problem, member)), first="    - ", rest="      ")
        _show_rests(problems, session)


def _show_read(found: Verification, session: Session) -> None:
    """Name every verdict that rests on a figure of a record which nothing derived again."""
    if not found.verdicts.read:
        return
    session.print()
    session.print(session.say("cli.verify.read"))
    for item in found.verdicts.read:
        told = say(
            "workflows.verify.read_figure",
            requirement=item.requirement,
            check=item.check.partition("/")[2] or item.check,
            metric=item.metric,
            figure=item.figure,
            status=say(f"reasons.status.{item.status}"),
        )
        session.print(session.text(in_one_line(told)), first="  ", rest="    ")


def _shortened(problem: Message, member: str) -> Message:
    """The file stands in full above; 64 digits again in each line would hide what is wrong with it."""
    if len(member) <= _SHORT:
        return problem
    short = {name: f"{member[:_SHORT]}…" for name, value in problem.arguments.items() if value == member}
    return Message(problem.key, {**problem.arguments, **short})


def _show_rests(problems: list[Problem], session: Session) -> None:
    """One line for each requirement, however many of its checks rest on the file."""
    rests = dict.fromkeys(rest for problem in problems for rest in problem.rests)
    if not rests:
        return
    session.print(session.say("cli.verify.rests"), first="    ")
    lines: dict[str, list[Message]] = {}
    for rest in rests:
        if "check" in rest.arguments and "requirement" in rest.arguments:
            requirement = str(rest.arguments["requirement"])
            check = str(rest.arguments["check"]).partition("/")[2]
            item = say("cli.verify.rests_item", check=check, status=rest.arguments["status"])
            lines.setdefault(requirement, []).append(item)
        else:
            session.print(session.text(rest), first="      ", rest="        ")
    for requirement, items in lines.items():
        told = session.say("cli.verify.rests_line", requirement=requirement, checks=items)
        session.print(told, first="      ", rest="        ")
