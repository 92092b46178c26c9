"""How often the verdict of two groups is false, by exact enumeration.

For every pair of sizes and every admissible pair of rates on the line, adds up the probability of all outcomes with
a verdict: `met` where the truth is just unacceptable, and `not_met` where it is just acceptable. Nothing is simulated.
Outcomes outside a binomial window that misses at most 1e-12 of the mass are left out. "ellipse" is `met` as it was
before the upper limit of a contrast followed the contour (docs/adr/0012): no verdict uses it any more.

    python bench/validity/pairs.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.verdict import Rule, decide

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Kind = Literal["met", "not_met"]
Aggregation = Literal["difference", "ratio"]
Method = Literal["mover", "box", "ellipse"]

SIZES = (30, 100, 300, 3_000, 30_000)
FINER_SIZES = (10, 30, 50, 100, 300, 1_000)
HIGHEST = 0.85
ALPHAS = (0.05, 0.025, 0.00833, 0.0005)
"""Two-sided: the whole error, half of it (a first look), and the small ones of later looks and of many checks."""
FAMILIES = (2, 10, 50)
THRESHOLDS: dict[Aggregation, tuple[float, ...]] = {"difference": (0.05, 0.10, 0.15), "ratio": (0.8, 0.9)}
MARGINS = (0.0, 0.02, 0.05)
TRUNCATED = 1e-12
MOST = 1.1
TRIES = 10
LISTED = 20
NAMES: dict[Method, str] = {"mover": "MOVER", "box": "box", "ellipse": "ellipse, before"}


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
    """Values and Clopper–Pearson limits of every outcome 0..n, held at the values as the contrasts hold them."""
    rates = ClopperPearson(np.arange(n + 1.0), np.full(n + 1, float(n)))
    p = rates.values
    return p, np.minimum(p, rates.lower(error)), np.maximum(p, rates.upper(error))


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
    line = case.line if case.aggregation == "ratio" else 1.0
    if case.kind == "met" and case.method == "mover":
        errors = joint_errors(case.contrast_error).tolist()
        both = zip(errors, reversed(errors), strict=True)
        return reduce(np.maximum, (line * limits_of(n_j, b)[2][j] - limits_of(n_i, a)[1][i] for a, b in both))
    error = case.contrast_error / (2 if case.method == "box" else 1)
    p_i, l_i, u_i = (part[i] for part in limits_of(n_i, error))
    p_j, l_j, u_j = (part[j] for part in limits_of(n_j, error))
    if case.method == "box":
        return line * u_j - l_i if case.kind == "met" else line * l_j - u_i
    plain = line * p_j - p_i
    if case.kind == "met":
        return plain + np.hypot(p_i - l_i, line * (u_j - p_j))
    return plain - np.hypot(u_i - p_i, line * (p_j - l_j))


def boundary(case: Case, x: Ints) -> tuple[Ints, Ints]:
    """For outcomes x of the first group: the interval [from, to) of outcomes of the second between the two flips.

    `met` fires inside the interval, `not_met` outside it. Each contrast is monotone in both outcomes: a sum of two
    limits grows in the one count and falls in the other at every angle, and so does the largest of the sums. MOVER's
    root does because a Clopper–Pearson limit never moves faster than one for one against its own rate.
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


def finer_rates() -> Floats:
    """Rates .005–.02 in steps of .001 and every sixth of the others."""
    return np.unique(np.concatenate([np.arange(5, 21) / 1000, rate_grid()[::6]]))


GRIDS: dict[str, tuple[tuple[int, ...], Callable[[], Floats]]] = {
    "acceptance": (SIZES, rate_grid),
    "finer": (FINER_SIZES, finer_rates),
}
"""Sizes and lower rates; the first is the one that the specification names."""


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
    assert case.method != "ellipse", "no verdict of the product uses it"
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


@dataclass(slots=True)
class Part:
    """One grid at one error."""

    grid: str
    alpha: float
    count: int = 0
    """Enumerated probabilities of verdicts that the product gives."""
    disagreements: int = 0
    tried: int = 0
    """Outcomes next to the boundary that were judged by `decide` as well."""
    found: list[Cell] = field(default_factory=list)
    """The worst cell of every case and every cell above 1.1."""

    @property
    def over(self) -> list[Cell]:
        """Cells of the product's methods above 1.1 times the stated error, each once."""
        return [cell for cell in dict.fromkeys(self.found) if cell.relative > MOST and cell.method != "ellipse"]

    def name(self) -> str:
        """Of the file with the worst cell of every line."""
        return f"pairs-{self.alpha:g}" if self.grid == "acceptance" else f"pairs-{self.grid}-{self.alpha:g}"

    def text(self) -> str:
        """That file."""
        rows = worst(self.found, lambda c: (c.aggregation, c.line, c.method, c.kind, c.family))
        return (
            f"{self.count:,} exactly enumerated cells; {len(self.over):,} above {MOST} times nominal; "
            f"{self.disagreements} of {self.tried:,} outcomes judged otherwise by the product. Ellipse: `met` before "
            f"the change, in no count.\n\n{table(rows)}\n\nEvery cell above {MOST} times nominal:\n\n"
            + (table(self.over) if self.over else "None.")
            + "\n"
        )

    def record(self) -> dict[str, object]:
        """The same as data."""
        rows = worst(self.found, lambda c: (c.aggregation, c.line, c.kind, c.method, c.family, c.n_low, c.n_high))
        return {
            "grid": self.grid, "alpha": self.alpha, "cells": self.count, "above": len(self.over), "tried": self.tried,
            "disagreements_with_decide": self.disagreements,
            "worst": [asdict(c) | {"relative": c.relative} for c in rows],
            "above_1.1": [asdict(c) | {"relative": c.relative} for c in dict.fromkeys(self.found) if c.relative > MOST],
        }  # fmt: skip


def enumerate_part(grid: str, alpha: float) -> Part:
    """Every case of one grid at one error."""
    sizes, rates = GRIDS[grid]
    part, lows, rng, started = Part(grid, alpha), rates(), np.random.default_rng(20240501), time.process_time()
    plan = cases(sizes, alpha / 2, ("mover", "box"), FAMILIES)
    plan += [replace(case, method="ellipse") for case in plan if (case.kind, case.method) == ("met", "mover")]
    limits_of.cache_clear()
    for number, case in enumerate(plan, 1):
        each = list(enumerate_case(case, lows))
        part.found += worst(each, lambda _: ()) + [cell for cell in each if cell.relative > MOST]
        if case.method != "ellipse":
            part.count += len(each)
            if case.family == 2:
                part.tried += TRIES
                part.disagreements += disagreements(case, tries=TRIES, rng=rng)
        if number % 200 == 0 or number == len(plan):
            spent = time.process_time() - started
            line = f"{grid} {alpha:g}: {number:,} of {len(plan):,} cases, {part.count:,} cells, {spent:.0f} s"
            print(line, file=sys.stderr, flush=True)
    return part


# --- Tables for the docs ---------------------------------------------------------------------------------------------


def shown(value: object) -> str:
    """One place of a table."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def shares(parts: Sequence[Part], heads: Sequence[str], key: Callable[[Cell], tuple[object, ...] | None]) -> str:
    """The worst probability over the stated error for every key, with a column for each error."""
    rows: dict[tuple[object, ...], list[float]] = {}
    for column, part in enumerate(parts):
        for cell in part.found:
            name = key(cell)
            if name is not None:
                row = rows.setdefault(name, [0.0] * len(parts))
                row[column] = max(row[column], cell.relative)
    lines = ["| " + " | ".join((*heads, *(error_of(part.alpha) for part in parts))) + " |"]
    lines.append("|---" * len(heads) + "|---:" * len(parts) + "|")
    for name in sorted(rows):
        values = (f"**{value:.3f}**" if value > MOST else f"{value:.3f}" for value in rows[name])
        lines.append("| " + " | ".join((*map(shown, name), *values)) + " |")
    return "\n".join(lines)


def error_of(alpha: float) -> str:
    """The one-sided error as people write it."""
    return f"{Decimal(f'{alpha / 2:.3g}'):f}".removeprefix("0")


def by_method(parts: Sequence[Part]) -> str:
    """Rule, verdict and method; a pair of a larger family on a row of its own."""
    return shares(
        parts,
        ("rule", "verdict", "method"),
        lambda c: (
            c.aggregation,
            c.kind if c.family == 2 else f"{c.kind}, a pair of {c.family} groups",
            NAMES[c.method],
        ),
    )


def by_line(parts: Sequence[Part]) -> str:
    """Every line, for the default method."""
    return shares(
        parts,
        ("rule", "line", "verdict"),
        lambda c: (c.aggregation, c.line, c.kind) if (c.method, c.family) == ("mover", 2) else None,
    )


def by_size(parts: Sequence[Part]) -> str:
    """The smaller group of the pair, for `met` with and without the contour."""
    return shares(
        parts,
        ("rule", "method for `met`", "rows of the smaller group"),
        lambda c: (
            (c.aggregation, NAMES[c.method], min(c.n_low, c.n_high)) if c.kind == "met" and c.method != "box" else None
        ),
    )


def summary(grid: str, parts: Sequence[Part], seconds: float) -> str:
    """The text for the docs."""
    sizes, rates = GRIDS[grid]
    over = sorted((cell for part in parts for cell in part.over), key=lambda cell: -cell.relative)
    before = sum(cell.relative > MOST for part in parts for cell in set(part.found) if cell.method == "ellipse")
    head = f"""{sum(part.count for part in parts):,} exactly enumerated probabilities: pairs of {listed(sizes)} rows,
        equal and unequal; {len(rates()):,} rates of the lower group from {rates()[0]:g} up; the truth on the line;
        errors of {listed([error_of(part.alpha) for part in parts])}. Shown is the worst probability over the stated
        error; for a pair of a larger family over the pair's share of it."""
    foot = f"""{len(over):,} cells lie above {MOST}. The ellipse, which no verdict uses any more, had {before:,} in the
        same places. {sum(part.tried for part in parts):,} outcomes next to the boundary were judged by the product's
        own function as well: {sum(part.disagreements for part in parts)} differ. {seconds / 60:.1f} minutes on one
        core."""
    tables = [by_line(parts), by_method(parts)] if grid == "acceptance" else [by_method(parts), by_size(parts)]
    if over:
        tables += ["Every cell above:" if len(over) <= LISTED else f"The {LISTED} worst:", table(over[:LISTED])]
    return "\n\n".join([paragraph(head), *tables, paragraph(foot)]) + "\n"


def listed(values: Sequence[object]) -> str:
    """Values in a sentence."""
    *first, last = map(shown, values)
    return f"{', '.join(first)} and {last}" if first else last


def paragraph(text: str) -> str:
    """Prose for the docs; `_cells` has the same, but tests import this file from elsewhere."""
    return textwrap.fill(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    """Enumerate and write for each grid the summary of the docs, and for each error the worst cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--alpha", type=float, nargs="+", default=ALPHAS, help="two-sided; one part of a verdict has half"
    )
    parser.add_argument("--grid", nargs="+", choices=tuple(GRIDS), default=tuple(GRIDS))
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for grid in options.grid:
        started = time.process_time()
        parts = [enumerate_part(grid, alpha) for alpha in options.alpha]
        for part in parts:
            (options.out / f"{part.name()}.md").write_text(part.text(), encoding="utf-8")
        records = json.dumps([part.record() for part in parts], indent=1)
        (options.out / f"two_groups_{grid}.json").write_text(records + "\n", encoding="utf-8")
        text = summary(grid, parts, time.process_time() - started)
        (options.out / f"two_groups_{grid}.md").write_text(text, encoding="utf-8")
        print(text)
        wrong += sum(part.disagreements for part in parts)
    if wrong:
        raise SystemExit(f"{wrong} outcomes are judged otherwise by the product")


if __name__ == "__main__":
    main()
