"""The files of XGBoost and LightGBM as models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost

from hakari.errors import InputError
from hakari.inputs import ModelSpec, load_model
from hakari.inputs.models import booster_files
from hakari.measures.explanation.shapley import opens

FEATURES = ("income", "age")
RNG = np.random.default_rng(3)
MATRIX = RNG.normal(size=(200, 2))
LABEL = (MATRIX[:, 0] > MATRIX[:, 1]).astype(int)
COLUMNS = {"income": MATRIX[:, 0], "age": MATRIX[:, 1]}


def trained(kind: str, objective: str | None = None, label: Any = LABEL, names: Any = FEATURES) -> Any:
    if kind == "xgboost":
        table = xgboost.DMatrix(MATRIX, label, feature_names=None if names is None else list(names))
        options = {"objective": objective or "binary:logistic", "max_depth": 3, "nthread": 1}
        return xgboost.train({**options, **({"num_class": 3} if "multi" in str(objective) else {})}, table, 5)
    held = lightgbm.Dataset(
        MATRIX, label, feature_name="auto" if names is None else list(names), params={"verbose": -1}
    )
    return lightgbm.train({"objective": objective or "binary", "verbose": -1, "num_threads": 1}, held, 5)


def scores(kind: str, model: Any) -> Any:
    return model.inplace_predict(MATRIX) if kind == "xgboost" else model.predict(MATRIX)


def saved(kind: str, folder: Path, suffix: str = "", **options: Any) -> tuple[ModelSpec, Any]:
    model = trained(kind, **options)
    path = folder / f"model{suffix or ('.json' if kind == 'xgboost' else '.txt')}"
    model.save_model(path)
    adapter: Any = kind
    return ModelSpec(adapter=adapter, path=path.name, features=FEATURES), model


@pytest.mark.parametrize(("kind", "suffix"), [("xgboost", ".json"), ("xgboost", ".ubj"), ("lightgbm", ".txt")])
def test_a_file_gives_the_scores_of_its_model(kind: str, suffix: str, tmp_path: Path) -> None:
    spec, model = saved(kind, tmp_path, suffix)
    loaded: Any = load_model(spec, tmp_path)
    found = loaded.predict(COLUMNS, positive="1")
    np.testing.assert_allclose(found.score, scores(kind, model), atol=1e-6)
    assert found.label is None
    assert opens(loaded.native)


def score_of(spec: ModelSpec, folder: Path, *, positive: str = "1") -> Any:
    found = load_model(spec, folder).predict(COLUMNS, positive=positive)
    assert found.score is not None
    return found.score


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_columns_are_found_by_name_and_else_by_their_place(kind: str, tmp_path: Path) -> None:
    spec, model = saved(kind, tmp_path)
    turned = ModelSpec(adapter=spec.adapter, path=spec.path, features=("age", "income"))
    np.testing.assert_allclose(score_of(turned, tmp_path), scores(kind, model), atol=1e-6)
    spec, model = saved(kind, tmp_path, names=None)
    np.testing.assert_allclose(score_of(spec, tmp_path), scores(kind, model), atol=1e-6)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_the_positive_class_0_has_the_other_score(kind: str, tmp_path: Path) -> None:
    spec, model = saved(kind, tmp_path)
    np.testing.assert_allclose(score_of(spec, tmp_path, positive="0"), 1 - scores(kind, model), atol=1e-6)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_missing_values_are_the_library_s_own_affair(kind: str, tmp_path: Path) -> None:
    spec, _ = saved(kind, tmp_path)
    found = load_model(spec, tmp_path).predict({"income": np.array([np.nan]), "age": np.array([1.0])}, positive="1")
    assert found.score is not None
    assert 0 < found.score[0] < 1


@pytest.mark.parametrize(("kind", "objective"), [("xgboost", "multi:softprob"), ("lightgbm", "multiclass")])
def test_three_classes_are_refused(kind: str, objective: str, tmp_path: Path) -> None:
    label = LABEL + (MATRIX[:, 0] > 1)
    if kind == "lightgbm":
        held = lightgbm.Dataset(MATRIX, label, feature_name=list(FEATURES), params={"verbose": -1})
        model: Any = lightgbm.train({"objective": objective, "num_class": 3, "verbose": -1, "num_threads": 1}, held, 3)
    else:
        model = trained(kind, objective, label)
    model.save_model(tmp_path / "m.json")
    adapter: Any = kind
    spec = ModelSpec(adapter=adapter, path="m.json", features=FEATURES)
    with pytest.raises(InputError, match="shape"):
        load_model(spec, tmp_path).predict(COLUMNS, positive="1")


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"{}", b'{"learner": {}}', b"tree\nversion=v4\n", b"[1]"])
def test_another_file_is_one_clear_line(kind: Any, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_model(ModelSpec(adapter=kind, path="m.json", features=FEATURES), tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_a_cut_file_is_one_clear_line(kind: Any, tmp_path: Path) -> None:
    spec, _ = saved(kind, tmp_path)
    path = tmp_path / str(spec.path)
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(InputError):
        load_model(spec, tmp_path)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_another_number_of_features_is_refused(kind: Any, tmp_path: Path) -> None:
    spec, _ = saved(kind, tmp_path)
    with pytest.raises(InputError, match="income"):
        load_model(ModelSpec(adapter=kind, path=spec.path, features=("income",)), tmp_path)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_texts_are_refused(kind: str, tmp_path: Path) -> None:
    spec, _ = saved(kind, tmp_path)
    words = {"income": np.array(["high"], dtype=object), "age": np.array([1.0])}
    with pytest.raises(InputError, match="high"):
        load_model(spec, tmp_path).predict(words, positive="1")


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, _ = saved("xgboost", tmp_path)
    monkeypatch.setattr(booster_files, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="at most 10 are read"):
        load_model(spec, tmp_path)


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_a_missing_package_names_the_command_that_installs_it(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, _ = saved(kind, tmp_path)
    monkeypatch.setitem(sys.modules, kind, None)
    with pytest.raises(InputError, match="pip install"):
        load_model(spec, tmp_path)
