"""How often any verdict of a plan is false: 2, 5 and 10 dependent checks on the same rows, held by Holm.

All checks read one sample of groups, labels and predictions: rates with shared numerators and denominators, as
differences, ratios and worst groups. Some hypotheses are true (the aggregate is exactly on the line), the others are
false, a little or much. Counted is P(any false `not_met`) over the whole plan, P(any false `met`) with
`family_met: holm`, and both without a correction. A check that could not be measured keeps its place.

    python bench/validity/holm.py --out bench/validity/results
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from _cells import Bools, Floats, Ints, paragraph
from _runs import (
    ERROR,
    SEED,
    Cell,
    Limit,
    Study,
    counts_limit,
    evidence,
    misses_table,
    options,
    planned,
    quiet,
    rejects_bad,
    rejects_good,
    worst_table,
)

from hakari.assessment.model import PlannedCheck
from hakari.assessment.rules.checks import judge
from hakari.assessment.rules.levels import family_levels
from hakari.assessment.rules.prepared import firing_of, prepare
from hakari.statistics import Tally, firing_levels, rate_definition, smooth_limits
from hakari.statistics.verdict import Rule, plug_in

CHECKS = (
    ("true_positive_rate", "difference", "<="),
    ("false_positive_rate", "difference", "<="),
    ("selection_rate", "difference", "<="),
    ("positive_predictive_value", "difference", "<="),
    ("accuracy", "worst_group", ">="),
    ("selection_rate", "ratio", ">="),
    ("error_rate", "difference", "<="),
    ("false_omission_rate", "difference", "<="),
    ("base_rate", "ratio", ">="),
    ("true_negative_rate", "worst_group", ">="),
)
"""Metric, aggregation and operator; a plan of K checks has the first K."""
ALIKE = tuple(("true_positive_rate", "difference", "<=") for _ in CHECKS)
"""The same check again and again: the strongest dependence."""
PLANS = {"different metrics": CHECKS, "one metric, repeated": ALIKE}
MIXTURES = {
    "all on the line": lambda count: np.zeros(count),
    "half on the line, half far beyond": lambda count: np.where(np.arange(count) % 2, 0.2, 0.0),
    "half on the line, half a little beyond": lambda count: np.where(np.arange(count) % 2, 0.05, 0.0),
    "one on the line, the others far beyond": lambda count: np.where(np.arange(count), 0.2, 0.0),
    "half on the line, half well inside": lambda count: np.where(np.arange(count) % 2, -0.1, 0.0),
}
"""How far each true aggregate lies on the other side of its line; 0 is on it, where the hypothesis is true."""
FAILED = {"none": 0, "a third": 3}
Where = dict[str, object]


@dataclass(frozen=True, slots=True)
class Truth:
    """The checks of a plan with lines that make the given hypotheses true, and the cell probabilities."""

    cells: Floats
    """Probabilities (G, label, prediction)."""
    metrics: tuple[str, ...]
    rules: tuple[Rule, ...]
    beyond: Floats
    measured: Bools


def cell_probabilities(groups: int, spread: float) -> Floats:
    """(G, 2, 2): base rates, true and false positive rates that differ from group to group."""
    place = np.linspace(0, 1, groups)
    base, hit, false = 0.3 + spread * place, 0.6 + spread * place[::-1], 0.2 + spread * place
    found = np.empty((groups, 2, 2))
    found[:, 1, 1], found[:, 1, 0] = base * hit, base * (1 - hit)
    found[:, 0, 1], found[:, 0, 0] = (1 - base) * false, (1 - base) * (1 - false)
    return found


def truth(where: Where, kind: str) -> Truth:
    """The plan of one cell; for `met` the beyond side is the good one."""
    count, groups = int(str(where["K"])), int(str(where["G"]))
    cells = cell_probabilities(groups, 0.15)
    chosen = PLANS[str(where["plan"])][:count]
    beyond = MIXTURES[str(where["truth"])](count)
    metrics, rules = [], []
    for (metric, aggregation, operator), far in zip(chosen, beyond.tolist(), strict=True):
        rates = rate_definition(metric).value(cells)
        bare = Rule(aggregation=aggregation, operator=operator, threshold=0.5)  # type: ignore[arg-type]
        value = plug_in(bare, rates)
        side = 1 if operator == "<=" else -1
        # not_met is right where the truth is worse than the line, met where it is better.
        line = value - side * far if kind == "not_met" else value + side * far
        rules.append(replace(bare, threshold=float(np.clip(line, 1e-6, 1 - 1e-6))))
        metrics.append(metric)
    measured = np.arange(count) % 3 != 2 if FAILED[str(where["failed"])] else np.ones(count, dtype=bool)
    return Truth(cells, tuple(metrics), tuple(rules), beyond, measured)


def samples(cells: Floats, rows: Ints, runs: int, rng: np.random.Generator) -> Ints:
    """Counts (G, runs, 2, 2)."""
    drawn = [rng.multinomial(n, p.ravel(), size=runs) for n, p in zip(rows.tolist(), cells, strict=True)]
    return np.stack(drawn).reshape(len(rows), runs, 2, 2)


def rows_of(where: Where) -> Ints:
    """Rows of each group: equal, or every other one four times as many."""
    size, groups = int(str(where["rows"])), int(str(where["G"]))
    return np.where(np.arange(groups) % 2, 4 * size, size) if where["unequal"] else np.full(groups, size)


def strictest(kind: str, rule: Rule, p: Floats, limit: Limit, scope: Bools, count: int) -> Ints:
    """The largest j ≤ K such that the check still fires at α/j, 0 where it does not fire at α (runs,)."""
    rejects = rejects_bad if kind == "met" else rejects_good
    found = np.zeros(p.shape[1], dtype=np.int64)
    for j in range(1, count + 1):
        found[rejects(rule, p, limit, ERROR / j, scope)] = j
    return found


def rejected(strict: Ints) -> Bools:
    """Holm over checks (K, runs): step s is passed where the s-th strictest check fires at α/(K−s)."""
    count = len(strict)
    ordered = -np.sort(-strict, axis=0)
    passed = np.logical_and.accumulate(ordered >= (count - np.arange(count))[:, None], axis=0).sum(axis=0)
    rank = np.argsort(np.argsort(-strict, axis=0, kind="stable"), axis=0, kind="stable")
    found: Bools = rank < passed
    return found


def plan(quick: bool) -> list[Where]:
    """Every truth."""
    found: list[Where] = []
    for name, count, groups, rows, mixture in product(PLANS, (2, 5, 10), (2, 5), (150, 1_000), MIXTURES):
        for unequal, failed in ((False, "none"), (True, "none"), (False, "a third")):
            if count > 2 or failed == "none":
                where: Where = {"plan": name, "K": count, "G": groups, "rows": rows, "truth": mixture}
                found.append(where | {"unequal": unequal, "failed": failed})
    return found[::13] if quick else found


def counts(where: Where, kind: str, runs: int, rng: np.random.Generator) -> tuple[dict[str, int], Ints, Bools, Truth]:
    """False verdicts of the whole plan, the samples and which checks are rejected (K, runs)."""
    known, rows = truth(where, kind), rows_of(where)
    drawn = samples(known.cells, rows, runs, rng)
    strict = np.zeros((len(known.rules), runs), dtype=np.int64)
    done: dict[tuple[str, Rule], Ints] = {}
    for k, (metric, rule) in enumerate(zip(known.metrics, known.rules, strict=True)):
        if not known.measured[k]:
            continue
        if (metric, rule) not in done:
            definition = rate_definition(metric)
            x, n = (sum(drawn[:, :, i, j] for i, j in cells) for cells in (definition.successes, definition.trials))
            p, scope = np.divide(x, n, out=np.zeros(x.shape), where=n > 0), n > 0
            done[metric, rule] = strictest(kind, rule, p, counts_limit(x, n), scope, len(known.rules))
        strict[k] = done[metric, rule]
    fired = rejected(strict)
    # A hypothesis is true on the line and on its own side of it.
    on = (known.beyond <= 0)[:, None]
    total = {
        f"any {kind}": int((fired & on).any(axis=0).sum()),
        f"any {kind}, no correction": int(((strict > 0) & on).any(axis=0).sum()),
    }
    return total, drawn, fired, known


def by_product(known: Truth, kind: str, drawn: Ints) -> list[bool]:
    """Which checks of one run have the verdict: the family's p-values, Holm's levels, and the verdicts at them."""
    table = [(f"g{g}", y, d, int(k)) for (g, y, d), k in np.ndenumerate(drawn) if k]
    record = evidence(("g", "label", "prediction", "n"), table)
    # The first look spends half of the error, so the whole one belongs to a confidence of .90.
    each = {"min_rows": 1, "family_met": "holm", "confidence": 1 - 4 * ERROR}
    family = [
        planned(rule, id=f"r/c{k:02}", metric=metric, **each)
        for k, (metric, rule) in enumerate(zip(known.metrics, known.rules, strict=True))
    ]
    prepared = {
        check.id: prepare(check, "e" * 64, record)  # type: ignore[arg-type]
        for check, measured in zip(family, known.measured, strict=True)
        if measured
    }
    levels = family_levels(_Plan(tuple(family)), firing_of(prepared))  # type: ignore[arg-type]
    status = {name: judge(item, levels[name]).status for name, item in prepared.items()}
    return [status.get(check.id) == kind for check in family]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What `family_levels` reads of a plan."""

    checks: tuple[PlannedCheck, ...]


def with_ranking(runs: int, rng: np.random.Generator) -> Cell:
    """A plan whose fifth check is the difference of the AUC of two groups, all on the line."""
    levels, rows, count = np.arange(10) / 10 + 0.05, 400, 5
    shapes = [np.exp(-0.5 * ((levels[:, None] - np.array(c)) / 0.25) ** 2) for c in ((0.4, 0.6), (0.35, 0.68))]
    cells = [np.stack([0.7 * s[:, 0] / s[:, 0].sum(), 0.3 * s[:, 1] / s[:, 1].sum()]) for s in shapes]  # (label, score)
    drawn = np.stack([rng.multinomial(rows, c.ravel(), size=runs).reshape(runs, 2, 10) for c in cells])
    true_auc = [float((c[1] * (np.cumsum(c[0]) - c[0] / 2)).sum() / 0.21) for c in cells]
    on_line = {"auc": abs(true_auc[1] - true_auc[0])}
    decided = np.stack([np.stack([d[:, :, :5].sum(2), d[:, :, 5:].sum(2)], axis=2) for d in drawn])  # (G, runs, 2, 2)
    exact = np.stack([np.stack([c[:, :5].sum(1), c[:, 5:].sum(1)], axis=1) for c in cells])
    strict = np.zeros((count, runs), dtype=np.int64)
    for k, (metric, aggregation, operator) in enumerate(CHECKS[: count - 1]):
        definition = rate_definition(metric)
        bare = Rule(aggregation=aggregation, operator=operator, threshold=0.5)  # type: ignore[arg-type]
        rule = replace(bare, threshold=plug_in(bare, definition.value(exact)))
        x, n = (sum(decided[:, :, i, j] for i, j in part) for part in (definition.successes, definition.trials))
        strict[k] = strictest("not_met", rule, x / n, counts_limit(x, n), n > 0, count)
    rule = Rule(aggregation="difference", operator="<=", threshold=on_line["auc"])
    for run in range(runs):
        table = [(f"g{g}", y, float(levels[s]), int(drawn[g, run, y, s])) for g, y, s in np.ndindex(2, 2, 10)]
        tally = Tally.from_cells(("g", "label", "score"), [row for row in table if row[-1]])
        p = firing_levels(rule, smooth_limits(tally, "auc", by=("g",), rng=rng)).p_not_met
        strict[-1, run] = max((j for j in range(1, count + 1) if p <= ERROR / j), default=0)
    where: Where = {"plan": "with the AUC", "K": count, "G": 2, "rows": rows, "truth": "all on the line"}
    false = int(rejected(strict).any(axis=0).sum())
    return Cell(where | {"unequal": False, "failed": "none"}, "any not_met", false, runs)


def main() -> None:
    """Count all cells and write `holm.json` and `holm.md`."""
    study = Study("holm", options(__doc__, 5_000, 500))
    quiet(levels_too=False)
    truths = plan(study.options.quick)
    for number, where in enumerate(truths, 1):
        for kind in ("not_met", "met"):
            rng = np.random.default_rng([SEED, 16, number])
            total, drawn, fired, known = counts(where, kind, study.options.runs, rng)
            for name, false in total.items():
                study.cells.append(Cell(where, name, false, study.options.runs, claimed="no correction" not in name))
            run = int(fired.sum(axis=0).argmax()) if number % 2 else 0
            found = by_product(known, kind, drawn[:, run])
            study.judged += len(found)
            study.differ += sum(a != bool(b) for a, b in zip(found, fired[:, run], strict=True))
        study.progress(number, len(truths), 20)
    study.cells.append(with_ranking(max(study.options.runs * 2 // 5, 50), np.random.default_rng([SEED, 17])))

    def count(cell: Cell, runs: int, rng: np.random.Generator) -> tuple[int, int]:
        if cell.where["plan"] == "with the AUC":
            again = with_ranking(runs * 2 // 5, rng)
            return again.false, again.runs
        kind = "not_met" if "not_met" in cell.kind else "met"
        return counts(cell.where, kind, runs, rng)[0][cell.kind], runs

    study.again(count)
    study.write(report(study))


def report(study: Study) -> str:
    """The text for the docs."""
    kept = [cell for cell in study.cells if cell.claimed]
    bare = [cell for cell in study.cells if not cell.claimed]
    ranking = next(cell for cell in kept if cell.where["plan"] == "with the AUC")
    parts = [
        paragraph(
            f"""Plans of 2, 5 and 10 checks on the same rows: rates with shared numerators and denominators as
            differences, ratios and worst groups, and the same check repeated; 2 and 5 groups of 150 or 1,000 rows,
            equal or one to four; all hypotheses true, or some false by a little or by far; with all checks measured,
            and with a third that failed and keeps its place. {len(kept):,} cells, {study.options.runs:,} seeded runs
            each. Counted is a run in which any verdict of the plan is false: `not_met` with Holm, and `met` with
            `family_met: holm`. The stated error of the whole plan is .025."""
        ),
        worst_table([c for c in kept if c is not ranking], ("plan", "K", "truth")),
        paragraph(
            f"""Without a correction any `not_met` is false in up to
            {max(c.share for c in bare if "not_met" in c.kind):.3f} and any `met` in up to
            {max(c.share for c in bare if "not_met" not in c.kind):.3f}. A plan of five checks with the difference of
            the AUC among them ({ranking.runs:,} runs): {ranking.share:.4f}. With Holm the highest is
            {max(cell.share for cell in kept):.4f}; {sum(cell.misses for cell in kept)} cells are above .0275."""
        ),
        misses_table(kept),
    ]
    return "\n\n".join(part for part in parts if part)


if __name__ == "__main__":
    main()
