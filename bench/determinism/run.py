"""The same input gives the same bytes: two clean environments, processes, engines; and another lock agrees.

python bench/determinism/run.py

Compares digests of whole bundles, and where they may differ (another lock file, other random draws) says how far.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compare import distances
from environments import LOCKS, prepare, variables

WORKER = Path(__file__).resolve().parent / "worker.py"
ENGINES = ("duckdb", "pandas", "pandas on arrow", "parquet", "polars", "polars lazy", "pyarrow")
PROCESSES = {
    "1 thread everywhere": {"PYTHONHASHSEED": "1"},
    "DuckDB 2, OpenMP and OpenBLAS 2, Polars 2": {
        "duckdb": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "POLARS_MAX_THREADS": "2",
        "PYTHONHASHSEED": "4294967295", "TZ": "Asia/Tokyo", "LC_ALL": "C",
    },
    "DuckDB 7, OpenMP 3, OpenBLAS 1": {
        "duckdb": "7", "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "20261122",
    },
}  # fmt: skip
QUICK_ENGINES = ("polars",)


class Work:
    """The folder in which everything is made, and the environments."""

    def __init__(self, folder: Path, pythons: dict[str, Path]) -> None:
        self.folder, self.pythons = folder, pythons
        self._made = 0

    def worker(self, environment: str, *words: str, **changed: str) -> dict[str, Any]:
        """Run one step in an environment; return what it printed."""
        command = [str(self.pythons[environment]), str(WORKER), *words]
        done = subprocess.run(command, env=variables(**changed), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{environment}: {' '.join(words)}\n{done.stderr[-3000:]}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def train(self, environment: str) -> Path:
        """Return a folder in which the example was trained."""
        place = self.folder / f"trained-{environment}"
        shutil.rmtree(place, ignore_errors=True)
        print(f"{environment}: training", flush=True)
        self.worker(environment, "train", str(place))
        return place

    def assess(self, environment: str, trained: Path, *words: str, **changed: str) -> dict[str, Any]:
        """Assess a copy of a trained folder."""
        self._made += 1
        place = self.folder / f"run-{self._made}"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(trained, place)
        found = self.worker(environment, "assess", str(place), *words, **changed)
        told = " ".join([*words, *(f"{name}={value}" for name, value in changed.items())])
        print(f"{environment}: assessed {told} {found['bundle'][:12]}", flush=True)
        return found

    def verify(self, environment: str, bundle: str, trained: Path, *words: str) -> dict[str, Any]:
        """Check a bundle on three levels with the subjects of a trained folder."""
        found = self.worker(environment, "verify", str(trained), "--bundle", bundle, *words)
        levels = {name: level["status"] for name, level in found["levels"].items()}
        print(f"{environment}: verified {' '.join(words)} {levels}", flush=True)
        return found


def same_lock(work: Work, engines: tuple[str, ...]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Everything that must give the same bytes, with the reference first."""
    trained = {name: work.train(name) for name in ("first", "second")}
    reference = work.assess("first", trained["first"])
    runs = [
        {"what": "first environment", **reference},
        {"what": "second environment, trained again", **work.assess("second", trained["second"])},
    ]
    for what, changed in PROCESSES.items():
        own = {name: value for name, value in changed.items() if name != "duckdb"}
        words = ["--duckdb-threads", changed.get("duckdb", "1")]
        runs.append({"what": f"another process: {what}", **work.assess("first", trained["first"], *words, **own)})
    for engine in engines:
        runs.append({"what": f"rows held by {engine}", **work.assess("first", trained["first"], "--engine", engine)})
    for run in runs:
        run["same"] = {part: run[part] == reference[part] for part in ("estimates", "assessment", "bundle")}
    return runs, {"trained": trained["first"], **reference}


def other_lock(work: Work, reference: dict[str, Any]) -> list[dict[str, Any]]:
    """The bundle of each lock measured again under the other, and how far the figures lie apart."""
    own = work.train("older")
    older_own = work.assess("older", own)
    older_same = work.assess("older", reference["trained"])
    main_again = work.assess("first", own)
    return [
        {
            "what": "made under the main lock, checked under the older",
            "levels": work.verify("older", reference["bundle_path"], reference["trained"])["levels"],
            "distances": distances(Path(reference["bundle_path"]), Path(older_same["bundle_path"])),
            "packages": older_same["packages"],
        },
        {
            "what": "made under the older lock, checked under the main",
            "levels": work.verify("first", older_own["bundle_path"], own)["levels"],
            "distances": distances(Path(older_own["bundle_path"]), Path(main_again["bundle_path"])),
            "packages": main_again["packages"],
        },
    ]


def other_draws(work: Work, reference: dict[str, Any], runs: int) -> list[dict[str, Any]]:
    """The bundle checked with other random draws from the same seeds, as if numpy had changed its generators."""
    found = []
    for salt in range(1, runs + 1):
        again = work.assess("first", reference["trained"], "--salt", str(salt))
        levels = work.verify("first", reference["bundle_path"], reference["trained"], "--salt", str(salt))["levels"]
        apart = distances(Path(reference["bundle_path"]), Path(again["bundle_path"]))
        found.append({"salt": salt, "levels": levels, "distances": apart})
    return found


def page(result: dict[str, Any]) -> str:
    """The results as a page."""
    lines = [
        "# Determinism",
        "",
        f"The demo, assessed on {result['system']}, Python {result['python']}, {result['when'][:10]}; "
        + ", ".join(f"{name} {number}" for name, number in result["packages"].items())
        + ". Key and clock are fixed.",
        "",
        "## Same lock: the same bytes",
        "",
        "| run | estimates | assessment | whole bundle |",
        "|---|---|---|---|",
    ]
    for run in result["same_lock"]:
        lines.append("| " + " | ".join([run["what"], *("same" if run["same"][part] else "**different**" for part in
                     ("estimates", "assessment", "bundle"))]) + " |")  # fmt: skip
    lines += ["", "## Another lock, and other draws: agreement", "", *_distance_table(result)]
    return "\n".join(lines) + "\n"


def _distance_table(result: dict[str, Any]) -> list[str]:
    lines = [
        "| run | genuine | recomputed | re-run | exact figures, largest relative distance | simulated ends, largest "
        "distance in standard errors of the difference | other differences |",
        "|---|---|---|---|---:|---:|---|",
    ]
    rows = [*result.get("other_lock", []), *(
        {"what": f"other draws {row['salt']}", **row} for row in result.get("other_draws", [])
    )]  # fmt: skip
    for row in rows:
        apart, levels = row["distances"], [level["status"] for level in row["levels"].values()]
        others = [f"{name} {value:.1%}" for name, value in apart["other"].items() if value] + apart["differing"]
        cells = [
            row["what"],
            *levels,
            f"{apart['exact']:.1e}",
            f"{apart['simulated']:.2f}",
            ", ".join(others) or "none",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Run everything and write `determinism.json` and `determinism.md`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "results")
    parser.add_argument("--work", type=Path, help="folder of the environments and runs; kept if it is named")
    parser.add_argument("--runs", type=int, default=10, help="how many other streams of random numbers are tried")
    parser.add_argument("--quick", action="store_true", help="one engine, no other lock, one other stream")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.work or Path(temporary)).resolve()
        names = ["first", "second"] if asked.quick else list(LOCKS)
        work = Work(folder / "runs", prepare(folder / "environments", names))
        work.folder.mkdir(parents=True, exist_ok=True)
        runs, reference = same_lock(work, QUICK_ENGINES if asked.quick else ENGINES)
        result = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "system": f"{platform.system()} {platform.machine()}",
            "python": reference["python"],
            "packages": reference["packages"],
            "same_lock": runs,
            "other_lock": [] if asked.quick else other_lock(work, reference),
            "other_draws": other_draws(work, reference, 1 if asked.quick else asked.runs),
        }
    asked.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    (asked.out / "determinism.json").write_text(text.replace(str(folder), "work") + "\n", encoding="utf-8")
    (asked.out / "determinism.md").write_text(page(result), encoding="utf-8")
    print(page(result))


if __name__ == "__main__":
    main()
