"""`hakari standalone`: write the verifiers that need no Hakari, for whoever gets a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session

__all__ = ["standalone"]


@command("standalone")
@click.argument("where", type=click.Path(path_type=Path), metavar="DIR")
def standalone(session: Session, where: Path) -> None:
    """Write `hakari_verify.py` and `verify.html` into a folder."""
    from hakari.standalone.assemble import FILE_NAME, single_file
    from hakari.standalone.page import PAGE_NAME, page_html
    from hakari.workflows.store import write_file

    folder = session.path(where)
    made = {folder / FILE_NAME: single_file(), folder / PAGE_NAME: page_html()}
    for path, text in made.items():
        write_file(path, text.encode("utf-8"))
    if session.as_json:
        session.emit({"files": list(made)})
    else:
        session.print(session.say("standalone.made", files=[session.shown(path) for path in made]))
