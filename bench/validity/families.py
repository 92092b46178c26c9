"""How often any of many groups makes `not_met` false, exactly: some groups at one rate, the others at another.

`pairs.py` compares each pair of a larger family with the pair's share of the error. The verdict promises another thing:
that any false `not_met` in the family is at most as likely as stated. Here k of G groups have the lower rate and
the others the higher one, with the truth on the acceptable line. The verdict is false where the lowest count of the
first kind and the highest of the second are too far apart, and both have known distributions. Groups of one kind
against each other are left out: there the truth is inside the line. Nothing is simulated.

    python bench/validity/families.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from _cells import Floats, Ints, machine, machine_line, paragraph, progress
from pairs import (
    MOST,
    THRESHOLDS,
    Aggregation,
    Case,
    contrast_limit,
    error_of,
    first_true,
    limits_of,
    rate_grid,
    rates_on_line,
    window,
)
from scipy import stats

ERRORS = (0.025, 0.0125, 0.00417, 0.00025, 0.000025)
GROUPS = (2, 5, 10, 50)
SIZES = (30, 100, 300, 1_000, 3_000, 10_000)
BANDS: dict[str, Floats] = {
    ".02 and more": rate_grid()[::10],
    ".005 to .019": np.arange(5, 20, 2) / 1000,
    ".0003 to .004": np.array([3, 5, 10, 15, 20, 30, 40]) / 10_000,
}
"""The lower rate."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The highest probability of a false `not_met` over the stated error, and at which truth."""

    aggregation: Aggregation
    band: str
    groups: int
    error: float
    relative: float = 0.0
    where: str = ""


def edges(case: Case) -> Ints:
    """For every count of a low group the smallest count of a high group with `not_met`."""
    bound = case.line if case.aggregation == "difference" else 0.0
    x = np.arange(case.n_low + 1)
    return first_true(lambda k: contrast_limit(case, x, k, case.n_low, case.n_high) > bound, len(x), case.n_high)


def chance(case: Case, edge: Ints, low: float, high: float, few: int) -> float:
    """P(the lowest of `few` low counts and the highest of the other high counts are that far apart)."""
    first, mass, _ = window(case.n_low, low)
    least_so = np.append(np.cumsum(mass[::-1])[::-1], 0.0)  # P(X ≥ x)
    lowest = least_so[:-1] ** few - least_so[1:] ** few
    one = stats.binom.sf(edge[first : first + len(mass)] - 1, case.n_high, high)
    # 1 − (1 − one)^(G − k), with its digits where `one` is tiny.
    some = -np.expm1((case.family - few) * np.log1p(-np.minimum(one, 1 - 1e-16)))
    return float(lowest @ some)


def worst(error: float, groups: int, aggregation: Aggregation, band: str) -> Worst:
    """The truth with the highest probability of a false `not_met`."""
    found = Worst(aggregation, band, groups, error)
    for line, n, m in product(THRESHOLDS[aggregation], SIZES, SIZES):
        case = Case(aggregation, line, "not_met", "mover", n, m, error, groups)
        edge = edges(case)
        for (low, high), few in product(rates_on_line(aggregation, line, BANDS[band]), {1, groups // 2, groups - 1}):
            relative = chance(case, edge, low, high, few) / error
            if relative > found.relative:
                where = f"line {line:g}: {few} × {n:,} rows at {low:g}, {groups - few} × {m:,} at {high:.3g}"
                found = Worst(aggregation, band, groups, error, relative, where)
    return found


def report(rows: Sequence[Worst], seconds: float) -> str:
    """The text for the docs."""
    lines = ["| rule | lower rate | G | " + " | ".join(error_of(2 * error) for error in ERRORS) + " |"]
    lines.append("|---|---|---:|" + "---:|" * len(ERRORS))
    for key in product(THRESHOLDS, BANDS, GROUPS):
        places = (row.relative for row in rows if (row.aggregation, row.band, row.groups) == key)
        shown = (f"**{place:.3f}**" if place > MOST else f"{place:.3f}" for place in places)
        lines.append("| " + " | ".join((*map(str, key), *shown)) + " |")
    over = [f"{row.where} (error {error_of(2 * row.error)})" for row in rows if row.relative > MOST]
    parts = [
        paragraph(
            f"""Any false `not_met` of a family by MOVER over the stated error, exact, the highest of all truths tried:
            G groups of two kinds, {SIZES[0]} to {SIZES[-1]:,} rows each; one, half or all but one of them at the lower
            rate; lines of .05, .10, .15, .8 and .9. The smallest error is about what a plan of ten checks spends at its
            tenth look."""
        ),
        "\n".join(lines),
        paragraph(
            f"{len(over)} of {len(rows)} places lie above {MOST}" + (": " if over else "") + "; ".join(over) + "."
        ),
        paragraph(f"{seconds / 60:.1f} minutes on one core; {machine_line()}."),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Compute everything and write `families.json` and `families.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    options = parser.parse_args()
    started = time.process_time()
    rows: list[Worst] = []
    for error, groups in product(ERRORS, GROUPS):
        rows += [worst(error, groups, rule, band) for rule, band in product(THRESHOLDS, BANDS)]
        progress(f"error {error:g}, {groups} groups", started)
        limits_of.cache_clear()
    seconds = time.process_time() - started
    options.out.mkdir(parents=True, exist_ok=True)
    record = {"seconds": round(seconds), "machine": machine(), "rows": [asdict(row) for row in rows]}
    (options.out / "families.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    text = report(rows, seconds)
    (options.out / "families.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
