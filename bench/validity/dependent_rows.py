"""False verdicts where rows are not independent or do not count once each: clusters and weights.

Several rows of one person, in groups of 15 to 100 people, and rows with weights, also such that depend on the
outcome: how often limits of single groups and verdicts on 2 to 10 groups are false.

    python bench/validity/dependent_rows.py --out bench/validity/results
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from _cells import Floats, paragraph
from _dependent import SCHEMES, Clusters, Weighted, clusters, spanning, weighted
from _runs import (
    ERROR,
    SEED,
    Cell,
    Study,
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

from hakari.assessment.rules.levels import Levels
from hakari.statistics.verdict import Rule

Where = dict[str, object]
Rows = Clusters | Weighted

RULES = {
    "difference": Rule(aggregation="difference", operator="<=", threshold=0.1),
    "wide difference": Rule(aggregation="difference", operator="<=", threshold=0.3),
    "ratio": Rule(aggregation="ratio", operator=">=", threshold=0.8),
    "worst group, high is bad": Rule(aggregation="worst_group", operator="<=", threshold=0.1),
    "worst group, low is bad": Rule(aggregation="worst_group", operator=">=", threshold=0.5),
}
LOWS = {
    "difference": (0.05, 0.4),
    "wide difference": (0.05,),
    "ratio": (0.4,),
    "worst group, high is bad": (0.1,),
    "worst group, low is bad": (0.5,),
}
COUNTS = {2: (15, 30, 100), 5: (15, 100), 10: (30,)}
"""Clusters in each group, by the number of groups."""
SCALE = 10**9


def truth(name: str, low: float, groups: int, layout: str) -> Floats:
    """Rates on the line: two extremes with the rest between, or half at each."""
    rule = RULES[name]
    if rule.aggregation == "worst_group":
        return np.full(groups, low)
    high = low + rule.threshold if rule.aggregation == "difference" else low / rule.threshold
    between = (np.arange(groups - 2) + 1) / (groups - 1)
    places = np.r_[0.0, 1.0, between] if layout == "spread" else np.arange(groups) % 2
    return low + places * (high - low)


def shapes(quick: bool) -> list[tuple[str, float, int, str]]:
    """Rule, lowest rate, groups and layout."""
    found = [
        (name, low, groups, layout)
        for name, groups, layout in product(RULES, (2, 5, 10), ("spread", "half"))
        for low in LOWS[name]
        if (layout == "half") == (groups == 10 and "worst" not in name)
    ]
    return found[::5] if quick else found


def plan(quick: bool) -> list[Where]:
    """Every truth: limits of single groups, then rules, for clusters, spanning clusters and weights."""
    found: list[Where] = []
    dependence = list(product((15, 30, 100), ("2 each", "20 each", "lognormal", "one of 30 %"), ("beta", "copies")))
    for (count, sizes, model), icc, rate in product(dependence, (0.05, 0.2, 0.5), (0.05, 0.1, 0.3, 0.5)):
        own = {"rows": "clusters", "rule": "one group", "G": 1, "low": rate, "C": count, "sizes": sizes}
        found.append(own | {"model": model, "icc": icc})
    for n, scheme, rate in product((30, 100, 300, 1_000), SCHEMES, (0.05, 0.1, 0.3, 0.5, 0.8)):
        found.append({"rows": "weights", "rule": "one of two groups", "G": 2, "low": rate, "n": n, "scheme": scheme})
    for name, low, groups, layout in shapes(quick):
        line = {"rule": name, "G": groups, "low": low, "layout": layout}
        for (count, sizes, model), icc in product(dependence, (0.05, 0.5)):
            if count in COUNTS[groups]:
                found.append({"rows": "clusters", **line, "C": count, "sizes": sizes, "model": model, "icc": icc})
        for n, scheme in product((100, 1_000) if groups == 2 else (100,), SCHEMES):
            found.append({"rows": "weights", **line, "n": n, "scheme": scheme})
        if "worst" not in name and groups < 10:
            for count, dependent, icc in product((15, 30, 100), ("alike", "opposite"), (0.05, 0.2, 0.5)):
                found.append({"rows": f"spanning clusters, {dependent}", **line, "C": count, "icc": icc})
    return found[::23] if quick else found


def size_of(where: Where, runs: int) -> int:
    """Fewer runs, but at least 4,000, where one run is many draws."""
    draws = int(str(where["G"])) * int(str(where.get("C", where.get("n"))))
    return min(runs, max(runs * 25 // draws, 4_000))


def draw(where: Where, runs: int, rng: np.random.Generator) -> tuple[Floats, Rows]:
    """True rates (G,) and the rows of every run."""
    single = str(where["rule"]).startswith("one ")
    low, groups = float(str(where["low"])), int(str(where["G"]))
    if single:
        # The other group tells how heavy either outcome is; its rate is another one.
        rates = np.array([low, 0.3])[:groups]
    else:
        rates = truth(str(where["rule"]), low, groups, str(where["layout"]))
    if where["rows"] == "weights":
        n = int(str(where["n"]))
        rows = [n] * groups if single else [n if g % 3 else 2 * n for g in range(groups)]
        return rates, weighted(rates, rows, SCHEMES[str(where["scheme"])], runs, rng)
    count, icc = int(str(where["C"])), float(str(where["icc"]))
    if where["rows"] == "clusters":
        return rates, clusters(rates, count, str(where["sizes"]), str(where["model"]), icc, runs, rng)
    return rates, spanning(rates, count, 5, str(where["rows"]).split(", ")[1], icc, runs, rng)


def counts(where: Where, runs: int, rng: np.random.Generator) -> tuple[dict[str, int], Rows, dict[str, Floats]]:
    """False verdicts (or limits beyond the truth) by kind, the rows, and for rules the verdicts of every run."""
    rates, rows = draw(where, runs, rng)
    if str(where["rule"]).startswith("one "):
        return beyond(rates, rows), rows, {}
    rule = RULES[str(where["rule"])]
    limit, p = rows.limit(), rows.values
    scope = np.ones(p.shape, dtype=bool)
    shared = str(where["rows"]).startswith("spanning")
    used = replace(rule, method="box") if shared else rule  # as `method_for` has it
    found = {"met": rejects_bad(used, p, limit, ERROR, scope), "not_met": rejects_good(used, p, limit, ERROR, scope)}
    total = {kind: int(fired.sum()) for kind, fired in found.items()}
    if shared:
        total["met, as if independent"] = int(rejects_bad(rule, p, limit, ERROR, scope).sum())
        total["not_met, as if independent"] = int(rejects_good(rule, p, limit, ERROR, scope).sum())
    return total, rows, found


def beyond(rates: Floats, rows: Rows) -> dict[str, int]:
    """How often each limit of the first group is beyond its rate, now and in the first version of the method."""
    first = rows.first_version() if isinstance(rows, Clusters) else rows.limit(first_version=True)
    found = {}
    for name, limit in (("", rows.limit()), (", first version", first)):
        lower, upper = (side[0] for side in limit(ERROR))
        found[f"lower limit{name}"] = int((lower > rates[0]).sum())
        found[f"upper limit{name}"] = int((upper < rates[0]).sum())
        found[f"width{name}"] = float((upper - lower).mean())
    return found  # type: ignore[return-value]


def by_product(where: Where, rows: Rows, run: int) -> str:
    """The verdict of one run, from a table of groups, clusters or weights, and predictions."""
    check, levels = planned(RULES[str(where["rule"])], min_rows=1), Levels(ERROR, ERROR)
    table: list[tuple[object, ...]] = []
    if isinstance(rows, Clusters):
        for g, c in np.ndindex(rows.x.shape[0], rows.x.shape[2]):
            x, n = int(rows.x[g, run, c]), int(rows.n[g, run, c])
            name = f"c{c}" if str(where["rows"]).startswith("spanning") else f"{g}-{c}"
            table += [(f"g{g:02}", name, y, k) for y, k in ((1, x), (0, n - x)) if k]
        return judged(check, evidence(("g", "cluster", "prediction", "n"), table), levels)
    for g in range(len(rows.n)):
        n, w1, w, q1, q = (
            float(part[g, run]) for part in (rows.n, rows.success, rows.total, rows.success_squares, rows.squares)
        )
        sides = ((1, w1, q1), (0, w - w1, q - q1))
        many = [round(n / 2), round(n) - round(n / 2)]
        table += [
            (f"g{g:02}", y, k, round(a * SCALE), str(round(b * SCALE**2)))
            for (y, a, b), k in zip(sides, many, strict=True)
            if a > 1e-9
        ]
    return judged(check, evidence(("g", "prediction", "n", "sum_w", "sum_w2"), table, scale=SCALE), levels)


def main() -> None:
    """Count all cells and write `dependent_rows.json` and `dependent_rows.md`."""
    study = Study("dependent_rows", options(__doc__, 10_000, 1_500))
    quiet()
    truths = plan(study.options.quick)
    widths: list[tuple[Where, float, float]] = []
    for number, where in enumerate(truths, 1):
        runs = size_of(where, study.options.runs)
        found, rows, verdicts = counts(where, runs, np.random.default_rng([SEED, 12, number]))
        for kind, false in found.items():
            if not kind.startswith("width"):
                cell = Cell(where, kind, false, runs)
                cell.claimed = not any(part in kind for part in ("first version", "as if"))
                study.cells.append(cell)
        if not verdicts:
            widths.append((where, float(found["width"]), float(found["width, first version"])))
        elif number % 5 == 0:
            for run in {0, int(verdicts["met"].argmax()), int(verdicts["not_met"].argmax())}:
                said = "met" if verdicts["met"][run] else "not_met" if verdicts["not_met"][run] else "inconclusive"
                study.judged += 1
                study.differ += by_product(where, rows, run) != said
        study.progress(number, len(truths))

    def count(cell: Cell, runs: int, rng: np.random.Generator) -> tuple[int, int]:
        runs = size_of(cell.where, runs)
        return counts(cell.where, runs, rng)[0][cell.kind], runs

    study.again(count)
    study.write(report(study, widths), widths=[{**w, "now": round(a, 5), "before": round(b, 5)} for w, a, b in widths])


def report(study: Study, widths: list[tuple[Where, float, float]]) -> str:
    """The text for the docs."""
    one = [cell for cell in study.cells if str(cell.where["rule"]).startswith("one ")]
    rules = [cell for cell in study.cells if cell not in one]
    parts = [
        paragraph(
            f"""Several rows of one person (clusters: 15, 30 or 100 in each group; 2 or 20 rows each, lognormal sizes,
            or one cluster with 30 % of the rows; correlation .05 to .5, as a rate of each person's own or as people who
            always get the same answer) and rows with weights (lognormal, a few giants, and weights that depend on the
            outcome). {len(study.cells):,} cells; {min(4_000, study.options.runs):,} to {study.options.runs:,} seeded
            runs each; the truth on the line, no margin; the stated error is .025."""
        ),
        "How often a limit of one group lies beyond the true rate, and before the method was changed:",
        worst_table([cell for cell in one if cell.where["rows"] == "clusters"], ("rows", "sizes", "C")),
        worst_table([cell for cell in one if cell.where["rows"] == "weights"], ("rows", "scheme")),
        "False verdicts, the highest of 2, 5 and 10 groups and of all rules:",
        worst_table([c for c in rules if c.where["rows"] == "clusters"], ("rows", "sizes")),
        worst_table([c for c in rules if c.where["rows"] == "weights"], ("rows", "scheme")),
        "Clusters with rows in every group: `method: box` is used whatever the plan says; and what would be without:",
        worst_table([c for c in rules if str(c.where["rows"]).startswith("spanning")], ("rows",)),
        cost(widths),
        paragraph(
            """Cells above .0275, a tenth over the stated error, were run again with five times the runs; those that
            stay above it:"""
        ),
        misses_table(study.cells) or "None.",
        paragraph(
            """No clusters are among them. What stays are weights that are far larger for one outcome than for the
            other: a weight of 20 that has not been drawn yet cannot be seen in the rows at hand, in this group or
            another. Weights that do not depend on the outcome, or differ by a factor of two, hold the error."""
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def cost(widths: list[tuple[Where, float, float]]) -> str:
    """What the change costs in width."""
    said = []
    for rows, key in (("clusters", "C"), ("weights", "n")):
        ratios: dict[object, list[float]] = {}
        for where, now, before in widths:
            if where["rows"] == rows:
                ratios.setdefault(where[key], []).append(now / before)
        said.append(f"{rows}: " + ", ".join(f"{np.mean(r):.2f} ({key} = {k:,})" for k, r in sorted(ratios.items())))
    return paragraph(f"Mean width of the intervals of one group against the first version: {'; '.join(said)}.")


if __name__ == "__main__":
    main()
