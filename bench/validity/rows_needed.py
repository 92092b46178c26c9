"""Whether the two numbers of rows needed do what they say: an 80 % chance of a verdict, and a certain one.

A pilot is drawn; where its verdict is inconclusive, `rows_needed` is asked as the assessment asks it; then fresh
samples of that size are drawn at the true rates and judged at the next look's error. `likely` speaks of the average
over rates that the pilot leaves possible (Jeffreys prior), so the promise is about truths drawn from that prior; other
priors and fixed truths are shown beside it. `sure` speaks of every rate inside the present intervals.

    python bench/validity/rows_needed.py --out bench/validity/results
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from _cells import Floats, paragraph
from _runs import SEED, Study, counts_limit, options, planned, rejects_bad, rejects_good

from hakari.assessment.rules.levels import budget
from hakari.statistics import ClopperPearson, decide, rows_needed, simultaneous
from hakari.statistics.verdict import Rule

FRESH = 40
"""Fresh samples for every pilot."""
MOST_TRIES = 60
INSIDE = 20
RULES = {
    "difference .10, margin .05": Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05),
    "difference .05, no margin": Rule(aggregation="difference", operator="<=", threshold=0.05),
    "ratio .8, margin .05": Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.05),
    "worst group ≥ .5, margin .05": Rule(aggregation="worst_group", operator=">=", threshold=0.5, margin=0.05),
}
PILOTS = {"100, 100": (100, 100), "60, 1,000": (60, 1_000), "200, 100, 60, 150, 80": (200, 100, 60, 150, 80)}


def _close(groups: int, rng: np.random.Generator) -> Floats:
    return np.clip(rng.uniform(0.1, 0.8) + rng.normal(0, 0.05, groups), 0.01, 0.99)


def _fixed(gap: float) -> Callable[[int, np.random.Generator], Floats]:
    return lambda groups, rng: np.linspace(0.5 - gap / 2, 0.5 + gap / 2, groups)


TRUTHS: dict[str, Callable[[int, np.random.Generator], Floats]] = {
    "Jeffreys prior": lambda groups, rng: rng.beta(0.5, 0.5, groups),
    "uniform prior": lambda groups, rng: rng.random(groups),
    "close to each other": _close,
    "equal": _fixed(0.0),
    "gap .05": _fixed(0.05),
    "gap .12": _fixed(0.12),
    "gap .20": _fixed(0.2),
}


@dataclass(slots=True)
class Setting:
    """One rule, size of pilot and kind of truth, and what was found."""

    rule: str
    pilot: str
    truth: str
    chances: list[float] = field(default_factory=list)
    """Share of fresh samples with a verdict, for every inconclusive pilot."""
    promised: list[float] = field(default_factory=list)
    likely: list[int] = field(default_factory=list)
    without: int = 0
    """Pilots without a number (more than 10⁸ rows)."""
    conclusive: int = 0
    """Pilots that had a verdict and did not ask."""
    checked: int = 0
    open: int = 0
    """Of `checked` rates inside the present intervals, observed at N_sure, those without a verdict."""

    def row(self) -> dict[str, object]:
        """As it is written."""
        c = np.array(self.chances)
        mean = round(float(c.mean()), 4) if len(c) else None
        error = round(float(c.std() / np.sqrt(len(c))), 4) if len(c) else None
        median = int(np.median(self.likely)) if self.likely else None
        return {
            "rule": self.rule, "pilot": self.pilot, "truth": self.truth, "pilots": len(c), "chance": mean,
            "standard_error": error, "median_rows": median, "without_number": self.without,
            "conclusive_pilots": self.conclusive, "inside_checked": self.checked, "inside_open": self.open,
        }  # fmt: skip


def verdict_share(rule: Rule, rates: Floats, trials: Floats, error: float, rng: np.random.Generator) -> float:
    """The share of fresh samples that have a verdict."""
    n = np.repeat(trials.astype(np.int64)[:, None], FRESH, axis=1)
    x = rng.binomial(n, rates[:, None])
    limit, scope = counts_limit(x, n), np.ones(x.shape, dtype=bool)
    fired = rejects_bad(rule, x / n, limit, error, scope) | rejects_good(rule, x / n, limit, error, scope)
    return float(fired.mean())


def without_verdict(rule: Rule, x: Floats, n: Floats, trials: Floats, errors: Floats, rng: np.random.Generator) -> int:
    """Of some rates inside the present intervals, ends among them, how many have no verdict when observed."""
    lower, upper = simultaneous(ClopperPearson(x, n), 2 * errors[0])
    found = 0
    for number in range(INSIDE):
        place = rng.integers(0, 2, len(x)) if number % 2 else rng.random(len(x))
        held = trials == n
        # Groups that are not raised keep the counts that they have.
        seen = np.where(held, x, np.clip(np.rint((lower + place * (upper - lower)) * trials), 0, trials))
        found += decide(rule, ClopperPearson(seen, trials), error_met=errors[1], error_not_met=errors[1]).verdict == (
            "inconclusive"
        )
    return found


def ask(setting: Setting, pilots: int, rng: np.random.Generator) -> None:
    """Draw pilots until so many are inconclusive, ask each, and draw fresh samples."""
    rule, n = RULES[setting.rule], np.array(PILOTS[setting.pilot], dtype=float)
    now, later = (budget(planned(rule, look=look)) for look in (1, 2))
    for _ in range(pilots * MOST_TRIES):
        if len(setting.chances) >= pilots:
            return
        rates = TRUTHS[setting.truth](len(n), rng)
        x = rng.binomial(n.astype(np.int64), rates).astype(float)
        if decide(rule, ClopperPearson(x, n), error_met=now, error_not_met=now).verdict != "inconclusive":
            setting.conclusive += 1
            continue
        found = rows_needed(
            rule, x, n, error_met=now, error_not_met=now, error_met_next=later, error_not_met_next=later, rng=rng
        )
        if found.likely is None:
            setting.without += 1
            if setting.without >= pilots:
                return
            continue
        limiting = np.array(found.limiting, dtype=np.int64)
        trials = n.copy()
        trials[limiting] = np.maximum(trials[limiting], found.likely)
        setting.likely.append(found.likely)
        setting.chances.append(verdict_share(rule, rates, trials, later, rng))
        if found.sure is not None and len(setting.chances) % 4 == 0:
            trials = n.copy()
            trials[limiting] = np.maximum(trials[limiting], found.sure)
            setting.checked += INSIDE
            setting.open += without_verdict(rule, x, n, trials, np.array([now, later]), rng)


def main() -> None:
    """Ask everything and write `rows_needed.json` and `rows_needed.md`."""
    study = Study("rows_needed", options(__doc__, 250, 25))
    settings = [Setting(rule, pilot, truth) for rule, pilot, truth in product(RULES, PILOTS, TRUTHS)]
    if study.options.quick:
        settings = [s for s in settings if s.truth in ("Jeffreys prior", "equal")]
    for number, setting in enumerate(settings, 1):
        prior = "prior" in setting.truth
        ask(
            setting, study.options.runs if prior else study.options.runs // 4, np.random.default_rng([SEED, 15, number])
        )
        study.progress(number, len(settings), 4)
    study.write(report(settings), settings=[setting.row() for setting in settings])


def pooled(settings: list[Setting]) -> tuple[float, float, int]:
    """Mean chance, its standard error and the pilots of several settings, each setting with the same weight."""
    used = [np.array(s.chances) for s in settings if len(s.chances) > 1]
    mean = float(np.mean([c.mean() for c in used]))
    error = float(np.sqrt(sum(c.var() / len(c) for c in used)) / len(used))
    return mean, error, sum(len(c) for c in used)


def report(settings: list[Setting]) -> str:
    """The text for the docs."""
    mean, error, pilots = pooled([s for s in settings if s.truth == "Jeffreys prior"])
    checked, still = sum(s.checked for s in settings), sum(s.open for s in settings)
    lines = ["| rule | pilot | " + " | ".join(dict.fromkeys(s.truth for s in settings)) + " |"]
    lines.append("|---|---|" + "---:|" * (lines[0].count("|") - 3))
    for rule, pilot in product(RULES, PILOTS):
        cells = [s for s in settings if (s.rule, s.pilot) == (rule, pilot)]
        lines.append("| " + " | ".join((rule, pilot, *(shown(s) for s in cells))) + " |")
    return "\n\n".join(
        [
            paragraph(
                f"""Rows needed, asked after inconclusive pilots and tried with fresh samples of the size that it named,
                judged at the error of the second look. "About N rows give an 80 % chance of a verdict" is an average
                over the rates that the pilot leaves possible, with the Jeffreys prior. Truths drawn from that prior:
                {pilots:,} pilots with {FRESH} fresh samples each have a verdict in {mean:.3f} (standard error
                {error:.3f}). At single truths the chance is another one: higher where the groups differ clearly or
                hardly, lower where they lie just between the lines, because the pilot cannot tell where they lie. Each
                place of the table shows the chance and, in brackets, the median of the rows named; "–" where fewer
                than ten pilots were inconclusive or had a number."""
            ),
            "\n".join(lines),
            paragraph(
                f"""N_sure promises a verdict whatever rates inside the present intervals are observed: {checked:,}
                observations at rates inside them, ends among them, {still} without a verdict."""
            ),
        ]
    )


def shown(setting: Setting) -> str:
    """One place of the table."""
    if len(setting.chances) < 10:
        return "–"
    return f"{np.mean(setting.chances):.2f} ({int(np.median(setting.likely)):,})"


if __name__ == "__main__":
    main()
