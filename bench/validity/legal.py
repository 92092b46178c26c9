"""How often the limits of the legal tests and of the proxy scan hold, and how often adjusted tests cry wolf.

Coverage of 95 % intervals, each alone unless said: Cramér's V and Theil's U of cross tables with even and uneven
margins; demographic disparity over strata; the Mantel–Haenszel odds ratio; the difference of two groups; impact ratios
of all groups together; what a guess that was learnt on one half of the rows is worth. And P(any adjusted p-value ≤ .05)
where no group differs, for 50 groups of equal and very unequal size.

    python bench/validity/legal.py --out bench/validity/results
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from _cells import Floats, machine, machine_line, paragraph, progress

from hakari.statistics.contingency import (
    Pair,
    cramers_v,
    demographic_disparity,
    fisher_exact,
    guess,
    impact_ratios,
    mantel_haenszel,
    split_rows,
    theils_u,
)
from hakari.statistics.contrasts import joint_errors
from hakari.statistics.description import holm_adjusted
from hakari.statistics.limits import ClopperPearson

SEED = 20261122
LEVEL = 0.95
Draw = Callable[[np.random.Generator], dict[str, bool]]
"""One run: figure → whether its interval holds the truth (or, for false alarms, whether there was none)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One setting: what it is, and one run of it."""

    family: str
    label: str
    draw: Draw


def _between(low: float, high: float, truth: float) -> bool:
    return low - 1e-12 <= truth <= high + 1e-12


def _population(rows: tuple[int, ...], columns: int, tie: float) -> Floats:
    """Shares (R, C): a share `tie` of each row level lies on columns of its own, the rest anywhere."""
    margin = np.array(rows, dtype=float) / sum(rows)
    owner = np.arange(columns) % len(rows)
    tied = np.array([(owner == row) / (owner == row).sum() for row in range(len(rows))])
    return np.asarray(margin[:, None] * (tie * tied + (1 - tie) / columns))


def _truths(shares: Floats) -> tuple[float, float]:
    """V and U of a population."""
    expected = shares.sum(axis=1, keepdims=True) * shares.sum(axis=0)
    v = (((shares - expected) ** 2 / expected).sum() / (min(shares.shape) - 1)) ** 0.5
    some = shares > 0
    told = float((shares[some] * np.log(shares[some] / expected[some])).sum())
    margin = shares.sum(axis=1)
    return float(v), told / -float((margin * np.log(margin)).sum())


def associations(quick: bool) -> Iterator[Scene]:
    """Cross tables."""
    margins = ((1, 1), (9, 1), (1, 1, 1), (8, 1, 1))
    for rows, columns, tie, n in product(margins, (2, 4, 10), (0.0, 0.05, 0.2, 0.5, 0.9), (100, 1_000, 10_000)):
        if columns < len(rows) or (quick and columns == 4):
            continue
        shares = _population(rows, columns, tie)
        v, u = _truths(shares)

        def draw(
            rng: np.random.Generator, shares: Floats = shares, n: int = n, v: float = v, u: float = u
        ) -> dict[str, bool]:
            table = rng.multinomial(n, shares.ravel()).reshape(shares.shape)
            found = {}
            for name, measure, truth in (("Cramér's V", cramers_v, v), ("Theil's U", theils_u, u)):
                limits = measure(table, 1 - LEVEL)
                found[name] = limits is None or _between(limits.low, limits.high, truth)
            return found

        yield Scene("association", f"margin {':'.join(map(str, rows))}, {columns} levels, tie {tie:g}, n {n:,}", draw)


def _strata(strata: int, size: int, share: float, base: float, odds: float) -> Floats:
    """Cell shares (S, 2, 2) of strata in which the group's odds of being selected are `odds` times the others'."""
    other = np.clip(base + np.linspace(-0.5, 0.5, strata) * base, 0.005, 0.95)
    own = odds * other / (1 - other + odds * other)
    parts = np.array([[share * own, share * (1 - own)], [(1 - share) * other, (1 - share) * (1 - other)]])
    return np.moveaxis(parts, 2, 0) * size


def stratified(quick: bool) -> Iterator[Scene]:
    """Disparity and odds ratios over strata."""
    for strata, size, share, base, odds in product((1, 5, 20), (30, 200, 2_000), (0.5, 0.1), (0.05, 0.3), (1.0, 0.5)):
        if quick and size == 200:
            continue
        cells = _strata(strata, size, share, base, odds)
        totals = cells.sum(axis=1)
        each = cells[:, 0, 1] / totals[:, 1] - cells[:, 0, 0] / totals[:, 0]

        def draw(
            rng: np.random.Generator, cells: Floats = cells, each: Floats = each, size: int = size, odds: float = odds
        ) -> dict[str, bool]:
            drawn = rng.multinomial(size, cells.reshape(-1, 4) / size).reshape(-1, 2, 2)
            disparity, ratio = demographic_disparity(drawn, LEVEL), mantel_haenszel(drawn, LEVEL)
            told = np.isfinite(disparity.by_stratum)
            found = {}
            if told.any():
                # The strata that say nothing are left out of both: the figure is about the others.
                found["demographic disparity"] = _between(disparity.low, disparity.high, float(each[told].mean()))
            if np.isfinite(ratio.low) and ratio.trusted:
                found["Mantel–Haenszel odds ratio"] = _between(ratio.low, ratio.high, odds)
            return found

        yield Scene("strata", f"{strata} × {size:,} people, group {share:g}, rate {base:g}, odds ratio {odds:g}", draw)


def groups() -> Iterator[Scene]:
    """Differences of two groups and impact ratios of several."""
    sizes = ((30, 30), (30, 3_000), (300, 300), (30, 30, 30, 30, 30), (3_000, 300, 300, 30, 30), (100,) * 20)
    for n, low, high in product(sizes, (0.02, 0.1, 0.5), (1.0, 0.8, 0.5)):
        rows = np.array(n, dtype=float)
        rates = np.linspace(low, low * high, len(n))

        def draw(rng: np.random.Generator, rows: Floats = rows, rates: Floats = rates) -> dict[str, bool]:
            x = rng.binomial(rows.astype(int), rates).astype(float)
            limits = ClopperPearson(x, rows)
            value, lower, upper = impact_ratios(limits, 1 - LEVEL)
            truth = rates / rates.max()
            found = {}
            if np.isfinite(value).all():
                found["impact ratios, all groups"] = bool(((lower <= truth + 1e-12) & (truth <= upper + 1e-12)).all())
            if len(rows) == 2:
                found["difference"] = _difference(limits, float(rates[0] - rates[1]))
            return found

        shown = ", ".join(f"{each:,}" for each in n[:5]) + (" …" if len(n) > 5 else "")
        yield Scene("groups", f"n {shown}, rates {low:g} to {low * high:g}", draw)


def _difference(limits: ClopperPearson, truth: float) -> bool:
    errors = joint_errors((1 - LEVEL) / 2).tolist()
    p = limits.values
    ups = [
        max(limits.upper(a)[0], p[0]) - min(limits.lower(b)[1], p[1]) for a, b in zip(errors, errors[::-1], strict=True)
    ]
    downs = [
        min(limits.lower(a)[0], p[0]) - max(limits.upper(b)[1], p[1]) for a, b in zip(errors, errors[::-1], strict=True)
    ]
    return _between(min(downs), max(ups), truth)


def guesses() -> Iterator[Scene]:
    """What a guess that was learnt on one half of the rows is worth on people like them."""
    for rows, columns, tie, n in product(((1, 1), (9, 1), (8, 1, 1)), (2, 10, 100), (0.0, 0.2, 0.9), (60, 1_000)):
        if columns < len(rows):
            continue
        shares = _population(rows, columns, tie)

        def draw(rng: np.random.Generator, shares: Floats = shares, n: int = n) -> dict[str, bool]:
            table = rng.multinomial(n, shares.ravel()).reshape(shares.shape)
            halves = split_rows(table, rng)
            told = guess(halves, 1 - LEVEL)
            if told is None:
                return {}
            usual = int(np.argmax(halves.learnt.sum(axis=1)))
            best = np.where(halves.learnt.sum(axis=0) > 0, np.argmax(halves.learnt, axis=0), usual)
            worth = float(shares[best, np.arange(shares.shape[1])].sum())
            gain = worth - float(shares[usual].sum())
            optimum = float(shares.max(axis=0).sum())
            return {
                "guess, accuracy": _between(told.accuracy[1], told.accuracy[2], worth),
                "guess, gain": _between(told.gain[1], told.gain[2], gain),
                "guess, lower limit for the best rule": told.accuracy[1] <= optimum + 1e-12,
            }

        yield Scene("guesses", f"margin {':'.join(map(str, rows))}, {columns} levels, tie {tie:g}, n {n:,}", draw)


def alarms() -> Iterator[Scene]:
    """Fifty groups that do not differ, each tested against the rest."""
    layouts = {
        "50 groups of 100": np.full(50, 100),
        "one of 10,000, 49 of 30": np.array([10_000] + [30] * 49),
        "50 groups of 10 to 2,000": np.round(np.geomspace(10, 2_000, 50)).astype(int),
    }
    for (name, rows), rate in product(layouts.items(), (0.02, 0.1, 0.5)):

        def draw(rng: np.random.Generator, rows: Floats = rows, rate: float = rate) -> dict[str, bool]:
            x = rng.binomial(rows, rate)
            total, selected = int(rows.sum()), int(x.sum())
            pairs = [Pair(int(k), int(n), selected - int(k), total - int(n)) for k, n in zip(x, rows, strict=True)]
            p = [fisher_exact(pair).two_sided for pair in pairs if pair.informative]
            return {"no false alarm (Fisher, Holm)": not p or min(holm_adjusted(p)) > 1 - LEVEL}

        yield Scene("alarms", f"{name}, rate {rate:g}", draw)


def run(scene: Scene, runs: int, number: int) -> dict[str, tuple[int, int]]:
    """Figure → (held, runs) of one setting."""
    rng = np.random.default_rng([SEED, number])
    held: dict[str, list[bool]] = {}
    for _ in range(runs):
        for name, good in scene.draw(rng).items():
            held.setdefault(name, []).append(good)
    return {name: (int(sum(found)), len(found)) for name, found in held.items()}


def table(lines: list[dict[str, object]]) -> str:
    """The worst and the mean of each figure, and the settings of the worst."""
    shown = ["| figure | settings | mean | lowest | in the setting |", "|---|---:|---:|---:|---|"]
    for name in dict.fromkeys(str(line["figure"]) for line in lines):
        own = [line for line in lines if line["figure"] == name and int(str(line["runs"])) >= 100]
        rates = [int(str(line["held"])) / int(str(line["runs"])) for line in own]
        worst = int(np.argmin(rates))
        shown.append(f"| {name} | {len(own)} | {np.mean(rates):.3f} | {rates[worst]:.3f} | {own[worst]['setting']} |")
    return "\n".join(shown)


def below(lines: list[dict[str, object]]) -> str:
    """Settings that lie more than one point and three Monte Carlo errors below .95."""
    shown = ["| figure | setting | held |", "|---|---|---:|"]
    for line in lines:
        held, runs = int(str(line["held"])), int(str(line["runs"]))
        if runs >= 100 and held / runs < LEVEL - 0.01 - 3 * (0.06 * 0.94 / runs) ** 0.5:
            shown.append(f"| {line['figure']} | {line['setting']} | {held / runs:.3f} |")
    return "\n".join(shown) if len(shown) > 2 else "None."


def main() -> None:
    """Run every setting and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=2_500)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    runs = min(given.runs, 100) if given.quick else given.runs
    scenes = [*associations(given.quick), *stratified(given.quick), *groups(), *guesses(), *alarms()]
    started, lines = time.process_time(), list[dict[str, object]]()
    for number, scene in enumerate(scenes):
        for name, (held, tried) in run(scene, runs, number).items():
            lines.append({"family": scene.family, "figure": name, "setting": scene.label, "held": held, "runs": tried})
        if number % 10 == 0:
            progress(f"{number + 1} of {len(scenes)} settings", started)
    given.out.mkdir(parents=True, exist_ok=True)
    record = {"seed": SEED, "runs": runs, "level": LEVEL, "machine": machine(), "settings": lines}
    (given.out / "legal.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    head = paragraph(
        f"""Share of seeded runs in which a 95 % interval held the truth, over {len(scenes)} settings of {runs:,} runs
        each (Monte Carlo error .004 at .95 and 2,500 runs). Runs in which a figure is not measured are not counted."""
    )
    low = "Settings more than one point and three Monte Carlo errors below .95:"
    text = "\n\n".join(["# Legal tests and proxy scan", head, table(lines), low, below(lines), machine_line()]) + "\n"
    (given.out / "legal.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
