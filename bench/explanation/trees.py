"""Exact Shapley values of trees: ours beside shap's TreeExplainer and woodelf on 500 trees of depth 6 and 30 columns.

The model is XGBoost (hist) on 30,000 generated rows. Ours explains all rows; shap explains some and is extrapolated in
proportion, which is stated; woodelf explains some, as its preparation does not depend on their number. Differences are
taken on the rows that both explain. Beside it a random forest as scikit-learn grows it by default, to the end: there
shap explains few rows, and its time for many is in proportion. All on one thread; seconds are of the processor, so that
other work matters less.

    python bench/explanation/trees.py --out bench/explanation/results
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "peers"))

from machine import describe, sentence  # noqa: E402

from hakari.measures.explanation import Features, players_of  # noqa: E402
from hakari.measures.explanation.shapley import tree_shapley  # noqa: E402

SEED = 20_261_122
COLUMNS = 30
DEEP_COLUMNS = 14
LEARNT = 30_000


def main(arguments: list[str] | None = None) -> int:
    """Train, explain with each, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="fewer trees and rows, to see that it runs")
    given = parser.parse_args(arguments)
    trees, rows, some = (50, 5_000, 200) if given.quick else (500, 100_000, 1_000)
    machine = describe(ROOT)
    model, data = trained(trees, rows)
    found = {
        "machine": machine,
        "versions": versions(),
        "seed": SEED,
        "trees": trees,
        "rows": rows,
        "methods": methods(model, data, some, 10 if given.quick else 50),
        "sizes": sizes(model, data, (1, 100, 1_000, 10_000)),
        "deep": deep(10 if given.quick else 100, (1, 100) if given.quick else (1, 100, 1_000)),
    }
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "trees.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (given.out / "trees.md").write_text(page(found), "utf-8")
    print(page(found))
    return 0


def versions() -> dict[str, str]:
    """Of what was measured and what it was compared with."""
    from importlib.metadata import version

    return {
        name: version(name)
        for name in ("hakari", "numpy", "scipy", "scikit-learn", "xgboost-cpu", "shap", "woodelf-explainer")
    }


def trained(trees: int, rows: int) -> tuple[Any, Any]:
    """Return the model and the rows to explain."""
    import xgboost

    rng = np.random.default_rng(SEED)
    learnt = rng.normal(size=(30_000, COLUMNS)).astype(np.float32)
    score = learnt[:, 0] + learnt[:, 1] * learnt[:, 2] + np.sin(learnt[:, 3]) + learnt[:, 4:9].sum(axis=1) / 3
    label = (score + rng.normal(size=len(learnt)) > 0).astype(int)
    print(f"training {trees} trees", flush=True)
    model = xgboost.XGBClassifier(n_estimators=trees, max_depth=6, tree_method="hist", n_jobs=1, random_state=0)
    return model.fit(learnt, label), rng.normal(size=(rows, COLUMNS)).astype(np.float32)


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """Run and return the result with seconds of the processor."""
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    print(f"{name:<50} {seconds:8.1f} s", flush=True)
    return result, seconds


def features(matrix: Any) -> Features:
    """A matrix as columns f0, f1, …"""
    return Features({f"f{at}": matrix[:, at].astype(np.float64) for at in range(matrix.shape[1])})


def methods(model: Any, data: Any, some: int, few: int) -> list[dict[str, Any]]:
    """Both kinds of values: ours on all rows, the others on some."""
    import pandas as pd
    import shap
    from woodelf.explainer import WoodelfExplainer

    table, background = features(data), data[-100:]
    players = players_of(table.names)
    frame = pd.DataFrame(data, columns=list(table.names))
    found = []
    for kind, other, theirs in (("tree_paths", None, some), ("marginal", background, few)):
        used = None if other is None else features(other)
        name = "training shares on paths" if other is None else "100 background rows"
        ours, seconds = timed(f"{name}: ours", partial(tree_shapley, model, table, used, players, correlated=kind))
        assert ours is not None
        way = "tree_path_dependent" if other is None else "interventional"
        explainer = partial(shap.TreeExplainer, model, other, feature_perturbation=way)
        values, slow = timed(f"{name}: shap, {theirs} rows", partial(explain, explainer, data[:theirs]))
        held = None if other is None else pd.DataFrame(other, columns=list(table.names))
        part = frame[: len(data) // 5]
        explainer = partial(WoodelfExplainer, model, held, feature_perturbation=way)
        again, middle = timed(f"{name}: woodelf, {len(part)} rows", partial(explain, explainer, part, verbose=False))
        found.append(
            {
                "kind": name,
                "ours_seconds": seconds,
                "ours_rows": len(data),
                "shap_seconds": slow,
                "shap_rows": theirs,
                "shap_extrapolated": slow * len(data) / theirs,
                "woodelf_seconds": middle,
                "woodelf_rows": len(part),
                "ratio": slow * len(data) / theirs / seconds,
                "difference_shap": float(np.abs(values - ours.values[:theirs]).max()),
                "difference_woodelf": float(np.abs(again - ours.values[: len(part)]).max()),
                "gap": float(np.abs(ours.gaps).max()),
            }
        )
    return found


def explain(explainer: Callable[[], Any], rows: Any, **options: Any) -> Any:
    """Prepare and explain, both timed."""
    return explainer().shap_values(rows, **options)


def sizes(model: Any, data: Any, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """Ours for few and many rows: what preparation costs."""
    found = []
    for count in counts:
        table = features(data[:count])
        work = partial(tree_shapley, model, table, None, players_of(table.names))
        _, seconds = timed(f"ours, {count} rows", work)
        found.append({"rows": count, "seconds": seconds})
    return found


def deep(trees: int, counts: tuple[int, ...]) -> dict[str, Any]:
    """A random forest grown to the end: ours for several numbers of rows, shap for few, both kinds of values."""
    import shap
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(SEED)
    data = rng.normal(size=(LEARNT + max(counts), DEEP_COLUMNS))
    # Half of the columns are coarse, as years, grades and codes are.
    data[:, 1::2] = np.round(2 * data[:, 1::2])
    score = data[:, 0] + data[:, 1] * data[:, 2] / 2 + np.sin(data[:, 3]) + data[:, 4:9].sum(axis=1) / 3
    label = (score + rng.normal(size=len(data)) > 0).astype(int)
    print(f"growing {trees} trees to the end", flush=True)
    model = RandomForestClassifier(trees, random_state=0, n_jobs=1).fit(data[:LEARNT], label[:LEARNT])
    explained, background, found = data[LEARNT:], data[:100], []
    for kind, other in (("tree_paths", None), ("marginal", background)):
        name = "training shares on paths" if other is None else "100 background rows"
        way = "tree_path_dependent" if other is None else "interventional"
        explainer = shap.TreeExplainer(model, other, feature_perturbation=way)
        few = min(20, max(counts))
        work = partial(explainer.shap_values, explained[:few], check_additivity=False)
        values, slow = timed(f"deep, {name}: shap, {few} rows", work)
        for count in counts:
            table, used = features(explained[:count]), None if other is None else features(other)
            players = players_of(table.names)
            work = partial(tree_shapley, model, table, used, players, correlated=kind)
            ours, seconds = timed(f"deep, {name}: ours, {count} rows", work)
            both = min(few, count)
            row = {"kind": name, "rows": count, "ours_seconds": seconds, "shap_rows": few, "shap_seconds": slow}
            row |= {"shap_extrapolated": slow * count / few, "ratio": slow * count / few / seconds}
            row |= {"difference_shap": float(np.abs(values[:both, :, 1] - ours.values[:both]).max())}
            found.append(row | {"gap": float(np.abs(ours.gaps).max())})
    shape = {"trees": trees, "leaves": float(np.mean([one.get_n_leaves() for one in model.estimators_]))}
    return shape | {"depth": float(np.mean([one.get_depth() for one in model.estimators_])), "rows": found}


def page(found: dict[str, Any]) -> str:
    """Return the results as tables."""
    named = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    lines = [
        "# Exact Shapley values of trees",
        "",
        f"{found['trees']} trees of depth 6 (XGBoost, hist), {COLUMNS} columns; one thread, seconds of the processor. "
        f"{sentence(found['machine'])} {named}; seed {found['seed']}.",
        "",
        f"| what stands in | ours, {found['rows']:,} rows | shap, measured | shap, extrapolated to {found['rows']:,} rows "
        "| ours is faster | woodelf, measured | largest difference from shap | from woodelf "
        "| from the model's own output |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row['kind']} | {row['ours_seconds']:.1f} s | {row['shap_seconds']:.1f} s for {row['shap_rows']:,} rows "
            f"| {row['shap_extrapolated']:,.0f} s | {row['ratio']:.0f} × | {row['woodelf_seconds']:.1f} s for "
            f"{row['woodelf_rows']:,} rows | {row['difference_shap']:.1e} | {row['difference_woodelf']:.1e} | "
            f"{row['gap']:.1e} |"
            for row in found["methods"]
        ),
        "",
        "| rows | ours, training shares on paths |",
        "|---:|---:|",
        *(f"| {row['rows']:,} | {row['seconds']:.2f} s |" for row in found["sizes"]),
        "",
        f"A random forest grown to the end (scikit-learn, default settings): {found['deep']['trees']} trees, "
        f"{found['deep']['leaves']:,.0f} leaves and depth {found['deep']['depth']:.0f} on average, learnt from {LEARNT:,} "
        f"rows of {DEEP_COLUMNS} columns.",
        "",
        "| what stands in | rows | ours | shap, measured | shap, extrapolated | ours is faster "
        "| largest difference from shap | from the model's own output |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {row['kind']} | {row['rows']:,} | {row['ours_seconds']:.2f} s | {row['shap_seconds']:.1f} s for "
            f"{row['shap_rows']} rows | {row['shap_extrapolated']:,.2f} s | {row['ratio']:.1f} × | "
            f"{row['difference_shap']:.1e} | {row['gap']:.1e} |"
            for row in found["deep"]["rows"]
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
