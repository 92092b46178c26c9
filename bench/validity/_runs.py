"""Verdicts of many simulated runs at once, where the denominators differ from run to run, and cells with a count each.

The limits come from the product, the rule is evaluated on arrays (groups, runs). Every script judges a sample of its
runs by the product's own `prepare` and `judge` as well and counts how many differ.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from _cells import Bools, Floats, Ints, machine, machine_line, paragraph, progress

from hakari.assessment.model import PlannedCheck
from hakari.assessment.rules import checks
from hakari.assessment.rules import prepared as preparing
from hakari.assessment.rules.levels import Levels
from hakari.assessment.rules.prepared import SHARE_OF_SMALL_GROUPS, prepare
from hakari.evidence import Table
from hakari.statistics import FiringLevels
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.limits import clopper_pearson_lower, clopper_pearson_upper
from hakari.statistics.verdict import Rule

SEED = 20_261_122
ERROR = 0.025
PROMISE = 1.1 * ERROR
ROOM = 0.0285
"""The promise with room for chance in 20,000 runs."""

Limit = Callable[[float], tuple[Floats, Floats]]
"""One-sided error → lower and upper limits (groups, runs)."""


def counts_limit(x: Ints, n: Ints) -> Limit:
    """Clopper–Pearson limits of counts (groups, runs), each distinct pair computed once."""
    key = n.astype(np.int64) * (int(n.max()) + 1) + x
    distinct, place = np.unique(key, return_inverse=True)
    trials, successes = np.divmod(distinct.astype(float), float(int(n.max()) + 1))
    known: dict[float, tuple[Floats, Floats]] = {}

    def limit(error: float) -> tuple[Floats, Floats]:
        if error not in known:
            sides = (clopper_pearson_lower, clopper_pearson_upper)
            lower, upper = (side(successes, trials, error) for side in sides)
            known[error] = (lower[place].reshape(x.shape), upper[place].reshape(x.shape))
        return known[error]

    return limit


def rejects_bad(rule: Rule, p: Floats, limit: Limit, error: float, scope: Bools) -> Bools:
    """Whether the limits of the groups in `scope` (groups, runs) lie on the good side of b, in every run."""
    b, strict = rule.unacceptable, rule.margin == 0
    if rule.compares:
        line, bound = (1.0, b) if rule.aggregation == "difference" else (b, 0.0)
        return _passes(rule, p, limit, error, scope, line, bound)
    if rule.operator == "<=":
        reach, bound = np.where(scope, limit(error)[1], -np.inf).max(axis=0), b
    else:
        reach, bound = -np.where(scope, limit(error)[0], np.inf).min(axis=0), -b
    return reach < bound if strict else reach <= bound


def _passes(rule: Rule, p: Floats, limit: Limit, error: float, scope: Bools, line: float, bound: float) -> Bools:
    """Whether the largest contrast over all angles is below the bound; the middle angles refute nearly all runs."""
    errors = [error / 2] if rule.method == "box" else joint_errors(error).tolist()
    both = list(zip(errors, reversed(errors), strict=True))
    left = np.arange(p.shape[1])
    for place in sorted(range(len(both)), key=lambda each: abs(each - (len(both) - 1) / 2)):
        at_low, at_high = both[place]
        q = p[:, left]
        below, above = np.minimum(q, limit(at_low)[0][:, left]), np.maximum(q, limit(at_high)[1][:, left])
        reach = _largest_sum(-below, line * above, scope[:, left])
        left = left[reach < bound if rule.margin == 0 else reach <= bound]
    found = np.zeros(p.shape[1], dtype=bool)
    found[left] = True
    return found


def rejects_good(rule: Rule, p: Floats, limit: Limit, error: float, scope: Bools) -> Bools:
    """Whether some limit lies beyond a: the error is divided by the contrasts or groups in scope, run by run."""
    found = np.zeros(p.shape[1], dtype=bool)
    size = scope.sum(axis=0)
    halve = 2 if rule.compares and rule.method == "box" else 1
    for groups in np.unique(size[size >= (2 if rule.compares else 1)]).tolist():
        runs = np.flatnonzero(size == groups)
        share = error / (groups * (groups - 1) if rule.compares else groups) / halve
        lower, upper = (side[:, runs] for side in limit(share))
        q, inside = p[:, runs], scope[:, runs]
        if not rule.compares:
            beyond = lower > rule.threshold if rule.operator == "<=" else upper < rule.threshold
            found[runs] = (beyond & inside).any(axis=0)
            continue
        line, bound = (1.0, rule.threshold) if rule.aggregation == "difference" else (rule.threshold, 0.0)
        below, above = np.minimum(q, lower), np.maximum(q, upper)
        if rule.method == "box":
            gap = _largest_sum(-above, line * below, inside)
        else:
            gap = _largest_root(q, above - q, q - below, line, inside)
        found[runs] = gap > bound
    return found


def _largest_sum(a: Floats, b: Floats, scope: Bools) -> Floats:
    """max over i≠j of a_i + b_j of groups in scope, in every run; −∞ where there are fewer than two."""
    a, b = np.where(scope, a, -np.inf), np.where(scope, b, -np.inf)
    (i, best_a, next_a), (j, best_b, next_b) = _two_best(a), _two_best(b)
    return np.where(i != j, best_a + best_b, np.maximum(best_a + next_b, next_a + best_b))


def _two_best(each: Floats) -> tuple[Ints, Floats, Floats]:
    """Which group has the largest number in every run, that number and the next one."""
    place = each.argmax(axis=0)
    other = each.copy()
    np.put_along_axis(other, place[None], -np.inf, axis=0)
    return place, each.max(axis=0), other.max(axis=0)


def _largest_root(p: Floats, r: Floats, s: Floats, line: float, scope: Bools) -> Floats:
    """MOVER's lower limit of the largest contrast line·p_j − p_i of groups in scope, in the product's order."""
    best = np.full(p.shape[1], -np.inf)
    p = np.where(scope, p, 0.0)
    for i in range(len(p)):
        for j in range(len(p)):
            if i != j:
                each = -p[i] + line * p[j] - np.hypot(r[i], line * s[j])
                np.maximum(best, np.where(scope[i] & scope[j], each, -np.inf), out=best)
    return best


def scoped_verdicts(rule: Rule, x: Ints, n: Ints, least: int, met: float, not_met: float) -> tuple[Bools, Bools]:
    """`met` and `not_met` of every run by the rules for groups below `least` trials (assessment/rules/checks.py)."""
    limit, p = counts_limit(x, n), np.divide(x, n, out=np.zeros(x.shape), where=n > 0)
    known, kept = n > 0, n >= max(least, 1)
    few = 2 if rule.compares else 1
    enough, whole = kept.sum(axis=0) >= few, kept.sum(axis=0) == known.sum(axis=0)
    passes = rejects_bad(rule, p, limit, met, kept) & enough
    plain = rejects_good(rule, p, limit, not_met, kept)
    rest = rejects_good(rule, p, limit, not_met * (1 - SHARE_OF_SMALL_GROUPS), kept)
    falls = np.where(whole, plain, rest) & enough & ~passes
    if whole.all():
        return passes, falls
    wide = rejects_good(rule, p, limit, not_met * SHARE_OF_SMALL_GROUPS, known)
    wide &= ~whole & ~rejects_bad(rule, p, limit, met, known)
    return passes & ~wide, falls | wide


def aggregate(rule: Rule, rates: Floats, scope: Bools) -> Floats:
    """The true aggregate of the groups in scope, in every run; nan where there are too few."""
    low = np.where(scope, rates[:, None], np.inf).min(axis=0)
    high = np.where(scope, rates[:, None], -np.inf).max(axis=0)
    enough = scope.sum(axis=0) >= (2 if rule.compares else 1)
    low, high = np.where(enough, low, np.nan), np.where(enough, high, np.nan)
    if rule.aggregation == "worst_group":
        return high if rule.operator == "<=" else low
    found: Floats = high - low if rule.aggregation == "difference" else low / high
    return found


# --- The product itself ---------------------------------------------------------------------------------------------


def planned(rule: Rule, **changes: object) -> PlannedCheck:
    """A check of a plan with this rule."""
    return PlannedCheck(
        **({
            "id": "r/c[g]", "requirement": "r@1", "measurement": "m", "measure": "fairness.groups@1",
            "metric": "selection_rate", "basis": "rate", "table": "tally", "aggregation": rule.aggregation,
            "columns": ("g",), "operator": rule.operator, "threshold": rule.threshold, "margin": rule.margin,
            "confidence": 1 - 2 * ERROR, "method": rule.method, "family_met": "none", "min_rows": 30,
            "coverage_min": 0.0, "severity": "major", "look": 1, "set_by": {}, "why": {}, "source": {},
            "alternatives": (), "confirmed": True,
        } | changes)  # type: ignore[arg-type]
    )  # fmt: skip


def evidence(columns: Sequence[str], rows: Iterable[Sequence[object]], **details: object) -> SimpleNamespace:
    """What `prepare` reads of an evidence record: one table of counts."""
    table = Table(name="tally", columns=tuple(columns), rows=tuple(tuple(row) for row in rows), details=details)
    return SimpleNamespace(tables=(table,), estimates=(), seed=SEED)


def quiet(*, levels_too: bool = True) -> None:
    """Leave out what no verdict depends on: rows needed, noise floor and, where levels are given, p-values."""
    checks._rows_needed = lambda *_: None
    checks._noise = lambda *_: None
    if levels_too:
        preparing.firing_levels = lambda *_: FiringLevels(1.0, 1.0)


def judged(check: PlannedCheck, record: SimpleNamespace, levels: Levels) -> str:
    """The verdict by the product, from the rows of the evidence to the line of the report."""
    return checks.judge(prepare(check, "e" * 64, record), levels).status  # type: ignore[arg-type]


# --- Cells ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Cell:
    """One count of false verdicts with a known truth."""

    where: dict[str, object]
    kind: str
    false: int
    runs: int
    again: int | None = None
    again_runs: int = 0
    promise: float = ERROR
    claimed: bool = True
    """False for what no verdict claims, shown for information."""

    @property
    def share(self) -> float:
        """The best estimate of the probability: the fresh runs where there are any."""
        return self.again / self.again_runs if self.again is not None else self.false / max(self.runs, 1)

    @property
    def misses(self) -> bool:
        """Whether the best estimate is above the promise."""
        return self.claimed and self.share > 1.1 * self.promise


@dataclass(slots=True)
class Study:
    """All cells of one script, and how many runs the product judged too."""

    name: str
    options: argparse.Namespace
    cells: list[Cell] = field(default_factory=list)
    judged: int = 0
    differ: int = 0
    started: float = field(default_factory=time.process_time)

    def again(self, count: Callable[[Cell, int, np.random.Generator], tuple[int, int]], times: int = 5) -> None:
        """Count the cells above the promise again in fresh runs: of many cells the highest is high by chance."""
        for number, cell in enumerate(cell for cell in self.cells if cell.misses):
            rng = np.random.default_rng([SEED, 99, number])
            cell.again, cell.again_runs = 0, 0
            for _ in range(times):
                false, runs = count(cell, self.options.runs, rng)
                cell.again, cell.again_runs = cell.again + false, cell.again_runs + runs

    def progress(self, number: int, total: int, every: int = 50) -> None:
        """A line now and then."""
        if number % every == 0 or number == total:
            progress(f"{self.name}: {number:,} of {total:,} truths, {len(self.cells):,} cells", self.started)

    def foot(self) -> str:
        """How it was made."""
        seconds = time.process_time() - self.started
        product = ""
        if self.judged:
            product = f"{self.judged:,} runs were judged by the product's own functions as well: {self.differ} differ. "
        return paragraph(f"{product}Seed {SEED}; {seconds / 60:.1f} minutes on one core; {machine_line()}.")

    def write(self, text: str, **more: object) -> None:
        """`name.json` with all cells and `name.md` with the text; fails if the product judged otherwise."""
        out: Path = self.options.out
        out.mkdir(parents=True, exist_ok=True)
        head = {
            "seed": SEED, "error": ERROR, "runs": self.options.runs, "quick": self.options.quick,
            "judged_by_product": self.judged, "differ": self.differ,
            "seconds": round(time.process_time() - self.started), "machine": machine(), **more,
        }  # fmt: skip
        cells = ",\n".join(json.dumps(row(cell)) for cell in self.cells)
        body = json.dumps(head, indent=1).removesuffix("\n}") + f',\n "cells": [\n{cells}\n]\n}}\n'
        (out / f"{self.name}.json").write_text(body, encoding="utf-8")
        (out / f"{self.name}.md").write_text(text + "\n\n" + self.foot() + "\n", encoding="utf-8")
        print(text + "\n\n" + self.foot())
        if self.differ:
            raise SystemExit(f"{self.differ} of {self.judged} runs are judged otherwise by the product")


def row(cell: Cell) -> dict[str, object]:
    """A cell as it is written."""
    found = cell.where | {"kind": cell.kind, "false": cell.false, "runs": cell.runs, "share": round(cell.share, 6)}
    if cell.again is not None:
        found |= {"again": cell.again, "again_runs": cell.again_runs}
    return found if cell.claimed else found | {"claimed": False}


def worst_table(cells: Sequence[Cell], rows: Sequence[str]) -> str:
    """The highest share: `rows` down, what was counted across."""
    across = list(dict.fromkeys(cell.kind for cell in cells))
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for cell in cells:
        line = found.setdefault(tuple(str(cell.where[name]) for name in rows), {})
        if cell.kind not in line or cell.share > line[cell.kind].share:
            line[cell.kind] = cell
    lines = ["| " + " | ".join((*rows, *across)) + " |", "|---" * len(rows) + "|---:" * len(across) + "|"]
    for key, line in found.items():
        lines.append("| " + " | ".join((*key, *(shown(line.get(kind)) for kind in across))) + " |")
    return "\n".join(lines)


def shown(cell: Cell | None) -> str:
    """A share for a table; bold above the promise."""
    if cell is None:
        return "–"
    return f"**{cell.share:.4f}**" if cell.misses else f"{cell.share:.4f}"


def misses_table(cells: Sequence[Cell], most: int = 40) -> str:
    """Cells above the promise, the worst first."""
    over = sorted((cell for cell in cells if cell.misses), key=lambda cell: -cell.share)[:most]
    if not over:
        return ""
    names = list(dict.fromkeys(name for cell in over for name in cell.where))
    lines = ["| " + " | ".join((*names, "verdict", "share", "fresh runs")) + " |"]
    lines.append("|---" * (len(names) + 1) + "|---:|---:|")
    for cell in over:
        values = (*(str(cell.where.get(name, "")) for name in names), cell.kind, shown(cell), f"{cell.again_runs:,}")
        lines.append("| " + " | ".join(values) + " |")
    return "\n".join(lines)


def options(doc: str | None, runs: int, quick: int) -> argparse.Namespace:
    """--out, --runs and --quick."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--quick", action="store_true", help="few runs and few truths, for a look")
    found = parser.parse_args()
    if found.quick:
        found.runs = quick
    return found
