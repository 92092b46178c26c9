"""Known truth: which checks of an explanation find one that is wrong, and how often they accuse one that is right.

python bench/explanation/truth.py --out bench/explanation/results
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

from hakari.measures.explanation import Asked, Attributions, Cost, Features, ask, players_of
from hakari.measures.explanation.shapley import enumerated_shapley, sampled_shapley
from hakari.measures.explanation.truth import (
    LINES,
    ExplainModel,
    Trial,
    deletion_insertion,
    infidelity_of,
    max_sensitivity,
    randomisation_similarity,
    rank_stability,
    says_first,
)
from hakari.statistics import clopper_pearson

Floats = npt.NDArray[np.float64]
SEED = 20_261_122
COLUMNS, ROWS, BACKGROUND = 5, 40, 10


# --- models whose explanation is known -------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Rows and a model on them."""

    model: Callable[[Floats], Floats]
    other: Callable[[Floats], Floats]
    """Another model on the same rows: the same one, which takes the columns in reverse order."""
    draw: Callable[[int, np.random.Generator], Floats]


def normal(rows: int, rng: np.random.Generator) -> Floats:
    """Independent columns."""
    return rng.normal(size=(rows, COLUMNS))


def big(rows: int, rng: np.random.Generator) -> Floats:
    """The first column is a thousand times larger than the others."""
    return normal(rows, rng) * np.array([1_000.0, 1, 1, 1, 1])


def copied(rows: int, rng: np.random.Generator) -> Floats:
    """The second column is a copy of the first."""
    found = normal(rows, rng)
    found[:, 1] = found[:, 0]
    return found


def world(model: Callable[[Floats], Floats], draw: Callable[[int, np.random.Generator], Floats] = normal) -> World:
    """Return the model with its reverse."""
    return World(model, lambda x: model(x[:, ::-1]), draw)


WORLDS = {
    "linear": world(lambda x: x @ np.array([3.0, -2, 1, 0.5, 0])),
    "additive with a step": world(lambda x: 2.0 * (x[:, 0] > 0) + x[:, 1] ** 2 - np.abs(x[:, 2]) + 0.5 * x[:, 3]),
    "XOR": world(lambda x: ((x[:, 0] > 0) != (x[:, 1] > 0)) + 0.3 * x[:, 2]),
    "interaction": world(lambda x: x[:, 0] * x[:, 1] + x[:, 2] + 0.5 * x[:, 3] * x[:, 4]),
    "ignores its biggest column": World(
        lambda x: x @ np.array([0.0, -2, 1, 0.5, 0.25]), lambda x: x @ np.array([0.002, 0, 0, 1, -1]), big
    ),
    "copied column": world(lambda x: x @ np.array([2.0, 0, 1, -1, 0.5]), copied),
}


# --- explanations, right and wrong -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """What an explanation method is given besides the model."""

    background: Features
    other: Asked
    known: dict[tuple[bytes, bytes], Attributions] = field(default_factory=dict)
    """Exact values of (rows, outputs) so far: the wrong methods all start from them."""


Maker = Callable[[Scene], ExplainModel]


def exact(scene: Scene) -> ExplainModel:
    """Shapley values over all coalitions."""

    def explain(model: Asked, rows: Features, _: np.random.Generator) -> Attributions:
        key = (rows.matrix().tobytes(), model(rows).tobytes())
        if key not in scene.known:
            scene.known[key] = enumerated_shapley(model, rows, scene.background, players_of(rows.names))
        return scene.known[key]

    return explain


def sampled(scene: Scene) -> ExplainModel:
    """Shapley values from walks, at half the price of all coalitions."""
    most = ROWS * (2**COLUMNS) * BACKGROUND // 2
    return lambda model, rows, rng: sampled_shapley(
        model, rows, scene.background, players_of(rows.names), rng, target_error=None, most_model_rows=most
    )


def local(scene: Scene) -> ExplainModel:
    """A plane fitted near each row."""
    from hakari.measures.explanation.surrogate import lime

    return lambda model, rows, rng: lime(model, rows, scene.background, players_of(rows.names), rng, samples=150)


def wrong(values: Callable[[Attributions, Features, np.random.Generator], Floats]) -> Maker:
    """Return a method that puts other values in place of the exact ones."""

    def make(scene: Scene) -> ExplainModel:
        truth = exact(scene)

        def explain(model: Asked, rows: Features, rng: np.random.Generator) -> Attributions:
            found = truth(model, rows, rng)
            return Attributions(
                method=found.method, players=found.players, values=values(found, rows, rng), errors=None,
                base=found.base, outputs=found.outputs, quantity=found.quantity, correlated=found.correlated,
                additive=False, cost=Cost(model_rows=found.cost.model_rows),
            )  # fmt: skip

        return explain

    return make


def of_another(scene: Scene) -> ExplainModel:
    """The exact values of another model, whatever model is explained."""
    truth = exact(scene)

    def explain(model: Asked, rows: Features, rng: np.random.Generator) -> Attributions:
        mine, other = exact(scene)(model, rows, rng), truth(scene.other, rows, rng)
        return Attributions(
            method=mine.method, players=mine.players, values=other.values, errors=None, base=mine.base,
            outputs=mine.outputs, quantity=mine.quantity, correlated=mine.correlated, additive=False, cost=mine.cost,
        )  # fmt: skip

    return explain


RIGHT: dict[str, Maker] = {"exact Shapley": exact, "sampled Shapley": sampled, "local plane (LIME)": local}
SLOW = {"local plane (LIME)": 4}
"""Tried in each fourth run only."""
WRONG: dict[str, Maker] = {
    "random values": wrong(lambda found, rows, rng: rng.normal(0, found.values.std(), found.values.shape)),
    "values of another model": of_another,
    "one order for all rows": wrong(
        lambda found, rows, rng: np.tile(np.linspace(1, -1, COLUMNS) * np.abs(found.values).mean(), (rows.rows, 1))
    ),
    "the row itself": wrong(lambda found, rows, rng: rows.matrix() * found.values.std() / rows.matrix().std()),
    "signs turned": wrong(lambda found, rows, rng: -found.values),
    "signs lost": wrong(lambda found, rows, rng: np.abs(found.values)),
    "jumps with the last digits": wrong(lambda found, rows, rng: np.sin(1e4 * rows.matrix()) * found.values.std()),
    "values handed to the next column": wrong(lambda found, rows, rng: np.roll(found.values, 1, axis=1)),
}


# --- checks ----------------------------------------------------------------------------------------------------------


def low(trial: Trial, metric: str) -> bool:
    """Whether the interval of a share lies below one half."""
    interval = trial.estimate(metric).interval
    return bool(getattr(interval, "high", 1.0) < 0.5)


def trials(
    model: Asked, rows: Features, scene: Scene, explain: ExplainModel, chance: Sequence[int], fitted: bool
) -> tuple[dict[str, bool], dict[str, float]]:
    """Check → whether it shows a failure, and the figures.

    All methods meet the same noise, orders, subsets and copies.
    """

    def rng(step: int) -> np.random.Generator:
        return np.random.default_rng([*chance, step])

    found = explain(model, rows, rng(1))

    def again(near: Features, own: np.random.Generator) -> Attributions:
        return explain(model, near, own)

    tried = {
        "faithful_share": deletion_insertion(model, rows, found, scene.background, rng(2), draws=5),
        "infidelity": infidelity_of(model, rows, found, scene.background, rng(3), draws=BACKGROUND),
    }
    if fitted:
        tried["randomisation_similarity"] = randomisation_similarity(
            model, rows, found, rng(4), explain=explain, models=3
        )
    else:
        tried["max_sensitivity"] = max_sensitivity(again, rows, rng(5), draws=4, background=scene.background)
    said = {name: says_first([each]) is not None for name, each in tried.items()}
    said["any of these"] = says_first(list(tried.values())) is not None
    figures = {each.metric: each.value for trial in tried.values() for each in trial.estimates}
    if not fitted:
        stable = rank_stability(
            again, rows, rng(6), seeds=5, draws=3, reasons=2, background=scene.background, shown=found
        )
        said["stable reasons below one half"] = low(stable, "stable_reasons_share")
        figures |= {each.metric: each.value for each in stable.estimates}
    return said, {name: value for name, value in figures.items() if isinstance(value, float)}


def features(matrix: Floats) -> Features:
    """Name the columns."""
    return Features({f"x{place}": matrix[:, place].copy() for place in range(matrix.shape[1])})


def function(model: Callable[[Floats], Floats]) -> Asked:
    """Return a function of a matrix as a model."""
    return Asked(lambda rows: model(rows.matrix()))


def fitted_models(seed: int) -> dict[str, Any]:
    """Models that can be opened."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    return {
        "logistic regression": LogisticRegression(),
        "random forest": RandomForestClassifier(8, max_depth=5, random_state=seed),
        "gradient boosting": GradientBoostingClassifier(n_estimators=20, random_state=seed),
        "multilayer perceptron": MLPClassifier((8,), solver="lbfgs", max_iter=300, random_state=seed),
    }


def fit(name: str, number: int) -> tuple[Any, Any]:
    """A model of one kind and another one with the columns in reverse, both fitted on rows with a known rule."""
    import warnings

    rng = np.random.default_rng([SEED, 3, number])
    x = normal(600, rng)
    score = x @ np.array([1.5, -1.0, 0.7, 0.4, 0.0]) + 0.8 * x[:, 0] * x[:, 3]
    y = (score + rng.logistic(0, 0.5, len(x)) > 0).astype(int)
    model, other = fitted_models(number)[name], fitted_models(number)[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, y), other.fit(x[:, ::-1], y)


# --- counting --------------------------------------------------------------------------------------------------------


@dataclass
class Count:
    """Runs in which a check showed a failure."""

    world: str
    method: str
    right: bool
    runs: int = 0
    said: dict[str, int] = field(default_factory=dict)

    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, said: dict[str, bool], figures: dict[str, float]) -> None:
        """Count one run."""
        self.runs += 1
        for name, value in figures.items():
            self.figures.setdefault(name, []).append(value)
        for name, each in said.items():
            self.said[name] = self.said.get(name, 0) + each


def run(where: str, repeats: int, fitted: bool) -> list[Count]:
    """Repeat all methods on one model, each time with new rows, background and chance."""
    counts = {name: Count(where, name, name in RIGHT) for name in (*RIGHT, *WRONG)}
    started, place = time.perf_counter(), sum(ord(letter) for letter in where)
    for number in range(repeats):
        # Never 0 at the end of a seed: numpy gives [a, b] and [a, b, 0] the same stream.
        rng = np.random.default_rng([SEED, place, number, 9])
        if fitted:
            native, reverse = fit(where, number % 20)
            rows, background = features(normal(ROWS, rng)), features(normal(BACKGROUND, rng))
            model, other = ask(native, names=rows.names), ask(reverse, names=rows.names)
        else:
            here = WORLDS[where]
            rows, background = features(here.draw(ROWS, rng)), features(here.draw(BACKGROUND, rng))
            model, other = function(here.model), function(here.other)
        scene = Scene(background, other)
        for name, make in (RIGHT | WRONG).items():
            if name in SLOW and number % SLOW[name]:
                continue
            counts[name].add(*trials(model, rows, scene, make(scene), [SEED, place, number], fitted))
        if number % 20 == 19 or number == repeats - 1:
            took = time.perf_counter() - started
            print(f"{where}: {number + 1} of {repeats} runs, {took:.0f} s", file=sys.stderr, flush=True)
    return list(counts.values())


def share(hits: int, runs: int) -> str:
    """A share with its interval."""
    lower, upper = clopper_pearson(hits, runs, 0.025)
    return f"{hits / runs:.3f} ({lower:.3f}–{upper:.3f})"


def summary(counts: Sequence[Count], checks: Sequence[str]) -> str:
    """False alarms over all right methods, and what each check finds of each wrong one, over all models."""
    methods = list(dict.fromkeys((count.right, count.method) for count in counts))
    lines = ["| explanation | truth | " + " | ".join(checks) + " |", "|---|---|" + "---:|" * len(checks)]
    for right, method in methods:
        mine = [count for count in counts if count.method == method]
        runs = sum(count.runs for count in mine)
        cells = " | ".join(share(sum(count.said[check] for count in mine), runs) for check in checks)
        lines.append(f"| {method} | {'right' if right else 'wrong'} | {cells} |")
    return "\n".join(lines)


def middles(counts: Sequence[Count]) -> str:
    """The middle figure of all runs of each method, over all models."""
    metrics = [name for name in counts[0].figures if name != "rank_correlation"]
    lines = ["| explanation | " + " | ".join(metrics) + " |", "|---|" + "---:|" * len(metrics)]
    for method in dict.fromkeys(count.method for count in counts):
        mine = [count for count in counts if count.method == method]
        cells = [np.median([value for count in mine for value in count.figures.get(name, [])]) for name in metrics]
        lines.append(f"| {method} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |")
    return "\n".join(lines)


def rates(counts: Sequence[Count], checks: Sequence[str]) -> str:
    """False alarms among all right explanations and misses among all wrong ones."""
    lines = ["| check | false alarms | misses |", "|---|---:|---:|"]
    for check in checks:
        sides = []
        for right in (True, False):
            mine = [count for count in counts if count.right == right]
            runs, hits = sum(count.runs for count in mine), sum(count.said[check] for count in mine)
            sides.append(share(hits if right else runs - hits, runs))
        lines.append(f"| {check} | {sides[0]} | {sides[1]} |")
    return "\n".join(lines)


def machine() -> str:
    """Machine and versions."""
    parts = [f"{name} {version(name)}" for name in ("hakari", "numpy", "scipy", "scikit-learn")]
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {', '.join(parts)}"


def report(counts: list[Count], minutes: float) -> str:
    """The text for the docs."""
    repeats = counts[0].runs
    names = {count.world for count in counts if count.world in WORLDS}
    lines = ", ".join(f"{name} {line.bad} {line.value:g}" for name, line in LINES.items())
    parts = [
        f"{repeats} runs for each model and explanation (a fourth of them for LIME, which is slow), each with {ROWS} "
        f"new rows, {BACKGROUND} new background rows and new chance; {COLUMNS} columns. A check speaks when its whole "
        f".95 interval lies beyond its line ({lines}). "
        "Shares of runs, with "
        "Clopper–Pearson intervals at .95."
    ]
    for title, fitted in (("Models written down", False), ("Models that were fitted", True)):
        mine = [count for count in counts if (count.world not in names) == fitted]
        if not mine:
            continue
        checks = list(mine[0].said)
        parts += [
            f"## {title}: false alarms and misses", rates(mine, checks),
            f"## {title}: share of runs in which a check speaks", summary(mine, checks),
            f"## {title}: middle figures",
            middles(mine),
        ]  # fmt: skip
    parts.append(f"Seed {SEED}; {minutes:.1f} minutes on one core; {machine()}.")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run all cells and write `truth.json` and `truth.md`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quick", action="store_true", help="5 runs for each cell")
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args()
    repeats = 5 if options.quick else options.repeats
    started = time.perf_counter()
    counts = [count for where in WORLDS for count in run(where, repeats, fitted=False)]
    counts += [count for where in fitted_models(0) for count in run(where, repeats, fitted=True)]
    text = report(counts, (time.perf_counter() - started) / 60)
    print(text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        document = {
            "seed": SEED, "repeats": repeats, "machine": machine(),
            "cells": [
                {"model": each.world, "explanation": each.method, "right": each.right, "runs": each.runs,
                 "said": each.said, "middle": {name: float(np.median(v)) for name, v in each.figures.items()}}
                for each in counts
            ],
        }  # fmt: skip
        (options.out / "truth.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        (options.out / "truth.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
