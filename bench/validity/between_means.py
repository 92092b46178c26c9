"""Coverage beside the rates: the deviation of groups' means, and a group against a reference, for means and for areas.

Runs are put side by side as groups of one call of the product's own limits.

    python bench/validity/between_means.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from _cells import Floats, machine, machine_line, paragraph
from _cells import progress as told

from hakari.measures.fairness._references import pair_limits
from hakari.statistics import Limits, score_metrics
from hakari.statistics.description import mean_deviation
from hakari.statistics.limits import RankingLimits
from hakari.statistics.metrics.rows import MeanLimits, mean_limits

SEED = 20_261_123
SIDE = 0.025
STARTED = time.process_time()
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]

AMOUNTS: dict[str, tuple[Draw, float, float]] = {
    "normal": (lambda rng, size: rng.normal(size=size), 0.0, 1.0),
    "absolute normal": (
        lambda rng, size: np.abs(rng.normal(size=size)), float(np.sqrt(2 / np.pi)), float(np.sqrt(1 - 2 / np.pi)),
    ),
    "squared normal": (lambda rng, size: rng.normal(size=size) ** 2, 1.0, float(np.sqrt(2))),
    "log-normal": (
        lambda rng, size: np.exp(rng.normal(size=size)), float(np.exp(0.5)), float(np.sqrt((np.e - 1) * np.e)),
    ),
}  # fmt: skip
"""Name → draw, true mean and true standard deviation."""
LAYOUTS: dict[str, Callable[[int], np.ndarray]] = {
    "30 each": lambda groups: np.full(groups, 30),
    "300 each": lambda groups: np.full(groups, 300),
    "30 and 300 in turn": lambda groups: np.where(np.arange(groups) % 2, 300, 30),
    "one of 300, the rest 30": lambda groups: np.r_[300, np.full(groups - 1, 30)],
}
SHAPES: dict[str, Callable[[int], Floats]] = {
    "spread evenly": lambda groups: np.linspace(-1, 1, groups),
    "first one high": lambda groups: np.eye(groups)[0],
    "first one low": lambda groups: -np.eye(groups)[0],
}
TIMES = (0.0, 0.5, 1.0, 2.0, 5.0)
"""True deviations in standard errors of the mean of the smallest group."""
_MOST = 12_000_000
# Rows drawn for one line.


def progress(text: str) -> None:
    """A line for who watches."""
    told(text, STARTED)


def deviations(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """The worst truth of all that were tried, by amount, number of groups and their sizes."""
    found: list[dict[str, object]] = []
    for name, (draw, mean, scale) in AMOUNTS.items():
        for groups in (2, 3, 10, 50):
            for label, layout in LAYOUTS.items():
                sizes = layout(groups)
                used = min(runs, int(_MOST // sizes.sum()))
                drawn = (draw(rng, (used * int(sizes.sum()),)) - mean) / scale
                base = mean_limits(drawn, np.repeat(np.arange(used * groups), np.tile(sizes, used)), used * groups)
                worst: dict[str, object] = {"both": -1.0}
                for shape, placed in SHAPES.items():
                    for times in TIMES if shape == "spread evenly" else TIMES[1:]:
                        line = _missed(base, placed(groups), times / np.sqrt(sizes.min()), used)
                        if float(str(line["both"])) > float(str(worst["both"])):
                            worst = {**line, "shape": shape, "times": times}
                found.append({"amount": name, "groups": groups, "sizes": label, "runs": used, **worst})
                progress(f"deviation: {name}, {groups} groups, {label}, missed {worst['both']:.4f}")
    return found


def _missed(base: MeanLimits, placed: Floats, truth: float, runs: int) -> dict[str, object]:
    """How often the limits lie beyond a true deviation, with the groups' means placed in this way."""
    away = placed - placed.mean()
    moved = np.tile(truth * away / np.std(away, ddof=1), runs)

    def parted(numbers: Floats) -> Floats:
        return numbers.reshape(runs, -1)

    ends = (parted(base.lower(SIDE) + moved), parted(base.upper(SIDE) + moved))
    points, errors = parted(base.points + moved), parted(base.errors)
    seen = mean_deviation(points, errors, parted(base.units), parted(base.skews), ends)
    low, high = (float(np.mean(each)) for each in (seen.low > truth + 1e-12, seen.high < truth - 1e-12))
    return {"low": low, "high": high, "both": low + high}


def references(rng: np.random.Generator, runs: int) -> list[dict[str, object]]:
    """A group and its reference, at .95 and at .99 as among five comparisons."""
    found: list[dict[str, object]] = []
    for name, (draw, mean, _) in AMOUNTS.items():
        least = -np.inf if name == "normal" else 0.0
        for one, other in ((30, 30), (30, 300), (300, 30), (300, 300)):
            index = np.repeat(np.arange(runs), one)
            drawn = draw(rng, (runs * one,))
            second = mean_limits(draw(rng, (runs * other,)), np.repeat(np.arange(runs), other), runs, least=least)
            label: dict[str, object] = {"number": f"mean, {name}", "rows": f"{one} and {other}"}
            found += _compared(mean_limits(drawn, index, runs, least=least), second, "difference", 0.0, label)
            if name != "normal":
                more = mean_limits(drawn + 1, index, runs, least=least)
                found += _compared(more, second, "ratio", (mean + 1) / mean, label)
    levels = np.linspace(0.05, 0.95, 19)
    negative = np.exp(-2 * levels) / np.exp(-2 * levels).sum()
    for area, tilt in ((".5", -2.0), (".85", 1.5)):
        positive = np.exp(tilt * levels) / np.exp(tilt * levels).sum()
        for one, other in ((30, 30), (30, 300), (300, 300)):
            mine, theirs = (_areas(rng, runs, rows, negative, positive) for rows in (one, other))
            label = {"number": f"area under the curve, {area}", "rows": f"{one} and {other}"}
            found += _compared(mine, theirs, "difference", 0.0, label)
    return found


def _areas(rng: np.random.Generator, runs: int, rows: int, negative: Floats, positive: Floats) -> RankingLimits:
    """Areas of runs with a third of positives."""
    count = rows // 3
    neg, pos = rng.multinomial(rows - count, negative, runs), rng.multinomial(count, positive, runs)
    values = score_metrics.auc(neg.astype(float), pos.astype(float))
    squares = score_metrics.auc_squares(neg.astype(float), pos.astype(float))
    return RankingLimits(values, np.full(runs, float(rows - count)), np.full(runs, float(count)), *squares)


def _compared(
    one: Limits, two: Limits, kind: Literal["difference", "ratio"], truth: float, label: dict[str, object]
) -> list[dict[str, object]]:
    found = []
    for level in (0.95, 0.99):
        limits = pair_limits(one, two, level)[0 if kind == "difference" else 1]
        known = np.isfinite(limits.low)
        low, high = (float(np.mean(each[known])) for each in (limits.low > truth, limits.high < truth))
        found.append({**label, "kind": kind, "level": level, "low": low, "high": high, "both": low + high})
    progress(f"reference: {label['number']}, {label['rows']}, {kind}, missed {found[0]['both']:.4f}")
    return found


def report(found: dict[str, list[dict[str, object]]], runs: int, seconds: float) -> str:
    """The page part with both tables."""
    lines = [
        paragraph(
            "How often an end of a 95 % interval lies beyond the truth (stated: .05 for both ends together), in "
            f"{runs:,} seeded runs for each line, fewer where more than {_MOST:,} rows would be drawn. "
            f"{machine_line()}, {seconds:.0f} s."
        ),
        "",
        paragraph(
            "The deviation of the groups' means, at the truth with the worst miss of all that were tried: 0 to 5 "
            "standard errors of the smallest group, spread evenly or with one group apart."
        ),
        "",
        "| amount | groups | rows | lower end | upper end | both | where |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {e['amount']} | {e['groups']} | {e['sizes']} | {e['low']:.4f} | {e['high']:.4f} | {e['both']:.4f} "
            f"| {e['shape']}, {e['times']:g} |"
            for e in found["deviations"]
        ),
        "",
        paragraph(
            "A group against a reference, both ends together: the difference where both are equal, the ratio where one "
            "has a mean of 1 more."
        ),
        "",
        "| number | rows | difference, .95 | ratio, .95 | difference, .99 | ratio, .99 |",
        "|---|---|---|---|---|---|",
    ]
    for number, rows in dict.fromkeys((e["number"], e["rows"]) for e in found["references"]):
        cells = []
        for level in (0.95, 0.99):
            for kind in ("difference", "ratio"):
                each = [
                    e["both"]
                    for e in found["references"]
                    if (e["number"], e["rows"], e["level"], e["kind"]) == (number, rows, level, kind)
                ]
                cells.append(f"{each[0]:.4f}" if each else "")
        lines.append(f"| {number} | {rows} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run both parts and write `between_means.json` and `between_means.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    given = parser.parse_args()
    runs = 300 if given.quick else 3000
    start = time.perf_counter()
    found = {
        "deviations": deviations(np.random.default_rng([SEED, 1]), runs),
        "references": references(np.random.default_rng([SEED, 2]), runs),
    }
    seconds = time.perf_counter() - start
    given.out.mkdir(parents=True, exist_ok=True)
    content = {"seed": SEED, "runs": runs, "machine": machine(), "found": found}
    (given.out / "between_means.json").write_text(json.dumps(content, indent=1, default=str) + "\n", "utf-8")
    (given.out / "between_means.md").write_text(report(found, runs, seconds), "utf-8")


if __name__ == "__main__":
    main()
