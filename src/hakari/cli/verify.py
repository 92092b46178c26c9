"""`hakari verify`: genuine, recomputed, re-run. Three questions, always all three answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command
from hakari.cli.terminal.layout import pad, width_of
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.workflows.verify import Level, Problem, Verification

__all__ = ["show_verification", "verify"]

_SIGNS = {"yes": ("✓", "+", "green"), "no": ("✗", "x", "red"), "partly": ("◐", "~", "yellow"), "not_done": ("–", "-", None)}


@command("verify")
@click.argument("bundle", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option("--keys", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--rerun", type=click.Path(path_type=Path), metavar="FOLDER")
def verify(session: Session, bundle: Path, keys: Path | None, rerun: Path | None) -> int:
    """Check a bundle and return 0 if no level failed."""
    from hakari.workflows.verify import verify_bundle

    with Steps(session) as steps:
        found = verify_bundle(
            session.path(bundle),
            keys=None if keys is None else session.path(keys),
            rerun=None if rerun is None else session.path(rerun),
            progress=steps.tell,
        )
    if session.as_json:
        levels = {level.name: level for level in found.levels}
        session.emit({"bundle": bundle, "levels": levels, "ok": found.ok, "signed": found.signed})
    else:
        session.lines(session.say("cli.verify.bundle", path=session.shown(session.path(bundle))))
        show_verification(found, session)
    return 0 if found.ok else 1


def show_verification(found: Verification, session: Session) -> None:
    """Print who signed, the three levels, every fault and what rests on it."""
    session.print(session.text(found.signed))
    session.print()
    names = {level.name: session.say(f"cli.verify.level.{level.name.replace('-', '')}") for level in found.levels}
    words = {level.name: session.say(f"cli.verify.status.{level.status}") for level in found.levels}
    wide = max(map(width_of, names.values()))
    second = max(map(width_of, words.values()))
    for level in found.levels:
        lead = f"  {pad(names[level.name], wide)}  {pad(words[level.name], second)}  "
        mark = _mark(level, session)
        told = session.text(level.summary)
        from hakari.cli.terminal.layout import paragraph

        lines = paragraph(told, session.width, first=f"@ {lead[2:]}", rest=" " * width_of(lead))
        session.lines(lines.replace("@", mark, 1))
    for level in found.levels:
        _show_problems(level, names[level.name], session)
    session.print()
    session.print(session.say("assessment.notice.genuine"))


def _mark(level: Level, session: Session) -> str:
    shape, plain, colour = _SIGNS[level.status]
    return click.style(shape if session.unicode else plain, fg=colour, bold=True)


def _show_problems(level: Level, name: str, session: Session) -> None:
    if not level.problems:
        return
    session.print()
    session.print(session.say("cli.verify.problems", level=name, n=len(level.problems)))
    for problem in level.problems:
        _show_problem(problem, session)


def _show_problem(problem: Problem, session: Session) -> None:
    told = session.text(problem.problem)
    if problem.member and problem.member not in told:
        told = session.say("cli.verify.problem", member=problem.member, problem=say("text", text=told))
    session.print(told, first="  - ", rest="    ")
    for rest in problem.rests:
        session.print(session.say("cli.verify.rests", what=rest), first="      ", rest="        ")
