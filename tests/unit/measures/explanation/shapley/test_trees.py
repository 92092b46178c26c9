from __future__ import annotations

import warnings
from functools import cache, partial
from typing import Any, Literal

import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from hakari.errors import InputError
from hakari.measures.explanation import Features, players_of
from hakari.measures.explanation.shapley import _tables, enumerated_shapley, opens, tree_shapley
from hakari.measures.explanation.shapley._forests.boosters import lightgbm_forest, xgboost_forest
from tests.unit.measures.explanation.shapley.games import Floats, asked, by_definition, features

NAMES = ("f0", "f1", "f2", "f3", "f4")


@cache
def data(gaps: bool = False) -> tuple[Floats, Any]:
    rng = np.random.default_rng(8)
    matrix = np.round(rng.normal(size=(300, 5)), 2)
    label = (matrix[:, 0] * matrix[:, 1] + matrix[:, 2] + 0.3 * rng.normal(size=300) > 0).astype(int)
    if gaps:
        matrix = np.where(rng.random(matrix.shape) < 0.1, np.nan, matrix)
    return matrix, label


def log_odds(model: Any) -> Any:
    def ask(matrix: Floats) -> Any:
        score = model.predict_proba(matrix)[:, 1].astype(np.float64)
        return np.log(score) - np.log1p(-score)

    return ask


MODELS: dict[str, tuple[Any, Any, float, bool]] = {
    "tree": (DecisionTreeClassifier(max_depth=4, random_state=0), lambda m: m.predict_proba, 1e-8, True),
    "regression tree": (DecisionTreeRegressor(max_depth=4, random_state=0), lambda m: m.predict, 1e-8, True),
    "forest": (RandomForestClassifier(6, random_state=0), lambda m: m.predict_proba, 1e-8, True),
    "extra trees": (ExtraTreesRegressor(6, max_depth=5, random_state=0), lambda m: m.predict, 1e-8, True),
    "boosting": (GradientBoostingClassifier(n_estimators=8, random_state=0), log_odds, 1e-8, False),
    "boosted regression": (GradientBoostingRegressor(n_estimators=8, random_state=0), lambda m: m.predict, 1e-8, False),
    "histograms": (HistGradientBoostingClassifier(max_iter=8, random_state=0), log_odds, 1e-8, True),
    "histogram regression": (
        HistGradientBoostingRegressor(max_iter=8, random_state=0),
        lambda m: m.predict,
        1e-8,
        True,
    ),
    # XGBoost adds in single precision: its own output is asked here.
    "xgboost": (xgboost.XGBClassifier(n_estimators=8, max_depth=4, n_jobs=1), log_odds, 1e-5, True),
    "xgboost regression": (
        xgboost.XGBRegressor(n_estimators=8, max_depth=4, n_jobs=1),
        lambda m: m.predict,
        1e-5,
        True,
    ),
    "xgboost dart": (
        xgboost.XGBRegressor(n_estimators=8, max_depth=4, n_jobs=1, booster="dart", rate_drop=0.3, seed=1),
        lambda m: m.predict,
        1e-5,
        True,
    ),
    "lightgbm": (lightgbm.LGBMClassifier(n_estimators=8, verbose=-1, n_jobs=1), log_odds, 1e-8, True),
    "lightgbm regression": (
        lightgbm.LGBMRegressor(n_estimators=8, verbose=-1, n_jobs=1),
        lambda m: m.predict,
        1e-8,
        True,
    ),
}


@cache
def fitted(name: str, gaps: bool = False) -> Any:
    model = MODELS[name][0].__class__(**MODELS[name][0].get_params())
    with warnings.catch_warnings():
        # LightGBM names columns that had no names, and scikit-learn then misses them in every array.
        warnings.simplefilter("ignore")
        return model.fit(*data(gaps))


def answer(name: str, model: Any) -> Any:
    ask = MODELS[name][1](model)

    def one(matrix: Floats) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = np.asarray(ask(matrix), dtype=np.float64)
        return found[:, 1] if found.ndim == 2 else found

    return one


def explain(model: Any, rows: Floats, background: Floats | None = None, groups: Any = None, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = None if background is None else features(background)
        kind: Literal["tree_paths", "marginal"] = "tree_paths" if background is None else "marginal"
        return tree_shapley(model, features(rows), other, players_of(NAMES, groups), correlated=kind, **options)


@pytest.fixture(params=[0, 8], ids=["levels", "tables"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either way of walking the trees, whatever the number of rows."""
    monkeypatch.setattr(_tables, "_worth_it", lambda rows, background: request.param)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("groups", [None, {"both": ["f0", "f2"]}], ids=["single", "grouped"])
@pytest.mark.parametrize(
    ("name", "gaps"), [(name, gaps) for name, (*_, takes_gaps) in MODELS.items() for gaps in {False, takes_gaps}]
)
def test_marginal_values_equal_enumeration(name: str, gaps: bool, groups: Any) -> None:
    model, matrix = fitted(name, gaps), data(gaps)[0]
    found = explain(model, matrix[:4], matrix[20:32], groups)
    exact = enumerated_shapley(
        asked(answer(name, model)), features(matrix[:4]), features(matrix[20:32]), players_of(NAMES, groups)
    )
    np.testing.assert_allclose(found.values, exact.values, atol=MODELS[name][2])
    np.testing.assert_allclose(found.base, exact.base, atol=MODELS[name][2])
    assert np.abs(found.gaps).max() < MODELS[name][2]


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("read", [xgboost_forest, lightgbm_forest], ids=["xgboost", "lightgbm"])
def test_boosters_equal_enumeration_of_their_own_trees_in_double_precision(read: Any) -> None:
    name = read.__name__.partition("_")[0]
    model, matrix = fitted(name, gaps=True), data(gaps=True)[0]
    forest = read(model, 1)
    own = asked(lambda rows: forest.sums(forest.prepared(rows)))
    exact = enumerated_shapley(own, features(matrix[:4]), features(matrix[20:32]), players_of(NAMES))
    np.testing.assert_allclose(explain(model, matrix[:4], matrix[20:32]).values, exact.values, atol=1e-12)


def path_worth(tree: Any, value: Floats, row: Floats, held: frozenset[int], node: int = 0) -> float:
    """A tree's value when only some columns are known: elsewhere both ways, by the share of training rows."""
    if tree.children_left[node] < 0:
        return float(value[node])
    left, right = tree.children_left[node], tree.children_right[node]
    if tree.feature[node] in held:
        way = left if np.float32(row[tree.feature[node]]) <= tree.threshold[node] else right
        return path_worth(tree, value, row, held, way)
    weights = tree.weighted_n_node_samples
    both = (
        path_worth(tree, value, row, held, left) * weights[left]
        + path_worth(tree, value, row, held, right) * weights[right]
    )
    return float(both / weights[node])


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("depth", [1, 3, 9])
def test_path_values_equal_the_definition_on_the_game_of_paths(depth: int) -> None:
    matrix, label = data()
    model = DecisionTreeRegressor(max_depth=depth, random_state=0).fit(matrix, label + matrix[:, 3] ** 2)
    found, tree = explain(model, matrix[:3]), model.tree_
    for at in range(3):
        expected = by_definition(partial(path_worth, tree, tree.value[:, 0, 0], matrix[at]), 5)
        np.testing.assert_allclose(found.values[at], expected, atol=1e-8)
    assert found.correlated == "tree_paths"
    np.testing.assert_allclose(found.base, tree.value[0, 0, 0])


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("name", ["forest", "boosting", "histograms", "xgboost", "lightgbm"])
def test_path_values_equal_shap(name: str) -> None:
    shap = pytest.importorskip("shap")
    model, matrix = fitted(name), data()[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.asarray(
            shap.TreeExplainer(model, feature_perturbation="tree_path_dependent").shap_values(matrix[:20])
        )
    theirs = theirs[..., 1] if theirs.ndim == 3 else theirs
    np.testing.assert_allclose(explain(model, matrix[:20]).values, theirs, atol=2e-6 if name == "xgboost" else 1e-8)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("name", ["xgboost", "lightgbm"])
def test_categories_go_the_way_that_the_library_sends_them(name: str) -> None:
    rng = np.random.default_rng(2)
    matrix = np.column_stack([rng.integers(0, 12, 400), rng.normal(size=400)]).astype(float)
    label = (np.isin(matrix[:, 0], [1, 4, 7, 9]) ^ (matrix[:, 1] > 0)).astype(int)
    matrix[::17, 0] = np.nan
    if name == "xgboost":
        table = xgboost.DMatrix(matrix, label, feature_types=["c", "q"], enable_categorical=True)
        model: Any = xgboost.train({"max_depth": 4, "objective": "binary:logistic", "nthread": 1}, table, 8)
    else:
        held = lightgbm.Dataset(matrix, label, categorical_feature=[0], params={"verbose": -1})
        model = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1, "cat_l2": 0}, held, 8)
    rows = features(matrix[:40])
    found = tree_shapley(model, rows, features(matrix[100:130]), players_of(rows.names), correlated="marginal")
    assert found is not None
    assert np.abs(found.gaps).max() < 1e-5
    assert found.quantity == "log_odds"


@pytest.mark.parametrize("name", ["forest", "boosting", "xgboost", "lightgbm"])
def test_the_other_class_is_explained_when_it_is_the_positive_one(name: str) -> None:
    model, matrix = fitted(name), data()[0]
    one, other = explain(model, matrix[:3], positive="1"), explain(model, matrix[:3], positive="0")
    np.testing.assert_allclose(other.values, -one.values, atol=1e-6)
    assert np.abs(other.gaps).max() < 1e-5
    assert explain(model, matrix[:3], positive="yes") is None


def test_a_frame_s_columns_are_found_by_name() -> None:
    pandas = pytest.importorskip("pandas")
    matrix, label = data()
    model = RandomForestClassifier(5, random_state=0).fit(pandas.DataFrame(matrix, columns=list(NAMES)), label)
    rows = features(matrix[:3])
    turned = Features({name: rows.columns[name] for name in reversed(NAMES)})
    found = tree_shapley(model, turned, None, players_of(turned.names))
    assert found is not None
    np.testing.assert_allclose(found.values[:, ::-1], explain(model, matrix[:3]).values)


def test_one_row_and_many_rows_give_the_same() -> None:
    model, matrix = fitted("boosting"), np.tile(data()[0], (30, 1))
    whole = explain(model, matrix)
    # Few rows are walked by levels, many look up tables: the same but for rounding.
    np.testing.assert_allclose(whole.values[8_999], explain(model, matrix[8_999:]).values[0], rtol=0, atol=1e-14)


def test_a_constant_column_and_one_that_is_missing_throughout_get_nothing() -> None:
    matrix, label = data()
    matrix = matrix.copy()
    matrix[:, 3], matrix[:, 4] = 7.0, np.nan
    model = xgboost.XGBClassifier(n_estimators=5, n_jobs=1).fit(matrix, label)
    for background in (None, matrix[:9]):
        assert (explain(model, matrix[:5], background).values[:, 3:] == 0).all()


def test_a_model_that_learnt_nothing_adds_nothing() -> None:
    matrix = data()[0]
    flat = DecisionTreeRegressor().fit(matrix, np.full(300, 2.5))
    found = explain(flat, matrix[:3])
    assert (found.values == 0).all()
    assert found.base.tolist() == [2.5, 2.5, 2.5]


def test_early_stopping_is_followed() -> None:
    matrix, label = data()
    model = xgboost.XGBClassifier(n_estimators=200, early_stopping_rounds=2, n_jobs=1, max_depth=3)
    model.fit(matrix[:200], label[:200], eval_set=[(matrix[200:], label[200:])], verbose=False)
    assert np.abs(explain(model, matrix[:10]).gaps).max() < 1e-5


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(),
        RandomForestClassifier(3),
        GradientBoostingClassifier(n_estimators=3, loss="exponential"),
        GradientBoostingClassifier(n_estimators=3, init=DummyClassifier(strategy="uniform")),
        HistGradientBoostingRegressor(max_iter=3, loss="poisson"),
        HistGradientBoostingClassifier(max_iter=3, categorical_features=[0]),
        xgboost.XGBRegressor(n_estimators=3, objective="count:poisson", n_jobs=1),
        lightgbm.LGBMRegressor(n_estimators=3, objective="poisson", verbose=-1, n_jobs=1),
        lightgbm.LGBMRegressor(n_estimators=3, linear_tree=True, verbose=-1, n_jobs=1),
    ],
    ids=lambda model: type(model).__name__,
)
def test_what_cannot_be_read_is_left_to_sampling(model: Any) -> None:
    matrix, label = data()
    classes = label + (matrix[:, 4] > 1) if isinstance(model, RandomForestClassifier) else label
    matrix = np.abs(np.round(matrix))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix, classes)
    assert not opens(model)
    assert explain(model, matrix[:2]) is None


def test_texts_are_left_to_sampling() -> None:
    rows = Features({name: np.array(["a", "b"], dtype=object) for name in NAMES})
    assert tree_shapley(fitted("forest"), rows, None, players_of(NAMES)) is None


def test_marginal_values_need_a_background() -> None:
    with pytest.raises(InputError, match="no background rows"):
        tree_shapley(fitted("forest"), features(data()[0][:2]), None, players_of(NAMES), correlated="marginal")


def test_the_limits_say_how_far_single_precision_is_away() -> None:
    found = explain(fitted("xgboost"), data()[0][:20])
    assert [limit.key.rpartition(".")[2] for limit in found.limits] == ["rounding"]
    assert not explain(fitted("boosting"), data()[0][:20]).limits
