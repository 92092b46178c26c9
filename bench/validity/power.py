"""What the guarantee costs: how much less often MOVER decides than score tests do, where a verdict would be right.

`met` where all rates are equal, and `not_met` where the groups are twice the accepted gap apart. The score version
makes the same verdicts from the same contrasts at the same errors, with the test of Farrington & Manning 1990
(Statistics in Medicine 9) for a difference and the score test of Miettinen & Nurminen 1985 (Statistics in Medicine 4)
without its small-sample factor for a ratio. Two groups exactly, 5 and 10 groups in 20,000 seeded runs.

    python bench/validity/power.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
from _cells import (
    ERROR,
    Bools,
    Claim,
    Draws,
    Floats,
    Ints,
    Kind,
    Scene,
    machine,
    machine_line,
    paragraph,
    progress,
)
from _score import score, score_fires, score_level
from pairs import Case, below, boundary, first_true, window

SEED = 20_261_122
RUNS = 20_000
SIZES = (30, 60, 100, 200, 300, 450, 600, 800, 1_200, 2_000, 3_500, 6_000, 10_000, 30_000)
RATES = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.85)
LINES = {"difference": (0.05, 0.10, 0.15), "ratio": (0.8, 0.9)}
MARGIN = 0.02
ENOUGH_ROWS, ENOUGH_EVENTS, MOST = 600, 30.0, 0.05
COLUMNS = ("rule", "verdict", "line", "margin", "groups", "layout", "sizes", "rates", "mover", "score", "in_scope")


@dataclass(frozen=True, slots=True)
class Cell:
    """The chance of the right verdict by both methods at one truth."""

    claim: Claim
    scene: Scene
    mover: float
    score: float

    @property
    def loss(self) -> float:
        """How much less often MOVER decides."""
        return self.score - self.mover

    @property
    def in_scope(self) -> bool:
        """Whether the specification bounds the loss here."""
        s = self.scene
        events = (n * min(p, 1 - p) for n, p in zip(s.sizes, s.rates, strict=True))
        return min(s.sizes) >= ENOUGH_ROWS and min(events) >= ENOUGH_EVENTS - 1e-9

    def row(self) -> list[object]:
        """The cell as a row of the JSON file."""
        c, s = self.claim, self.scene
        distinct = [round(p, 4) for p in sorted(set(s.rates))]
        return [c.aggregation, c.kind, c.line, c.margin, len(s.sizes), s.layout, s.label,
                [distinct[0], distinct[-1]], round(self.mover, 5), round(self.score, 5), self.in_scope]  # fmt: skip


# --- Two groups, exactly --------------------------------------------------------------------------------------------


def mover_edges(claim: Claim, n1: int, n2: int, x: Ints, groups: int = 2) -> tuple[Ints, Ints]:
    """From and to which second count `met` fires (outside which `not_met` fires), for first counts x, by MOVER."""
    case = Case(claim.aggregation, claim.line, claim.kind, "mover", n1, n2, ERROR, groups)  # type: ignore[arg-type]
    return boundary(case, x)


def score_edges(claim: Claim, n1: int, n2: int, x: Ints, groups: int = 2) -> tuple[Ints, Ints]:
    """The same by score tests; each statistic falls in the count of its low side and grows in that of its high side."""
    level = score_level(claim.kind, groups)

    def inside(statistic: Floats) -> Bools:
        return statistic <= level if claim.kind == "met" else statistic < level

    def second_is_lower_passes(k: Ints) -> Bools:
        return inside(score(claim, k, n2, x, n1))

    def first_is_lower_fails(k: Ints) -> Bools:
        return ~inside(score(claim, x, n1, k, n2))

    return first_true(second_is_lower_passes, len(x), n2), first_true(first_is_lower_fails, len(x), n2)


Edges = Callable[[Claim, int, int, Ints, int], tuple[Ints, Ints]]


def exact_chance(edges: Edges, claim: Claim, scene: Scene, groups: int = 2) -> float:
    """Probability of the verdict for two groups, with the errors of so many."""
    (n1, n2), (p1, p2) = scene.sizes, scene.rates
    first, mass, _ = window(n1, p1)
    start, stop = edges(claim, n1, n2, np.arange(first, first + len(mass)), groups)
    inside = np.where(stop > start, below(n2, p2, stop) - below(n2, p2, start), 0.0)
    return float(mass @ (inside if claim.kind == "met" else window(n2, p2)[2][-1] - inside))


def plain_chance(claim: Claim, scene: Scene, by_score: bool) -> float:
    """The same added up over every pair of counts, for a check."""
    first = [window(n, p)[:2] for n, p in zip(scene.sizes, scene.rates, strict=True)]
    x, y = (np.arange(start, start + len(mass)) for start, mass in first)
    counts = np.stack([np.repeat(x, len(y)), np.tile(y, len(x))])
    fires = partial(score_fires, every_pair=True) if by_score else Claim.fires
    return float((np.outer(first[0][1], first[1][1]).ravel())[fires(claim, scene.sizes, counts)].sum())


# --- Truths ---------------------------------------------------------------------------------------------------------


def claims_and_ends() -> Iterator[tuple[Claim, Callable[[float], float]]]:
    """Every claim, and the highest rate that goes with a lowest one."""
    for aggregation, thresholds in LINES.items():
        operator = "<=" if aggregation == "difference" else ">="
        sign = 1 if aggregation == "difference" else -1
        for a, margin in product(thresholds, (0.0, MARGIN)):
            yield Claim("met", aggregation, operator, round(a + sign * margin, 12), margin), lambda p: p
        for a in thresholds:
            claim = Claim("not_met", aggregation, operator, a)
            yield claim, (lambda p, a=a: p + 2 * a) if sign == 1 else (lambda p, a=a: p / (1 - 2 * (1 - a)))


def scenes(groups: int, kind: Kind, low: float, high: float) -> Iterator[Scene]:
    """Sizes and places of the groups."""
    between = tuple(((np.arange(groups - 2) + 1) / (groups - 1)).tolist())
    if kind == "met":
        shapes = {"equal": (0.0,) * groups}
    elif groups == 2:
        shapes = {"pair": (0.0, 1.0)}
    else:
        half = (groups + 1) // 2
        shapes = {"spread": (0.0, 1.0, *between), "half": (0.0,) * half + (1.0,) * (groups - half)}
    if groups == 2:
        sizes = combinations_with_replacement(SIZES, 2) if kind == "met" else product(SIZES, SIZES)
        named = [(f"{n:,} / {m:,}", (n, m)) for n, m in sizes]
    else:
        named = [(f"{n:,}", (n,) * groups) for n in SIZES]
        few = (100, 600, 2_000, 10_000)
        named += [(f"{n:,} / {m:,}", ((n, m) * groups)[:groups]) for n, m in product(few, few) if n != m]
        large = ((30_000, 600), (30_000, 2_000), (6_000, 100))
        named += [(f"{n:,} with {m:,}", (n,) + (m,) * (groups - 1)) for n, m in large]
    for (layout, places), (label, chosen) in product(shapes.items(), named):
        yield Scene(layout, chosen, tuple(round(low + place * (high - low), 12) for place in places), label)


def plan_for(groups: int) -> list[tuple[Claim, Scene]]:
    """All cells of so many groups."""
    found = []
    for (claim, end), low in product(claims_and_ends(), RATES):
        if end(low) <= 0.98:
            found += [(claim, scene) for scene in scenes(groups, claim.kind, low, end(low))]
    return found


# --- Counting and report --------------------------------------------------------------------------------------------


def exact_cells(plan: Sequence[tuple[Claim, Scene]], rng: np.random.Generator) -> tuple[list[Cell], float]:
    """Two groups; and the largest difference from a plain sum over all outcomes in one of 200 cells."""
    found, difference = [], 0.0
    for claim, scene in plan:
        cell = Cell(claim, scene, *(exact_chance(edges, claim, scene) for edges in (mover_edges, score_edges)))
        found.append(cell)
        if max(scene.sizes) <= 6_000 and rng.random() < 1 / 200:
            for by_score, chance in ((False, cell.mover), (True, cell.score)):
                difference = max(difference, abs(plain_chance(claim, scene, by_score) - chance))
    return found, difference


def simulated_cells(
    plan: Sequence[tuple[Claim, Scene]], draws: Draws, rng: np.random.Generator
) -> tuple[list[Cell], int, int]:
    """More groups; how many of 51 runs a cell are judged otherwise by the product or by score tests of all pairs."""
    found, wrong, checked = [], 0, 0
    for claim, scene in plan:
        counts = draws.counts(scene.sizes, scene.rates)
        mover, by_score = claim.fires(scene.sizes, counts), score_fires(claim, scene.sizes, counts)
        one = int(rng.integers(draws.runs))
        some = slice(one % (draws.runs - 50), one % (draws.runs - 50) + 50)
        wrong += claim.decides(scene.sizes, counts[:, one]) != bool(mover[one])
        wrong += int((score_fires(claim, scene.sizes, counts[:, some], every_pair=True) != by_score[some]).sum())
        checked += 51
        found.append(Cell(claim, scene, float(mover.mean()), float(by_score.mean())))
    return found, wrong, checked


def score_error(cell: Cell) -> float:
    """How often the score tests of the extreme groups err with the truth on the line, over the error of a contrast.

    The rates are moved onto the line from above or from below; the worse of the two.
    """
    claim, scene = cell.claim, cell.scene
    low, high = min(scene.rates), max(scene.rates)
    groups, a = len(scene.sizes), claim.line
    moved = (
        ((low, low + a), (high - a, high)) if claim.aggregation == "difference" else ((low, low / a), (high * a, high))
    )
    stated = ERROR if claim.kind == "met" else ERROR / (groups * (groups - 1))
    least = {n for n, p in zip(scene.sizes, scene.rates, strict=True) if p == low}
    most = {n for n, p in zip(scene.sizes, scene.rates, strict=True) if p == high}
    truths = (
        Scene("pair", (n, m), rates, "")
        for n, m, rates in product(least, most, moved)
        if 0 < min(rates) < max(rates) < 1
    )
    return max(exact_chance(score_edges, claim, truth, groups) for truth in truths) / stated


def worst_errors() -> dict[str, float]:
    """How often both versions err where the truth is on the line, over what they state: the worst of all pairs."""
    found: dict[str, float] = {}
    sizes = (30, 100, 300, 3_000, 30_000)
    for (aggregation, lines), groups in product(LINES.items(), (2, 10, 50)):
        for line, low, n, m, kind in product(lines, RATES, sizes, sizes, ("met", "not_met")):
            high = low + line if aggregation == "difference" else low / line
            if high > 0.85 + 1e-9 or (kind == "met" and groups > 2):
                continue  # the error of `met` does not depend on the number of groups
            claim = Claim(kind, aggregation, "<=" if aggregation == "difference" else ">=", line)
            scene = Scene("pair", (n, m), (low, round(high, 12)), "")
            stated = ERROR if kind == "met" else 2 * ERROR / (groups * (groups - 1))
            for name, edges in (("MOVER", mover_edges), ("score", score_edges)):
                key = f"{name} {groups}"
                found[key] = max(found.get(key, 0.0), exact_chance(edges, claim, scene, groups) / stated)
    return found


def worst_by(cells: Sequence[Cell], key: Callable[[Cell], tuple[object, ...]]) -> dict[tuple[object, ...], Cell]:
    """The cell with the largest loss of every key."""
    found: dict[tuple[object, ...], Cell] = {}
    for cell in cells:
        if key(cell) not in found or cell.loss > found[key(cell)].loss:
            found[key(cell)] = cell
    return found


def cell_table(cells: Sequence[Cell]) -> str:
    """Single cells in the order given."""
    lines = ["| rule | verdict | line | G | layout | rows | rates | MOVER | score | loss | score errs |"]
    lines.append("|---|---|---:|---:|---|---|---|---:|---:|---:|---:|")
    for cell in cells:
        c, s = cell.claim, cell.scene
        rates = f"{min(s.rates):.3g}" + ("" if min(s.rates) == max(s.rates) else f" to {max(s.rates):.3g}")
        loss = f"**{cell.loss:.3f}**" if cell.loss > MOST and cell.in_scope else f"{cell.loss:.3f}"
        lines.append(
            f"| {c.aggregation} | {c.kind} | {c.line:g} | {len(s.sizes)} | {s.layout} | {s.label} | {rates} "
            f"| {cell.mover:.3f} | {cell.score:.3f} | {loss} | {score_error(cell):.2f} |"
        )
    return "\n".join(lines)


def size_table(cells: Sequence[Cell]) -> str:
    """The worst loss over all rates, by the rows of the smallest group."""
    worst = worst_by(cells, lambda c: (c.claim.aggregation, c.claim.kind, len(c.scene.sizes), min(c.scene.sizes)))
    sizes = sorted({int(key[3]) for key in worst if int(key[3]) <= 2_000})  # type: ignore[call-overload]
    lines = [
        "| rule | verdict | G | " + " | ".join(f"{n:,}" for n in sizes) + " |",
        "|---|---|---:|" + "---:|" * len(sizes),
    ]
    for rule, kind, groups in product(LINES, ("met", "not_met"), (2, 5, 10)):
        losses = [worst.get((rule, kind, groups, n)) for n in sizes]
        row = " | ".join("–" if cell is None else f"{cell.loss:.3f}" for cell in losses)
        lines.append(f"| {rule} | {kind} | {groups} | {row} |")
    return "\n".join(lines)


def report(cells: Sequence[Cell], record: dict[str, object], errors: dict[str, float]) -> str:
    """The text for the docs."""
    scope = [c for c in cells if c.in_scope]
    over = sorted((c for c in scope if c.loss > MOST), key=lambda c: -c.loss)
    worst = worst_by(scope, lambda c: (c.claim.aggregation, c.claim.kind, len(c.scene.sizes)))
    parts = [
        paragraph(
            f"""The chance of `met` where all rates are equal, and of `not_met` where the groups are twice the accepted
            gap apart, beside the same rule with score tests (Farrington–Manning for a difference, the score test of the
            ratio) at the same errors. {len(cells):,} cells: two groups exactly, 5 and 10 groups in
            {record["runs"]:,} seeded runs; 30 to 30,000 rows, equal and unequal; rates .02 to .85; lines .05, .10, .15,
            .8 and .9, for `met` also with a margin of .02. The specification allows a loss of .05 where every group has
            at least 600 rows and n·min(p, 1−p) ≥ 30 ({len(scope):,} cells). {len(over):,} of them lose more. The
            worst there; the last column is how often score tests err with these sizes and the truth on the line, over
            the error that one contrast may have (1 is exact):"""
        ),
        cell_table([worst[key] for key in sorted(worst, key=str)]),
    ]
    if over:
        sizes = sum(len(set(c.scene.sizes)) > 1 for c in over)
        errs = [score_error(c) for c in over]
        text = f"""Every cell that loses more than .05. {sizes:,} of the {len(over):,} have groups of unequal size, and
            in {sum(e > 1.1 for e in errs):,} a score test errs more than 1.1 times as often as it may (in the one where
            it errs least, {min(errs):.2f} times):"""
        parts += [paragraph(text), cell_table(over)]
    parts += [
        "The worst loss over all rates, by the rows of the smallest group:",
        size_table(cells),
        paragraph(
            f"""A score test is no free choice. With the truth on the line it errs up to {errors["score 2"]:.1f} times
            as often as it states for two groups, {errors["score 10"]:.0f} times at the errors of 10 groups and
            {errors["score 50"]:.0f} times at those of 50 (exact; pairs of sizes 30 to 30,000); MOVER up to
            {errors["MOVER 2"]:.2f}, {errors["MOVER 10"]:.2f} and {errors["MOVER 50"]:.2f} times. So a part of the loss
            is the price of the stated error. The exact sums differ by at most {record["difference"]:.0e} from plain
            sums over all outcomes, made in one of 200 cells. {record["checked"]:,} simulated runs were also judged by
            the product's own function or by score tests of all pairs: {record["differ"]} differ. Seed {SEED};
            {record["seconds"] / 60:.0f} minutes on one core; {machine_line()}."""  # type: ignore[operator]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Compute all cells and write `power.json` and `power.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--quick", action="store_true", help="every 67th cell, a tenth of the runs")
    options = parser.parse_args()
    runs, step = (options.runs // 10, 67) if options.quick else (options.runs, 1)
    started, rng = time.process_time(), np.random.default_rng([SEED, 3])
    cells, difference = exact_cells(plan_for(2)[::step], rng)
    progress(f"{len(cells):,} cells of two groups", started)
    wrong = checked = 0
    for groups in (5, 10):
        found, differ, more = simulated_cells(plan_for(groups)[::step], Draws(runs, groups, [SEED, 4, groups]), rng)
        cells, wrong, checked = cells + found, wrong + differ, checked + more
        progress(f"{len(found):,} cells of {groups} groups", started)
    errors = worst_errors()
    progress("errors on the line", started)
    seconds = round(time.process_time() - started)
    record: dict[str, object] = {
        "seed": SEED, "error": ERROR, "runs": runs, "difference": difference, "checked": checked, "differ": wrong,
        "worst_error_over_stated": errors, "seconds": seconds, "machine": machine(), "columns": COLUMNS,
    }  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(json.dumps(cell.row()) for cell in cells)
    text = json.dumps(record, indent=1).removesuffix("\n}") + f',\n "cells": [\n{rows}\n]\n}}\n'
    (options.out / "power.json").write_text(text, encoding="utf-8")
    text = report(cells, record, errors)
    (options.out / "power.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
