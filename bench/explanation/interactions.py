"""Which features act together: how large the stated size is beside the known one, and how often noise is taken for it.

    python bench/explanation/interactions.py --out bench/explanation/results [--quick]

Independent normal columns. In x0·x1 + sin(x2) + … one pair acts together, and the index of a row is known for any background:
the mean over background rows z of (x0 − z0)(x1 − z1). In x0·x1 + x2·x3·x4 it is enumerated. Every run draws new rows, a new
background and new chance; the truth is the mean size of the index over many rows for the run's own background.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from hakari.evidence import Interval
from hakari.measures.explanation import Features, ask, players_of
from hakari.measures.explanation.shapley import enumerated_interactions
from hakari.measures.explanation.tabular.whole import acting_together

SEED = 20261123
MANY, SOME = 100_000, 1_000


def features(rng: np.random.Generator, rows: int, columns: int) -> Features:
    return Features({f"x{place}": rng.normal(size=rows) for place in range(columns)})


def pair(columns: dict[str, Any]) -> Any:
    """One pair acts together, everything else adds up."""
    rest = sum(np.sin(values) for name, values in columns.items() if name not in ("x0", "x1"))
    return columns["x0"] * columns["x1"] + rest


def three(columns: dict[str, Any]) -> Any:
    """A pair, and three that act together: their index hangs on who else is there, so single draws of it are noisy."""
    return columns["x0"] * columns["x1"] + columns["x2"] * columns["x3"] * columns["x4"]


def truth_of(model: Any, background: Features, rng: np.random.Generator) -> dict[tuple[str, str], float]:
    """Mean size of each pair's index over many rows, for this background."""
    names = background.names
    if model is pair:
        z0, z1 = background.columns["x0"], background.columns["x1"]
        x0, x1 = rng.normal(size=(2, MANY))
        index = x0 * x1 - x0 * z1.mean() - x1 * z0.mean() + (z0 * z1).mean()
        return {("x0", "x1"): float(np.abs(index).mean())}
    many = enumerated_interactions(
        ask(model, names=names), features(rng, SOME, len(names)), background, players_of(names)
    )
    sizes = np.abs(many.values).mean(axis=0)
    return {(names[i], names[j]): float(sizes[i, j]) for i, j in combinations(range(len(names)), 2)}


def one(model: Any, rng: np.random.Generator, columns: int, rows: int, most: int) -> dict[str, float]:
    background, explained = features(rng, 100, columns), features(rng, rows, columns)
    asked = ask(model, names=explained.names)
    found = acting_together(
        asked, explained, background, players_of(explained.names), rng, most_model_rows=most, confidence=0.95
    )
    known = truth_of(model, background, rng)
    stated = {(each.slice["feature"], each.slice["with"]): each for each in found.estimates}
    first = stated.get(("x0", "x1"))
    spans = {name: span_of(each) for name, each in stated.items()}
    return {
        "asked": asked.rows,
        "clear": first is not None and spans["x0", "x1"][0] > 0,
        "size": 0.0 if first is None else float(str(first.value)) / known["x0", "x1"],
        "held": all(low <= known.get(name, 0.0) <= high for name, (low, high) in spans.items()),
        "too_high": any(low > known.get(name, 0.0) * 1.0000001 for name, (low, _) in spans.items()),
        "too_low": any(high < known.get(name, 0.0) for name, (_, high) in spans.items()),
    }


def span_of(each: Any) -> tuple[float, float]:
    interval = each.interval
    return (interval.low, interval.high) if isinstance(interval, Interval) else (0.0, float("inf"))


SETTINGS = (
    (pair, 4, 50, 600_000),
    (pair, 10, 50, 100_000),
    (pair, 10, 50, 600_000),
    (pair, 30, 50, 600_000),
    (three, 5, 50, 20_000),
    (three, 5, 50, 600_000),
    (three, 5, 200, 600_000),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    runs, start, lines = 10 if arguments.quick else 200, time.perf_counter(), []
    for model, columns, rows, most in SETTINGS:
        seeds = np.random.SeedSequence([SEED, columns, rows, most]).spawn(runs)
        found = [one(model, np.random.Generator(np.random.PCG64(seed)), columns, rows, most) for seed in seeds]
        mean = {name: float(np.mean([each[name] for each in found])) for name in found[0]}
        lines.append({"model": model.__name__, "columns": columns, "rows": rows, "most": most, **mean})
        print(lines[-1], flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    versions = {name: version(name) for name in ("hakari", "numpy", "scipy")}
    result = {"runs": runs, "seed": SEED, "python": platform.python_version(), "versions": versions, "lines": lines}
    (arguments.out / "interactions.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    (arguments.out / "interactions.md").write_text(written(result, time.perf_counter() - start), "utf-8")
    return 0


def written(result: dict[str, Any], seconds: float) -> str:
    head = (
        f"{result['runs']} runs a line. `pair`: x0 and x1 act together, all else adds up. `three`: also x2, x3 and x4 act "
        "together. “Stated size” is the mean of the stated over the known size of the pair x0, x1.\n\n"
        "| model | columns | rows | model rows asked | x0 and x1 surely act together | stated size, known = 1 "
        "| all limits hold the known sizes | one lies above | one lies below |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    body = "".join(
        f"| {each['model']} | {each['columns']} | {each['rows']} | {each['asked']:,.0f} | {each['clear']:.1%} "
        f"| {each['size']:.2f} | {each['held']:.1%} | {each['too_high']:.1%} | {each['too_low']:.1%} |\n"
        for each in result["lines"]
    )
    known = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    return f"{head}{body}\nSeed {result['seed']}; {seconds / 60:.1f} minutes; Python {result['python']}, {known}.\n"


if __name__ == "__main__":
    sys.exit(main())
