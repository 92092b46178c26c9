"""Speed beside the peers: ten group metrics of the same million rows, by Hakari and by four other libraries.

Makes an environment for each library, one data file, and runs ours and theirs in turn. Fails where a value differs.

    python bench/peers/run.py
    python bench/peers/run.py --quick --environments /tmp/peers
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from comparison import TOLERANCE, agreement
from environments import HERE, ROOT, default_folder, prepare
from machine import describe
from workers import Process
from writing import write_markdown

KINDS = ("categorical", "string", "object")
COLUMNS = {"groups": ("sex", "region"), "large": ("sex", "region", "age")}
SLOW = {"fairlearn": 3, "aif360": 3, "holisticai": 3}
"""Runs of the libraries that take seconds; the others take `--runs`."""
WARM_ROWS = {"fairlearn": 10_000}
"""Rows of the warm-up where a warm-up on all rows would take a minute."""
GOALS: dict[str, Any] = {
    "fairlearn": {"categorical": 1000.0, "string": 300.0, "object": 300.0},
    "others": 20.0,
    "replicates": 1.5,
}
"""How many times faster than fairlearn and than the fastest other library; seconds of the replicates."""


def main() -> None:
    """Measure, compare, write; exit code 1 where a value differs."""
    settings = _arguments()
    settings.out.mkdir(parents=True, exist_ok=True)
    machine = describe(ROOT)
    pythons = prepare(settings.environments)
    files = _data(settings, pythons["hakari"])
    results: dict[str, Any] = {
        "machine": machine,
        "settings": {"rows": settings.rows, "large_rows": settings.large_rows, "runs": settings.runs},
    }
    with ExitStack() as stack:
        workers = {name: stack.enter_context(Process(name, python)) for name, python in pythons.items()}
        results["libraries"] = {name: worker.ask("routes_known") for name, worker in workers.items()}
        results["kinds"] = [_kind(settings, workers, results["libraries"], files["groups"], kind) for kind in KINDS]
    with Process("hakari", pythons["hakari"]) as ours:
        results |= _alone(settings, ours, files)
    results["goals"] = _goals(results)
    results["load_at_end"] = describe(ROOT)["load_at_start"]
    (settings.out / "peers.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (settings.out / "peers.md").write_text(write_markdown(results), encoding="utf-8")
    for goal in results["goals"]:
        _say(f"goal {goal['goal']}: {goal['found']} ({'reached' if goal['reached'] else 'NOT reached'})")
    _say(f"written: {settings.out / 'peers.json'}, {settings.out / 'peers.md'}")
    apart = [(row["route"], kind["kind"]) for kind in results["kinds"] for row in kind["theirs"] if not row["equal"]]
    apart += [(row["frame"], "further") for row in results["further"] if not row["equal"]]
    if apart:
        sys.exit(f"VALUES DIFFER by more than {TOLERANCE:g}: {apart}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, default=default_folder(), help="where the environments are kept")
    parser.add_argument("--out", type=Path, help="where the results are written; bench/peers/results")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large-rows", type=int, default=10_000_000, help="rows of the task with replicates")
    parser.add_argument("--runs", type=int, default=9, help="timed runs of everything that does not take seconds")
    parser.add_argument(
        "--quick", action="store_true", help="a look: few rows, one run, results into a temporary folder"
    )
    settings = parser.parse_args()
    if settings.quick:
        settings.rows, settings.large_rows, settings.runs = 20_000, 200_000, 1
    if settings.out is None:
        settings.out = Path(tempfile.mkdtemp(prefix="hakari-peers-")) if settings.quick else HERE / "results"
    return settings


def _data(settings: argparse.Namespace, python: Path) -> dict[str, Path]:
    """Write the two data files with the numpy of our environment."""
    files = {}
    for name, rows in (("groups", settings.rows), ("large", settings.large_rows)):
        files[name] = settings.environments / "data" / f"{name}-{rows}.npz"
        if not files[name].exists():
            _say(f"data: {rows:,} rows into {files[name]}")
            code = (
                "import sys, pathlib; import table; "
                f"table.make(pathlib.Path(sys.argv[1]), rows={rows}, columns={COLUMNS[name]!r})"
            )
            subprocess.run([str(python), "-c", code, str(files[name])], check=True, cwd=HERE)
    return files


def _kind(
    settings: argparse.Namespace, workers: dict[str, Process], libraries: dict[str, Any], path: Path, kind: str
) -> dict[str, Any]:
    """Ours and theirs in turn on frames of one kind: ours is run before each of theirs."""
    _say(f"{kind}: loading {settings.rows:,} rows in every environment")
    for worker in workers.values():
        worker.ask("load", path=str(path), kind=kind)
    peers = [(name, route["name"]) for name in workers if name != "hakari" for route in libraries[name]]
    workers["hakari"].ask("run", route="hakari")
    for name, route in peers:
        workers[name].ask("run", route=route, rows=WARM_ROWS.get(name))
    ours: list[dict[str, Any]] = []
    theirs: dict[str, list[dict[str, Any]]] = {route: [] for _, route in peers}
    for turn in range(settings.runs):
        for name, route in peers:
            if turn < min(SLOW.get(name, settings.runs), settings.runs):
                ours.append(workers["hakari"].ask("run", route="hakari"))
                theirs[route].append(workers[name].ask("run", route=route))
                _say(f"{kind}: ours {_seconds(ours[-1]):.4f} s, {route} {_seconds(theirs[route][-1]):.3f} s")
    reference = _row("hakari", ours)
    rows = [_row(route, runs) | _beside(reference, ours[0], route, runs) for route, runs in theirs.items()]
    for row in rows:
        _say(f"{kind}: {row['route']}: {row['values']} values, largest difference {row['largest']:g}")
    return {"kind": kind, "ours": reference, "theirs": rows}


def _row(route: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over the runs, and all runs."""
    wall = [_seconds(run) for run in runs]
    cpu = [run["convert"][1] + run["measure"][1] for run in runs]
    return {
        "route": route,
        "runs": len(runs),
        "wall": median(wall),
        "cpu": median(cpu),
        "converting": median(run["convert"][0] for run in runs),
        "every_wall": wall,
        "every_cpu": cpu,
    }


def _beside(ours: dict[str, Any], answer: dict[str, Any], route: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """How many times longer theirs takes, and whether every value is the same."""
    theirs = _row(route, runs)
    found = [agreement(answer["values"], run["values"]) for run in runs]
    largest = max(one.largest for one in found)
    return {
        "ratio": theirs["wall"] / ours["wall"],
        "ratio_cpu": theirs["cpu"] / ours["cpu"],
        "ratio_without_conversion": (theirs["wall"] - theirs["converting"]) / ours["wall"],
        "values": found[0].values,
        "metrics": found[0].metrics,
        "largest": largest,
        "equal": largest <= TOLERANCE,
    }


def _alone(settings: argparse.Namespace, ours: Process, files: dict[str, Path]) -> dict[str, Any]:
    """What only Hakari is asked: pieces of its work, other frames, and replicates of many rows."""
    parts, replicates, further = [], [], []
    for kind in KINDS:
        ours.ask("load", path=str(files["groups"]), kind=kind)
        for name in ("tally", "another tally of a table that was counted before"):
            parts.append(_times({"frame": kind, "part": name}, ours.ask("part", name=name, runs=settings.runs)))
    ours.ask("load", path=str(files["groups"]), kind="categorical")
    for name in ("verdicts", "verdicts with F1 and balanced accuracy"):
        parts.append(_times({"frame": "categorical", "part": name}, ours.ask("part", name=name, runs=settings.runs)))
    reference = ours.ask("run", route="hakari")["values"]
    for name, found in ours.ask("further", runs=settings.runs).items():
        largest = agreement(reference, found["values"]).largest
        further.append(_times({"frame": name, "equal": largest <= TOLERANCE}, found["times"]))
    for row in (*parts, *further):
        _say(f"ours: {row.get('part', 'whole task')}, {row['frame']}: {row['wall'] * 1e3:.2f} ms")
    for kind in KINDS:
        _say(f"replicates, {kind}: loading {settings.large_rows:,} rows")
        ours.ask("load", path=str(files["large"]), kind=kind)
        found = ours.ask("replicated", runs=min(settings.runs, 5))
        replicates.append(_times({"frame": kind, **found["facts"]}, found["times"]))
        _say(f"replicates, {kind}: {replicates[-1]['wall']:.3f} s")
    return {"parts": parts, "further": further, "replicates": replicates}


def _times(row: dict[str, Any], times: list[list[float]]) -> dict[str, Any]:
    walls, cpus = zip(*times, strict=True)
    return row | {"runs": len(times), "wall": median(walls), "cpu": median(cpus), "every_wall": list(walls)}


def _goals(results: dict[str, Any]) -> list[dict[str, Any]]:
    """The goals, each with what was found."""
    goals = []
    for kind in results["kinds"]:
        least = GOALS["fairlearn"][kind["kind"]]
        found = next(row["ratio"] for row in kind["theirs"] if row["route"].startswith("fairlearn"))
        goals.append(
            _goal(f"at least {least:,.0f}× fairlearn on {kind['kind']} columns", f"{found:,.0f}×", found >= least)
        )
    others = [row for row in results["kinds"][0]["theirs"] if not row["route"].startswith("fairlearn")]
    fastest = min(others, key=lambda row: row["wall"])
    name = f"at least {GOALS['others']:.0f}× the fastest other library on categorical columns ({fastest['route']})"
    goals.append(_goal(name, f"{fastest['ratio']:.1f}×", fastest["ratio"] >= GOALS["others"]))
    rows = results["settings"]["large_rows"]
    for row in results["replicates"]:
        name = f"replicates of {rows:,} rows in {row['groups']} groups, {row['frame']}, under {GOALS['replicates']} s"
        goals.append(_goal(name, f"{row['wall']:.2f} s", row["wall"] < GOALS["replicates"]))
    return goals


def _goal(goal: str, found: str, reached: bool) -> dict[str, Any]:
    return {"goal": goal, "found": found, "reached": reached}


def _seconds(run: dict[str, Any]) -> float:
    return float(run["convert"][0] + run["measure"][0])


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


if __name__ == "__main__":
    main()
