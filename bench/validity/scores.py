"""Misses of the two-sided intervals that describe scores and averages over classes, at samples whose truth is known.

Means of bounded numbers, average precision, calibration errors, distances between two score distributions (equal ones
among them, where a distance is 0), and averages of F1 and recall over classes; all limits as the product makes them.

    python bench/validity/scores.py --out bench/validity/results
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from _cells import Floats, paragraph
from _runs import SEED, Cell, Study, options, worst_table

from hakari.statistics.metrics import classes
from hakari.statistics.metrics import scores as metrics
from hakari.statistics.metrics.distances import Noise, calibration_noise, divergence_limits, norm_quantile
from hakari.statistics.metrics.score_limits import BoundedMeans, EffectiveLimits

LEVEL = 0.95
ERRORS = {"0.95": 0.05, "0.995": 0.005}
"""Two-sided error of an interval; .005 is one of ten groups."""
REPLICATES = 1_000
LEVELS = np.arange(20) / 20 + 0.025
ROWS = (30, 100, 300, 1_000, 3_000)
Where = dict[str, object]
Found = dict[str, int]


def bell(centre: float, width: float) -> Floats:
    """Shares of the twenty levels around a centre."""
    shape: Floats = np.exp(-0.5 * ((LEVELS - centre) / width) ** 2)
    return shape / shape.sum()


def ends(**shares: float) -> Floats:
    """Shares of the lowest, a middle and the highest level."""
    found = np.zeros(20)
    found[[0, 10, 19]] = [shares.get(name, 0.0) for name in ("low", "middle", "high")]
    return found


MEANS = {
    "bell": bell(0.5, 0.2), "near 0": bell(0.05, 0.05), "two ends": ends(low=0.5, high=0.5),
    "one in fifty at 1": ends(low=0.98, high=0.02), "one in thirty at 0": ends(low=0.03, middle=0.97),
}  # fmt: skip
RANKED = {
    "rare, good": (0.05, bell(0.25, 0.2), bell(0.62, 0.2)), "common, weak": (0.3, bell(0.4, 0.2), bell(0.52, 0.2)),
    "near perfect": (0.5, bell(0.15, 0.15), bell(0.85, 0.15)), "no signal": (0.1, bell(0.5, 0.2), bell(0.5, 0.2)),
    "two scores": (0.2, ends(low=0.9, high=0.1), ends(low=0.4, high=0.6)),
}  # fmt: skip
"""Share of positives; scores of negatives and of positives."""
CALIBRATED = {
    "calibrated": (bell(0.5, 0.3), LEVELS), "calibrated, low": (bell(0.05, 0.05), LEVELS),
    "too low by .08": (bell(0.5, 0.3), np.clip(LEVELS + 0.08, 0, 1)), "twice too high": (bell(0.05, 0.05), LEVELS / 2),
    "too timid": (bell(0.2, 0.1), np.clip(2 * LEVELS - 0.3, 0.005, 0.995)),
}  # fmt: skip
"""Shares of the scores; chance of a positive at each."""
PAIRS = {
    "equal": (bell(0.5, 0.2), bell(0.5, 0.2)), "moved by .05": (bell(0.5, 0.2), bell(0.55, 0.2)),
    "far": (bell(0.3, 0.1), bell(0.6, 0.2)), "other width": (bell(0.1, 0.05), bell(0.1, 0.08)),
    "one in fifty at 1": (ends(low=0.98, high=0.02), ends(low=0.995, high=0.005)),
}  # fmt: skip
SIZES = ((30, 30), (30, 300), (100, 100), (100, 1_000), (1_000, 1_000))
DIVERGENCE_SIZES = ((300, 300), (300, 3_000), (1_000, 1_000), (3_000, 3_000))


def given(base: Floats, right: Floats) -> Floats:
    """Shares (K, K) of label and prediction; errors go to all other classes alike."""
    size = len(base)
    found = np.tile((base * (1 - right) / (size - 1))[:, None], size)
    np.fill_diagonal(found, base * right)
    return found / found.sum()


CLASSES = {
    "three alike": given(np.full(3, 1 / 3), np.array([0.7, 0.8, 0.6])),
    "ten alike": given(np.full(10, 0.1), np.full(10, 0.6)),
    "one rare": given(np.array([0.9, 0.08, 0.02]), np.array([0.95, 0.6, 0.5])),
    "one rare, near perfect": given(np.array([0.9, 0.08, 0.02]), np.array([0.99, 0.97, 0.98])),
}
FEWEST = 20
"""Labels of every class: below, the product gives macro averages no interval."""


def mean(where: Where, runs: int, rng: np.random.Generator) -> Found:
    """Misses of the mean score."""
    shares, n = MEANS[str(where["model"])], int(str(where["n"]))
    drawn = rng.multinomial(n, shares, runs).astype(float)
    rows = np.full(runs, float(n))
    limits = BoundedMeans(rows, drawn @ LEVELS, rows, drawn @ LEVELS**2, drawn @ LEVELS, rows)
    return misses(limits, float(shares @ LEVELS), np.ones(runs, dtype=bool))


def precision(where: Where, runs: int, rng: np.random.Generator) -> Found:
    """Misses of the average precision."""
    base, low, high = RANKED[str(where["model"])]
    cells = np.concatenate([(1 - base) * low, base * high])
    drawn = rng.multinomial(int(str(where["n"])), cells, runs).astype(float)
    neg, pos = drawn[:, :20], drawn[:, 20:]
    moved = metrics.average_precision_influence(neg, pos)
    variances = np.nan_to_num((neg * moved[0] ** 2 + pos * moved[1] ** 2).sum(axis=1))
    limits = EffectiveLimits(metrics.average_precision(neg, pos), variances, pos.sum(axis=1))
    return misses(limits, float(metrics.average_precision(cells[:20], cells[20:])), pos.sum(axis=1) > 0)


def average(where: Where, runs: int, rng: np.random.Generator) -> Found:
    """Misses of an average over classes, among the samples with enough labels of every class."""
    shares, name = CLASSES[str(where["model"])], str(where["metric"])
    drawn = rng.multinomial(int(str(where["n"])), shares.ravel(), runs).reshape(-1, *shares.shape).astype(float)
    value: Callable[[Floats], Floats] = getattr(classes, name)
    out = classes.rounded_out(drawn)
    variances = (out * classes.influence(name, out) ** 2).sum(axis=(1, 2))
    limits = EffectiveLimits(value(drawn), variances, drawn.sum(axis=(1, 2)))
    enough = drawn.sum(axis=2).min(axis=1) >= FEWEST if name != "weighted_f1" else np.ones(runs, dtype=bool)
    return misses(limits, float(value(shares)), enough)


def misses(
    limits: BoundedMeans | EffectiveLimits, true: float, used: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Found:
    """Misses at every level, and the samples that had an interval."""
    found = {"runs": int(used.sum())}
    for name, error in ERRORS.items():
        outside = (limits.lower(error / 2) > true + 1e-12) | (limits.upper(error / 2) < true - 1e-12)
        found[name] = int((outside & used).sum())
    return found


def calibration(where: Where, runs: int, rng: np.random.Generator) -> Found:
    """Misses of a calibration error whose limits lie a quantile of the drawn norm on either side."""
    shares, chance = CALIBRATED[str(where["model"])]
    cells = np.concatenate([shares * (1 - chance), shares * chance])
    n, place = int(str(where["n"])), metrics.equal_width_bins(LEVELS)
    true = float(metrics.calibration_error(LEVELS, cells[:20], cells[20:], place))
    found = {"runs": runs} | dict.fromkeys(ERRORS, 0)
    for drawn in rng.multinomial(n, cells, runs).astype(float):
        value = float(metrics.calibration_error(LEVELS, drawn[:20], drawn[20:], place))
        norms = calibration_noise(LEVELS, drawn[:20], drawn[20:], place, rng, REPLICATES)
        for name, error in ERRORS.items():
            # One side may use half of the error, as the product has it: all misses may lie on one side.
            found[name] += bool(abs(value - true) > norm_quantile(norms, error / 2) + 1e-12)
    return found


def distance(where: Where, runs: int, rng: np.random.Generator) -> Found:
    """Misses of a distance between two groups."""
    first, second = PAIRS[str(where["model"])]
    name, (n, m) = str(where["metric"]), (int(str(where["n"])), int(str(where["other n"])))
    bins = [shares.reshape(10, 2).sum(axis=1) for shares in (first, second)]
    if name == "kl_divergence":
        p, q = bins
        true = float(np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / np.where(q > 0, q, 1)), 0)))
    elif name == "wasserstein_distance":
        true = float(metrics.wasserstein_distance(LEVELS, first, second))
    else:
        true = float(metrics.kolmogorov_smirnov(first, second))
    found = {"runs": runs} | dict.fromkeys(ERRORS, 0)
    for a, b in zip(
        rng.multinomial(n, first, runs).astype(float), rng.multinomial(m, second, runs).astype(float), strict=True
    ):
        if name == "kl_divergence":
            one, other = (each.reshape(10, 2).sum(axis=1) for each in (a, b))
            reaches = {key: divergence_limits(one, other, error / 2) for key, error in ERRORS.items()}
        else:
            norms = Noise.drawn(LEVELS, np.stack([a, b]), rng, REPLICATES).pair(0, 1)
            largest = name == "kolmogorov_smirnov"
            value = float(metrics.kolmogorov_smirnov(a, b) if largest else metrics.wasserstein_distance(LEVELS, a, b))
            reach = {key: float(norm_quantile(norms[0 if largest else 1], error)) for key, error in ERRORS.items()}
            reaches = {key: (value - each, value + each) for key, each in reach.items()}
        for key, (low, high) in reaches.items():
            found[key] += bool(low > true + 1e-12 or high < true - 1e-12)
    return found


WHAT: dict[str, tuple[Callable[[Where, int, np.random.Generator], Found], bool]] = {
    "average_score": (mean, False), "average_precision": (precision, False), "calibration_error": (calibration, True),
    "kolmogorov_smirnov": (distance, True), "wasserstein_distance": (distance, True), "kl_divergence": (distance, True),
    **dict.fromkeys(classes.AVERAGES, (average, False)),
}  # fmt: skip
"""What counts the misses of each metric, and whether its limits are drawn run by run."""


def plan(quick: bool) -> list[Where]:
    """Every truth."""
    found: list[Where] = []
    single = {"average_score": MEANS, "average_precision": RANKED, "calibration_error": CALIBRATED}
    for metric, models in single.items():
        found += [{"metric": metric, "model": model, "n": n} for model, n in product(models, ROWS)]
    for metric in classes.AVERAGES:
        found += [{"metric": metric, "model": model, "n": n} for model, n in product(CLASSES, ROWS)]
    for metric in ("kolmogorov_smirnov", "wasserstein_distance", "kl_divergence"):
        for model, (n, m) in product(PAIRS, DIVERGENCE_SIZES if metric == "kl_divergence" else SIZES):
            found.append({"metric": metric, "model": model, "n": n, "other n": m})
    return found[::6] if quick else found


def main() -> None:
    """Count all cells and write `scores.json` and `scores.md`."""
    study = Study("scores", options(__doc__, 20_000, 1_000))
    truths = plan(study.options.quick)
    for number, where in enumerate(truths, 1):
        count, drawn = WHAT[str(where["metric"])]
        runs = max(study.options.runs // 10, 100) if drawn else study.options.runs
        found = count(where, runs, np.random.default_rng([SEED, 31, number]))
        for name, error in ERRORS.items():
            if found["runs"] >= 200 or drawn:
                study.cells.append(Cell(where, f"misses at {name}", found[name], found["runs"], promise=error))
        study.progress(number, len(truths), 20)
    study.write(report(study))


def beyond(cell: Cell) -> bool:
    """Whether an interval misses more than one point above its error, by more than two standard errors."""
    most = cell.promise + 0.01
    return cell.share > most + 2 * (most * (1 - most) / cell.runs) ** 0.5


def report(study: Study) -> str:
    """The text for the docs."""
    over = [cell for cell in study.cells if beyond(cell)]
    full = [cell for cell in study.cells if cell.promise == 1 - LEVEL or cell.kind == "misses at 0.95"]
    highest = max(full, key=lambda cell: cell.share)
    parts = [
        paragraph(
            f"""Two-sided intervals that describe scores and averages over classes. {len(study.cells):,} cells,
            {study.options.runs:,} seeded runs each, a tenth of that where limits are drawn run by run. An interval
            misses where it does not hold the true value: at most .05 and .005 are stated. Highest at .95:
            {highest.share:.4f} ({highest.where["metric"]}, {highest.where["model"]}, n = {highest.where["n"]}).
            {len(over)} cells lie more than one point above what is stated by more than two standard errors. Bold:
            above 1.1 times what is stated. A macro average has an interval only where every class has {FEWEST} labels,
            a divergence from 300 rows on each side: other samples are not counted."""
        ),
        worst_table([cell for cell in study.cells if "other n" not in cell.where], ("metric", "model", "n")),
        "Distances between two groups, 0 where they are equal:",
        worst_table([cell for cell in study.cells if "other n" in cell.where], ("metric", "model", "n", "other n")),
        "Cells more than one point above what is stated, by more than two standard errors:",
        worst_table(over, ("metric", "model", "n")) if over else "None.",
    ]
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
