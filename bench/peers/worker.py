"""Worker: runs one library in its own environment, one task at a time as the driver asks, and times it inside.

Started by run.py as `python worker.py with_<library>`; speaks JSON, one line for each task.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any


class Worker:
    """What is loaded, and the tasks."""

    def __init__(self, module: str) -> None:
        self.module = importlib.import_module(module)
        self.routes = {route.name: route for route in self.module.ROUTES}
        self.table: Any = None
        self.frame: Any = None

    def routes_known(self) -> list[dict[str, Any]]:
        """The routes of this library, with the versions that are installed."""
        import table

        return [
            {
                "name": route.name,
                "asks": route.asks,
                "gives": route.gives,
                "conversion": {kind: route.conversion.get(kind, "") for kind in table.KINDS},
                "versions": {package: version(package) for package in route.packages},
            }
            for route in self.routes.values()
        ]

    def load(self, path: str, kind: str, rows: int | None = None) -> int:
        """Make the frame that is given; not timed."""
        import table

        self.frame = None
        self.frame = table.frame(table.load(Path(path), rows), kind)
        return len(self.frame)

    def run(self, route: str, rows: int | None = None) -> dict[str, Any]:
        """Convert and measure, timed apart; `rows` takes only the first of them, for warming up."""
        asked = self.routes[route]
        given = self.frame if rows is None else self.frame.head(rows).reset_index(drop=True)
        prepared, converting = timed(lambda: asked.convert(given))
        answer, measuring = timed(lambda: asked.measure(prepared))
        return {"convert": converting, "measure": measuring, "values": asked.read(answer)}

    def part(self, name: str, runs: int) -> list[list[float]]:
        """A piece of our own work, after one warm-up."""
        work = self.module.parts(self.frame)[name]
        return repeated(work, runs)

    def replicated(self, runs: int) -> dict[str, Any]:
        """Point values and display replicates, after one warm-up."""
        facts = self.module.replicated(self.frame)
        return {"facts": facts, "times": repeated(lambda: self.module.replicated(self.frame), runs)}

    def further(self, runs: int) -> dict[str, Any]:
        """Our whole task on other frames, after one warm-up each; and what each gives."""
        route = next(iter(self.routes.values()))
        found = {}
        for name, make in self.module.further_frames().items():
            given = make(self.frame)
            values = route.read(route.measure(given))
            times = repeated(lambda given=given: route.measure(given), runs)
            found[name] = {"values": values, "times": times}
        return found


def timed(work: Callable[[], Any]) -> tuple[Any, list[float]]:
    """Return the result with wall and processor seconds of one call."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, [time.perf_counter() - wall, time.process_time() - cpu]


def repeated(work: Callable[[], Any], runs: int) -> list[list[float]]:
    """Wall and processor seconds of several calls after one that does not count."""
    work()
    return [timed(work)[1] for _ in range(runs)]


def main() -> None:
    """Answer tasks until the driver closes the pipe; whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = {"done": getattr(worker, task.pop("do"))(**task)}
        except Exception:  # noqa: BLE001 - the driver reports whatever a library raises
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
