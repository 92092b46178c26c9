"""Steps: what is being done at this moment, as a moving line on a terminal and as plain lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from hakari.cli.terminal.log import logger
from hakari.cli.terminal.session import Session
from hakari.messages import Message

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Steps"]

_HELD_SECONDS = 10.0


class _Shown(Protocol):
    def step(self, done: int, total: int, message: Message) -> None: ...

    def close(self, *, failed: bool) -> None: ...


class Steps:
    """Told by workflows what they do; used as a context, called with (done, total, message).

    With `logged` false there is a moving line on a terminal and nothing in a log.
    """

    def __init__(self, session: Session, *, logged: bool = True) -> None:
        self._session = session
        self._logged = logged
        self._shown: _Shown | None = None

    def __enter__(self) -> Steps:
        session = self._session
        if session.quiet:
            self._shown = None
        elif session.log == "text" and sys.stderr.isatty():
            self._shown = _Moving(session)
        elif self._logged:
            self._shown = _Lines()
        return self

    def __call__(self, done: int, total: int, message: Message) -> None:
        if self._shown is not None:
            self._shown.step(done, total, message)

    def tell(self, message: Message) -> None:
        """Tell a step of which nobody knows how many there are."""
        self(0, 0, message)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown.close(failed=kind is not None)


class _Lines:
    """One line for each step; the first moments wait, so that a mistake in the input stands alone on stderr."""

    def __init__(self) -> None:
        self._held: list[Message] = []
        self._since = time.monotonic()
        self._last: Message | None = None

    def step(self, done: int, total: int, message: Message) -> None:
        if message == self._last:
            return
        self._last = message
        self._held.append(message)
        if time.monotonic() - self._since > _HELD_SECONDS:
            self._flush()

    def close(self, *, failed: bool) -> None:
        if not failed:
            self._flush()

    def _flush(self) -> None:
        for message in self._held:
            logger.info(message)
        self._held.clear()


class _Moving:
    """A line that moves and leaves nothing behind."""

    def __init__(self, session: Session) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._session = session
        columns = (SpinnerColumn("line"), TextColumn("{task.description}"), BarColumn(16), TimeElapsedColumn())
        self._progress: Progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID = self._progress.add_task("", total=None)
        self._progress.start()

    def step(self, done: int, total: int, message: Message) -> None:
        from rich.markup import escape

        told = escape(self._session.text(message))
        self._progress.update(self._task, description=told, completed=done, total=total or None)

    def close(self, *, failed: bool) -> None:
        self._progress.stop()
