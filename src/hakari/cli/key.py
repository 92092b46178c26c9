"""`hakari key`: make a signing key, show its public half, and sign a directory of whose keys are whose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.session import Session
from hakari.errors import InputError, SignatureError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.evidence import DirectoryEntry, SigningKey

__all__ = ["key"]

key = group("key")
_FIELDS = ("key", "name", "from", "until", "revoked")


@command("new", of=key)
@click.option("--path", type=click.Path(path_type=Path), metavar="FILE")
def new(session: Session, path: Path | None) -> None:
    """Make a key that only its owner can read; an existing one is never overwritten."""
    from hakari.evidence import create_key
    from hakari.workflows.settings import default_key_path

    where = default_key_path() if path is None else session.path(path)
    _show(create_key(where), where, session, made=True)


@command("show", of=key)
@click.option("--path", type=click.Path(path_type=Path), metavar="FILE")
def show(session: Session, path: Path | None) -> None:
    """Print the public half of a key."""
    from hakari.evidence import load_key
    from hakari.workflows.settings import default_key_path

    where = default_key_path() if path is None else session.path(path)
    _show(load_key(where), where, session, made=False)


@command("directory", of=key)
@click.argument("entries", type=click.Path(path_type=Path), metavar="ENTRIES")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", default=Path("keys.json"))
@click.option("--key", "path", type=click.Path(path_type=Path), metavar="FILE")
def directory(session: Session, entries: Path, out: Path, path: Path | None) -> None:
    """Sign a list of keys, so that `verify --keys` can name who signed."""
    from hakari.evidence import load_key, write_directory
    from hakari.workflows.settings import Clock, default_key_path
    from hakari.workflows.store import write_file

    signing = load_key(default_key_path() if path is None else session.path(path))
    listed = _read(session.path(entries))
    if all(entry.key.id != signing.public.id for entry in listed):
        raise SignatureError(say("cli.key.not_listed", key=signing.public.hex, path=str(entries)))
    target = session.path(out)
    write_file(target, write_directory(listed, issued_at=Clock.read().now, key=signing))
    if session.as_json:
        session.emit({"directory": target, "keys": len(listed), "signed_by": signing.public.id})
        return
    session.lines(session.say("cli.key.directory", n=len(listed), path=session.shown(target)))
    session.print(session.say("cli.key.publish", id=signing.public.id))


def _show(found: SigningKey, path: Path, session: Session, *, made: bool) -> None:
    if session.as_json:
        session.emit({"id": found.public.id, "path": path, "public": found.public.hex})
        return
    session.lines(session.say("cli.key.made" if made else "cli.key.at", path=session.shown(path)))
    session.lines(session.say("cli.key.public", public=found.public.hex))
    session.lines(session.say("cli.key.id", id=found.public.id))
    if made:
        session.print(session.say("cli.key.keep"))


def _read(path: Path) -> list[DirectoryEntry]:
    """Return the entries of a YAML list; every value is read as text."""
    import yaml

    try:
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes text only
    except OSError as error:
        raise InputError(say("cli.key.unreadable", path=str(path), problem=error.strerror or str(error))) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise InputError(say("cli.key.unreadable", path=str(path), problem=" ".join(str(error).split()))) from None
    if not isinstance(found, list) or not found:
        raise InputError(say("cli.key.no_list", path=str(path)))
    return [_entry(item, number, path) for number, item in enumerate(found, start=1)]


def _entry(item: Any, number: int, path: Path) -> DirectoryEntry:
    from hakari.evidence import DirectoryEntry, PublicKey

    def refuse(problem: str) -> InputError:
        return InputError(say("cli.key.entry", number=number, path=str(path), problem=problem, fields=list(_FIELDS)))

    if not isinstance(item, dict) or set(item) - set(_FIELDS) or not {"key", "name", "from"} <= set(item):
        given = ", ".join(map(str, item)) if isinstance(item, dict) else str(item)
        raise refuse(given[:120])
    try:
        return DirectoryEntry(
            key=PublicKey(str(item["key"])),
            name=str(item["name"]),
            valid_from=_time(str(item["from"]), end=False),
            valid_until=_time(str(item["until"]), end=True) if item.get("until") else None,
            revoked=_time(str(item["revoked"]), end=False) if item.get("revoked") else None,
        )
    except SignatureError:
        raise refuse(f"key: {item['key']}"[:120]) from None
    except ValueError as error:
        raise refuse(str(error)) from None


def _time(text: str, *, end: bool) -> str:
    """Return an ISO time with its zone; a bare day begins or ends in UTC."""
    if len(text) == len("2026-11-22"):
        text += "T23:59:59+00:00" if end else "T00:00:00+00:00"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text}: no time zone")
    return moment.isoformat()
