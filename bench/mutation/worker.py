"""Worker: one forked process for each mutant, with pytest, numpy and scipy already loaded.

The mutated module is compiled from its changed tree and never written to disk. The child runs the tests that reach the
changed line, the quickest first, stops at the first failure, and ends itself when a test uses far more processor time
than it does without the fault.
"""

from __future__ import annotations

import ast
import gc
import importlib.machinery
import importlib.util
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import hypothesis
import pytest

__all__ = ["Outcome", "Reach", "measure_reach", "run_mutant"]

_WALL_SECONDS = 180
_MEMORY = 4 * 2**30
_FLAGS = (
    "-x", "-q", "--timeout=0",
    *("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:unraisableexception"),
    "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning", "--hypothesis-profile=mutation",
)  # fmt: skip

# Examples follow from the test alone; a failing example is not made smaller, because only the failure counts.
hypothesis.settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """What the tests do without a fault."""

    seconds: Mapping[str, float]
    """Processor seconds of each test by its id."""
    lines: Mapping[str, Mapping[int, frozenset[str]]]
    """File → line → tests that execute it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant."""

    outcome: str
    """killed, survived, timeout, or unreached where no test executes the line."""
    seconds: float
    """Processor seconds."""
    by: str = ""
    """The test that failed first."""


@dataclass
class _Selection:
    """Keeps the chosen tests, in their order, and gives each a limit of processor time."""

    wanted: Sequence[str]
    seconds: Mapping[str, float]
    report: int
    failed: str = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        place = {name: number for number, name in enumerate(self.wanted)}
        items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        signal.setitimer(signal.ITIMER_PROF, 2 + 10 * self.seconds.get(item.nodeid, 0.0))
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid
            os.write(self.report, report.nodeid.encode())


@dataclass
class _Tracer:
    """Which test executes which line of the watched files."""

    watched: frozenset[str]
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    _now: str = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        self._now = item.nodeid
        started = time.process_time()
        sys.settrace(self._call)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.seconds[item.nodeid] = time.process_time() - started

    def _call(self, frame: FrameType, event: str, _argument: object) -> Callable[..., object] | None:
        if frame.f_code.co_filename not in self.watched:
            return None
        seen = self.lines.setdefault(frame.f_code.co_filename, {})
        test = self._now

        def line(frame: FrameType, _event: str, _argument: object) -> Callable[..., object]:
            seen.setdefault(frame.f_lineno, set()).add(test)
            return line

        return line(frame, event, None)


class _Mutated(importlib.machinery.SourceFileLoader):
    """Gives one module other code than its file holds."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def find_spec(self, name: str, _path: object, _target: ModuleType | None = None) -> object:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return self.code


def measure_reach(tests: Sequence[str], watched: Sequence[Path]) -> Reach:
    """Run all tests once in a forked child, and learn what they reach; exits if one fails without any fault."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        tracer = _Tracer(frozenset(map(str, watched)))
        code = pytest.main([*_FLAGS, *tests], plugins=[tracer])
        with os.fdopen(writing, "w", encoding="utf-8") as out:
            lines = {file: {line: sorted(tests) for line, tests in at.items()} for file, at in tracer.lines.items()}
            out.write(repr((tracer.seconds, lines)))
        os._exit(int(code))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as received:
        text = received.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("the tests fail without any fault: nothing can be learned from them")
    seconds, lines = ast.literal_eval(text)
    return Reach(seconds, {f: {n: frozenset(tests) for n, tests in at.items()} for f, at in lines.items()})


def run_mutant(module: str, path: Path, tree: ast.Module, wanted: Sequence[str], reach: Reach) -> Outcome:
    """Run the wanted tests against one mutant."""
    if not wanted:
        return Outcome("unreached", 0.0)
    reading, writing = os.pipe()
    gc.freeze()  # what is loaded already is no child's garbage
    child = os.fork()
    if child == 0:
        os.close(reading)
        _in_child(module, path, tree, wanted, reach, writing)
    os.close(writing)
    late = _wait(child)
    _, status, used = os.wait4(child, 0)
    with os.fdopen(reading, encoding="utf-8") as received:
        by = received.read()
    seconds = used.ru_utime + used.ru_stime
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU)):
        return Outcome("timeout", seconds)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return Outcome("survived", seconds)
    return Outcome("killed", seconds, by or "at import")


def _wait(child: int) -> bool:
    """Wait for the child to end; True where it had to be stopped by the clock on the wall."""
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    late = not poll.poll(_WALL_SECONDS * 1000)
    if late:
        os.kill(child, signal.SIGKILL)
    os.close(handle)
    return late


def _in_child(module: str, path: Path, tree: ast.Module, wanted: Sequence[str], reach: Reach, report: int) -> None:
    """Never returns."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, 20)
    sys.meta_path.insert(0, _Mutated(module, str(path), compile(tree, str(path), "exec", dont_inherit=True)))
    files = list(dict.fromkeys(name.split("::")[0] for name in wanted))
    code = 1
    try:
        code = int(pytest.main([*_FLAGS, "--tb=no", *files], plugins=[_Selection(wanted, reach.seconds, report)]))
    finally:
        os._exit(code)
