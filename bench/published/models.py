"""Models: trains what the published examples train, and counts its decisions.

    python -m bench.published.models OUT.json      (in the environment of requirements.txt)

Each count is [group, label, prediction]; group 0 is the unprivileged one. For data sets the prediction is the label.
As the examples do, the scaler is fitted to the test rows again where they are scored.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from bench.published import data
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

PACKAGES = (*data.PACKAGES, "scikit-learn", "xgboost", "numpy", "pandas")
COMPAS_FEATURES = [
    "sex",
    "age",
    "race",
    "juv_fel_count",
    "juv_misd_count",
    "juv_other_count",
    "priors_count",
    "c_charge_degree",
]

MODELS: dict[str, Callable[[int], Any]] = {
    "LR": lambda seed: LogisticRegression(max_iter=1_000),
    "DT": lambda seed: DecisionTreeClassifier(random_state=seed),
    "RF": lambda seed: RandomForestClassifier(random_state=seed),
    "GBC": lambda seed: GradientBoostingClassifier(random_state=seed),
    "XGB": lambda seed: XGBClassifier(random_state=seed, n_jobs=1, tree_method="exact"),
    "SVM": lambda seed: SVC(random_state=seed),
    "MLP": lambda seed: MLPClassifier(
        (32, 32, 32), alpha=1e-5, batch_size=32, learning_rate_init=1e-3, max_iter=10, random_state=seed
    ),
}


class Table(NamedTuple):
    """Numbers only."""

    features: Any
    label: Any
    group: Any
    """0 unprivileged, 1 privileged."""


class Split(NamedTuple):
    """Places of the rows."""

    train: Any
    test: Any


def main() -> None:
    """Write {"counts", "ranges", "scores", "versions"}."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--repeats", type=int, default=200, help="other splits, where a range over splits is shown")
    parser.add_argument("--seeds", type=int, default=10, help="other seeds, where a range over seeds is shown")
    settings = parser.parse_args()
    warnings.simplefilter("ignore")
    made: dict[str, Any] = {"counts": {}, "ranges": {}, "scores": {}}
    for part in (german, adult, compas, reject, networks):
        begin = time.perf_counter()
        part(made, settings)
        print(f"{part.__name__}: {time.perf_counter() - begin:.0f} s", flush=True)
    made["versions"] = {package: version(package) for package in PACKAGES}
    settings.out.write_text(json.dumps(made) + "\n", encoding="utf-8")


def counted(group: Any, label: Any, prediction: Any) -> list[Any]:
    """Rows [group, label, prediction]."""
    place = (np.asarray(group) * 2 + np.asarray(label)) * 2 + np.asarray(prediction)
    return np.bincount(place.astype(int), minlength=8).reshape(2, 2, 2).tolist()


def decided(table: Table, split: Split, model: Any, *, score: bool = False) -> Any:
    """Decisions, or scores, of the test rows; the scaler is fitted to the training rows, and to the test rows again."""
    model.fit(StandardScaler().fit_transform(table.features[split.train]), table.label[split.train])
    rows = StandardScaler().fit_transform(table.features[split.test])
    return model.predict_proba(rows)[:, 1] if score else model.predict(rows)


def case(table: Table, split: Split, model: Any) -> list[Any]:
    """Counts of the test rows."""
    return counted(table.group[split.test], table.label[split.test], decided(table, split, model))


def data_case(table: Table, rows: Any) -> list[Any]:
    """Counts of the labels as if they were decisions."""
    return counted(table.group[rows], table.label[rows], table.label[rows])


def splits(rows: int, repeats: int, test: float = 0.3) -> Iterator[Split]:
    """Other random splits than the published one."""
    for seed in range(1_000, 1_000 + repeats):
        yield Split(*train_test_split(np.arange(rows), test_size=test, random_state=seed))


def shuffled(rows: int, train: float, seed: int) -> Split:
    """A split by one permutation of numpy's old generator, as aif360's datasets make it."""
    order = np.random.RandomState(seed).permutation(rows)
    return Split(order[: int(train * rows)], order[int(train * rows) :])


def _table(frame: pd.DataFrame, label: Any, privileged: Any) -> Table:
    features = pd.get_dummies(frame).to_numpy(dtype=float)
    return Table(features, np.asarray(label, dtype=int), np.asarray(privileged, dtype=int))


def german(made: dict[str, Any], settings: argparse.Namespace) -> None:
    """German credit by sex: the first 700 rows of a permutation with seed 0 train."""
    frame = data.german()
    table = _table(frame.drop(columns=["good", "personal_status"]), frame["good"], frame["male"])
    split = shuffled(len(frame), 0.7, 0)
    made["counts"]["german data"] = data_case(table, split.train)
    others = list(splits(len(frame), settings.repeats))
    made["ranges"]["german data"] = [data_case(table, other.train) for other in others]
    for name in ("LR", "DT", "RF", "XGB", "SVM"):
        made["counts"][f"german {name}"] = case(table, split, MODELS[name](0))
    made["ranges"]["german LR"] = [case(table, other, MODELS["LR"](0)) for other in others]
    for name in ("DT", "RF"):
        made["ranges"][f"german {name}"] = [
            case(table, split, MODELS[name](seed)) for seed in range(1, 1 + settings.seeds)
        ]


def adult(made: dict[str, Any], settings: argparse.Namespace) -> None:
    """Adult by sex: adult.data trains, adult.test tests; unknown values are no category of their own."""
    train, test = data.adult()
    both = pd.concat([train, test], ignore_index=True)
    table = _table(both.drop(columns="over_50k"), both["over_50k"], both["sex"] == "Male")
    split = Split(np.arange(len(train)), np.arange(len(train), len(both)))
    made["counts"]["adult data"] = data_case(table, split.train)
    for name in ("LR", "GBC", "RF", "XGB"):
        made["counts"][f"adult {name}"] = case(table, split, MODELS[name](0))
        print(f"  adult {name}", flush=True)
    made["ranges"]["adult RF"] = [
        case(table, split, MODELS["RF"](seed)) for seed in range(1, 1 + max(settings.seeds // 2, 2))
    ]


def compas(made: dict[str, Any], settings: argparse.Namespace) -> None:
    """COMPAS by sex; the good outcome is no new arrest, of which women (privileged) have more."""
    frame = data.compas()
    kept = frame[
        (frame["days_b_screening_arrest"].abs() <= 30)
        & (frame["is_recid"] != -1)
        & (frame["c_charge_degree"] != "O")
        & (frame["score_text"] != "N/A")
    ]
    for rows, data_name, prefix in ((kept, "compas 6172", "compas"), (frame, "compas 7214", "compas all")):
        table = _table(rows[COMPAS_FEATURES], 1 - rows["two_year_recid"], rows["sex"] == "Female")
        split = Split(*train_test_split(np.arange(len(rows)), test_size=0.3, random_state=0))
        others = list(splits(len(rows), settings.repeats))
        made["counts"][data_name] = data_case(table, split.train)
        made["ranges"][data_name] = [data_case(table, other.train) for other in others]
        for name, repeats in (("LR", 200), ("GBC", 20), ("RF", 20), ("XGB", 20)):
            made["counts"][f"{prefix} {name}"] = case(table, split, MODELS[name](0))
            made["ranges"][f"{prefix} {name}"] = [case(table, other, MODELS[name](0)) for other in others[:repeats]]


def reject(made: dict[str, Any], settings: argparse.Namespace) -> None:
    """Adult by sex, complete rows of both files, 70/15/15; the scaler as everywhere."""
    both = pd.concat(data.adult(), ignore_index=True).dropna()
    table = _table(both.drop(columns="over_50k"), both["over_50k"], both["sex"] == "Male")

    def parts(seed: int) -> tuple[list[Any], list[Any]]:
        train, rest = train_test_split(np.arange(len(both)), test_size=0.3, random_state=seed)
        halves = train_test_split(rest, test_size=0.5, random_state=seed)
        model = MODELS["LR"](0).fit(StandardScaler().fit_transform(table.features[train]), table.label[train])
        found = []
        for rows in halves:
            decisions = model.predict(StandardScaler().fit_transform(table.features[rows]))
            found.append(counted(table.group[rows], table.label[rows], decisions))
        return found[0], found[1]

    made["counts"]["reject validation"], made["counts"]["reject test"] = parts(0)
    others = [parts(seed) for seed in range(1_000, 1_000 + max(settings.seeds * 2, 2))]
    made["ranges"]["reject validation"], made["ranges"]["reject test"] = (
        list(each) for each in zip(*others, strict=True)
    )


def networks(made: dict[str, Any], settings: argparse.Namespace) -> None:
    """Adult with a network of three layers, by sex (70/30) and by race (50/50), both split with seed 7."""
    both = pd.concat(data.adult(), ignore_index=True).dropna()
    features = both.drop(columns="over_50k")
    for name, privileged, test in (
        ("remover baseline", both["sex"] == "Male", 0.3),
        ("race baseline", both["race"] == "White", 0.5),
    ):
        table = _table(features, both["over_50k"], privileged)
        split = Split(*train_test_split(np.arange(len(both)), test_size=test, random_state=7))
        drawn = []
        for seed in range(max(settings.seeds // 2, 2)):
            score = np.round(decided(table, split, MODELS["MLP"](seed), score=True), 4)
            group, label = table.group[split.test], table.label[split.test]
            drawn.append(counted(group, label, (score >= 0.5).astype(int)))
            if seed == 0:
                made["scores"][name] = {"group": group.tolist(), "label": label.tolist(), "score": score.tolist()}
        made["counts"][name], made["ranges"][name] = drawn[0], drawn[1:]


if __name__ == "__main__":
    main()
