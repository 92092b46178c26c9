"""How often the verdict of two groups is false, by exact enumeration.

For every pair of sizes and every admissible pair of rates on the line, adds up the probability of all outcomes with
a verdict: `met` where the truth is just unacceptable, and `not_met` where it is just acceptable. Nothing is simulated.
Outcomes outside a binomial window that misses at most 1e-12 of the mass are left out.

    python bench/validity/pairs.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from hakari.statistics.limits import ClopperPearson
from hakari.statistics.verdict import Rule, decide

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Kind = Literal["met", "not_met"]
Aggregation = Literal["difference", "ratio"]
Method = Literal["mover", "box"]

SIZES = (30, 100, 300, 3_000, 30_000)
LOWEST, HIGHEST = 0.02, 0.85
THRESHOLDS: dict[Aggregation, tuple[float, ...]] = {"difference": (0.05, 0.10, 0.15), "ratio": (0.8, 0.9)}
MARGINS = (0.0, 0.02, 0.05)
TRUNCATED = 1e-12


@dataclass(frozen=True, slots=True)
class Cell:
    """One enumerated probability of a false verdict."""

    aggregation: Aggregation
    line: float
    kind: Kind
    method: Method
    family: int
    n_low: int
    n_high: int
    p_low: float
    p_high: float
    probability: float
    nominal: float

    @property
    def relative(self) -> float:
        """Probability over nominal level; 1.1 is the most that is accepted."""
        return self.probability / self.nominal


@dataclass(frozen=True, slots=True)
class Case:
    """What is enumerated over a set of rates: one rule, one line, one pair of sizes."""

    aggregation: Aggregation
    line: float
    kind: Kind
    method: Method
    n_low: int
    n_high: int
    error: float
    family: int = 2

    @property
    def contrast_error(self) -> float:
        """The one-sided error of each of the two contrasts between the pair."""
        return self.error if self.kind == "met" else self.error / (self.family * (self.family - 1))

    @property
    def nominal(self) -> float:
        """What the pair may err: the error itself for two groups, the pair's share of it in a larger family."""
        return self.error if self.kind == "met" else 2 * self.contrast_error


@lru_cache(maxsize=4096)
def limits_of(n: int, error: float) -> tuple[Floats, Floats, Floats]:
    """Values and Clopper–Pearson limits of every outcome 0..n."""
    rates = ClopperPearson(np.arange(n + 1.0), np.full(n + 1, float(n)))
    return rates.values, rates.lower(error), rates.upper(error)


def first_true(test: Callable[[Ints], npt.NDArray[np.bool_]], rows: int, largest: int) -> Ints:
    """For each row the smallest k in 0..largest with test(k) true, largest + 1 if none; the test is monotone in k."""
    low, high = np.zeros(rows, dtype=np.int64), np.full(rows, largest + 1, dtype=np.int64)
    while np.any(low < high):
        middle = (low + high) // 2
        hit = test(np.minimum(middle, largest)) & (middle <= largest)
        open_ = low < high
        high = np.where(open_ & hit, middle, high)
        low = np.where(open_ & ~hit, middle + 1, low)
    return low


def contrast_limit(case: Case, i: Ints, j: Ints, n_i: int, n_j: int) -> Floats:
    """The limit of φ·p_j − p_i that the verdict reads, for outcomes i and j."""
    error = case.contrast_error / (2 if case.method == "box" else 1)
    p_i, l_i, u_i = (part[i] for part in limits_of(n_i, error))
    p_j, l_j, u_j = (part[j] for part in limits_of(n_j, error))
    line = case.line if case.aggregation == "ratio" else 1.0
    if case.method == "box":
        return line * u_j - l_i if case.kind == "met" else line * l_j - u_i
    plain = line * p_j - p_i
    if case.kind == "met":
        return plain + np.sqrt((p_i - l_i) ** 2 + (line * (u_j - p_j)) ** 2)
    return plain - np.sqrt((u_i - p_i) ** 2 + (line * (p_j - l_j)) ** 2)


def boundary(case: Case, x: Ints) -> tuple[Ints, Ints]:
    """For outcomes x of the first group: the interval [from, to) of outcomes of the second between the two flips.

    `met` fires inside the interval, `not_met` outside it. Each contrast is monotone in the second outcome because a
    Clopper–Pearson limit never moves faster than one for one against its own rate.
    """
    line = case.line if case.aggregation == "difference" else 0.0
    n1, n2 = case.n_low, case.n_high

    def second_is_lower_passes(k: Ints) -> npt.NDArray[np.bool_]:
        return contrast_limit(case, k, x, n2, n1) <= line

    def first_is_lower_fails(k: Ints) -> npt.NDArray[np.bool_]:
        return contrast_limit(case, x, k, n1, n2) > line

    return first_true(second_is_lower_passes, len(x), n2), first_true(first_is_lower_fails, len(x), n2)


@lru_cache(maxsize=20_000)
def window(n: int, p: float) -> tuple[int, Floats, Floats]:
    """First outcome, probabilities and running sums of the binomial without its outermost 1e-12."""
    first, last = (int(stats.binom.ppf(q, n, p)) for q in (TRUNCATED / 2, 1 - TRUNCATED / 2))
    mass = np.asarray(stats.binom.pmf(np.arange(first, last + 1), n, p), dtype=float)
    return first, mass, np.concatenate([[0.0], np.cumsum(mass)])


def below(n: int, p: float, k: Ints) -> Floats:
    """P(X < k)."""
    first, mass, running = window(n, p)
    return running[np.clip(k - first, 0, len(mass))]


def rates_on_line(aggregation: Aggregation, line: float, grid: Floats) -> Iterator[tuple[float, float]]:
    """Pairs (low, high) exactly on the line with both rates in range."""
    for low in grid.tolist():
        high = low + line if aggregation == "difference" else low / line
        if high <= HIGHEST + 1e-9:
            yield low, round(high, 12)


def enumerate_case(case: Case, grid: Floats) -> Iterator[Cell]:
    """The probability of the false verdict at every admissible pair of rates."""
    start, stop = boundary(case, np.arange(case.n_low + 1))
    for low, high in rates_on_line(case.aggregation, case.line, grid):
        first, mass, _ = window(case.n_low, low)
        part = slice(first, first + len(mass))
        inside = below(case.n_high, high, stop[part]) - below(case.n_high, high, start[part])
        inside = np.where(stop[part] > start[part], inside, 0.0)
        total = window(case.n_high, high)[2][-1]
        chance = float(mass @ (inside if case.kind == "met" else total - inside))
        names = (case.aggregation, case.line, case.kind, case.method, case.family, case.n_low, case.n_high)
        yield Cell(*names, low, high, chance, case.nominal)


def cases(
    sizes: Sequence[int], error: float, methods: Sequence[Method] = ("mover",), families: Sequence[int] = (2,)
) -> list[Case]:
    """Every rule, line, kind and ordered pair of sizes (the order is the orientation: low group first)."""
    found = []
    for aggregation, thresholds in THRESHOLDS.items():
        sign = 1 if aggregation == "difference" else -1
        lines = sorted({round(a + sign * m, 12) for a in thresholds for m in MARGINS})
        for line, method, n1, n2 in product(lines, methods, sizes, sizes):
            found.append(Case(aggregation, line, "met", method, n1, n2, error))
            found += [Case(aggregation, line, "not_met", method, n1, n2, error, family) for family in families]
    return found


def rate_grid() -> Floats:
    """Rates .02–.10 in steps of .001 and .10–.85 in steps of .005."""
    return np.concatenate([np.arange(20, 100), np.arange(100, 851, 5)]) / 1000


def disagreements(case: Case, *, tries: int, rng: np.random.Generator) -> int:
    """How often `decide` and the enumerated boundary say different things, near the boundary where it matters."""
    x = rng.integers(0, case.n_low + 1, size=tries)
    start, stop = boundary(case, x)
    edge = np.where(rng.random(tries) < 0.5, start, stop)
    y = np.clip(edge + rng.integers(-2, 2, size=tries), 0, case.n_high)
    margin = 1e-9  # a margin keeps the rule non-strict at its unacceptable line, as in the enumeration
    sign = 1 if case.aggregation == "difference" else -1
    a = case.line - sign * margin if case.kind == "met" else case.line
    operator: Literal["<=", ">="] = "<=" if sign == 1 else ">="
    rule = Rule(aggregation=case.aggregation, operator=operator, threshold=a, margin=margin, method=case.method)
    wrong = 0
    for one, two, low, high in zip(x.tolist(), y.tolist(), start.tolist(), stop.tolist(), strict=True):
        limits = ClopperPearson(np.array([one, two]), np.array([case.n_low, case.n_high]))
        decision = decide(rule, limits, error_met=case.error, error_not_met=case.error)
        inside = low <= two < high
        if case.kind == "met":
            wrong += (decision.verdict == "met") != inside
        else:
            rejected = decision.verdict == "not_met" or decision.reason == "within_margin"
            wrong += rejected == inside
    return wrong


def worst(cells: Sequence[Cell], key: Callable[[Cell], tuple[object, ...]]) -> list[Cell]:
    """The worst cell of every key."""
    found: dict[tuple[object, ...], Cell] = {}
    for cell in cells:
        if key(cell) not in found or cell.relative > found[key(cell)].relative:
            found[key(cell)] = cell
    return [found[name] for name in sorted(found, key=str)]


def table(cells: Sequence[Cell]) -> str:
    """A markdown table of cells."""
    lines = ["| rule | line | verdict | method | groups | n low | n high | p low | p high | P(false) | / nominal |"]
    lines.append("|---|---:|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for c in cells:
        lines.append(
            f"| {c.aggregation} | {c.line:g} | {c.kind} | {c.method} | {c.family} | {c.n_low:,} | {c.n_high:,} "
            f"| {c.p_low:.4g} | {c.p_high:.4g} | {c.probability:.3g} | {c.relative:.3f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the whole enumeration and write `pairs.json` and `pairs.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alpha", type=float, default=0.05)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    options = parser.parse_args()
    started, grid, rng = time.monotonic(), rate_grid(), np.random.default_rng(20240501)
    plan = cases(SIZES, options.alpha / 2, ("mover", "box"), (2, 10, 50))
    found: list[Cell] = []
    wrong = count = 0
    for number, case in enumerate(plan, 1):
        each = list(enumerate_case(case, grid))
        count += len(each)
        found += worst(each, lambda _: ())
        found += [cell for cell in each if cell.relative > 1.1 and cell is not found[-1]]
        if case.family == 2:
            wrong += disagreements(case, tries=10, rng=rng)
        if number % 100 == 0 or number == len(plan):
            spent = time.monotonic() - started
            print(f"{number:,} of {len(plan):,} cases, {count:,} cells, {spent:.0f} s", file=sys.stderr, flush=True)
    over = [cell for cell in found if cell.relative > 1.1]
    summary = worst(found, lambda c: (c.aggregation, c.line, c.method, c.kind, c.family))
    options.out.mkdir(parents=True, exist_ok=True)
    record = {
        "alpha": options.alpha, "sizes": SIZES, "rates": [LOWEST, HIGHEST], "grid_points": len(grid),
        "truncated_mass": TRUNCATED, "cells": count, "cells_above_1.1": len(over), "disagreements_with_decide": wrong,
        "worst": [asdict(c) | {"relative": c.relative} for c in worst(found, lambda c: (c.aggregation, c.line, c.kind,
                  c.method, c.family, c.n_low, c.n_high))],
        "above_1.1": [asdict(c) | {"relative": c.relative} for c in over],
    }  # fmt: skip
    (options.out / "pairs.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    head = f"{count:,} exactly enumerated cells; {len(over):,} above 1.1 times nominal; {wrong} disagreements.\n\n"
    text = head + table(summary) + "\n\nEvery cell above 1.1 times nominal:\n\n" + table(over) + "\n"
    (options.out / "pairs.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
