"""Child: counts once in a process of its own and prints wall and processor seconds and the peak of memory as JSON.

Started by run.py. A small folder is counted first, so that what is loaded on first use is not timed.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def main() -> None:
    """Do what was asked and print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine")
    parser.add_argument("--frame")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--small", type=Path, required=True)
    asked = parser.parse_args()
    found = _frame(asked.frame, asked.folder, asked.small) if asked.frame else _engine(asked)
    print(json.dumps(found))


def _engine(asked: argparse.Namespace) -> dict[str, Any]:
    from engines import ENGINES

    count = ENGINES[asked.engine]
    count(asked.small)
    before = peak()
    counted, wall, cpu = timed(lambda: count(asked.folder))
    cells = sorted([list(cell) for cell in counted.cells])
    return {"wall": wall, "cpu": cpu, "opening": counted.opening, "before": before, "peak": peak(), "cells": cells}


def _frame(kind: str, folder: Path, small: Path) -> dict[str, Any]:
    """Ours and the library's own group-by on one frame, in turn; the peak is of no use here: the frame is in memory."""
    from engines import tallied
    from frames import make

    held, first = make(kind, folder), make(kind, small)
    tallied(first.frame)
    first.bare()
    ours, bare, cells = [], [], []
    for _ in range(3):
        counted, *times = timed(lambda: tallied(held.frame))
        ours.append(times)
        bare.append(list(timed(held.bare)[1:]))
        cells = counted.cells
    return {"ours": ours, "bare": bare, "counts": sorted(cell[-1] for cell in cells)}


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return the result with wall and processor seconds."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def peak() -> int:
    """Largest resident memory of this process so far, in bytes."""
    if STATUS.is_file():
        # Not `ru_maxrss`: on Linux a new process begins with the peak of the one that started it.
        found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="utf-8"))
        if found:
            return int(found.group(1)) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
