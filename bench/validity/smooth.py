"""One-sided errors of the limits of AUC (a formula), Brier, calibration error, F1 and balanced accuracy (bootstrap).

Each run draws labels and scores (ten levels) or decisions from a known distribution, whose metric is computed from its
probabilities, and asks the product for limits with its own number of replicates. Also the AUC of rankings that are hard
to bound, with fixed numbers of positives and negatives, and the verdict on its difference over 2 and 5 groups.
Scores that are calibrated have the calibration error 0: any lower limit above it is wrong. There it is also counted
what the studentised bootstrap alone would have said, as the product did at first.

    python bench/validity/smooth.py --out bench/validity/results

With `--only calibration_error` the truths of that metric alone are counted, and the rest of the results is kept: every
truth has a seed of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from _cells import Floats, Ints, paragraph
from _runs import ERROR, SEED, Cell, Study, misses_table, options, worst_table

from hakari.statistics import SMOOTH_METRICS, Limits, StudentisedBootstrap, Tally, decide, smooth_limits
from hakari.statistics.verdict import Rule

LEVELS = np.arange(10) / 10 + 0.05
ERRORS = {"α": ERROR, "α / 2": ERROR / 2, "α / 20": ERROR / 20}
MODELS = {
    "rare positives, good ranking": (0.05, 0.25, 0.62),
    "common positives, weak ranking": (0.3, 0.4, 0.52),
    "as many positives, near perfect": (0.5, 0.15, 0.85),
}
"""Share of positives; centre of the scores of negatives and of positives."""
RANKED = ("auc", "balanced_accuracy")
"""Also where they are almost 1."""
CLASSES = ((5, 100), (10, 100), (100, 10), (30, 30), (30, 300), (100, 1_000), (1_000, 1_000))
"""Positives and negatives where both are fixed."""
ROWS = (100, 300, 1_000)
BATCH = 100
Where = dict[str, object]


def distribution(model: str, shift: float = 0.0) -> Floats:
    """Probabilities (label, score level); `shift` moves the scores of the positives."""
    base, negative, positive = MODELS[model]
    shapes = [np.exp(-0.5 * ((LEVELS - centre) / 0.2) ** 2) for centre in (negative, positive + shift)]
    return np.stack([(1 - base) * shapes[0] / shapes[0].sum(), base * shapes[1] / shapes[1].sum()])


def bell(centre: float, width: float) -> Floats:
    """Shares of the ten levels around a centre."""
    shape: Floats = np.exp(-0.5 * ((LEVELS - centre) / width) ** 2)
    return shape / shape.sum()


def levels(**shares: float) -> Floats:
    """Shares of the ten levels, by their numbers: _3=.5."""
    found = np.zeros(10)
    for name, share in shares.items():
        found[int(name[1:])] = share
    return found


HARD = {
    "near perfect": (bell(0.2, 0.12), bell(0.8, 0.12)),
    "one positive in fifty below all": (levels(_3=0.5, _4=0.5), levels(_0=0.02, _8=0.98)),
    "one negative in fifty above all": (levels(_0=0.98, _9=0.02), levels(_5=0.5, _6=0.5)),
    "alike positives, spread negatives": (bell(0.3, 0.4), bell(0.7, 0.05)),
    "three levels": (levels(_0=0.7, _1=0.2, _2=0.1), levels(_0=0.3, _1=0.3, _2=0.4)),
    "one level holds .95 and .995": (levels(_3=0.995, _8=0.005), levels(_3=0.95, _8=0.05)),
    "one level holds .7 and .97": (levels(_3=0.97, _8=0.03), levels(_3=0.7, _8=0.3)),
}
"""Score levels of negatives and of positives."""


CALIBRATED = {"even scores": np.full(10, 0.1), "low scores": bell(0.15, 0.15), "rare labels": levels(_0=0.9, _1=0.1)}
"""Shares of the score levels, each the probability of its label."""
CALIBRATED_ROWS = (60, 100, 300, 1_000)
PASSED = {"0": 0.0, ".02": 0.02, ".05": 0.05}


def true_value(metric: str, cells: Floats) -> float:
    """The metric of the distribution; decisions are scores of .5 and more."""
    definition = SMOOTH_METRICS[metric]
    if definition.axis == "prediction":
        halves = np.stack([cells[:, :5].sum(axis=1), cells[:, 5:].sum(axis=1)], axis=1)
        return float(definition.value(np.array([0.0, 1.0]), halves[0], halves[1]))
    return float(definition.value(LEVELS, cells[0], cells[1]))


def limits(metric: str, drawn: Ints, rng: np.random.Generator) -> Limits:
    """The product's limits of many samples (S, label, score level) at once, each as a group of its own."""
    axis = SMOOTH_METRICS[metric].axis
    rows = []
    for (sample, label, level), count in np.ndenumerate(drawn):
        if count:
            value = int(level >= 5) if axis == "prediction" else float(LEVELS[level])
            rows.append((sample, label, value, int(count)))
    return smooth_limits(Tally.from_cells(("sample", "label", axis), rows), metric, by=("sample",), rng=rng)


def sides(where: Where, runs: int, rng: np.random.Generator) -> dict[str, int]:
    """How often either limit lies beyond the truth, at several errors."""
    metric = str(where["metric"])
    cells = np.stack(HARD[str(where["model"])]) if "positives" in where else distribution(str(where["model"]))
    true, total = true_value(metric, cells), {}
    for _ in range(max(runs // BATCH, 1)):
        found = limits(metric, samples(where, cells, rng), rng)
        for name, error in ERRORS.items():
            # A sample without positives has no value; its limits are 0 and 1 and cannot be beyond anything.
            lower, upper = found.lower(error), found.upper(error)
            total[f"lower limit at {name}"] = total.get(f"lower limit at {name}", 0) + int((lower > true + 1e-12).sum())
            total[f"upper limit at {name}"] = total.get(f"upper limit at {name}", 0) + int((upper < true - 1e-12).sum())
    return total


def calibrated(where: Where, runs: int, rng: np.random.Generator) -> dict[str, int]:
    """How often the lower limit passes the true error 0, and two lines of a plan; now and by the bootstrap alone."""
    shares, total = CALIBRATED[str(where["model"])], dict[str, int]()
    cells = np.stack([shares * (1 - LEVELS), shares * LEVELS])
    assert true_value("calibration_error", cells) < 1e-12
    for _ in range(max(runs // BATCH, 1)):
        now = limits("calibration_error", samples(where, cells, rng), rng)
        assert isinstance(now, StudentisedBootstrap)
        for when, found in (("now", now), ("bootstrap alone", replace(now, noise=None))):
            for (name, line), (at, error) in product(PASSED.items(), ERRORS.items()):
                if line == 0 or error == ERROR:
                    kind = f"{when}, above {name} at {at}"
                    total[kind] = total.get(kind, 0) + int((found.lower(error) > line + 1e-12).sum())
    return total


def samples(where: Where, cells: Floats, rng: np.random.Generator) -> Ints:
    """Counts (BATCH, label, score level) of so many rows, or of so many negatives and positives."""
    if "positives" in where:
        each = (int(str(where["negatives"])), int(str(where["positives"])))
        return np.stack([rng.multinomial(n, c, BATCH) for n, c in zip(each, cells, strict=True)], axis=1)
    return rng.multinomial(int(str(where["n"])), cells.ravel(), BATCH).reshape(-1, 2, 10)


def gap(where: Where, runs: int, rng: np.random.Generator) -> dict[str, int]:
    """False verdicts on the difference of the AUC, the true one on the line: the last group ranks less well."""
    groups, n, model = int(str(where["G"])), int(str(where["n"])), str(where["model"])
    better, worse = distribution(model), distribution(model, -0.1)
    cells = [better if g < groups - 1 else worse for g in range(groups)]
    line = true_value("auc", better) - true_value("auc", worse)
    rule = Rule(aggregation="difference", operator="<=", threshold=round(line, 12))
    total = {"met": 0, "not_met": 0}
    for _ in range(max(runs // BATCH, 1)):
        drawn = np.stack([rng.multinomial(n, c.ravel(), BATCH) for c in cells], axis=1).reshape(-1, 2, 10)
        found = limits("auc", drawn, rng)
        for run in range(BATCH):
            own = found.take(np.arange(run * groups, (run + 1) * groups))
            verdict = decide(rule, own, error_met=ERROR, error_not_met=ERROR).verdict
            if verdict in total:
                total[verdict] += 1
    return total


def plan(quick: bool) -> list[Where]:
    """Every truth."""
    found: list[Where] = []
    for metric, model, n in product(SMOOTH_METRICS, MODELS, ROWS):
        if metric in RANKED or model != "as many positives, near perfect":
            found.append({"metric": metric, "what": "one group", "model": model, "n": n})
    for name, (positives, negatives) in product(HARD, CLASSES):
        rows = {"positives": positives, "negatives": negatives, "n": positives + negatives}
        found.append({"metric": "auc", "what": "hard ranking", "model": name, **rows})
    for groups, n, model in ((2, 300, 0), (2, 300, 1), (2, 1_000, 2), (5, 300, 1)):
        found.append({"metric": "auc", "what": "difference", "G": groups, "model": list(MODELS)[model], "n": n})
    for name, n in product(CALIBRATED, CALIBRATED_ROWS):
        found.append({"metric": "calibration_error", "what": "calibrated", "model": name, "n": n})
    return found[::7] if quick else found


def count(where: Where, runs: int, rng: np.random.Generator) -> dict[str, int]:
    """False limits or verdicts by kind."""
    by_what = {"difference": gap, "calibrated": calibrated}
    return by_what.get(str(where["what"]), sides)(where, runs, rng)


def only() -> str | None:
    """`--only METRIC`, taken off the command line before the common options are read."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--only", choices=list(SMOOTH_METRICS))
    found, sys.argv[1:] = parser.parse_known_args()
    return None if found.only is None else str(found.only)


def counted_before(study: Study) -> list[Cell]:
    """The cells of the results at hand; the time that they took is added to the study's."""
    found = json.loads(Path(study.options.out, "smooth.json").read_text("utf-8"))
    assert (found["seed"], found["runs"], found["quick"]) == (SEED, study.options.runs, study.options.quick)
    study.started -= found["seconds"]
    cells = []
    for row in found["cells"]:
        where = {name: row[name] for name in row if name not in ("kind", "false", "runs", "share", "claimed")}
        promise = ERRORS.get(row["kind"].split(" at ")[-1], ERROR)
        claimed = row.get("claimed", True)
        cells.append(Cell(where, row["kind"], row["false"], row["runs"], promise=promise, claimed=claimed))
    return cells


def main() -> None:
    """Count all cells and write `smooth.json` and `smooth.md`."""
    metric, started = only(), time.process_time()
    study = Study("smooth", options(__doc__, 4_000, 300), started=started)
    before = [] if metric is None else counted_before(study)
    truths = plan(study.options.quick)
    runs = max(study.options.runs // BATCH, 1) * BATCH
    for number, where in enumerate(truths, 1):
        if metric not in (None, where["metric"]):
            study.cells += [cell for cell in before if cell.where == where]
            continue
        for kind, false in count(where, runs, np.random.default_rng([SEED, 18, number])).items():
            promise = ERRORS.get(kind.split(" at ")[-1], ERROR)
            claimed = not kind.startswith("bootstrap alone")
            study.cells.append(Cell(where, kind, false, runs, promise=promise, claimed=claimed))
        study.progress(number, len(truths), 4)
    study.write(report(study))


def report(study: Study) -> str:
    """The text for the docs."""
    one, hard, gaps, right = (
        [cell for cell in study.cells if cell.where["what"] == what]
        for what in ("one group", "hard ranking", "difference", "calibrated")
    )
    at_full = [cell for cell in one if cell.promise == ERROR]
    over = [cell for cell in study.cells if cell.misses]
    spread = 2 * (ERROR * (1 - ERROR) / study.options.runs) ** 0.5
    parts = [
        paragraph(
            f"""Smooth metrics have asymptotic limits and say so: the AUC by a formula, the others by the studentised
            bootstrap with 2,000 replicates, as the product makes them. {len(study.cells):,} cells,
            {study.options.runs:,} seeded runs each, 60 to 1,000 rows, 5 to 50 % positives, scores with ten levels. A
            limit is wrong where it lies beyond the true value. The stated error α is .025 for each side; also at α/2, a
            first look, and α/20, one of the contrasts of five groups. At .025 two standard errors of a cell are
            {spread:.4f}. {len(over)} cells lie above 1.1 times the error."""
        ),
        worst_table(at_full, ("metric", "model", "n")),
        paragraph(
            """Calibrated scores, whose calibration error is 0: how often the lower limit lies above a line. “Bootstrap
            alone” is without the noise of the bins, as the product did it at first."""
        ),
        worst_table([cell for cell in right if cell.promise == ERROR], ("model", "n")),
        worst_table([cell for cell in right if cell.promise < ERROR], ("model", "n")),
        "The AUC of rankings that are hard to bound, with fixed numbers of both classes:",
        worst_table(hard, ("model", "positives", "negatives")),
        "The difference of the AUC of 2 and 5 groups, the true one on the line (.025):",
        worst_table(gaps, ("G", "model", "n")),
        "Cells above 1.1 times their stated error by more than two standard errors, the worst first:",
        misses_table([cell for cell in over if beyond_chance(cell)]) or "None.",
    ]
    return "\n\n".join(part for part in parts if part)


def beyond_chance(cell: Cell) -> bool:
    """Whether the share is above 1.1 times the stated error by more than two standard errors."""
    promise = 1.1 * cell.promise
    return bool(cell.share > promise + 2 * (promise * (1 - promise) / cell.runs) ** 0.5)


if __name__ == "__main__":
    main()
