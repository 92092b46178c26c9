"""Real: the public data sets as samples, with decisions of a plain logistic regression where the data have none.

python -m bench.peers.equality.real FOLDER      (in the environment of bench/published/requirements.txt)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench.peers.equality.samples import Sample, save
from bench.published import data
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDS = 5
DIGITS = 6
"""Digits kept of a score, so that a last bit of another machine changes no decision."""


def samples() -> list[Sample]:
    """All five data sets; Adult by sex, and by race and sex."""
    train, test = data.adult()
    adult = _model(train, "over_50k").fit(train, train["over_50k"]).predict_proba(test)[:, 1]
    german = data.german()
    compas = data.compas()
    loans = data.loanapp()
    loans = loans[["approve", "black", "hispan", "loanamt", "appinc", "unem", "dep", "obrat", "loanprc"]]
    arrests = data.arrests().assign(out=lambda frame: (frame["released"] == "Yes").astype(int))
    near = german[["duration", "amount", "age"]]
    return [
        _sample("adult by sex", test["sex"], test["over_50k"], adult),
        _sample("adult by race and sex", test["race"] + " " + test["sex"], test["over_50k"], adult),
        _sample(
            "german credit",
            german["male"],
            german["good"],
            _crossed(german, "good", ["male", "personal_status"]),
            features=((near - near.mean()) / near.std()).round(DIGITS).to_numpy(),
        ),
        _sample("compas", compas["race"], compas["two_year_recid"], compas["decile_score"] / 10),
        _sample(
            "loan applications",
            loans["black"] + 2 * loans["hispan"],
            loans["approve"],
            _crossed(loans.fillna(loans.median()), "approve", ["black", "hispan"]),
        ),
        _sample(
            "arrests",
            arrests["colour"] + " " + arrests["sex"],
            arrests["out"],
            _crossed(arrests.drop(columns="released"), "out", ["colour"]),
        ),
    ]


def _sample(name: str, group: Any, label: Any, score: Any, features: Any = None) -> Sample:
    place = np.unique(np.asarray(group).astype(str), return_inverse=True)[1]
    kept = np.round(np.asarray(score, dtype=float), DIGITS)
    return Sample(
        name=name,
        group=place.astype(np.int64),
        label=np.asarray(label, dtype=np.int64),
        prediction=(kept >= 0.5).astype(np.int64),
        score=kept,
        features=features,
        tied_features=features is not None,
    )


def _crossed(frame: pd.DataFrame, label: str, left_out: list[str]) -> Any:
    """Scores of every row by a model of the other folds, without the columns of the groups."""
    frame = frame.drop(columns=left_out)
    return cross_val_predict(_model(frame, label), frame, frame[label], cv=FOLDS, method="predict_proba")[:, 1]


def _model(frame: pd.DataFrame, label: str) -> Any:
    features = frame.drop(columns=label)
    numbers = features.select_dtypes("number").columns.tolist()
    words = [column for column in features.columns if column not in numbers]
    prepared = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    return make_pipeline(prepared, LogisticRegression(max_iter=1_000))


def main() -> None:
    """Write every data set into the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for sample in samples():
        save(sample, folder)
        print(f"{sample.name}: {sample.rows:,} rows, {sample.groups} groups", flush=True)


if __name__ == "__main__":
    main()
