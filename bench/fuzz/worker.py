"""Worker: one door in a process of its own, fuzzed by Atheris (libFuzzer) with our mutators and our oracle.

Started by `run.py`, which watches it: a process that dies or hangs leaves the input it was reading in `current.bin`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import mmap
import os
import pkgutil
import resource
import shutil
import struct
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

LARGEST_INPUT = 2**20
"""A megabyte of nothing but tiny objects takes about a second to read, and a door reads its input up to twice."""
ADDRESS_SPACE = 8 * 2**30
"""A reader that asks for more dies; libraries reserve far more than they use, so this is no measure of memory."""
_EVERY = 100
_COUNTED = (
    "hakari.evidence",
    "hakari.assessment",
    "hakari.packs",
    "hakari.inputs.readers",
    "hakari.inputs.tables",
    "hakari.inputs.opening",
    "hakari.inputs.inputs",
    "hakari.inputs.classes",
    "hakari.inputs.numbers",
    "hakari.inputs.data",
    "hakari.workflows.verify",
)
"""Where lines count as reached; the arithmetic behind them would only make every input slower."""


def main() -> None:
    """Fuzz until the time is up; libFuzzer ends the process."""
    arguments = _arguments()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import atheris

    with atheris.instrument_imports(include=list(_COUNTED), enable_loader_override=False):
        # Everything at once: what is imported later, inside a function, would not be counted.
        for name in _COUNTED:
            package = importlib.import_module(name)
            for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{name}."):
                importlib.import_module(module.name)
    run = _Run(arguments)
    atheris.Setup(run.options(), run.one, custom_mutator=run.bend)
    atheris.Fuzz()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--door", required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    return parser.parse_args()


class _Run:
    """The inputs of one process, what was found, and the state that the watching process reads."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        from bench.fuzz.doors import door_of
        from bench.fuzz.oracle import judge

        self.door = door_of(arguments.door)
        self.judge = judge
        self.seeds: list[bytes] = self.door.seeds()
        self.state: Path = arguments.state
        self.seconds: int = arguments.seconds
        self.seed: int = arguments.seed
        self.room = self.state / "room"
        self.stats: dict[str, Any] = {"executions": 0, "refused": 0, "slowest": 0.0, "megabytes": 0.0, "repeated": {}}
        self.told = 0.0
        self.began: tuple[float, float] | None = None
        self._prepare()
        with (self.state / "current.bin").open("wb") as file:
            file.write(b"\x00" * (LARGEST_INPUT + 16))
        self.file = (self.state / "current.bin").open("r+b")
        self.current = mmap.mmap(self.file.fileno(), LARGEST_INPUT + 16)

    def _prepare(self) -> None:
        shutil.rmtree(self.room, ignore_errors=True)
        self.room.mkdir()
        tempfile.tempdir = str(self.room)
        os.environ["TMPDIR"] = str(self.room)
        corpus = self.state / "corpus"
        corpus.mkdir(exist_ok=True)
        (self.state / "failures").mkdir(exist_ok=True)
        for number, seed in enumerate(self.seeds):
            (corpus / f"seed-{number:03d}").write_bytes(seed)
        from hakari.inputs.readers.engine import connection

        # One thread, so that processor time is the time of one reader.
        connection().execute("SET threads = 1")
        connection().execute(f"SET temp_directory = '{self.room}'")
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def options(self) -> list[str]:
        """Return libFuzzer's command line."""
        return [
            "fuzz",
            f"-max_total_time={self.seconds}",
            f"-seed={self.seed}",
            f"-max_len={LARGEST_INPUT}",
            "-len_control=0",
            "-rss_limit_mb=0",
            "-malloc_limit_mb=0",
            "-timeout=600",
            "-reload=0",
            "-print_final_stats=1",
            f"-artifact_prefix={self.state}/",
            str(self.state / "corpus"),
        ]

    def bend(self, data: bytes, most: int, seed: int) -> bytes:
        """Return another input; now and then libFuzzer's own mutation has its turn."""
        import atheris

        rng = Random(seed)
        if not data:
            return rng.choice(self.seeds)
        if rng.random() < 0.08:
            return bytes(atheris.Mutate(data, most))
        # What is bent again and again is refused at once; a fresh seed reaches what stands behind the first check.
        bent = rng.choice(self.seeds) if rng.random() < 0.4 else data
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            if len(bent) > most:
                return data
            try:
                bent = self.door.bend(bent, rng)
            except Exception:  # noqa: BLE001 (a mutator that trips over its own input must not end the run)
                self.stats["tripped"] = self.stats.get("tripped", 0) + 1
                return data
        return bent if len(bent) <= most else data

    def one(self, data: bytes) -> None:
        """Read one input and note what happened."""
        self.began = self.began or (time.monotonic(), time.process_time())
        self._note(data)
        found = self.judge(self.door, data, self.room)
        if found.kind == "slow":
            # Once more, because a collection of garbage or a first import is nobody's fault.
            found = min(found, self.judge(self.door, data, self.room), key=lambda item: item.seconds)
        stats = self.stats
        stats["executions"] += 1
        stats["refused"] += found.kind == "refused"
        stats["slowest"] = max(stats["slowest"], found.seconds)
        stats["megabytes"] = max(stats["megabytes"], found.megabytes)
        if not found.fine:
            self._keep(data, found)
        if stats["executions"] % _EVERY == 0:
            self._tidy()
        self._note(b"")

    def _keep(self, data: bytes, found: Any) -> None:
        from bench.fuzz.failures import known, save

        key = f"{found.kind}: {found.where}"
        if known(self.door.name, found):
            self.stats.setdefault("known", {}).setdefault(key, 0)
            self.stats["known"][key] += 1
            return
        times = self.stats["repeated"].get(key, 0)
        self.stats["repeated"][key] = times + 1
        if times == 0:
            save(self.state / "failures", self.door, data, found, self.room)
            self._tell()

    def _tidy(self) -> None:
        """Empty the room; what a reader left behind there after everything was let go is a failure too."""
        from bench.fuzz.oracle import left_over

        left = [name for name in left_over(self.room) if name.startswith("hakari-")]
        if left:
            self.stats["left"] = left[:5]
        for path in self.room.iterdir():
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()

    def _note(self, data: bytes) -> None:
        """Write down what is being read, so that it is known when the process does not come back."""
        self.current[16 : 16 + len(data)] = data
        now = time.time()
        self.current[:16] = struct.pack("<dQ", now if data else 0.0, len(data))
        if now - self.told > 2:
            self._tell()
            self.told = now

    def _tell(self) -> None:
        if self.began is not None:
            self.stats["seconds"] = time.monotonic() - self.began[0]
            self.stats["processor"] = time.process_time() - self.began[1]
        path = self.state / "stats.json"
        path.with_suffix(".new").write_text(json.dumps(self.stats), encoding="utf-8")
        path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    main()
