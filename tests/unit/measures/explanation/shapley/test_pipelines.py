"""Pipelines: exact values on the columns of the data, through whatever prepares each column by itself."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from hakari.measures.explanation import Features, ask, players_of
from hakari.measures.explanation.shapley import enumerated_shapley, tree_shapley
from hakari.measures.explanation.shapley.trees import opens, tree_quantity

NUMBERS, TEXTS = ["income", "debt", "years"], ["town", "work"]


@cache
def people(rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    income = rng.gamma(4, 10, rows)
    income[::17] = np.nan
    town = rng.choice(["Kyoto", "Nara", "Uji", "Otsu"], rows).astype(object)
    town[5::23] = None
    return pd.DataFrame(
        {
            "income": income, "debt": rng.normal(20, 5, rows), "years": rng.integers(0, 30, rows).astype(float),
            "town": town, "work": rng.choice(["a", "b", "c"], rows).astype(object),
        }
    )  # fmt: skip


@cache
def labels() -> npt.NDArray[np.int64]:
    table = people()
    score = np.nan_to_num(table["income"].to_numpy(), nan=30) / 20 - table["debt"] / 20 + (table["town"] == "Nara")
    return np.asarray((score + np.random.default_rng(5).normal(0, 0.5, len(table)) > 1.2).astype(int))


def prepared(**parts: Any) -> ColumnTransformer:
    numbers = parts.get("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()))
    texts = parts.get("texts", OneHotEncoder(handle_unknown="ignore"))
    return ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)])


def ordinal() -> OrdinalEncoder:
    return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)


PIPELINES: dict[str, Any] = {
    "one-hot before a forest": lambda: make_pipeline(
        prepared(), RandomForestClassifier(8, random_state=0, max_depth=5)
    ),
    "sparse one-hot": lambda: make_pipeline(
        ColumnTransformer([("t", OneHotEncoder(), TEXTS), ("n", SimpleImputer(), NUMBERS)], sparse_threshold=1.0),
        GradientBoostingClassifier(n_estimators=10, random_state=0),
    ),
    "ordinal before histogram boosting": lambda: make_pipeline(
        prepared(numbers="passthrough", texts=ordinal()), HistGradientBoostingClassifier(max_iter=10)
    ),
    "ordinal before LightGBM": lambda: make_pipeline(
        prepared(numbers="passthrough", texts=ordinal()), LGBMClassifier(n_estimators=10, verbose=-1, n_jobs=1)
    ),
    "dense one-hot before XGBoost": lambda: make_pipeline(
        prepared(numbers="passthrough", texts=OneHotEncoder(sparse_output=False)),
        XGBClassifier(n_estimators=10, max_depth=3, n_jobs=1),
    ),
    "targets before a tree": lambda: make_pipeline(
        prepared(numbers=SimpleImputer(), texts=TargetEncoder(cv=KFold(3))), DecisionTreeClassifier(max_depth=5)
    ),
    "chosen by kind, the rest let through": lambda: make_pipeline(
        make_column_transformer((ordinal(), make_column_selector(dtype_exclude="number")), remainder="passthrough"),
        HistGradientBoostingClassifier(max_iter=10),
    ),
    "columns that are dropped": lambda: make_pipeline(
        ColumnTransformer([("n", SimpleImputer(), ["income", "debt"])]), DecisionTreeClassifier(max_depth=4)
    ),
    "frames from step to step": lambda: make_pipeline(
        prepared(texts=OneHotEncoder(sparse_output=False)), RandomForestClassifier(5, random_state=0, max_depth=4)
    ).set_output(transform="pandas"),
    "a search": lambda: GridSearchCV(
        make_pipeline(prepared(), DecisionTreeClassifier(random_state=0)), {"decisiontreeclassifier__max_depth": [3]}
    ),
}


def features(start: int, stop: int) -> Features:
    return Features({name: people()[name].to_numpy()[start:stop] for name in people().columns})


def with_nan(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(columns).replace({None: np.nan})


@pytest.mark.parametrize("name", PIPELINES)
def test_values_on_the_columns_of_the_data_are_those_of_every_combination(name: str) -> None:
    model = PIPELINES[name]().fit(with_nan(dict(people())), labels())
    rows, background = features(0, 12), features(100, 115)
    players = players_of(rows.names, {"place": ("town", "work")})
    found = tree_shapley(model, rows, background, players, correlated="marginal")
    assert found is not None
    assert opens(model)
    quantity = tree_quantity(model)
    assert found.quantity == quantity
    asked = ask(lambda columns: model.predict_proba(with_nan(columns))[:, 1], names=rows.names)
    if quantity == "log_odds":
        asked = asked.in_quantity("log_odds")
    expected = enumerated_shapley(asked, rows, background, players)
    # XGBoost and scores that were turned back into odds round in single precision.
    assert found.values == pytest.approx(expected.values, abs=2e-5)
    if name == "columns that are dropped":
        assert not found.values[:, found.names.index("place")].any()


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(make_pipeline(SimpleImputer(), PCA(2)), id="several columns in one"),
        pytest.param(make_pipeline(SimpleImputer(), FunctionTransformer(np.cumsum)), id="a function of one's own"),
    ],
)
def test_what_mixes_columns_is_not_taken_apart(before: Any) -> None:
    table = people()[NUMBERS]
    model = make_pipeline(before, DecisionTreeClassifier(max_depth=3))
    if "several" not in str(before) and before.steps[-1][0] == "functiontransformer":
        before.steps[-1][1].set_params(kw_args={"axis": 1})
    model.fit(table, labels())
    rows = Features({name: table[name].to_numpy()[:5] for name in NUMBERS})
    assert tree_shapley(model, rows, rows, players_of(rows.names), correlated="marginal") is None


def test_a_sparse_table_before_xgboost_is_asked_and_not_read() -> None:
    before = ColumnTransformer([("t", OneHotEncoder(), TEXTS)], sparse_threshold=1.0)
    model = make_pipeline(before, XGBClassifier(n_estimators=5, max_depth=2, n_jobs=1))
    model.fit(with_nan(dict(people())), labels())
    rows = features(0, 5)
    assert tree_shapley(model, rows, rows, players_of(rows.names), correlated="marginal") is None
