"""Coverage of the intervals of amounts, places and neighbours: means, ratios over lists, quantiles and consistency.

Runs are put side by side as groups of one call of the product's own limits. Nothing here has a verdict: the intervals
describe.

    python bench/validity/amounts.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _cells import Floats, machine, machine_line, paragraph
from _cells import progress as told
from scipy import special

from hakari.statistics.limits import Limits
from hakari.statistics.metrics.between import spread_over
from hakari.statistics.metrics.individual import consistency
from hakari.statistics.metrics.ranking import Places, ndkl
from hakari.statistics.metrics.rows import mean_limits, quantile_limits, ratio_limits, share_limits

SEED = 20_261_122
SIDE = 0.025
STARTED = time.process_time()
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]

AMOUNTS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, size: rng.normal(size=size), 0.0),
    "absolute normal": (lambda rng, size: np.abs(rng.normal(size=size)), float(np.sqrt(2 / np.pi))),
    "squared normal": (lambda rng, size: rng.normal(size=size) ** 2, 1.0),
    "log-normal": (lambda rng, size: np.exp(rng.normal(size=size)), float(np.exp(0.5))),
    "squared t with 5": (lambda rng, size: rng.standard_t(5, size=size) ** 2, 5 / 3),
    "8 % ones, else 0": (lambda rng, size: (rng.random(size) < 0.08).astype(float), 0.08),
}
"""Name → draw and true mean: a residual, its absolute value, its square, an amount, and the square of a heavy tail."""


def progress(text: str) -> None:
    """A line for who watches."""
    told(text, STARTED)


def missed(limits: Limits, truth: float) -> tuple[float, float]:
    """How often the lower limit lies above the truth, and the upper one below; limits that are not given count not."""
    low, high = limits.lower(SIDE), limits.upper(SIDE)
    given = np.isfinite(low) & np.isfinite(high)
    return float(np.mean(low[given] > truth)), float(np.mean(high[given] < truth))


def means(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Independent rows; beside it Student's t alone."""
    found: list[dict[str, object]] = []
    for name, (draw, truth) in AMOUNTS.items():
        for rows in (15, 30, 100, 300, 1000):
            values = draw(rng, (runs, rows)).ravel()
            limits = mean_limits(values, np.repeat(np.arange(runs), rows), runs)
            low, high = missed(limits, truth)
            reach = -special.stdtrit(rows - 1, SIDE) * limits.errors
            known = np.isfinite(limits.errors)
            student = float(np.mean(np.abs(limits.points - truth)[known] > reach[known]))
            found.append({"amount": name, "rows": rows, "low": low, "high": high, "t": student})
            progress(f"means: {name}, {rows} rows, missed {low + high:.4f}, t {student:.4f}")
    return found


def clustered(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Persons with 1 to 9 items each, or log-normal numbers of them, half of the variance between persons."""
    found: list[dict[str, object]] = []
    for sizes in ("1 to 9", "log-normal"):
        for persons in (15, 30, 100):
            count = (
                rng.integers(1, 10, (runs, persons))
                if sizes == "1 to 9"
                else np.maximum(1, np.round(np.exp(rng.normal(1, 1, (runs, persons))))).astype(int)
            )
            owner = np.repeat(np.arange(runs * persons), count.ravel())
            level = rng.beta(8, 3, runs * persons)
            score = np.clip(level[owner] + rng.normal(0, 0.12, len(owner)), 0, 1)
            run = owner // persons
            # Sizes are independent of levels, so the mean over items is the mean over persons.
            truth = float(np.mean(np.clip(rng.beta(8, 3, 4_000_000) + rng.normal(0, 0.12, 4_000_000), 0, 1)))
            low, high = missed(mean_limits(score, run, runs, unit=owner, least=0.0), truth)
            reached = float(np.mean(np.clip(rng.beta(8, 3, 4_000_000) + rng.normal(0, 0.12, 4_000_000), 0, 1) >= 0.6))
            recall = missed(share_limits((score >= 0.6).astype(float), run, runs, unit=owner), reached)
            found.append({"items": sizes, "persons": persons, "low": low, "high": high, "recall": recall})
            progress(f"clustered: {sizes}, {persons} persons, mean {low + high:.4f}, recall {sum(recall):.4f}")
    return found


def lists(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Lists of 8 to 29 rows with 30 % of group b, which scores lower; exposure and the first five places."""
    found: list[dict[str, object]] = []

    def world(count: int) -> tuple[Places, np.ndarray, np.ndarray]:
        sizes = rng.integers(8, 30, count)
        owner = np.repeat(np.arange(count), sizes)
        share = rng.beta(3, 7, count)
        group = (rng.random(len(owner)) < share[owner]).astype(int)
        return Places.of(rng.random(len(owner)) - 0.15 * group, owner), owner, group

    def figures(count: int, groups: int) -> dict[str, Limits]:
        places, owner, group = world(count * groups)
        run = owner // count
        chosen = group == 1
        sizes = places.sizes.astype(float)
        first, wanted = places.among_first(5), (np.minimum(sizes, 5) / sizes)[owner]
        exposure = places.exposure()
        divergence = ndkl(places, group, 2)
        number = np.arange(count * groups)
        return {
            "exposure": mean_limits(exposure[chosen], run[chosen], groups, unit=owner[chosen], least=0.0),
            "skew_at_k": ratio_limits(
                first[chosen], wanted[chosen], run[chosen], groups, unit=owner[chosen], least=0.0
            ).shown_as("log"),
            "top_k_rate": share_limits(first[chosen], run[chosen], groups, unit=owner[chosen]),
            "ndkl": mean_limits(divergence, number // count, groups, unit=number, least=0.0),
        }

    truth = {name: float(limits.values[0]) for name, limits in figures(200_000, 1).items()}
    for count in (15, 30, 100):
        for name, limits in figures(count, runs).items():
            low, high = missed(limits, truth[name])
            found.append({"metric": name, "lists": count, "low": low, "high": high})
            progress(f"lists: {name}, {count} lists, missed {low + high:.4f}")
    return found


def quantiles(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Residuals in whole units, where many are equal: the exact limits must hold all the more."""
    found: list[dict[str, object]] = []
    for share in (0.1, 0.5, 0.9):
        truth = float(np.quantile(np.round(3 * rng.normal(size=4_000_001)), share))
        for rows in (50, 300):
            values = np.round(3 * rng.normal(size=runs * rows))
            (limits,) = quantile_limits(values, np.repeat(np.arange(runs), rows), runs, [share])
            low, high = missed(limits, truth)
            found.append({"quantile": share, "rows": rows, "low": low, "high": high})
            progress(f"quantiles: {share}, {rows} rows, missed {low + high:.4f}")
    return found


def neighbours(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Decisions that follow a score with noise, or a rule; the truth is the mean over all runs of that size."""
    found: list[dict[str, object]] = []
    for kind in ("by chance", "by rule"):
        for rows in (100, 300, 1000):
            seen = []
            for _ in range(runs):
                features, group = rng.normal(size=(rows, 3)), (rng.random(rows) < 0.3).astype(int)
                score = 1.5 * features[:, 0] + 0.5 * group
                decided = rng.random(rows) < special.expit(score) if kind == "by chance" else score > 0.3
                limits = consistency(features, decided.astype(float), group, 2).limits
                seen.append((limits.points[1], limits.lower(SIDE)[1], limits.upper(SIDE)[1]))
            points, low, high = np.array(seen).T
            given, truth = np.isfinite(low), float(np.nanmean(points))
            line = (float(np.mean(low[given] > truth)), float(np.mean(high[given] < truth)))
            found.append({"decisions": kind, "rows": rows, "low": line[0], "high": line[1]})
            progress(f"neighbours: {kind}, {rows} rows, missed {sum(line):.4f}")
    return found


def largest(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """Largest mean loss of five groups: two with the largest, the others below; and the difference of equal groups."""
    found: list[dict[str, object]] = []
    for rows in (30, 300):
        over = under = wide = 0
        for _ in range(runs):
            scale = np.repeat([1.0, 1.0, 0.8, 0.6, 0.5], rows)
            values, group = scale * rng.normal(size=5 * rows) ** 2, np.repeat(np.arange(5), rows)
            top = spread_over(mean_limits(values, group, 5, least=0.0), "highest", 2 * SIDE)
            over, under = over + (top.low > 1.0), under + (top.high < 1.0)
            even = spread_over(mean_limits(values / scale, group, 5, least=0.0), "difference", 2 * SIDE)
            wide += even.low > 0
        found.append({"rows": rows, "low": over / runs, "high": under / runs, "alarms": wide / runs})
        progress(f"over five groups, {rows} rows: {found[-1]}")
    return found


def table(head: str, lines: list[str]) -> str:
    """A Markdown table; the first column is text."""
    names = head.split("|")
    return "\n".join([f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *lines])


def report(found: dict[str, list[dict[str, object]]], runs: int, seconds: float) -> str:
    """The page part with all tables."""

    def share(value: object) -> str:
        return f"{float(str(value)):.4f}"

    parts = [
        paragraph(
            "How often an end of a 95 % interval lies beyond the truth (stated: .025 for each end, .05 for both), in "
            f"{runs:,} seeded runs for each line; {runs // 4:,} for neighbours and for numbers over five groups. "
            f"{machine_line()}, {seconds:.0f} s."
        ),
        "Means of independent rows, by Student's t and Hall's correction together:",
        table(
            "amount|rows|lower end|upper end|both|both by t alone",
            [
                f"| {e['amount']} | {e['rows']} | {share(e['low'])} | {share(e['high'])} "
                f"| {float(str(e['low'])) + float(str(e['high'])):.4f} | {share(e['t'])} |"
                for e in found["means"]
            ],
        ),
        "Items of persons: the mean score, and the recall of detection by the limits of clustered rates:",
        table(
            "items of a person|persons|mean: lower|mean: upper|recall: lower|recall: upper",
            [
                f"| {e['items']} | {e['persons']} | {share(e['low'])} | {share(e['high'])} "
                f"| {' | '.join(share(x) for x in e['recall'])} |"  # type: ignore[attr-defined]  # a pair
                for e in found["clustered"]
            ],
        ),
        "Lists as draws:",
        table(
            "metric|lists|lower end|upper end",
            [f"| {e['metric']} | {e['lists']} | {share(e['low'])} | {share(e['high'])} |" for e in found["lists"]],
        ),
        "Quantiles of residuals in whole units:",
        table(
            "quantile|rows|lower end|upper end",
            [f"| {e['quantile']} | {e['rows']} | {share(e['low'])} | {share(e['high'])} |" for e in found["quantiles"]],
        ),
        "Consistency with five neighbours:",
        table(
            "decisions|rows|lower end|upper end",
            [
                f"| {e['decisions']} | {e['rows']} | {share(e['low'])} | {share(e['high'])} |"
                for e in found["neighbours"]
            ],
        ),
        "Squared normal residuals of five groups: the largest mean loss, and false alarms where all means are equal:",
        table(
            "rows in each|lower end|upper end|difference above 0",
            [
                f"| {e['rows']} | {share(e['low'])} | {share(e['high'])} | {share(e['alarms'])} |"
                for e in found["largest"]
            ],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run all parts and write `amounts.json` and `amounts.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    given = parser.parse_args()
    runs = 400 if given.quick else 4000
    start = time.perf_counter()
    parts = {"means": means, "clustered": clustered, "lists": lists, "quantiles": quantiles}
    found = {name: part(np.random.default_rng([SEED, place]), runs) for place, (name, part) in enumerate(parts.items())}
    found["neighbours"] = neighbours(np.random.default_rng([SEED, 8]), runs // 4)
    found["largest"] = largest(np.random.default_rng([SEED, 9]), runs // 4)
    seconds = time.perf_counter() - start
    given.out.mkdir(parents=True, exist_ok=True)
    content = {"seed": SEED, "runs": runs, "machine": machine(), "found": found}
    (given.out / "amounts.json").write_text(json.dumps(content, indent=1, default=str) + "\n", "utf-8")
    (given.out / "amounts.md").write_text(report(found, runs, seconds), "utf-8")


if __name__ == "__main__":
    main()
