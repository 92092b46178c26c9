"""How often the verdict of 2 to 50 groups is false, by simulation with known truth.

Every cell puts the truth on a line and counts false verdicts in 20,000 runs with common random numbers: `met` with the
truth on the unacceptable line b, `not_met` with the truth on the acceptable line a. Cells with two groups and cells of
the worst group are also computed exactly, which tests the simulation. A cell above 1.1 times the stated error is run
again with 200,000 fresh runs. A sample of runs of every cell is judged by `hakari.statistics.decide` too.

    python bench/validity/groups.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, groupby, islice, product
from pathlib import Path

import numpy as np
from _cells import (
    ERROR,
    HIGHEST,
    LOWEST,
    SIZES,
    Claim,
    Draws,
    Scene,
    layouts,
    machine,
    machine_line,
    one_group_fails,
    one_group_passes,
    paragraph,
    progress,
    rates_of,
    table,
)
from pairs import Case, enumerate_case, window
from scipy import optimize

from hakari.statistics.verdict import plug_in

SEED = 20_261_122
RUNS, AGAIN = 20_000, 200_000
GROUPS = (2, 5, 10, 50)
LOW_RATES = (0.02, 0.025, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SOME_RATES = (0.02, 0.05, 0.2, 0.5)
LINES = {"difference": (0.05, 0.10, 0.15), "ratio": (0.8, 0.9)}
WORST_LINES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.85)
MARGIN = 0.02
ACCEPTED, MISSES = 0.0285, 1.1 * ERROR
CLAIM = ("rule", "operator", "line", "margin", "verdict", "method", "reference")
TRUTH = ("groups", "layout", "sizes", "lowest rate", "highest rate", "cells")
CELL = ("number of the claim", "false verdicts", "exact probability", "false verdicts in the fresh runs")


@dataclass(slots=True)
class Cell:
    """One claim about one truth, and what was counted."""

    claim: Claim
    scene: Scene
    count: int = 0
    exact: float | None = None
    again: int | None = None


# --- Truths ---------------------------------------------------------------------------------------------------------


def lowest_rates(aggregation: str, line: float, some: bool = False) -> list[float]:
    """Base rates from .02 up to the one that puts the highest group at .85."""
    last = HIGHEST - line if aggregation == "difference" else HIGHEST * line
    return [*(SOME_RATES if some else LOW_RATES), round(last, 12)]


def claims_at(aggregation: str, line: float, thresholds: Sequence[float]) -> list[tuple[Claim, bool]]:
    """The claims whose truth lies on this line, and whether only some rates are tried."""
    operator = "<=" if aggregation == "difference" else ">="
    if line in thresholds:
        kinds = [("met", 0.0), ("not_met", 0.0)]
    else:
        kinds = [("met", MARGIN)]
    found = []
    for method, reference in (("mover", None), ("box", None), ("mover", 0), ("box", 0)):
        some = (method, reference) != ("mover", None)
        found += [(Claim(k, aggregation, operator, line, m, method, reference), some) for k, m in kinds]
    return found


def pair_cells() -> Iterator[tuple[int, Scene, list[Claim]]]:
    """Difference and ratio, all pairs and a named reference (the first group, at either extreme)."""
    for groups, (aggregation, thresholds) in product(GROUPS, LINES.items()):
        sign = 1 if aggregation == "difference" else -1
        for line in sorted({round(a + sign * m, 12) for a in thresholds for m in (0.0, MARGIN)}):
            claims = claims_at(aggregation, line, thresholds)
            some_rates = lowest_rates(aggregation, line, some=True)
            for low in lowest_rates(aggregation, line):
                chosen = [claim for claim, some in claims if not some or low in some_rates]
                for layout, label, sizes, places in layouts(groups):
                    rates = rates_of(aggregation, line, low, places)
                    if rates is not None:
                        yield groups, Scene(layout, sizes, rates, label), chosen


def middle_reference_cells() -> Iterator[tuple[int, Scene, list[Claim]]]:
    """A named reference with groups at the line on both sides of it."""
    for groups, (aggregation, thresholds) in product(GROUPS[1:], LINES.items()):
        for line, middle, n, m in product(thresholds, (0.2, 0.5), SIZES, SIZES):
            ends = (middle - line, middle + line) if aggregation == "difference" else (middle * line, middle / line)
            rates = tuple(round(p, 12) for p in (middle, *islice(cycle(ends), groups - 1)))
            scene = Scene("both sides", (n,) + (m,) * (groups - 1), rates, f"{n:,} with {m:,}")
            chosen = [claim for claim, _ in claims_at(aggregation, line, thresholds) if claim.reference == 0]
            yield groups, scene, chosen


def rest_cells() -> Iterator[tuple[int, Scene, list[Claim]]]:
    """Each group against all others pooled: rates are spread until the largest contrast is on the line."""
    for groups, (aggregation, line) in product(GROUPS[1:], (("difference", 0.1), ("ratio", 0.8))):
        operator = "<=" if aggregation == "difference" else ">="
        claims = [Claim(k, aggregation, operator, line, reference="rest") for k in ("met", "not_met")]
        for low, (layout, label, sizes, places) in product((0.05, 0.3), layouts(groups)):
            if len(set(sizes)) == 1 or 30 in sizes:
                rates = _on_rest_line(aggregation, line, low, np.array(sizes, float), np.array(places))
                if max(rates) <= HIGHEST:
                    yield groups, Scene(layout, sizes, rates, label), claims


def _on_rest_line(
    aggregation: str, line: float, low: float, sizes: np.ndarray, places: np.ndarray
) -> tuple[float, ...]:  # fmt: skip
    def excess(reach: float) -> float:
        p = low + places * reach
        rest = ((p * sizes).sum() - p * sizes) / (sizes.sum() - sizes)
        if aggregation == "difference":
            return float(np.abs(p - rest).max() - line)
        return float(line - np.minimum(p / rest, rest / p).min())

    reach = optimize.brentq(excess, 0.0, 1.0 - low, xtol=1e-14) if excess(1.0 - low) > 0 else 1.0
    return tuple((low + places * reach).tolist())


def worst_group_cells() -> Iterator[tuple[int, Scene, list[Claim]]]:
    """The worst group on the line, both operators; the others on the line or on its good side."""
    for groups, line, operator in product(GROUPS, WORST_LINES, ("<=", ">=")):
        good = (max(line - 0.1, LOWEST / 2) if operator == "<=" else min(line + 0.1, 0.95)) - line
        claims = [Claim("met", "worst_group", operator, line), Claim("not_met", "worst_group", operator, line)]
        if line > MARGIN:
            claims.append(Claim("met", "worst_group", operator, line, MARGIN))
        for layout, label, sizes, places in layouts(groups):
            yield groups, Scene(layout, sizes, tuple(line + good * place for place in places), label), claims
            if layout == "half":
                yield groups, Scene("all on the line", sizes, (line,) * groups, label), claims


# --- Counting -------------------------------------------------------------------------------------------------------


@cache
def _exact_pairs(claim: Claim, n_low: int, n_high: int) -> dict[float, float]:
    case = Case(claim.aggregation, claim.line, claim.kind, claim.method, n_low, n_high, ERROR)  # type: ignore[arg-type]
    grid = np.array(lowest_rates(claim.aggregation, claim.line))
    return {cell.p_low: cell.probability for cell in enumerate_case(case, grid)}


def exact(claim: Claim, scene: Scene) -> float | None:
    """The exact probability, where there is one: two groups, or the worst group (independent events)."""
    if claim.aggregation != "worst_group":
        if len(scene.sizes) != 2:
            return None
        return _exact_pairs(replace(claim, reference=None), *scene.sizes)[min(scene.rates)]
    share = ERROR if claim.kind == "met" else ERROR / len(scene.sizes)
    chance = 1.0
    for n, p in zip(scene.sizes, scene.rates, strict=True):
        first, mass, _ = window(n, p)
        part = slice(first, first + len(mass))
        _, lower, upper = table(n, share)
        test = one_group_passes if claim.kind == "met" else one_group_fails
        hit = float(mass[test(claim, lower[part], upper[part])].sum())
        chance *= hit if claim.kind == "met" else 1.0 - hit
    return chance if claim.kind == "met" else 1.0 - chance


def true_value(claim: Claim, scene: Scene) -> float:
    """The aggregate of the true rates."""
    if claim.reference != "rest":
        return plug_in(claim.rule, np.array(scene.rates))
    n, p = np.array(scene.sizes, float), np.array(scene.rates)
    rest = ((p * n).sum() - p * n) / (n.sum() - n)
    each = np.abs(p - rest).max() if claim.aggregation == "difference" else np.minimum(p / rest, rest / p).min()
    return float(each)


def count_scene(
    draws: Draws, scene: Scene, claims: Sequence[Claim], rng: np.random.Generator
) -> tuple[list[Cell], int, int]:  # fmt: skip
    """The cells of one truth; how many runs were also judged by the product, and how many of these differ."""
    counts = draws.counts(scene.sizes, scene.rates)
    found, judged, wrong = [], 0, 0
    for claim in claims:
        if abs(true_value(claim, scene) - claim.line) > 1e-9:
            raise SystemExit(f"not on the line: {claim} {scene}")
        fired = claim.fires(scene.sizes, counts)
        for run in {int(rng.integers(len(fired))), int(fired.argmax())}:  # any run, and one with the verdict
            judged += 1
            wrong += claim.decides(scene.sizes, counts[:, run]) != bool(fired[run])
        found.append(Cell(claim, scene, int(fired.sum()), exact(claim, scene)))
    return found, judged, wrong


def count_again(cell: Cell, runs: int, number: int) -> int:
    """False verdicts in fresh runs, 20,000 at a time."""
    scene, total, step = cell.scene, 0, min(runs, RUNS)
    for part in range(runs // step):
        draws = Draws(step, len(scene.sizes), [SEED, 1, number, part])
        total += int(cell.claim.fires(scene.sizes, draws.counts(scene.sizes, scene.rates)).sum())
    return total


# --- Report ---------------------------------------------------------------------------------------------------------


def best_known(cell: Cell, runs: int, again: int) -> float:
    """The probability by the best road there is: exact, else the fresh runs, else the first ones."""
    if cell.exact is not None:
        return cell.exact
    return cell.again / again if cell.again is not None else cell.count / runs


def overview(cells: Sequence[Cell], runs: int, again: int) -> str:
    """The worst probability of a false verdict for each rule, method and number of groups."""
    worst: dict[tuple[str, ...], dict[int, float]] = {}
    for cell in cells:
        c, groups = cell.claim, len(cell.scene.sizes)
        against = {None: "all pairs", 0: "named reference", "rest": "rest"}[c.reference]
        single = c.aggregation == "worst_group"
        line = "at a" if c.kind == "not_met" else ("at b = a" if c.margin == 0 else "at b, margin .02")
        key = (c.aggregation.replace("_", " "), f"{c.operator} line" if single else against)
        row = worst.setdefault((*key, "Clopper–Pearson" if single else c.method, c.kind, line), {})
        row[groups] = max(row.get(groups, 0.0), best_known(cell, runs, again))
    head = "| rule | over | method | verdict | truth | " + " | ".join(f"G = {g}" for g in GROUPS) + " |"
    lines = [head, "|---|---|---|---|---|" + "---:|" * len(GROUPS)]
    for key, row in sorted(worst.items()):
        lines.append("| " + " | ".join((*key, *(_share(row.get(g)) for g in GROUPS))) + " |")
    return "\n".join(lines)


def _share(p: float | None) -> str:
    if p is None:
        return "–"
    return f"**{p:.4f}**" if p > MISSES else f"{p:.4f}"


def cell_table(cells: Sequence[Cell], runs: int, again: int) -> str:
    """Single cells, the worst first."""
    head = (
        f"| rule | line | margin | verdict | method | G | layout | rows | rates | {runs:,} runs | {again:,} fresh runs "
    )
    lines = [head + "| exact |", "|---|---:|---:|---|---|---:|---|---|---|---:|---:|---:|"]
    for cell in sorted(cells, key=lambda x: -best_known(x, runs, again)):
        c, s = cell.claim, cell.scene
        against = {None: "", 0: ", reference", "rest": ", rest"}[c.reference]
        fresh = None if cell.again is None else cell.again / again
        lines.append(
            f"| {c.aggregation} | {c.line:g} | {c.margin:g} | {c.kind} | {c.method}{against} | {len(s.sizes)} "
            f"| {s.layout} | {s.label} | {min(s.rates):.3g} to {max(s.rates):.3g} "
            f"| {_share(cell.count / runs)} | {_share(fresh)} | {_share(cell.exact)} |"
        )
    return "\n".join(lines)


def largest_z(cells: Sequence[Cell], runs: int) -> tuple[int, float]:
    """How many cells are also known exactly, and the largest distance of the simulation from them in errors."""
    known = [c for c in cells if c.exact is not None]
    p = np.array([c.exact for c in known], dtype=float)
    counted = np.array([c.count for c in known]) / runs
    spread = np.sqrt(np.maximum(p * (1 - p), 1e-12) / runs)
    enough = p * runs >= 20
    return len(known), float(np.abs((counted - p) / spread)[enough].max()) if enough.any() else 0.0


def report(cells: Sequence[Cell], runs: int, again: int, judged: int, wrong: int, seconds: float) -> str:
    """The text for the docs."""
    redone = [c for c in cells if c.again is not None]
    over = [c for c in redone if c.count / runs > ACCEPTED]
    real = [c for c in cells if best_known(c, runs, again) > MISSES]
    chance = [c for c in over if best_known(c, runs, again) <= MISSES]
    named = sum(c.claim.margin == 0 for c in real)
    known, z = largest_z(cells, runs)
    parts = [
        paragraph(
            f"""{len(cells):,} cells, each with {runs:,} seeded runs and the truth on the line: 2, 5, 10 and 50 groups;
            {", ".join(f"{n:,}" for n in SIZES)} rows, equal and unequal; rates .02 to .85; one group at each extreme
            with the rest between, half of the groups at each extreme, and one large group with many small ones. Lines
            are differences of .05, .10 and .15, ratios of .8 and .9 and worst rates of .02 to .85, each also with a
            margin of .02. The stated error is .025. The table shows the worst probability of a false verdict of all
            cells of a kind, exact where it is known (two groups, the worst group), else simulated."""
        ),
        overview(cells, runs, again),
        paragraph(
            f"""In {runs:,} runs, {len(over):,} cells were above .0285, which leaves room for chance. All
            {len(redone):,} cells above .0275, a tenth over the stated error, were run again with {again:,} fresh runs.
            {len(real):,} cells stay above .0275, {named:,} of them without a margin."""
        ),
    ]
    if real:
        parts += ["Every cell that stays above .0275:", cell_table(real, runs, again)]
    if chance:
        parts += [
            paragraph(
                f"""The other {len(chance):,} cells that were above .0285 were so by chance: their best known
                probability is at most {max(best_known(c, runs, again) for c in chance):.4f}. The ten highest:"""
            ),
            cell_table(sorted(chance, key=lambda c: -c.count)[:10], runs, again),
        ]
    parts.append(
        paragraph(
            f"""{known:,} cells are known exactly too; the simulation is at most {z:.1f} standard errors away from them.
            {judged:,} runs, at least one from every cell, were judged by the product's own function as well: {wrong}
            differ. Seed {SEED}; {seconds / 60:.0f} minutes on one core; {machine_line()}."""
        )
    )
    return "\n\n".join(parts) + "\n"


def write(out: Path, cells: Sequence[Cell], runs: int, again: int, judged: int, wrong: int, seconds: float) -> None:
    """All cells as JSON, one truth with its cells a line."""
    claims = {claim: number for number, claim in enumerate(dict.fromkeys(cell.claim for cell in cells))}
    head = {"seed": SEED, "error": ERROR, "runs": runs, "runs_again": again, "judged_by_product": judged,
            "differ": wrong, "seconds": round(seconds), "machine": machine(), "claim": CLAIM, "truth": TRUTH,
            "cell": CELL, "claims": [_claim_row(claim) for claim in claims]}  # fmt: skip
    rows = []
    for _, part in groupby(cells, key=lambda cell: id(cell.scene)):
        some = list(part)
        s = some[0].scene
        truth = [len(s.sizes), s.layout, s.label, round(min(s.rates), 6), round(max(s.rates), 6)]
        rows.append(json.dumps([*truth, [_cell_row(cell, claims[cell.claim]) for cell in some]]))
    text = json.dumps(head).removesuffix("}") + ', "truths": [\n' + ",\n".join(rows) + "\n]}\n"
    out.mkdir(parents=True, exist_ok=True)
    (out / "groups.json").write_text(text, encoding="utf-8")


def _claim_row(c: Claim) -> list[object]:
    return [c.aggregation, c.operator, c.line, c.margin, c.kind, c.method, c.reference]


def _cell_row(cell: Cell, claim: int) -> list[object]:
    exact_ = None if cell.exact is None else float(f"{cell.exact:.6g}")
    row = [claim, cell.count, exact_, cell.again]
    while row[-1] is None:
        row.pop()
    return row


def main() -> None:
    """Count all cells and write `groups.json` and `groups.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--quick", action="store_true", help="every 41st truth, a tenth of the runs")
    options = parser.parse_args()
    runs, again = (options.runs // 10, AGAIN // 10) if options.quick else (options.runs, AGAIN)
    started, rng = time.process_time(), np.random.default_rng([SEED, 2])
    plan = [*pair_cells(), *middle_reference_cells(), *rest_cells(), *worst_group_cells()]
    plan = sorted(plan[::41] if options.quick else plan, key=lambda item: item[0])
    cells: list[Cell] = []
    judged = wrong = 0
    draws = {g: Draws(runs, g, [SEED, 0, g]) for g in GROUPS}
    for number, (groups, scene, claims) in enumerate(plan, 1):
        new, more, differ = count_scene(draws[groups], scene, claims, rng)
        cells += new
        judged, wrong = judged + more, wrong + differ
        if number % 1000 == 0 or number == len(plan):
            progress(f"{number:,} of {len(plan):,} truths, {len(cells):,} cells", started)
    redo = [cell for cell in cells if cell.count / runs > MISSES]
    for number, cell in enumerate(redo):
        cell.again = count_again(cell, again, number)
    progress(f"{len(redo):,} cells run again", started)
    seconds = time.process_time() - started
    write(options.out, cells, runs, again, judged, wrong, seconds)
    text = report(cells, runs, again, judged, wrong, seconds)
    (options.out / "groups.md").write_text(text, encoding="utf-8")
    print(text)
    if wrong:
        raise SystemExit(f"{wrong} of {judged} runs are judged otherwise by the product")


if __name__ == "__main__":
    main()
