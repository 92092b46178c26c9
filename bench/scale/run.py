"""Counting at scale: Parquet folders of up to 100 million rows, by bare engines and by Hakari, each in a process alone.

Makes the data itself (about 0.8 GB for 100 million rows), measures wall, processor and peak memory, and fails where
two of them count differently.

    python bench/scale/run.py --rows 100_000_000 --folder /tmp/scale
    python bench/scale/run.py --quick --no-spark
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from engines import BARE
from frames import MAKERS
from rows import make_folder
from writing import write_markdown

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# The environments and the description of the machine are the same as beside the peers; our own folder comes first.
sys.path.append(str(HERE.parent / "peers"))
from environments import default_folder, prepare_one  # noqa: E402
from machine import describe  # noqa: E402

COUNTING = (
    "polars, bare",
    "Hakari on a polars LazyFrame",
    "DuckDB, bare",
    "Hakari on a DuckDB relation",
    "Hakari on the folder",
)
FEW, MANY = 10, 500
SMALL_ROWS = 10_000
RATIO, MEMORY, GROWTH = 1.5, 10**9, 100 * 2**20
"""Goals: times the bare engine, bytes at most, bytes more at most than for a hundredth of the rows."""


def main() -> None:
    """Make, measure, compare, write; exit code 1 where counts differ."""
    settings = _arguments()
    settings.out.mkdir(parents=True, exist_ok=True)
    machine = describe(ROOT)
    sizes = [settings.rows // 100, settings.rows // 10, settings.rows]
    results: dict[str, Any] = {
        "machine": machine,
        "versions": {name: version(name) for name in ("hakari", "polars", "duckdb", "pyarrow", "pandas", "narwhals")},
        "settings": {"rows": settings.rows, "runs": settings.runs, "goal_ratio": RATIO, "goal_bytes": MEMORY},
    }
    folders = {size: _folder(settings.folder, size, FEW) for size in sizes}
    many = _folder(settings.folder, sizes[1], MANY)
    small = _folder(settings.folder, SMALL_ROWS, 2)
    results["counting"] = [_counting(folders[size], small, size, FEW, settings.runs) for size in sizes]
    results["counting"].append(_counting(many, small, sizes[1], MANY, settings.runs))
    results["digests"] = _digests(folders, many, small)
    expected = sorted(cell[-1] for cell in results["counting"][1]["cells"])
    results["frames"] = [_frame(kind, folders[sizes[1]], small, expected) for kind in MAKERS]
    results["spark"] = None if settings.no_spark else _spark(settings, list(folders.items()), small, results)
    results["goals"] = _goals(results)
    results["load_at_end"] = describe(ROOT)["load_at_start"]
    (settings.out / "scale.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (settings.out / "scale.md").write_text(write_markdown(results), encoding="utf-8")
    for goal in results["goals"]:
        _say(f"goal {goal['goal']}: {goal['found']} ({'reached' if goal['reached'] else 'NOT reached'})")
    _say(f"written: {settings.out / 'scale.json'}, {settings.out / 'scale.md'}")
    if not all(part["same"] for part in (*results["counting"], *results["frames"], *(results["spark"] or []))):
        sys.exit("COUNTS DIFFER")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rows", type=int, default=100_000_000, help="of the largest folder; also a tenth, a hundredth"
    )
    parser.add_argument("--folder", type=Path, help="where the data is kept; a temporary folder if not given")
    parser.add_argument("--out", type=Path, help="where the results are written; bench/scale/results")
    parser.add_argument("--runs", type=int, default=5, help="processes for each way of counting")
    parser.add_argument(
        "--environments", type=Path, default=default_folder(), help="where PySpark's environment is kept"
    )
    parser.add_argument("--no-spark", action="store_true", help="leave PySpark out")
    parser.add_argument("--quick", action="store_true", help="a look: 1 million rows, one run, into a temporary folder")
    settings = parser.parse_args()
    if settings.quick:
        settings.rows, settings.runs = 1_000_000, 1
    if settings.out is None:
        settings.out = Path(tempfile.mkdtemp(prefix="hakari-scale-")) if settings.quick else HERE / "results"
    if settings.folder is None:
        settings.folder = Path(tempfile.gettempdir()) / "hakari-bench-scale"
    return settings


def _folder(folder: Path, rows: int, files: int) -> Path:
    _say(f"data: {rows:,} rows in {files} files")
    return make_folder(folder / f"{rows}-{files}", rows=rows, files=files)


def _counting(folder: Path, small: Path, rows: int, files: int, runs: int) -> dict[str, Any]:
    """Every way of counting in turn, `runs` times, each in a process of its own."""
    found: dict[str, list[dict[str, Any]]] = {engine: [] for engine in COUNTING}
    for _ in range(runs):
        for engine in COUNTING:
            found[engine].append(_child("--engine", engine, folder, small))
            last = found[engine][-1]
            _say(f"{rows:,} rows, {files} files: {engine}: {last['wall']:.3f} s, peak {last['peak'] / 1e6:,.0f} MB")
    first = found[COUNTING[0]][0]["cells"]
    same = all(run.pop("cells") == first for each in found.values() for run in each if run is not found[COUNTING[0]][0])
    found[COUNTING[0]][0].pop("cells")
    engines = {engine: _medians(each) for engine, each in found.items()}
    for engine, bare in BARE.items():
        engines[engine]["ratio"] = engines[engine]["wall"] / engines[bare]["wall"]
        engines[engine]["ratio_cpu"] = engines[engine]["cpu"] / engines[bare]["cpu"]
    size = sum(file.stat().st_size for file in folder.glob("*.parquet"))
    return {"rows": rows, "files": files, "bytes": size, "cells": first, "engines": engines, "same": same}


def _medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    middle = {name: median(run[name] for run in runs) for name in ("wall", "cpu", "opening", "before", "peak")}
    return {**middle, "every_wall": [run["wall"] for run in runs], "every_cpu": [run["cpu"] for run in runs]}


def _digests(folders: dict[int, Path], many: Path, small: Path) -> list[dict[str, Any]]:
    """What it costs to name the table in evidence, apart from counting it."""
    asked = [("digest of the folder", size, FEW, folder) for size, folder in folders.items()]
    asked.append(("digest of the folder", sorted(folders)[1], MANY, many))
    asked += [("digest of a polars LazyFrame", size, FEW, folder) for size, folder in folders.items()]
    found = []
    for engine, size, files, folder in asked:
        run = _child("--engine", engine, folder, small)
        found.append({"what": engine, "rows": size, "files": files, **{k: run[k] for k in ("wall", "cpu", "peak")}})
        _say(f"{engine}, {size:,} rows, {files} files: {run['wall']:.3f} s, peak {run['peak'] / 1e6:,.0f} MB")
    return found


def _frame(kind: str, folder: Path, small: Path, expected: list[int]) -> dict[str, Any]:
    """Ours and the library's own group-by on one frame; whether the counts are those of the files."""
    rows = sum(expected)
    run = _child("--frame", kind, folder, small)
    wall, cpu = (median(times[i] for times in run["ours"]) for i in (0, 1))
    bare, bare_cpu = (median(times[i] for times in run["bare"]) for i in (0, 1))
    _say(f"{rows:,} rows in memory, {kind}: ours {wall:.3f} s, the library's own group-by {bare:.3f} s")
    row = {"kind": kind, "rows": rows, "wall": wall, "cpu": cpu, "bare": bare, "bare_cpu": bare_cpu}
    return row | {"same": run["counts"] == expected}


def _spark(
    settings: argparse.Namespace, folders: list[tuple[int, Path]], small: Path, results: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """Local PySpark on the same folders; None where there is no Java."""
    if shutil.which("java") is None:
        _say("PySpark left out: no Java on the path")
        return None
    python = prepare_one(settings.environments, "spark", HERE / "requirements" / "spark.txt")
    _say("PySpark: starting")
    runs = min(settings.runs, 3)
    words = ["--runs", str(runs), "--small", str(small), "--folders", *(str(folder) for _, folder in folders)]
    found = _json([str(python), str(HERE / "spark_child.py"), *words])
    rows = []
    for (size, _), each, counted in zip(folders, found["folders"], results["counting"], strict=False):
        same = all(run["same"] and run.pop("cells") == counted["cells"] for run in each["runs"])
        row = {"rows": size, "same": same, "peak": each["peak"], "java_peak": each["java_peak"]}
        row |= {name: median(run[name] for run in each["runs"]) for name in ("wall", "cpu", "bare", "opening")}
        rows.append(row | {"start": found["start"], "version": found["version"]})
        _say(f"PySpark, {size:,} rows: ours {row['wall']:.2f} s, bare {row['bare']:.2f} s, same counts: {same}")
    return rows


def _goals(results: dict[str, Any]) -> list[dict[str, Any]]:
    goals = []
    few = [part for part in results["counting"] if part["files"] == FEW]
    for engine in BARE:
        for part in results["counting"]:
            found = part["engines"][engine]["ratio"]
            name = f"{engine}, {part['rows']:,} rows in {part['files']} files: within {RATIO}× {BARE[engine]}"
            goals.append(_goal(name, f"{found:.2f}×", found <= RATIO))
        peak, least = (few[i]["engines"][engine]["peak"] for i in (-1, 0))
        goals.append(_goal(f"{engine}, {few[-1]['rows']:,} rows: under 1 GB", f"{peak / 1e6:,.0f} MB", peak < MEMORY))
        name = f"{engine}: memory flat from {few[0]['rows']:,} to {few[-1]['rows']:,} rows (at most 105 MB more)"
        goals.append(_goal(name, f"{(peak - least) / 1e6:+,.0f} MB", peak - least <= GROWTH))
    return goals


def _goal(goal: str, found: str, reached: bool) -> dict[str, Any]:
    return {"goal": goal, "found": found, "reached": reached}


def _child(how: str, what: str, folder: Path, small: Path) -> dict[str, Any]:
    return _json([sys.executable, str(HERE / "child.py"), how, what, "--folder", str(folder), "--small", str(small)])


def _json(command: list[str]) -> dict[str, Any]:
    """The last line that a process prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


if __name__ == "__main__":
    main()
