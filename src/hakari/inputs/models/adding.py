"""Adding: the predictions of a model as columns of a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.evidence.subject import Subject
from hakari.inputs.columns import Columns
from hakari.inputs.confinement import confine
from hakari.inputs.content import digest_path
from hakari.inputs.data import Data
from hakari.inputs.models.spec import Model, ModelSpec
from hakari.inputs.values import class_text
from hakari.messages import say

__all__ = ["add_predictions", "load_model", "model_subject"]

CHUNK = 10_000
"""Rows that a model is given at once."""

_PICKLES = (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".pt", ".pth")


def load_model(spec: ModelSpec, base: Path | None = None) -> Model:
    """Return the model of `spec`. Pickles are refused: loading one runs whatever code is in it.

    Raises:
        InputError: no file, a pickle, untrusted types, a missing package, or nothing to import.
    """
    if spec.adapter == "python":
        from hakari.inputs.models.python import PythonModel

        return PythonModel(spec, base or Path.cwd())
    path = _file(spec, base)
    if spec.adapter == "onnx":
        from hakari.inputs.models.onnx import OnnxModel

        return OnnxModel(path, spec)
    if spec.adapter == "xgboost":
        from hakari.inputs.models.xgboost import XgboostModel

        return XgboostModel(path, spec)
    if spec.adapter == "lightgbm":
        from hakari.inputs.models.lightgbm import LightgbmModel

        return LightgbmModel(path, spec)
    from hakari.inputs.models.skops import SkopsModel

    return SkopsModel(path, spec)


def model_subject(spec: ModelSpec, base: Path | None = None, *, role: str = "model") -> Subject:
    """Return the model as a subject of evidence: the bytes of its file, or of the module that holds the function.

    A module's digest says nothing about what the module imports; `details["covers"]` says so.
    """
    if spec.adapter != "python":
        path = _file(spec, base)
        details = {"adapter": spec.adapter, "bytes": path.stat().st_size, "threshold": spec.threshold}
        return Subject(role=role, kind="file", name=spec.path or "", digest=digest_path(path), details=details)
    from hakari.inputs.models.python import import_function

    function = import_function(spec.call or "", base or Path.cwd())
    source = Path(function.__code__.co_filename)
    covers: dict[str, Any] = {"adapter": "python", "covers": "module", "threshold": spec.threshold}
    return Subject(role=role, kind="file", name=spec.call or "", digest=digest_path(source), details=covers)


def add_predictions(
    data: Data,
    spec: ModelSpec,
    columns: Columns,
    base: Path | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Data:
    """Return `data` with the columns `columns.prediction` (else `prediction`) and `columns.score` (else `score`).

    The score column is only there if the model gives scores; then the prediction is score ≥ `spec.threshold`.
    `progress` is called with the rows done and all rows.

    Raises:
        InputError: unknown features, a column of that name already, or a model that does not give one value per row.
    """
    if not spec.features:
        raise InputError(say("inputs.model.no_features"))
    data.require(spec.features)
    prediction, score = columns.prediction or "prediction", columns.score or "score"
    taken = [name for name in (prediction, score) if name in data.columns]
    if taken:
        raise InputError(say("inputs.model.taken", columns=taken, source=data.name))
    model = load_model(spec, base)
    features = data.read(spec.features)
    parts = []
    for start in range(0, data.rows, CHUNK):
        stop = min(start + CHUNK, data.rows)
        chunk = {name: values[start:stop] for name, values in features.items()}
        parts.append(model.predict(chunk, positive=columns.positive))
        if progress is not None:
            progress(stop, data.rows)
    scores = [part.score for part in parts if part.score is not None]
    if scores:
        values = np.concatenate(scores)
        chosen = np.where(values >= spec.threshold, 1, 0)
        return data.extended({prediction: _written(chosen, data, columns), score: values})
    return data.extended({prediction: np.concatenate([part.label for part in parts if part.label is not None])})


def _written(chosen: npt.NDArray[Any], data: Data, columns: Columns) -> npt.NDArray[Any]:
    """Predictions in the words that the label uses, so that both name the same two classes."""
    if class_text(columns.positive) == "1" and columns.negative is None:
        return chosen
    negative = columns.negative
    if negative is None and columns.label is not None:
        others = {str(value) for value, _ in data.count_cells([columns.label])}
        others = {value for value in others if class_text(value) != class_text(columns.positive)}
        negative = others.pop() if len(others) == 1 else None
    result = np.empty(len(chosen), dtype=object)
    result[:] = [columns.positive if one else negative or "0" for one in chosen.tolist()]
    return result


def _file(spec: ModelSpec, base: Path | None) -> Path:
    if not spec.path:
        raise InputError(say("inputs.model.no_path", adapter=spec.adapter))
    if Path(spec.path).suffix.lower() in _PICKLES:
        raise InputError(say("inputs.model.pickle", path=spec.path))
    return confine(spec.path, base)
