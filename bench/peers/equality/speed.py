"""Speed of every metric of decisions: ten groups of a million rows beside the peers, and ten thousand groups alone.

    python -m bench.peers.equality.speed --environments DIR
    python -m bench.peers.equality.speed --quick --environments DIR

`values` are all metrics of `fairness.groups` and `fairness.decisions` without intervals, which is what peers give;
`with intervals` is what the two measures do: intervals, noise floors, bootstraps.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the neighbours are scripts

from environments import ROOT, default_folder, prepare
from machine import describe, sentence
from workers import Process

HERE = Path(__file__).resolve().parent
PEERS = {"aequitas": "aequitas Group", "holisticai": "holisticai confusion_tensor"}
"""The two fastest of `bench/peers`; the others take seconds."""
KINDS = {"categorical": "pandas categories", "string": "pandas strings on Arrow", "object": "pandas objects"}
CROSSED = 100
"""Levels of each of two columns whose intersections are the many groups."""
GOALS = {"peer": 20.0, "crossed": 5.0}
"""How many times faster than the fastest peer on categories; seconds of 10,000 groups."""


def main() -> None:
    """Time ours and theirs in turn, write, say whether the goals are reached."""
    settings = _arguments()
    settings.out.mkdir(parents=True, exist_ok=True)
    machine = describe(ROOT)
    pythons = prepare(settings.environments)
    path = settings.environments / "data" / f"groups-{settings.rows}.npz"
    if not path.exists():
        made = f"table.make(pathlib.Path(sys.argv[1]), rows={settings.rows}, columns=('sex', 'region'))"
        code = f"import sys, pathlib, table; {made}"
        subprocess.run([str(pythons["hakari"]), "-c", code, str(path)], check=True, cwd=HERE.parent)
    rows = []
    for kind in KINDS:
        ours = _ours(pythons["hakari"], path, kind, settings.runs)
        theirs = {}
        for name, route in PEERS.items():
            with Process(name, pythons[name]) as worker:
                worker.ask("load", path=str(path), kind=kind)
                worker.ask("run", route=route)
                found = [worker.ask("run", route=route) for _ in range(min(settings.runs, 5))]
            theirs[route] = median(run["convert"][0] + run["measure"][0] for run in found)
        rows.append({"kind": kind, "ours": ours, "theirs": theirs})
        _say(f"{kind}: ours {ours}, theirs {theirs}")
    crossed = _crossed(pythons["hakari"], settings)
    _say(f"crossed: {crossed}")
    results = {"machine": machine, "rows": settings.rows, "kinds": rows, "crossed": crossed}
    results["goals"] = _goals(results)
    (settings.out / "speed.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (settings.out / "speed.md").write_text(_page(results), encoding="utf-8")
    for goal in results["goals"]:
        _say(f"goal {goal['goal']}: {goal['found']} ({'reached' if goal['reached'] else 'NOT reached'})")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, default=default_folder())
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="few rows, one run, into a temporary folder")
    settings = parser.parse_args()
    if settings.quick:
        settings.rows, settings.runs = 20_000, 1
    if settings.out is None:
        settings.out = Path(tempfile.mkdtemp(prefix="hakari-speed-")) if settings.quick else HERE / "results"
    return settings


def _ours(python: Path, path: Path, kind: str, runs: int) -> dict[str, float]:
    found = _timed(python, "groups", str(path), kind, str(runs))
    return {name: median(times) for name, times in found.items()}


def _crossed(python: Path, settings: argparse.Namespace) -> dict[str, Any]:
    found = _timed(python, "crossed", str(settings.rows), str(min(settings.runs, 3)))
    return {**found.pop("facts"), **{name: median(times) for name, times in found.items()}}


def _timed(python: Path, *arguments: str) -> dict[str, Any]:
    alone = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE.parent)]),
    }
    command = [str(python), "-m", "bench.peers.equality.timing", *arguments]
    ended = subprocess.run(
        command, check=True, cwd=ROOT, env={**os.environ, **alone}, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _goals(results: dict[str, Any]) -> list[dict[str, Any]]:
    categories = results["kinds"][0]
    name, seconds = min(categories["theirs"].items(), key=lambda each: each[1])
    ratio = seconds / categories["ours"]["values"]
    crossed = results["crossed"]
    goals = [
        {"goal": f"at least {GOALS['peer']:.0f}× {name} on categories, values", "found": f"{ratio:.1f}×",
         "reached": ratio >= GOALS["peer"]},
    ]  # fmt: skip
    for measure in ("fairness.groups", "fairness.decisions"):
        goals.append(
            {
                "goal": f"{measure} of {crossed['groups']:,} groups with intervals, under {GOALS['crossed']:.0f} s",
                "found": f"{crossed[measure]:.2f} s",
                "reached": crossed[measure] < GOALS["crossed"],
            }
        )
    return goals


def _page(results: dict[str, Any]) -> str:
    lines = [
        f"All metrics of decisions of {results['rows']:,} rows in 10 groups (sex × region), seconds, medians after a "
        "warm-up, one computing thread. The peers give fewer metrics and no intervals; what they must convert is in "
        "their time.",
        "",
        f"Machine: {sentence(results['machine'])}",
        "",
        "| frame | ours, values | ours, with intervals | "
        + " | ".join(PEERS.values())
        + " | fastest peer / our values |",
        "|---|---:|---:|" + "---:|" * (len(PEERS) + 1),
    ]
    for row in results["kinds"]:
        theirs = [row["theirs"][route] for route in PEERS.values()]
        cells = [row["ours"]["values"], row["ours"]["with intervals"], *theirs]
        ratio = min(theirs) / row["ours"]["values"]
        lines.append(f"| {KINDS[row['kind']]} | " + " | ".join(f"{cell:.4f}" for cell in cells) + f" | {ratio:.1f} |")
    crossed = results["crossed"]
    lines += [
        "",
        f"Two columns of {CROSSED} levels crossed, {crossed['groups']:,} groups:",
        "",
        "| task | seconds | estimates |",
        "|---|---:|---:|",
        f"| all values | {crossed['values']:.2f} | |",
        *(
            f"| {measure}, with intervals | {crossed[measure]:.2f} | {crossed['estimates'][measure]:,} |"
            for measure in ("fairness.groups", "fairness.decisions")
        ),
        "",
        "| goal | found | reached |",
        "|---|---:|---|",
    ]
    lines += [
        f"| {each['goal']} | {each['found']} | {'yes' if each['reached'] else 'no'} |" for each in results["goals"]
    ]
    return "\n".join(lines) + "\n"


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


if __name__ == "__main__":
    main()
