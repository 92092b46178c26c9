"""Sampled Shapley values: are the standard errors right, and what do they cost beside shap's PermutationExplainer?

Two parts, written to `sampling.json` and `sampling.md`:

- coverage: 500 explanations (five models, 100 rows each) against enumeration of all coalitions; the share of values
  within 3 standard errors, and within 1.96.
- price: a network of 30 features and 100 background rows; model rows that each method asks per explained row at equal
  standard error, where the error of both is what their values really vary by over seeds.

    python bench/explanation/sampling.py --out bench/explanation/results
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "peers"))

from machine import describe, sentence  # noqa: E402

from hakari.measures.explanation import Asked, Features, players_of  # noqa: E402
from hakari.measures.explanation.shapley import enumerated_shapley, sampled_shapley  # noqa: E402

SEED = 20_261_122
Floats = Any


def main(arguments: list[str] | None = None) -> int:
    """Run both parts and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="few cases and seeds, to see that it runs")
    given = parser.parse_args(arguments)
    warnings.filterwarnings("ignore", message="Stochastic Optimizer")
    start = time.perf_counter()
    found = {
        "machine": describe(ROOT),
        "versions": versions(),
        "seed": SEED,
        "coverage": coverage(10 if given.quick else 100),
        "price": price(rows=2 if given.quick else 10, seeds=4 if given.quick else 20),
    }
    found["seconds"] = round(time.perf_counter() - start)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "sampling.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (given.out / "sampling.md").write_text(page(found), "utf-8")
    print(page(found))
    return 0


def versions() -> dict[str, str]:
    """Of what was measured and what it was compared with."""
    from importlib.metadata import version

    return {name: version(name) for name in ("hakari", "numpy", "scikit-learn", "shap")}


def features(matrix: Floats) -> Features:
    """A matrix as columns f0, f1, …"""
    return Features({f"f{at}": matrix[:, at] for at in range(matrix.shape[1])})


def coverage(rows: int) -> list[dict[str, Any]]:
    """Compare with enumeration: 8 features, 60 background rows, stopped at 3 % of the spread of outputs."""
    rng = np.random.default_rng(SEED)
    matrix = rng.normal(size=(1_000, 8))
    found = []
    for name, function in cases(matrix, rng).items():
        background, players = features(matrix[600:660]), players_of(features(matrix).names)
        explained = features(matrix[:rows])
        exact = enumerated_shapley(Asked(function), explained, background, players).values
        inside, close, units = [], [], []
        for at in range(rows):
            # One explanation per row, each with chance of its own, so that the cases are independent.
            one = sampled_shapley(
                Asked(function),
                explained.take([at]),
                background,
                players,
                np.random.default_rng([SEED, at]),
                target_error=0.03,
                most_model_rows=200_000,
            )
            assert one.errors is not None
            apart = np.abs(one.values[0] - exact[at])
            allowed = one.errors[0] + 1e-12
            inside.append(apart <= 3 * allowed)
            close.append(apart <= 1.96 * allowed)
            units.append(one.cost.model_rows)
        found.append(
            {
                "model": name,
                "cases": rows,
                "values": int(np.size(inside)),
                "within_3": float(np.mean(inside)),
                "cases_all_within_3": float(np.mean(np.all(inside, axis=1))),
                "within_1.96": float(np.mean(close)),
                "model_rows": float(np.mean(units)),
            }
        )
        print(f"coverage {name:<10} {found[-1]}", flush=True)
    return found


def cases(matrix: Floats, rng: np.random.Generator) -> dict[str, Callable[[Features], Floats]]:
    """Models of eight features."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.neural_network import MLPClassifier

    score = matrix[:, 0] * matrix[:, 1] + np.sin(2 * matrix[:, 2]) + (matrix[:, 3] > 0) * matrix[:, 4]
    label = (score + 0.5 * rng.normal(size=len(matrix)) > 0).astype(int)
    boosted = GradientBoostingClassifier(n_estimators=60, random_state=0).fit(matrix, label)
    network = MLPClassifier((32, 32), max_iter=300, random_state=0).fit(matrix, label)
    weights = np.arange(1, 9.0)
    return {
        "linear": lambda rows: rows.matrix() @ weights,
        "additive": lambda rows: np.sin(rows.matrix()).sum(axis=1) + rows.matrix()[:, 0] ** 2,
        "XOR": lambda rows: ((rows.matrix()[:, 0] > 0) ^ (rows.matrix()[:, 1] > 0)).astype(float),
        "boosting": lambda rows: boosted.predict_proba(rows.matrix())[:, 1],
        "network": lambda rows: network.predict_proba(rows.matrix())[:, 1],
    }


def price(rows: int, seeds: int) -> list[dict[str, Any]]:
    """Ask both for the same rows of a network with 30 features, at two sizes of shap's own budget."""
    import shap
    from sklearn.neural_network import MLPClassifier

    rng = np.random.default_rng(SEED)
    matrix = rng.normal(size=(20_000, 30))
    score = (
        matrix[:, 0] * matrix[:, 1] + np.sin(2 * matrix[:, 2]) + matrix[:, 3:10].sum(axis=1) / 3 + matrix[:, 11] ** 2
    )
    label = (score + rng.normal(size=len(matrix)) > 1).astype(int)
    background, explained = matrix[-100:], matrix[:rows]
    players = players_of(features(matrix).names)
    networks = {
        "stopped early": MLPClassifier((64, 64), early_stopping=True, random_state=0).fit(matrix, label),
        "fitted to the noise": MLPClassifier((64, 64), max_iter=200, random_state=0).fit(matrix[:4_000], label[:4_000]),
    }
    found = []
    for name, budget in product(networks, (500, 2_000)):
        asked = Counted(networks[name])
        values = []
        for seed in range(seeds):
            explainer = shap.PermutationExplainer(
                asked, shap.maskers.Independent(background, max_samples=100), seed=seed
            )
            values.append(explainer(explained, max_evals=budget, silent=True).values)
            print(f"price: {name}, shap {budget} evaluations, seed {seed + 1} of {seeds}", flush=True)
        theirs = {"rows": asked.rows / seeds / rows, "error": spread(values)}
        # A first run says what our error costs; the second is stopped where the two errors are the same.
        first = ours(asked, explained, background, players, seeds, 30_000 * rows)
        needed = int(first["rows"] * (first["error"] / theirs["error"]) ** 2)
        # Below one pass over the background (100 units of 4 · 29 rows) the rows still to come make the error.
        second = ours(asked, explained, background, players, seeds, (max(needed, 11_600) + 1) * rows + 100)
        found.append(
            {
                "network": name,
                "max_evals": budget,
                "explained": rows,
                "seeds": seeds,
                "shap": theirs,
                "ours_first": first,
                "ours": second,
                "ratio": theirs["rows"] / (second["rows"] * (second["error"] / theirs["error"]) ** 2),
            }
        )
        print(f"price {found[-1]}", flush=True)
    return found


class Counted:
    """A classifier as a function of a matrix that counts the rows it is asked for."""

    def __init__(self, model: Any) -> None:
        self._model, self.rows = model, 0

    def __call__(self, matrix: Floats) -> Floats:
        self.rows += len(matrix)
        return self._model.predict_proba(matrix)[:, 1]


def ours(
    model: Counted, explained: Floats, background: Floats, players: Any, seeds: int, most: int
) -> dict[str, float]:
    """Explain all rows at once within a number of model rows; what the values vary by, and what was said of it."""
    values, said, asked = [], [], []
    for seed in range(seeds):
        one = sampled_shapley(
            Asked(lambda rows: model(rows.matrix())),
            features(explained),
            features(background),
            players,
            np.random.default_rng(seed),
            target_error=None,
            most_model_rows=most,
        )
        assert one.errors is not None
        values.append(one.values)
        said.append(float(np.sqrt((one.errors**2).mean())))
        asked.append(one.cost.model_rows / len(explained))
    return {"rows": float(np.mean(asked)), "error": spread(values), "said": float(np.mean(said))}


def spread(values: list[Floats]) -> float:
    """Root mean square, over rows and features, of what values vary by from seed to seed."""
    return float(np.sqrt(np.var(np.array(values), axis=0, ddof=1).mean()))


def page(found: dict[str, Any]) -> str:
    """Return the results as two tables."""
    total = sum(row["cases"] for row in found["coverage"])
    inside = sum(row["cases_all_within_3"] * row["cases"] for row in found["coverage"]) / total
    values = sum(row["within_3"] * row["cases"] for row in found["coverage"]) / total
    named = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    lines = [
        "# Sampled Shapley values",
        "",
        f"{sentence(found['machine'])} {named}; seed {found['seed']}; {found['seconds']} s in all.",
        "",
        "## Coverage",
        "",
        f"{total} explanations of 8 features against enumeration with the same 60 background rows, each stopped when "
        f"its largest standard error was 3 % of the spread of outputs: {values:.2%} of all values lie within 3 standard "
        f"errors, and in {inside:.1%} of the cases all eight do.",
        "",
        "| model | cases | values within 3 s.e. | cases with all within 3 s.e. | values within 1.96 s.e. "
        "| model rows a case |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {row['model']} | {row['cases']} | {row['within_3']:.2%} | {row['cases_all_within_3']:.1%} | "
            f"{row['within_1.96']:.1%} | {row['model_rows']:,.0f} |"
            for row in found["coverage"]
        ),
        "",
        "## Price at equal standard error",
        "",
        "Networks (64, 64) of 30 features, 100 background rows: one fitted to 20,000 rows and stopped early, one fitted "
        "to 4,000 rows until it knew them by heart, whose values depend on many features at once. The error is what "
        "values vary by from seed to seed, root mean square over rows and features; “said” is the standard error that "
        "ours reports. Ours is stopped after whole passes over the background, the first of which costs 11,600 model "
        "rows a row; the last column scales to equal error by rows · error².",
        "",
        "| network | shap max_evals | shap rows a row | shap error | our rows a row | our error | said "
        "| fewer at equal error |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row['network']} | {row['max_evals']:,} | {row['shap']['rows']:,.0f} | {row['shap']['error']:.5f} | "
            f"{row['ours']['rows']:,.0f} | {row['ours']['error']:.5f} | {row['ours']['said']:.5f} | "
            f"{row['ratio']:.1f} × |"
            for row in found["price"]
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
