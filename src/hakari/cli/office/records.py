"""`hakari ledger`: whether the office's ledger was bent, and where."""

from __future__ import annotations

from pathlib import Path

from hakari.cli._command import command, group
from hakari.cli.office.site import at, in_folder, teller
from hakari.cli.terminal.session import Session
from hakari.messages import Message

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
    if session.as_json:
        problems = [{"kind": kind, "sequence": sequence, "told": text} for kind, sequence, text in told]
        document = {"events": report.events, "holds": answer.holds, "problems": problems, "sealed": report.sealed}
        session.emit({**document, "checkpoints": answer.refused})
        return 0 if answer.holds else 1
    session.print(session.say("cli.ledger.events", n=report.events, sealed=report.sealed))
    if answer.holds:
        session.print(session.say("cli.ledger.holds"))
        if report.sealed < report.events:
            session.print(session.say("cli.ledger.limit", sealed=report.sealed))
        return 0
    session.print(session.say("cli.ledger.broken"))
    for text in ([answer.refused] if answer.refused is not None else []) + [text for _, _, text in told]:
        session.print(session.text(text), first="  - ", rest="    ")
    return 1


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
