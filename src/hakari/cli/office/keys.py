"""`hakari office key`: the office's own keys, how one takes the place of another, and how a reader follows them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hakari.cli._command import command, group
from hakari.cli.office.site import at, in_folder, office, teller
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.evidence import PublicKey
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.evidence.renewal import Role
    from hakari.office.core.ledger.custody import Term

__all__ = ["key", "public_half"]

_FIRST_NOW = "cli.office.key.term.first_now"

key = group("key")
office.add_command(key)


@command("renew", of=key)
@click.argument("role", type=click.Choice(["office", "site"]), metavar="office|site")
@in_folder
@click.option("--lost", metavar="SINCE")
@click.option("--public", metavar="HEX")
def renew(session: Session, role: Role, site: Path | None, lost: str | None, public: str | None) -> int:
    """Put a new key in the place of one of the office's."""
    since, half = None if lost is None else _moment(lost), public_half(public)
    at(session, site)
    from hakari.office.core.ledger.custody import former_path, key_path
    from hakari.office.desk.renewing import renew_key

    done = renew_key(role, lost_since=since, public=half, tell=teller(session))
    former, path = former_path(role, done.at), key_path(role)
    if session.as_json:
        session.emit({"former": former if former.is_file() else None, "key": path, "renewal": done})
        return 0
    session.print(session.say("cli.office.key.renewed", path=session.shown(path), key=done.new.id, n=done.sequence))
    if former.is_file():
        session.print(session.say("cli.office.key.former", path=session.shown(former)))
    session.print(session.say("cli.office.key.then_lost" if lost else "cli.office.key.then"))
    return 0


@command("list", of=key)
@in_folder
def list_(session: Session, site: Path | None) -> int:
    """Show the keys that are or were the office's, and what has to be done about one."""
    at(session, site)
    from hakari.office.desk.key_check import key_notes
    from hakari.office.keys.own import own_terms

    held, notes = own_terms(), key_notes()
    if session.as_json:
        session.emit({"keys": [_plain(term) for term in held], "notes": notes})
        return 0
    for term in held:
        session.lines(f"{session.say(f'cli.office.key.{term.role}')}  {term.key.id}")
        session.print(_counts(term, session), first="  ", rest="  ")
        if term.lost_since is not None:
            lost = session.say("cli.office.key.lost", since=_shown(term.lost_since))
            session.print(lost, first="  ", rest="  ")
        session.lines(f"  {session.say('cli.office.key.public')} {term.key.hex}")
    for note in notes:
        session.print(session.text(note), first="! ", rest="  ")
    return 0


@command("follow", of=key)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--trusted", metavar="ID", required=True)
def follow(session: Session, file: Path, trusted: str) -> int:
    """Find out whether a key that the reader trusts leads to the one that signed a list of keys."""
    from hakari.evidence import read_directory

    path = session.path(file)
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = error.strerror or str(error)
        raise InputError(say("workflows.verify.keys_unreadable", path=str(path), problem=problem)) from None
    directory = read_directory(content, what=path.name)
    steps = directory.follow("".join(trusted.lower().split()))
    if session.as_json:
        session.emit({"follows": steps is not None, "renewals": steps or (), "signed_by": directory.signed_by})
    elif steps is None:
        session.print(session.say("cli.office.key.not_followed", key=directory.signed_by or "–"))
    else:
        for step in steps:
            session.print(session.say("cli.office.key.step", old=step.old.id[:16], new=step.new.id[:16], at=step.at))
        session.print(session.say("cli.office.key.followed", key=directory.signed_by or "–"))
    return 1 if steps is None else 0


def public_half(text: str | None) -> PublicKey | None:
    """Return the public key that somebody typed.

    Raises:
        InputError: it is none.
    """
    if text is None:
        return None
    digits = "".join(text.lower().split())
    if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise InputError(say("cli.office.report.key"))
    return PublicKey(digits)


def _moment(text: str) -> datetime.datetime:
    """Return the time that somebody typed; a day without a time is its beginning in UTC, and so the whole day."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(say("cli.office.key.since", text=text)) from None
    if found.tzinfo is None and len(text) > len("2026-11-22"):
        raise InputError(say("cli.office.key.since", text=text))
    return found if found.tzinfo is not None else found.replace(tzinfo=datetime.UTC)


def _counts(term: Term, session: Session) -> str:
    since = "" if term.began is None else _shown(datetime.datetime.fromisoformat(term.began.at))
    if term.until is None:
        return session.say("cli.office.key.term.now", since=since) if since else session.say(_FIRST_NOW)
    until = _shown(term.until)
    if since:
        return session.say("cli.office.key.term.former", since=since, until=until)
    return session.say("cli.office.key.term.first", until=until)


def _shown(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _plain(term: Term) -> dict[str, object]:
    times = {"lost_since": term.lost_since, "since": term.since, "until": term.until}
    stated = {name: None if moment is None else _shown(moment) for name, moment in times.items()}
    return {"id": term.key.id, "public": term.key.hex, "role": term.role, **stated}
