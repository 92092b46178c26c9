"""`hakari capture`: what a serving program recorded, checked, looked up, and laid beside the log of all decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import Message, say, shown

if TYPE_CHECKING:
    from hakari.capture import HeadCheck, StoreCheck

__all__ = ["capture"]

capture = group("capture")
_SHOWN = 20
_LONGEST = 4_000
_store = click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
_key = click.option("--key", "key", type=click.Path(path_type=Path), metavar="FILE")
_salt = click.option("--salt", "salt", type=click.Path(path_type=Path), metavar="FILE")


@command("verify", of=capture)
@_store
@click.option("--kept", multiple=True, metavar="DIGEST")
@click.option("--public", multiple=True, metavar="HEX")
def verify(session: Session, store: Path, kept: tuple[str, ...], public: tuple[str, ...]) -> int:
    """Follow every chain, and hold the heads against the digests that were kept elsewhere."""
    from hakari.capture import verify_store
    from hakari.evidence import PublicKey

    found = verify_store(session.path(store), keys=[PublicKey(key) for key in public], kept=kept)
    if session.as_json:
        session.emit(found)
    else:
        _tell(found, session)
    return 0 if found.whole else 1


@command("show", of=capture)
@_store
@click.argument("decision", metavar="ID")
def show(session: Session, store: Path, decision: str) -> int:
    """Print every line that was recorded for one decision, as it lies in the store."""
    from hakari.capture import read_lines

    lines = [line for line in read_lines(session.path(store)) if line.fields and line.fields.get("id") == decision]
    if session.as_json:
        session.emit(
            [{"digest": line.digest, "file": line.file, "line": line.fields, "row": line.row} for line in lines]
        )
    elif not lines:
        session.print(session.say("cli.capture.unknown", id=decision))
    for line in () if session.as_json else lines:
        session.lines(session.say("cli.capture.line", file=line.file, row=line.row, digest=line.digest))
        for name, value in sorted((line.fields or {}).items()):
            session.lines(session.say("cli.capture.field", name=name, value=_value(value)))
    return 0 if lines else 1


@command("head", of=capture)
@_store
@click.option("--day", metavar="YYYY-MM-DD")
@_key
def head(session: Session, store: Path, day: str | None, key: Path | None) -> None:
    """Write how far the chains of one day had come, for somebody else to keep."""
    from hakari.capture import write_head
    from hakari.evidence import load_key

    try:
        wanted = (
            datetime.now(UTC).date() if day is None else datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date()
        )
    except ValueError as error:
        raise InputError(say("cli.capture.day", value=str(day))) from error
    signing = None if key is None else load_key(session.path(key))
    written = write_head(session.path(store), wanted, key=signing)
    if session.as_json:
        session.emit({"day": written.day, "digest": written.digest, "path": written.path, "signed": key is not None})
        return
    session.lines(session.shown(written.path))
    session.lines(written.digest)
    session.print(session.say("cli.capture.keep"))


@command("export", of=capture)
@_store
@click.argument("served", type=click.Path(path_type=Path), metavar="SERVED")
@click.argument("target", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--id", "id_column", required=True, metavar="COLUMN")
@click.option("--time", "decided", metavar="COLUMN")
@click.option("--input", "inputs", multiple=True, metavar="COLUMN")
@_salt
def export_(
    session: Session,
    store: Path,
    served: Path,
    target: Path,
    id_column: str,
    decided: str | None,
    inputs: tuple[str, ...],
    salt: Path | None,
) -> None:
    """Write the log of all decisions with what was captured of each, for the measure explanation.capture."""
    from hakari.capture import export, load_salt
    from hakari.capture.salt import beside

    where, out = session.path(store), session.path(target)
    secret = load_salt(beside(where) if salt is None else session.path(salt)) if inputs else None
    done = export(
        where,
        out,
        served=session.path(served),
        id_column=id_column,
        decided_column=decided,
        inputs=inputs,
        salt=secret,
    )
    if session.as_json:
        counts = {"captured": done.captured, "not_made": done.not_made, "rows": done.rows, "whole": done.check.whole}
        session.emit({**counts, "path": out})
        return
    told = session.say("cli.capture.exported", path=session.shown(out), rows=done.rows, captured=done.captured)
    session.print(told)
    if done.not_made:
        session.print(session.say("cli.capture.not_made", n=done.not_made))
    if not done.check.whole:
        session.print(session.say("cli.capture.faulty", n=len(done.check.changes)))


def _tell(found: StoreCheck, session: Session) -> None:
    key = "cli.capture.whole" if found.whole else "cli.capture.faulty"
    session.print(session.say(key, n=len(found.changes)))
    session.print(session.say("cli.capture.counts", lines=found.lines, decisions=found.decisions))
    still = sum(not chain.closed for chain in found.chains)
    session.print(session.say("cli.capture.chains", n=len(found.chains), still=still))
    session.print(session.say("cli.capture.failures", n=found.failures))
    for fault in found.faults[:_SHOWN]:
        session.print(session.text(fault.message), first="  - ", rest="    ")
    if len(found.faults) > _SHOWN:
        session.print(session.say("cli.capture.more", n=len(found.faults) - _SHOWN), first="  - ")
    for item in found.heads:
        told = session.say("cli.capture.head_found", day=item.day, digest=item.digest, state=_state(item))
        session.print(told, first="  ", rest="    ")
    if not any(item.kept for item in found.heads):
        session.print(session.say("cli.capture.nothing_kept"))


def _state(item: HeadCheck) -> Message:
    if item.kept:
        return say("cli.capture.kept")
    if item.signed_by is None:
        return say("cli.capture.unknown_key")
    return say("cli.capture.signed", keys=list(item.signed_by)) if item.signed_by else say("cli.capture.unsigned")


def _value(value: Any) -> str:
    import json

    # A store is not trusted: what stands in it must not steer the terminal.
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _LONGEST)
