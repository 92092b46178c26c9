"""Two versions on the same rows: how often a limit of the change misses, by enumeration, and what the pairing is worth.

Parts: every outcome of one group added up (`exact`); many rows that seldom differ (`rare`); families of groups, for
`not worse` and for harm (`families`); rows of one person and weighted rows (`dependent`); rows needed (`rows`).

    python bench/validity/paired.py [--quick] [--runs N] [--out DIR]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from _cells import Floats, Ints, machine, machine_line, paragraph, progress
from scipy import special

from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import (
    ClopperPearson,
    ClusteredRates,
    WeightedRates,
    clopper_pearson_lower,
    clopper_pearson_upper,
)
from hakari.statistics.multiplicity import holm_levels
from hakari.statistics.paired import DependentChange, PairedChange, mcnemar_p

SEED = 20_261_122
ERRORS = (0.05, 0.025, 0.0125, 0.0025, 0.0005)
SIZES = (5, 10, 20, 30, 50, 75, 100, 150, 200, 300)
FALLS = (-0.3, -0.15, -0.08, -0.03, -0.01, 0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5)
"""True losses; below zero the truth is a gain."""

Method = Callable[[Floats, Floats, Floats, float], Floats]
"""(lost, gained, trials, error) → upper limit of the loss (lost − gained) / trials."""


def contour(lost: Floats, gained: Floats, trials: Floats, error: float) -> Floats:
    """The product's limit."""
    return -PairedChange(gained, lost, trials).lower(error)


def box(lost: Floats, gained: Floats, trials: Floats, error: float) -> Floats:
    """The strict one: Bonferroni over gains and losses."""
    change = DependentChange(ClopperPearson(gained, trials), ClopperPearson(lost, trials))
    return -change.lower(error)


def score(lost: Floats, gained: Floats, trials: Floats, error: float) -> Floats:
    """Tango 1998, Statistics in Medicine 17: the score test inverted by bisection."""
    z = -special.ndtri(error)
    under, over = (lost - gained) / trials, np.ones(len(lost))
    for _ in range(40):
        middle = (under + over) / 2
        b = (2 * trials - lost + gained) * middle - lost - gained
        q = (np.sqrt(np.maximum(b * b + 8 * trials * gained * middle * (1 - middle), 0)) - b) / (4 * trials)
        spread = np.sqrt(np.maximum(trials * (2 * q + middle * (1 - middle)), 0))
        kept = lost - gained - trials * middle >= -z * spread
        under, over = np.where(kept, middle, under), np.where(kept, over, middle)
    return under


def wald(lost: Floats, gained: Floats, trials: Floats, error: float) -> Floats:
    """The textbook's normal limit."""
    p, q = lost / trials, gained / trials
    return p - q - special.ndtri(error) * np.sqrt(np.maximum(p + q - (p - q) ** 2, 0) / trials)


METHODS: dict[str, Method] = {"contour": contour, "box": box, "score": score, "Wald": wald}


# --- Every outcome added up -----------------------------------------------------------------------------------------


def outcomes(n: int, most: int) -> tuple[Floats, Floats]:
    """Lost and gained of every outcome with at most `most` of each."""
    lost, gained = (np.ravel(side).astype(float) for side in np.indices((min(n, most) + 1,) * 2))
    kept = lost + gained <= n
    return lost[kept], gained[kept]


def worst_errors(n: int, most: int, largest: float, points: int) -> Iterator[dict[str, object]]:
    """Per method and error the largest P(limit < truth) over true losses and shares of gains up to `largest`."""
    lost, gained = outcomes(n, most)
    same = n - lost - gained
    ways = special.gammaln(n + 1) - special.gammaln(lost + 1) - special.gammaln(gained + 1) - special.gammaln(same + 1)
    trials = np.full(len(lost), float(n))
    limits = {(name, error): f(lost, gained, trials, error) for name, f in METHODS.items() for error in ERRORS}
    rows = np.stack(list(limits.values()))
    found = [(0.0, 0.0, 0.0)] * len(rows)
    for fall in truths(limits, largest):
        top = (min(2 * largest, 1.0) - abs(fall)) / 2
        if top < 0:
            continue
        base = top * np.linspace(0, 1, points) ** 2
        gain, loss = base + max(-fall, 0.0), base + max(fall, 0.0)
        chances = ways + special.xlogy(lost, loss[:, None]) + special.xlogy(gained, gain[:, None])
        chances = np.exp(chances + special.xlogy(same, np.maximum(1 - loss - gain, 0)[:, None]))
        false = (rows < fall - 1e-11) @ chances.T
        place = false.argmax(axis=1)
        for row, at in enumerate(place.tolist()):
            found[row] = max(found[row], (float(false[row, at]), fall, float(gain[at])))
    for (name, error), (share, fall, gain_at) in zip(limits, found, strict=True):
        yield {"n": n, "method": name, "error": error, "worst": share, "ratio": share / error, "loss": fall,
               "gains": gain_at}  # fmt: skip


def truths(limits: dict[tuple[str, float], Floats], largest: float) -> list[float]:
    """True losses that are round numbers, and some just beyond limits that the product gives: there it misses most."""
    given = np.unique(np.concatenate([limits["contour", error] for error in ERRORS[1:3]]))
    given = given[(given > -largest) & (given < largest)]
    chosen = given[np.unique(np.linspace(0, len(given) - 1, 50).astype(int))] + 1e-9
    return sorted({*(fall for fall in FALLS if abs(fall) <= largest), *chosen.tolist()})


# --- Families of groups ---------------------------------------------------------------------------------------------


def families(runs: int, quick: bool, started: float) -> list[dict[str, object]]:
    """False `not worse` with one group exactly at the margin, and false harm with no change in any group."""
    rng, rows = np.random.default_rng([SEED, 1]), []
    for groups in (2, 10) if quick else (2, 5, 10, 50):
        for layout, sizes in layouts(groups):
            for differ in (0.02, 0.1, 0.4):
                for margin in (0.01, 0.05):
                    loss, gain = np.full(groups, differ / 2), np.full(groups, differ / 2)
                    if margin > differ:
                        continue
                    loss[-1], gain[-1] = (differ + margin) / 2, (differ - margin) / 2
                    lost, gained = drawn(rng, sizes, loss, gain, runs)
                    reach = unique_limit(lost, gained, sizes, 0.025)
                    false = int((reach < margin).all(axis=1).sum())
                    rows.append({"kind": "not worse", "groups": groups, "sizes": layout, "differ": differ,
                                 "margin": margin, "false": false, "runs": runs})  # fmt: skip
                lost, gained = drawn(rng, sizes, np.full(groups, differ / 2), np.full(groups, differ / 2), runs)
                shown = mcnemar_p(gained, lost).min(axis=1) <= holm_levels([1.0] * groups, [0.025] * groups)[0]
                rows.append({"kind": "harm", "groups": groups, "sizes": layout, "differ": differ, "margin": 0.0,
                             "false": int(shown.sum()), "runs": runs})  # fmt: skip
        progress(f"families: {groups} groups", started)
    return rows


def layouts(groups: int) -> Iterator[tuple[str, Ints]]:
    """Names and sizes."""
    for n in (50, 300, 2000):
        yield f"{n:,} each", np.full(groups, n)
    yield "one of 20,000, the rest 50", np.array([20_000] + [50] * (groups - 1))
    yield "the rest 20,000, one of 50", np.array([20_000] * (groups - 1) + [50])


def drawn(rng: np.random.Generator, sizes: Ints, loss: Floats, gain: Floats, runs: int) -> tuple[Floats, Floats]:
    """Lost and gained (runs, groups)."""
    lost = rng.binomial(sizes, loss, size=(runs, len(sizes)))
    gained = rng.binomial(sizes - lost, gain / (1 - loss))
    return lost.astype(float), gained.astype(float)


def unique_limit(lost: Floats, gained: Floats, sizes: Ints, error: float) -> Floats:
    """The product's upper limit of the loss, each different outcome computed once."""
    trials = np.broadcast_to(sizes.astype(float), lost.shape)
    each, place = np.unique(np.stack([lost.ravel(), gained.ravel(), trials.ravel()]), axis=1, return_inverse=True)
    return contour(each[0], each[1], each[2], error)[place.ravel()].reshape(lost.shape)


# --- Dependent and weighted rows ------------------------------------------------------------------------------------


def dependent(runs: int, quick: bool, started: float) -> list[dict[str, object]]:
    """How often the limit of clustered and of weighted rows lies below the true loss; 0.025 is stated."""
    rng, rows = np.random.default_rng([SEED, 2]), []
    for clusters in (20, 100) if quick else (15, 20, 50, 200):
        for size in (2, 10):
            for alike in (0.0, 0.3, 1.0):
                for fall, differ in ((0.0, 0.1), (0.05, 0.1), (0.05, 0.4), (0.02, 0.02)):
                    lost, gained = clustered(rng, runs, clusters, size, alike, (differ + fall) / 2, (differ - fall) / 2)
                    below = -DependentChange(gained, lost).lower(0.025) < fall - 1e-12
                    rows.append({"kind": "clusters", "units": clusters, "rows": size, "alike": alike, "loss": fall,
                                 "differ": differ, "false": int(below.sum()), "runs": runs})  # fmt: skip
    progress("dependent: clusters", started)
    for n in (50, 200, 1000):
        for spread in (0.5, 1.5):
            for tied in (False, True):
                for fall, differ in ((0.0, 0.1), (0.05, 0.1), (0.05, 0.4)):
                    lost_w, gained_w, true = weighted(
                        rng, runs, n, spread, tied, (differ + fall) / 2, (differ - fall) / 2
                    )
                    below = -DependentChange(gained_w, lost_w).lower(0.025) < true - 1e-12
                    rows.append({"kind": "weights, tied to the outcome" if tied else "weights", "units": n,
                                 "rows": 1, "alike": spread, "loss": fall, "differ": differ,
                                 "false": int(below.sum()), "runs": runs})  # fmt: skip
    progress("dependent: weights", started)
    return rows


def clustered(
    rng: np.random.Generator, runs: int, clusters: int, size: int, alike: float, loss: float, gain: float
) -> tuple[ClusteredRates, ClusteredRates]:
    """Every run is a group; a row copies its cluster's own outcome with probability `alike`."""
    shape = (runs, clusters, size)
    whole, own = rng.random((runs, clusters, 1)), rng.random(shape)
    state = np.where(rng.random(shape) < alike, whole, own)
    group = np.repeat(np.arange(runs), clusters)
    cluster = np.tile(np.arange(clusters), runs)
    trials = np.full(runs * clusters, float(size))

    def rate(hit: Floats) -> ClusteredRates:
        return ClusteredRates(runs, group, cluster, hit.sum(axis=2).ravel().astype(float), trials)

    return rate(state < loss), rate((state >= loss) & (state < loss + gain))


def weighted(
    rng: np.random.Generator, runs: int, n: int, spread: float, tied: bool, loss: float, gain: float
) -> tuple[WeightedRates, WeightedRates, float]:
    """Log-normal weights; `tied`: rows that are lost weigh twice as much. Also the true weighted loss."""
    state, weight = rng.random((runs, n)), rng.lognormal(0, spread, (runs, n))
    is_lost, is_gained = state < loss, (state >= loss) & (state < loss + gain)
    if tied:
        weight = np.where(is_lost, 2 * weight, weight)

    def rate(hit: Floats) -> WeightedRates:
        w = weight * hit
        return WeightedRates(np.full(runs, float(n)), w.sum(1), weight.sum(1), (w * w).sum(1), (weight**2).sum(1))

    heavy = 2.0 if tied else 1.0
    true = (heavy * loss - gain) / (1 + (heavy - 1) * loss)
    return rate(is_lost), rate(is_gained), true


# --- Rows needed ----------------------------------------------------------------------------------------------------


def rows_needed(margin: float, differ: float, rate: float, quick: bool) -> dict[str, object]:
    """Rows for an 80 % chance of `not worse` at equal rates: on the same rows, and on two separate samples."""
    runs = 1000 if quick else 4000
    rng = np.random.default_rng([SEED, 3])

    def paired(method: Method) -> Callable[[int], float]:
        def chance(n: int) -> float:
            lost, gained = drawn(rng, np.array([n]), np.array([differ / 2]), np.array([differ / 2]), runs)
            each, count = np.unique(np.stack([lost[:, 0], gained[:, 0]]), axis=1, return_counts=True)
            reach = method(each[0], each[1], np.full(each.shape[1], float(n)), 0.025)
            return float(count[reach < margin].sum() / runs)

        return chance

    def separate(n: int) -> float:
        old, new = rng.binomial(n, rate, size=(2, runs)).astype(float)
        reach, errors = np.full(runs, -1.0), joint_errors(0.025).tolist()
        for at_old, at_new in zip(errors, reversed(errors), strict=True):
            high = clopper_pearson_upper(old, np.full(runs, float(n)), at_old)
            np.maximum(reach, high - clopper_pearson_lower(new, np.full(runs, float(n)), at_new), out=reach)
        return float(np.mean(reach < margin))

    found = {name: search(paired(METHODS[name])) for name in ("contour", "box", "score")}
    # A version that changes `differ` of the decisions cannot do so at every rate; the samples have this one.
    return {"margin": margin, "differ": differ, "rate": rate, **found, "separate": search(separate)}


def search(chance: Callable[[int], float]) -> int:
    """The fewest rows with a chance of .8, to 1 %."""
    under, over = 10, 20
    while chance(over) < 0.8:
        under, over = over, over * 2
    while over > 1.01 * under and over - under > 1:
        middle = round((under * over) ** 0.5)
        under, over = (under, middle) if chance(middle) >= 0.8 else (middle, over)
    return over


# --- Writing --------------------------------------------------------------------------------------------------------


def exact_table(rows: list[dict[str, object]]) -> str:
    """Rows: n; columns: method; the worst of all errors."""
    names = list(METHODS)
    lines = ["| rows | " + " | ".join(names) + " |", "|---:" + "|---:" * len(names) + "|"]
    for n in dict.fromkeys(row["n"] for row in rows):
        cells = (max(float(str(r["ratio"])) for r in rows if r["n"] == n and r["method"] == name) for name in names)
        lines.append(
            f"| {n:,} | " + " | ".join(f"{cell:.2f}" if cell <= 99 else f"{cell:,.0f}" for cell in cells) + " |"
        )
    return "\n".join(lines)


def worst_table(rows: list[dict[str, object]], by: tuple[str, ...]) -> str:
    """The highest share of false results, with the number of settings behind it."""
    groups: dict[tuple[object, ...], list[float]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(int(str(row["false"])) / int(str(row["runs"])))
    lines = ["| " + " | ".join(by) + " | settings | highest share false |", "|---" * len(by) + "|---:|---:|"]
    for key, shares in groups.items():
        lines.append("| " + " | ".join(str(part) for part in key) + f" | {len(shares)} | {max(shares):.4f} |")
    return "\n".join(lines)


def rows_table(rows: list[dict[str, object]]) -> str:
    """Rows needed on the same rows and on separate samples."""
    lines = [
        "| margin | rows that differ | contour | box | score test | two separate samples, each |",
        "|---:" * 6 + "|",
    ]
    for row in rows:
        numbers = (f"{row[name]:,}" for name in ("contour", "box", "score", "separate"))
        lines.append(f"| {row['margin']:.0%} | {row['differ']:.0%} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


def text(
    exact: list[dict[str, object]], rare: list[dict[str, object]], more: dict[str, list[dict[str, object]]]
) -> str:
    """The page's tables."""
    parts = [
        "# Two versions on the same rows",
        paragraph(
            "One group, every outcome added up: the largest probability that the limit of the change misses the truth, "
            "divided by the stated error (.05, .025, .0125, .0025, .0005; the worst of them), over true changes from a "
            "loss of .5 to a gain of .3, among them those just beyond limits that the contour gives, and all shares of "
            "rows that differ. 1 is exact, below it the limit is cautious."
        ),
        exact_table(exact),
        paragraph(
            "Many rows, of which few differ (at most 8 gained and 8 lost expected; outcomes with more than 60 of "
            "either are left out, which misses less than 1e-12):"
        ),
        exact_table(rare),
        "## Families of groups",
        paragraph(
            "`not worse` is false where one group, the last, loses exactly the margin. Harm is false wherever it is "
            "shown, as no group changes. Both state .025."
        ),
        worst_table(more["families"], ("kind", "groups")),
        "## Rows of one person, and weighted rows",
        paragraph(
            "One-sided limits at a stated .025. A row copies its person's outcome never, in 30 % of rows or always; "
            "weights are log-normal with a spread of .5 or 1.5, tied ones are doubled on rows that are lost."
        ),
        worst_table(more["dependent"], ("kind", "units")),
        "## Rows needed",
        paragraph(
            "Rows in a group for an 80 % chance of `not worse` at a one-sided error of .025, if the rates of both "
            "versions are equal. Two separate samples: a rate of .3 in each, the limits of the verdict rule."
        ),
        rows_table(more["rows"]),
    ]
    return "\n\n".join(parts)


def main() -> None:
    """Run all parts and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    runs = 1000 if options.quick else options.runs
    started = time.process_time()
    exact: list[dict[str, object]] = []
    for n in SIZES[:5] if options.quick else SIZES:
        exact += worst_errors(n, n, 0.5, 41 if options.quick else 101)
        progress(f"exact: {n} rows", started)
    rare: list[dict[str, object]] = []
    for n in (3000,) if options.quick else (1000, 3000, 30_000, 1_000_000):
        rare += worst_errors(n, 60, 8 / n, 41 if options.quick else 101)
        progress(f"rare: {n} rows", started)
    more = {
        "families": families(runs, options.quick, started),
        "dependent": dependent(min(runs, 5000), options.quick, started),
        "rows": [
            rows_needed(margin, differ, 0.3, options.quick)
            for margin in (0.01, 0.02, 0.05)
            for differ in (0.02, 0.05, 0.1, 0.2)
        ],
    }
    minutes = (time.process_time() - started) / 60
    page = text(exact, rare, more)
    how = f"{runs:,} runs a setting (clusters and weights {min(runs, 5000):,}). Seed {SEED}; "
    page += "\n\n" + paragraph(f"{how}{minutes:.1f} minutes on one core; {machine_line()}.")
    options.out.mkdir(parents=True, exist_ok=True)
    head = {"seed": SEED, "runs": runs, "quick": options.quick, "minutes": round(minutes, 1), "machine": machine()}
    body = {**head, "exact": exact, "rare": rare, **more}
    (options.out / "paired.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    (options.out / "paired.md").write_text(page + "\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
