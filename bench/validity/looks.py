"""False verdicts where people look again until there is a verdict: growing and fresh samples, up to ten looks.

Look k may spend α/(k(k+1)) (`hakari.assessment.rules.levels.budget`). Beside it: the same looks at the full error each
time, which is what repeated testing without spending does.

    python bench/validity/looks.py --out bench/validity/results
"""

from __future__ import annotations

from itertools import product

import numpy as np
from _cells import Bools, Floats, Ints, paragraph
from _runs import (
    ERROR,
    SEED,
    Cell,
    Study,
    counts_limit,
    evidence,
    judged,
    misses_table,
    options,
    planned,
    quiet,
    rejects_bad,
    rejects_good,
    worst_table,
)

from hakari.assessment.rules.levels import Levels, budget
from hakari.statistics.verdict import Rule

LOOKS = 10
CORNER = ("difference .15", "difference .20")
GROWTH = {
    "doubled": lambda look: 2**look,
    "half as much more": lambda look: 1.5**look,
    "as much again": lambda look: look + 1,
    "fresh rows, as many": lambda look: 1,
    "fresh rows, doubled": lambda look: 2**look,
}
"""Rows at look 0, 1, …, in units of the first; "fresh" draws all rows anew, else earlier rows stay in the sample."""
RULES = {
    "difference .05": (Rule(aggregation="difference", operator="<=", threshold=0.05), (0.02, 0.3)),
    "difference .10": (Rule(aggregation="difference", operator="<=", threshold=0.1), (0.02, 0.45)),
    "difference .15": (Rule(aggregation="difference", operator="<=", threshold=0.15), (0.3,)),
    "difference .20": (Rule(aggregation="difference", operator="<=", threshold=0.2), (0.3,)),
    "ratio .8": (Rule(aggregation="ratio", operator=">=", threshold=0.8), (0.1, 0.4)),
    "worst group .3": (Rule(aggregation="worst_group", operator="<=", threshold=0.3), (0.3,)),
}
Where = dict[str, object]


def plan(quick: bool) -> list[Where]:
    """Every truth."""
    found: list[Where] = []
    for (name, (_, lows)), growth, groups, first in product(RULES.items(), GROWTH, (2, 5), (60, 300)):
        for low, factor in product(lows, (1, 4)):
            found.append({"rule": name, "growth": growth, "G": groups, "first": first, "low": low, "factor": factor})
    # The corner where MOVER's ellipse passed a small error: hardly any success in a small group beside a larger one.
    for name, growth, (first, factor), low in product(CORNER, GROWTH, ((30, 10), (100, 3)), (0.02, 0.03)):
        found.append({"rule": name, "growth": growth, "G": 2, "first": first, "low": low, "factor": factor})
    return found[::9] if quick else found


def samples(where: Where, runs: int, rng: np.random.Generator) -> tuple[Rule, list[tuple[Ints, Ints]]]:
    """The rule, and trials and successes (G, runs) at every look."""
    rule, _ = RULES[str(where["rule"])]
    groups, low, growth = int(str(where["G"])), float(str(where["low"])), str(where["growth"])
    high = {"difference": low + rule.threshold, "ratio": low / rule.threshold}.get(rule.aggregation, low)
    places = np.r_[0.0, 1.0, (np.arange(groups - 2) + 1) / (groups - 1)]
    rates: Floats = low + places * (high - low)
    first = int(str(where["first"])) * np.where(np.arange(groups) % 2, int(str(where["factor"])), 1)
    n, x = np.zeros(groups, dtype=np.int64), np.zeros((groups, runs), dtype=np.int64)
    found = []
    for look in range(LOOKS):
        size = np.rint(np.broadcast_to(first, groups) * GROWTH[growth](look)).astype(np.int64)
        if growth.startswith("fresh"):
            x = rng.binomial(size[:, None], rates[:, None], (groups, runs))
        else:
            x = x + rng.binomial((size - n)[:, None], rates[:, None], (groups, runs))
        n = size
        found.append((np.repeat(n[:, None], runs, axis=1), x))
    return rule, found


def fired(rule: Rule, n: Ints, x: Ints, error: float) -> tuple[Bools, Bools]:
    """`met` and `not_met` of every run of one look."""
    limit, p, scope = counts_limit(x, n), x / n, np.ones(x.shape, dtype=bool)
    return rejects_bad(rule, p, limit, error, scope), rejects_good(rule, p, limit, error, scope)


def counts(where: Where, runs: int, rng: np.random.Generator) -> tuple[dict[str, int], list[tuple[Ints, Ints]], Bools]:
    """False verdicts by kind; the samples; and which look has `met`, `not_met` (looks, 2, runs) with spending."""
    rule, looks = samples(where, runs, rng)
    total: dict[str, int] = {}
    each = []
    for spending in (True, False):
        shown = "" if spending else ", no spending"
        any_met = any_not = stopped = first_met = first_not = np.zeros(runs, dtype=bool)
        for look, (n, x) in enumerate(looks, 1):
            error = budget(planned(rule, look=look)) if spending else ERROR
            # Look k has the whole error to itself without spending; with it only its share.
            met, not_met = fired(rule, n, x, error)
            if spending:
                each.append(np.stack([met, not_met]))
            first_met, first_not = first_met | (met & ~stopped), first_not | (not_met & ~stopped)
            any_met, any_not, stopped = any_met | met, any_not | not_met, stopped | met | not_met
            if look == 5 and not spending:
                total["met, no spending, 5 looks"] = int(any_met.sum())
        total[f"met{shown}"], total[f"not_met{shown}"] = int(any_met.sum()), int(any_not.sum())
        if spending:
            total["met, stopped at the first verdict"] = int(first_met.sum())
            total["not_met, stopped at the first verdict"] = int(first_not.sum())
    return total, looks, np.stack(each)


def by_product(rule: Rule, look: int, n: Ints, x: Ints) -> str:
    """The verdict of one look of one run."""
    table = [(f"g{g}", y, k) for g, (a, b) in enumerate(zip(x.tolist(), n.tolist(), strict=True))
             for y, k in ((1, a), (0, b - a)) if k]  # fmt: skip
    check = planned(rule, look=look)
    return judged(check, evidence(("g", "prediction", "n"), table), Levels(budget(check), budget(check)))


def main() -> None:
    """Count all cells and write `looks.json` and `looks.md`."""
    study = Study("looks", options(__doc__, 10_000, 1_000))
    quiet()
    truths = plan(study.options.quick)
    for number, where in enumerate(truths, 1):
        total, looks, each = counts(where, study.options.runs, np.random.default_rng([SEED, 13, number]))
        for kind, false in total.items():
            study.cells.append(Cell(where, kind, false, study.options.runs, claimed="no spending" not in kind))
        rule, look = RULES[str(where["rule"])][0], number % LOOKS
        for run in {0, int(each[look, 0].argmax()), int(each[look, 1].argmax())}:
            said = "met" if each[look, 0, run] else "not_met" if each[look, 1, run] else "inconclusive"
            n, x = looks[look]
            study.judged += 1
            study.differ += by_product(rule, look + 1, n[:, run], x[:, run]) != said
        study.progress(number, len(truths), 20)
    study.again(lambda cell, runs, rng: (counts(cell.where, runs, rng)[0][cell.kind], runs))
    study.write(report(study))


def report(study: Study) -> str:
    """The text for the docs."""
    kept = [cell for cell in study.cells if cell.claimed]
    bare = [cell for cell in study.cells if not cell.claimed]
    highest = {kind: max(cell.share for cell in bare if cell.kind == kind) for kind in sorted({c.kind for c in bare})}
    parts = [
        paragraph(
            f"""Looking again until there is a verdict, ten looks at most: samples that double, grow by half or by the
            first size, and fresh rows every time; 2 and 5 groups of 60 or 300 rows at first, equal or one to four; and
            the corner where MOVER's ellipse passed small errors (2 or 3 % in 30 or 100 rows beside 300, lines .15 and
            .20). The truth is on the line. {len(kept):,} cells, {study.options.runs:,} seeded runs each. A run counts
            as false if any look has the false verdict, also after another verdict was reached. The stated error of
            all looks together is .025."""
        ),
        worst_table(kept, ("rule", "growth")),
        paragraph(
            f"""Without spending, every look at the full .025, the highest is {highest["met, no spending, 5 looks"]:.3f}
            false `met` within five looks, {highest["met, no spending"]:.3f} within ten, and
            {highest["not_met, no spending"]:.3f} false `not_met` within ten. With it:
            {max(cell.share for cell in kept):.4f}. {sum(cell.misses for cell in kept)} cells are above .0275."""
        ),
        misses_table(kept),
    ]
    return "\n\n".join(part for part in parts if part)


if __name__ == "__main__":
    main()
