"""`hakari triage`: a short pre-scan, and what every framework makes of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import Message, say

if TYPE_CHECKING:
    from datetime import datetime

    from hakari.packs.triage import PackTriage, PreScanQuestion, Reason
    from hakari.workflows.triage import PreScan, TriageRun

__all__ = ["triage"]

_UNKNOWN = {"?", "？", "unknown", "わからない", "不明"}
_QUIT = {"q", "quit", ":q"}


@command("triage")
@click.option("--answers", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--set", "stated", multiple=True, metavar="QUESTION=CHOICE")
@click.option("--pack", "packs", multiple=True, metavar="PACK")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--write", is_flag=True)
def triage(
    session: Session,
    answers: Path | None,
    stated: tuple[str, ...],
    packs: tuple[str, ...],
    as_of: datetime | None,
    write: bool,
) -> None:
    """Ask what is not answered yet if a person sits there, then say tiers, reasons, roles and what comes when."""
    from hakari.workflows.settings import Clock
    from hakari.workflows.triage import PRESCAN_FILE, PreScan, read_prescan, triage_use_case, write_prescan

    if answers is not None and not session.path(answers).is_file():
        raise InputError(say("cli.triage.no_file", path=str(answers)))
    path = session.path(answers or PRESCAN_FILE)
    before = read_prescan(path)
    given = PreScan(answers={**before.answers, **dict(map(_stated, stated))}, facts=before.facts)
    day = Clock.read().today if as_of is None else as_of.date()
    chosen = [session.path(pack) if "/" in pack or pack.startswith(".") else pack for pack in packs]
    if not session.as_json and not stated and sys.stdin.isatty():
        given = _ask(given, path, session)
    run = triage_use_case(given, packs=chosen, day=day.isoformat())
    if stated and write:
        write_prescan(path, given)
    written = _write(run, session) if write else None
    if session.as_json:
        session.emit(_document(run, session, day.isoformat()))
        return
    _show(run, session)
    session.print()
    if written is None:
        session.print(session.say("cli.triage.next"))
    else:
        session.print(session.say("cli.triage.written", path=session.shown(written), facts=sorted(run.facts)))


def _stated(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise InputError(say("cli.triage.set", value=text[:60]))
    choices = [part.strip() for part in value.split(",") if part.strip()]
    return name.strip(), choices[0] if len(choices) == 1 else choices


def _ask(given: PreScan, path: Path, session: Session) -> PreScan:
    """Ask the open questions one after the other; each answer is saved before the next is shown."""
    from hakari.packs.triage import next_question, prescan_questions
    from hakari.workflows.triage import PreScan, write_prescan

    pack, questions = prescan_questions()
    while (question := next_question(questions, given.answers, pack.facts)) is not None:
        value = _one(question, session)
        if value is None:
            break
        given = PreScan(answers={**given.answers, question.id: value}, facts=given.facts)
        write_prescan(path, given)
    return given


def _one(question: PreScanQuestion, session: Session) -> Any:
    """Return what a person chose, or None if they want to stop."""
    session.print()
    session.lines(click.style(session.pick(question.text), bold=True))
    session.print(session.pick(question.help), first="  ", rest="  ")
    for number, choice in enumerate(question.choices, start=1):
        session.print(session.pick(choice.text), first=f"  {number:>2} ", rest="     ")
    session.print(session.say(f"cli.triage.how.{question.type}"), first="  ", rest="  ")
    names = {str(number): choice.id for number, choice in enumerate(question.choices, start=1)}
    while True:
        typed = click.prompt("  >", default="", show_default=False, prompt_suffix=" ").strip().casefold()
        if typed in _QUIT:
            return None
        if typed in _UNKNOWN or not typed:
            return "unknown"
        parts = typed.replace("、", ",").replace("，", ",").replace(" ", ",").split(",")
        chosen = [names.get(part, part) for part in parts if part]
        if chosen and set(chosen) <= set(names.values()) and (question.type == "multi" or len(chosen) == 1):
            return chosen if question.type == "multi" else chosen[0]
        known = [*names.values(), "unknown"]
        session.print(session.say("packs.prescan.choice", question=question.id, value=typed[:60], known=known))


def _write(run: TriageRun, session: Session) -> Path:
    from hakari.assessment.manifest import MANIFEST_NAME, read_manifest
    from hakari.assessment.manifest_edit import with_facts
    from hakari.workflows.store import write_file

    path = session.folder / MANIFEST_NAME
    if not path.is_file():
        raise InputError(say("cli.triage.no_manifest", path=MANIFEST_NAME))
    text = with_facts(path.read_text(encoding="utf-8"), run.facts)
    read_manifest(text.encode("utf-8"), file=MANIFEST_NAME)
    write_file(path, text.encode("utf-8"))
    return path


def _show(run: TriageRun, session: Session) -> None:
    found = run.triage
    key = "cli.triage.level" if found.lowest == found.highest else "cli.triage.range"
    told = session.say(key, low=say(f"triage.level.{found.lowest}"), high=say(f"triage.level.{found.highest}"))
    session.lines(click.style(told, bold=True))
    if found.lowest == found.highest:
        session.print(session.say(f"triage.meaning.{found.highest}"))
    else:
        session.print(session.say("cli.triage.until", high=say(f"triage.level.{found.highest}")))
    for item in found.packs:
        _show_pack(item, session)
    _show_question(run, session)
    _show_stages(run, session)


def _show_pack(item: PackTriage, session: Session) -> None:
    session.print()
    if item.applies is False:
        session.print(session.say("cli.triage.not_used", pack=item.pack))
        return
    key = "cli.triage.tier" if item.lowest == item.highest and item.applies else "cli.triage.tiers"
    low, high = dict(item.lowest.title), dict(item.highest.title)
    session.lines(click.style(session.say(key, pack=item.pack, low=low, high=high), bold=True))
    session.print(session.pick(item.lowest.summary), first="  ", rest="  ")
    for reason in item.reasons:
        session.print(session.text(_because(reason)), first="  - ", rest="    ")
    for reason in item.open:
        told = session.say("cli.triage.open", because=dict(reason.rule.because), facts=list(reason.unstated))
        session.print(told, first="  ? ", rest="    ")
    if item.roles:
        roles = [
            say("cli.triage.role" if sure else "cli.triage.role_open", title=dict(role.title))
            for role, sure in item.roles
        ]
        session.print(session.say("cli.triage.roles", roles=roles), first="  ", rest="  ")


def _because(reason: Reason) -> Message:
    section = reason.rule.source.section if reason.rule.source else None
    facts = [f"{name}={_fact(value)}" for name, value in reason.facts.items()]
    if section:
        return say("cli.triage.because_source", because=dict(reason.rule.because), section=dict(section), facts=facts)
    return say("cli.triage.because", because=dict(reason.rule.because), facts=facts)


def _show_question(run: TriageRun, session: Session) -> None:
    if run.triage.question is None:
        return
    question = next(item for item in run.prescan if item.id == run.triage.question)
    session.print()
    session.print(session.say("cli.triage.decides", question=question.id, text=dict(question.text)))
    session.print(session.say("cli.triage.choices", choices=[choice.id for choice in question.choices]), first="  ")


def _show_stages(run: TriageRun, session: Session) -> None:
    from hakari.assessment.reasons import role_word, stage_word

    session.print()
    packs = [pack.reference for pack in run.packs]
    session.print(session.say("cli.triage.packs", packs=packs))
    total = sum(len(stage.questions) for stage in run.stages)
    minutes = sum(item.question.minutes for stage in run.stages for item in stage.questions)
    session.print(session.say("cli.triage.asked", n=total, minutes=minutes))
    rows = []
    for stage in run.stages:
        roles: list[Any] = [
            say("cli.triage.by", role=role_word(role), n=count, minutes=spent)
            for role, (count, spent) in stage.roles.items()
        ]
        told = say("cli.triage.stage", requirements=stage.requirements, checks=stage.checks, roles=roles or "–")
        rows.append((session.text(stage_word(stage.stage)), session.text(told)))
    session.lines(table(rows, session.width))
    unverified = [pack.reference for pack in run.packs if pack.unverified]
    if unverified:
        session.print(session.say("assessment.notice.unverified", packs=unverified))


def _document(run: TriageRun, session: Session, day: str) -> dict[str, Any]:
    def reasons(found: tuple[Reason, ...]) -> list[dict[str, Any]]:
        return [
            {
                "because": session.pick(reason.rule.because),
                "facts": dict(reason.facts),
                "rule": reason.rule.id,
                "source": session.pick(reason.rule.source.section) if reason.rule.source else None,
                "tier": reason.rule.tier,
                "unstated": list(reason.unstated),
            }
            for reason in found
        ]

    return {
        "as_of": day,
        "decided": run.triage.decided,
        "facts": run.facts,
        "frameworks": [
            {
                "applies": item.applies,
                "highest": item.highest.id,
                "lowest": item.lowest.id,
                "open": reasons(item.open),
                "pack": item.pack,
                "reasons": reasons(item.reasons),
                "roles": {role.id: "yes" if sure else "open" for role, sure in item.roles},
            }
            for item in run.triage.packs
        ],
        "highest": run.triage.highest,
        "lowest": run.triage.lowest,
        "packs": [pack.reference for pack in run.packs],
        "question": run.triage.question,
        "stages": [
            {
                "checks": stage.checks,
                "questions": [
                    {
                        "certain": item.certain,
                        "minutes": item.question.minutes,
                        "question": item.question.id,
                        "requirement": item.requirement.slug,
                        "role": item.role,
                    }
                    for item in stage.questions
                ],
                "requirements": stage.requirements,
                "stage": stage.stage,
            }
            for stage in run.stages
        ],
    }


def _fact(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
