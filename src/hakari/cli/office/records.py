"""`hakari ledger`: whether the office's ledger was bent, and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hakari.cli._command import command, group
from hakari.cli.office.site import at, in_folder, teller
from hakari.cli.terminal.session import Session
from hakari.messages import Message

if TYPE_CHECKING:
    from hakari.office.desk.key_check import SignedBy

__all__ = ["ledger", "seal", "verify"]

ledger = group("ledger")


@command("verify", of=ledger)
@in_folder
def verify(session: Session, site: Path | None) -> int:
    """Read all events and what they wrote again, and return 1 if something is not as it was."""
    at(session, site)
    from hakari.office.desk.ledger_check import problem_text, verify_ledger

    answer = verify_ledger(rows=True, tell=teller(session))
    report = answer.report
    told: list[tuple[str, int, Message]] = [
        (problem.kind, problem.sequence, problem_text(problem)) for problem in report.problems
    ]
    told += answer.rows
    signed = _signed() if answer.refused is None else []
    told += [(item.kind, 0, item.told) for item in signed if item.problem is not None]
    doubted = [item for item in signed if item.problem is None]
    holds = answer.refused is None and not told
    if session.as_json:
        problems = [{"kind": kind, "sequence": sequence, "told": text} for kind, sequence, text in told]
        document = {"events": report.events, "holds": holds, "problems": problems, "sealed": report.sealed}
        session.emit({**document, "checkpoints": answer.refused, "doubted": doubted})
        return 0 if holds else 1
    session.print(session.say("cli.ledger.events", n=report.events, sealed=report.sealed))
    if holds:
        session.print(session.say("cli.ledger.holds"))
        if report.sealed < report.events:
            session.print(session.say("cli.ledger.limit", sealed=report.sealed))
    else:
        session.print(session.say("cli.ledger.broken"))
        for text in ([answer.refused] if answer.refused is not None else []) + [text for _, _, text in told]:
            session.print(session.text(text), first="  - ", rest="    ")
    _show_doubted(session, doubted)
    return 0 if holds else 1


def _show_doubted(session: Session, doubted: list[SignedBy]) -> None:
    """Name what a lost key signed, each kind with what to do about it."""
    for kind in dict.fromkeys(item.kind for item in doubted):
        named = [item for item in doubted if item.kind == kind]
        session.print()
        session.print(session.say(f"cli.ledger.doubted.{kind}", n=len(named)))
        for item in named:
            session.print(session.text(item.told), first="  - ", rest="    ")


def _signed() -> list[SignedBy]:
    """Return what the keys of the office signed and should not have; nothing while a renewal does not hold."""
    from hakari.errors import HakariError
    from hakari.office.desk.key_check import look_at_signatures

    try:
        return look_at_signatures()
    except HakariError:
        return []  # the checkpoints were refused for the same reason


@command("seal", of=ledger)
@in_folder
def seal(session: Session, site: Path | None) -> int:
    """Sign where the chain stands now."""
    at(session, site)
    from hakari.office.desk.ledger_check import seal_ledger

    events = seal_ledger()
    if session.as_json:
        session.emit({"sealed": events})
    else:
        session.print(session.say("cli.ledger.sealed", n=events))
    return 0
