"""How often the intervals of importances and of local planes hold the known value.

    python bench/explanation/importance.py --out bench/explanation/results [--quick]

Permutation importance: fresh rows, donors and repeats in every run, against the value of the population worked out by
hand. For comparison the interval made of the spread over repeats alone, which is what is often printed. Conditional
importance: normal pairs with correlation ρ, whose limit is 2β²(1 − ρ²). LIME: fresh draws near fixed rows, against a
plane through a thousand times as many draws.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

from hakari.measures.explanation import Asked, Features, players_of
from hakari.measures.explanation.importance import conditional_importance, permutation_importance
from hakari.measures.explanation.importance._rises import Setting
from hakari.measures.explanation.surrogate import local_fits

SEED = 20_261_122
Floats = npt.NDArray[np.float64]
Row = dict[str, object]


def said(text: str, started: float) -> None:
    """A line of progress."""
    print(f"{time.perf_counter() - started:7.1f} s  {text}", file=sys.stderr, flush=True)


def normal(rng: np.random.Generator, n: int, correlation: float = 0.0) -> Features:
    """Two standard normal columns."""
    first, second = rng.normal(size=(2, n))
    return Features({"a": first, "b": correlation * first + np.sqrt(1 - correlation**2) * second})


def linear(features: Features) -> Floats:
    """2a + b."""
    return np.asarray(2 * features.columns["a"] + features.columns["b"], dtype=np.float64)


def line(features: Features) -> Floats:
    """1 where a + b/2 > 0."""
    return np.asarray(features.columns["a"] + features.columns["b"] / 2 > 0, dtype=np.float64)


def continuous(rng: np.random.Generator, features: Features) -> Floats:
    """The linear model's output with noise of variance 1."""
    return linear(features) + rng.normal(size=features.rows)


def flipped(rng: np.random.Generator, features: Features) -> Floats:
    """The line's class, wrong for one row in ten."""
    wrong = rng.random(features.rows) < 0.1
    return np.where(wrong, 1 - line(features), line(features))


def apart(correlation: float) -> float:
    """Probability that two normal values of this correlation have different signs."""
    return float(np.arccos(correlation) / np.pi)


CASES: dict[str, tuple[Callable[[Features], Floats], Callable[[np.random.Generator, Features], Floats], Row]] = {
    "squared": (linear, continuous, {"a": 8.0, "b": 2.0}),
    # After an exchange of a, the sum keeps b/2 of its spread: correlation .25/1.25; of b: 1/1.25. A row in ten is
    # mislabelled, so that a changed decision costs .9 − .1.
    "zero_one": (line, flipped, {"a": 0.8 * apart(0.25 / 1.25), "b": 0.8 * apart(1 / 1.25)}),
}


def spread_of_repeats(record: list[Floats]) -> Callable[[Setting, tuple[str, ...], npt.NDArray[np.int64]], Floats]:
    """The product's own losses, noted down so that the usual interval can be made of the same draws."""
    from hakari.measures.explanation.importance import _rises

    original = _rises._losses

    def noting(setting: Setting, columns: tuple[str, ...], donors: npt.NDArray[np.int64]) -> Floats:
        found = original(setting, columns, donors)
        record.append(found.mean(axis=1))
        return found

    _rises._losses = noting
    return original


def permutations(runs: int, started: float) -> Iterator[Row]:
    """Coverage of 95 % intervals of permutation importance."""
    from hakari.measures.explanation.importance import _rises

    for loss, (model, label, truth) in CASES.items():
        for n, repeats in ((50, 10), (200, 1), (200, 10), (1_000, 10), (200, 100)):
            players = players_of(("a", "b"))
            values, errors, usual = np.empty((runs, 2)), np.empty((runs, 2)), np.empty((runs, 2))
            for run in range(runs):
                rng = np.random.default_rng([SEED, n, repeats, run])
                features = normal(rng, n)
                noted: list[Floats] = []
                original = spread_of_repeats(noted)
                found = permutation_importance(
                    Asked(model), features, label(rng, features), players, rng, loss=loss, repeats=repeats
                )
                _rises._losses = original
                values[run], errors[run] = found.values[0], found.errors[0]
                usual[run] = [each.std(ddof=1) / np.sqrt(repeats) if repeats > 1 else np.nan for each in noted]
            for place, player in enumerate(truth):
                miss = np.abs(values[:, place] - float(truth[player]))
                reach = stats.t.isf(0.025, n - 1) * errors[:, place]
                narrow = stats.t.isf(0.025, max(repeats - 1, 1)) * usual[:, place]
                yield {
                    "method": "permutation", "loss": loss, "player": player, "rows": n, "repeats": repeats,
                    "truth": float(truth[player]), "mean": float(values[:, place].mean()),
                    "spread": float(values[:, place].std(ddof=1)), "standard_error": float(errors[:, place].mean()),
                    "covered": int((miss <= reach).sum()), "runs": runs,
                    "covered_by_repeats": int((miss <= narrow).sum()) if repeats > 1 else None,
                }  # fmt: skip
            said(f"permutation {loss}, {n} rows, {repeats} repeats", started)


def conditionals(runs: int, started: float) -> Iterator[Row]:
    """What is left of 2β² when the other column goes with it."""
    for correlation in (0.0, 0.5, 0.9, 0.99):
        for n in (500, 2_000):
            ratios, marginal = [], []
            for run in range(max(runs // 20, 10)):
                rng = np.random.default_rng([SEED, n, round(100 * correlation), run])
                features, players = normal(rng, n, correlation), players_of(("a", "b"))
                for how, into in ((conditional_importance, ratios), (permutation_importance, marginal)):
                    found = how(Asked(linear), features, linear(features), players, rng, loss="squared", repeats=5)
                    into.append(found.values[0, 0] / 8)
            yield {
                "method": "conditional", "correlation": correlation, "rows": n, "runs": len(ratios),
                "limit": round(1 - correlation**2, 4), "conditional": float(np.mean(ratios)),
                "permutation": float(np.mean(marginal)),
            }  # fmt: skip
            said(f"conditional, correlation {correlation}, {n} rows", started)


def curved(features: Features) -> Floats:
    """exp a + b·c + a step in d."""
    a, b, c, d = (features.columns[name] for name in "abcd")
    return np.asarray(np.exp(a) + b * c + 2.0 * (d > 0.5), dtype=np.float64)


def planes(runs: int, started: float) -> Iterator[Row]:
    """Coverage of ±2 standard errors of LIME over draws."""
    x = np.random.default_rng(SEED).normal(size=(210, 4))
    features = Features({name: x[:, place] for place, name in enumerate("abcd")})
    rows, background, players = features.take(slice(10)), features.take(slice(10, None)), players_of("abcd")
    most = 100_000 if runs < 500 else 400_000
    truth = local_fits(Asked(curved), rows, background, players, np.random.default_rng(1), samples=most)
    for samples in (500, 2_000):
        inside, ratio, spread = 0, [], []
        times = max(runs // 10, 20)
        for run in range(times):
            rng = np.random.default_rng([SEED, samples, run])
            found = local_fits(Asked(curved), rows, background, players, rng, samples=samples).attributions
            inside += int((np.abs(found.values - truth.attributions.values) <= 1.96 * found.errors).sum())
            ratio.append(found.errors)
            spread.append(found.values)
        yield {
            "method": "lime", "draws": samples, "runs": times, "values": times * 40, "covered": inside,
            "standard_error_over_spread": float((np.mean(ratio, axis=0) / np.std(spread, axis=0, ddof=1)).mean()),
            "median_fidelity": float(np.median(truth.fidelity)),
        }  # fmt: skip
        said(f"lime, {samples} draws", started)


def table(rows: list[Row], columns: dict[str, str]) -> str:
    """Rows as Markdown."""
    lines = ["| " + " | ".join(columns.values()) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        cells = [row[name] for name in columns]
        lines.append("| " + " | ".join(shown(cell) for cell in cells) + " |")
    return "\n".join(lines)


def shown(cell: object) -> str:
    """A cell of a table."""
    return (
        "–"
        if cell is None
        else f"{cell:.3f}"
        if isinstance(cell, float)
        else f"{cell:,}"
        if isinstance(cell, int)
        else str(cell)
    )


def main() -> None:
    """Run everything and write `importance.json` and `importance.md`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    started, runs = time.perf_counter(), 100 if options.quick else 2_000
    found = [*permutations(runs, started), *conditionals(runs, started), *planes(runs, started)]
    for row in found:
        if "covered" in row:
            row["share"] = int(row["covered"]) / int(row.get("values", row["runs"]))  # type: ignore[call-overload]
        if row.get("covered_by_repeats") is not None:
            row["share_by_repeats"] = int(row["covered_by_repeats"]) / runs  # type: ignore[call-overload]
    machine = {
        "system": f"{platform.system()} {platform.machine()}", "cpus": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("hakari", "numpy", "scipy", "scikit-learn")},
    }  # fmt: skip
    kinds = {kind: [row for row in found if row["method"] == kind] for kind in ("permutation", "conditional", "lime")}
    for row in kinds["permutation"]:
        row.setdefault("share_by_repeats", None)
    text = "\n\n".join(
        [
            "# Importances and local planes: how often intervals hold the known value",
            f"Permutation importance, {runs:,} runs for each line, 95 % intervals; “repeats only” is the "
            "interval made of the spread over repeats, of the same draws.",
            table(kinds["permutation"], {
                "loss": "loss", "player": "feature", "rows": "rows", "repeats": "repeats", "truth": "truth",
                "mean": "mean", "spread": "spread over runs", "standard_error": "mean standard error",
                "share": "held", "share_by_repeats": "held, repeats only",
            }),
            "Conditional importance of `a` in 2a + b over the marginal value 8, where a and b have a correlation; the "
            "limit is 1 − ρ².",
            table(kinds["conditional"], {
                "correlation": "correlation", "rows": "rows", "runs": "runs", "limit": "limit",
                "conditional": "conditional", "permutation": "permutation",
            }),
            "LIME on exp a + b·c + a step in d, ten rows, ±1.96 standard errors against a plane through "
            f"{400_000 if runs >= 500 else 100_000:,} draws.",
            table(kinds["lime"], {
                "draws": "draws", "values": "values", "share": "held",
                "standard_error_over_spread": "standard error over spread", "median_fidelity": "median local fidelity",
            }),
            f"Seed {SEED}; {(time.perf_counter() - started) / 60:.1f} minutes; "
            + ", ".join(f"{name} {value}" for name, value in machine.items()) + ".",
        ]
    )  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    body = {"seed": SEED, "runs": runs, "quick": options.quick, "machine": machine, "rows": found}
    (options.out / "importance.json").write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    (options.out / "importance.md").write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
