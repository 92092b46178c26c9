"""Guard: what a reader must never do while it reads, watched from inside the process.

Python's audit events tell of every file opened for writing, every file moved or removed, every socket and every process
started. What a native library does by itself they do not tell; the folders are looked at as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["peak_megabytes", "reset_peak", "watched"]

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate",
}  # fmt: skip
_OUTSIDE = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
    "os.fork", "os.posix_spawn", "ctypes.dlopen",
)  # fmt: skip


class _Watch:
    """One hook for the whole process: audit hooks cannot be taken away again, so this one is switched on and off."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.seen: list[str] = []
        self.installed = False

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        folder = self.folder
        if folder is None:
            return
        if event == "open":
            path, _, flags = args
            if isinstance(flags, int) and flags & _WRITING and self.foreign(path, folder):
                self.seen.append(f"{event} {path!r}")
        elif event in _CHANGES:
            # A name relative to a folder that is open (as a number behind it) is how trees are removed.
            relative = any(isinstance(number, int) and number >= 0 for number in args[1:2]) and event != "os.chmod"
            if not relative and self.foreign(args[0], folder):
                self.seen.append(f"{event} {args[0]!r}")
        elif event in _OUTSIDE:
            self.seen.append(f"{event} {args!r}"[:200])
            raise PermissionError(f"{event} while reading")

    @staticmethod
    def foreign(path: object, folder: str) -> bool:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        # A number is a file that is open already; what Python compiles for itself is no output.
        if not isinstance(path, str | os.PathLike):
            return False
        name = os.path.abspath(path)  # noqa: PTH100 (`resolve` would itself be watched)
        return not (name.startswith(folder + os.sep) or name == os.devnull or "__pycache__" in name)


_WATCH = _Watch()


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Yield a list that gets a line for everything written outside `folder`, sent out or started."""
    if not _WATCH.installed:
        sys.addaudithook(_WATCH.hook)
        _WATCH.installed = True
    _WATCH.seen = []
    _WATCH.folder = os.path.abspath(folder)  # noqa: PTH100 (as above)
    try:
        yield _WATCH.seen
    finally:
        _WATCH.folder = None


def reset_peak() -> None:
    """Start measuring the largest resident memory anew (Linux; elsewhere the peak of the whole run stands)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_megabytes() -> float:
    """Return the largest resident memory since the last reset."""
    try:
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
