"""Whether the recorded Monte Carlo error holds: how far the simulated ends of independent runs really lie apart.

python bench/determinism/monte_carlo.py

One data set for each cell. A large pool of studentised replicates stands for their distribution; every run draws its
2,000 from it, which is what another stream of random numbers would do. Each run is compared with the next ten.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special
from scipy.stats import hypergeom

from hakari.statistics import DEVIATIONS, Rule, StudentisedBootstrap, decide, monte_carlo_error, simultaneous
from hakari.statistics.smooth import SMOOTH_METRICS, GroupScores, _pivots, _studentise
from hakari.workflows.agreement import agree

SEED = 20261122
REPLICATES = 2000
POOL = 40_000
LARGE_POOL = 8_000  # for 10,000 distinct scores, where a replicate is dear
LAGS = 10
SIZES = (30, 100, 1_000, 10_000)
ERRORS = (0.025, 0.0125, 0.001)
LAYOUTS = {
    "2 × 1,000": (1000, 1000),
    "5,000 and 100": (5000, 100),
    "3,000, 2 × 300, 2 × 100": (3000, 300, 300, 100, 100),
}
RULES = {
    "difference": Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05),
    "ratio": Rule(aggregation="ratio", operator=">=", threshold=0.9, margin=0.1),
    "worst group": Rule(aggregation="worst_group", operator=">=", threshold=0.7, margin=0.05),
}
Read = Callable[[StudentisedBootstrap], tuple[Any, Any]]


def scores(metric: str, rows: int, rng: np.random.Generator) -> GroupScores:
    """One group: 70 % positives, an AUC of about .8, every score different but for those of decisions."""
    label = (rng.random(rows) < 0.7).astype(int)
    score = special.expit(rng.normal(np.where(label == 1, 1.2, 0.0), 1.0)).round(6)
    if SMOOTH_METRICS[metric].axis == "prediction":
        score = (score >= 0.55).astype(float)
    distinct, place = np.unique(score, return_inverse=True)
    negatives, positives = (np.bincount(place, weights=w, minlength=len(distinct)) for w in (1.0 - label, 1.0 * label))
    return GroupScores((), rows, distinct, negatives, positives)


def pool_of(metric: str, group: GroupScores, rng: np.random.Generator) -> np.ndarray:
    """Many studentised replicates of one group."""
    return _pivots(SMOOTH_METRICS[metric], group, rng, LARGE_POOL if len(group.scores) > 5000 else POOL)


def limits_of(metric: str, groups: list[GroupScores], pivots: np.ndarray) -> StudentisedBootstrap:
    """The limits that replicates (R, G) give; one group is repeated where there are more columns."""
    definition = SMOOTH_METRICS[metric]
    parts = [_studentise(definition, group.scores, group.negatives, group.positives) for group in groups]
    columns = np.array([[float(value) for value in part] for part in parts]).T
    if len(groups) == 1:
        columns = np.repeat(columns, pivots.shape[1], axis=1)
    return StudentisedBootstrap(*columns, np.sort(pivots, axis=0), definition.logit)


def plain_error(read: Read, limits: StudentisedBootstrap) -> tuple[Any, Any]:
    """The rule that does not hold: half of what one standard error of the rank, in and out, moves an end."""
    narrow, wide = read(limits.shifted(1.0)), read(limits.shifted(-1.0))
    return abs(narrow[0] - wide[0]) / 2, abs(narrow[1] - wide[1]) / 2


def apart(ends: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Distances of runs in standard errors of their difference, as the second of each pair records it."""
    distance = np.concatenate([np.abs(ends - np.roll(ends, lag)) for lag in range(1, LAGS + 1)])
    scale = np.tile(errors, LAGS) * math.sqrt(2)
    found = np.where(distance <= 1e-9, 0.0, np.inf)
    np.divide(distance, scale, out=found, where=(scale > 0) & (distance > 1e-9))
    return found


def figures(
    low: np.ndarray, high: np.ndarray, recorded: tuple[Any, Any], plain: tuple[Any, Any]
) -> list[dict[str, Any]]:
    """What is published of each end."""
    found = []
    for name, ends, errors, small in zip(("low", "high"), (low, high), recorded, plain, strict=True):
        spread, distances, plainly = float(np.std(ends)), apart(ends, errors), apart(ends, small)
        found.append({
            "end": name,
            "sd": spread,
            "recorded": float(np.mean(errors)),
            "needed": float(np.quantile(distances, 1 - 1e-4)),
            # An end may lie exactly on the moved end, where replicates take few values.
            "false_alarms": float(np.mean(distances > DEVIATIONS * (1 + 1e-9))),
            "plain_false_alarms": float(np.mean(plainly > 5.0)),
        })  # fmt: skip
    return found


def disagreements(low: np.ndarray, high: np.ndarray, recorded: tuple[Any, Any]) -> float:
    """Share of neighbouring runs that `verify` would call different, by the whole rule of agreement."""
    records = [
        {"low": a, "high": b, "monte_carlo_error": [c, d]}
        for a, b, c, d in zip(low.tolist(), high.tolist(), *(part.tolist() for part in recorded), strict=True)
    ]
    return float(np.mean([not agree(records[place - 1], record) for place, record in enumerate(records)]))


def one_group(metric: str, rows: int, runs: int) -> list[dict[str, Any]]:
    """Ends of one group at every error."""
    rng = np.random.default_rng([SEED, rows, *metric.encode()])
    group = scores(metric, rows, rng)
    pool = pool_of(metric, group, rng)
    limits = limits_of(metric, [group], pool[rng.integers(len(pool), size=(REPLICATES, runs))])
    found = []
    for error in ERRORS:

        def read(each: StudentisedBootstrap, error: float = error) -> tuple[Any, Any]:
            return each.lower(error), each.upper(error)

        recorded, plain = monte_carlo_error(read, limits), plain_error(read, limits)
        assert recorded is not None
        low, high = read(limits)
        cell = {"what": "one group", "metric": metric, "rows": rows, "error": error}
        cell["disagreements"] = disagreements(low, high, recorded)
        found += [{**cell, **end} for end in figures(low, high, recorded, plain)]
    return found


def several_groups(metric: str, layout: str, runs: int) -> list[dict[str, Any]]:
    """Ends of aggregates over groups, and of the simultaneous limits of the last group."""
    rng = np.random.default_rng([SEED, *layout.encode(), *metric.encode()])
    groups = [scores(metric, rows, rng) for rows in LAYOUTS[layout]]
    pools = [pool_of(metric, group, rng) for group in groups]
    reads: dict[str, Read] = {name: _reading(rule) for name, rule in RULES.items()}
    reads["limits of a group"] = lambda each: tuple(float(part[-1]) for part in simultaneous(each, 0.05))
    drawn: dict[str, list[Any]] = {name: [] for name in reads}
    for _ in range(runs):
        pivots = np.stack([pool[rng.integers(len(pool), size=REPLICATES)] for pool in pools], axis=1)
        limits = limits_of(metric, groups, pivots)
        for name, read in reads.items():
            drawn[name].append([*read(limits), *monte_carlo_error(read, limits), *plain_error(read, limits)])
    found = []
    for name, rows in drawn.items():
        low, high, *errors = np.array(rows).T
        recorded, plain = (errors[0], errors[1]), (errors[2], errors[3])
        cell = {"what": name, "metric": metric, "rows": layout, "error": 0.025}
        cell["disagreements"] = disagreements(low, high, recorded)
        found += [{**cell, **end} for end in figures(low, high, recorded, plain)]
    return found


def _reading(rule: Rule) -> Read:
    def read(limits: StudentisedBootstrap) -> tuple[float, float]:
        found = decide(rule, limits, error_met=0.025, error_not_met=0.025)
        return found.lower, found.upper

    return read


def exact_bound() -> list[dict[str, Any]]:
    """By enumeration: the chance that a quantile of one run lies outside the moved quantiles of another, at worst."""
    found = []
    for count in (100, 500, 1000, 2000, 5000, 10_000):
        ordered = StudentisedBootstrap(*np.zeros((3, 1)), np.arange(1.0, count + 1)[:, None], logit=False)
        for error in (0.5, 0.25, 0.1, 0.05, *ERRORS, 0.0001):
            used = max(error, min(20 / count, 0.5))
            reach = DEVIATIONS * math.sqrt(2)
            # The pivots are their own ranks, so that the shipped quantile says which rank it takes.
            low, rank, high = (int(ordered._quantile(ordered.pivots, used, s)[0]) for s in (-reach, 0.0, reach))
            # In the pooled order, at least s of the first r + s − 1 come from the one sample: its s-th smallest is
            # below the r-th smallest of the other.
            below = hypergeom.sf(rank - 1, 2 * count, count, rank + low - 1)
            above = hypergeom.sf(high - 1, 2 * count, count, rank + high - 1)
            found.append({"replicates": count, "error": error, "ranks": [low, rank, high], "outside": below + above})
    return found


def page(result: dict[str, Any]) -> str:
    """The results as a page."""
    cells = result["cells"]
    moving = [row["recorded"] / row["sd"] for row in cells if row["sd"] > 1e-9]
    mean = {
        name: f"{np.mean([row[name] for row in cells]):.1e}"
        for name in ("false_alarms", "plain_false_alarms", "disagreements")
    }
    lines = [
        "# The Monte Carlo error of simulated ends",
        "",
        f"{result['runs']:,} runs of {REPLICATES:,} replicates in each cell (an eighth of that for aggregates), every "
        f"run against the next {LAGS}; numpy {result['numpy']}, {result['system']}. Tolerance: {DEVIATIONS:g} standard "
        "errors of the difference.",
        "",
        "| what | figure |",
        "|---|---:|",
        "| by enumeration, chance at most that a quantile lies outside the moved quantiles of another run, whatever is "
        f"drawn | {max(row['outside'] for row in result['exact']):.1e} |",
        f"| false alarms per end, all cells | {mean['false_alarms']} |",
        f"| the same with the plain rule: one standard error of the rank in and out, 5 of them | "
        f"{mean['plain_false_alarms']} |",
        f"| pairs of runs that the whole rule of agreement calls different | {mean['disagreements']} |",
        f"| recorded error ÷ real standard deviation: smallest, median | {min(moving):.2f}, {np.median(moving):.2f} |",
        "",
        "| what | metric | rows | error | end | real sd | recorded ÷ real | needed for 1e-4 | false alarms "
        "| plain rule |",
        "|---|---|---|---:|---|---:|---:|---:|---:|---:|",
    ]
    for row in cells:
        moves = row["sd"] > 1e-9
        parts = [row["what"], row["metric"], str(row["rows"]), f"{row['error']:g}", row["end"], f"{row['sd']:.1e}"]
        parts += [f"{row['recorded'] / row['sd']:.2f}" if moves else "does not move", f"{row['needed']:.2f}"]
        parts += [f"{row['false_alarms']:.1e}", f"{row['plain_false_alarms']:.1e}"]
        lines.append(f"| {' | '.join(parts)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate every cell and write `monte_carlo.json` and `monte_carlo.md`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "results")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="400 runs, no group of 10,000")
    asked = parser.parse_args()
    runs = 400 if asked.quick else asked.runs
    cells = []
    drawn = [metric for metric in SMOOTH_METRICS if metric != "auc"]  # the AUC has a formula
    for metric in drawn:
        for rows in SIZES[:-1] if asked.quick else SIZES:
            cells += one_group(metric, rows, runs)
            print(f"{metric}, {rows:,} rows: {cells[-1]['disagreements']:.1e}", flush=True)
    for metric in ("brier", "f1"):
        for layout in LAYOUTS:
            cells += several_groups(metric, layout, max(runs // 8, 100))
            print(f"{metric}, {layout}: {cells[-1]['disagreements']:.1e}", flush=True)
    result = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "runs": runs,
        "seed": SEED,
        "deviations": DEVIATIONS,
        "exact": exact_bound(),
        "cells": cells,
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "monte_carlo.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (asked.out / "monte_carlo.md").write_text(page(result), encoding="utf-8")
    print(page(result)[:1200])


if __name__ == "__main__":
    main()
