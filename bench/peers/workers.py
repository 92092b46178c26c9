"""Workers: the processes that the driver asks, one library each; only one of them works at a time."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

HERE = Path(__file__).resolve().parent


class Process:
    """One library in its environment."""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        # One computing thread: two libraries must not differ by how many cores they were lent.
        alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [str(python), str(HERE / "worker.py"), f"with_{name}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **alone},
            text=True,
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def ask(self, task: str, **arguments: Any) -> Any:
        """Let the library do one task and return what it says."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": task, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"The process of {self.name} ended during `{task}`.")
        answer = json.loads(line)
        if "error" in answer:
            raise SystemExit(f"{self.name} failed at `{task}`:\n{answer['error']}")
        return answer["done"]

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
