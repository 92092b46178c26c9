"""What it costs to capture a decision: microseconds per decision by way of forcing to the disk, threads, checking.

python bench/explanation/capture.py --out bench/explanation/results [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hakari.capture import Recorder, verify_store
from hakari.evidence.canonical import canonical_bytes

SEED = 20261122
REPEATS = 5


def applicants(count: int, columns: int) -> list[dict[str, Any]]:
    """Inputs of so many columns: two thirds numbers, one third texts, some missing."""
    rng = random.Random(SEED)
    return [
        {
            f"column_{k}": (rng.choice("abcdef") * 6 if k % 3 == 2 else None if rng.random() < 0.05 else rng.random())
            for k in range(columns)
        }
        for _ in range(count)
    ]


def times_of(folder: Path, rows: list[dict[str, Any]], reasons: int, sync: Any, threads: int = 1) -> list[float]:
    """Return microseconds of every single call."""
    why = [(f"column_{k}", 0.01 * k - 0.1) for k in range(reasons)]
    found: list[list[float]] = [[] for _ in range(threads)]
    with Recorder(folder, model="2026.11", model_digest="0" * 64, salt=bytes(32), sync=sync) as recorder:

        def work(part: int) -> None:
            clock = time.perf_counter
            for number in range(part, len(rows), threads):
                row = rows[number]
                began = clock()
                recorder.record(f"A-{number:08d}", inputs=row, score=0.7342, decision="refuse", reasons=why)
                found[part].append((clock() - began) * 1e6)

        running = [threading.Thread(target=work, args=(part,)) for part in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        assert recorder.failures == 0
    return [value for part in found for value in part]


def measured(folder: Path, name: str, rows: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    """Repeat one setting; the median and the 99th percentile are medians over the repeats."""
    runs = []
    for repeat in range(REPEATS):
        store = folder / f"{name}-{repeat}".replace(" ", "-")
        times = times_of(store, rows, **options)
        size = sum(path.stat().st_size for path in store.glob("*/*.jsonl")) / len(rows)
        cuts = statistics.quantiles(times, n=100)
        runs.append((statistics.median(times), statistics.fmean(times), cuts[98], size))
        shutil.rmtree(store)
    middle = [statistics.median(values) for values in zip(*runs, strict=True)]
    print(f"{name}: median {middle[0]:.1f} us, 99th percentile {middle[2]:.1f} us", flush=True)
    keys = ("median_us", "mean_us", "p99_us", "bytes")
    return {"setting": name, "decisions": len(rows), **dict(zip(keys, middle, strict=True))}


def floors(folder: Path, rows: list[dict[str, Any]]) -> dict[str, float]:
    """What a program cannot do without: one write of the line, and the digest the long way, for comparison."""
    line = b"x" * 600 + b"\n"
    with (folder / "plain").open("ab", buffering=0) as file:
        began = time.perf_counter()
        for _ in rows:
            file.write(line)
        write = (time.perf_counter() - began) / len(rows) * 1e6
    few = rows[:2000]
    began = time.perf_counter()
    for row in few:
        canonical_bytes(row)
    return {"write_us": write, "rfc8785_us": (time.perf_counter() - began) / len(few) * 1e6}


def checked(folder: Path, rows: list[dict[str, Any]]) -> float:
    """Return lines per second that `verify_store` follows."""
    times_of(folder / "checked", rows, 5, "never")
    began = time.perf_counter()
    found = verify_store(folder / "checked")
    assert found.whole
    assert found.decisions == len(rows)
    return found.lines / (time.perf_counter() - began)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    count = 2_000 if given.quick else 20_000
    few = min(count, 1_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, wide = applicants(count, 12), applicants(count, 60)
        lines = [
            measured(folder, "12 inputs, no reasons", small, reasons=0, sync="never"),
            measured(folder, "12 inputs, 5 reasons", small, reasons=5, sync="never"),
            measured(folder, "60 inputs, 5 reasons", wide, reasons=5, sync="never"),
            measured(folder, "12 inputs, 5 reasons, 4 threads", small, reasons=5, sync="never", threads=4),
            measured(folder, "12 inputs, 5 reasons, forced each second", small, reasons=5, sync="second"),
            measured(folder, "12 inputs, 5 reasons, each line forced", small[:few], reasons=5, sync="line"),
        ]
        compared = floors(folder, small)
        speed = checked(folder, small)
    machine = {
        "cores": os.cpu_count(),
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "rfc8785": version("rfc8785"),
    }
    result = {"floors": compared, "lines": lines, "machine": machine, "repeats": REPEATS, "verified_per_second": speed}
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "capture.json").write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (given.out / "capture.md").write_text(page(result), encoding="utf-8")


def page(result: dict[str, Any]) -> str:
    """Return the table."""
    machine = result["machine"]
    out = [
        f"{machine['machine']}, {machine['cores']} cores, Python {machine['python']}; "
        f"median of {result['repeats']} repeats.",
        "",
        "| setting | decisions | median, µs | mean, µs | 99th percentile, µs | bytes a line |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    out += [
        f"| {line['setting']} | {line['decisions']:,} | {line['median_us']:.0f} | {line['mean_us']:.0f} "
        f"| {line['p99_us']:.0f} | {line['bytes']:.0f} |"
        for line in result["lines"]
    ]
    floor = result["floors"]
    out += [
        "",
        f"For comparison: one unbuffered write of 600 bytes takes {floor['write_us']:.1f} µs, canonical JSON of "
        f"12 inputs by the library `rfc8785` {floor['rfc8785_us']:.0f} µs. `verify_store` follows "
        f"{result['verified_per_second']:,.0f} lines a second.",
    ]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
