"""Parameter randomisation on models of five libraries, with an exact explainer and one that is deaf to the model."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Asked, Attributions, Features, ask
from hakari.measures.explanation.truth import Trial, randomisation_similarity, randomised_model
from tests.unit.measures.explanation.truth.explainers import exact_explainer
from tests.unit.measures.explanation.truth.known import asked, attributions, features, linear

ROWS, BACKGROUND = features(30, seed=1), features(10, seed=2)
DATA = features(300, seed=3).matrix()
TARGET = (DATA @ np.array([3.0, -2.0, 1.0, 0.5, 0.0]) > 0).astype(int)

MODELS: dict[str, Any] = {
    "linear": LogisticRegression(),
    "regression": Ridge(),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "forest": RandomForestClassifier(5, max_depth=4, random_state=0),
    "boosting": GradientBoostingClassifier(n_estimators=5, random_state=0),
    "histograms": HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=5, random_state=0),
    "layers": MLPClassifier((4,), solver="lbfgs", max_iter=5_000, random_state=0),
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()),
    "search": GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=2),
    "votes": VotingClassifier([("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=3))], voting="soft"),
    "calibrated": CalibratedClassifierCV(LogisticRegression(), cv=2),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_copy_forgets_and_the_model_stays_as_it_is(name: str) -> None:
    model = copy.deepcopy(MODELS[name]).fit(DATA, TARGET)
    before = model.predict(DATA).copy()
    scores = model.predict_proba(DATA)[:, 1] if hasattr(model, "predict_proba") else before
    other = randomised_model(model, np.random.default_rng(1))
    assert other is not None
    changed = other.predict_proba(DATA)[:, 1] if hasattr(other, "predict_proba") else other.predict(DATA)
    assert np.abs(changed - scores).max() > 0.01
    assert np.isfinite(changed).all()
    assert (model.predict(DATA) == before).all()


def test_boosters_of_other_libraries_forget_too() -> None:
    xgboost, lightgbm = pytest.importorskip("xgboost"), pytest.importorskip("lightgbm")
    for model in (
        xgboost.XGBClassifier(n_estimators=5, max_depth=3, n_jobs=1),
        lightgbm.LGBMClassifier(n_estimators=5, num_leaves=6, verbose=-1, n_jobs=1),
    ):
        model.fit(DATA, TARGET)
        before = model.predict_proba(DATA)[:, 1]
        other = randomised_model(model, np.random.default_rng(1))
        assert other is not None
        assert np.abs(other.predict_proba(DATA)[:, 1] - before).max() > 0.01
        assert (model.predict_proba(DATA)[:, 1] == before).all()


def test_the_leaves_of_a_tree_keep_their_values_in_another_order() -> None:
    model = DecisionTreeClassifier(max_depth=3, random_state=0).fit(DATA, TARGET)
    other = randomised_model(model, np.random.default_rng(2))
    assert other is not None
    leaves = model.tree_.children_left == -1
    values = [np.sort(each.tree_.value[leaves][:, 0, 0]) for each in (model, other)]
    assert (values[0] == values[1]).all()
    assert (model.tree_.threshold == other.tree_.threshold).all()


def test_neighbours_support_vectors_and_functions_cannot_be_opened() -> None:
    assert randomised_model(KNeighborsClassifier().fit(DATA, TARGET), np.random.default_rng(0)) is None
    assert randomised_model(SVC(kernel="linear").fit(DATA, TARGET), np.random.default_rng(0)) is None
    assert randomised_model(linear, np.random.default_rng(0)) is None
    trial = tried(asked(linear), exact_explainer(BACKGROUND)(asked(linear), ROWS, np.random.default_rng(0)))
    assert isinstance(trial.estimates[0].value, Unmeasured)


def tried(model: Asked, found: Attributions, **asking: Any) -> Trial:
    asking.setdefault("explain", exact_explainer(BACKGROUND))
    return randomisation_similarity(model, ROWS, found, np.random.default_rng(4), **asking)


def opened() -> Asked:
    return ask(LogisticRegression().fit(DATA, TARGET), names=ROWS.names)


def test_exact_values_change_with_the_model() -> None:
    model = opened()
    trial = tried(model, exact_explainer(BACKGROUND)(model, ROWS, np.random.default_rng(0)), models=6)
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    assert interval.high < 0.7
    assert trial.cost.model_rows == 6 * 30 * 10 * 2**5


def test_an_explanation_that_is_deaf_to_the_model_is_seen() -> None:
    def deaf(model: Asked, rows: Features, rng: np.random.Generator) -> Attributions:
        return attributions(rows, rows.matrix())

    trial = tried(opened(), deaf(opened(), ROWS, np.random.default_rng(0)), explain=deaf)
    assert trial.estimates[0].value == 1
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    # Exact although all rows are alike: a share of 1 − .025^(1/30) of all rows may be at 0.
    assert interval.low == pytest.approx(0.025 ** (1 / 30))


def test_three_players_agree_by_chance_and_are_not_measured() -> None:
    rows = features(30, columns=3)
    model = ask(LogisticRegression().fit(DATA[:, :3], TARGET), names=rows.names)
    found = attributions(rows, rows.matrix())
    trial = randomisation_similarity(
        model, rows, found, np.random.default_rng(0), explain=exact_explainer(rows.take([0, 1]))
    )
    assert isinstance(trial.estimates[0].value, Unmeasured)


def test_no_copies_are_refused() -> None:
    with pytest.raises(InputError):
        tried(opened(), attributions(ROWS, ROWS.matrix()), models=0)
