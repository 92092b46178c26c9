"""Fuzz the five doors through which bytes from outside come in, and write what was found.

    python -m venv fuzz && fuzz/bin/pip install -e '.[dev]' atheris
    nice -n 10 fuzz/bin/python bench/fuzz/run.py --minutes 12 --door all --seed 1

One process at a time. A door that fails goes on; each failure is kept once, as a small input that `--again FILE`
repeats. `--add` adds the minutes to those in the results, for runs in several parts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
MOST_WALL = 20.0
"""Seconds of the clock after which an input counts as a hang, times the load of the machine."""
_PULSE = re.compile(r"#\d+\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)")


def main() -> int:
    """Run every door that is asked for, one after the other; 1 if anything was found."""
    sys.path.insert(0, str(ROOT))
    arguments = _arguments()
    if arguments.again:
        return _again(arguments.again, arguments.door)
    from bench.fuzz.doors import DOORS
    from bench.fuzz.report import write

    names = list(DOORS) if arguments.door == "all" else [arguments.door]
    base = Path(tempfile.mkdtemp(prefix="hakari-fuzz-"))
    print(f"corpus and failures: {base}", flush=True)
    rows = [_door(name, arguments, base / name) for name in names]
    write(rows, arguments.out, seed=arguments.seed, add=arguments.add)
    return int(any(row["failures"] for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=12.0, help="for each door")
    parser.add_argument("--door", default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="half a minute for each door")
    parser.add_argument("--add", action="store_true", help="add to the results of earlier parts")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--demo", type=Path, help="folder of a demo that was run: its files are seeds too")
    parser.add_argument("--again", type=Path, help="read one input again and say what happens")
    return parser.parse_args()


def _again(path: Path, door: str) -> int:
    from bench.fuzz.doors import door_of
    from bench.fuzz.oracle import judge

    name = door if door != "all" else path.name.partition("-")[0]
    with tempfile.TemporaryDirectory() as room:
        found = judge(door_of(name), path.read_bytes(), Path(room))
    print(f"{found.kind} {found.where} {found.seconds:.2f} s {found.megabytes:.0f} MB\n{found.detail}")
    return int(not found.fine)


def _door(name: str, arguments: argparse.Namespace, state: Path) -> dict[str, Any]:
    """Fuzz one door for its time, starting the worker again where it died."""
    seconds = 30.0 if arguments.quick else arguments.minutes * 60
    (state / "corpus").mkdir(parents=True)
    for number, content in enumerate(_demo_seeds(name, arguments.demo)):
        (state / "corpus" / f"demo-{number:03d}").write_bytes(content)
    row: dict[str, Any] = {
        "door": name,
        "seconds": 0.0,
        "processor": 0.0,
        "executions": 0,
        "refused": 0,
        "edges": 0,
        "features": 0,
    }
    row |= {"corpus": 0, "slowest": 0.0, "megabytes": 0.0, "failures": {}, "known": {}, "left": []}
    for part in range(50):
        if seconds - row["seconds"] < 5:
            break
        _part(name, int(seconds - row["seconds"]), arguments.seed + 1000 * part, state, row)
    print(
        f"{name}: {row['executions']} executions, {row['edges']} edges, slowest {row['slowest']:.2f} s, "
        f"{row['megabytes']:.0f} MB, {len(row['failures'])} failures",
        flush=True,
    )
    return row


def _demo_seeds(name: str, demo: Path | None) -> list[bytes]:
    from bench.fuzz import seeds

    if demo is None or name not in ("envelope", "manifest", "table"):
        return []
    if name == "table":
        head = {"suffix": ".csv", "columns": {"label": "approved", "sensitive": ["race", "sex"]}}
        return [seeds.joined(head, path.read_bytes()[:20_000]) for path in sorted((demo / "data").glob("*.csv"))]
    return seeds.envelopes(demo) if name == "envelope" else seeds.manifests(demo)


def _part(name: str, seconds: int, seed: int, state: Path, row: dict[str, Any]) -> None:
    """One process of the worker until its time is up or it dies."""
    worker = [sys.executable, str(Path(__file__).with_name("worker.py")), "--door", name, "--seconds", str(seconds)]
    worker += ["--seed", str(seed), "--state", str(state)]
    (state / "stats.json").unlink(missing_ok=True)
    (state / "current.bin").unlink(missing_ok=True)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    with (state / "log.txt").open("ab") as log:
        process = subprocess.Popen(worker, stdout=log, stderr=log, env=environment, cwd=state)
        hung, told = False, time.monotonic()
        while process.poll() is None:
            time.sleep(0.5)
            hung = _hangs(state / "current.bin") or _silent(state / "stats.json")
            if hung:
                process.kill()
                process.wait()
            if time.monotonic() - told > 30:
                told = time.monotonic()
                _progress(name, state)
    _collect(state, row)
    if hung or process.returncode not in (0, 1):
        _died(name, state, "hang" if hung else f"died with {process.returncode}", row)


def _hangs(current: Path) -> bool:
    try:
        with current.open("rb") as file:
            since, _ = struct.unpack("<dQ", file.read(16))
    except (OSError, struct.error):
        return False
    return since > 0 and time.time() - since > MOST_WALL * max(1.0, os.getloadavg()[0])


def _silent(stats: Path) -> bool:
    """Whether a worker that had begun has said nothing for minutes: it tells its state every two seconds."""
    try:
        return time.time() - stats.stat().st_mtime > 180 * max(1.0, os.getloadavg()[0] / 4)
    except OSError:
        return False


def _progress(name: str, state: Path) -> None:
    stats = _stats(state)
    edges = _PULSE.findall((state / "log.txt").read_text("utf-8", "replace")[-20_000:])
    cov = edges[-1] if edges else ("?", "?", "?")
    print(
        f"  {name} {stats.get('executions', 0)} executions, {cov[0]} edges, {cov[1]} features, corpus {cov[2]}, "
        f"slowest {stats.get('slowest', 0):.2f} s, {stats.get('megabytes', 0):.0f} MB, "
        f"{len(stats.get('repeated', {}))} failures",
        flush=True,
    )


def _stats(state: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((state / "stats.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _collect(state: Path, row: dict[str, Any]) -> None:
    """Add what one process did to the row of its door."""
    stats = _stats(state)
    pulses = _PULSE.findall((state / "log.txt").read_text("utf-8", "replace"))
    for edges, features, corpus in pulses:
        row["edges"], row["features"] = max(row["edges"], int(edges)), max(row["features"], int(features))
        row["corpus"] = int(corpus)
    row["seconds"] = round(row["seconds"] + stats.get("seconds", 0.0), 1)
    row["processor"] = round(row["processor"] + stats.get("processor", 0.0), 1)
    row["executions"] += stats.get("executions", 0)
    row["refused"] += stats.get("refused", 0)
    row["slowest"] = max(row["slowest"], stats.get("slowest", 0.0))
    row["megabytes"] = max(row["megabytes"], stats.get("megabytes", 0.0))
    row["left"] += stats.get("left", [])
    for kind, field in (("repeated", "failures"), ("known", "known")):
        for key, times in stats.get(kind, {}).items():
            row[field][key] = row[field].get(key, 0) + times


def _died(name: str, state: Path, how: str, row: dict[str, Any]) -> None:
    """Keep the input that a process did not come back from; a process that died between inputs is a failure too."""
    content = (state / "current.bin").read_bytes() if (state / "current.bin").exists() else b"\x00" * 16
    since, size = struct.unpack("<dQ", content[:16])
    folder = state / "failures"
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("*.bin")))
    if since:
        (folder / f"{name}-died-{number}.bin").write_bytes(content[16 : 16 + size])
    row["failures"][f"{how} while reading" if since else f"{how} between inputs"] = 1
    print(f"FAILURE {name} {how}; see {folder} and {state / 'log.txt'}", flush=True)
    shutil.rmtree(state / "room", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
