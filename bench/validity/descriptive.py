"""Coverage of the descriptive intervals and false alarms of the descriptive tests, with the truth known.

Two proportions and the exact tests by enumeration, everything else by seeded simulation. An interval misses where it
leaves the truth out; where a method gives a reason instead of an interval it cannot miss, and how often it gives one is
shown.

    python bench/validity/descriptive.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain, product
from pathlib import Path

import numpy as np
from _cells import Bools, Floats, Ints, machine, machine_line, paragraph, progress
from scipy import special, stats

from hakari.statistics.description import (
    Described,
    bca,
    benjamini_hochberg_adjusted,
    deviation,
    difference_sequence,
    holm_adjusted,
    mover_ratio,
    newcombe_difference,
    permutation_p,
    proportion_sequence,
    studentised,
)
from hakari.statistics.description.exact_tests import conditional_chances

SEED = 20_261_122
LEVEL = 0.95
POINT = 0.01
"""How far below its level the coverage of a method may lie that claims it."""
SIZES = (30, 100, 300, 3_000)
RATES = (0.02, 0.035, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)


@dataclass(slots=True)
class Cell:
    """One truth: how often the interval missed, or the test gave a false alarm."""

    part: str
    method: str
    where: dict[str, object]
    runs: int
    """0 where the probability is exact."""
    low: float
    """Share of intervals above the truth; of tests, false alarms."""
    high: float
    given: float = 1.0
    """Share of samples with an interval."""
    promise: float = field(default=round(1 - LEVEL, 12))
    truths: int = 1
    """How many truths this one is the worst of."""

    @property
    def missed(self) -> float:
        return self.low + self.high

    @property
    def error(self) -> float:
        return float(np.sqrt(self.promise * (1 - self.promise) / self.runs)) if self.runs else 0.0


def settled(count: Callable[[int, np.random.Generator], Cell], runs: int, *seed: int) -> Cell:
    """The cell from `runs`; where it lies above the promise by more than a point, from 20,000 fresh ones instead.

    Of many cells the highest is high by chance.
    """
    cell = count(runs, np.random.default_rng([SEED, *seed]))
    if cell.missed <= cell.promise + POINT or runs < 1_000:
        return cell
    return count(20_000, np.random.default_rng([SEED, 99, *seed]))


# --- Two proportions, exactly ---------------------------------------------------------------------------------------


def two_proportions(quick: bool) -> Iterator[Cell]:
    """The worst probability of a miss for every pair of sizes, by adding up the outcomes."""
    sizes, rates = (30, 100) if quick else (30, 100, 300, 1_000, 3_000), FINE[:: 4 if quick else 1]
    for n, m in product(sizes, sizes):
        first, second = _window(n), _window(m)
        x, y = np.meshgrid(first, second, indexing="ij")
        chances = [np.asarray(stats.binom.pmf(first, n, p)) for p in rates]
        others = [np.asarray(stats.binom.pmf(second, m, q)) for q in rates]
        for level, (method, interval) in product((0.9, 0.95, 0.99, 0.999), TWO.items()):
            found, worst_one = interval(x, n, y, m, level=level), Cell("two proportions", method, {}, 0, 0.0, 0.0)
            for (p, chance), (q, other) in product(zip(rates, chances, strict=True), zip(rates, others, strict=True)):
                truth = p - q if method == "difference" else p / q
                above = float(chance @ (found.low > truth + 1e-12) @ other)
                below = float(chance @ (found.high < truth - 1e-12) @ other)
                if above + below >= worst_one.missed:
                    where = {"n": n, "m": m, "p": p, "q": q, "level": level}
                    worst_one = Cell("two proportions", method, where, 0, above, below)
            worst_one.promise, worst_one.truths = round(1 - level, 12), len(rates) ** 2
            yield worst_one


TWO = {"difference": newcombe_difference, "ratio": mover_ratio}
FINE = sorted({*np.geomspace(0.02, 0.5, 22).round(4).tolist(), 0.1, 0.3})


def _window(n: int) -> Ints:
    """The outcomes that rates up to one half may have, but for 1e-9 of the mass."""
    return np.arange(0, int(stats.binom.ppf(1 - 1e-9, n, 0.5)) + 1)


# --- Smooth functions of counts -------------------------------------------------------------------------------------

LEVELS = np.arange(10) / 10 + 0.05
AMOUNTS = np.exp(np.linspace(-2.0, 3.0, 20))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)


def _gap(c: Floats) -> Floats:
    return _share(c[..., 1], c[..., :2].sum(-1)) - _share(c[..., 3], c[..., 2:].sum(-1))


def _quotient(c: Floats) -> Floats:
    return _share(_share(c[..., 1], c[..., :2].sum(-1)), _share(c[..., 3], c[..., 2:].sum(-1)))


def _f1(c: Floats) -> Floats:
    """Of true negatives, false positives, false negatives and true positives."""
    return _share(2 * c[..., 3], 2 * c[..., 3] + c[..., 1] + c[..., 2])


def _theil(c: Floats) -> Floats:
    """Theil index of the benefits 1 + prediction − label (Speicher et al. 2018) of the same four cells."""
    n = c.sum(axis=-1)
    mean = _share(c[..., 0] + 2 * c[..., 1] + c[..., 3], n)
    one = special.xlogy(1 / mean, 1 / mean) * (c[..., 0] + c[..., 3])
    return _share(one + special.xlogy(2 / mean, 2 / mean) * c[..., 1], n)


def _brier(c: Floats) -> Floats:
    return _share((c[..., :10] * LEVELS**2).sum(-1) + (c[..., 10:] * (1 - LEVELS) ** 2).sum(-1), c.sum(-1))


def _mean(c: Floats) -> Floats:
    return _share((c * AMOUNTS).sum(-1), c.sum(-1))


def _mean_gap(c: Floats) -> Floats:
    return _mean(c[..., :20]) - _mean(c[..., 20:])


def _gap_squared(c: Floats) -> Floats:
    return _gap(c) ** 2


def _gap_either_way(c: Floats) -> Floats:
    return np.abs(_gap(c))


Parts = list[tuple[int, Floats]]
Function = Callable[[Floats], Floats]


def smooth_truths() -> Iterator[tuple[str, Function, Parts, list[int] | None, dict[str, object]]]:
    """Name, function, rows and probabilities of every stratum, strata of the cells, and what the table says of it."""
    bell = np.exp(-0.5 * np.linspace(-3, 3, 20) ** 2)
    shapes = [np.exp(-0.5 * ((LEVELS - centre) / 0.2) ** 2) for centre in (0.25, 0.62)]
    for n in SIZES:
        for p, q in ((0.02, 0.05), (0.1, 0.2), (0.3, 0.5)):
            for m in sorted({30, n}):
                parts = [(n, np.array([1 - p, p])), (m, np.array([1 - q, q]))]
                for name, function in (("difference of rates", _gap), ("ratio of rates", _quotient)):
                    yield name, function, parts, [0, 0, 1, 1], {"n": n, "m": m, "p": p, "q": q}
        for (p, q), (name, function) in product(
            ((0.3, 0.3), (0.3, 0.4)),
            (("squared difference, not smooth at 0", _gap_squared), ("absolute one, not smooth at 0", _gap_either_way)),
        ):
            parts = [(n, np.array([1 - p, p])), (n, np.array([1 - q, q]))]
            yield name, function, parts, [0, 0, 1, 1], {"n": n, "p": p, "q": q}
        for cells in ((0.85, 0.05, 0.05, 0.05), (0.4, 0.1, 0.15, 0.35), (0.93, 0.02, 0.03, 0.02)):
            for name, function in (("F1", _f1), ("Theil index", _theil)):
                yield name, function, [(n, np.array(cells))], None, {"n": n, "cells": cells}
        for base in (0.05, 0.3):
            scores = np.concatenate([s / s.sum() * b for s, b in zip(shapes, (1 - base, base), strict=True)])
            yield "Brier score", _brier, [(n, scores)], None, {"n": n, "positives": base}
        yield "mean of skewed amounts", _mean, [(n, bell / bell.sum())], None, {"n": n}
        both = [(n, bell / bell.sum()), (n, np.roll(bell, -2) / bell.sum())]
        yield "difference of skewed means", _mean_gap, both, [0] * 20 + [1] * 20, {"n": n, "m": n}


def smooth(runs: int, quick: bool) -> Iterator[Cell]:
    """Misses of BCa and of the studentised bootstrap, each with the 2,000 replicates of the product."""
    for number, (name, function, parts, strata, where) in enumerate(smooth_truths()):
        if quick and number % 9:
            continue
        truth = float(function(np.concatenate([n * p for n, p in parts])))
        for method, interval in (("bca", bca), ("studentised", studentised)):
            cells = sum(len(p) for _, p in parts)
            if method == "studentised" and (cells > 4 or name not in ("difference of rates", "F1")):
                continue

            def count(
                times: int,
                rng: np.random.Generator,
                interval: Callable[..., Described] = interval,
                drawn: tuple[Function, Parts, list[int] | None, float] = (function, parts, strata, truth),
                labels: tuple[str, dict[str, object]] = (method, {"what": name} | where),
            ) -> Cell:
                f, rows, groups, true = drawn
                above = below = given = 0
                for _ in range(times):
                    counts = np.concatenate([rng.multinomial(n, p) for n, p in rows])
                    found = interval(counts, f, rng=rng, strata=groups)
                    if not found.why:
                        given, above, below = given + 1, above + int(found.low > true), below + int(found.high < true)
                return Cell("smooth", *labels, times, above / times, below / times, given / times)

            yield settled(count, runs, 1, number)


# --- Spread between groups ------------------------------------------------------------------------------------------


def layouts(groups: int) -> dict[str, Ints]:
    """Rows of every group."""
    place = np.arange(groups)
    return {
        "30 each": np.full(groups, 30),
        "300 each": np.full(groups, 300),
        "3,000 each": np.full(groups, 3_000),
        "30 and 300 in turn": np.where(place % 2 == 0, 30, 300),
        "30 and 3,000 in turn": np.where(place % 2 == 0, 30, 3_000),
        "one of 3,000, the rest 30": np.where(place == 0, 3_000, 30),
        "one of 30, the rest 3,000": np.where(place == 0, 30, 3_000),
    }


def patterns(groups: int) -> dict[str, Floats]:
    """Where the groups lie around the mean rate, −1 to 1."""
    first = np.eye(1, groups)[0]
    return {
        "spread evenly": np.linspace(-1, 1, groups),
        "two halves": np.where(np.arange(groups) < (groups + 1) // 2, -1.0, 1.0),
        "first one high": first,
        "first one low": -first,
    }


def spread(runs: int, quick: bool) -> Iterator[Cell]:
    """Misses of the noise-corrected deviation."""
    number = 0
    for groups in (2, 10) if quick else (2, 3, 5, 10, 50):
        for (layout, n), mean in product(layouts(groups).items(), (0.02, 0.1, 0.3, 0.5)):
            shapes = [("equal", np.zeros(groups), 0.0)]
            shapes += [(name, shape, by) for name, shape in patterns(groups).items() for by in (0.5, 0.9)]
            for name, shape, by in shapes[:: 4 if quick else 1]:
                number += 1
                where = {"G": groups, "rows": layout, "mean": mean, "shape": f"{name} {by:g}" if by else name}
                rates = mean * (1 + by * shape)
                yield settled(lambda times, rng, n=n, p=rates, w=where: _spread(times, rng, n, p, w), runs, 2, number)


def _spread(runs: int, rng: np.random.Generator, n: Ints, rates: Floats, where: dict[str, object]) -> Cell:
    truth, above, below = float(np.std(rates, ddof=1)), 0, 0
    for start in range(0, runs, 2_500):
        size = min(2_500, runs - start)
        found = deviation(rng.binomial(n, rates, size=(size, len(n))), n)
        above += int((found.low > truth + 1e-6).sum())
        below += int((found.high < truth - 1e-6).sum())
    return Cell("spread", "deviation", where, runs, above / runs, below / runs)


# --- Sequences ------------------------------------------------------------------------------------------------------


def sequences(runs: int, quick: bool) -> Iterator[Cell]:
    """Runs in which the limits were wrong at any of 3,000 rows (a difference: at any of 25 looks).

    Of a proportion the martingale at the truth is followed, which is outside the limits where it passes 1/α; the
    product's own limits are asked at the last row of every run and must say the same.
    """
    last = 300 if quick else 3_000
    n = np.arange(1, last + 1)
    for number, p in enumerate((0.02, 0.1, 0.5)):
        rng = np.random.default_rng([SEED, 3, number])
        above = below = 0
        for _ in range(max(runs // 100, 1)):
            x = np.cumsum(rng.random((100, last)) < p, axis=1)
            mixture = special.betaln(0.5 + x, 0.5 + n - x) - special.betaln(0.5, 0.5)
            out = mixture - special.xlogy(x, p) - special.xlog1py(n - x, -p) >= -np.log(1 - LEVEL)
            found = proportion_sequence(x[:, -1], last)
            if not np.array_equal(out[:, -1], (found.low > p) | (found.high < p)):
                raise SystemExit("the product's limits and the martingale differ")
            first = np.take_along_axis(x / n, out.argmax(axis=1)[:, None], axis=1)[:, 0]
            above += int((out.any(axis=1) & (first > p)).sum())
            below += int((out.any(axis=1) & (first < p)).sum())
        yield Cell("sequences", "proportion", {"p": p, "rows": last}, runs, above / runs, below / runs)
    runs = min(runs, 1_000)
    looks = np.unique(np.geomspace(1, last, 25).astype(int))
    for number, ((p, q), every) in enumerate(product(((0.02, 0.02), (0.1, 0.2), (0.5, 0.5)), (1, 10))):
        rng = np.random.default_rng([SEED, 4, number])
        above = below = 0
        for _ in range(max(runs // 100, 1)):
            x, y = (np.cumsum(rng.random((100, last)) < each, axis=1)[:, looks - 1] for each in (p, q))
            m = np.maximum(looks // every, 1)
            y = np.take_along_axis(y, np.searchsorted(looks, m)[None], axis=1) if every > 1 else y
            m = looks[np.searchsorted(looks, m)] if every > 1 else looks
            found = difference_sequence(x, looks, y, m)
            low, high = (found.low > p - q + 1e-9).any(axis=1), (found.high < p - q - 1e-9).any(axis=1)
            above, below = above + int(low.sum()), below + int((high & ~low).sum())
        where = {"p": p, "q": q, "rows": last, "second stream": f"one row for {every}"}
        yield Cell("sequences", "difference", where, runs, above / runs, below / runs)


# --- Tests ----------------------------------------------------------------------------------------------------------


def two_sided(chances: Floats, kind: str) -> Floats:
    """The p-value of every outcome, as the product makes it, for whole arrays of outcomes."""
    if kind == "likely":
        order = np.argsort(chances, kind="stable")
        running = np.cumsum(chances[order])
        last = np.searchsorted(chances[order], chances * (1 + 1e-7), side="right") - 1
        return np.minimum(running[last], 1.0)
    least = np.minimum(np.cumsum(chances), np.cumsum(chances[::-1])[::-1])
    return np.minimum(2 * (least - (chances / 2 if kind == "mid-p" else 0.0)), 1.0)


def exact_tests(quick: bool) -> Iterator[Cell]:
    """False alarms of the exact tests and their mid-p versions at .05, by adding up the outcomes."""
    sizes = SIZES[:2] if quick else SIZES
    for kind, n, p in product(("likely", "central", "mid-p"), sizes, RATES):
        chances = stats.binom.pmf(np.arange(n + 1), n, p)
        alarm = float(chances[two_sided(chances, kind) <= 0.05].sum())
        yield Cell("tests", f"binomial, {kind}", {"n": n, "p": p}, 0, alarm, 0.0)
    for kind, (n, m) in product(("likely", "central", "mid-p"), product(sizes[:3], sizes[:3])):
        fires = np.zeros((n + 1, m + 1), dtype=bool)
        for total in range(n + m + 1):
            first, given = conditional_chances(n, m, total)
            x = np.arange(first, first + len(given))
            fires[x, total - x] = two_sided(given, kind) <= 0.05
        for p in RATES:
            chances = np.outer(*(stats.binom.pmf(np.arange(size + 1), size, p) for size in (n, m)))
            alarm = float(chances[fires].sum())
            yield Cell("tests", f"two groups given the total, {kind}", {"n": n, "m": m, "p": p}, 0, alarm, 0.0)


def permutations(runs: int, quick: bool) -> Iterator[Cell]:
    """False alarms of the permutation test of equal groups at .05, 999 tables."""
    for number, (layout, p) in enumerate(product(list(layouts(10))[::3], (0.02, 0.3))):
        n = layouts(10)[layout]

        def count(times: int, rng: np.random.Generator, n: Ints = n, p: float = p, name: str = layout) -> Cell:
            alarms = 0
            for _ in range(times):
                x = rng.binomial(n, p)
                alarms += permutation_p(np.stack([n - x, x], axis=-1), rng=rng, replicates=999) <= 0.05
            return Cell("tests", "permutation of 10 groups", {"rows": name, "p": p}, times, alarms / times, 0.0)

        yield settled(count, runs, 5, number)
        if quick:
            return


FIFTY = {
    "30 each": np.full(50, 30),
    "300 each": np.full(50, 300),
    "one of 30,000, the rest 30": np.r_[30_000, np.full(49, 30)],
    "30, 300 and 3,000 in turn": np.tile([30, 300, 3_000], 17)[:50],
}


def many_tests(runs: int, quick: bool) -> Iterator[Cell]:
    """Any false alarm among 50 groups that all have one rate, and the share of false ones where ten differ."""
    for number, ((layout, n), p) in enumerate(product(FIFTY.items(), (0.02, 0.1, 0.5))):
        if quick and number % 4:
            continue
        rng = np.random.default_rng([SEED, 6, number])
        against_line = {int(size): _line_table(int(size), p) for size in np.unique(n)}
        against_rest: dict[tuple[int, int], Floats] = {}
        shifted = np.where(np.arange(50) < 10, min(p * 2.5, 0.8), p)
        for what, rates in (("all equal", np.full(50, p)), ("ten differ", shifted)):
            x = rng.binomial(n, rates, size=(runs, 50))
            line = np.stack([against_line[int(size)][x[:, g]] for g, size in enumerate(n)], axis=1)
            same = rates == p
            yield from _alarms("against a stated rate", {"rows": layout, "p": p, "truth": what}, line, same)
            if what == "all equal":
                rest = _rest_values(x, n, against_rest)
                yield from _alarms("each group with the rest", {"rows": layout, "p": p, "truth": what}, rest, same)


def _line_table(n: int, p: float) -> Floats:
    return two_sided(np.asarray(stats.binom.pmf(np.arange(n + 1), n, p)), "likely")


def _rest_values(x: Ints, n: Ints, known: dict[tuple[int, int], Floats]) -> Floats:
    rows, totals = int(n.sum()), x.sum(axis=1)
    out = np.empty(x.shape)
    for size in np.unique(n).tolist():
        groups = np.flatnonzero(n == size)
        for total in np.unique(totals).tolist():
            if (size, total) not in known:
                first, chances = conditional_chances(size, rows - size, total)
                values = np.zeros(size + 1)
                values[first : first + len(chances)] = two_sided(chances, "likely")
                known[size, total] = values
            runs = np.flatnonzero(totals == total)
            out[np.ix_(runs, groups)] = known[size, total][x[np.ix_(runs, groups)]]
    return out


def _alarms(test: str, where: dict[str, object], p_values: Floats, same: Bools) -> Iterator[Cell]:
    runs = len(p_values)
    for name, adjust in (("holm", holm_adjusted), ("benjamini–hochberg", benjamini_hochberg_adjusted)):
        rejected = np.stack([adjust(each) for each in p_values]) <= 0.05
        false = (rejected & same).sum(axis=1)
        if name == "holm":
            share = float((false > 0).mean())
        else:
            share = float(np.mean(false / np.maximum(rejected.sum(axis=1), 1)))
        yield Cell("many tests", f"{name}, {test}", where, runs, share, 0.0)


# --- Report ---------------------------------------------------------------------------------------------------------


def worst(cells: list[Cell], rows: Callable[[Cell], str], head: str) -> str:
    """One line for each kind: truths, the worst miss with both sides, whether it stays within one point."""
    kinds: dict[str, list[Cell]] = {}
    for cell in cells:
        kinds.setdefault(rows(cell), []).append(cell)
    columns = (head, "truths", "worst miss", "above the truth", "below it", "intervals given", "where")
    lines = ["| " + " | ".join(columns) + " |", "|---|" + "---:|" * 5 + "---|"]
    for kind, members in kinds.items():
        cell = max(members, key=lambda each: each.missed - each.promise)
        where = ", ".join(f"{name} {value}" for name, value in cell.where.items() if name != "what")
        given = f"{min(each.given for each in members):.0%} to {max(each.given for each in members):.0%}"
        over = cell.missed > cell.promise + POINT + 2 * cell.error
        shown = f"**{cell.missed:.4f}**" if over else f"{cell.missed:.4f}"
        truths = sum(each.truths for each in members)
        lines.append(f"| {kind} | {truths:,} | {shown} | {cell.low:.4f} | {cell.high:.4f} | {given} | {where} |")
    return "\n".join(lines)


def alarms(cells: list[Cell]) -> str:
    """One line for each test: the worst share of false alarms."""
    kinds: dict[str, list[Cell]] = {}
    for cell in cells:
        kinds.setdefault(cell.method, []).append(cell)
    lines = ["| test at .05 | truths | worst | where |", "|---|---:|---:|---|"]
    for kind, members in kinds.items():
        cell = max(members, key=lambda each: each.missed)
        where = ", ".join(f"{name} {value}" for name, value in cell.where.items())
        shown = f"**{cell.missed:.4f}**" if cell.missed > 0.05 + 3 * cell.error + 1e-9 else f"{cell.missed:.4f}"
        lines.append(f"| {kind} | {len(members):,} | {shown} | {where} |")
    return "\n".join(lines)


def runs_of(cells: list[Cell]) -> str:
    """How many runs the cells of a part have."""
    found = sorted({cell.runs for cell in cells if cell.runs})
    if not found:
        return "no runs"
    more = f", {found[-1]:,} fresh ones where more than a point was missed" if len(found) > 1 else ""
    return f"{found[0]:,} runs{more}"


def selected(cells: list[Cell]) -> str:
    """What having an interval at all says: the worst share of misses among the samples that had one."""
    few = [cell for cell in cells if 0.1 <= cell.given < 0.9 and "not smooth" not in str(cell.where["what"])]
    if not few:
        return ""
    cell = max(few, key=lambda each: each.missed / each.given)
    return (
        "Whether there is an interval depends on the sample: where between a tenth and nine tenths of the samples have "
        f"one, up to {cell.missed / cell.given:.0%} of those given miss, because only samples with many successes have "
        "one. The claim is about all samples."
    )


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Cell]]] = {
    "two proportions": lambda o: two_proportions(o.quick),
    "smooth": lambda o: smooth(100 if o.quick else 2_500, o.quick),
    "spread": lambda o: spread(200 if o.quick else 2_500, o.quick),
    "sequences": lambda o: sequences(100 if o.quick else 2_500, o.quick),
    "tests": lambda o: chain(exact_tests(o.quick), permutations(40 if o.quick else 2_500, o.quick)),
    "many tests": lambda o: many_tests(500 if o.quick else 20_000, o.quick),
}


def report(cells: list[Cell], foot: str) -> str:
    """The text for the docs."""
    by_part = {part: [cell for cell in cells if cell.part == part] for part in PARTS}
    text = [
        paragraph(
            """An interval misses where it leaves the truth out. Shown is the truth with the worst miss of all that were
            tried; bold where it is more than one point above the nominal share and chance (two standard errors) does
            not explain it. "Intervals given" is the least and the largest share of samples that had an interval; a
            sample without one cannot miss."""
        ),
        "## Two proportions",
        paragraph(
            """Exact: nothing is simulated. Every pair of 30, 100, 300, 1,000 and 3,000 rows and of 24 rates from .02
            to .5."""
        ),
        worst(by_part["two proportions"], lambda c: f"{c.method} at {c.where['level']:g}", "interval"),
        "## Smooth functions of counts",
        paragraph(
            f"""Level .95, {runs_of(by_part["smooth"])}; 2,000 replicates; 30 to 3,000 rows.
            {selected(by_part["smooth"])}"""
        ),
        paragraph(
            """Nothing is claimed for the lines "not smooth": a squared or absolute difference is least where the groups
            are equal, and replicates lie on one side of it. They show what the refusals catch and what they do not."""
        ),
        worst(by_part["smooth"], lambda c: f"{c.method}: {c.where['what']}, n = {c.where['n']:,}", "interval"),
        "## Spread between groups",
        paragraph(
            f"""Level .95, {runs_of(by_part["spread"])};
            2 to 50 groups in seven layouts of sizes, mean rates of .02 to .5, equal groups
            and four shapes of unequal ones."""
        ),
        worst(by_part["spread"], lambda c: f"deviation, {c.where['G']} groups, {c.where['rows']}", "interval"),
        "## Confidence sequences",
        paragraph(
            """Share of runs with a wrong limit at any moment: of a proportion at any of 3,000 rows (2,500 runs),
            of a difference at any of 25 looks (1,000 runs)."""
        ),
        worst(by_part["sequences"], lambda c: c.method, "sequence"),
        "## Tests of one hypothesis",
        paragraph(
            f"""False alarms at .05: the binomial tests and those given the total exactly, the permutation test in
            {runs_of(by_part["tests"])}. Mid-p is right on average and keeps no bound; nothing else is claimed of it."""
        ),
        alarms(by_part["tests"]),
        "## Many tests",
        paragraph(
            f"""50 groups, {runs_of(by_part["many tests"])}:
            of Holm the chance of any false alarm, of Benjamini–Hochberg the mean share of
            false alarms among what is listed. Each group against a stated rate (independent tests) and each group with
            all others pooled (dependent ones). Bold above .05 by more than three standard errors."""
        ),
        alarms(by_part["many tests"]),
    ]
    return "\n\n".join([part for part in text if part] + [foot])


def main() -> None:
    """Count and write `descriptive.json` and `descriptive.md`; parts that are not asked for are kept as they were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--quick", action="store_true", help="few runs and few truths, for a look")
    parser.add_argument("--parts", nargs="*", choices=list(PARTS), default=list(PARTS))
    options = parser.parse_args()
    target = options.out / "descriptive.json"
    kept = json.loads(target.read_text("utf-8")) if target.exists() else {"cells": [], "seconds": {}}
    cells = [Cell(**cell) for cell in kept["cells"] if cell["part"] not in options.parts]
    seconds = {part: each for part, each in kept["seconds"].items() if part not in options.parts}
    for part in options.parts:
        started = time.process_time()
        for number, cell in enumerate(PARTS[part](options), 1):
            cells.append(cell)
            if number % 25 == 0:
                progress(f"{part}: {number} truths", started)
        seconds[part] = round(time.process_time() - started)
        options.out.mkdir(parents=True, exist_ok=True)
        _write(options, target, sorted(cells, key=lambda cell: list(PARTS).index(cell.part)), seconds)


def _write(options: argparse.Namespace, target: Path, cells: list[Cell], seconds: dict[str, int]) -> None:
    head = {"seed": SEED, "quick": options.quick, "seconds": seconds, "machine": machine()}
    rows = ",\n".join(json.dumps(asdict(cell)) for cell in cells)
    body = json.dumps(head, indent=1).removesuffix("\n}") + f',\n "cells": [\n{rows}\n]\n}}\n'
    target.write_text(body, encoding="utf-8")
    foot = paragraph(f"Seed {SEED}; {sum(seconds.values()) / 60:.1f} minutes on one core; {machine_line()}.")
    target.with_suffix(".md").write_text(report(cells, foot) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
