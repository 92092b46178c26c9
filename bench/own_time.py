"""How long Hakari's own work takes: the demo, the report, and counting a large CSV. Prints a table for the docs.

python bench/own_time.py
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

from hakari.assessment.case import Case
from hakari.inputs import Columns, Inputs, open_data
from hakari.reports import render_report
from hakari.workflows.demo import run_demo
from hakari.workflows.settings import Clock

RUNS = 3
ROWS = 1_000_000


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def demo(folder: Path) -> tuple[float, Case]:
    """Return the median wall time of the whole demo, and its case."""
    times = []
    for run in range(RUNS):
        started = time.perf_counter()
        case = run_demo(folder / f"demo{run}", clock=Clock.read()).run.case
        times.append(time.perf_counter() - started)
    return median(times), case


def million_rows(path: Path) -> None:
    """Write a CSV of a million rows and eight columns."""
    rng = np.random.default_rng(20261122)
    label, prediction = rng.integers(0, 2, ROWS), rng.integers(0, 2, ROWS)
    groups = rng.choice(["north", "south", "east", "west"], ROWS), rng.choice(["a", "b"], ROWS)
    numbers = rng.random((ROWS, 4)).round(6)
    with path.open("w", encoding="utf-8") as file:
        file.write("label,prediction,area,kind,w,x,y,z\n")
        for row in zip(label, prediction, *groups, *numbers.T, strict=True):
            file.write(",".join(map(str, row)) + "\n")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, case = demo(folder)
        further = median(timed(lambda: render_report(case, "ja", generated_at="2026-11-22"))[1] for _ in range(RUNS))
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "hakari.cli", "--help"], check=True, capture_output=True)
        start = time.perf_counter() - started
        million_rows(folder / "rows.csv")
        columns = Columns(label="label", prediction="prediction", sensitive=("area", "kind"))
        began = time.perf_counter()
        inputs = Inputs(open_data("rows.csv", role="data.test", base=folder), None, columns)
        opened = time.perf_counter() - began
        counted, _ = timed(lambda: inputs.tally(by=("area", "kind")))
    packages = ", ".join(f"{item} {version(item)}" for item in ("numpy", "duckdb", "vl-convert-python"))
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {packages}")
    print("| what | seconds |\n|---|---:|")
    print(f"| the demo's own work, wall, median of {RUNS} | {whole:.1f} |")
    print(f"| a further language of the demo's report, processor, median of {RUNS} | {further:.2f} |")
    print(f"| `hakari --help`, wall | {start:.2f} |")
    print(f"| opening a CSV of {ROWS:,} rows and 8 columns, wall | {opened:.2f} |")
    print(f"| one tally of it over two columns of groups, wall | {counted:.2f} |")


if __name__ == "__main__":
    main()
