"""A PostgreSQL of our own for as long as it is needed: in a temporary folder, by a socket file, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

__all__ = ["cluster", "programs"]

_FOLDERS = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")


def programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, or None if PostgreSQL is not installed."""
    found = [path.parent for top in _FOLDERS for path in sorted(Path(top).glob("*/bin/initdb")) if path.parent.is_dir()]
    if found:
        return found[-1]
    stated = shutil.which("initdb")
    return Path(stated).resolve().parent if stated else None


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and yield its `DATABASE_URL`; stop it by its own folder and remove it in the end."""
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="hakari-postgres-"))
    data = folder / "data"
    try:
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
        _run(where / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        # What a test loses in a power cut it can make again.
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-c listen_addresses='' -k {folder} {quick}"
        _run(where / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            _run(where / "createdb", "-h", folder, "-U", "postgres", "office")
            yield f"postgres://postgres@{quote(str(folder), safe='')}/office"
        finally:
            _run(where / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    # pg_ctl hands its output on to the server, which would keep a pipe open for as long as it runs.
    done = subprocess.run(words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}")
