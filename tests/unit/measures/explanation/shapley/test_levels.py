"""Deep trees, whose paths have more players than a table holds."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Literal

import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.ensemble import ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

from hakari.measures.explanation import players_of
from hakari.measures.explanation.shapley import _tables, enumerated_shapley, tree_shapley
from hakari.measures.explanation.shapley._forests.boosters import lightgbm_forest
from hakari.measures.explanation.shapley._levels import background as by_background
from hakari.measures.explanation.shapley._levels import level as levels
from hakari.measures.explanation.shapley._levels.joined import joined
from tests.unit.measures.explanation.shapley.games import Floats, asked, by_definition, features

COLUMNS = 11
GROUPS = {"pair": ["f0", "f4"], "three": ["f1", "f2", "f9"]}


@cache
def data(gaps: bool = False) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(4)
    matrix = np.round(rng.normal(size=(400, COLUMNS)), 2)
    target = matrix[:, :5].prod(axis=1) + matrix.sum(axis=1)
    return (np.where(rng.random(matrix.shape) < 0.1, np.nan, matrix) if gaps else matrix), target


def labelled(model: Any) -> Any:
    return model.fit(data(gaps=True)[0], data()[1] > 0)


MODELS: dict[str, Callable[[], Any]] = {
    "small forest": lambda: RandomForestRegressor(2, random_state=0).fit(data()[0][:60], data()[1][:60]),
    "tree": lambda: DecisionTreeRegressor(random_state=0).fit(*data()),
    "forest": lambda: RandomForestRegressor(4, random_state=0).fit(*data()),
    "extra trees": lambda: ExtraTreesRegressor(3, random_state=0).fit(*data()),
    "forest with gaps": lambda: labelled(RandomForestClassifier(4, random_state=0)),
    "xgboost with gaps": lambda: labelled(
        xgboost.XGBClassifier(n_estimators=3, max_depth=14, min_child_weight=0, reg_lambda=0.1, n_jobs=1)
    ),
    "lightgbm with gaps": lambda: labelled(
        lightgbm.LGBMClassifier(n_estimators=3, num_leaves=120, min_child_samples=1, zero_as_missing=True, verbose=-1)
    ),
}


def output(name: str, model: Any) -> Callable[[Floats], Any]:
    """What the trees add up."""
    if name.startswith("lightgbm"):
        return lambda rows: model.booster_.predict(rows, raw_score=True)
    if name.startswith("xgboost"):
        return lambda rows: model.predict(rows, output_margin=True).astype(np.float64)
    if hasattr(model, "classes_"):
        return lambda rows: model.predict_proba(rows)[:, 1]
    return lambda rows: model.predict(rows)


def explain(model: Any, rows: Floats, background: Floats | None = None, groups: Any = None) -> Any:
    table = features(rows)
    kind: Literal["tree_paths", "marginal"] = "tree_paths" if background is None else "marginal"
    other = None if background is None else features(background)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = tree_shapley(model, table, other, players_of(table.names, groups), correlated=kind)
    assert found is not None
    return found


def forbid_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every tree down level by level, however few players it has."""
    monkeypatch.setattr(_tables, "_worth_it", lambda rows, background: 0)


@pytest.mark.parametrize("groups", [None, GROUPS], ids=["single", "grouped"])
@pytest.mark.parametrize("name", MODELS)
def test_marginal_values_equal_enumeration(name: str, groups: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_tables(monkeypatch)
    model, matrix = MODELS[name](), data("gaps" in name)[0]
    found = explain(model, matrix[:2], matrix[50:60], groups)
    table = features(matrix)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exact = enumerated_shapley(
            asked(output(name, model)),
            table.take([0, 1]),
            table.take(slice(50, 60)),
            players_of(table.names, groups),
        )
    exactness = 1e-5 if name.startswith("xgboost") else 1e-8
    np.testing.assert_allclose(found.values, exact.values, atol=exactness)
    np.testing.assert_allclose(found.base, exact.base, atol=exactness)


def path_worth(tree: Any, row: Floats, held: frozenset[int], node: int = 0) -> float:
    """A tree's value when only some columns are known: elsewhere both ways, by the share of training rows."""
    if tree.children_left[node] < 0:
        return float(tree.value[node, 0, 0])
    left, right = tree.children_left[node], tree.children_right[node]
    if tree.feature[node] in held:
        way = left if np.float32(row[tree.feature[node]]) <= tree.threshold[node] else right
        return path_worth(tree, row, held, way)
    weights = tree.weighted_n_node_samples
    both = path_worth(tree, row, held, left) * weights[left] + path_worth(tree, row, held, right) * weights[right]
    return float(both / weights[node])


def of_columns(worth: Callable[[frozenset[int]], float], names: tuple[str, ...], groups: Any) -> Callable[..., float]:
    """The game of groups of columns."""
    members = [[names.index(column) for column in columns] for columns in players_of(names, groups).values()]
    return cache(lambda held: worth(frozenset(column for player in held for column in members[player])))


@pytest.mark.parametrize("groups", [None, GROUPS], ids=["single", "grouped"])
def test_path_values_equal_the_definition(groups: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_tables(monkeypatch)
    matrix, target = data()
    # Fewer rows, so that the definition, which asks each coalition of the tree, stays quick.
    model = DecisionTreeRegressor(random_state=0).fit(matrix[:120], target[:120])
    found = explain(model, matrix[:2], None, groups)
    names = features(matrix).names
    for at in range(2):
        worth = of_columns(partial(path_worth, model.tree_, matrix[at]), tuple(names), groups)
        np.testing.assert_allclose(found.values[at], by_definition(worth, len(found.players)), atol=1e-8)
    np.testing.assert_allclose(found.base, model.tree_.value[0, 0, 0])
    np.testing.assert_allclose(found.gaps, 0, atol=1e-8)


@pytest.mark.parametrize("name", ["forest", "extra trees", "forest with gaps", "xgboost with gaps"])
def test_path_values_equal_shap(name: str) -> None:
    shap = pytest.importorskip("shap")
    model, matrix = MODELS[name](), data("gaps" in name)[0]
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    theirs = np.asarray(explainer.shap_values(matrix[:30]))
    theirs = theirs[..., 1] if theirs.ndim == 3 else theirs
    exactness = 2e-6 if name.startswith("xgboost") else 1e-8
    np.testing.assert_allclose(explain(model, matrix[:30]).values, theirs, atol=exactness)


@pytest.mark.parametrize("with_background", [False, True], ids=["paths", "background"])
@pytest.mark.parametrize("name", ["forest with gaps", "lightgbm with gaps"])
def test_levels_and_tables_give_the_same(name: str, with_background: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    model, matrix = MODELS[name](), data(gaps=True)[0]
    groups = {f"g{at}": [f"f{at}", f"f{at + 1}"] for at in range(0, 10, 2)}
    background = matrix[100:112] if with_background else None
    monkeypatch.setattr(_tables, "_worth_it", lambda rows, background: 8)
    by_tables = explain(model, matrix[:15], background, groups)
    forbid_tables(monkeypatch)
    by_levels = explain(model, matrix[:15], background, groups)
    np.testing.assert_allclose(by_levels.values, by_tables.values, atol=1e-12)
    np.testing.assert_allclose(by_levels.base, by_tables.base, atol=1e-12)


@pytest.mark.parametrize("size", [1, 700, 10_000_000])
@pytest.mark.parametrize("with_background", [False, True], ids=["paths", "background"])
def test_one_row_and_many_give_the_same_however_levels_are_cut(
    size: int, with_background: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, matrix = MODELS["small forest"](), data()[0]
    background = matrix[:30] if with_background else None
    monkeypatch.setattr(levels, "SIZE", size)
    many = explain(model, matrix[:40], background)
    monkeypatch.setattr(_tables, "_ROWS", 7)
    np.testing.assert_allclose(explain(model, matrix[:40], background).values, many.values, atol=1e-12)
    np.testing.assert_allclose(explain(model, matrix[31:32], background).values[0], many.values[31], atol=1e-12)


def test_background_rows_are_averaged_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    model, matrix = MODELS["forest"](), data()[0]
    whole = explain(model, matrix[:5], matrix[100:390])
    monkeypatch.setattr(by_background, "AT_ONCE", 33)
    np.testing.assert_allclose(explain(model, matrix[:5], matrix[100:390]).values, whole.values, atol=1e-12)


def test_paths_with_more_than_64_players_are_explained() -> None:
    # Whoever has a 0 is done; so the last leaf asks every column.
    rng = np.random.default_rng(0)
    matrix = np.vstack([1.0 - np.eye(70), np.ones((30, 70))])
    model = DecisionTreeRegressor(random_state=0).fit(matrix, [*rng.normal(size=70), *([9.0] * 30)])
    assert model.get_depth() > 64
    for background in (None, matrix[::7]):
        found = explain(model, matrix[:3], background)
        np.testing.assert_allclose(found.gaps, 0, atol=1e-8)


def test_the_sum_of_joined_trees_is_the_forest_s_own() -> None:
    model, matrix = MODELS["lightgbm with gaps"](), data(gaps=True)[0]
    forest = lightgbm_forest(model, 1)
    assert forest is not None
    columns = forest.prepared(matrix)
    together = joined(forest, forest.trees, range(COLUMNS)).sums(columns)
    np.testing.assert_allclose(together + forest.offset, forest.sums(columns), atol=1e-12)
