"""Equality beside the peers: every metric that a peer and Hakari both define, on random and on real data sets.

Makes an environment for each library, asks each about every data set, and compares. Fails where a value is neither
equal to ours nor explained by a definition that is written down in `pairs.py`.

    python -m bench.peers.equality.run
    python -m bench.peers.equality.run --quick --environments DIR
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
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the neighbours are scripts

from bench.peers.equality.comparing import TOLERANCE, compare
from bench.peers.equality.samples import LARGEST, SEEDS
from bench.peers.equality.storing import STORED, stored
from bench.peers.equality.writing import write_markdown
from environments import ROOT, default_folder, prepare, prepare_one
from machine import describe

HERE = Path(__file__).resolve().parent
RUNS_IN = {"hakari": "hakari", "fairlearn": "fairlearn", "sklearn": "fairlearn"}
"""The environment of each library; the others have their own name."""
LIBRARIES = ("hakari", "sklearn", "aif360", "aequitas", "holisticai", "fairlearn")
REAL = ROOT / "bench" / "published" / "requirements.txt"


def main() -> None:
    """Ask, compare, write; exit code 1 where something is left to explain."""
    settings = _arguments()
    settings.out.mkdir(parents=True, exist_ok=True)
    pythons = prepare(settings.environments)
    answers_in = settings.environments / "equality"
    answers_in.mkdir(parents=True, exist_ok=True)
    real = answers_in / "real"
    if not real.exists():
        _run(prepare_one(settings.environments, "published", REAL), "bench.peers.equality.real", str(real))
    given = Path(tempfile.mkdtemp()) if settings.quick else real
    found: dict[str, Any] = {}
    for library in LIBRARIES:
        path = answers_in / (f"{library}-quick.json" if settings.quick else f"{library}.json")
        if not (settings.reuse and path.exists()):
            wanted = ["--seeds", str(settings.seeds), "--largest", str(settings.largest)]
            _run(
                pythons[RUNS_IN.get(library, library)],
                "bench.peers.equality.worker",
                *(library, "--real", str(given), "--out", str(path), *wanted),
            )
        found[library] = json.loads(path.read_text(encoding="utf-8"))
    answers = {library: each["answers"] for library, each in found.items()}
    same, different = compare(answers)
    results = {
        "machine": describe(ROOT),
        "tolerance": TOLERANCE,
        "seeds": settings.seeds,
        "data_sets": sorted({sample for each in answers.values() for sample in each}),
        "versions": {library: each["versions"] for library, each in found.items()},
        "same": [row.record() for _, row in same],
        "different": [row.record() for _, row in different],
    }
    (settings.out / "equality.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for name, page in write_markdown(results, same, different).items():
        (settings.out / name).write_text(page, encoding="utf-8")
    if not settings.quick:
        text = json.dumps(stored(answers, results["versions"]), indent=0, sort_keys=True)
        STORED.write_text(text + "\n", encoding="utf-8")
    _say(f"written: {settings.out}")
    left = [(row.peer, row.theirs, row.unexplained[:3]) for _, row in (*same, *different) if row.unexplained]
    if left:
        sys.exit(f"NOT EXPLAINED: {left}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, default=default_folder(), help="where the environments are kept")
    parser.add_argument("--out", type=Path, help="where the results are written; bench/peers/equality/results")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many random data sets")
    parser.add_argument("--reuse", action="store_true", help="take the answers of an earlier run where there are any")
    parser.add_argument(
        "--quick", action="store_true", help="ten small random data sets, results in a temporary folder"
    )
    settings = parser.parse_args()
    settings.largest = LARGEST
    if settings.quick:
        settings.seeds, settings.largest = 10, 500
    if settings.out is None:
        settings.out = Path(tempfile.mkdtemp(prefix="hakari-equal-")) if settings.quick else HERE / "results"
    return settings


def _run(python: Path, module: str, *arguments: str) -> None:
    _say(f"{module} {arguments[0]}")
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    environment = {**os.environ, **alone, "PYTHONPATH": str(ROOT)}
    subprocess.run([str(python), "-m", module, *arguments], check=True, cwd=ROOT, env=environment)


def _say(line: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {line}", flush=True)


if __name__ == "__main__":
    main()
