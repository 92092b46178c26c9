"""How often the intervals of single groups all hold at once: exactly, and for every true rate.

Between two neighbouring interval ends the set of outcomes whose interval holds a rate p is fixed, {A, …, B}, and
P_p(A ≤ X ≤ B) rises and then falls in p. So the smallest coverage lies at the ends of such a stretch and the largest
where the two outermost probabilities balance; both are found for all p in (0, 1), without a grid. Groups are disjoint,
so the chance that all intervals hold is the product of their own.

    python bench/validity/coverage.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from _cells import SIZES, Bools, Floats, Ints, machine, machine_line, paragraph, progress
from scipy import special, stats

from hakari.statistics.limits import ClopperPearson, clopper_pearson_lower, clopper_pearson_upper, simultaneous

SEED = 20_261_122
GROUPS = (1, 2, 5, 10, 50)
ALPHA = 0.05
MOST, ENOUGH = 0.97, 100.0
EVERY_N = 2_000
TRIES = 400


@dataclass(frozen=True, slots=True)
class Coverage:
    """Least and largest chance that the interval of one group holds its rate, and where."""

    groups: int
    n: int
    least: float
    least_at: float
    largest: float
    """Over rates with n·min(p, 1−p) ≥ 100; nan where there are none."""
    largest_at: float


@dataclass(frozen=True, slots=True)
class Mixtures:
    """What was found over all mixtures of sizes of so many groups."""

    count: int
    least: float
    below: int
    """How many can be below 95 %."""
    with_largest: int
    """How many have rates with n·min(p, 1−p) ≥ 100 in every group."""
    above: list[tuple[float, list[int]]]
    """Those of them that can pass 97 %, with their sizes."""


def limits(n: int, groups: int) -> tuple[Floats, Floats]:
    """Both limits of every outcome 0..n, as the product gives them to one of so many groups."""
    x, trials = np.arange(n + 1.0), np.full(n + 1, float(n))
    error = float(-np.expm1(np.log1p(-ALPHA) / groups) / 2)
    return clopper_pearson_lower(x, trials, error), clopper_pearson_upper(x, trials, error)


def misses(n: int, first: Ints, last: Ints, p: Floats) -> Floats:
    """P(X < first or X > last): summed as small numbers, so that it keeps its digits."""
    return np.asarray(stats.binom.cdf(first - 1, n, p) + stats.binom.sf(last, n, p), dtype=float)


def balance(n: int, first: Ints, last: Ints) -> Floats:
    """The rate where P(first ≤ X ≤ last) is largest: there P(X = first−1) and P(X = last) of n−1 rows are equal."""
    a, b = np.maximum(first, 1).astype(float), np.minimum(last, n - 1).astype(float)

    def log_choose(k: Floats) -> Floats:
        return np.asarray(special.gammaln(n) - special.gammaln(k + 1) - special.gammaln(n - k), dtype=float)

    peak = np.asarray(special.expit((log_choose(a - 1) - log_choose(b)) / (b - a + 1)), dtype=float)
    return np.where(first == 0, 0.0, np.where(last == n, 1.0, peak))


def stretches(lower: Floats, upper: Floats) -> tuple[Floats, Floats, Ints, Ints]:
    """Ends (left, right) of the stretches of p without an interval end, and the outcomes (first, last) that hold p."""
    ends = np.unique(np.concatenate([lower, upper, [0.0, 1.0]]))
    left, right = ends[:-1], ends[1:]
    middle = (left + right) / 2
    return left, right, np.searchsorted(upper, middle), np.searchsorted(lower, middle, side="right") - 1


def of_one_group(n: int, groups: int) -> Coverage:
    """Least and largest coverage of one group's interval over all rates."""
    left, right, first, last = stretches(*limits(n, groups))
    chance = 1 - np.stack([misses(n, first, last, left), misses(n, first, last, right)])
    chance[0, left == 0.0] = chance[1, right == 1.0] = 1.0  # no rate of 0 or 1: the stretch ends before it
    side, place = np.unravel_index(int(chance.argmin()), chance.shape)
    least, least_at = float(chance[side, place]), float((left, right)[side][place])
    low, high = ENOUGH / n, 1 - ENOUGH / n
    inside = (right >= low) & (left <= high) if low <= high else np.zeros(len(left), dtype=bool)
    if not inside.any():
        return Coverage(groups, n, least, least_at, float("nan"), float("nan"))
    left, right, first, last = (part[inside] for part in (left, right, first, last))
    best = np.clip(balance(n, first, last), np.maximum(left, low), np.minimum(right, high))
    chance = 1 - misses(n, first, last, best)
    place = int(chance.argmax())
    return Coverage(groups, n, least, least_at, float(chance[place]), float(best[place]))


def largest_differences(rng: np.random.Generator) -> tuple[float, float, int]:
    """How far the figures are from sums over all outcomes with the product's own intervals, at random and at edges.

    Returns how far a coverage ever is below the least or above the largest one, the largest difference between the
    two sums, and the number of rates tried.
    """
    outside = difference = 0.0
    tried = 0
    for groups in GROUPS:
        for n in (30, 100, 300, 3_000):
            found = of_one_group(n, groups)
            lower, upper = _by_product(n, groups)
            left, right, first, last = stretches(lower, upper)
            for place in rng.integers(0, len(left), TRIES).tolist():
                p = float(rng.uniform(left[place], right[place]))
                holds: Bools = (lower <= p) & (p <= upper)
                plain = float(stats.binom.pmf(np.arange(n + 1), n, p)[holds].sum())
                ours = 1 - float(misses(n, first[place : place + 1], last[place : place + 1], np.array([p]))[0])
                difference = max(difference, abs(plain - ours))
                outside = max(outside, found.least - plain)
                if n * min(p, 1 - p) >= ENOUGH:
                    outside = max(outside, plain - found.largest)
                tried += 1
    return outside, difference, tried


def _by_product(n: int, groups: int) -> tuple[Floats, Floats]:
    """The same limits from `simultaneous`, called with so many groups at a time."""
    lower, upper = np.empty(n + 1), np.empty(n + 1)
    for start in range(0, n + 1, groups):
        x = np.minimum(np.arange(start, start + groups), n)
        low, high = simultaneous(ClopperPearson(x, np.full(groups, n)), ALPHA)
        lower[x], upper[x] = low, high
    return lower, upper


def mixtures(found: Sequence[Coverage], groups: int) -> Mixtures:
    """All ways to give the sizes to the groups."""
    count = below = counted = 0
    least, above = 1.0, []
    log_least, log_largest = (np.log([getattr(c, name) for c in found]) for name in ("least", "largest"))
    for chosen in combinations_with_replacement(range(len(found)), groups):
        count += 1
        one = float(np.exp(log_least[list(chosen)].sum()))
        least, below = min(least, one), below + (one < 1 - ALPHA)
        largest = float(np.exp(log_largest[list(chosen)].sum()))
        if not np.isnan(largest):
            counted += 1
            if largest > MOST:
                above.append((largest, [found[k].n for k in chosen]))
    return Mixtures(count, least, below, counted, sorted(above, key=lambda item: -item[0]))


def size_table(found: Sequence[Coverage]) -> str:
    """Simultaneous coverage where all groups have one size."""
    head = "| rows in every group | " + " | ".join(f"G = {g}" for g in GROUPS) + " |"
    lines = [head, "|---|" + "---:|" * len(GROUPS)]
    for n in SIZES:
        cells = []
        for g in GROUPS:
            one = next(c for c in found if (c.groups, c.n) == (g, n))
            least, largest = one.least**g, one.largest**g
            cells.append(f"{least:.5f}" + ("" if np.isnan(largest) else f" ({largest:.4f})"))
        lines.append(f"| {n:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def report(record: dict[str, object], found: Sequence[Coverage], every: Sequence[Coverage]) -> str:
    """The text for the docs."""
    below = record["mixtures_below_95"]
    above = record["above_97"]
    lowest = min(every, key=lambda c: c.least**c.groups)
    highest = max((c for c in every if not np.isnan(c.largest)), key=lambda c: c.largest**c.groups)
    first = paragraph(
        """Nothing here is simulated, and no rate is left out: between two neighbouring interval ends the coverage of a
        Clopper–Pearson interval rises and then falls with the true rate, so its least and its largest value over all
        rates from 0 to 1 can be computed. Groups are disjoint, so the chance that the intervals of all groups hold is
        the product over the groups. The stated chance is .95. The table shows the least one over all rates and, in
        brackets, the largest one over rates with n·min(p, 1−p) ≥ 100 in every group (where it may be .97 at most)."""
    )
    second = paragraph(
        f"""Every way to give these five sizes to 1, 2, 5, 10 or 50 groups was computed as well: {record["mixtures"]:,}
        mixtures. The least coverage of any lies {record["mixtures_least"] - 0.95:.0e} above .95; {below} are
        below. Of the
        {record["mixtures_with_largest"]:,} mixtures where all groups can have n·min(p, 1−p) ≥ 100, {len(above)} can
        pass .97."""  # type: ignore[arg-type]
    )
    third = paragraph(
        f"""For every n from 1 to {record["every_n"]:,} in all groups, the least coverage lies
        {lowest.least**lowest.groups - 0.95:.0e} above .95 (n = {lowest.n:,}, G = {lowest.groups}) and the
        largest with n·min(p, 1−p) ≥ 100 is {highest.largest**highest.groups:.4f} (n = {highest.n:,},
        G = {highest.groups}, rate {highest.largest_at:.4f})."""
    )
    fourth = paragraph(
        f"""At {record["checked"]:,} random rates the coverage was also added up outcome by outcome from the product's
        own intervals: the two differ by at most {record["difference"]:.0e}, and no sum is outside the least and the
        largest value by more than {max(record["outside"], 1e-15):.0e}. Seed {SEED} for these rates;
        {record["seconds"]} seconds on one core; {machine_line()}."""  # type: ignore[type-var]
    )
    return "\n\n".join([first, size_table(found), second, third, fourth]) + "\n"


def main() -> None:
    """Compute all cells and write `coverage.json` and `coverage.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--every-n", type=int, default=EVERY_N, help="every n up to this one")
    parser.add_argument("--quick", action="store_true", help="every n up to 250, no mixtures of 50 groups")
    options = parser.parse_args()
    every_n = 250 if options.quick else options.every_n
    started = time.process_time()
    found = [of_one_group(n, g) for g in GROUPS for n in SIZES]
    mixed = []
    for g in GROUPS[:-1] if options.quick else GROUPS:
        mixed.append(mixtures([c for c in found if c.groups == g], g))
        progress(f"{g} groups: {mixed[-1].count:,} mixtures", started)
    every = []
    for n in range(1, every_n + 1):
        every += [of_one_group(n, g) for g in GROUPS]
        if n % 200 == 0:
            progress(f"every n to {n:,}", started)
    outside, difference, tried = largest_differences(np.random.default_rng(SEED))
    record: dict[str, object] = {
        "alpha": ALPHA, "seed": SEED, "machine": machine(), "every_n": every_n,
        "mixtures": sum(m.count for m in mixed), "mixtures_least": min(m.least for m in mixed),
        "mixtures_below_95": sum(m.below for m in mixed), "mixtures_with_largest": sum(m.with_largest for m in mixed),
        "above_97": [item for m in mixed for item in m.above],
        "checked": tried, "difference": difference, "outside": outside, "seconds": round(time.process_time() - started),
        "cells": [_row(c) for c in found], "cells_every_n": [_row(c) for c in every],
    }  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record).replace("[{", "[\n{").replace("}, {", "},\n{")
    (options.out / "coverage.json").write_text(text + "\n", encoding="utf-8")
    text = report(record, found, every)
    (options.out / "coverage.md").write_text(text, encoding="utf-8")
    print(text)


def _row(cell: Coverage) -> dict[str, float | int | None]:
    largest = None if np.isnan(cell.largest) else round(cell.largest**cell.groups, 8)
    return {"groups": cell.groups, "n": cell.n, "least": round(cell.least**cell.groups, 9),
            "least_at": round(cell.least_at, 8), "largest": largest,
            "largest_at": None if largest is None else round(cell.largest_at, 8)}  # fmt: skip


if __name__ == "__main__":
    main()
