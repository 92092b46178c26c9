"""How long importing takes: fresh interpreters, in turn, against a bare Python and, where it is at hand, a peer.

python bench/imports.py
python bench/imports.py --peer path/to/an/environment/with/fairlearn/bin/python
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BARE = "python -c pass"
STARTS: dict[str, tuple[str, ...]] = {
    BARE: ("-c", "pass"),
    "import hakari": ("-c", "import hakari"),
    "import hakari.statistics": ("-c", "import hakari.statistics"),
    "from hakari.statistics import Tally": ("-c", "from hakari.statistics import Tally"),
    "hakari --help": ("-m", "hakari.cli", "--help"),
    "hakari verify --help": ("-m", "hakari.cli", "verify", "--help"),
}
PEER: dict[str, tuple[str, ...]] = {"import fairlearn.metrics": ("-c", "import fairlearn.metrics")}
SLOWEST = 5


def seconds(python: Path, words: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of one fresh interpreter."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(python), *words], check=True, stdout=subprocess.DEVNULL, env=variables())
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def variables() -> dict[str, str]:
    """The variables of this process, without those that change how Python starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HAKARI_"))}


def modules(python: Path, words: Sequence[str]) -> dict[str, Any]:
    """What `-X importtime` says: modules loaded, and which top-level packages took longest by their own time."""
    done = subprocess.run(
        [str(python), "-X", "importtime", *words], check=True, capture_output=True, text=True, env=variables()
    )
    lines = re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)", done.stderr)
    own: dict[str, int] = {}
    for microseconds, name in lines:
        top = name.split(".")[0]
        own[top] = own.get(top, 0) + int(microseconds)
    slowest = sorted(own.items(), key=lambda item: -item[1])[:SLOWEST]
    return {"modules": len(lines), "slowest_ms": {name: round(spent / 1000, 1) for name, spent in slowest}}


def measure(starts: dict[str, tuple[Path, Sequence[str]]], runs: int) -> dict[str, Any]:
    """Median and quartiles of every start; the starts take turns, so that a busy spell hits all alike."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in starts}
    for python, words in starts.values():
        seconds(python, words)  # the first one writes byte code and fills the file cache
    for run in range(runs):
        for name, (python, words) in starts.items():
            times[name].append(seconds(python, words))
        if (run + 1) % 10 == 0:
            print(f"{run + 1} of {runs}", flush=True)
    found = {}
    for name, (python, words) in starts.items():
        wall, spent = ([pair[which] for pair in times[name]] for which in (0, 1))
        low, middle, high = quantiles(wall, n=4)
        summary = {"median": middle, "quartiles": [low, high], "least": min(wall), "processor": median(spent)}
        found[name] = {**summary, **modules(python, words)}
    return found


def table(result: dict[str, Any]) -> str:
    """The results as a page."""
    found = result["starts"]
    bare = found[BARE]["processor"]
    lines = [
        "# Time to import",
        "",
        f"{result['system']}, Python {result['python']}, {result['cores']} cores, load {result['load']} before the "
        f"run; fresh interpreters, median of {result['runs']}. On a busy machine the processor time says more.",
        "",
        "| start | median, ms | quartiles, ms | least, ms | processor, ms | processor beyond a bare Python, ms "
        "| modules |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in found.items():
        low, high = (1000 * value for value in row["quartiles"])
        more = 1000 * (row["processor"] - bare)
        lines.append(
            f"| `{name}` | {1000 * row['median']:.0f} | {low:.0f}–{high:.0f} | {1000 * row['least']:.0f} "
            f"| {1000 * row['processor']:.0f} | {more:.0f} | {row['modules']} |"
        )
    if result["peer"]:
        lines += ["", f"The peer: {result['peer']}."]
    return "\n".join(lines) + "\n"


def peer_of(python: Path) -> str:
    """Name and versions of the peer."""
    program = "import importlib.metadata as m, platform; print('fairlearn', m.version('fairlearn'), 'on Python', "
    done = subprocess.run(
        [str(python), "-c", program + "platform.python_version())"], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def main() -> None:
    """Measure and write `imports.json` and `imports.md`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--peer", type=Path, help="the Python of an environment that holds fairlearn")
    parser.add_argument("--quick", action="store_true", help="five runs")
    asked = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    starts: dict[str, tuple[Path, Sequence[str]]] = {
        name: (Path(sys.executable), words) for name, words in STARTS.items()
    }
    if asked.peer:
        starts |= {name: (asked.peer, words) for name, words in PEER.items()}
    runs = 5 if asked.quick else asked.runs
    result = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("hakari", "numpy", "scipy", "click", "rich")},
        "peer": peer_of(asked.peer) if asked.peer else None,
        "cores": os.cpu_count(),
        "load": load,
        "runs": runs,
        "starts": measure(starts, runs),
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "imports.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (asked.out / "imports.md").write_text(table(result), encoding="utf-8")
    print(table(result))


if __name__ == "__main__":
    main()
