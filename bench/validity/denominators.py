"""False verdicts where the denominator is drawn too: TPR, FPR, PPV and FOR of 2, 5 and 10 groups.

The rows are fixed; how many of them are actual positives, or selected, is chance, and with it which groups reach
min_rows. The claim covers the groups that do. So a `met` is false where the groups assessed in that run are on the
unacceptable line; beside it stands how often `met` comes while all groups together are on it, which no verdict claims.

    python bench/validity/denominators.py --out bench/validity/results
"""

from __future__ import annotations

from itertools import cycle, islice, product

import numpy as np
from _cells import Bools, Floats, Ints, paragraph
from _runs import (
    ERROR,
    SEED,
    Cell,
    Study,
    aggregate,
    evidence,
    judged,
    misses_table,
    options,
    planned,
    quiet,
    scoped_verdicts,
    worst_table,
)

from hakari.assessment.rules.levels import Levels
from hakari.statistics import rate_definition
from hakari.statistics.verdict import Rule

LEAST = 30
METRICS = {
    "true_positive_rate": 0.1,
    "false_positive_rate": 0.85,
    "positive_predictive_value": 0.3,
    "false_omission_rate": 0.7,
}
"""The share of a group's rows that are in the denominator."""
EXPECTED = {
    "large": (300,),
    "near min_rows": (30,),
    "half of the groups near": (300, 30),
    "one extreme rare": (5, 300),
    "all rare": (12,),
    "very unequal": (4_000, 40, 25, 5),
}
"""Expected denominators, given to the groups in turn."""
RULES = {
    "difference": (Rule(aggregation="difference", operator="<=", threshold=0.1), (0.02, 0.3)),
    "wide difference": (Rule(aggregation="difference", operator="<=", threshold=0.3), (0.02, 0.35)),
    "ratio": (Rule(aggregation="ratio", operator=">=", threshold=0.8), (0.1, 0.6)),
    "worst group": (Rule(aggregation="worst_group", operator=">=", threshold=0.7), (0.7,)),
}


def truth(rule: Rule, low: float, groups: int, layout: str) -> Floats:
    """Rates on the line: the extremes in the first two groups and the rest between, or half at each."""
    if rule.aggregation == "worst_group":
        places = np.linspace(0, 1, groups) if layout == "spread" else np.zeros(groups)
        return low + 0.2 * places
    high = low + rule.threshold if rule.aggregation == "difference" else low / rule.threshold
    between = (np.arange(groups - 2) + 1) / (groups - 1)
    places = np.r_[0.0, 1.0, between] if layout == "spread" else np.arange(groups) % 2
    return low + places * (high - low)


def cells() -> list[dict[str, object]]:
    """Every truth."""
    found = []
    for metric, (name, (_, lows)), groups, scope in product(METRICS, RULES.items(), (2, 5, 10), EXPECTED):
        for low, layout in product(lows, ("spread", "half")):
            if groups > 2 or layout == "spread":
                where = {"metric": metric, "rule": name, "G": groups, "denominators": scope, "low": low}
                found.append(where | {"layout": layout})
    return found


def draw(where: dict[str, object], runs: int, rng: np.random.Generator) -> tuple[Rule, Floats, Ints, Ints, Ints]:
    """Rule, true rates, rows (G,), and denominators and numerators (G, runs)."""
    rule, _ = RULES[str(where["rule"])]
    groups, share = int(str(where["G"])), METRICS[str(where["metric"])]
    rates = truth(rule, float(str(where["low"])), groups, str(where["layout"]))
    expected = np.array(list(islice(cycle(EXPECTED[str(where["denominators"])]), groups)))
    rows = np.ceil(expected / share).astype(np.int64)
    n = rng.binomial(rows[:, None], share, size=(groups, runs))
    return rule, rates, rows, n, rng.binomial(n, rates[:, None])


def false(rule: Rule, rates: Floats, n: Ints, x: Ints) -> tuple[dict[str, tuple[Bools, Bools]], Bools, Bools]:
    """For each kind of count which runs are false and which could be; and the verdicts."""
    met, not_met = scoped_verdicts(rule, x, n, LEAST, ERROR, ERROR)
    value = aggregate(rule, rates, n >= LEAST)
    line = rule.threshold
    bad = value >= line - 1e-9 if rule.operator == "<=" else value <= line + 1e-9
    always = np.ones(n.shape[1], dtype=bool)
    counts = {
        "met, groups assessed": (met & bad, always),
        "met, given that they are on the line": (met & bad, bad),
        "met, all groups (not claimed)": (met, always),
        "not_met": (not_met, always),
    }
    return counts, met, not_met


def by_product(where: dict[str, object], rule: Rule, rows: Ints, n: Ints, x: Ints) -> str:
    """The verdict of one run, from a table of groups, labels and predictions."""
    definition = rate_definition(str(where["metric"]))
    hit, miss = sorted(definition.successes)[0], sorted(definition.trials - definition.successes)[0]
    other = sorted({(0, 0), (0, 1), (1, 0), (1, 1)} - definition.trials)[0]
    table = []
    for g, (all_rows, trials, successes) in enumerate(zip(rows.tolist(), n.tolist(), x.tolist(), strict=True)):
        counts = ((hit, successes), (miss, trials - successes), (other, all_rows - trials))
        table += [(f"g{g}", *cell, count) for cell, count in counts if count]
    check = planned(rule, metric=definition.name, min_rows=LEAST)
    return judged(check, evidence(("g", "label", "prediction", "n"), table), Levels(ERROR, ERROR))


def main() -> None:
    """Count all cells and write `denominators.json` and `denominators.md`."""
    study = Study("denominators", options(__doc__, 20_000, 2_000))
    quiet()
    plan = cells()[:: 7 if study.options.quick else 1]
    for number, where in enumerate(plan, 1):
        rng = np.random.default_rng([SEED, 11, number])
        rule, rates, rows, n, x = draw(where, study.options.runs, rng)
        counts, met, not_met = false(rule, rates, n, x)
        for kind, (wrong, able) in counts.items():
            if able.sum() >= study.options.runs / 20:
                cell = Cell(where, kind, int(wrong.sum()), int(able.sum()))
                cell.claimed = "not claimed" not in kind
                study.cells.append(cell)
        for run in {0, int(met.argmax()), int(not_met.argmax())}:
            expected = "met" if met[run] else "not_met" if not_met[run] else "inconclusive"
            study.judged += 1
            study.differ += by_product(where, rule, rows, n[:, run], x[:, run]) != expected
        study.progress(number, len(plan))

    def count(cell: Cell, runs: int, rng: np.random.Generator) -> tuple[int, int]:
        rule, rates, _, n, x = draw(cell.where, runs, rng)
        wrong, able = false(rule, rates, n, x)[0][cell.kind]
        return int(wrong.sum()), int(able.sum())

    study.again(count)
    study.write(report(study))


def report(study: Study) -> str:
    """The text for the docs."""
    claimed = [cell for cell in study.cells if cell.claimed]
    outside = [cell for cell in study.cells if not cell.claimed]
    over = [cell for cell in claimed if cell.misses]
    highest = max(claimed, key=lambda cell: cell.share)
    parts = [
        paragraph(
            f"""Rates whose denominator is chance: true and false positive rate, positive predictive value and false
            omission rate of 2, 5 and 10 groups, with expected denominators from 5 to 4,000, so that groups fall below
            min_rows ({LEAST}) or have no denominator at all in some runs. {len(claimed):,} cells,
            {study.options.runs:,} seeded runs each, the truth on the line (differences of .10 and .30, ratio .8, worst
            rate .7), no margin. A `met` is false where the groups assessed in that run are on the line; the second
            column counts only such runs, because which groups are assessed depends on denominators alone. The stated
            error is .025. The table shows the highest share of every kind."""
        ),
        worst_table(claimed, ("rule", "denominators")),
        paragraph(
            f"""Highest: {highest.share:.4f} ({highest.kind}; {describe(highest)}). Cells above .0275, a tenth over the
            stated error, were run again with five times the runs; {len(over)} stay above it."""
        ),
        misses_table(claimed),
        paragraph(
            f"""No verdict speaks of groups below min_rows. If all groups are on the line only because of one that is
            too small to be assessed, `met` came in up to {max(cell.share for cell in outside):.2f} of the runs: the
            report lists such groups with their rows and their share, and `coverage_min` stops a `met` where they hold
            more than 5 % of the rows (switched off here)."""
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def describe(cell: Cell) -> str:
    """Where a cell is, in words."""
    return ", ".join(f"{name} {value}" for name, value in cell.where.items())


if __name__ == "__main__":
    main()
