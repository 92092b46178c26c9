from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import skops.io
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hakari.errors import InputError
from hakari.inputs import Columns, Data, ModelSpec, add_predictions, digest_file, load_model, model_subject, open_data
from hakari.inputs.models import adding

FEATURES = ("年収", "age")
COLUMNS = Columns(label="y", prediction="p", score="s")


class HomeMade(LogisticRegression):  # type: ignore[misc] # scikit-learn ships no types
    """A type that skops does not know."""


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    rng = np.random.default_rng(5)
    income, age = rng.normal(size=200), rng.normal(size=200)
    return {"年収": income, "age": age, "y": (income - age + rng.normal(size=200) > 0).astype(int)}


@pytest.fixture(scope="module")
def fitted(table: dict[str, Any]) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(
        pd.DataFrame({name: table[name] for name in FEATURES}), table["y"]
    )


@pytest.fixture
def data(table: dict[str, Any], tmp_path: Path) -> Data:
    pl.DataFrame(table).write_csv(tmp_path / "t.csv")
    return open_data("t.csv", role="data.test", base=tmp_path)


def spec(adapter: Any, **options: Any) -> ModelSpec:
    return ModelSpec(adapter=adapter, features=FEATURES, **options)


def scores(fitted: Any, table: dict[str, Any]) -> Any:
    return fitted.predict_proba(pd.DataFrame({name: table[name] for name in FEATURES}))[:, 1]


def key_of(action: Any) -> str:
    with pytest.raises(InputError) as caught:
        action()
    message: Any = caught.value.message
    assert "\n" not in str(caught.value)
    return str(message.key)


def test_skops_gives_the_scores_of_the_estimator(
    fitted: Any, table: dict[str, Any], data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skops.io.dump(fitted, tmp_path / "m.skops")
    monkeypatch.setattr(adding, "CHUNK", 64)
    seen: list[tuple[int, int]] = []
    found = add_predictions(
        data,
        spec("skops", path="m.skops", threshold=0.7),
        COLUMNS,
        tmp_path,
        progress=lambda done, total: seen.append((done, total)),
    )
    expected = scores(fitted, table)
    np.testing.assert_allclose(found.read(["s"])["s"], expected, rtol=1e-12)
    np.testing.assert_array_equal(found.read(["p"])["p"], (expected >= 0.7).astype(int))
    assert found.columns == ("年収", "age", "y", "p", "s")
    assert found.subject == data.subject
    assert seen == [(64, 200), (128, 200), (192, 200), (200, 200)]


@pytest.mark.parametrize("zipmap", [True, False])
def test_onnx_gives_the_scores_of_the_estimator(
    fitted: Any, table: dict[str, Any], data: Data, tmp_path: Path, zipmap: bool
) -> None:
    graph = to_onnx(fitted, initial_types=[("x", FloatTensorType([None, 2]))], options={id(fitted): {"zipmap": zipmap}})
    (tmp_path / "m.onnx").write_bytes(graph.SerializeToString())
    found = add_predictions(data, spec("onnx", path="m.onnx"), COLUMNS, tmp_path)
    np.testing.assert_allclose(found.read(["s"])["s"], scores(fitted, table), atol=1e-6)


@pytest.mark.parametrize(
    ("returned", "columns"),
    [
        ("x['age'] * 0 + 0.5", {"p": [1] * 200, "s": [0.5] * 200}),
        ("(x['age'] > 9).astype(int)", {"p": [0] * 200}),
        (
            "__import__('numpy').column_stack([x['age'] * 0 + 0.8, x['age'] * 0 + 0.2])",
            {"p": [0] * 200, "s": [0.2] * 200},
        ),
        ("{'score': x['age'] * 0 + 1}", {"p": [1] * 200, "s": [1.0] * 200}),
        ("{'prediction': ['1'] * len(x['age'])}", {"p": ["1"] * 200}),
    ],
)
def test_a_function_of_the_repository_is_asked(
    data: Data, tmp_path: Path, returned: str, columns: dict[str, list[Any]]
) -> None:
    name = f"judge_{abs(hash(returned))}"
    (tmp_path / f"{name}.py").write_text(f"def predict(x):\n    return {returned}\n")
    before = list(sys.path)
    found = add_predictions(data, spec("python", call=f"{name}:predict"), COLUMNS, tmp_path)
    assert {column: found.read([column])[column].tolist() for column in found.columns[3:]} == columns
    assert sys.path == before


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("return x['age'][:-1]", "inputs.model.length"),
        ("return {'nothing': 1}", "inputs.model.output"),
        ("return [[1, 2, 3]] * len(x['age'])", "inputs.model.shape"),
        ("raise KeyError('two\\nlines')", "inputs.model.failed"),
    ],
)
def test_a_function_that_misbehaves_is_one_message(data: Data, tmp_path: Path, body: str, key: str) -> None:
    name = f"bad_{abs(hash(body))}"
    (tmp_path / f"{name}.py").write_text(f"def predict(x):\n    {body}\n")
    assert key_of(lambda: add_predictions(data, spec("python", call=f"{name}:predict"), COLUMNS, tmp_path)) == key


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"adapter": "skops", "path": "m.pkl"}, "inputs.model.pickle"),
        ({"adapter": "onnx", "path": "m.joblib"}, "inputs.model.pickle"),
        ({"adapter": "onnx", "path": "../m.onnx"}, "inputs.path.outside"),
        ({"adapter": "onnx", "path": "absent.onnx"}, "inputs.path.absent"),
        ({"adapter": "onnx"}, "inputs.model.no_path"),
        ({"adapter": "onnx", "path": "broken"}, "inputs.model.unreadable"),
        ({"adapter": "skops", "path": "broken"}, "inputs.model.unreadable"),
        ({"adapter": "python", "call": "os"}, "inputs.model.call"),
        ({"adapter": "python", "call": "os:sep"}, "inputs.model.call"),
        ({"adapter": "python", "call": "no.such.module:f"}, "inputs.model.import"),
        ({"adapter": "python", "call": "os:absent"}, "inputs.model.import"),
    ],
)
def test_an_unusable_model_is_one_message(tmp_path: Path, given: dict[str, Any], key: str) -> None:
    (tmp_path / "broken").write_bytes(b"not a model")
    assert key_of(lambda: load_model(ModelSpec(features=FEATURES, **given), tmp_path)) == key


def test_types_that_nobody_trusts_are_named(table: dict[str, Any], data: Data, tmp_path: Path) -> None:
    model = HomeMade().fit(np.column_stack([table[name] for name in FEATURES]), table["y"])
    skops.io.dump(model, tmp_path / "m.skops")
    with pytest.raises(InputError, match="HomeMade"):
        load_model(spec("skops", path="m.skops"), tmp_path)
    untrusted = tuple(skops.io.get_untrusted_types(file=tmp_path / "m.skops"))
    trusted = spec("skops", path="m.skops", trusted=untrusted)
    assert add_predictions(data, trusted, COLUMNS, tmp_path).columns[-2:] == ("p", "s")


@pytest.mark.parametrize("positive", ["good", "bad"])
def test_predictions_are_written_in_the_words_of_the_label(
    table: dict[str, Any], tmp_path: Path, positive: str
) -> None:
    words = np.where(table["y"] == 1, "good", "bad")
    frame = pd.DataFrame({name: table[name] for name in FEATURES})
    model = LogisticRegression().fit(frame, words)
    skops.io.dump(model, tmp_path / "m.skops")
    data = open_data(frame.assign(y=words), role="data.test")
    columns = Columns(label="y", positive=positive)
    found = add_predictions(data, spec("skops", path="m.skops"), columns, tmp_path)
    assert found.read(["prediction"])["prediction"].tolist() == model.predict(frame).tolist()
    position = list(model.classes_).index(positive)
    np.testing.assert_allclose(found.read(["score"])["score"], model.predict_proba(frame)[:, position])


def test_existing_columns_are_not_overwritten(data: Data, tmp_path: Path) -> None:
    assert (
        key_of(lambda: add_predictions(data, spec("onnx"), Columns(prediction="y"), tmp_path)) == "inputs.model.taken"
    )


def test_unknown_and_absent_features_are_named(data: Data, tmp_path: Path) -> None:
    assert key_of(lambda: add_predictions(data, ModelSpec(adapter="onnx"), COLUMNS)) == "inputs.model.no_features"
    unknown = ModelSpec(adapter="onnx", features=("ag",))
    assert key_of(lambda: add_predictions(data, unknown, COLUMNS)) == "inputs.column.unknown"


def test_a_model_is_a_subject_by_its_bytes(fitted: Any, tmp_path: Path) -> None:
    skops.io.dump(fitted, tmp_path / "m.skops")
    (tmp_path / "subject_of.py").write_text("def f(x):\n    return x\n")
    file = model_subject(spec("skops", path="m.skops"), tmp_path)
    assert (file.kind, file.digest) == ("file", digest_file(tmp_path / "m.skops"))
    module = model_subject(spec("python", call="subject_of:f"), tmp_path)
    assert (module.digest, module.details["covers"]) == (digest_file(tmp_path / "subject_of.py"), "module")


@pytest.mark.parametrize("kind", ["pandas", "polars lazy", "parquet"])
def test_columns_are_added_to_any_table(table: dict[str, Any], tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame({**table, "g": [None, "a"] * 100})
    frame.write_parquet(tmp_path / "t.parquet")
    source = {"pandas": frame.to_pandas().iloc[::-1], "polars lazy": frame.lazy(), "parquet": tmp_path / "t.parquet"}
    data = open_data(source[kind], role="x")
    found = data.extended({"row": np.arange(200), "word": np.array(["x", None] * 100, dtype=object)})
    assert found.read(["row"])["row"].tolist() == list(range(200))
    assert found.read(["word"])["word"].tolist() == ["x", None] * 100
    assert found.read(["g"])["g"].tolist() == data.read(["g"])["g"].tolist()
    assert found.read(["y"])["y"].tolist() == data.read(["y"])["y"].tolist()
