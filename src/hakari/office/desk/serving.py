"""Serving the site from one process that a person started: requests, and beside them the work that waits."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from hakari.errors import OfficeError
from hakari.messages import say

__all__ = ["check_port", "serve", "work"]


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody else listens on, before anything is made ready for it.

    Raises:
        OfficeError: it is taken, or not ours to take.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise OfficeError(say("office.desk.port", port=port, problem=error.strerror or str(error))) from None


def serve(host: str, port: int, *, processes: int = 1, threads: int = 4, working: bool = True) -> None:
    """Answer requests until somebody interrupts; `working` also starts the process that sends mail."""
    with _worker(working):
        if find_spec("gunicorn") is not None and os.name == "posix":
            _gunicorn(host, port, processes, threads)
        else:
            _reference(host, port)


def work() -> None:
    """Do what waits (mail) until somebody interrupts; close votes at their deadline, and do what a day brings."""
    import time

    from django.core.management import call_command
    from django.db import DatabaseError, close_old_connections

    from hakari.office.committee.actions.voting import close_due
    from hakari.office.core.mail import send_digests
    from hakari.office.lifecycle.staleness import expire
    from hakari.office.oversight.reminders import remind

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    parent, digests, votes = os.getppid(), 0.0, 0.0
    while os.getppid() == parent:  # who started us is gone: so are we
        try:
            call_command("db_worker", interval=1, batch=True, startup_delay=False, reload=False, verbosity=0)
            if time.monotonic() - votes > 60:
                votes = time.monotonic()
                close_due()
            if time.monotonic() - digests > 600:
                digests = time.monotonic()
                expire()
                remind()
                send_digests()
        except DatabaseError:  # away for a moment, such as in a backup; the next turn asks again
            close_old_connections()
        time.sleep(2)


@contextmanager
def _worker(wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "hakari.cli", "office", "work", "--quiet"]
    # In a group of its own: Ctrl-C at the terminal reaches the server, and the server ends the worker.
    process = subprocess.Popen(command, start_new_session=True, env=os.environ.copy())  # noqa: S603  # our own program
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _gunicorn(host: str, port: int, processes: int, threads: int) -> None:
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no types

    application = get_wsgi_application()

    class Site(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            shown = f"[{host}]" if ":" in host else host
            settings: dict[str, Any] = {
                "bind": f"{shown}:{port}",
                "workers": processes,
                "threads": threads,
                "worker_class": "gthread",
                "loglevel": "warning",
                "graceful_timeout": 5,
                "timeout": 60,
                "limit_request_line": 8190,
                "forwarded_allow_ips": os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    connections.close_all()  # a process that is forked must not share them
    try:
        Site().run()
    except SystemExit as ended:
        if ended.code:
            raise OfficeError(say("office.desk.stopped", problem=str(ended.code))) from None


def _reference(host: str, port: int) -> None:
    from django.core.wsgi import get_wsgi_application

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            return

    with make_server(host, port, get_wsgi_application(), server_class=Server, handler_class=Quiet) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
