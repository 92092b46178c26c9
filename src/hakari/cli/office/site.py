"""Starting the site: a demonstration that fills itself, and the real one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import Command, Group, command
from hakari.cli.office.example import EXAMPLE, measured_example
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.errors import OfficeError
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.office.desk.demo import SignIns

__all__ = ["at", "in_folder", "office", "teller"]

_HOST = "127.0.0.1"


def in_folder(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names the folder of an installation."""
    return click.option("--folder", "site", type=click.Path(path_type=Path), metavar="FOLDER")(function)


class _Office(Group):
    """Without a command: the demonstration."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, or the demonstration if none is named."""
        if ctx._protected_args or ctx.args:
            return super().invoke(ctx)
        return click.command("office", cls=Command)(click.pass_obj(_demonstrate)).invoke(ctx)


office = _Office(
    "office",
    params=[
        click.Option(["--folder", "site"], type=click.Path(path_type=Path), metavar="FOLDER"),
        click.Option(["--port"], type=click.IntRange(1, 65535), metavar="PORT", default=8000),
        click.Option(["--no-serve", "prepare_only"], is_flag=True),
    ],
)


def at(session: Session, site: Path | None) -> Path:
    """Set up Django for the installation in a folder and return the folder; there has to be one."""
    from hakari.office.desk.start import FOLDER as USUAL
    from hakari.office.desk.start import prepare

    stated = os.environ.get("HAKARI_OFFICE_FOLDER")
    folder = session.path(site) if site is not None else Path(stated) if stated else session.path(USUAL)
    if not folder.is_dir():
        raise OfficeError(say("office.desk.no_folder", folder=str(folder)))
    return prepare(folder)


def teller(session: Session) -> Any:
    """Return a function that tells what is being done, on stderr, as it is done."""

    def tell(message: Message) -> None:
        if not session.quiet:
            click.echo(session.text(message), err=True)

    return tell


def _demonstrate(session: Session, site: Path | None, port: int, prepare_only: bool) -> int:
    """Make the demonstration ready, once, and serve it until somebody interrupts."""
    from hakari.office.desk.start import DEMO_FOLDER, migrate, prepare

    tell = teller(session)
    address = f"http://{_HOST}:{port}"
    tell(say("office.desk.starting"))
    folder = prepare(session.path(site or DEMO_FOLDER), mode="demo", address=address)
    from hakari.office.desk.demo import seed
    from hakari.office.desk.serving import check_port, serve

    if not prepare_only:
        check_port(_HOST, port)
    migrate(tell)
    signs = seed(tell, lambda: measured_example(session, folder / EXAMPLE, tell))
    _show_signs(signs, session, address=address, folder=folder)
    if not prepare_only:
        session.print(session.say("cli.office.stop"))
        serve(_HOST, port)
    return 0


def _show_signs(signs: SignIns, session: Session, *, address: str, folder: Path) -> None:
    if session.as_json:
        people = [{"email": item.email, "name": item.name, "roles": list(item.roles)} for item in signs.people]
        session.emit({"address": address, "folder": folder, "password": signs.password, "people": people})
        return
    session.print(session.say("cli.office.address", address=address))
    session.print()
    rows = [
        (item.email, item.name, session.join([session.say(f"office.role.{role}") for role in item.roles]))
        for item in signs.people
    ]
    session.lines(table(rows, session.width))
    session.print()
    session.print(session.say("cli.office.password", password=signs.password))
    session.print(session.say("cli.office.folder", folder=session.shown(folder)))


@command("serve", of=office)
@in_folder
@click.option("--host", metavar="HOST", default=_HOST)
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", default=8000)
@click.option("--processes", type=click.IntRange(1, 64), metavar="N", default=2)
@click.option("--no-work", "only_serve", is_flag=True)
def serve(session: Session, site: Path | None, host: str, port: int, processes: int, only_serve: bool) -> int:
    """Serve the site with the settings of the environment; nothing is seeded."""
    folder = at(session, site)
    from hakari.office.desk.key_check import key_notes
    from hakari.office.desk.serving import check_port
    from hakari.office.desk.serving import serve as serve_site

    check_port(host, port)
    for note in key_notes():
        teller(session)(note)
    teller(session)(say("office.desk.serving", folder=str(folder), host=host, port=port))
    serve_site(host, port, processes=processes, working=not only_serve)
    return 0


@command("work", of=office)
@in_folder
def work(session: Session, site: Path | None) -> int:
    """Send mail that waits, until somebody interrupts."""
    at(session, site)
    from hakari.office.desk.serving import work as work_on

    work_on()
    return 0


@command("migrate", of=office)
@in_folder
def migrate_(session: Session, site: Path | None) -> int:
    """Make the database, or bring it to this version."""
    from hakari.office.desk.start import FOLDER as USUAL
    from hakari.office.desk.start import migrate, prepare

    stated = os.environ.get("HAKARI_OFFICE_FOLDER")
    folder = prepare(session.path(site) if site is not None else None if stated else session.path(USUAL))
    count = migrate(teller(session))
    if session.as_json:
        session.emit({"applied": count, "folder": folder})
    else:
        session.print(session.say("cli.office.migrated", n=count, folder=session.shown(folder)))
    return 0


@command("administrator", of=office)
@click.argument("email", metavar="EMAIL")
@click.argument("name", metavar="NAME")
@in_folder
def administrator(session: Session, email: str, name: str, site: Path | None) -> int:
    """Make the first account, whose owner then makes all others on the site."""
    at(session, site)
    from hakari.office.desk.opening import open_office

    opened = open_office(email, name, language=session.language)
    if session.as_json:
        session.emit({"email": opened.person.email, "link": opened.link})
    else:
        session.print(session.say("cli.office.administrator", name=opened.person.name))
        session.lines(opened.link)
    return 0
