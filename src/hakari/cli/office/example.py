"""The evidence of the demonstration: the office measures nothing, so the command line runs the example for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.errors import HakariError
from hakari.messages import Message, say

__all__ = ["EXAMPLE", "measured_example"]

EXAMPLE: Final = "mortgage"
"""Folder of the engineer's repository, inside that of the demonstration."""


def measured_example(session: Session, folder: Path, tell: Callable[[Message], None]) -> bytes | None:
    """Return the case bundle of the mortgage example, measured in `folder`; None, and one line why, if it cannot be.

    The repository stays there, so that whoever tries the office can change it, assess again and deliver a new bundle.
    """
    from hakari.workflows.demo import run_demo
    from hakari.workflows.settings import Clock

    tell(say("cli.office.measuring", folder=session.shown(folder)))
    try:
        with Steps(session) as steps:
            return run_demo(folder, clock=Clock.read(), progress=steps).run.bundle.read_bytes()
    except HakariError as error:
        tell(say("cli.office.not_measured", problem=error.message))
        return None
